"""The verbs of the window: the same word, key and tip for the same thing everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from chemsales.words import N_, _
from ui import theme


@dataclass(frozen=True, slots=True)
class Verb:
    """What an action is called, the key that does it, and what it says of itself."""

    text: str
    key: str = ""
    tip: str = ""


VERBS = {
    "refresh": Verb(N_("Refresh"), "F5", N_("Read what is shown again")),
    "lock": Verb(N_("Lock"), "Ctrl+L", N_("Lock the window until the password is given again")),
    "logout": Verb(N_("Sign out"), "", N_("Let another person sign in")),
    "zoom_in": Verb(N_("Larger"), "Ctrl++", N_("Show everything larger")),
    "zoom_out": Verb(N_("Smaller"), "Ctrl+-", N_("Show everything smaller")),
    "zoom_reset": Verb(N_("Normal size"), "Ctrl+0", N_("Show everything in its normal size")),
    "next_place": Verb(N_("Next tab"), "Ctrl+PgDown"),
    "previous_place": Verb(N_("Previous tab"), "Ctrl+PgUp"),
    "save": Verb(N_("Save"), "Ctrl+S"),
    "new": Verb(N_("New"), "Ctrl+N"),
    "print": Verb(N_("Print"), "Ctrl+P", N_("Print exactly the pages shown")),
    "save_pdf": Verb(N_("Save as PDF"), "", N_("Save exactly the pages shown")),
}


def plain_tip(text: str) -> str:
    """A tooltip that shows `text` letter by letter, also where it looks like markup."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<qt>{plain}</qt>".replace("\n", "<br>") if text else ""


def plain_button(text: str) -> str:
    """A button's or box's text in which `&` is an ampersand and no key."""
    return text.replace("&", "&&")


def make(name: str, owner: QWidget, slot: Callable[[], object]) -> QAction:
    """The action of this name in VERBS, with its key working while `owner` or a child has the
    focus."""
    verb = VERBS[name]
    return action(owner, _(verb.text), slot, verb.key, _(verb.tip))


def action(
    owner: QWidget, text: str, slot: Callable[[], object], key: str = "", tip: str = ""
) -> QAction:
    """An action with text, key, tooltip and status tip; its key works while `owner` has the
    focus."""
    made = QAction(plain_button(text), owner)
    if key:
        made.setShortcut(QKeySequence(key))
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.setToolTip(_tip(text, key, tip))
    made.setStatusTip(tip or text)
    made.triggered.connect(lambda _checked=False: slot())
    owner.addAction(made)
    return made


def _tip(text: str, key: str, tip: str) -> str:
    keys = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return plain_tip(f"{tip or text} ({keys})" if key else tip or text)


class Button(QPushButton):
    """A push button that never gets narrower than its text, nor than a button should look."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.property("role") not in ("link", "tool"):
            hint.setWidth(max(hint.width(), theme.scaled(88)))
        return hint

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def button(
    text: str,
    slot: Callable[[], object] | None = None,
    role: str = "",
    tip: str = "",
    name: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button that Enter in another field never presses.

    `role`: "primary" (one per screen), "danger", "link", "tool" or "". `name` is what a screen
    reader says where the text is only a sign.
    """
    made = Button(plain_button(text), parent)
    made.setAutoDefault(False)
    made.setAccessibleName(name or text)
    if role:
        made.setProperty("role", role)
    if tip:
        made.setToolTip(plain_tip(tip))
        made.setStatusTip(tip)
    if slot is not None:
        made.clicked.connect(lambda _checked=False: slot())
    return made


def button_for(source: QAction, role: str = "") -> QPushButton:
    """A button that triggers an action and is enabled, named and explained like it."""
    text = source.text().replace("&&", "&")
    made = button(text, source.trigger, role)
    made.setToolTip(source.toolTip())
    made.setStatusTip(source.statusTip())
    made.setEnabled(source.isEnabled())
    source.changed.connect(lambda: made.setEnabled(source.isEnabled()))
    return made


def set_blocked(made: QPushButton, why: str) -> None:
    """Grey a button and say why in its tooltip; enable it again where `why` is empty."""
    made.setEnabled(not why)
    made.setToolTip(plain_tip(why))
    made.setStatusTip(why.replace("\n", " "))
