"""Whom an application may be a second one of: each party once, a customer's card one click away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.words import _
from ui import theme
from ui.actions import button, plain_tip
from ui.forms.application import place_name
from ui.text import dotted
from ui.widgets.article import ArticleButton
from ui.widgets.facts import clear
from ui.widgets.labels import PlainLabel
from ui.work.application import Twin

LONGEST = 360  # pixels of a name, at 100 %


class TwinsView(QWidget):
    """`show_twins(twins)`: who it is, and the fields that are the same or alike, under which the
    sentences stand. `opened(key)` where the name of a customer is pressed."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.scaled(4))

    def show_twins(self, twins: Sequence[Twin]) -> None:
        """Show these in place of those before."""
        clear(self._column)
        for twin in twins:
            self._column.addWidget(self._row(twin))
        clauses = dict.fromkeys(twin.clause for twin in twins)
        for clause in filter(None, clauses):
            self._column.addWidget(ArticleButton(clause), 0, Qt.AlignmentFlag.AlignLeft)

    def _row(self, twin: Twin) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.scaled(8))
        names = list(dict.fromkeys(filter(None, map(place_name, twin.places))))
        alike = _("the same or alike: {fields}", fields=_(", ").join(names))
        words = PlainLabel(dotted((twin.standing, alike)), role="warning", wrap=True)
        row.addWidget(self._name(twin), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return made

    def _name(self, twin: Twin) -> QWidget:
        """What it is called, no longer than there is room; a link where its card may be seen."""
        called = f"{twin.number} {twin.name}"
        elided = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(called, elided, theme.scaled(LONGEST))
        if twin.customer is None:
            label = PlainLabel(text, role="warning")
            label.setToolTip(plain_tip(called))
            label.setAccessibleName(called)
            return label
        tip = _("Open the card of {name}; what you typed is kept.", name=called)
        return button(text, partial(self.opened.emit, twin.customer), "link", tip, called)
