"""Where a case stands, in a line: each stage with who decided what and when, and whose turn it
is."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.course import Course, Step
from chemsales.rules.approval import Outcome
from chemsales.rules.calendar import company_day
from chemsales.words import _, label
from ui import theme
from ui.text import day, dotted
from ui.theme import Tone
from ui.widgets.facts import clear
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Badge, PlainLabel
from ui.wording import CASE_TONES, VERDICT_TONES, waited


class CourseView(QWidget):
    """`show_course(course)`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_course(self, course: Course) -> None:
        """Show this in place of what was shown before."""
        clear(self._column)
        made = QWidget()
        line = FlowLayout(theme.scaled(8), made)
        for place, step in enumerate(course.steps):
            if place:
                line.addWidget(PlainLabel("→", role="quiet"))
            line.addWidget(_step(step, course))
        if course.outcome is not Outcome.OPEN:
            line.addWidget(PlainLabel("→", role="quiet"))
            line.addWidget(_ended(course))
        self._column.addWidget(made)


def _step(step: Step, course: Course) -> QWidget:
    stage, given = label(step.stage), step.decision
    if step.turn:
        return Badge(dotted((stage, _("waiting: {since}", since=waited(course.waited)))), Tone.SOON)
    if given is None:
        return PlainLabel(stage, role="quiet")
    signed = day(company_day(given.signed_at))
    words = (stage, given.signature, label(given.verdict), signed)
    return Badge(dotted(words), VERDICT_TONES[given.verdict])


def _ended(course: Course) -> Badge:
    """How it stands that no stage has it."""
    words = [label(course.outcome)]
    if course.outcome is Outcome.RETURNED:
        words.append(_("waiting: {since}", since=waited(course.waited)))
    return Badge(dotted(words), CASE_TONES[course.outcome])
