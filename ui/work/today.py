"""What the home page reads: what waits for this person, card by card, most urgent first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from chemsales.config import data_dir
from chemsales.queries import (
    accreditation,
    approval,
    calendar,
    cooperation,
    evaluation,
    offtake,
    tiers,
)
from chemsales.queries.case_names import application_listed
from chemsales.queries.cooperation import RatingRow, RatingState
from chemsales.queries.decided import put_up_by
from chemsales.queries.listing import whole
from chemsales.queries.offtake import MonthState
from chemsales.queries.resale import open_findings
from chemsales.rules import roles
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.customer import ApplicationState
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import Month, last_finished_quarter, month_of, previous_month
from chemsales.rules.roles import Action, Actor
from chemsales.words import _, label, say
from ui.seen import seen
from ui.text import day as text_of
from ui.work import complaints, filing_cards, licence_cards
from ui.work.approvals import queue_asked, rejected_asked
from ui.work.cards import Card as Card
from ui.work.cards import Day, answered_for
from ui.work.cards import Line as Line
from ui.work.customers import applications_asked
from ui.work.handover import received
from ui.work.tiers import ratings_asked

BACKUP_DAYS = 7
# no article says how long a review may take: as long as the regulation gives a serious complaint
REVIEW_DAYS = 3
REJECTED_DAYS = 30  # then it stands in the list of the own cases alone


def cards(actor: Actor, today: date) -> list[Card]:
    """The cards of this person's roles: those with something late first, then as in CARDS."""
    day = Day(actor, today, calendar.working_calendar(actor))
    made = [
        make(day)
        for actions, make in CARDS
        if any(not roles.blockers(actor, action) for action in actions)
    ]
    return sorted((card for card in made if card is not None), key=lambda card: not card.late)


def _waiting(day: Day) -> Card:
    """The cases that this person decides now: late ones first, then the longest."""
    lines = []
    for row in approval.queue(day.actor, queue_asked(returned=False)):
        late = day.waited(row.since) > REVIEW_DAYS
        remark = f"{label(row.stage)} · {day.words(row.since)}"
        if row.principal_name:
            remark += " · " + _("for {principal}", principal=row.principal_name)
        lines.append(Line(row.listed, remark, "approvals", row.key, late))
    lines.sort(key=lambda line: not line.late)
    title, empty = _("Waits for my decision"), _("Nothing waits for your decision.")
    return Card("waiting", title, tuple(lines), empty, "approvals", ("queue", "waiting"))


def _returned(day: Day) -> Card:
    """What came back to this person for correction."""
    lines = tuple(
        Line(row.listed, day.words(row.since), "approvals", row.key)
        for row in approval.queue(day.actor, queue_asked(returned=True))
    )
    title, empty = _("Returned to me"), _("Nothing came back to you.")
    return Card("returned", title, lines, empty, "approvals", ("queue", "returned"))


def _rejected(day: Day) -> Card:
    """Own cases that were rejected within a month and not looked at since, on this machine."""
    asked = rejected_asked(day.today - timedelta(days=REJECTED_DAYS))
    read = seen()
    lines = tuple(
        Line(
            row.listed,
            row.comment,
            "approvals",
            ("look", row.kind, row.subject_id),
            late=True,
        )
        for row in whole(day.actor, put_up_by(day.actor), asked)
        if row.id not in read
    )
    return Card(
        "rejected",
        _("Rejected, not looked at yet"),
        lines,
        _("Nothing of yours was rejected of late."),
    )


def _own(day: Day, state: ApplicationState) -> list[accreditation.ApplicationRow]:
    return whole(day.actor, accreditation.APPLICATIONS, applications_asked(day.actor, state))


def _drafts(day: Day) -> Card:
    lines = tuple(
        Line(
            application_listed(row.name, bool(row.further_of)) or _("(no name yet)"),
            day.words(row.created_at),
            "customers",
            ("application", row.id),
        )
        for row in _own(day, ApplicationState.DRAFT)
    )
    target = ("applications", ApplicationState.DRAFT)
    return Card("drafts", _("My drafts"), lines, _("No draft is open."), "customers", target)


def _in_review(day: Day) -> Card:
    lines = tuple(
        Line(
            application_listed(row.name, bool(row.further_of)),
            f"{label(row.stage) if row.stage else ''} · {day.words(row.moved_at)}",
            "customers",
            ("application", row.id),
        )
        for row in _own(day, ApplicationState.IN_REVIEW)
    )
    title, empty = _("My applications in review"), _("None is in review.")
    target = ("applications", ApplicationState.IN_REVIEW)
    return Card("review", title, lines, empty, "customers", target)


def _resales(day: Day) -> Card:
    """Direct customers that were found to sell on (C10.2)."""
    lines = tuple(
        Line(
            found.customer_name,
            _("{group} · since {day}", group=found.group, day=text_of(found.found_on)),
            "customers",
            ("classes", found.customer_id),
        )
        for found in open_findings(day.actor, answered_for(day.actor))
    )
    title = _("Resale found")
    return Card("resales", title, lines, _("No direct customer was found to sell on."))


def _months(day: Day) -> Card:
    """Finished months that are not closed: late where a later one is closed already (A.X 7)."""
    known = {row.month: row for row in offtake.months(day.actor)}
    closed = [month for month, row in known.items() if row.state is MonthState.CLOSED]
    lines = tuple(
        Line(month, _month_words(known.get(month)), "tiers", month, month < max(closed, default=""))
        for month in tiers.unclosed(day.actor, day.today)
    )
    title, empty = _("Months to close"), _("Every finished month is closed.")
    return Card("months", title, lines, empty, "tiers")


