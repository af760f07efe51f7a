"""Short messages and questions, with verbs instead of OK, never with markup."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from chemsales.rules.errors import ChemsalesError, Invalid
from chemsales.words import _, say_all
from ui import theme
from ui.dialogs.base import Dialog
from ui.widgets.labels import PlainLabel
from ui.widgets.reasons import ReasonsLabel


def _front() -> QWidget | None:
    return QApplication.activeModalWidget() or QApplication.activeWindow()


class Message(Dialog):
    """A heading and sentences under it."""

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent or _front())
        self.setMinimumWidth(theme.scaled(380))
        self.body.addWidget(PlainLabel(title, role="section", wrap=True))
        self.words = self.column(title)
        if text:
            self.words.addWidget(PlainLabel(text, wrap=True))


def tell(title: str, text: str = "", parent: QWidget | None = None) -> Message:
    """Show a message that is only closed."""
    dialog = Message(title, text, parent)
    dialog.close_only()
    dialog.open()
    return dialog


def ask(
    title: str,
    text: str,
    verb: str,
    on_yes: Callable[[], object],
    danger: bool = False,
    parent: QWidget | None = None,
    instead: tuple[str, Callable[[], object]] | None = None,
) -> Message:
    """Ask before something is done: `verb` names it and calls `on_yes`; `instead` is what may be
    done first, with its name; the other button cancels."""
    dialog = Message(title, text, parent)

    def then(slot: Callable[[], object]) -> None:
        dialog.accept()
        slot()

    if instead is not None:
        dialog.add_verb(instead[0], partial(then, instead[1]), "")
    dialog.add_verb(verb, partial(then, on_yes), "danger" if danger else "primary")
    dialog.open()
    return dialog


def refuse(error: ChemsalesError, parent: QWidget | None = None) -> Message:
    """Show why something was refused, each reason with its article."""
    if isinstance(error, Invalid):
        return tell(_("Something has to be corrected first"), say_all(error), parent)
    dialog = Message(_("This cannot be done"), "", parent)
    dialog.words.addWidget(ReasonsLabel(error.reasons))
    dialog.close_only()
    dialog.open()
    return dialog
