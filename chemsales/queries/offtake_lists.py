"""The lists of imports, of pick-ups and of plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from chemsales.queries.filtering import Kind, Sort
from chemsales.queries.listing import Field, Listing, whole
from chemsales.queries.naming import customer_name, person_name, product_name
from chemsales.queries.searching import customers_or
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.offtake import BatchKind, PickupKind
from chemsales.rules.periods import Month
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.storage.days import day_of
from chemsales.storage.fields import instant_of

STANDING = "(SELECT id FROM import_batch WHERE undone_at IS NULL)"


def standing_on() -> str:
    """SQL: the imports that stood at the end of a day, which is given twice."""
    return (
        f"(SELECT id FROM import_batch WHERE {day_of('imported_at')} <= ? "
        f"AND (undone_at IS NULL OR {day_of('undone_at')} > ?))"
    )


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One import; `undone_at` is None while its rows count."""

    id: int
    kind: BatchKind
    file_name: str
    sha256: str
    months: tuple[Month, ...]
    row_count: int
    rejected: int
    total_kg: int
    imported_by: str
    imported_by_name: str
    imported_at: datetime
    undone_by: str
    undone_at: datetime | None
    undo_reason: str


def _batches(found: list[tuple[Any, ...]]) -> list[BatchRow]:
    return [
        BatchRow(
            key, BatchKind(kind), name, sha256,
            tuple(month for month in months.split(",") if month), count, rejected, int(kg), by,
            by_name, instant_of(at), undone, instant_of(when) if when else None, why,
        )
        for key, kind, name, sha256, months, count, rejected, kg, by, by_name, at, undone, when,
        why in found
    ]  # fmt: skip


BATCHES = Listing(
    name="imports",
    source="FROM import_batch b LEFT JOIN person p ON p.login = b.imported_by",
    key="b.id",
    select="b.kind, b.file_name, b.sha256, b.months, b.row_count, b.rejected, b.total_kg, "
    "b.imported_by, coalesce(p.name, b.imported_by), b.imported_at, coalesce(b.undone_by, ''), "
    "b.undone_at, b.undo_reason",
    make=_batches,
    fields={
        "id": Field("b.id", Kind.NUMBER),
        "kind": Field("b.kind", Kind.CHOICE, choices=tuple(map(str, BatchKind))),
        "file": Field("b.file_name"),
        "months": Field("b.months"),
        "rows": Field("b.row_count", Kind.NUMBER),
        "rejected": Field("b.rejected", Kind.NUMBER),
        "kg": Field("b.total_kg", Kind.KG),
        "by": person_name("b.imported_by"),
        "at": Field("b.imported_at", Kind.INSTANT),
        "state": Field(
            "CASE WHEN b.undone_at IS NULL THEN 'counts' ELSE 'undone' END",
            Kind.CHOICE,
            choices=("counts", "undone"),
        ),
    },
    order=(Sort("id", descending=True),),
    searched=("b.file_name",),
)


def batches(actor: Actor) -> list[BatchRow]:
    """Every import, standing or undone, the newest first."""
    return whole(actor, BATCHES)


@dataclass(frozen=True, slots=True)
class PickupListRow:
    """One pick-up or return that counts, as it was imported."""

    id: int
    day: date
    customer_id: int
    code: str
    name: str
    product_code: str
    product: str
    product_en: str
    kg: int
    kind: PickupKind
    note_no: str
    warehouse: str
    batch_id: int


def _pickup_rows(found: list[tuple[Any, ...]]) -> list[PickupListRow]:
    return [
        PickupListRow(
            key, date.fromisoformat(day), customer, code, name, product_code, product, english,
            int(kg), PickupKind(kind), note_no, warehouse, batch,
        )
        for key, day, customer, code, name, product_code, product, english, kg, kind, note_no,
        warehouse, batch in found
    ]  # fmt: skip


@lru_cache(maxsize=100)
def pickups_of(month: Month) -> Listing[PickupListRow]:
    """The list of the pick-ups and returns of a month that count."""
    return Listing(
        name="pickups",
        source="FROM pickup k JOIN customer c ON c.id = k.customer_id "
        "JOIN product g ON g.code = k.product_code",
        key="k.id",
        select="k.day, k.customer_id, c.code, c.name, k.product_code, g.name, g.name_en, k.kg, "
        "k.kind, k.note_no, k.warehouse, k.batch_id",
        make=_pickup_rows,
        fields={
            "day": Field("k.day", Kind.DAY),
            "code": Field("c.code"),
            "name": customer_name("c"),
            "product": product_name("k", "g"),
            "kg": Field("k.kg", Kind.KG),
            "kind": Field("k.kind", Kind.CHOICE, choices=tuple(map(str, PickupKind))),
            "note": Field("k.note_no"),
            "warehouse": Field("k.warehouse"),
            "batch": Field("k.batch_id", Kind.NUMBER),
        },
        order=(Sort("day"), Sort("name")),
        finding=lambda text: customers_or(text, "k.note_no"),
        where=f"k.month = ? AND k.batch_id IN {STANDING}",
        parameters=(month,),
    )


@dataclass(frozen=True, slots=True)
class PlanListRow:
    """What a customer planned to take of a product in a month, as it was imported; `short_kg` of it
    could not be delivered, `taken_kg` was taken."""

    id: int
    customer_id: int
    code: str
    name: str
    product_code: str
    product: str
    product_en: str
    kg: int
    short_kg: int
    taken_kg: int
    batch_id: int


def _plan_rows(found: list[tuple[Any, ...]]) -> list[PlanListRow]:
    return [
        PlanListRow(
            key, customer, code, name, product_code, product, english, int(kg), int(short),
            int(taken), batch,
        )
        for key, customer, code, name, product_code, product, english, kg, short, taken, batch
        in found
    ]  # fmt: skip


_TAKEN = (
    "coalesce((SELECT sum(k.kg) FROM pickup k WHERE k.month = n.month "
    "AND k.customer_id = n.customer_id AND k.product_code = n.product_code "
    f"AND k.batch_id IN {STANDING}), 0)"
)


@lru_cache(maxsize=100)
def plans_of(month: Month) -> Listing[PlanListRow]:
    """The list of the plan lines of a month that count, each with what was taken of it."""
    return Listing(
        name="plans",
        source="FROM plan_line n JOIN customer c ON c.id = n.customer_id "
        "JOIN product g ON g.code = n.product_code",
        key="n.id",
        select="n.customer_id, c.code, c.name, n.product_code, g.name, g.name_en, n.kg, "
        f"n.short_kg, {_TAKEN}, n.batch_id",
        make=_plan_rows,
        fields={
            "code": Field("c.code"),
            "name": customer_name("c"),
            "product": product_name("n", "g"),
            "kg": Field("n.kg", Kind.KG),
            "short": Field("n.short_kg", Kind.KG),
            "taken": Field(_TAKEN, Kind.KG),
            "batch": Field("n.batch_id", Kind.NUMBER),
        },
        order=(Sort("name"), Sort("product")),
        finding=lambda text: customers_or(text, "n.product_code", "g.name"),
        where=f"n.month = ? AND n.batch_id IN {STANDING}",
        parameters=(month,),
    )


def load_batch(batch_id: int) -> BatchRow:
    """One import (inside services and queries); NotFound."""
    sql = f"SELECT b.id, {BATCHES.select} {BATCHES.source} WHERE b.id = ?"
    found = BATCHES.make(rows(sql, (batch_id,)))
    if not found:
        raise NotFound(Reason("reason.batch_unknown", {"batch": batch_id}))
    return found[0]
