"""What the letters that remind customers of papers that end are printed from (C15.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from chemsales.queries.filtering import Sort
from chemsales.queries.licence_lists import PaperRow, due_within, papers
from chemsales.queries.licence_states import begins
from chemsales.queries.policy import load_edition, load_editions
from chemsales.queries.reading import query
from chemsales.queries.record_states import state_hash, states
from chemsales.queries.settings import value
from chemsales.reports.content import Footer
from chemsales.reports.renewal_letter import PaperLine, RenewalLetter
from chemsales.rules.check_codes import PaperKind, check_code
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
    number = number_on(first.code, day)
    return RenewalLetter(
        company,
        number,
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
        _footer(first.customer_id, number, day, edition),
    )


def number_on(code: str, day: date) -> str:
    """The number of the letter that a customer gets on a day: "C00007-20260706"."""
    return f"{code}-{day:%Y%m%d}"


def _footer(customer_id: int, number: str, day: date, edition: int) -> Footer:
    """The proof of a letter: what was on record of the customer when it was made."""
    held = [state for state in states(customer_id) if state.day <= day][-1]
    hashed = state_hash(held, number)
    code = check_code(PaperKind.RENEWAL_LETTER, number, hashed, edition, held.event)
    return Footer(hashed, held.event, edition, "C15.1 C15.2", code)


def load_told(today: date, customer_id: int = 0) -> dict[int, list[tuple[date, date]]]:
    """The days by which each customer can have been reminded of a paper, first and last, one pair
    for each paper; with a customer of that one alone (inside queries).

    They begin with the widest band of any edition and go on until a paper of the same kind that
    ends later counts, which may have been accepted after that day's letter. A paper that nobody
    was told of for another reason is among them.
    """
    wide = timedelta(days=max(each.policy.licence_bands[0] for each in load_editions()))
    told: dict[int, list[tuple[date, date]]] = defaultdict(list)
    of_one = "AND l.customer_id = ?" if customer_id else ""
    for owner, valid_to, followed in rows(
        f"SELECT l.customer_id, l.valid_to, (SELECT min({begins('o')}) FROM licence o "
        "WHERE o.customer_id = l.customer_id AND o.kind = l.kind AND o.accepted_on IS NOT NULL "
        "AND coalesce(o.valid_to, '9999-12-31') > l.valid_to) "
        f"FROM licence l WHERE l.valid_to IS NOT NULL {of_one}",
        (customer_id,) if customer_id else (),
    ):
        last = min(date.fromisoformat(followed or today.isoformat()), today)
        told[owner].append((date.fromisoformat(valid_to) - wide, last))
    return told
