"""Today: what waits for this person, in cards whose number is the number of lines in them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from chemsales.services.changes import Subject
from chemsales.words import _
from ui import theme
from ui.actions import button_for
from ui.context import Context
from ui.forms.date_field import weekday_name
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.widgets.labels import EmptyState, PlainLabel
from ui.work.today import Card, Line, cards

COLUMNS = 2


class CardView(QFrame):
    """A card: heading, number, lines; a click or Enter on a line goes to where it is done."""

    def __init__(self, context: Context, card: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.card = context, card
        self.setObjectName("card")
        self.heading = PlainLabel(card.title, role="section")
        self.number = PlainLabel(str(len(card.lines)), role="figure")
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.number)
        self.table = Grid(
            [
                Column("", lambda line: line.text, stretch=True),
                Column("", lambda line: line.remark),
            ],
            empty=card.empty,
            sortable=False,
            name=card.title,
        )
        self.table.horizontalHeader().hide()
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setProperty("bare", True)
        self.table.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.table.set_rows(card.lines)
        self.table.opened.connect(self.go)
        self.table.clicked.connect(lambda _index: self.go(self.table.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.scaled(14)] * 4)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def go(self, line: Line | None) -> None:
        """Go to where this line is done."""
        if line is not None:
            self.context.go.emit(line.place, line.target)


class TodayPage(Page):
    """The cards of the person's roles; Enter begins with the first line of the first card."""

    subjects = frozenset(Subject)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        today = context.session.today()
        self.remark.setText(f"{today.isoformat()} {weekday_name(today)}")
        self.start_button = button_for(self.act("today.start", self.start), "primary")
        self.add_button(self.start_button)
        self.views: list[CardView] = []
        self.grid = QGridLayout()
        self.grid.setSpacing(16)
        self.body.addLayout(self.grid, 1)
        self.empty = EmptyState(self.empty_text())
        self.body.addWidget(self.empty, 1)
        self.acts["today.start"].block(self.empty_text())

    def title(self) -> str:
        return _("Today")

    def empty_text(self) -> str:
        return _("Nothing waits for you today.")

    def refresh(self) -> None:
        self.context.read(cards, self.context.session.today(), done=self._show)

    def start(self) -> None:
        """Go to the first thing that waits."""
        view = next((view for view in self.views if view.card.lines), None)
        if view is not None:
            view.go(view.card.lines[0])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_first()

    def _show(self, found: list[Card]) -> None:
        for view in self.views:
            self.grid.removeWidget(view)
            view.hide()
            view.deleteLater()
        self.views = [CardView(self.context, card) for card in found]
        for number, view in enumerate(self.views):
            self.grid.addWidget(view, number // COLUMNS, number % COLUMNS)
        self.empty.setVisible(not found)
        waits = any(card.lines for card in found)
        self.acts["today.start"].block("" if waits else self.empty_text())
        self._focus_first()

    def _focus_first(self) -> None:
        view = next((view for view in self.views if view.card.lines), None)
        if view is not None and self.isVisible():
            view.table.select_first()
            view.table.setFocus(Qt.FocusReason.OtherFocusReason)
