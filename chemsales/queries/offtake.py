"""Imports, months and tonnage: what an import has to know, batches, months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from itertools import islice
from typing import TypeVar

from chemsales.exchange.model import (
    CustomerRef,
    DraftRow,
    GroupRef,
    ImportContext,
    PickupRow,
    PlanRow,
    Preview,
    ProductRef,
)
from chemsales.queries import licences
from chemsales.queries.offtake_lists import STANDING
from chemsales.queries.offtake_lists import BatchRow as BatchRow
from chemsales.queries.offtake_lists import batches as batches
from chemsales.queries.offtake_lists import load_batch as load_batch
from chemsales.queries.offtake_matrix import matrix as matrix
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.accreditation import digest
from chemsales.rules.calendar import company_day
from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.names import name_key
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.offtake import BatchKind, PickupKind
from chemsales.rules.periods import Month
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import connected, rows
from chemsales.storage.fields import instant_of

T = TypeVar("T")

MONTHS_SERIES = "months"
_CHUNK = 5_000  # values in one IN (...), below the limit of either engine


class MonthState(StrEnum):
    """Whether a month's tonnage may still change."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month that has pick-ups, plans or a closing; kilograms of all products together.

    `revision`, `edition` and the rest are of its standing closing (0 and "" while it is open).
    """

    month: Month
    state: MonthState
    take_kg: int
    plan_kg: int
    customers: int
    revision: int
    edition: int
    closed_by: str
    closed_at: datetime | None


@query(Action.OFFTAKE_IMPORT)
def import_context(actor: Actor, today: date, month: Month = "") -> ImportContext:
    """What reading a file has to know: customers, products, groups, closed months.

    `today` is the business date; with `month` rows of any other month are refused.
    """
    groups: dict[int, tuple[str, ...]] = {}
    for customer_id, code in rows(
        "SELECT customer_id, group_code FROM customer_class WHERE to_day IS NULL OR to_day >= ? "
        "ORDER BY customer_id, group_code",
        (today.isoformat(),),
    ):
        groups[customer_id] = (*groups.get(customer_id, ()), code)
    customers = tuple(
        CustomerRef(
            key, code, name, tuple(other for other in (short, former) if other), uscc, since,
            status, groups.get(key, ()),
        )
        for key, code, name, short, former, uscc, since, status in rows(
            "SELECT id, code, name, short_name, former_name, uscc, accredited_on, status "
            "FROM customer ORDER BY id"
        )
    )  # fmt: skip
    products = tuple(
        ProductRef(code, name, english, group, bool(active))
        for code, name, english, group, active in rows(
            "SELECT code, name, name_en, group_code, active FROM product ORDER BY code"
        )
    )
    offered = tuple(
        GroupRef(code, name, english, bool(polyolefin), bool(hazardous))
        for code, name, english, polyolefin, hazardous in rows(
            "SELECT code, name, name_en, polyolefin, hazardous FROM product_group WHERE active = 1"
        )
    )
    return ImportContext(
        today, customers, products, offered, closed_months(), month, months_state(),
        partial(database_problems, today),
    )  # fmt: skip


def months_state() -> int:
    """A number that changes with every import, undoing, closing and reopening."""
    found = rows("SELECT last FROM numbering WHERE series = ?", (MONTHS_SERIES,))
    return int(found[0][0]) if found else 0


def closed_months() -> frozenset[Month]:
    """The months with a standing closing."""
    return frozenset(month for (month,) in rows("SELECT month FROM closing WHERE active = 1"))


def first_month() -> Month | None:
    """The earliest month that was ever closed or has a standing pick-up; None before all imports.

    A return alone begins nothing: its month is that of the pick-up that it names.
    """
    found: Month | None = rows(
        "SELECT min(month) FROM (SELECT min(month) AS month FROM closing UNION ALL "
        f"SELECT min(month) FROM pickup WHERE kg > 0 AND batch_id IN {STANDING}) found"
    )[0][0]
    return found


@query()
def begun(actor: Actor) -> Month | None:
    """The first month that there are data of, as `first_month` has it."""
    return first_month()


def database_problems(today: date, preview: Preview) -> tuple[Problem, ...]:
    """What only the database can tell of a preview: the same file imported before, note numbers
    and plan lines that stand already, returns of months that nobody holds, customers with whom
    dealings are suspended."""
    with connected():
        before = imported_before(preview.kind, preview.sha256)
        found = [Problem("", before)] if before else []
        if preview.kind is BatchKind.PICKUPS:
            found += _notes_in_use(preview)
            found += _returns_before_data(preview)
            found += licences.pickup_problems(preview)
        elif preview.kind is BatchKind.PLANS:
            found += _plans_in_use(preview)
            found += licences.plan_problems(preview, today)
        else:
            found += _applications_under_way(preview)
        return tuple(found)


def imported_before(kind: BatchKind, sha256: str) -> Reason | None:
    """When and by whom this very file was imported, None where no such import stands."""
    found = rows(
        "SELECT b.id, b.imported_at, coalesce(p.name, b.imported_by) FROM import_batch b "
        "LEFT JOIN person p ON p.login = b.imported_by "
        "WHERE b.kind = ? AND b.sha256 = ? AND b.undone_at IS NULL",
        (str(kind), sha256),
    )
    if not found:
        return None
    batch, at, who = found[0]
    params: dict[str, Param] = {
        "batch": batch,
        "day": company_day(instant_of(at)).isoformat(),
        "who": who,
    }
    return Reason("reason.imported_before", params)


def _notes_in_use(preview: Preview) -> Iterator[Problem]:
    """Note numbers that a standing import holds for the same kind of row."""
    column = preview.fields.get("note_no", "note_no")
    wanted: dict[str, dict[str, int]] = {str(kind): {} for kind in PickupKind}
    for row in preview.good:
        if isinstance(row, PickupRow) and row.note_no:
            wanted[row.kind][row.note_no] = row.row
    for kind, notes in wanted.items():
        for chunk in _chunks(notes):
            for note, batch, day in rows(
                "SELECT note_no, batch_id, day FROM pickup WHERE note_no <> '' AND kind = ? "
                f"AND note_no IN ({_marks(chunk)}) AND batch_id IN {STANDING}",
                (kind, *chunk),
            ):
                params: dict[str, Param] = {"note": note, "batch": batch, "day": day}
                yield Problem(f"{notes[note]}:{column}", Reason("reason.note_in_use", params))


def _returns_before_data(preview: Preview) -> Iterator[Problem]:
    """Returns that count in a month before all that is held or stands in the file (A.X 3)."""
    column = preview.fields.get("original_day", "original_day")
    taken = [row for row in preview.good if isinstance(row, PickupRow)]
    begun = min([row.day[:7] for row in taken] + [month for month in (first_month(),) if month],
                default="")  # fmt: skip
    for row in taken:
        if row.month < begun:
            params: dict[str, Param] = {"month": row.month, "first": begun}
            reason = Reason("reason.return_before_data", params, "C9.2")
            yield Problem(f"{row.row}:{column}", reason)


def _plans_in_use(preview: Preview) -> Iterator[Problem]:
    """Plan lines of a customer, product and month that a standing import holds."""
    column = preview.fields.get("month", "month")
    wanted = {
        (row.customer_id, row.product_code, row.month): row
        for row in preview.good
        if isinstance(row, PlanRow)
    }
    for month in preview.months:
        for customer, product, kg, batch in rows(
            "SELECT customer_id, product_code, kg, batch_id FROM plan_line "
            f"WHERE month = ? AND batch_id IN {STANDING}",
            (month,),
        ):
            row = wanted.get((customer, product, month))
            if row is not None:
                params: dict[str, Param] = {
                    "month": month, "batch": batch, "tonnes": format_tonnes(kg),
                }  # fmt: skip
                yield Problem(f"{row.row}:{column}", Reason("reason.plan_in_use", params))


def _applications_under_way(preview: Preview) -> Iterator[Problem]:
    """Customers of a file that have an application which is not decided yet (C7.1)."""
    column = preview.fields.get("name", "name")
    numbers: dict[str, str] = {}
    for number, key, uscc in rows(
        "SELECT a.number, w.name_key, a.uscc FROM application a JOIN application_words w "
        "ON w.application_id = a.id WHERE a.state IN ('draft', 'in_review', 'returned')"
    ):
        numbers.update({held: number for held in (key, uscc) if held})
    for row in preview.good:
        if isinstance(row, DraftRow):
            facts = row.draft.facts
            held = numbers.get(name_key(facts.name)) or numbers.get(facts.uscc)
            if held:
                reason = Reason("reason.application_exists", {"number": held}, "C7.1")
                yield Problem(f"{row.row}:{column}", reason)


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    left = iter(values)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def undoing_reasons(batch: BatchRow) -> tuple[Reason, ...]:
    """Why an import cannot be undone, whoever asks; empty when it can."""
    if batch.undone_at is not None:
        params: dict[str, Param] = {
            "batch": batch.id,
            "day": company_day(batch.undone_at).isoformat(),
        }
        return (Reason("reason.batch_undone", params),)
    return tuple(
        Reason("reason.month_is_closed", {"month": month}, "C9.2")
        for month in batch.months
        if month in closed_months()
    )


@query()
def undo_blockers(actor: Actor, batch_id: int) -> tuple[Reason, ...]:
    """Why this person cannot undo an import: the reasons that grey the button."""
    return (
        *roles.blockers(actor, Action.OFFTAKE_UNDO),
        *undoing_reasons(load_batch(batch_id)),
    )


@query()
def months(actor: Actor) -> list[MonthRow]:
    """Every month that has pick-ups, plans or a closing, the newest first."""
    takes = {
        month: (int(kg), count)
        for month, kg, count in rows(
            "SELECT month, sum(kg), count(DISTINCT customer_id) FROM pickup "
            f"WHERE batch_id IN {STANDING} GROUP BY month"
        )
    }
    plans = {
        month: int(kg)
        for month, kg in rows(
            f"SELECT month, sum(kg) FROM plan_line WHERE batch_id IN {STANDING} GROUP BY month"
        )
    }
    closings = {
        month: (revision, edition, by, instant_of(at))
        for month, revision, edition, by, at in rows(
            "SELECT month, revision, edition, closed_by, closed_at FROM closing WHERE active = 1"
        )
    }
    found = []
    for month in sorted({*takes, *plans, *closings}, reverse=True):
        take, customers = takes.get(month, (0, 0))
        state = MonthState.CLOSED if month in closings else MonthState.OPEN
        revision, edition, by, at = closings.get(month, (0, 0, "", None))
        found.append(
            MonthRow(month, state, take, plans.get(month, 0), customers, revision, edition, by, at)
        )
    return found


_STORED = {
    BatchKind.PICKUPS: "SELECT customer_id, product_code, day, month, kg, kind, note_no, warehouse "
    "FROM pickup WHERE batch_id = ? ORDER BY id",
    BatchKind.PLANS: "SELECT customer_id, product_code, month, kg, short_kg "
    "FROM plan_line WHERE batch_id = ? ORDER BY id",
}


def rows_digest(imported: Sequence[Sequence[object]]) -> str:
    """The SHA-256 of an import's rows in order: the columns after the batch, as they are stored."""
    return digest(imported)


def stored_digest(batch_id: int, kind: BatchKind) -> str:
    """`rows_digest` of what the tables hold of an import, to compare with its batch."""
    return rows_digest(rows(_STORED[kind], (batch_id,)))
