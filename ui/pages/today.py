"""Today: what waits for this person, in cards whose number is the number of lines in them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from chemsales.rules.errors import ChemsalesError
from chemsales.services.changes import Subject
from chemsales.words import _, say_all
from ui import theme
from ui.actions import button, button_for
from ui.context import Context
from ui.forms.date_field import weekday_name
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import dotted, when
from ui.theme import Tone
from ui.widgets.labels import EmptyState, PlainLabel
from ui.widgets.scrolled import scrolled
from ui.work.today import Card, Line, cards

COLUMNS = 2
WIDE = 980  # pixels at 100 % from which on there is room for them
MOST, MOST_ALONE = 8, 16  # lines that are seen of a card among others, of the only one


class CardView(QFrame):
    """A card: heading, number, lines; a click or Enter on a line goes to where it is done, one on
    the heading to the list that has these lines."""

    def __init__(self, context: Context, card: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.card = context, card
        self.setObjectName("card")
        self.heading = self._heading()
        self.number = PlainLabel(str(card.number), role="figure")
        self.number.setAccessibleName(f"{card.title}: {card.number}")
        for part in (self.heading, self.number):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.number)
        self.table = Grid(
            [
                Column("", lambda line: line.text, stretch=True),
                Column(
                    "",
                    lambda line: line.remark,
                    tone=lambda line: Tone.PROBLEM if line.late else None,
                ),
            ],
            empty=card.empty,
            sortable=False,
            name=card.title,
        )
        self.table.horizontalHeader().hide()
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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

    def show_lines(self, most: int) -> None:
        """Be as tall as the lines, or as so many of them; the others are scrolled to."""
        height = self.table.verticalHeader().defaultSectionSize()
        below = theme.scaled(6) if self.card.number <= most else 0  # no edge of the next line
        self.table.setFixedHeight(height * min(self.card.number, most) + below)

    def _heading(self) -> QWidget:
        if not self.card.place:
            return PlainLabel(self.card.title, role="section")
        made = button(self.card.title, self.go_to_list, "link", _("Open the list"))
        made.setFont(theme.font("section", bold=True))
        return made

    def go(self, line: Line | None) -> None:
        """Go to where this line is done."""
        if line is not None:
            self.context.go.emit(line.place, line.target)

    def go_to_list(self) -> None:
        """Go to the list that has these lines."""
        self.context.go.emit(self.card.place, self.card.target)


class TodayPage(Page):
    """The cards of the person's roles that have lines, the late ones first; below them what needs
    nothing. Enter begins with the first line of the first card."""

    subjects = frozenset(Subject)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        context.looked.connect(self.renew)
        self._take_day()
        self._read_at = ""
        self.start_button = button_for(self.act("today.start", self.start), "primary")
        self.add_button(self.start_button)
        self.notice = PlainLabel("", role="warning", wrap=True)
        self.notice.hide()
        self.body.addWidget(self.notice)
        self.cards: list[Card] = []
        self.views: list[CardView] = []
        inside = QWidget()
        self.grid = QGridLayout()
        self.grid.setSpacing(16)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.grid)
        column.addStretch(1)
        self.area = scrolled(inside, _("Today"))
        self.body.addWidget(self.area, 1)
        self.empty = EmptyState(self.empty_text())
        self.empty.hide()
        self.body.addWidget(self.empty, 1)
        self.nothing = PlainLabel("", role="quiet", wrap=True)
        self.body.addWidget(self.nothing)
        self.acts["today.start"].block(self.empty_text())

    def title(self) -> str:
        return _("Today")

    def empty_text(self) -> str:
        return _("Nothing waits for you today.")

    def _take_day(self) -> None:
        """The page is of this day, which it says beside its heading."""
        self.today = self.context.session.today()
        self.remark.setText(f"{self.today.isoformat()} {weekday_name(self.today)}")

    def refresh(self) -> None:
        self._take_day()  # the window may have been left open overnight
        self.context.read(cards, self.today, done=self._show, failed=self._failed)

    def start(self) -> None:
        """Go to the first thing that waits."""
        if self.views:
            self.views[0].go(self.views[0].card.lines[0])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.context.session.today() != self.today:
            self.refresh()
        self._focus_first()

    def _failed(self, error: ChemsalesError) -> None:
        """What was read before stays, with its time."""
        why = say_all(error, " ")
        if self._read_at:
            why = _("As of {time}: {why} F5 tries again.", time=self._read_at, why=why)
        self.notice.setText(why)
        self.notice.show()

    def _show(self, found: list[Card]) -> None:
        self._read_at = when(self.context.session.now())[-5:]
        self.notice.hide()
        free = self._focus_is_free()  # asked before the cards go: hiding them moves the focus on
        for view in self.views:
            self.grid.removeWidget(view)
            view.hide()
            view.deleteLater()
        self.cards = found
        self.views = [CardView(self.context, card) for card in found if card.lines]
        for view in self.views:
            view.show_lines(MOST if len(self.views) > 1 else MOST_ALONE)
        self._place()
        idle = [card.empty for card in found if not card.lines]
        self.area.setVisible(bool(self.views))
        self.empty.setVisible(not self.views)
        self.empty.set_text("\n".join([self.empty_text(), "", *idle]) if not self.views else "")
        self.nothing.setText(dotted(idle))
        self.nothing.setVisible(bool(self.views and idle))
        self.acts["today.start"].block("" if self.views else self.empty_text())
        self._focus_first(free)

    def _place(self) -> None:
        """Put the cards beside each other where there is room, else one under the other."""
        wide = self.width() >= theme.scaled(WIDE)
        across = COLUMNS if wide and len(self.views) > 1 else 1
        for number, view in enumerate(self.views):
            where = number // across, number % across
            self.grid.addWidget(view, *where, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _focus_is_free(self) -> bool:
        """Not while the person types in the search or in a dialog over the page."""
        focused = self.window().focusWidget()
        free = focused is None or not focused.isVisible() or self.isAncestorOf(focused)
        return free or isinstance(focused, QPushButton)

    def _focus_first(self, free: bool = False) -> None:
        if self.views and self.isVisible() and (free or self._focus_is_free()):
            self.views[0].table.select_first()
            self.views[0].table.setFocus(Qt.FocusReason.OtherFocusReason)
