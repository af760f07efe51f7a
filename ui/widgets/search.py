"""A search box that also reads what an input method is still composing."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui import theme

PAUSE_MS = 150


class SearchField(QLineEdit):
    """`searched(text)` comes a moment after the last stroke.

    Pinyin typed with the Chinese input method on ("zg'sh" before a word is chosen) counts as typed:
    QLineEdit says nothing while it is composed.
    """

    searched = Signal(str)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = ""
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(theme.scaled(240))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.wanted()))
        self.textChanged.connect(lambda _text: self._pause.start())

    def wanted(self) -> str:
        """What is searched for: the text with what is being composed, without its separators."""
        return (self.text() + self._composing).strip()

    @property
    def preedit(self) -> str:
        """What is being composed now, letters only."""
        return self._composing

    @property
    def waiting(self) -> bool:
        """Whether something was typed that `searched` has not told yet."""
        return self._pause.isActive()

    def search_now(self) -> None:
        """Tell `searched` without the pause."""
        self._pause.stop()
        self.searched.emit(self.wanted())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = event.preeditString().replace("'", "").replace(" ", "")
        super().inputMethodEvent(event)
        self._pause.start()
