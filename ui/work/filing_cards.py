"""The cards of what is to be reported, acknowledged and filed, and of what inspections found."""

from __future__ import annotations

from chemsales.queries import filing
from chemsales.queries.dispatch import change_days
from chemsales.queries.dispatch_lists import ITEMS, items_asked
from chemsales.queries.filtering import Request
from chemsales.queries.listing import begun, whole
from chemsales.rules.dispatch import DispatchState
from chemsales.rules.filing import FindingState
from chemsales.rules.roles import Role
from chemsales.words import _, label
from ui.text import day as text_of
from ui.work.cards import MOST_LINES, Card, Day, Line


def dispatches(day: Day) -> Card:
    """What was reported and is not acknowledged, of this person's to see to (C4.7): late where it
    was not even sent within the days that a file may take (C8.1)."""
    states = (DispatchState.UNSENT, DispatchState.SENT)
    finance = day.actor.holds(Role.FINANCE)  # which acknowledges what was sent to it
    asked = items_asked(*states[finance:], actor=day.actor)
    found = begun(day.actor, ITEMS, asked, MOST_LINES)
    allowed = change_days(day.actor, day.today)
    lines = tuple(
        Line(
            row.name,
            f"{row.office or label(row.recipient)} · {label(row.state)}",
            "filing",
            ("dispatch", row.id),
            row.state is DispatchState.UNSENT and day.waited(row.made_at) > allowed,
        )
        for row in found.known
    )
    title, empty = _("To be reported or acknowledged"), _("Everything reported is acknowledged.")
    return Card("dispatch", title, lines, empty, "filing", ("dispatch", asked), found.count)


def unfiled(day: Day) -> Card:
    """Customers in no filing, or changed since (C8.3)."""
    found = begun(day.actor, filing.UNFILED, Request(), MOST_LINES)
    lines = tuple(
        Line(row.name, label(row.why), "filing", ("unfiled", row.id)) for row in found.known
    )
    title, empty = _("To be filed"), _("Every customer is filed.")
    return Card("unfiled", title, lines, empty, "filing", ("unfiled", Request()), found.count)


def findings(day: Day) -> Card:
    """Findings of inspections that are overdue (C8.3), of the person responsible, of the sales head
    all."""
    login = "" if day.actor.holds(Role.SALES_HEAD) else day.actor.login
    asked = filing.findings_asked(FindingState.OVERDUE, login=login)
    lines = tuple(
        Line(
            row.words,
            _("{name} · due on {day}", name=row.responsible_name, day=text_of(row.due_on)),
            "filing",
            ("findings", row.id),
            late=True,
        )
        for row in whole(day.actor, filing.findings_of(day.today), asked)
    )
    title, empty = _("Findings that are overdue"), _("No finding is overdue.")
    return Card("findings", title, lines, empty, "filing", ("findings", asked))


def inspection(day: Day) -> Card:
    """That the parent department's next inspection is due (A.X 20)."""
    due = filing.inspection_due(day.actor, day.today)
    lines = ()
    if due is not None and due <= day.today:
        text = _("The parent department's inspection")
        remark = _("due on {day}", day=due.isoformat())
        lines = (Line(text, remark, "filing", "inspections", due < day.today),)
    title, empty = _("Inspection due"), _("No inspection is due.")
    return Card("inspection", title, lines, empty, "filing", "inspections")
