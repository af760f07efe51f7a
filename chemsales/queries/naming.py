"""The columns of lists that show a name: found by its letters in pinyin too."""

from __future__ import annotations

from functools import partial

from chemsales.queries.listing import Field
from chemsales.queries.searching import spelt


def customer_name(table: str) -> Field:
    """The name of a customer, sorted by its stored key (syllables, then the name)."""
    spelt_so = partial(spelt, "customer", f"{table}.id")
    return Field(f"{table}.name", sort=f"{table}.sort_key", spelt=spelt_so)


def application_name(table: str) -> Field:
    """The name in an application."""
    return Field(f"{table}.name", spelt=partial(spelt, "application", f"{table}.id"))
