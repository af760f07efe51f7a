"""Reasons as sentences, each with its article one click away."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.rules.errors import Reason
from chemsales.words import say
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel


class ReasonsLabel(QWidget):
    """Reasons as sentences one under the other, each with a button that opens its article."""

    def __init__(self, reasons: Iterable[Reason] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self.show_reasons(reasons)

    def show_reasons(self, reasons: Iterable[Reason], role: str = "") -> None:
        """Show these in place of those before; `role` as in PlainLabel."""
        while (item := self._rows.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().deleteLater()
        for reason in reasons:
            self._rows.addWidget(PlainLabel(say(reason), role=role, wrap=True))
            if reason.clause:
                article = ArticleButton(reason.clause)
                self._rows.addWidget(article, 0, Qt.AlignmentFlag.AlignLeft)
