"""The signatures of a case, round by round: who, which verdict, when, and in which words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.approval import DecisionRow
from chemsales.rules.approval import StageName, Verdict
from chemsales.words import _, label
from ui import theme
from ui.text import when
from ui.widgets.facts import clear
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Badge, PlainLabel
from ui.wording import VERDICT_TONES


class DecisionsView(QWidget):
    """`show_decisions(rows)`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_decisions(self, rows: Sequence[DecisionRow]) -> None:
        """Show these in place of those before."""
        clear(self._column)
        rounds = {row.round for row in rows}
        last = 0
        for row in rows:
            if len(rounds) > 1 and row.round != last:
                last = row.round
                self._column.addWidget(PlainLabel(_("Round {number}", number=last), role="quiet"))
            self._column.addWidget(_line(row))
            if row.comment:
                comment = PlainLabel(row.comment, wrap=True)
                comment.setContentsMargins(12, 0, 0, 0)
                comment.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._column.addWidget(comment)
            if row.marked.left:
                left = _(", ").join(label(item) for item in row.marked.left)
                said = PlainLabel(_("Not ticked: {lines}", lines=left), role="quiet", wrap=True)
                said.setContentsMargins(12, 0, 0, 0)
                self._column.addWidget(said)
        self._column.addStretch(1)


def _line(row: DecisionRow) -> QWidget:
    made = QWidget()
    line = FlowLayout(theme.scaled(8), made)
    line.addWidget(Badge(label(Verdict(row.verdict)), VERDICT_TONES[Verdict(row.verdict)]))
    line.addWidget(PlainLabel(label(StageName(row.stage))))
    line.addWidget(PlainLabel(row.signature))
    line.addWidget(PlainLabel(when(row.signed_at), role="quiet"))
    return made
