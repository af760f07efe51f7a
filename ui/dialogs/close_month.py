"""Closing a month: what it rests on before, what it did afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from chemsales.queries.offtake import MonthRow
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.numbers import format_tonnes
from chemsales.services.tiers import ClosingSummary
from chemsales.words import _, label, say_all
from ui import theme
from ui.actions import set_blocked
from ui.dialogs.base import Dialog
from ui.text import dotted
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel
from ui.widgets.reasons import ReasonsLabel
from ui.work.tiers import MonthFacts


class CloseMonthDialog(Dialog):
    """`on_close(dialog)` closes the month; then `show_summary` tells what happened."""

    def __init__(
        self,
        row: MonthRow,
        gaps: Sequence[str],
        facts: MonthFacts,
        on_close: Callable[[CloseMonthDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Close month {month}", month=row.month), parent)
        self._on_close = on_close
        self.setMinimumWidth(theme.scaled(480))
        self.heading = PlainLabel(self.windowTitle(), role="section")
        self.facts = PlainLabel(self._facts(row), wrap=True)
        self.gaps = PlainLabel(self._gap_words(gaps), role="warning", wrap=True)
        self.gaps.setVisible(bool(gaps))
        self.warnings = PlainLabel(say_all(facts.close_warnings), role="warning", wrap=True)
        self.warnings.setVisible(bool(facts.close_warnings))
        self.article = ArticleButton("C9.2")
        self.reasons = ReasonsLabel(facts.close_blockers)
        self.body.addWidget(self.heading)
        told = self.column(self.windowTitle())
        for part in (self.facts, self.gaps, self.warnings, self.reasons):
            told.addWidget(part)
        told.addWidget(self.article, 0, Qt.AlignmentFlag.AlignLeft)
        self.verb = self.add_verb(_("Close month {month}", month=row.month), self._close)
        set_blocked(self.verb, say_all(facts.close_blockers))

    @staticmethod
    def _facts(row: MonthRow) -> str:
        return _(
            "Customers: {customers}; taken {take} t, planned {plan} t. Closing computes the level"
            " of every polyolefin customer; its tonnes can then only change after reopening.",
            customers=row.customers,
            take=format_tonnes(row.take_kg),
            plan=format_tonnes(row.plan_kg),
        )

    @staticmethod
    def _gap_words(gaps: Sequence[str]) -> str:
        return _(
            "Earlier months are not closed: {months}. They count as missing, not as zero.",
            months=_(", ").join(gaps),
        )

    def _close(self) -> None:
        self.verb.setEnabled(False)
        self._on_close(self)

    def refused(self, error: ChemsalesError) -> None:
        """Show why the month was not closed."""
        self.verb.setEnabled(True)
        self.show_refusal(error)

    def show_summary(self, summary: ClosingSummary) -> None:
        """Show what the closing did; only closing the dialog is left."""
        self.heading.setText(_("Month {month} is closed", month=summary.month))
        counted = [f"{label(outcome)} {count}" for outcome, count in summary.outcomes]
        lines = [
            _(
                "Levels computed: {count} (revision {revision}, rule edition {edition})",
                count=summary.customers,
                revision=summary.revision,
                edition=summary.edition,
            ),
            dotted(counted),
        ]
        if summary.recomputed:
            months = _(", ").join(summary.recomputed)
            lines.append(_("Later months computed again: {months}", months=months))
        self.facts.setText("\n".join(line for line in lines if line))
        self.gaps.setVisible(bool(summary.gaps))
        self.gaps.setText(self._gap_words(summary.gaps))
        self.show_note("")
        self.verb.hide()
        self.close_only()
        self.cancel_button.setFocus()
