"""Lines that also read what an input method is still composing, and the search box made of one."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui import theme

PAUSE_MS = 150
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ComposingLine(QLineEdit):
    """`wanted_changed` comes whenever the text with what is being composed in it is another.

    Pinyin typed with the Chinese input method on ("zg'sh" before a word is chosen) counts as typed:
    QLineEdit says nothing while it is composed. Enter does nothing but end a composition.
    """

    wanted_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = ""
        self._told = ""
        self.textChanged.connect(lambda _text: self._tell())

    def wanted(self) -> str:
        """The text with what is being composed at its place, without the method's separators."""
        text, place = self.text(), self.cursorPosition() if self._composing else 0
        return (text[:place] + self._composing + text[place:]).strip()

    @property
    def preedit(self) -> str:
        """What is being composed now, letters only."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        # before the text is told: it must not be taken together with what became of it
        self._composing = event.preeditString().replace("'", "").replace(" ", "")
        super().inputMethodEvent(event)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._composing and event.key() in ENTER:
            event.accept()
            return
        super().keyPressEvent(event)

    def _tell(self) -> None:
        if self.wanted() != self._told:
            self._told = self.wanted()
            self.wanted_changed.emit()


class SearchField(ComposingLine):
    """`searched(text)` comes a moment after the last stroke, `entered(text)` at Enter (never while
    something is composed), after a `searched` that was still to come."""

    searched = Signal(str)
    entered = Signal(str)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(theme.scaled(240))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.wanted()))
        self.wanted_changed.connect(self._pause.start)
        self.returnPressed.connect(self._enter)

    @property
    def waiting(self) -> bool:
        """Whether something was typed that `searched` has not told yet."""
        return self._pause.isActive()

    def search_now(self) -> None:
        """Tell `searched` without the pause."""
        self._pause.stop()
        self.searched.emit(self.wanted())

    def _enter(self) -> None:
        if self.waiting:
            self.search_now()
        self.entered.emit(self.wanted())
