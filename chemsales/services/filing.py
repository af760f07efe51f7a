"""Filing customers with the parent sales department, and what its inspections find (C8.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from chemsales.exchange.filing import digest, export
from chemsales.queries.dispatch import load_files
from chemsales.queries.disqualification import disqualified_on
from chemsales.queries.filing import close_reasons, load_responsible, receipt_reasons
from chemsales.queries.policy import load_edition
from chemsales.queries.settings import value
from chemsales.rules.dispatch import RECEIPT_LIMIT, receipt_day_reason
from chemsales.rules.errors import Invalid, NotAllowed, Param, Problem, Reason
from chemsales.rules.filing import (
    CLOSING_LIMIT,
    FINDING_LIMIT,
    INSPECTOR_LIMIT,
    SCOPE_LIMIT,
    Batch,
    Filed,
    InspectionDraft,
    in_order,
    inspection_problems,
)
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line
from chemsales.services.changes import Subject
from chemsales.services.numbering import next_number
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import rows
from chemsales.storage.models.filing import Filing, FilingCustomer, Finding, Inspection

BATCH = 200  # rows that are written at once


@use_case(Action.FILING_MAKE)
def make(op: Operation, customers: Sequence[int]) -> int:
    """File customers, as their files stand, in a numbered batch; its key (C8.3).

    What is filed is kept with the batch, with the digest of its export. Invalid for none, NotFound
    for an unknown one. NotAllowed for one that is disqualified: its last filing stays, and that
    nothing is dealt with it any more is reported as an item of dispatch (C4.7, C17.1).
    """
    keys = sorted(set(customers))
    if not keys:
        raise Invalid(Problem("customers", Reason("reason.field_required", {}, "C8.3")))
    files = {key: Filed(*told) for key, told in load_files(keys).items()}
    cancelled = tuple(_cancelled(files, op.today))
    if cancelled:
        raise NotAllowed(*cancelled)
    year, edition = op.today.year, load_edition(op.today).number
    batch = Batch(
        f"BA{year}-{next_number(f'filing-{year}'):04d}",
        value("company"),
        op.today.isoformat(),
        op.actor.name,
        edition,
        in_order(files.values()),
    )
    filing = int(
        Filing.insert(
            number=batch.number,
            company=batch.company,
            made_by=op.actor.login,
            made_name=op.actor.name,
            made_at=op.now,
            made_on=op.today,
            edition=edition,
            customers=len(files),
            sha256=digest(export(batch)),
        ).execute()
    )
    lines = [
        {"filing": filing, "customer": key, "version": filed.version, "file": filed.file}
        for key, filed in files.items()
    ]
    for at in range(0, len(lines), BATCH):
        FilingCustomer.insert_many(lines[at : at + BATCH]).execute()
    op.record(Subject.FILING, batch.number, "C8.3", edition, customers=len(files))
    return filing


def _cancelled(files: Mapping[int, Filed], today: date) -> Iterator[Reason]:
    """Each of these customers whose qualification is cancelled."""
    stopped = disqualified_on(today)
    for key in files.keys() & stopped.keys():
        params: dict[str, Param] = {"code": files[key].file["code"], **stopped[key].params}
        yield Reason("reason.filing_disqualified", params, "C17.1")


@use_case(Action.FILING_MAKE)
def receive(op: Operation, key: int, day: date, receipt: str) -> None:
    """Record on which day the parent department confirmed a filing, in its words (C8.3).

    NotAllowed where that is recorded, Invalid for a day before the filing or to come.
    """
    reasons = receipt_reasons(key)
    if reasons:
        raise NotAllowed(*reasons)
    words = clean_line(receipt, "receipt", RECEIPT_LIMIT)
    ((number, made_on),) = rows("SELECT number, made_on FROM filing WHERE id = ?", (key,))
    wrong = receipt_day_reason(day, date.fromisoformat(made_on), op.today, "C8.3")
    if wrong:
        raise Invalid(Problem("day", wrong))
    Filing.update(received_on=day, receipt=words, received_by=op.actor.login).where(
        Filing.id == key
    ).execute()
    op.record(Subject.FILING, number, "C8.3", received=day.isoformat())


@use_case(Action.INSPECTION_RECORD)
def record_inspection(op: Operation, draft: InspectionDraft) -> int:
    """Record an inspection by the parent department with all that it found; its key (C8.3).

    Invalid with the problems of `rules.filing.inspection_problems`, for one responsible who is
    nobody of sales, an unknown customer or filing.
    """
    problems = (*inspection_problems(draft, op.today), *_unknown(draft))
    if problems:
        raise Invalid(*problems)
    key = int(
        Inspection.insert(
            held_on=draft.held_on,
            inspector=clean_line(draft.inspector, "inspector", INSPECTOR_LIMIT),
            scope=clean_line(draft.scope, "scope", SCOPE_LIMIT),
            filing=draft.filing_id,
            findings=len(draft.findings),
            recorded_by=op.actor.login,
            recorded_at=op.now,
        ).execute()
    )
    for number, each in enumerate(draft.findings):
        Finding.insert(
            inspection=key,
            customer=each.customer_id,
            words=clean_line(each.words, f"findings:{number}:words", FINDING_LIMIT),
            due_on=each.due_on,
            responsible=each.responsible,
        ).execute()
    op.record(Subject.FILING, f"inspection {key}", "C8.3", findings=len(draft.findings))
    return key


def _unknown(draft: InspectionDraft) -> Iterator[Problem]:
    """Whom and what an inspection names that is not there."""
    batch = draft.filing_id
    if batch is not None and not rows("SELECT 1 FROM filing WHERE id = ?", (batch,)):
        yield Problem("filing_id", Reason("reason.filing_unknown", {"id": batch}, "C8.3"))
    people = dict(load_responsible())
    for number, each in enumerate(draft.findings):
        place, customer = f"findings:{number}", each.customer_id
        if each.responsible and each.responsible not in people:
            said: dict[str, Param] = {"login": each.responsible}
            yield Problem(f"{place}:responsible", Reason("reason.person_unknown", said))
        if customer is not None and not rows("SELECT 1 FROM customer WHERE id = ?", (customer,)):
            reason = Reason("reason.customer_unknown", {"customer": customer})
            yield Problem(f"{place}:customer_id", reason)


@use_case(Action.FINDING_CLOSE)
def close_finding(op: Operation, key: int, closing: str) -> None:
    """Close a finding today, with what was done (C8.3).

    By the person responsible or the sales head: NotAllowed with the reasons of
    `queries.filing.close_blockers`.
    """
    reasons = close_reasons(op.actor, key)
    if reasons:
        raise NotAllowed(*reasons)
    Finding.update(
        closed_on=op.today,
        closed_by=op.actor.login,
        closing=clean_line(closing, "closing", CLOSING_LIMIT),
    ).where(Finding.id == key).execute()
    op.record(Subject.FILING, f"finding {key}", "C8.3")
