"""The base of every dialog: opened without a nested event loop, verbs named, Enter harmless."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chemsales.rules.errors import ChemsalesError, Invalid, Problem
from chemsales.words import _, say
from ui import tab_order
from ui.actions import button, key_text, set_tip
from ui.forms.form import Form
from ui.verbs import VERBS
from ui.widgets.labels import PlainLabel


class Dialog(QDialog):
    """A dialog of the program.

    Fill `self.body`; give it verbs with `add_verb` (the right-most is the primary one, done by
    Ctrl+Enter as well, unless it is dangerous); then `dialog.open()`. It never runs a nested loop:
    what the person decided goes to the callback of the verb. A verb that writes keeps the dialog
    open until the write succeeded (`accept()` in `done`), so that nothing typed is lost on a
    refusal. F1 shows the help of the page it belongs to, or of the place named by `help_place`
    (ui/guards.py).
    """

    help_place = ""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.note = PlainLabel("", role="problem", wrap=True)
        self.note.hide()
        self.verbs = QHBoxLayout()
        self.verbs.setSpacing(8)
        self.verbs.addStretch(1)
        self.cancel_button = button(_("Cancel"), self.reject)
        self.verbs.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(self.body, 1)
        layout.addWidget(self.note)
        layout.addLayout(self.verbs)
        self._primary: QPushButton | None = None
        for keys in VERBS["dialogs.primary"].keys:
            QShortcut(QKeySequence(keys), self, activated=self._press_primary)

    def add_verb(self, text: str, slot: Callable[[], object], role: str = "primary") -> QPushButton:
        """Add a button that names what it does; the last "primary" one is Ctrl+Enter's and says so,
        a "danger" one is not a key away."""
        made = button(text, slot, role)
        self.verbs.addWidget(made)
        if role == "primary":
            self.press_by_key(made)
        return made

    def press_by_key(self, made: QPushButton) -> None:
        """Let Ctrl+Enter press this verb, and its tip say so."""
        self._primary = made
        key = key_text(VERBS["dialogs.primary"].keys[0])
        set_tip(made, f"{made.accessibleName()} ({key})")

    def close_only(self) -> None:
        """Make the only verb "Close" (a dialog that shows and decides nothing)."""
        self.cancel_button.setText(_("Close"))

    def show_refusal(self, error: ChemsalesError, form: Form | None = None) -> None:
        """Show a refusal inside the dialog: problems of fields under them, the rest above the
        verbs."""
        if isinstance(error, Invalid):
            rest = form.show_problems(error) if form is not None else list(error.problems)
            reasons = [problem.reason for problem in rest]
        else:
            reasons = list(error.reasons)
        self.show_note("\n".join(say(reason) for reason in reasons))

    def show_note(self, text: str) -> None:
        """Show a sentence above the verbs; "" takes it away."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def show_problems(self, problems: list[Problem]) -> None:
        """Show problems without a field above the verbs."""
        self.show_note("\n".join(say(problem.reason) for problem in problems))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # a widget with a minimum of its own is not kept at that of its layout
        self.setMinimumWidth(max(self.minimumWidth(), self.layout().minimumSize().width()))
        needed = self.layout().totalHeightForWidth(self.width())
        room = round(self.screen().availableSize().height() * 0.92)
        if needed > self.height():  # text that wraps tells its height only at a given width
            self.resize(self.width(), min(needed, room))
        tab_order.arrange(self)
        buttons = [self.verbs.itemAt(n).widget() for n in range(self.verbs.count())]
        fields = [widget for widget in tab_order.stops(self) if widget not in buttons]
        if self.focusWidget() in (None, *buttons):
            typed = [field for field in fields if not field.property("readOnly")]
            (typed or fields or [self.cancel_button])[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that changes nothing, where that has the focus."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() and self.focusWidget() is self.cancel_button:
            self.cancel_button.click()
        else:
            super().keyPressEvent(event)

    def _press_primary(self) -> None:
        if self._primary is not None and self._primary.isEnabled():
            self._primary.click()
