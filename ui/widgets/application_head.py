"""What stands above the form of an application: number, state, where its review stands and what was
said on it, likely twins."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.queries.accreditation import ApplicationDetail
from chemsales.queries.course import Course
from chemsales.queries.further import FurtherOf
from chemsales.queries.readmission import Readmission
from chemsales.rules.approval import Outcome
from chemsales.rules.customer import ApplicationState
from chemsales.words import _, label
from ui.text import day, when
from ui.widgets.course import CourseView
from ui.widgets.decisions import DecisionsView
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.scrolled import AtMost
from ui.widgets.twins import TwinsView
from ui.wording import STATE_TONES, further_line
from ui.work.application import Twin, last_return

MOST_TWINS = 3  # parties that are named above the form; all of them stand under their fields
TWINS_HEIGHT, SAID_HEIGHT = 160, 150
EDITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)


class ApplicationHead(QWidget):
    """Which application this is; `saved` says when it was stored last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = PlainLabel("", role="section")
        self.state = Badge()
        self.saved = PlainLabel("", role="quiet")
        self.further = PlainLabel("", wrap=True)
        self.further.hide()
        self.returned = PlainLabel("", role="problem", wrap=True)
        self.course, self.decisions = CourseView(), DecisionsView()
        self.course.hide()
        self.twins = TwinsView()
        self.more = PlainLabel("", role="quiet")
        self.more.hide()
        row = QHBoxLayout()
        row.addWidget(self.number)
        row.addWidget(self.state)
        row.addStretch(1)
        row.addWidget(self.saved)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.further)
        column.addWidget(self.course)
        self._said = AtMost(self.decisions, _("Opinions so far"), SAID_HEIGHT)
        self._said.hide()
        column.addWidget(self._said)
        column.addWidget(self.returned)
        self._seen = AtMost(self.twins, _("Reasons"), TWINS_HEIGHT)
        self._seen.hide()
        column.addWidget(self._seen)
        column.addWidget(self.more)

    def show_further(self, of: FurtherOf) -> None:
        """Say of which customer it is, and that its file is changed elsewhere."""
        said = _("What stands in the file is changed on the customer's card.")
        self.further.setText(f"{further_line(of)}\n{said}")
        self.further.show()

    def show_again(self, again: Readmission) -> None:
        """Say of which disqualified customer it takes over the file, and what is given anew."""
        told = _(
            "Admission anew of {name} ({code}), disqualified on {day} by {number}.",
            name=again.name,
            code=again.code,
            day=day(again.decided_on),
            number=again.number,
        )
        said = _(
            "Facts, contacts and classes of its file are filled in and can be changed. Papers, and "
            "the conditions of each class, are to be given anew; its approval makes a new customer."
        )
        self.further.setText(f"{told}\n{said}")
        self.further.show()

    def show_detail(self, detail: ApplicationDetail | None) -> None:
        """Show a stored application, or that this is a new one (None)."""
        state = detail.state if detail else ApplicationState.DRAFT
        self.number.setText(detail.number if detail else _("New application"))
        self.state.show_status(label(state), STATE_TONES[state])
        returned = last_return(detail) if detail and state in EDITABLE else None
        self.returned.setVisible(returned is not None)
        if returned is not None:
            self.returned.setText(
                _(
                    "Returned by {name} ({stage}), {when}: {comment}",
                    name=returned.signature,
                    stage=label(returned.stage),
                    when=when(returned.signed_at),
                    comment=returned.comment,
                )
            )

    def show_course(self, course: Course) -> None:
        """Say where its review stands, and what was said on it: while it is corrected the words of
        the return stand below."""
        self.course.show_course(course)
        self.course.show()
        self.decisions.show_decisions(course.decisions)
        self._said.setVisible(course.outcome is not Outcome.RETURNED)
        self._said.updateGeometry()

    def show_twins(self, found: Sequence[Twin]) -> None:
        """Warn of customers or applications that this one may repeat."""
        self.twins.show_twins(found[:MOST_TWINS])
        self._seen.setVisible(bool(found))
        self._seen.updateGeometry()
        left = len(found) - MOST_TWINS
        self.more.setText(_("… and {count} more", count=left) if left > 0 else "")
        self.more.setVisible(left > 0)
