"""What was decided last, and the way to take it back while it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Reason
from chemsales.words import _, say_all
from ui.actions import Act, button_for, key_text
from ui.widgets.labels import PlainLabel


def decided_words(verdict: Verdict, name: str) -> str:
    """What was decided of which case."""
    said = {
        Verdict.APPROVE: _("Approved: {name}", name=name),
        Verdict.RETURN: _("Returned: {name}", name=name),
        Verdict.REJECT: _("Rejected: {name}", name=name),
    }
    return said[verdict]


class UndoBar(QWidget):
    """`show_decided(...)` until `forget()`; greyed, it says why what was decided stands.

    A text box that it shares the key with (`share`) keeps Ctrl+Z while there is typing to undo.
    """

    def __init__(self, act: Act, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.act = act
        keys = key_text(act.verb.keys[0])
        self.said = PlainLabel("")
        self.button = button_for(act, "link", _("Undo ({keys})", keys=keys))
        self.why = PlainLabel("", role="quiet", wrap=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.said)
        line.addWidget(self.button)
        line.addWidget(self.why, 1)
        self.forget()

    def show_decided(self, verdict: Verdict, name: str, blocked: Sequence[Reason]) -> None:
        """Say what was decided of which case, and grey the undo where it has reasons."""
        self.said.setText(decided_words(verdict, name))
        self.act.block(say_all(blocked))
        self.why.setText(say_all(blocked, " "))
        self.show()

    def forget(self) -> None:
        """There is nothing to take back any more."""
        self.act.block(_("Nothing was decided on this page since it was opened."))
        self.hide()

    def share(self, box: QPlainTextEdit) -> None:
        """Take the key from this box while nothing was typed into it."""
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not self.act.isEnabled():
            return False
        assert isinstance(event, QKeyEvent)
        assert isinstance(watched, QPlainTextEdit)
        undo = event.matches(QKeySequence.StandardKey.Undo)
        if not undo or watched.document().isUndoAvailable():
            return False
        event.ignore()  # so that it reaches the action
        return True
