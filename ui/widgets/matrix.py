"""Tonnes of every customer over twelve months, with the level after the last of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.filtering import Kind, Request
from chemsales.queries.offtake_matrix import MatrixRow, matrix_of, month_field
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.periods import Month
from chemsales.rules.tiers import Level
from chemsales.words import _, label
from ui.context import Context
from ui.tables.columns import Column
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.wording import LEVEL_TONES, choices


def tonnes(kg: int) -> str:
    """Tonnes with three decimals; a stroke where nothing was taken."""
    return format_tonnes(kg) if kg else "-"


def _kg(at: int, row: MatrixRow) -> int:
    return row.kg[at]


def _shown(at: int, row: MatrixRow) -> str:
    return tonnes(row.kg[at])


class MatrixView(QWidget):
    """`show_months(months)`, the earliest first; `opened(row)` asks for a customer.

    The headings are the months, so the grid is made anew where other months are shown; what is
    filtered and sorted by stays.
    """

    opened = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.months: tuple[Month, ...] = ()
        self.frame: GridFrame | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)

    def show_months(self, months: tuple[Month, ...]) -> None:
        """Show these months."""
        if self.frame is None or months != self.months:
            self.months = months
            self._make()
        assert self.frame is not None
        self.frame.grid.show_list(self.context, matrix_of(months))

    def _make(self) -> None:
        asked = Request()
        if self.frame is not None:
            asked = self.frame.grid.request
            self._column.removeWidget(self.frame)
            self.frame.hide()
            self.frame.deleteLater()
        grid = self._make_grid()
        grid.opened.connect(self.opened)
        grid.freeze(True)
        self.frame = GridFrame(grid, self.context, "matrix")
        self._column.addWidget(self.frame)
        grid.ask(asked)

    def _make_grid(self) -> Grid:
        last = len(self.months) - 1
        columns = [
            Column(_("Code"), lambda row: row.code, field="code", hidden=True),
            Column(_("Customer name"), lambda row: row.name, widest=28, field="name"),
            Column(
                _("Level"),
                lambda row: label(row.level) if row.level else "",
                tone=lambda row: LEVEL_TONES.get(row.level),
                field="level",
                choices=choices(Level),
            ),
        ]
        columns += [
            Column(
                month,
                partial(_kg, at),
                partial(_shown, at),
                field=month_field(last - at),
                kind=Kind.KG,
            )
            for at, month in reversed(list(enumerate(self.months)))
        ]
        columns.append(
            Column(
                _("Sum"),
                lambda row: row.total_kg,
                lambda row: tonnes(row.total_kg),
                field="total",
                kind=Kind.KG,
            )
        )
        return Grid(
            columns,
            key=lambda row: row.customer_id,
            empty=_("No pick-up in these months. Import a file of pick-ups (Ctrl+I)."),
            name=_("Tonnes by month"),
        )
