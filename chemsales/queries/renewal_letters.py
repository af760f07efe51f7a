"""What the letters that remind customers of papers that end are printed from (C15.1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from itertools import groupby

from chemsales.queries.filtering import Sort
from chemsales.queries.licence_lists import PaperRow, due_within, papers
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.queries.settings import value
from chemsales.reports.content import Footer
from chemsales.reports.renewal_letter import PaperLine, RenewalLetter
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows


@query(Action.REPORT_PRINT)
def renewal_letters(
    actor: Actor, day: date, customers: Collection[int]
) -> tuple[RenewalLetter, ...]:
    """A letter to each of these customers that has papers which end within the wider band or have
    ended, in the order of their names."""
    company, edition = value("company"), load_edition(day).number
    asked = replace(due_within(), sorts=(Sort("name"), Sort("code"), Sort("to")))
    wanted = frozenset(customers)
    due = [row for row in papers(actor, day, asked) if row.customer_id in wanted]
    # where a customer does business, else where it is registered
    addresses = dict(rows("SELECT id, coalesce(nullif(business_address, ''), registered_address) "
                          "FROM customer"))  # fmt: skip
    return tuple(
        _letter(list(held), company, addresses[key], day, edition)
        for key, held in groupby(due, key=lambda row: row.customer_id)
    )


def _letter(
    held: list[PaperRow], company: str, address: str, day: date, edition: int
) -> RenewalLetter:
    first = held[0]
    return RenewalLetter(
        company,
        first.code,
        first.name,
        address,
        first.manager_name,
        day.isoformat(),
        tuple(
            PaperLine(row.kind, row.number, row.valid_to.isoformat(), row.days_left or 0, row.proof)
            for row in held
            if row.valid_to is not None
        ),
        Footer(edition=edition, citation="C15.1 C15.2"),
    )
