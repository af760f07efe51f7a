"""What every kind of editor holds: as the text that was typed, and as the value it stands for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol, TypeGuard, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from chemsales.words import _


@runtime_checkable
class ValueEditor(Protocol):
    """An editor whose text stands for something else, such as DateField, NumberField or
    CustomerPicker; the login, which has none of them, does not import them."""

    def value(self) -> object:
        """What is typed stands for, None where that is nothing."""

    def set_value(self, value: object) -> None:
        """Show this value; None empties the editor."""

    def problem(self) -> str:
        """Why what is typed cannot be read, "" where it can or is empty."""


@runtime_checkable
class StoredEditor(Protocol):
    """An editor that holds more than its text shows, such as CustomerPicker."""

    def stored(self) -> str:
        """All that it holds, as text."""

    def set_stored(self, stored: str) -> None:
        """Hold what `stored` gave."""


@runtime_checkable
class ChangingEditor(Protocol):
    """An editor that tells itself when it holds something else, such as Choice."""

    changed: SignalInstance


@cache
def _is_kind(made: type, kind: type) -> bool:
    """Whether a class has what a protocol names; asked of every field at every key, and looking
    through the names each time costs more than all else that a key does."""
    return issubclass(made, kind)


def _has_value(editor: QWidget) -> TypeGuard[ValueEditor]:
    return _is_kind(type(editor), ValueEditor)


def _is_stored(editor: QWidget) -> TypeGuard[StoredEditor]:
    return _is_kind(type(editor), StoredEditor)


def raw_text(editor: QWidget) -> str:
    """What the editor holds, letter by letter.

    A combo box gives its item's data, a check box "1" or "", a customer's picker key and name.
    """
    if _is_stored(editor):
        return editor.stored()
    if isinstance(editor, QLineEdit | QLabel):
        return editor.text()
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    if isinstance(editor, QComboBox):
        data = editor.currentData()
        return editor.currentText() if data is None else str(data)
    if isinstance(editor, QCheckBox):
        return "1" if editor.isChecked() else ""
    raise TypeError(type(editor).__name__)


def set_text(editor: QWidget, text: str) -> None:
    """Put this into the editor, as `raw_text` gives it."""
    if _is_stored(editor):
        editor.set_stored(text)
    elif isinstance(editor, QLineEdit):
        if editor.text() != text:
            editor.setText(text)
        editor.setCursorPosition(0)
    elif isinstance(editor, QPlainTextEdit):
        editor.setPlainText(text)
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(text))
    elif isinstance(editor, QCheckBox):
        editor.setChecked(bool(text))
    elif isinstance(editor, QLabel):
        editor.setText(text)
    else:
        raise TypeError(type(editor).__name__)


def can_hold(editor: QWidget, text: str) -> bool:
    """Whether the editor takes this text: of a list only what it offers, or nothing."""
    return not (text and isinstance(editor, QComboBox)) or editor.findData(text) >= 0


def shown(editor: QWidget, text: str) -> str:
    """How this text of the editor looks to a person."""
    if isinstance(editor, QComboBox):
        return editor.itemText(editor.findData(text))
    if isinstance(editor, QCheckBox):
        return _("yes") if text else _("no")
    return text


def value_of(editor: QWidget) -> object:
    """A day, a number or a picked customer or None, True or False, else the text, trimmed."""
    if _has_value(editor):
        return editor.value()
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    return raw_text(editor).strip()


def set_value(editor: QWidget, value: object) -> None:
    """The inverse of `value_of`."""
    if _has_value(editor):
        editor.set_value(value)
    elif isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    else:
        set_text(editor, "" if value is None else str(value))


def problem_of(editor: QWidget) -> str:
    """Why what is typed cannot be read, "" where it can or where any text is right."""
    return editor.problem() if _has_value(editor) else ""


def on_edit(editor: QWidget, slot: Callable[[], object]) -> None:
    """Call `slot` at every change of what the editor holds."""
    if isinstance(editor, QLineEdit):
        editor.textChanged.connect(lambda _text: slot())
    elif isinstance(editor, QPlainTextEdit):
        editor.textChanged.connect(lambda: slot())
    elif isinstance(editor, QComboBox):
        editor.currentIndexChanged.connect(lambda _index: slot())
    elif isinstance(editor, QCheckBox):
        editor.toggled.connect(lambda _on: slot())
    elif isinstance(editor, ChangingEditor):
        editor.changed.connect(lambda: slot())


def set_read_only(editor: QWidget, read_only: bool) -> None:
    """Forbid or allow editing; text can be selected and copied either way."""
    if isinstance(editor, QLineEdit | QPlainTextEdit):
        editor.setReadOnly(read_only)
    else:
        editor.setEnabled(not read_only)


def is_secret(editor: QWidget) -> bool:
    """Whether a password is typed here, which is kept nowhere."""
    return isinstance(editor, QLineEdit) and editor.echoMode() is not QLineEdit.EchoMode.Normal


def is_editable(editor: QWidget) -> bool:
    """Whether the person can change what the editor holds."""
    if isinstance(editor, QLineEdit | QPlainTextEdit):
        return not editor.isReadOnly()
    return not isinstance(editor, QLabel)


def text_box(height: int) -> QPlainTextEdit:
    """A box for several lines in which Tab goes on to the next field."""
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setFixedHeight(height)
    return made
