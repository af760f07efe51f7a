"""One automatic check as a reviewer reads it: how it came out, and what it says."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chemsales.queries.checks import CheckResult, CheckRow
from chemsales.words import label, say
from ui.theme import Tone
from ui.widgets.article import ArticleButton
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Badge, PlainLabel

RESULT_TONES = {
    CheckResult.PASSED: Tone.OK,
    CheckResult.LOOK: Tone.SOON,
    CheckResult.WRONG: Tone.PROBLEM,
}


class CheckLine(QWidget):
    """A badge, the sentence, and below it what can be done about it and the article."""

    def __init__(
        self, row: CheckRow, actions: Sequence[QPushButton] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        badge = Badge(label(row.result), RESULT_TONES[row.result])
        line.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(say(row.reason), wrap=True))
        links = FlowLayout(4)
        for action in actions:
            links.addWidget(action)
        if row.result is not CheckResult.PASSED and row.reason.clause:
            links.addWidget(ArticleButton(row.reason.clause))
        words.addLayout(links)
        line.addLayout(words, 1)
