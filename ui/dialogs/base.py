"""The base of every dialog: opened without a nested event loop, verbs named, Enter harmless."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from chemsales.rules.errors import ChemsalesError, Invalid, Problem
from chemsales.words import _, say
from ui import actions, tab_order
from ui.actions import button, key_text, set_tip
from ui.forms.form import Form
from ui.verbs import VERBS
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolled import AtMost, scrolled

NOTE_HEIGHT = 160  # beyond it the sentences above the verbs scroll


class Dialog(QDialog):
    """A dialog of the program.

    Fill `self.body`; give it verbs with `add_verb` (the right-most is the primary one, done by
    Ctrl+Enter as well, unless it is dangerous); then `dialog.open()`. It never runs a nested loop:
    what the person decided goes to the callback of the verb. A verb that writes keeps the dialog
    open until the write succeeded (`accept()` in `done`), so that nothing typed is lost on a
    refusal. What may be long goes into a `column(name)`, which scrolls once the screen is full.
    F1 shows the help of the page it belongs to, or of the place named by `help_place`
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
        self._said = AtMost(self.note, _("Reasons"), NOTE_HEIGHT)
        self._said.hide()
        self.verbs = QHBoxLayout()
        self.verbs.setSpacing(8)
        self.verbs.addStretch(1)
        self.cancel_button = button(_("Cancel"), self.reject)
        self.verbs.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(self.body, 1)
        layout.addWidget(self._said)
        layout.addLayout(self.verbs)
        self._areas: list[QScrollArea] = []
        self._fitting = False
        self._primary: QPushButton | None = None
        actions.make("dialogs.primary", self, self._press_primary)

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

    def column(self, name: str, panes: QSplitter | None = None) -> QVBoxLayout:
        """A column in the body, or the next one of these panes in it, that scrolls where the screen
        has no room for all of it, so that the verbs stay in reach; `name` is what it is called."""
        inside = _Inside(self._refit)
        made = QVBoxLayout(inside)
        made.setContentsMargins(0, 0, 0, 0)
        made.setSpacing(self.body.spacing())
        area = scrolled(inside, name)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._areas.append(area)
        if panes is None:
            self.body.addWidget(area, 1)
        else:
            panes.addWidget(area)
        return made

    def _refit(self) -> None:
        if self.isVisible() and not self._fitting:
            self._fitting = True
            self._fit()
            self._fitting = False

    def _fit(self) -> None:
        """Be as high as what is inside, at most as the screen; a column that is not seen whole
        takes the keys that scroll."""
        screen = self.screen().availableGeometry()
        room = round(screen.height() * 0.92)
        # text that wraps tells its height only at a given width
        needed = self.layout().totalHeightForWidth(self.width())
        if needed > self.height():
            self.resize(self.width(), min(needed, room))
        self.layout().activate()
        for area in self._areas:
            _show_parts(area)
            area.widget().setMinimumHeight(_whole(area))
        lacking = sum(max(0, _whole(area) - area.viewport().height()) for area in self._areas)
        if lacking and self.height() < room:
            self.resize(self.width(), min(self.height() + lacking, room))
            self.layout().activate()
        for area in self._areas:
            scrolls = _whole(area) > area.viewport().height()
            policy = Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus
            area.setFocusPolicy(policy)
        tab_order.arrange(self)
        below = self.frameGeometry().bottom() - screen.bottom()
        if below > 0:
            self.move(self.x(), max(screen.top(), self.y() - below))

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
        self._said.setVisible(bool(text))
        self._said.updateGeometry()
        self._refit()

    def show_problems(self, problems: list[Problem]) -> None:
        """Show problems without a field above the verbs."""
        self.show_note("\n".join(say(problem.reason) for problem in problems))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # a widget with a minimum of its own is not kept at that of its layout
        self.setMinimumWidth(max(self.minimumWidth(), self.layout().minimumSize().width()))
        self._refit()
        QTimer.singleShot(0, self, self._refit)  # once more when all is laid out
        buttons = [self.verbs.itemAt(n).widget() for n in range(self.verbs.count())]
        others = (*buttons, *self._areas, self._said)
        fields = [widget for widget in tab_order.stops(self) if widget not in others]
        if self.focusWidget() in (None, *buttons):
            typed = [field for field in fields if not field.property("readOnly")]
            (typed or fields or [self.cancel_button])[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._areas and event.oldSize().width() != event.size().width():
            self._refit()  # text wraps anew

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


class _Inside(QWidget):
    """What a column holds; `changed()` once something came or went."""

    def __init__(self, changed: Callable[[], object]) -> None:
        super().__init__()
        self._changed = changed

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._changed()
        return done


def _show_parts(area: QScrollArea) -> None:
    """As the layout does somewhat later: what is not shown takes no room."""
    layout = area.widget().layout()
    for part in (layout.itemAt(n).widget() for n in range(layout.count())):
        if part is not None and not part.testAttribute(
            Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        ):
            part.show()


def _whole(area: QScrollArea) -> int:
    """The height of all that is in the area, at its width."""
    layout = area.widget().layout()
    if layout.hasHeightForWidth():
        return layout.totalHeightForWidth(area.viewport().width())
    return layout.totalSizeHint().height()
