"""Panes that share a room; how the person who works divides it is kept for the next time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from ui import memory, theme

PAUSE_MS = 300


class Split(QSplitter):
    """`sizes` divide the room at first; what was drawn with the mouse is remembered under `name`.

    A subclass that adds its panes itself calls `divide()` when all are there.
    """

    def __init__(
        self,
        name: str,
        sizes: Sequence[int],
        panes: Sequence[QWidget] = (),
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(orientation, parent)
        self._named(name, sizes)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(theme.scaled(12))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._remember)
        self.splitterMoved.connect(lambda *_: self._pause.start())
        for pane in panes:
            self.addWidget(pane)
        if panes:
            self.divide()

    def _named(self, name: str, sizes: Sequence[int]) -> None:
        self.key = memory.own(f"split/{name}")
        self._first = [theme.scaled(size) for size in sizes]

    def divide_as(self, name: str, sizes: Sequence[int]) -> None:
        """Show something else in the same panes, which has a division of its own."""
        self._named(name, sizes)
        self.divide()

    def divide(self, sizes: Sequence[int] = ()) -> None:
        """Divide the room as the person did last, else like this (in pixels), else as at first."""
        kept = [int(size) for size in memory.recall(self.key).split() if size.isdigit()]
        self.setSizes(kept if len(kept) == self.count() and any(kept) else sizes or self._first)

    def _remember(self) -> None:
        if self.isVisible():  # what is hidden has no sizes
            memory.remember(self.key, " ".join(map(str, self.sizes())))
