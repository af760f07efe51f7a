"""Tonnes of every customer over twelve months, with the level after the last of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.offtake import MatrixRow
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import Month
from chemsales.rules.tiers import Level
from chemsales.words import _, label
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.wording import LEVEL_TONES


def tonnes(kg: int) -> str:
    """Tonnes with three decimals; a stroke where nothing was taken."""
    return format_tonnes(kg) if kg else "-"


def _kg(at: int, row: MatrixRow) -> int:
    return row.kg[at]


def _shown(at: int, row: MatrixRow) -> str:
    return tonnes(row.kg[at])


class MatrixView(QWidget):
    """`show_matrix(months, rows, levels)`; its table is made anew when other months are shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.months: tuple[Month, ...] = ()
        self.levels: Mapping[int, Level] = {}
        self.table: Grid | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)

    def show_matrix(
        self, months: Sequence[Month], rows: Sequence[MatrixRow], levels: Mapping[int, Level]
    ) -> None:
        """Show these months; `levels` are those after the last one, by customer."""
        self.levels = levels
        if self.table is None or tuple(months) != self.months:
            self.months = tuple(months)
            if self.table is not None:
                self._column.removeWidget(self.table)
                self.table.hide()
                self.table.deleteLater()
            self.table = self._make_table()
            self._column.addWidget(self.table)
        self.table.set_rows(rows)

    def _make_table(self) -> Grid:
        columns = [
            Column(_("Customer name"), lambda row: row.name, widest=22),
            Column(
                _("Level"),
                self._level,
                lambda row: label(self._level(row)) if self._level(row) else "",
                tone=lambda row: LEVEL_TONES.get(self._level(row)),
            ),
        ]
        columns += [
            Column(month, partial(_kg, at), partial(_shown, at), number=True)
            for at, month in reversed(list(enumerate(self.months)))
        ]
        columns.append(
            Column(
                _("Sum"), lambda row: row.total_kg, lambda row: tonnes(row.total_kg), number=True
            )
        )
        return Grid(
            columns,
            key=lambda row: row.customer_id,
            empty=_("No pick-up in these months."),
            name=_("Tonnes by month"),
        )

    def _level(self, row: MatrixRow) -> Level | None:
        return self.levels.get(row.customer_id)
