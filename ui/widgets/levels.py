"""Levels after a month: the columns of their tables, and why one is what it is, with articles."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.tiers import TierRow
from chemsales.rules.numbers import format_tonnes
from chemsales.words import _, label, say
from ui import theme
from ui.tables.columns import Column
from ui.widgets.article import ArticleButton
from ui.widgets.facts import clear
from ui.widgets.labels import PlainLabel
from ui.wording import LEVEL_TONES, OUTCOME_TONES


class LevelReasons(QWidget):
    """Why a level is what it is: sentences with their articles and the rule edition."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, theme.scaled(8), 0)
        self._column.setSpacing(theme.scaled(4))

    def show_row(self, row: TierRow | None) -> None:
        """Explain this result; None empties the place."""
        clear(self._column)
        if row is None:
            self._column.addWidget(PlainLabel(_("Choose a line to see its reasons."), "quiet"))
            self._column.addStretch(1)
            return
        title = f"{row.name}  {row.month}"
        self._column.addWidget(PlainLabel(title, role="section", wrap=True))
        tonnes = _("{tonnes} t", tonnes=format_tonnes(row.kg))
        self._column.addWidget(PlainLabel(tonnes, role="quiet"))
        for reason in row.reasons:
            self._column.addWidget(PlainLabel(say(reason), wrap=True))
            if reason.clause:
                article = ArticleButton(reason.clause, row.edition)
                self._column.addWidget(article, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)


def level_columns(form: bool = False) -> list[Column]:
    """The columns of levels after a month; with `form` that of sale too."""
    columns = [
        Column(_("Tonnes"), lambda row: row.kg, lambda row: format_tonnes(row.kg), number=True),
        Column(_("Level before"), lambda row: label(row.level_before)),
        Column(
            _("Level after"),
            lambda row: list(LEVEL_TONES).index(row.level_after),
            lambda row: label(row.level_after),
            tone=lambda row: LEVEL_TONES[row.level_after],
        ),
        Column(
            _("What happened"),
            lambda row: label(row.outcome),
            tone=lambda row: OUTCOME_TONES.get(row.outcome),
            stretch=True,
        ),
    ]
    if form:
        columns.insert(3, Column(_("Form of sale"), lambda row: label(row.form_after)))
    return columns
