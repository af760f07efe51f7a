"""Reporting customers to finance and the resident offices, and marking what became of it (C4.7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date

from chemsales.queries.dispatch import (
    StoredItem,
    item_reasons,
    known_groups,
    load_file,
    load_items,
    load_recipients,
)
from chemsales.queries.policy import load_edition
from chemsales.rules.dispatch import RECEIPT_LIMIT, What, day_reason, published
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, Problem, Reason
from chemsales.rules.history import FieldChange
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line
from chemsales.services.changes import Subject
from chemsales.services.numbering import next_number
from chemsales.services.operation import Operation, use_case
from chemsales.services.products import new_code
from chemsales.storage.database import rows
from chemsales.storage.models.dispatch import Dispatch, Office, OfficeGroup


def report(
    op: Operation, customer_id: int, what: What, fields: Sequence[FieldChange] = ()
) -> list[int]:
    """Make one item for each recipient of a customer, inside the use case that changed it; their
    keys.

    Finance and every resident office attached to a product group in which the customer has a class
    (C4.7). Call it when the rows are written and the version of the customer is counted up: the
    item tells the file as it then stands, with what changed. A change of no published field makes
    none. The use case may be anybody's who has a grant on `dispatch`.
    """
    told = published(fields)
    if what is What.CHANGE and not told:
        return []
    version, file = load_file(customer_id)
    edition, year = load_edition(op.today).number, op.today.year
    op.changed(Subject.DISPATCH)
    return [
        int(
            Dispatch.insert(
                number=f"BS{year}-{next_number(f'dispatch-{year}'):04d}",
                customer=customer_id,
                what=what,
                office=office or None,
                version=version,
                file=file,
                changes=[asdict(each) for each in told],
                edition=edition,
                made_by=op.actor.login,
                made_at=op.now,
            ).execute()
        )
        for office in load_recipients(customer_id)
    ]


@use_case(Action.DISPATCH_SEND)
def send(op: Operation, keys: Sequence[int]) -> int:
    """Mark items as sent today, all of them or none; how many (C4.7).

    By the customer's account manager or the sales head: NotAllowed with the reasons of
    `queries.dispatch.send_blockers`.
    """
    items = _markable(op, keys, Action.DISPATCH_SEND)
    Dispatch.update(sent_by=op.actor.login, sent_at=op.now).where(
        Dispatch.id.in_([item.id for item in items])
    ).execute()
    op.record(Subject.DISPATCH, items[0].marks.number, "C4.7", items=_numbers(items))
    return len(items)


@use_case(Action.DISPATCH_ACKNOWLEDGE)
def acknowledge(op: Operation, keys: Sequence[int], day: date, receipt: str) -> int:
    """Mark items as acknowledged on a day, all of them or none; how many (C4.7).

    `receipt` says who took note. Finance acknowledges its own; the account manager or the sales
    head notes what an office signed: NotAllowed with the reasons of
    `queries.dispatch.acknowledge_blockers`. Invalid for a day before one was sent or to come.
    """
    items = _markable(op, keys, Action.DISPATCH_ACKNOWLEDGE)
    words = clean_line(receipt, "receipt", RECEIPT_LIMIT)
    for item in items:
        wrong = day_reason(item.marks, day, op.today)
        if wrong:
            raise Invalid(Problem("day", wrong))
    Dispatch.update(acknowledged_by=op.actor.login, acknowledged_on=day, receipt=words).where(
        Dispatch.id.in_([item.id for item in items])
    ).execute()
    op.record(Subject.DISPATCH, items[0].marks.number, "C4.7", items=_numbers(items))
    return len(items)


def _numbers(items: Sequence[StoredItem]) -> list[str]:
    return [item.marks.number for item in items]


def _markable(op: Operation, keys: Sequence[int], action: Action) -> list[StoredItem]:
    """The items that this person may mark, in their order, none of them twice; NotAllowed with the
    reasons of the first that they may not."""
    if not keys:
        raise Invalid(Problem("items", Reason("reason.field_required", {}, "C4.7")))
    items = load_items(keys)
    for item in items:
        reasons = item_reasons(op.actor, item, action)
        if reasons:
            raise NotAllowed(*reasons)
    return items


@use_case(Action.PRODUCT_EDIT)
def add_office(
    op: Operation, code: str, name: str, name_en: str = "", groups: Collection[str] = ()
) -> str:
    """Add a resident office that is attached to these product groups, one at the least; its stored
    code (C4.7)."""
    stored = new_code(Office, code)
    Office.insert(
        code=stored,
        name=clean_line(name, "name", 100),
        name_en=clean_line(name_en, "name_en", 100, required=False),
    ).execute()
    _attach(stored, groups)
    op.record(Subject.PRODUCTS, stored, "C4.7", groups=sorted(groups))
    return stored


@use_case(Action.PRODUCT_EDIT)
def set_office(
    op: Operation,
    code: str,
    groups: Collection[str],
    active: bool,
    seen_version: int,
    name: str = "",
    name_en: str = "",
) -> None:
    """Attach an office to these product groups and no others; it is reported to while `active`.
    With a name it is called otherwise.

    Conflict for a stale version, Invalid for no group and for one that is not there. What was
    reported stays.
    """
    named = {}
    if name:
        named = {
            "name": clean_line(name, "name", 100),
            "name_en": clean_line(name_en, "name_en", 100, required=False),
        }
    touched = (
        Office.update(active=active, version=Office.version + 1, **named)
        .where((Office.code == code) & (Office.version == seen_version))
        .execute()
    )
    if touched != 1:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": code}))
    _attach(code, groups)
    op.record(Subject.PRODUCTS, code, "C4.7", groups=sorted(groups), active=active)


def _attach(code: str, groups: Collection[str]) -> None:
    if not groups:
        raise Invalid(Problem("groups", Reason("reason.field_required", {}, "C4.7")))
    unknown = sorted(set(groups) - known_groups())
    if unknown:
        reason = Reason("reason.group_unknown", {"group": ", ".join(unknown)})
        raise Invalid(Problem("groups", reason))
    held = dict(rows("SELECT group_code, active FROM office_group WHERE office_code = ?", (code,)))
    for group in sorted(set(groups) - held.keys()):
        OfficeGroup.insert(office=code, group=group).execute()
    for group, active in held.items():
        if bool(active) is not (group in groups):
            OfficeGroup.update(active=group in groups).where(
                (OfficeGroup.office == code) & (OfficeGroup.group == group)
            ).execute()
