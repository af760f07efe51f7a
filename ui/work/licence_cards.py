"""The cards of the home page that come from licences and from those of exclusive agents."""

from __future__ import annotations

from chemsales.queries import licence_lists
from chemsales.queries.agent_licences import agents_of, to_be_licensed
from chemsales.queries.filtering import Request
from chemsales.queries.licence_lists import PaperRow, due_within, suspended_now
from chemsales.queries.listing import begun, whole
from chemsales.queries.undated import UNDATED, unwatched
from chemsales.rules.licences import Band
from chemsales.words import _, label, named
from ui.text import day as text_of
from ui.wording import days_left
from ui.work.cards import MOST_LINES, Card, Day, Line
from ui.work.licences import own_login

LAST_DAYS = 7  # the last but one step of the reminder ladder


def _papers(day: Day, request: Request) -> list[PaperRow]:
    return licence_lists.papers(day.actor, day.today, request)


def expiring(day: Day) -> Card:
    """Papers that end within the nearer band (C15.1): late in their last week."""
    asked = due_within((Band.SOON,), own_login(day.actor))
    lines = tuple(
        Line(
            row.name,
            f"{label(row.kind)} · {days_left(row.days_left)}",
            "licences",
            ("paper", row.id),
            (row.days_left or 0) <= LAST_DAYS,
        )
        for row in _papers(day, asked)
    )
    _near, soon = licence_lists.bands_on(day.actor, day.today)
    title = _("Licences that end within {days} days", days=soon)
    return Card("expiring", title, lines, _("No licence ends soon."), "licences", ("papers", asked))


def suspended(day: Day) -> Card:
    """Customers with whom dealings are suspended (C15.2), one line for each paper that lacks."""
    asked = suspended_now(own_login(day.actor))
    lines = tuple(
        Line(
            row.name,
            _("{paper} · since {day}", paper=label(row.kind), day=text_of(row.since)),
            "licences",
            ("paper", row.id),
            late=True,
        )
        for row in _papers(day, asked)
    )
    title, empty = _("Dealings suspended"), _("Dealings are suspended with no customer.")
    return Card("suspended", title, lines, empty, "licences", ("papers", asked))


def undated(day: Day) -> Card | None:
    """What is required of own customers and has no validity on record, so that nobody watches it
    (C15.1); those that wait for acceptance are with others."""
    asked = unwatched(own_login(day.actor))
    found = begun(day.actor, UNDATED, asked, MOST_LINES)
    if not found.count:
        return None
    lines = tuple(
        Line(row.name, label(row.kind), "licences", ("undated", row.id))
        for row in found.rows
        if row is not None
    )
    title = _("Papers without a validity, which nobody watches")
    return Card("undated", title, lines, "", "licences", ("undated", asked), found.count)


def agents(day: Day) -> Card:
    """Exclusive agents without a licence, or with one that ends soon (C10.5)."""
    asked = to_be_licensed()
    lines = tuple(
        Line(
            row.name,
            f"{named(row.group_name, row.group_name_en)} · {label(row.state)}",
            "licences",
            ("agent", row.id),
        )
        for row in whole(day.actor, agents_of(day.today), asked)
    )
    title = _("Exclusive agents to be licensed")
    empty = _("Every exclusive agent has its licence.")
    return Card("agents", title, lines, empty, "licences", ("agents", asked))
