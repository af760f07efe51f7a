"""The columns of lists that show a name: found in every spelling, and by its letters in pinyin."""

from __future__ import annotations

from functools import partial

from chemsales.queries.listing import Field
from chemsales.queries.searching import by_name, spelt


def customer_name(table: str) -> Field:
    """The name of a customer, sorted by its stored key (syllables, then the name)."""
    spelt_so = partial(spelt, "customer", f"{table}.id")
    within = by_name("customer", f"{table}.id")
    return Field(f"{table}.name", sort=f"{table}.sort_key", spelt=spelt_so, within=within)


def product_name(line: str, product: str) -> Field:
    """The product of a line, by its code and its names; sorted by its code."""
    code = f"{line}.product_code"
    return Field(f"{code} || ' ' || {product}.name || ' ' || {product}.name_en", sort=code)


def application_name(table: str) -> Field:
    """The name in an application."""
    spelt_so = partial(spelt, "application", f"{table}.id")
    within = by_name("application", f"{table}.id")
    return Field(f"{table}.name", sort=f"{table}.sort_key", spelt=spelt_so, within=within)


def person_name(login: str) -> Field:
    """The name of the person `p` of this login, or the login where nobody is known by it."""
    return Field(f"coalesce(p.name, {login})", sort=f"coalesce(p.sort_key, {login})")
