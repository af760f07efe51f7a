"""What the home page reads: what waits for this person, card by card, most urgent first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chemsales.config import data_dir
from chemsales.queries import accreditation, calendar, cooperation, offtake
from chemsales.queries.offtake import MonthState
from chemsales.rules import roles
from chemsales.rules.customer import ApplicationState
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import month_of, previous_month
from chemsales.rules.roles import Action, Actor
from chemsales.words import _, label
from ui.wording import waited
from ui.work.approvals import waiting_cases

BACKUP_DAYS = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: where it is done (place and target inside it)."""

    text: str
    remark: str
    place: str
    target: object = None


@dataclass(frozen=True, slots=True)
class Card:
    """A heading, the lines behind its number, and the sentence where there is none."""

    key: str
    title: str
    lines: tuple[Line, ...]
    empty: str


def cards(actor: Actor, today: date) -> list[Card]:
    """The cards of this person's roles."""
    return [
        make(actor, today)
        for actions, make in _MAKERS
        if any(not roles.blockers(actor, action) for action in actions)
    ]


def _waiting(actor: Actor, today: date) -> Card:
    lines = tuple(
        Line(
            row.title,
            f"{label(row.stage)}, {waited(row.since, today)}",
            "approvals",
            row.key,
        )
        for row in waiting_cases(actor)
    )
    return Card("waiting", _("Waits for me"), lines, _("Nothing waits for your decision."))


def _own(actor: Actor, state: ApplicationState) -> list[accreditation.ApplicationRow]:
    rows = accreditation.applications(actor, "", (state,))
    return [row for row in rows if row.manager == actor.login]


def _drafts(actor: Actor, today: date) -> Card:
    lines = tuple(
        Line(
            row.name or _("(no name yet)"),
            waited(row.created_at, today),
            "customers",
            ("application", row.id),
        )
        for row in _own(actor, ApplicationState.DRAFT)
    )
    return Card("drafts", _("My drafts"), lines, _("No draft is open."))


def _in_review(actor: Actor, today: date) -> Card:
    lines = tuple(
        Line(
            row.name,
            f"{label(row.stage) if row.stage else ''}, {waited(row.moved_at, today)}",
            "customers",
            ("application", row.id),
        )
        for row in _own(actor, ApplicationState.IN_REVIEW)
    )
    return Card("review", _("My applications in review"), lines, _("None is in review."))


def _months(actor: Actor, today: date) -> Card:
    """Finished months with pick-ups that are not closed yet."""
    lines = tuple(
        Line(
            row.month,
            _(
                "{tonnes} t, {count} customers",
                tonnes=format_tonnes(row.take_kg),
                count=row.customers,
            ),
            "tiers",
            row.month,
        )
        for row in reversed(offtake.months(actor))
        if row.state is MonthState.OPEN and row.take_kg and row.month < month_of(today)
    )
    return Card("months", _("Months to close"), lines, _("Every finished month is closed."))


def _unconfirmed(actor: Actor, today: date) -> Card:
    month = previous_month(month_of(today))
    lines = tuple(
        Line(row.name, _("{score} points", score=row.score), "tiers", month)
        for row in cooperation.ratings(actor, month)
        if row.rating_id is not None and row.score is not None and not row.confirmed_by
    )
    title = _("Cooperation of {month} to confirm", month=month)
    return Card("confirm", title, lines, _("No rating waits for confirmation."))


def _unrated(actor: Actor, today: date) -> Card:
    month = previous_month(month_of(today))
    lines = tuple(
        Line(row.name, row.code, "tiers", month)
        for row in cooperation.ratings(actor, month)
        if row.rating_id is None and row.manager == actor.login
    )
    title = _("Cooperation of {month} to rate", month=month)
    return Card("rate", title, lines, _("All my customers are rated."))


def _newest_backup() -> Path | None:
    found = sorted((data_dir() / "backups").glob("chemsales-*.db"))
    return found[-1] if found else None


def _upkeep(actor: Actor, today: date) -> Card:
    """What an administrator has to see to: a backup of this week, firm calendars."""
    lines = []
    newest = _newest_backup()
    age = None if newest is None else (today - date.fromtimestamp(newest.stat().st_mtime)).days
    if age is None:
        lines.append(Line(_("There is no backup yet"), _("Backup"), "settings", "backup"))
    elif age > BACKUP_DAYS:
        text = _("The newest backup is {days} days old", days=age)
        lines.append(Line(text, _("Backup"), "settings", "backup"))
    firm = {row.year for row in calendar.years(actor) if row.official}
    wanted = [today.year] if today.month < 12 else [today.year, today.year + 1]
    for year in wanted:
        if year not in firm:
            text = _("The holidays of {year} are not confirmed", year=year)
            lines.append(Line(text, _("Working-day calendar"), "settings", "calendar"))
    return Card("upkeep", _("Upkeep"), tuple(lines), _("Nothing has to be seen to."))


_MAKERS: tuple[tuple[tuple[Action, ...], Callable[[Actor, date], Card]], ...] = (
    ((Action.ACCREDITATION_DECIDE, Action.APPLICATION_EDIT), _waiting),
    ((Action.APPLICATION_EDIT,), _drafts),
    ((Action.APPLICATION_EDIT,), _in_review),
    ((Action.COOPERATION_RATE,), _unrated),
    ((Action.MONTH_CLOSE,), _months),
    ((Action.COOPERATION_CONFIRM,), _unconfirmed),
    ((Action.BACKUP,), _upkeep),
)
