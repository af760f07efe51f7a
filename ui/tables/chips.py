"""What a grid is searched, filtered and sorted by, as chips that a click takes away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QSizePolicy, QWidget

from chemsales.queries.filtering import Filter, Request, Sort
from chemsales.words import _
from ui.actions import button
from ui.tables.base import BaseGrid
from ui.tables.header import NUMBERS
from ui.widgets.flow import FlowLayout

LONGEST = 24  # characters of a chip


class Chips(QWidget):
    """The chips of a grid, and one that takes all away."""

    def __init__(self, grid: BaseGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = grid
        self._flow = FlowLayout(6, self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        grid.asked.connect(self.show_request)
        self.show_request()

    def texts(self) -> list[str]:
        """What the chips say."""
        items = [self._flow.itemAt(at) for at in range(self._flow.count())]
        return [item.widget().accessibleName() for item in items]

    def show_request(self) -> None:
        """Show what is asked now."""
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        request = self.grid.request
        if request.text.strip():
            self._add(_("Search: {text}", text=request.text.strip()), self._no_text)
        for wanted in request.filters:
            self._add(self._words(wanted), partial(self._no_filter, wanted))
        for at, sort in enumerate(request.sorts):
            number = NUMBERS[min(at, 8)] if len(request.sorts) > 1 else ""
            arrow = "▼" if sort.descending else "▲"
            self._add(f"{arrow}{number} {self._title(sort.name)}", partial(self._no_sort, sort))
        if self._flow.count() > 1:
            self._add(_("Clear all"), partial(self.grid.ask, Request()), sign="")
        self.updateGeometry()

    def _add(self, text: str, slot: Callable[[], object], sign: str = "  ×") -> None:
        short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        tip = _("Take away: {what}", what=text) if sign else ""
        made = button(short + sign, slot, "chip", tip, text, self)
        self._flow.addWidget(made)
        made.show()

    def _title(self, name: str) -> str:
        return self.grid.columns[self.grid.names.index(name)].title

    def _words(self, wanted: Filter) -> str:
        column = self.grid.columns[self.grid.names.index(wanted.name)]
        words = dict(self.grid.source.choices(column))
        chosen = _(", ").join(words.get(key, key) for key in wanted.choices)
        return _("{column}: {what}", column=column.title, what=chosen or wanted.text.strip())

    def _no_text(self) -> None:
        self.grid.search("")

    def _no_filter(self, wanted: Filter) -> None:
        self.grid.filter_by(Filter(wanted.name))

    def _no_sort(self, sort: Sort) -> None:
        request = self.grid.request
        sorts = tuple(each for each in request.sorts if each.name != sort.name)
        self.grid.ask(replace(request, sorts=sorts))
