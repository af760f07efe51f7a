"""Importing pick-ups and plans as one batch that stands or is undone as a whole (A.X 3, A.X 23)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from threading import Event

from chemsales.exchange.model import Cancelled, DraftRow, Preview
from chemsales.queries import offtake as queries
from chemsales.queries.licences import plan_problems
from chemsales.rules.errors import Conflict, DataError, Invalid, NotAllowed, Problem, Reason
from chemsales.rules.offtake import BatchKind, PickupKind
from chemsales.rules.periods import month_of
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_text, file_label
from chemsales.services.changes import Subject
from chemsales.services.numbering import next_number
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import insert_rows
from chemsales.storage.models.offtake import ImportBatch

REASON_LIMIT = 500
_CHUNK = 5_000  # rows between two looks at the cancel button
_TABLES = {
    BatchKind.PICKUPS: (
        "pickup",
        ("batch_id", "customer_id", "product_code", "day", "month", "kg", "kind", "note_no",
         "warehouse"),
    ),
    BatchKind.PLANS: (
        "plan_line", ("batch_id", "customer_id", "product_code", "month", "kg", "short_kg"),
    ),
}  # fmt: skip


def lock_months() -> int:
    """Let no other desk import, undo, close, reopen, evaluate, or change a class or the rules of a
    month until this transaction has ended.

    What a closing or an evaluation rests on, and which months are closed, must not change in
    between.
    Returns the new state of the months (queries.offtake.months_state).
    """
    return next_number(queries.MONTHS_SERIES)


@use_case(Action.OFFTAKE_IMPORT)
def import_batch(
    op: Operation,
    preview: Preview,
    only_good: bool = False,
    cancel: Event | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the rows of a preview as one batch: all of them, or with `only_good` the good ones.

    What may have changed since the file was read is checked again, and the months and days of the
    rows in any case, and for plans who is suspended (NotAllowed, C15.2). Invalid with every
    problem where rows are bad and `only_good` is not said; Conflict where the same file, one of
    its note numbers or plan lines, or a closing came first. Setting `cancel` writes nothing.
    Returns the batch's id.
    """
    if preview.kind is BatchKind.CUSTOMERS:
        raise ValueError(preview.kind)
    unchanged = lock_months() == preview.state + 1
    _check(preview, only_good, unchanged, op.today)
    written = [row[1:] for row in preview.good if not isinstance(row, DraftRow)]
    batch_id = int(
        ImportBatch.insert(
            kind=preview.kind,
            file_name=file_label(preview.file_name),
            sha256=preview.sha256,
            months=",".join(preview.months),
            row_count=len(written),
            rejected=len(preview.bad),
            total_kg=preview.total_kg,
            rows_digest=queries.rows_digest(written),
            imported_by=op.actor.login,
            imported_at=op.now,
        ).execute()
    )
    _insert(preview.kind, batch_id, written, cancel, progress)
    op.record(
        Subject.OFFTAKE,
        batch_id,
        "C9.2" if preview.kind is BatchKind.PICKUPS else "C10.4",
        file=file_label(preview.file_name),
        sha256=preview.sha256,
        months=list(preview.months),
        rows=len(written),
        rejected=len(preview.bad),
        total_kg=preview.total_kg,
    )
    op.changed(Subject.CUSTOMER)
    return batch_id


def _check(preview: Preview, only_good: bool, unchanged: bool, today: date) -> None:
    """Refuse what cannot be imported, or no longer; `unchanged`: the preview saw all that
    stands."""
    if preview.bad and not only_good:
        raise Invalid(*(problem for problem in preview.problems if not problem.warning))
    if preview.file_reasons:
        raise Conflict(*preview.file_reasons) if preview.good else DataError(*preview.file_reasons)
    if preview.kind is BatchKind.PLANS:  # a licence may have expired since: asked every time
        suspended = [problem.reason for problem in plan_problems(preview, today)]
        if suspended:
            raise NotAllowed(*suspended[:20])
    changed = (
        []
        if unchanged
        else [p.reason for p in queries.database_problems(today, preview) if not p.warning]
    )
    closed = queries.closed_months()
    changed += [
        Reason("reason.month_is_closed", {"month": month}, "C9.2")
        for month in preview.months
        if month in closed
    ]
    if preview.kind is BatchKind.PICKUPS:
        changed += _day_reasons(preview, today)
    if changed:
        raise Conflict(*changed[:20])


def _day_reasons(preview: Preview, today: date) -> Iterator[Reason]:
    """Days to come, and months that are not those of their days: a return alone may count in a
    month before its own (A.X 3)."""
    for day, month, kind in sorted(set(map(attrgetter("day", "month", "kind"), preview.good))):
        own = month_of(date.fromisoformat(day))
        if day > today.isoformat():
            yield Reason("reason.day_in_future", {"day": day})
        elif month != own and (kind != PickupKind.RETURN or month > own):
            yield Reason("reason.month_not_of_day", {"month": month, "day": day}, "C9.2")


def _insert(
    kind: BatchKind,
    batch_id: int,
    written: Sequence[Sequence[object]],
    cancel: Event | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    table, columns = _TABLES[kind]
    total = len(written)
    for start in range(0, total, _CHUNK):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        chunk = written[start : start + _CHUNK]
        insert_rows(table, columns, [(batch_id, *row) for row in chunk])
        if progress is not None:
            progress(min(start + _CHUNK, total), total)


@use_case(Action.OFFTAKE_UNDO)
def undo_import(op: Operation, batch_id: int, reason: str) -> None:
    """Undo an import as one step: its rows stay as history and no longer count.

    NotAllowed when it was undone before, or one of its months is closed (reopen the month first).
    """
    lock_months()
    batch = queries.load_batch(batch_id)
    reasons = queries.undoing_reasons(batch)
    if reasons:
        raise NotAllowed(*reasons)
    why = clean_text(reason, "reason", REASON_LIMIT)
    if not why:
        raise Invalid(Problem("reason", Reason("reason.reason_required")))
    ImportBatch.update(undone_by=op.actor.login, undone_at=op.now, undo_reason=why).where(
        ImportBatch.id == batch_id
    ).execute()
    said = Reason("reason.import_undone", {"file": batch.file_name, "why": why})
    op.record(Subject.OFFTAKE, batch_id, "C9.2", reasons=(said,), months=list(batch.months))
    op.changed(Subject.CUSTOMER)
