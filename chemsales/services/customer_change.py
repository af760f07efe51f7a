"""Changing the file of a customer: at once, or once finance has accepted it (C8.1, C5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date

from chemsales.pinyin import sort_key
from chemsales.queries.customer_change import (
    Stored,
    change_reasons,
    load_change,
    load_problems,
    load_waiting,
    reviewed,
    verdict_blockers,
)
from chemsales.queries.in_force import InForce, load_file
from chemsales.queries.policy import load_edition
from chemsales.rules.approval import CUSTOMER_CHANGE, Outcome, Verdict
from chemsales.rules.customer import Contact, normalise_facts
from chemsales.rules.customer_change import (
    GUARDED,
    OPEN,
    REASON_LIMIT,
    FileChange,
    changed_facts,
    contact_change,
    differences,
)
from chemsales.rules.dispatch import What
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, Problem, Reason
from chemsales.rules.history import FieldChange
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line, clean_text, file_label
from chemsales.services.approval import (
    check_seen,
    decide_case,
    lock_case,
    open_case,
    record_verdict,
)
from chemsales.services.changes import Subject
from chemsales.services.dispatch import report
from chemsales.services.documents import keep_scan
from chemsales.services.operation import Operation, use_case
from chemsales.services.search import renew_words
from chemsales.storage.database import locking, rows
from chemsales.storage.models.customer_change import CustomerChange
from chemsales.storage.models.customers import Customer, CustomerContact

Scan = tuple[str, bytes]  # the name of a file and its bytes
PAPER = Problem("scan", Reason("reason.change_paper_required", {}, "C8.1"))


@use_case(Action.CUSTOMER_CHANGE)
def change(
    op: Operation,
    customer_id: int,
    seen_version: int,
    wanted: FileChange,
    scan: Scan | None = None,
) -> int | None:
    """Change the file of a customer; the key of what waits for finance, None where nothing does.

    By its account manager or the sales head. Addresses, phone, contacts and the like are in force
    at once; name, codes, legal person, bank and account are put up to finance with the paper that
    shows them, and what was in force stays so until then (C8.1). NotAllowed with the reasons of
    `queries.customer_change.change_blockers` and while another such change waits, Invalid with one
    problem per field, Conflict for a stale version.
    """
    rows(f"SELECT id FROM customer WHERE id = ?{locking()}", (customer_id,))
    file = load_file(customer_id)
    reasons = change_reasons(op.actor, file)
    if reasons:
        raise NotAllowed(*reasons)
    if file.version != seen_version:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": file.code}))
    ready = _storable(op, file, wanted, paper=scan is not None)
    after = ready.facts
    waits, at_once = differences(file.facts, after), differences(file.facts, after, OPEN)
    if waits and load_waiting(customer_id) is not None:
        raise NotAllowed(Reason("reason.change_waits", {}, "C8.1"))
    _write(op, file, ready, at_once)
    key = _put_up(op, file, ready, scan) if waits and scan else None
    op.record(
        Subject.CUSTOMER, customer_id, "C8.1", load_edition(op.today).number,
        reason=ready.reason, changed_on=str(ready.changed_on),
        fields=[each.field for each in at_once], waits=[each.field for each in waits],
    )  # fmt: skip
    return key


def _storable(op: Operation, file: InForce, wanted: FileChange, paper: bool) -> FileChange:
    """The change as it is stored, with or without a paper; Invalid where it cannot be."""
    typed = replace(wanted, facts=normalise_facts(wanted.facts))
    found = [each for each in load_problems(file, typed, op.today) if not each.warning]
    after = changed_facts(file.facts, typed.facts)
    if differences(file.facts, after) and not paper:
        found.append(PAPER)
    if found:
        raise Invalid(*found)
    return replace(
        typed,
        facts=after,
        contacts=tuple(_clean(each) for each in typed.contacts),
        reason=clean_text(typed.reason, "reason", REASON_LIMIT),
        holder=clean_line(typed.holder, "holder", 200, required=False),
    )


def _clean(contact: Contact) -> Contact:
    """A contact as it is stored: no stray blanks."""
    name, title, phone, email = (
        " ".join(text.split())
        for text in (contact.name, contact.title, contact.phone, contact.email)
    )
    return Contact(contact.kind, name, title, phone, email)


def _write(op: Operation, file: InForce, ready: FileChange, at_once: Sequence[FieldChange]) -> None:
    """What counts at once, and is reported (C4.7); the version counts up whatever changes."""
    changes = {each.field: each.after for each in at_once}
    Customer.update(version=file.version + 1, **changes).where(
        Customer.id == file.customer_id
    ).execute()
    if ready.contacts != file.contacts:
        CustomerContact.update(void=True).where(
            (CustomerContact.customer == file.customer_id) & (CustomerContact.void == False)  # noqa: E712
        ).execute()
        for contact in ready.contacts:
            CustomerContact.insert(customer=file.customer_id, **asdict(contact)).execute()
    renew_words("customer", file.customer_id)
    told = (*at_once, *contact_change(file.contacts, ready.contacts))
    report(op, file.customer_id, What.CHANGE, told)


def _asked(ready: FileChange) -> dict[str, object]:
    """What a change asks for, as columns."""
    asked = {name: getattr(ready.facts, name) for name in GUARDED}
    return {
        **asked,
        "reason": ready.reason,
        "changed_on": ready.changed_on,
        "holder": ready.holder,
    }


def _put_up(op: Operation, file: InForce, ready: FileChange, scan: Scan) -> int:
    """Put up to finance what only counts once it is accepted."""
    name, data = scan
    key = int(
        CustomerChange.insert(
            customer=file.customer_id,
            **_asked(ready),
            sha256=keep_scan(op, data),
            label=file_label(name),
            proposed_by=op.actor.login,
            proposed_at=op.now,
        ).execute()
    )
    case_id = open_case(
        op, CUSTOMER_CHANGE, Subject.CUSTOMER_CHANGE, key, op.actor.login, reviewed(key),
        load_edition(op.today).number,
    )  # fmt: skip
    CustomerChange.update(case=case_id).where(CustomerChange.id == key).execute()
    op.changed(Subject.CUSTOMER_CHANGE)
    return key


@use_case(Action.CUSTOMER_CHANGE)
def correct(
    op: Operation, key: int, seen_version: int, wanted: FileChange, scan: Scan | None = None
) -> None:
    """Correct a change that finance returned and put it up again, with another paper where one is
    given; what counts at once is no part of it.

    Invalid as for `change`, NotAllowed with the reasons of `queries.customer_change.blockers`,
    Conflict for a stale version.
    """
    stored = _seen(op, key, seen_version, Verdict.SUBMIT)
    file = load_file(stored.customer_id)
    asked = {name: getattr(wanted.facts, name) for name in GUARDED}
    only = replace(wanted, facts=replace(file.facts, **asked), contacts=file.contacts)
    ready = _storable(op, file, only, paper=True)  # the one that came with it, at least
    paper = {"sha256": keep_scan(op, scan[1]), "label": file_label(scan[0])} if scan else {}
    CustomerChange.update(**_asked(ready), **paper).where(CustomerChange.id == key).execute()
    decide_case(op, stored.case.id, seen_version, Verdict.SUBMIT, "", reviewed(key))
    op.record(Subject.CUSTOMER_CHANGE, key, "C8.1", load_edition(op.today).number)


@use_case(Action.CUSTOMER_CHANGE)
def withdraw(op: Operation, key: int, seen_version: int) -> Outcome:
    """Take a change back that finance has not decided; how its case then stands."""
    return _decide(op, key, seen_version, Verdict.WITHDRAW, "")


@use_case(Action.CUSTOMER_CHANGE_DECIDE)
def decide(
    op: Operation, key: int, seen_version: int, verdict: Verdict, comment: str = ""
) -> Outcome:
    """Accept, return or reject a change as finance; how its case then stands (C8.1).

    What is accepted is in force in the same transaction. Conflict where another person was faster,
    NotAllowed with the reasons of `queries.customer_change.blockers`.
    """
    return _decide(op, key, seen_version, verdict, comment)


@use_case(Action.CUSTOMER_CHANGE_DECIDE)
def undo(op: Operation, key: int, seen_version: int) -> Outcome:
    """Take back the own return until who asked for the change acts; how its case then stands.

    What finance accepted is in force and stands: NotAllowed, with the reasons of
    `queries.customer_change.blockers`.
    """
    return _decide(op, key, seen_version, Verdict.UNDO, "")


def _seen(op: Operation, key: int, seen_version: int, verdict: Verdict) -> Stored:
    """A change that this person may give this verdict on, as it was seen."""
    lock_case(Subject.CUSTOMER_CHANGE, key)
    stored = load_change(key)
    check_seen(stored.case, seen_version)
    reasons = verdict_blockers(op.actor, stored, verdict)
    if reasons:
        raise NotAllowed(*reasons)
    return stored


def _decide(op: Operation, key: int, seen_version: int, verdict: Verdict, comment: str) -> Outcome:
    stored = _seen(op, key, seen_version, verdict)
    case = decide_case(op, stored.case.id, seen_version, verdict, comment)
    if case.outcome is Outcome.APPROVED:
        _put_in_force(op, stored, op.today)
    record_verdict(
        op, Subject.CUSTOMER_CHANGE, key, stored.case, case, stored.case.edition,
        customer=stored.customer_id, reason=stored.reason,
    )  # fmt: skip
    return case.outcome


def _put_in_force(op: Operation, stored: Stored, today: date) -> None:
    """From now on the file says what was accepted."""
    CustomerChange.update(decided_on=today).where(CustomerChange.id == stored.id).execute()
    asked = {name: getattr(stored.after, name) for name in GUARDED}
    file = load_file(stored.customer_id)
    override = changed_facts(file.facts, replace(file.facts, **asked)).code_override
    Customer.update(
        **asked,
        code_override=override,
        sort_key=sort_key(stored.after.name),
        version=Customer.version + 1,
    ).where(Customer.id == stored.customer_id).execute()
    renew_words("customer", stored.customer_id)
    report(op, stored.customer_id, What.CHANGE, stored.differences)
    op.changed(Subject.CUSTOMER)
