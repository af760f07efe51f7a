"""The bar above the pages of a document: page, size, turning; the same wherever pages are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from chemsales.words import _
from ui import actions, theme
from ui.actions import Act, button_for
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import PlainLabel
from ui.widgets.pages_view import STEP, Fit, PagesView


class DocumentTools(QWidget):
    """Drives a PagesView: "n of m" with n to type over, zoom, fits, actual size, turn; the same and
    the magnifying glass in the menu of the pages.

    More buttons may be added to `row`.
    """

    def __init__(self, view: PagesView, turns: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.row = FlowLayout(theme.scaled(4), self)
        self.buttons: list[QPushButton] = []
        self.acts: list[Act] = []
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._tool("previous_page", "▲", lambda: view.go_to(view.page - 1))
        self._make_number()
        self._tool("next_page", "▼", lambda: view.go_to(view.page + 1))
        self._tool("smaller", "−", lambda: view.zoom_by(1 / STEP))
        self.percent = PlainLabel("", role="quiet")
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.percent.setMinimumWidth(self.percent.fontMetrics().horizontalAdvance("600 %"))
        self.row.addWidget(self.percent)
        self._tool("larger", "+", lambda: view.zoom_by(STEP))
        wide, whole = partial(view.set_fit, Fit.WIDTH), partial(view.set_fit, Fit.PAGE)
        self.width_button = self._tool("width", _("Width"), wide)
        self.page_button = self._tool("page", _("Page"), whole)
        self._tool("actual", "1:1", lambda: view.zoom_to(1.0))
        self.seldom = self.buttons[-3:]
        if turns:
            self.seldom.append(self._tool("turn", _("Turn"), view.rotate))
        else:
            self._act("turn", view.rotate)
        self._act("glass", lambda: view.magnify(not view.magnifying))
        for made in (self.width_button, self.page_button):
            made.setCheckable(True)
        view.page_changed.connect(self.say)
        view.zoom_changed.connect(self.say)
        self.say()

    def _act(self, name: str, slot: Callable[[], object]) -> Act:
        """Make it live on the pages: its key, and the menu of the right button or the menu key."""
        made = actions.make(f"papers.{name}", self.view, slot)
        self.acts.append(made)
        return made

    def _tool(self, name: str, sign: str, slot: Callable[[], object]) -> QPushButton:
        made = button_for(self._act(name, slot), "tool", sign)
        self.buttons.append(made)
        self.row.addWidget(made)
        return made

    def fold(self, low: bool) -> None:
        """Where the pages have little room, leave to their menu what is seldom pressed."""
        for made in self.seldom:
            made.setVisible(not low)

    def _make_number(self) -> None:
        self.number = QLineEdit()
        self.number.setAccessibleName(_("Page number"))
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setValidator(QRegularExpressionValidator(QRegularExpression(r"[0-9]{0,5}")))
        self.number.setFixedWidth(self.number.fontMetrics().horizontalAdvance("0000") + 16)
        self.number.editingFinished.connect(self._go)
        self.of = PlainLabel("", role="quiet")
        self.row.addWidget(self.number)
        self.row.addWidget(self.of)

    def _go(self) -> None:
        typed = int(self.number.text() or 0)
        if typed != self.view.page + 1:
            self.view.go_to(min(max(typed, 1), self.view.pages) - 1)
        self.say()

    def say(self, *_said: object) -> None:
        """Show where the view stands."""
        view = self.view
        there = view.pages > 0
        self.number.setText(str(view.page + 1) if there else "")
        self.number.setEnabled(there)
        self.of.setText(f"/ {view.pages}" if there else "")
        self.percent.setText(f"{round(view.zoom * 100)} %" if there else "")
        for act in self.acts:
            act.block("" if there else _("No page is shown."))
        self.width_button.setChecked(there and view.fit is Fit.WIDTH)
        self.page_button.setChecked(there and view.fit is Fit.PAGE)
