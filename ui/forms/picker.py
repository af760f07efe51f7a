"""Choosing one of a list; in a long one it is found by part of its words, pinyin or initials."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFocusEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from chemsales import pinyin
from ui.actions import plain_tip
from ui.widgets.search import ComposingLine

SHORT = 6  # a list up to this long is looked through, not searched
KEYS = int(Qt.ItemDataRole.UserRole) + 1


class Picker(QComboBox):
    """`value()` and `set_value`, over pairs of a value and the words that are shown for it.

    The item's data is the value, so that it is read and written like any combo box.
    """

    def __init__(
        self, items: Iterable[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._found: QStandardItemModel | None = None
        self._spelled = False
        self.set_items(items)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel that passes over it scrolls what stands around."""
        event.ignore()

    def set_items(self, items: Iterable[tuple[str, str]]) -> None:
        """Offer these in place of those before; what was chosen stays chosen where it is among
        them."""
        chosen = self.currentData()
        items = list(items)
        self.blockSignals(True)
        self.clear()
        for value, words in items:
            self.addItem(words, value)
        if chosen is not None:
            self.setCurrentIndex(self.findData(chosen))
        self.blockSignals(False)
        if len(items) > SHORT:
            self._search(items)

    def setAccessibleName(self, name: str) -> None:
        """Name the list, and the line in which it is searched."""
        super().setAccessibleName(name)
        if self.isEditable():
            self.lineEdit().setAccessibleName(name)

    def value(self) -> str:
        """The value chosen, "" where none is."""
        data = self.currentData()
        return "" if data is None else str(data)

    def values(self) -> list[str]:
        """The values offered, from top to bottom."""
        return [str(self.itemData(at)) for at in range(self.count())]

    def set_value(self, value: str) -> None:
        """Choose this value; none where it is not offered."""
        self.setCurrentIndex(self.findData(value))

    def block(self, value: str, why: str) -> None:
        """Grey this item and say why in its tooltip; a value that is there already stays shown."""
        index = self.model().index(self.findData(value), self.modelColumn())
        model = self.model()
        assert isinstance(model, QStandardItemModel) and index.isValid()
        item = model.itemFromIndex(index)
        item.setEnabled(not why)
        item.setToolTip(plain_tip(why))

    def _search(self, items: list[tuple[str, str]]) -> None:
        """Let the list be searched by typing."""
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        chosen = self.currentIndex()
        self.setLineEdit(_Typed(self))
        self.setCurrentIndex(chosen)
        self.setEditText(self.itemText(chosen))
        self.lineEdit().setCursorPosition(0)
        self._found, self._spelled = QStandardItemModel(self), False
        for _value, words in items:
            item = QStandardItem(words)
            item.setData(words, KEYS)
            self._found.appendRow(item)
        completer = _Completer(self._found, self)
        self.setCompleter(completer)
        self.lineEdit().setAccessibleName(self.accessibleName())
        completer.activated[str].connect(self._take)

    def spell(self) -> None:
        """Find the items by pinyin from now on (the first time costs as much as a dictionary)."""
        if self._found is not None and not self._spelled:
            self._spelled = True
            for row in range(self._found.rowCount()):
                item = self._found.item(row)
                item.setData(search_text(item.text()), KEYS)

    def _take(self, words: str) -> None:
        self.setCurrentIndex(self.findText(words, Qt.MatchFlag.MatchExactly))

    def settle(self) -> None:
        """Take what is typed where it means one item of the list, else put back what was chosen."""
        typed = self.lineEdit().text().strip().casefold() if self.isEditable() else ""
        if (typed and typed != self.currentText().casefold()) or self._strayed():
            meant = [n for n in range(self.count()) if self._means(n, typed)]
            if len(meant) == 1:
                self.setCurrentIndex(meant[0])
            self.setEditText(self.itemText(self.currentIndex()))
            self.lineEdit().setCursorPosition(0)

    def _strayed(self) -> bool:
        return self.isEditable() and self.lineEdit().text() != self.itemText(self.currentIndex())

    def _means(self, index: int, typed: str) -> bool:
        if self.itemText(index).casefold() == typed:
            return True
        same = [n for n in range(self.count()) if self.itemText(n).casefold() == typed]
        return bool(typed) and not same and typed in search_text(self.itemText(index))


class _Typed(ComposingLine):
    """The line of a searched list."""

    def __init__(self, picker: Picker) -> None:
        super().__init__(picker)
        self._picker = picker
        self.editingFinished.connect(picker.settle)
        self.wanted_changed.connect(self._complete)

    def _complete(self) -> None:
        """Offer what is meant so far; what is not being composed Qt offers by itself."""
        completer = self.completer()
        if self.preedit and completer is not None:
            completer.setCompletionPrefix(self.wanted())
            completer.complete()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._picker.spell()
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.selectAll()


class _Completer(QCompleter):
    """Finds by the keys of an item and shows its words."""

    def __init__(self, model: QStandardItemModel, parent: QWidget) -> None:
        super().__init__(model, parent)
        self.setCompletionRole(KEYS)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.DisplayRole))

    def splitPath(self, path: str) -> list[str]:
        return [path.strip()]


def search_text(words: str) -> str:
    """What an item is found by: its words, their pinyin without tones, and all their initials."""
    return " ".join((words, *pinyin.spellings(words), pinyin.initials(words))).casefold()
