"""An own case as it stands, to be read only: what was put up, what the stages said."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.words import _, label
from ui import theme
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.text import when
from ui.widgets.cases import Cases
from ui.widgets.course import CourseView
from ui.widgets.labels import Badge, PlainLabel
from ui.wording import CASE_TONES, case_kinds
from ui.work.approvals import Looked


class CaseDialog(Dialog):
    """One of the kinds of `work.approvals.LOOKED_AT`."""

    help_place = "approvals"

    def __init__(self, context: Context, found: Looked, parent: QWidget | None = None) -> None:
        row = found.row
        super().__init__(case_kinds()[row.kind], parent)
        self.resize(theme.fitting(980, 620, parent))
        self.state = Badge()
        self.state.show_status(
            _("{state} · {time}", state=label(row.outcome), time=when(row.moved_at)),
            CASE_TONES[row.outcome],
        )
        self.body.addWidget(self.state)
        self.course = CourseView()
        self.course.show_course(found.course)
        self.body.addWidget(self.course)
        self.said = PlainLabel(row.comment, wrap=True)
        self.said.setVisible(bool(row.comment))
        self.body.addWidget(self.said)
        self.cases = Cases(context)
        self.cases.show_case(found.loaded)
        self.body.addWidget(self.cases, 1)
        self.close_only()
