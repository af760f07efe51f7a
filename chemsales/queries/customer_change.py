"""Changes of a customer's file: one with its case, why it may not be made or signed, and what the
program finds about it (C8.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from chemsales.queries.approval import (
    DecisionRow,
    StoredCase,
    case_blockers,
    load_decisions,
    load_stored,
    verdict_actions,
)
from chemsales.queries.calendar import load_calendar
from chemsales.queries.checks import (
    CheckResult,
    CheckRow,
    account_own,
    code_passes,
    holder_check,
    holder_unknown,
    severity,
    tax_checks,
    worst_first,
)
from chemsales.queries.disqualification import load_reasons
from chemsales.queries.documents import load_scan
from chemsales.queries.duplicates import duplicates
from chemsales.queries.in_force import InForce, load_file
from chemsales.queries.people import signing_reasons
from chemsales.queries.person_names import not_yours
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import (
    CustomerFacts,
    DocumentKind,
    Draft,
)
from chemsales.rules.customer_change import (
    GUARDED,
    FileChange,
    change_problems,
    changed_facts,
    differences,
    lateness,
)
from chemsales.rules.errors import NotFound, Problem, Reason
from chemsales.rules.history import FieldChange
from chemsales.rules.identifiers import CodeKind, check
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

ACTIONS = verdict_actions(Action.CUSTOMER_CHANGE, Action.CUSTOMER_CHANGE_DECIDE)


@dataclass(frozen=True, slots=True)
class Stored:
    """A change that waits for finance, or was decided; `before` is what was in force when it was
    put up, `after` what was asked for, both with the guarded facts alone; `decided_on` is the day
    from which it counts."""

    id: int
    customer_id: int
    customer_code: str
    customer_name: str
    before: CustomerFacts
    after: CustomerFacts
    reason: str
    changed_on: date
    holder: str
    sha256: str
    label: str
    proposed_by: str
    proposed_at: datetime
    decided_on: date | None
    case: StoredCase

    @property
    def differences(self) -> tuple[FieldChange, ...]:
        """What it changes."""
        return differences(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Detail:
    """A change with its signatures and what the program finds about it now."""

    stored: Stored
    proposed_name: str
    decisions: tuple[DecisionRow, ...]
    checks: tuple[CheckRow, ...]


def load_change(key: int) -> Stored:
    """A change with its case (inside services and queries); NotFound."""
    found = rows(
        f"SELECT d.customer_id, u.code, d.reason, d.changed_on, d.holder, d.sha256, d.label, "
        f"d.proposed_by, d.proposed_at, d.decided_on, d.case_id, c.snapshot, "
        f"{', '.join(f'd.{column}' for column in GUARDED)} FROM customer_change d "
        "JOIN customer u ON u.id = d.customer_id JOIN approval_case c ON c.id = d.case_id "
        "WHERE d.id = ?",
        (key,),
    )
    if not found:
        raise NotFound(Reason("reason.change_unknown", {"id": key}, "C8.1"))
    (customer_id, code, reason, changed, holder, sha256, label, by, at, decided, case_id,
     snapshot, *asked) = found[0]  # fmt: skip
    before = CustomerFacts(**json.loads(snapshot)["before"])
    return Stored(
        key,
        customer_id,
        code,
        before.name,
        before,
        replace(before, **dict(zip(GUARDED, asked, strict=True))),
        reason,
        date.fromisoformat(changed),
        holder,
        sha256,
        label,
        by,
        instant_of(at),
        date.fromisoformat(decided) if decided else None,
        load_stored(case_id),
    )


def reviewed(key: int) -> dict[str, object]:
    """What finance reviews of a change, as its row has it, beside what is in force."""
    columns = ("customer_id", *GUARDED, "reason", "changed_on", "holder", "sha256", "label")
    ((customer_id, *rest),) = rows(
        f"SELECT {', '.join(columns)} FROM customer_change WHERE id = ?", (key,)
    )
    (now,) = rows(f"SELECT {', '.join(GUARDED)} FROM customer WHERE id = ?", (customer_id,))
    return {
        **dict(zip(columns, (customer_id, *rest), strict=True)),
        "before": dict(zip(GUARDED, now, strict=True)),
    }


@query()
def customer_change(actor: Actor, key: int) -> Detail:
    """A change with its signatures and checks; NotFound."""
    stored = load_change(key)
    names = dict(rows("SELECT login, name FROM person WHERE login = ?", (stored.proposed_by,)))
    return Detail(
        stored,
        names.get(stored.proposed_by, stored.proposed_by),
        tuple(load_decisions(stored.case.id)),
        load_checks(stored),
    )


@query()
def in_force(actor: Actor, customer_id: int) -> InForce:
    """The file of a customer as it counts now; NotFound."""
    return load_file(customer_id)


@query()
def waiting(actor: Actor, customer_id: int) -> Detail | None:
    """The change of a customer's file that waits for finance, or came back; None where none is."""
    key = load_waiting(customer_id)
    return None if key is None else customer_change(actor, key)


