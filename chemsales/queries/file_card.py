"""The customer file card as the report takes it, as on any day, and what its check code holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from chemsales.queries import customer_record as record
from chemsales.queries.complaints import ComplaintRow, complaints_of
from chemsales.queries.complaints import told as complaints_told
from chemsales.queries.customer_day import customer_on
from chemsales.queries.customer_history import customer_history
from chemsales.queries.customers import CustomerDetail
from chemsales.queries.handover import owner_history
from chemsales.queries.licence_lists import PaperRow, papers
from chemsales.queries.reading import query
from chemsales.queries.record_states import state_hash, states
from chemsales.queries.settings import value
from chemsales.queries.suspension_lists import suspensions
from chemsales.queries.tiers import TierRow, history
from chemsales.queries.visits import Visit, visits
from chemsales.queries.visits import told as visits_told
from chemsales.rules.calendar import company_day
from chemsales.rules.check_codes import PaperKind, check_code
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.evaluation import show_score
from chemsales.rules.handover import Owned
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows

if TYPE_CHECKING:
    from chemsales.reports.content import Footer
    from chemsales.reports.file_card import (
        ComplaintLine,
        FileCard,
        LicenceLine,
        MonthLine,
        OwnerLine,
        VisitLine,
    )

MONTHS = 24  # of the take, the newest; all of them are on the screen
VISITS = 5  # the newest


@query(Action.REPORT_PRINT)
def file_card(actor: Actor, customer_id: int, day: date) -> FileCard:
    """Everything that the card prints of a customer as it was at the end of a day; NotFound before
    it was accredited (C8.1)."""
    from chemsales.reports.file_card import ClassLine, EventLine, FileCard, FileLine, GradeLine

    detail = customer_on(actor, customer_id, day)
    owners = owner_history(actor, customer_id, day)
    levels = history(actor, customer_id, day)
    held = _accepted(papers(actor, day, customer_id=customer_id), day)
    stopped = suspensions(actor, day, customer_id)
    evaluations = record.evaluated(actor, customer_id, day)
    changes = [r for r in customer_history(actor, customer_id) if company_day(r.at) <= day]
    visited = visits(actor, customer_id, day)
    complained = complaints_of(actor, customer_id, day)
    told = [
        *record.told(actor, customer_id), *visits_told(visited), *complaints_told(complained),
    ]  # fmt: skip
    events = record.timeline(detail, owners, levels, held, stopped, evaluations, changes, told)
    return FileCard(
        company=value("company"),
        day=day.isoformat(),
        code=detail.code,
        version=detail.version,
        facts=detail.facts,
        status=detail.status,
        level=detail.level,
        form=detail.form,
        manager=detail.manager_name,
        accredited_on=detail.accredited_on.isoformat(),
        application=detail.application_number,
        owners=_owners(owners),
        contacts=detail.contacts,
        classes=tuple(
            ClassLine(
                each.group_name, each.customer_class, each.region, str(each.from_day),
                _text(each.to_day),
            )
            for each in detail.classes
        ),
        months=_months(record.takes(actor, customer_id, day), levels),
        grades=tuple(
            GradeLine(each.period, each.group_name, show_score(each.score), each.grade,
                      str(each.signed_on))
            for each in evaluations
        ),
        visits=_visits(visited),
        licences=_licences(held),
        complaints=_complaints(complained),
        events=tuple(EventLine(str(each.day), each.what) for each in events if each.day <= day),
        files=tuple(
            FileLine(each.kind, each.source, each.label)
            for each in record.files(actor, detail, day)
        ),
        footer=_footer(detail, day),
    )  # fmt: skip


def _owners(owners: Iterable[Owned]) -> tuple[OwnerLine, ...]:
    from chemsales.reports.file_card import OwnerLine

    return tuple(
        OwnerLine(each.manager, str(each.first), _text(each.last), each.reason) for each in owners
    )


@query(Action.REPORT_PRINT)
def customer_key(actor: Actor, code: str) -> int:
    """The key of the customer with this code; NotFound."""
    wanted = code.strip().upper()
    found = rows("SELECT id FROM customer WHERE code = ?", (wanted,))
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": wanted}))
    return int(found[0][0])


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _accepted(found: Sequence[PaperRow], day: date) -> list[PaperRow]:
    return [each for each in found if each.accepted_on and each.accepted_on <= day]


def _licences(found: Sequence[PaperRow]) -> tuple[LicenceLine, ...]:
    from chemsales.reports.file_card import LicenceLine

    return tuple(
        LicenceLine(each.kind, each.number, each.issuer, _text(each.valid_from),
                    _text(each.valid_to), _text(each.accepted_on), each.state)
        for each in found
    )  # fmt: skip


def _visits(found: Sequence[Visit]) -> tuple[VisitLine, ...]:
    from chemsales.reports.file_card import VisitLine

    return tuple(
        VisitLine(_text(each.visited_on), each.way, each.visitor, each.received_by)
        for each in found[:VISITS]
    )


def _complaints(found: Sequence[ComplaintRow]) -> tuple[ComplaintLine, ...]:
    from chemsales.reports.file_card import ComplaintLine

    return tuple(
        ComplaintLine(each.number, _text(company_day(each.received_at)), each.severity, each.state)
        for each in found
    )


def _months(takes: Sequence[record.Take], levels: Sequence[TierRow]) -> tuple[MonthLine, ...]:
    from chemsales.reports.file_card import MonthLine

    after = {row.month: row.level_after for row in levels if row.active}
    return tuple(
        MonthLine(each.month, each.kg, each.planned_kg, after.get(each.month))
        for each in takes[:MONTHS]
    )


def _footer(detail: CustomerDetail, day: date) -> Footer:
    """The proof of the card: what was on record at the end of the day, and the day."""
    from chemsales.reports.content import Footer

    held = [state for state in states(detail.id) if state.day <= day][-1]
    ((edition,),) = rows("SELECT edition FROM approval_case WHERE id = ?", (detail.case_id,))
    hashed = state_hash(held, day.isoformat())
    code = check_code(PaperKind.FILE_CARD, detail.code, hashed, edition, held.event)
    return Footer(hashed, held.event, edition, "C8.1", code)
