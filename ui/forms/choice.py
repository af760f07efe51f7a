"""One of a few answers, each with a sentence under it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.labels import PlainLabel


class Choice(QWidget):
    """Radio buttons by key; `changed` when another one is chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._keys: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._group.idToggled.connect(lambda _id, on: self.changed.emit() if on else None)

    def add(self, key: str, text: str, remark: str = "") -> QRadioButton:
        """Add an answer."""
        made = QRadioButton(text)
        self._group.addButton(made, len(self._keys))
        self._keys.append(key)
        self._column.addWidget(made)
        if remark:
            note = PlainLabel(remark, role="quiet", wrap=True)
            note.setContentsMargins(theme.scaled(22), 0, 0, theme.scaled(6))
            self._column.addWidget(note)
        return made

    def key(self) -> str:
        """The answer chosen, "" where none is."""
        chosen = self._group.checkedId()
        return self._keys[chosen] if chosen >= 0 else ""

    def choose(self, key: str) -> None:
        """Choose this answer."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def stored(self) -> str:
        """The answer chosen, as forms keep it."""
        return self.key()

    def set_stored(self, stored: str) -> None:
        """Choose what `stored` gave; another text chooses nothing."""
        if stored in self._keys:
            self.choose(stored)
            return
        self._group.setExclusive(False)
        for made in self._group.buttons():
            made.setChecked(False)
        self._group.setExclusive(True)

    def focus_chosen(self) -> None:
        """Put the focus on the answer that is chosen, else on the first."""
        (self._group.checkedButton() or self._group.button(0)).setFocus()
