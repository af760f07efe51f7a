"""The tone of each status, how long something has waited, and where a case stands."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from chemsales import words
from chemsales.queries.approval import WaitingRow
from chemsales.queries.complaints import ComplaintRow
from chemsales.queries.further import FurtherOf
from chemsales.queries.licence_lists import PaperRow
from chemsales.queries.products import GroupRow
from chemsales.rules.admission import Answer
from chemsales.rules.approval import CHAINS, Outcome, StageName, Verdict
from chemsales.rules.complaints import ComplaintState
from chemsales.rules.customer import ApplicationState, CustomerStatus
from chemsales.rules.evaluation import Grade
from chemsales.rules.licences import Band, LicenceState
from chemsales.rules.tiers import Level, TierOutcome
from chemsales.words import _, label, named
from ui.theme import Tone

STATE_TONES = {
    ApplicationState.DRAFT: Tone.DRAFT,
    ApplicationState.IN_REVIEW: Tone.REVIEW,
    ApplicationState.RETURNED: Tone.PROBLEM,
    ApplicationState.ACCREDITED: Tone.OK,
    ApplicationState.REJECTED: Tone.PROBLEM,
    ApplicationState.WITHDRAWN: Tone.DRAFT,
}
STATUS_TONES = {
    CustomerStatus.ACCREDITED: Tone.OK,
    CustomerStatus.SUSPENDED: Tone.SOON,
    CustomerStatus.DISQUALIFIED: Tone.PROBLEM,
}
VERDICT_TONES = {
    Verdict.SUBMIT: Tone.REVIEW,
    Verdict.APPROVE: Tone.OK,
    Verdict.RETURN: Tone.PROBLEM,
    Verdict.REJECT: Tone.PROBLEM,
    Verdict.WITHDRAW: Tone.DRAFT,
    Verdict.UNDO: Tone.DRAFT,
}
CASE_TONES = {
    Outcome.OPEN: Tone.REVIEW,
    Outcome.RETURNED: Tone.PROBLEM,
    Outcome.APPROVED: Tone.OK,
    Outcome.REJECTED: Tone.PROBLEM,
    Outcome.WITHDRAWN: Tone.DRAFT,
}
BAND_TONES = {
    Band.EXPIRED: Tone.PROBLEM,
    Band.SOON: Tone.SOON,
    Band.NEAR: Tone.DRAFT,
    Band.VALID: Tone.OK,
}
LICENCE_TONES = {
    LicenceState.SUSPENDED: Tone.PROBLEM,
    LicenceState.IN_FORCE: Tone.OK,
    LicenceState.WAITING: Tone.REVIEW,
    LicenceState.RETURNED: Tone.PROBLEM,
    LicenceState.RENEWED: Tone.OK,
    LicenceState.NEXT: Tone.OK,
    LicenceState.LATER: Tone.DRAFT,
    LicenceState.REPLACED: Tone.DRAFT,
    LicenceState.REFUSED: Tone.DRAFT,
    LicenceState.DISQUALIFIED: Tone.PROBLEM,
}
LEVEL_TONES = {
    Level.AUCTION: Tone.DRAFT,
    Level.ORDINARY: Tone.DRAFT,
    Level.ONE_STAR: Tone.STRATEGIC,
    Level.TWO_STAR: Tone.STRATEGIC,
    Level.THREE_STAR: Tone.STRATEGIC,
}
COMPLAINT_TONES = {
    ComplaintState.OVERDUE: Tone.PROBLEM,
    ComplaintState.OPEN: Tone.REVIEW,
    ComplaintState.LATE: Tone.SOON,
    ComplaintState.CLOSED: Tone.OK,
}
OUTCOME_TONES = {
    TierOutcome.RAISED: Tone.OK,
    TierOutcome.AUCTION_EXIT: Tone.OK,
    TierOutcome.LOWERED: Tone.SOON,
    TierOutcome.BLOCKED: Tone.SOON,
    TierOutcome.MISSING: Tone.PROBLEM,
}
GRADE_TONES = {
    Grade.EXCELLENT: Tone.OK,
    Grade.GOOD: Tone.OK,
    Grade.PASS: Tone.DRAFT,
    Grade.FAIL: Tone.PROBLEM,
    Grade.INSUFFICIENT: Tone.SOON,
}


def choices(members: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    """The stored values of an enumeration with their words, for the filter of a column."""
    return tuple((str(member), label(member)) for member in members)


def case_kinds() -> dict[str, str]:
    """What is reviewed, by the name of its chain."""
    return {name: words.chain(name) for name in CHAINS}


def waited(days: int) -> str:
    """How long something has waited, by the working days since."""
    return _("{days} working days", days=days) if days else _("since today")


def days_left(days: int | None) -> str:
    """How far a paper is from its last valid day."""
    if days is None:
        return _("unlimited")
    if days < 0:
        return _("expired {days} days ago", days=-days)
    return _("{days} days left", days=days) if days else _("ends today")


def complaint_left(row: ComplaintRow) -> str:
    """How far an open complaint is from its last day, in working days; "" for a closed one."""
    days = row.days
    if row.state is ComplaintState.OVERDUE:
        overdue = _("{days} {days:workday|workdays} overdue", days=days)
        return overdue if days else _("overdue")
    if row.state is not ComplaintState.OPEN:
        return ""
    if not days:
        return _("due today, {time}", time=row.due.ends.strftime("%H:%M"))
    return _("{days} {days:workday|workdays} left", days=days)


def complaint_due(row: ComplaintRow) -> str:
    """By when a complaint is due, and why."""
    due = row.due
    told = _("{moment}: {days} {days:working day|working days} for \"{severity}\"",
             moment=due.ends.strftime("%Y-%m-%d %H:%M"), days=due.working_days,
             severity=label(row.severity))  # fmt: skip
    if due.from_next_day:
        told = _("{due}, the day of receipt not counted", due=told)
    return told if due.day.firm else _("{due}; the holidays are not confirmed yet", due=told)


def paper_left(row: PaperRow) -> str:
    """How far a paper is from its last valid day, as long as anybody follows it."""
    return days_left(row.days_left) if row.band else _("no longer watched")


def reminder(row: PaperRow) -> str:
    """The step of the reminder ladder that a paper has reached, "" before the first."""
    if row.step is None or row.days_left is None:
        return ""
    if row.days_left < 0:
        return label(Band.EXPIRED)
    return _("{days} days", days=row.step) if row.step else _("last day")


def answer_pairs(answers: Iterable[Answer]) -> list[tuple[str, str]]:
    """The conditions of a class with their answers, for a reader."""
    return [(label(condition), text or _("no answer")) for condition, text in answers]


def shown_name(group: GroupRow) -> str:
    """The name of a product group for the reader: its English one in an English window."""
    return named(group.name, group.name_en)


def stands(row: WaitingRow, days: int) -> str:
    """Where a case that waits for so many working days stands, in one line."""
    since = waited(days)
    if row.stage is StageName.APPLICANT:
        return _(
            "{number} · sent back to you · round {round} · waiting: {since}",
            number=row.number,
            round=row.round,
            since=since,
        )
    return " · ".join(filter(None, (_stands_at(row, since), signing_for(row))))


def signing_for(row: WaitingRow) -> str:
    """On whose behalf this person would sign a case, "" by the own role."""
    name = row.principal_name
    return _("you sign for {principal}", principal=name) if name else ""


def follows(row: WaitingRow, verdict: Verdict) -> str:
    """What a return or a rejection means, and on whose behalf it would be signed."""
    if verdict is not Verdict.RETURN:
        what = _("It ends here and cannot be taken up again.")
    elif len(CHAINS[row.kind].stages) == 1:
        what = _("It goes back for correction; then it is decided again.")
    else:
        what = _("It goes back for correction; then every stage decides again.")
    return "\n".join(filter(None, (what, signing_for(row))))


def _stands_at(row: WaitingRow, since: str) -> str:
    stages = [stage.name for stage in CHAINS[row.kind].stages]
    return _(
        "{number} · {stage} ({step}/{steps}) · round {round} · from {owner} · waiting: {since}",
        number=row.number,
        stage=label(row.stage),
        step=stages.index(row.stage) + 1,
        steps=len(stages),
        round=row.round,
        owner=row.owner_name,
        since=since,
    )


def further_line(of: FurtherOf) -> str:
    """Whose further class it is, and the classes there are; the name alone where they are not shown
    to this person."""
    if not of.code:
        return of.name
    held = _("; ").join(
        " ".join(filter(None, (each.group, label(each.customer_class), each.region)))
        for each in of.classes
    )
    return _("{code} {name} has: {classes}", code=of.code, name=of.name, classes=held)
