"""What the customers page asks of queries, off the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Event

from chemsales.queries import (
    accreditation,
    customer_change,
    disqualification,
    handover,
    products,
    tiers,
)
from chemsales.queries import customer_record as record
from chemsales.queries.accreditation import ApplicationDetail, Further
from chemsales.queries.application_form import application_form
from chemsales.queries.approval import DecisionRow, decisions
from chemsales.queries.complaints import told as complaints_told
from chemsales.queries.customer_day import customer_on
from chemsales.queries.customer_history import HistoryRow, customer_history
from chemsales.queries.customer_record import Evaluated, FileRow, Happened, Take
from chemsales.queries.customers import CustomerDetail, customer, mnemonic_blockers
from chemsales.queries.file_card import file_card
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.further import asked_of
from chemsales.queries.licences import record_blockers
from chemsales.queries.products import GroupRow
from chemsales.queries.readmission import Readmission, readmission, readmission_blockers
from chemsales.queries.suspension_lists import suspensions
from chemsales.queries.tiers import TierRow
from chemsales.queries.visits import told as visits_told
from chemsales.rules.approval import Verdict
from chemsales.rules.calendar import company_day
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Reason
from chemsales.rules.handover import Owned
from chemsales.rules.roles import Actor
from chemsales.words import _, current
from ui.work.classes import UNKNOWN, Classing, classing
from ui.work.complaints import UNCOMPLAINED, Complaining, complaining
from ui.work.licences import NOTHING, Held, held
from ui.work.papers import Paper, Progress, file_name, watched
from ui.work.visits import UNVISITED, Visiting, visiting


@dataclass(frozen=True, slots=True)
class FurtherCase:
    """An application for a further class with its signatures."""

    id: int
    number: str
    state: ApplicationState
    decisions: Sequence[DecisionRow]

    def shown(self, day: date, now: bool) -> bool:
        """Whether a card as on a day has it: it was approved by then, or is under way now."""
        if self.state is not ApplicationState.ACCREDITED:
            return now
        return company_day(self.decisions[-1].signed_at) <= day


@dataclass(frozen=True, slots=True)
class Card:
    """A customer with everything that its card shows; `kept` says why the mnemonic may not be
    changed, `unrecordable` why no licence may be recorded, `undisqualifiable` why no
    disqualification may be proposed, `unreadmitted` why who is disqualified may not be applied for
    anew; `proposal` is the newest one; `unchangeable` why the file may
    not be changed, `waiting` what waits for finance, `may` what this person can do
    about it; `day` is the one as on which all is shown,
    None for now; `owners` had it from when to when, `unhanded` says why it is not handed over;
    `classing` says how it stands with the classes; `further` are the applications by which it got
    further ones, and the one that is under way; `visiting` are the visits to it, `complaining` its
    complaints."""

    detail: CustomerDetail
    levels: Sequence[TierRow]
    decisions: Sequence[DecisionRow]
    kept: tuple[Reason, ...] = ()
    held: Held = NOTHING
    unrecordable: tuple[Reason, ...] = ()
    undisqualifiable: tuple[Reason, ...] = ()
    unreadmitted: tuple[Reason, ...] = ()
    proposal: disqualification.Newest | None = None
    history: Sequence[HistoryRow] = ()
    unchangeable: tuple[Reason, ...] = ()
    waiting: customer_change.Detail | None = None
    day: date | None = None
    owners: Sequence[Owned] = ()
    unhanded: tuple[Reason, ...] = ()
    classing: Classing = UNKNOWN
    takes: Sequence[Take] = ()
    evaluations: Sequence[Evaluated] = ()
    files: Sequence[FileRow] = ()
    events: Sequence[Happened] = ()
    may: frozenset[Verdict] = frozenset()
    further: Sequence[FurtherCase] = ()
    visiting: Visiting = UNVISITED
    complaining: Complaining = UNCOMPLAINED


@dataclass(frozen=True, slots=True)
class Opened:
    """An application to look at or to edit, with the product groups that its form offers; a new
    one for a further class, or for who is to be admitted anew, `begins` with what the file says."""

    groups: Sequence[GroupRow]
    detail: ApplicationDetail | None
    begins: Further | Readmission | None = None


def card(actor: Actor, customer_id: int, today: date) -> Card:
    """The card of a customer."""
    detail = customer(actor, customer_id)
    found = Card(
        detail=detail,
        levels=tiers.history(actor, customer_id),
        decisions=decisions(actor, detail.case_id),
        kept=mnemonic_blockers(actor, customer_id),
        held=held(actor, customer_id, today),
        unrecordable=record_blockers(actor, customer_id, today),
        undisqualifiable=disqualification.propose_blockers(actor, customer_id),
        unreadmitted=readmission_blockers(actor, customer_id),
        proposal=disqualification.newest(actor, customer_id),
        history=customer_history(actor, customer_id),
        unchangeable=customer_change.change_blockers(actor, customer_id),
        waiting=customer_change.waiting(actor, customer_id),
        owners=handover.owner_history(actor, customer_id),
        unhanded=handover.handover_blockers(actor),
        classing=classing(actor, customer_id, today),
        visiting=visiting(actor, detail, today),
        complaining=complaining(actor, customer_id, today),
    )
    return replace(_with_record(actor, found, today), may=_may(actor, found.waiting))


def _may(actor: Actor, waiting: customer_change.Detail | None) -> frozenset[Verdict]:
    """The verdicts that this person may give on what waits."""
    if waiting is None:
        return frozenset()
    key = waiting.stored.id
    return frozenset(v for v in Verdict if not customer_change.blockers(actor, key, v))


def _with_record(actor: Actor, card: Card, day: date) -> Card:
    """The card with the take, the evaluations, every scan, and what happened up to a day."""
    detail = card.detail
    evaluations = record.evaluated(actor, detail.id, day)
    further = [
        FurtherCase(
            each.id, each.number, each.state,
            decisions(actor, each.case_id) if each.case_id is not None else (),
        )
        for each in asked_of(actor, detail.id)
    ]  # fmt: skip
    return replace(
        card,
        further=[each for each in further if each.shown(day, card.day is None)],
        takes=record.takes(actor, detail.id, day),
        evaluations=evaluations,
        files=record.files(actor, detail, day),
        events=[
            each
            for each in record.timeline(
                detail, card.owners, card.levels, card.held.papers, card.held.suspensions,
                evaluations, card.history,
                [
                    *record.told(actor, detail.id), *visits_told(card.visiting.visits),
                    *complaints_told(card.complaining.rows),
                ],
            )
            if each.day <= day
        ],
    )  # fmt: skip


def card_on(actor: Actor, customer_id: int, day: date) -> Card:
    """The card as it was at the end of a day: nothing of it can be changed, and what came later is
    not on it."""
    detail = customer_on(actor, customer_id, day)
    past = (Reason("reason.card_of_day", {"day": day.isoformat()}, "C8.1"),)
    papers = held(actor, customer_id, day)
    found = Card(
        detail=detail,
        levels=tiers.history(actor, customer_id, day),
        decisions=[
            row for row in decisions(actor, detail.case_id) if company_day(row.signed_at) <= day
        ],
        kept=past,
        held=replace(
            papers,
            papers=[row for row in papers.papers if row.accepted_on and row.accepted_on <= day],
            suspensions=suspensions(actor, day, customer_id),
        ),
        unrecordable=past,
        undisqualifiable=past,
        unreadmitted=past,
        history=[row for row in customer_history(actor, customer_id) if company_day(row.at) <= day],
        unchangeable=past,
        day=day,
        owners=handover.owner_history(actor, customer_id, day),
        unhanded=past,
        classing=Classing((), past, past, past, past),
        visiting=visiting(actor, detail, day, past),
        complaining=complaining(actor, customer_id, day, past),
    )
    return _with_record(actor, found, day)


def opened(actor: Actor, application_id: int | None) -> Opened:
    """An application (None: a new one) with the groups that are offered."""
    groups = [group for group in products.groups(actor) if group.active]
    if application_id is None:
        return Opened(groups, None)
    return Opened(groups, accreditation.application(actor, application_id))


def begun(actor: Actor, customer_id: int, today: date) -> Opened:
    """A new application for a further class of a customer; NotAllowed with the reasons why not."""
    further = accreditation.further_application(actor, customer_id, today)
    return replace(opened(actor, None), begins=further)


def begun_again(actor: Actor, customer_id: int) -> Opened:
    """A new application of a disqualified customer, or the own one that is under way; NotAllowed
    with the reasons why not."""
    found = readmission(actor, customer_id)
    if found.under_way is not None:
        return opened(actor, found.under_way)
    return replace(opened(actor, None), begins=found)


def form(actor: Actor, application_id: int, *, cancel: Event, progress: Progress) -> Paper:
    """The application form as it prints now."""
    from chemsales.reports import application_form as report

    data = application_form(actor, application_id)
    name = file_name(_("Application form {number}", number=data.number))
    return Paper(name, report.render(data, current()))


def printed_card(
    actor: Actor, customer_id: int, day: date, *, cancel: Event, progress: Progress
) -> Paper:
    """The file card of a customer as it prints, as on a day."""
    from chemsales.reports import file_card as report

    data = file_card(actor, customer_id, day)
    name = file_name(_("File card {code} {day}", code=data.code, day=data.day))
    return Paper(name, report.render(data, current(), watched(cancel, progress)))


def applications_asked(actor: Actor, state: ApplicationState) -> Request:
    """What the list of applications is asked for this person's own ones in a state."""
    own = Filter("login", choices=(actor.login,))
    return Request(filters=(Filter("state", choices=(str(state),)), own))
