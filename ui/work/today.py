"""What the home page reads: what waits for this person, card by card, most urgent first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chemsales.config import data_dir
from chemsales.queries import accreditation, calendar
from chemsales.rules import roles
from chemsales.rules.customer import ApplicationState
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
    found = []
    for action, make in _MAKERS:
        if not roles.blockers(actor, action):
            found.append(make(actor, today))
    return found


def _waiting(actor: Actor, today: date) -> Card:
    lines = tuple(
        Line(
            row.title,
            f"{label(row.stage)}, {waited(row.since, today)}",
            "approvals",
            row.id if row.kind == "accreditation" else None,
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


_MAKERS: tuple[tuple[Action, Callable[[Actor, date], Card]], ...] = (
    (Action.READ, _waiting),
    (Action.APPLICATION_EDIT, _drafts),
    (Action.APPLICATION_EDIT, _in_review),
    (Action.BACKUP, _upkeep),
)
