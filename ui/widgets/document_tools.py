"""The bar above the pages of a document: page, size, turning; the same wherever pages are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QAction, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from chemsales.words import _
from ui import theme
from ui.actions import button, plain_button
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
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._tool("▲", _("Previous page"), lambda: view.go_to(view.page - 1))
        self._make_number()
        self._tool("▼", _("Next page"), lambda: view.go_to(view.page + 1))
        self._tool("−", _("Zoom out (-)"), lambda: view.zoom_by(1 / STEP))
        self.percent = PlainLabel("", role="quiet")
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.percent.setMinimumWidth(self.percent.fontMetrics().horizontalAdvance("600 %"))
        self.row.addWidget(self.percent)
        self._tool("+", _("Zoom in (+)"), lambda: view.zoom_by(STEP))
        wide, whole = partial(view.set_fit, Fit.WIDTH), partial(view.set_fit, Fit.PAGE)
        self.width_button = self._tool(_("Width"), _("Fit the width (W)"), wide)
        self.page_button = self._tool(_("Page"), _("Fit the whole page (P)"), whole)
        self._tool("1:1", _("Actual size (1)"), lambda: view.zoom_to(1.0))
        self.seldom = self.buttons[-3:]
        if turns:
            self.seldom.append(self._tool(_("Turn"), _("Turn clockwise (R)"), view.rotate))
            self._choice(_("Magnifying glass (Z)"), lambda: view.magnify(not view.magnifying))
        for made in (self.width_button, self.page_button):
            made.setCheckable(True)
        view.page_changed.connect(self.say)
        view.zoom_changed.connect(self.say)
        self.say()

    def _tool(self, text: str, name: str, slot: Callable[[], object]) -> QPushButton:
        made = button(text, slot, "tool", name, name)
        self.buttons.append(made)
        self.row.addWidget(made)
        self._choice(name, slot)
        return made

    def fold(self, low: bool) -> None:
        """Where the pages have little room, leave to their menu what is seldom pressed."""
        for made in self.seldom:
            made.setVisible(not low)

    def _choice(self, name: str, slot: Callable[[], object]) -> None:
        """Offer it in the menu that the right button or the menu key opens on the pages."""
        made = QAction(plain_button(name), self.view)
        made.triggered.connect(lambda _checked=False: slot())
        self.view.addAction(made)

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

    def say(self, *_: object) -> None:
        """Show where the view stands."""
        view = self.view
        there = view.pages > 0
        self.number.setText(str(view.page + 1) if there else "")
        self.number.setEnabled(there)
        self.of.setText(f"/ {view.pages}" if there else "")
        self.percent.setText(f"{round(view.zoom * 100)} %" if there else "")
        for made in self.buttons:
            made.setEnabled(there)
        self.width_button.setChecked(there and view.fit is Fit.WIDTH)
        self.page_button.setChecked(there and view.fit is Fit.PAGE)
