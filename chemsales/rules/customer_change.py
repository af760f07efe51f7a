"""Changing the file of a customer: what counts at once, and what waits for finance (C8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.customer import (
    Contact,
    CustomerFacts,
    contact_problems,
    fact_problems,
    normalise_facts,
)
from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.history import FieldChange
from chemsales.rules.text import said_problem

# whom an invoice names and who pays it: finance looks at these before they count
GUARDED = (
    "name", "profile", "uscc", "licence15", "org9", "national_tax_no", "local_tax_no",
    "legal_person", "bank", "account",
)  # fmt: skip
CODES = ("uscc", "licence15", "org9")
ELSEWHERE = ("mnemonic", "code_override")  # which have doors of their own
OPEN = tuple(item.name for item in fields(CustomerFacts) if item.name not in (*GUARDED, *ELSEWHERE))
# what an invoice says of the buyer (C5.1)
INVOICE = (
    "name", "uscc", "licence15", "national_tax_no", "registered_address", "bank", "account",
    "invoice_address", "invoice_phone", "taxpayer_kind", "invoice_type",
)  # fmt: skip
REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a file is to say from now on: all facts and contacts, why, and since when it is so.

    `holder` is the name in which the account stands, as the paper says; "" where none is shown.
    """

    facts: CustomerFacts
    contacts: tuple[Contact, ...] = ()
    reason: str = ""
    changed_on: date | None = None
    holder: str = ""


def differences(
    before: CustomerFacts, after: CustomerFacts, names: tuple[str, ...] = GUARDED
) -> tuple[FieldChange, ...]:
    """What differs between two states of a file, in the order of its fields."""
    return tuple(
        FieldChange(item.name, getattr(before, item.name), getattr(after, item.name))
        for item in fields(CustomerFacts)
        if item.name in names and getattr(before, item.name) != getattr(after, item.name)
    )


def contact_change(before: Sequence[Contact], after: Sequence[Contact]) -> tuple[FieldChange, ...]:
    """The contacts as one change, each in a line; nothing where they are the same. That one is for
    something else now changes them too: what each is for stands with the contact."""
    if tuple(before) == tuple(after):
        return ()
    return (FieldChange("contacts", _lines(before), _lines(after)),)


def _lines(contacts: Sequence[Contact]) -> str:
    return "\n".join(
        " ".join(filter(None, (each.name, each.title, each.phone, each.email))) for each in contacts
    )


def changed_facts(before: CustomerFacts, typed: CustomerFacts) -> CustomerFacts:
    """The facts after a change as they are stored, out of what was typed: blanks in an account or
    a code do not count. What has a door of its own stays; that a failing check digit was accepted
    holds for the codes it was accepted for."""
    typed = normalise_facts(typed)
    kept = {name: getattr(before, name) for name in ELSEWHERE}
    if differences(before, typed, CODES):
        kept["code_override"] = ""
    return replace(typed, **kept)


def change_problems(
    before: CustomerFacts, contacts: tuple[Contact, ...], change: FileChange, today: date
) -> tuple[Problem, ...]:
    """What is missing or wrong in a change, by field; `before` and `contacts` are in force.

    A file is held against C7.1 as an application is, but for what stays as it is.
    """
    after = changed_facts(before, change.facts)
    moved = {each.field for each in differences(before, after, (*GUARDED, *OPEN))}
    found = [
        problem
        for problem in fact_problems(after)
        if not problem.warning and (problem.place in moved or "profile" in moved)
    ]
    found += contact_problems(change.contacts)
    if not moved and change.contacts == contacts:
        found.append(Problem("reason", Reason("reason.change_nothing", {}, "C8.1")))
    elif reason := said_problem(change.reason, REASON_LIMIT, "C8.1"):
        found.append(Problem("reason", reason))
    if change.changed_on is None:
        found.append(Problem("changed_on", Reason("reason.field_required", {}, "C8.1")))
    elif change.changed_on > today:
        day: dict[str, Param] = {"day": today.isoformat()}
        found.append(Problem("changed_on", Reason("reason.day_to_come", day, "C8.1")))
    return tuple(found)


def lateness(
    changed_on: date, today: date, allowed: int, calendar: WorkCalendar
) -> tuple[Reason, ...]:
    """That a change comes later than the working days that are allowed for it; it is only told
    (C8.1)."""
    taken = calendar.working_days(changed_on + timedelta(days=1), today)
    if taken <= allowed:
        return ()
    return (Reason("reason.change_late", {"days": taken, "allowed": allowed}, "C8.1"),)
