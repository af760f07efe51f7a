"""The cards of the home page that come from licences and from those of exclusive agents."""

from __future__ import annotations

from chemsales.queries import licence_lists
from chemsales.queries.agent_licences import agents_on, to_be_licensed
from chemsales.queries.filtering import Request
from chemsales.queries.licence_lists import PaperRow, papers_of, reminded, suspended_now
from chemsales.queries.listing import begun
from chemsales.queries.undated import UndatedRow, undated_on, unwatched
from chemsales.queries.violations import of_recent, recent
from chemsales.rules.numbers import format_tonnes
from chemsales.words import _, label, named
from ui.text import day as text_of
from ui.wording import days_left
from ui.work.cards import MOST_LINES, Card, Day, Line
from ui.work.licences import own_login


def _papers(day: Day, request: Request) -> list[PaperRow]:
    return licence_lists.papers(day.actor, day.today, request)


def expiring(day: Day) -> Card:
    """Papers that have reached a step of the reminder ladder (C15.1), with the step: late from the
    last one before the day itself."""
    notice = licence_lists.notice_on(day.actor, day.today)
    asked = reminded(notice, own_login(day.actor))
    found = begun(day.actor, papers_of(day.today, notice), asked, MOST_LINES)
    lines = tuple(
        Line(
            row.name,
            f"{label(row.kind)} · {days_left(row.days_left)}" + _step(row),
            "licences",
            ("paper", row.id),
            (row.days_left or 0) <= notice.late,
        )
        for row in found.known
    )
    title = _("Licences that end within {days} days", days=notice.ahead)
    empty, target = _("No licence ends soon."), ("papers", asked)
    return Card("expiring", title, lines, empty, "licences", target, found.count)


def _step(row: PaperRow) -> str:
    return " · " + _("step {days}", days=row.step) if row.step else ""


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
    """What is required of own customers and has nothing on record that is valid by today, so that
    nobody watches it (C15.1); those that wait for acceptance are with others."""
    asked = unwatched(own_login(day.actor))
    found = begun(day.actor, undated_on(day.today), asked, MOST_LINES)
    if not found.count:
        return None
    lines = tuple(
        Line(row.name, _unwatched(row), "licences", ("undated", row.id)) for row in found.known
    )
    title = _("Required papers of which none is valid yet, which nobody watches")
    return Card("undated", title, lines, "", "licences", ("undated", asked), found.count)


def _unwatched(row: UndatedRow) -> str:
    if row.valid_from is None:
        return label(row.kind)
    return _("{paper} · valid from {day}", paper=label(row.kind), day=text_of(row.valid_from))


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
        for row in agents_on(day.actor, day.today, asked)
    )
    title = _("Exclusive agents to be licensed")
    empty = _("Every exclusive agent has its licence.")
    return Card("agents", title, lines, empty, "licences", ("agents", asked))


def violations(day: Day) -> Card | None:
    """What was picked up this month and the last while nothing was to be dealt with the customer
    (C15.2, C17.1)."""
    asked = of_recent(day.today, own_login(day.actor))
    found = begun(day.actor, recent(day.today), asked, MOST_LINES)
    if not found.count:
        return None
    target = ("violations", asked)
    lines = tuple(
        Line(
            row.name,
            _("{day} · {tonnes} t", day=text_of(row.day), tonnes=format_tonnes(row.kg)),
            "licences",
            target,
            late=True,
        )
        for row in found.known
    )
    title = _("Violations, this month and the last")
    return Card("violations", title, lines, "", "licences", target, found.count)