def load_waiting(customer_id: int) -> int | None:
    """The key of the change that waits, inside services and queries."""
    found = rows(
        "SELECT d.id FROM customer_change d JOIN approval_case c ON c.id = d.case_id "
        "WHERE d.customer_id = ? AND c.outcome IN ('open', 'returned')",
        (customer_id,),
    )
    return int(found[0][0]) if found else None


@query()
def scan(actor: Actor, key: int) -> tuple[str, bytes]:
    """The type and the bytes of the paper of a change; NotFound, DataError where altered."""
    return load_scan("customer_change", key)


def load_checks(stored: Stored) -> tuple[CheckRow, ...]:
    """What the program finds about what is asked for, as it does of an application (C5.1, C7.1)."""
    after, moved = stored.after, {each.field for each in stored.differences}
    found = duplicates(Draft(after, contacts=()), customer_id=stored.customer_id)
    rows_ = [CheckRow(severity(each), each.reason) for each in found]
    if not found:
        none = Reason("reason.check_no_duplicate", {}, "C7.1")
        rows_.append(CheckRow(CheckResult.PASSED, none))
    if "account" in moved and not any(each.place == "account" for each in found):
        rows_.append(account_own(after.account))
    rows_ += _codes(after)
    rows_ += tax_checks(after)
    if stored.holder:
        rows_.append(holder_check(DocumentKind.ACCOUNT_PERMIT, stored.holder, after.name))
    elif moved & {"name", "account"}:
        rows_.append(holder_unknown(DocumentKind.ACCOUNT_PERMIT))
    return worst_first(rows_)


def _codes(facts: CustomerFacts) -> Iterator[CheckRow]:
    for kind in CodeKind:
        code = getattr(facts, kind)
        if not code:
            continue
        checked = check(kind, code)
        if checked.reason is None:
            yield code_passes(kind, code)
        else:  # one that was accepted with the application: another is refused when put up
            yield CheckRow(CheckResult.LOOK, checked.reason, DocumentKind.BUSINESS_LICENCE)
        for warning in checked.warnings:
            yield CheckRow(CheckResult.LOOK, warning, DocumentKind.BUSINESS_LICENCE)


@query()
def warnings(actor: Actor, customer_id: int, change: FileChange, today: date) -> tuple[Reason, ...]:
    """What is strange about a change as it is typed: whom its facts repeat, and that it comes
    late (C8.1)."""
    found = load_problems(load_file(customer_id), change, today)
    told = [each.reason for each in found if each.warning]
    if change.changed_on is not None:
        allowed = load_edition(today).policy.change_days
        told += lateness(change.changed_on, today, allowed, load_calendar())
    return tuple(told)


def load_problems(file: InForce, change: FileChange, today: date) -> tuple[Problem, ...]:
    """What is wrong with a change, and as warnings whom its facts repeat (inside services and
    queries)."""
    after = changed_facts(file.facts, change.facts)
    found = change_problems(file.facts, file.contacts, change, today)
    twins = duplicates(Draft(after, contacts=change.contacts), customer_id=file.customer_id)
    return (*found, *twins)


@query()
def change_blockers(actor: Actor, customer_id: int) -> tuple[Reason, ...]:
    """Why this person may not change the file of a customer; empty for its account manager and the
    sales head."""
    return change_reasons(actor, load_file(customer_id))


def change_reasons(actor: Actor, file: InForce) -> tuple[Reason, ...]:
    """The reasons of `change_blockers`, with which the service refuses."""
    forbidden = roles.blockers(actor, Action.CUSTOMER_CHANGE) or signing_reasons(actor.login)
    if forbidden:
        return forbidden
    if another := not_yours(actor, file.manager, "C5.1"):
        return another
    return load_reasons(file.customer_id, date.max)


@query()
def blockers(actor: Actor, key: int, verdict: Verdict) -> tuple[Reason, ...]:
    """Why this person may not give this verdict on a change now; empty when it may be given."""
    return verdict_blockers(actor, load_change(key), verdict)


def verdict_blockers(actor: Actor, stored: Stored, verdict: Verdict) -> tuple[Reason, ...]:
    """The reasons of `blockers`, with which the services refuse: as those of every case, and
    approving where a code is another customer's by now."""
    found = case_blockers(actor, ACTIONS[verdict], verdict, stored.case)
    if found or verdict is not Verdict.APPROVE:
        return found
    twins = duplicates(Draft(stored.after, contacts=()), customer_id=stored.customer_id)
    taken = (each.reason for each in twins if not each.warning)
    return (*taken, *load_reasons(stored.customer_id, date.max))


def problems() -> Iterator[Problem]:
    """Changes that count without having been accepted, or do not though they were (C8.1)."""
    for (key,) in rows(
        "SELECT d.id FROM customer_change d LEFT JOIN approval_case c ON c.id = d.case_id "
        "AND c.chain = 'customer_change' AND c.subject_id = d.id "
        "WHERE c.id IS NULL OR (d.decided_on IS NOT NULL) <> (c.outcome = 'approved') ORDER BY d.id"
    ):
        yield Problem(f"customer_change {key}", Reason("reason.change_unfounded", {}, "C8.1"))