def _month_words(row: offtake.MonthRow | None) -> str:
    if row is None or not row.take_kg:
        return _("no pick-ups imported")
    tonnes = format_tonnes(row.take_kg)
    return _("{tonnes} t, {count} customers", tonnes=tonnes, count=row.customers)


def _uncomputed(day: Day) -> Card:
    """The last finished quarter while it is not computed, runs of older rules (C16.1, C18.1)."""
    lines = []
    quarter = str(last_finished_quarter(day.today))
    standing = [run for run in evaluation.runs(day.actor) if run.active]
    if quarter not in {run.period for run in standing}:
        missing = len(evaluation.missing(day.actor, quarter, day.today))
        if missing:
            remark = _("{count} customers are not evaluated", count=missing)
            lines.append(Line(quarter, remark, "evaluation", quarter))
    for run in standing:
        if run.outcome is Outcome.OPEN:
            found = evaluation.blockers(day.actor, run.run_id, Verdict.APPROVE, day.today)
            old = [reason for reason in found if reason.code == "reason.evaluation_edition"]
            lines += [Line(run.period, say(reason), "evaluation", run.period) for reason in old]
    title, empty = _("Evaluations to compute"), _("The evaluation of the last quarter is computed.")
    return Card("compute", title, tuple(lines), empty, "evaluation")


def _ratings(day: Day, month: Month, state: RatingState) -> list[RatingRow]:
    return cooperation.ratings(day.actor, month, ratings_asked(day.actor, state))


def _unconfirmed(day: Day) -> Card:
    month = previous_month(month_of(day.today))
    lines = tuple(
        Line(
            row.name,
            _("{score} points", score=row.score),
            "tiers",
            ("cooperation", month, row.customer_id),
        )
        for row in _ratings(day, month, RatingState.WAITING)
    )
    title = _("Cooperation of {month} to confirm", month=month)
    return Card(
        "confirm",
        title,
        lines,
        _("No rating waits for confirmation."),
        "tiers",
        ("cooperation", month, RatingState.WAITING),
    )


def _unrated(day: Day) -> Card:
    month = previous_month(month_of(day.today))
    lines = tuple(
        Line(row.name, row.code, "tiers", ("cooperation", month, row.customer_id))
        for row in _ratings(day, month, RatingState.UNRATED)
    )
    title = _("Cooperation of {month} to rate", month=month)
    target = ("cooperation", month, RatingState.UNRATED)
    return Card("rate", title, lines, _("All my customers are rated."), "tiers", target)


def _newest_backup() -> Path | None:
    found = sorted((data_dir() / "backups").glob("chemsales-*.db"))
    return found[-1] if found else None


def _upkeep(day: Day) -> Card:
    """What an administrator has to see to: a backup of this week, firm calendars."""
    lines = []
    newest = _newest_backup()
    age = None if newest is None else (day.today - date.fromtimestamp(newest.stat().st_mtime)).days
    if age is None:
        lines.append(Line(_("There is no backup yet"), _("Backup"), "settings", "backup"))
    elif age > BACKUP_DAYS:
        text = _("The newest backup is {days} days old", days=age)
        lines.append(Line(text, _("Backup"), "settings", "backup"))
    firm = {row.year for row in calendar.years(day.actor) if row.official}
    wanted = [day.today.year] if day.today.month < 12 else [day.today.year, day.today.year + 1]
    for year in wanted:
        if year not in firm:
            text = _("The holidays of {year} are not confirmed", year=year)
            lines.append(Line(text, _("Working-day calendar"), "settings", "calendar"))
    return Card("upkeep", _("Upkeep"), tuple(lines), _("Nothing has to be seen to."))


# whose work may come back
_RETURNABLE = (
    Action.APPLICATION_EDIT,
    Action.EVALUATION_COMPUTE,
    Action.LICENCE_RECORD,
    Action.DISQUALIFICATION_PROPOSE,
    Action.CUSTOMER_CHANGE,
)

# To add a card: who sees it (anybody who may do one of these), and what makes it (None: nothing
# to tell, of what is rare)
CARDS: tuple[tuple[tuple[Action, ...], Callable[[Day], Card | None]], ...] = (
    (tuple(roles.DELEGABLE), _waiting),
    (_RETURNABLE, _returned),
    (_RETURNABLE, _rejected),
    ((Action.APPLICATION_EDIT,), received),
    ((Action.APPLICATION_EDIT,), _drafts),
    ((Action.APPLICATION_EDIT,), _in_review),
    ((Action.LICENCE_RECORD, Action.LICENCE_DECIDE), licence_cards.suspended),
    ((Action.OFFTAKE_IMPORT,), licence_cards.violations),
    ((Action.LICENCE_RECORD, Action.LICENCE_DECIDE), licence_cards.expiring),
    ((Action.LICENCE_RECORD,), licence_cards.undated),
    ((Action.AGENT_LICENCE_ISSUE,), licence_cards.agents),
    ((Action.COMPLAINT_ACCEPT,), complaints.open_card),
    ((Action.RESALE_NOTE,), _resales),
    ((Action.DISPATCH_SEND, Action.DISPATCH_ACKNOWLEDGE), filing_cards.dispatches),
    ((Action.FINDING_CLOSE,), filing_cards.findings),
    ((Action.FILING_MAKE,), filing_cards.unfiled),
    ((Action.INSPECTION_RECORD,), filing_cards.inspection),
    ((Action.COOPERATION_RATE,), _unrated),
    ((Action.MONTH_CLOSE,), _months),
    ((Action.COOPERATION_CONFIRM,), _unconfirmed),
    ((Action.EVALUATION_COMPUTE,), _uncomputed),
    ((Action.BACKUP,), _upkeep),
)
