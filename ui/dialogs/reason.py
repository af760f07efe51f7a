"""Asking for a reason in words: a return, a rejection, an undo, a reopening, an accepted code."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from chemsales.rules.errors import ChemsalesError
from chemsales.words import _
from ui import theme
from ui.actions import set_blocked
from ui.dialogs.base import Dialog
from ui.widgets.labels import PlainLabel


class ReasonDialog(Dialog):
    """One text that must not be empty.

    `on_given(text, dialog)` gets it when the verb is pressed (Ctrl+Enter); whoever opened the
    dialog calls `accept()` when the act succeeded and `refused(error)` when it did not, so that
    nothing typed is lost.
    """

    def __init__(
        self,
        title: str,
        explanation: str,
        verb: str,
        on_given: Callable[[str, ReasonDialog], object],
        text: str = "",
        danger: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._on_given = on_given
        self.setMinimumWidth(theme.scaled(460))
        self.body.addWidget(PlainLabel(title, role="section", wrap=True))
        if explanation:
            self.body.addWidget(PlainLabel(explanation, role="quiet", wrap=True))
        self.edit = QPlainTextEdit(text)
        self.edit.setAccessibleName(_("Reason"))
        self.edit.setPlaceholderText(_("Reason (required)"))
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(theme.scaled(110))
        self.edit.textChanged.connect(self._judge)
        self.body.addWidget(self.edit)
        self.why = PlainLabel("", role="quiet")
        self.body.addWidget(self.why)
        self.verb = self.add_verb(verb, self._give, "danger" if danger else "primary")
        self.edit.setFocus()
        self._judge()

    def text(self) -> str:
        """The reason as typed, trimmed."""
        return self.edit.toPlainText().strip()

    def refused(self, error: ChemsalesError) -> None:
        """Show why the act was refused and let the person correct the reason."""
        self.show_refusal(error)
        self._judge()

    def _judge(self) -> None:
        missing = "" if self.text() else _("Please give a reason.")
        set_blocked(self.verb, missing)
        self.why.setText(missing or _("Ctrl+Enter does it"))

    def _give(self) -> None:
        self.verb.setEnabled(False)
        self._on_given(self.text(), self)
