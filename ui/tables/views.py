"""How a person arranged a grid, and the views it was saved as: remembered for each login."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer

from chemsales.queries.filtering import Filter, Request, Sort
from ui import memory
from ui.tables.base import BaseGrid
from ui.tables.sources import without
from ui.tables.widths import Widths

PAUSE_MS = 400


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The columns by name: their order, those hidden, the widths drawn, whether the first stays."""

    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """An arrangement with what is searched, filtered and sorted by."""

    request: Request = field(default_factory=Request)
    arrangement: Arrangement = field(default_factory=Arrangement)


def to_json(view: View) -> dict[str, Any]:
    """A view as it is remembered."""
    return asdict(view)


def from_json(stored: Mapping[str, Any]) -> View:
    """The view of its remembered form; ValueError, KeyError or TypeError where it is none."""
    asked, columns = stored["request"], stored["arrangement"]
    request = Request(
        str(asked["text"]),
        tuple(
            Filter(str(each["name"]), str(each["text"]), tuple(map(str, each["choices"])))
            for each in asked["filters"]
        ),
        tuple(Sort(str(each["name"]), bool(each["descending"])) for each in asked["sorts"]),
    )
    arrangement = Arrangement(
        tuple(map(str, columns["order"])),
        tuple(map(str, columns["hidden"])),
        {str(name): int(width) for name, width in columns["widths"].items()},
        bool(columns["frozen"]),
    )
    return View(request, arrangement)


def merged(names: Sequence[str], remembered: Sequence[str]) -> list[str]:
    """The order of today's columns: as remembered, a new one after its neighbour of today."""
    found = [name for name in remembered if name in names]
    for at, name in enumerate(names):
        if name not in found:
            after = found.index(names[at - 1]) + 1 if at else 0
            found.insert(after, name)
    return found


class Views(QObject):
    """Keeps the arrangement of a grid and its named views under the person's login and a place."""

    def __init__(self, grid: BaseGrid, widths: Widths, login: str, place: str) -> None:
        super().__init__(grid)
        assert not any(name.startswith("#") for name in grid.names), "columns need names"
        self.grid, self.widths = grid, widths
        self.key = f"grid/{login}/{place}"
        self.named: dict[str, View] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._remember)
        self._default = Arrangement(
            tuple(grid.names),
            tuple(column.field for column in grid.columns if column.hidden),
            frozen=grid.frozen,
        )
        arrangement = self._recall()
        self.arrange(arrangement)
        grid.header.sectionMoved.connect(lambda *_: self._pause.start())
        grid.header.sectionResized.connect(lambda *_: self._pause.start())

    def _recall(self) -> Arrangement:
        """What was remembered; what cannot be read any more is as if it were not there."""
        try:
            stored = json.loads(memory.recall(self.key) or "{}")
            self.named = {str(k): from_json(v) for k, v in stored.get("views", {}).items()}
            return from_json(stored["now"]).arrangement
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._default

    def _remember(self) -> None:
        arrangement = self.arrangement()
        if arrangement == self._default and not self.named and not memory.recall(self.key):
            return
        now = to_json(View(arrangement=arrangement))
        views = {name: to_json(view) for name, view in self.named.items()}
        memory.remember(self.key, json.dumps({"now": now, "views": views}, ensure_ascii=False))

    def arrangement(self) -> Arrangement:
        """How the columns stand now."""
        grid, names = self.grid, self.grid.names
        order = tuple(names[grid.header.logicalIndex(at)] for at in range(grid.header.count()))
        hidden = tuple(name for at, name in enumerate(names) if grid.isColumnHidden(at))
        return Arrangement(order, hidden, dict(self.widths.own), grid.frozen)

    def arrange(self, wanted: Arrangement) -> None:
        """Put the columns like this; those that are new stand where they belong."""
        grid, names = self.grid, self.grid.names
        for at, name in enumerate(merged(names, wanted.order)):
            grid.header.moveSection(grid.header.visualIndex(names.index(name)), at)
        new = [name for name in self._default.hidden if name not in wanted.order]
        for at, name in enumerate(names):
            grid.setColumnHidden(at, name in wanted.hidden or name in new)
        if all(grid.isColumnHidden(at) for at in range(len(names))):
            grid.setColumnHidden(0, False)
        self.widths.own = {name: width for name, width in wanted.widths.items() if name in names}
        self.widths.forget()
        grid.freeze(wanted.frozen)
        self._pause.start()

    def set_shown(self, name: str, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        at = self.grid.names.index(name)
        others = [n for n in range(len(self.grid.names)) if n != at]
        if shown or not all(self.grid.isColumnHidden(n) for n in others):
            self.grid.setColumnHidden(at, not shown)
            self.widths.forget()
            self._pause.start()

    def freeze(self, frozen: bool) -> None:
        """Keep the first column in sight, or not."""
        self.grid.freeze(frozen)
        self._pause.start()

    def reset(self) -> None:
        """The columns as they were at first, and all rows."""
        self.arrange(self._default)
        self.grid.ask(Request())

    def save(self, name: str) -> None:
        """Save what is shown now under a name."""
        self.named[name] = View(self.grid.request, self.arrangement())
        self._remember()

    def remove(self, name: str) -> None:
        """Forget a view."""
        self.named.pop(name, None)
        self._remember()

    def apply(self, name: str) -> None:
        """Show a saved view."""
        view = self.named[name]
        self.arrange(view.arrangement)
        self.grid.ask(self.asked(name))

    def asked(self, name: str) -> Request:
        """What a saved view asks, of columns that there still are."""
        known = without(self.named[name].request, self.grid.names)
        able = [
            n for n, c in zip(self.grid.names, self.grid.columns, strict=True)
            if self.grid.source.sortable(c)
        ]  # fmt: skip
        return replace(without(known, able), text=known.text)
