"""A field that picks a customer by anything it is known by, and shows what it was found by."""

from __future__ import annotations

from typing import NamedTuple, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCompleter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from chemsales.queries.search import Hit, find_customers
from chemsales.words import _, say
from ui import theme
from ui.context import Context
from ui.widgets.search import SearchField

MOST = 12  # lines offered
HIT = Qt.ItemDataRole.UserRole + 1


class Picked(NamedTuple):
    """A customer that was chosen."""

    id: int
    name: str


class CustomerPicker(SearchField):
    """Type a few letters, Enter takes the first line offered, Down goes to the others.

    `picked(chosen)` comes when another customer is chosen (a `Picked`), with None as soon as what
    is typed no longer is the one that was.
    """

    picked = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Name, pinyin, code or phone of a customer"), parent)
        self.context = context
        self.hits: tuple[Hit, ...] = ()
        self._chosen: Picked | None = None
        self._awaited: str | None = None
        self._take_next = False  # Enter came before the answer
        self._model = QStandardItemModel(self)
        self._list = QCompleter(self._model, self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._list.setMaxVisibleItems(MOST)
        self._list.setWidget(self)
        self.popup().setItemDelegate(HitDelegate(self))
        self.popup().setAccessibleName(_("Customers found"))
        self._list.activated[QModelIndex].connect(self._take_index)
        self.wanted_changed.connect(self._forget)
        self.searched.connect(self._search)
        self.entered.connect(lambda _text: self._enter_list())

    # -- what is chosen ----------------------------------------------------------------------------

    def chosen(self) -> Picked | None:
        """The customer chosen, None where none is."""
        return self._chosen

    def choose(self, chosen: Picked | None, typed: str = "") -> None:
        """Choose this customer without searching; with None show `typed`, which is none yet."""
        before, self._chosen = self._chosen, chosen
        self.setText(chosen.name if chosen else typed)
        self.setCursorPosition(0)
        self._pause.stop()
        self._awaited, self._take_next = None, False
        self.popup().hide()
        if chosen != before:
            self.picked.emit(chosen)

    def stored(self) -> str:
        """Key and name, or what is typed where none is chosen, for a draft that is kept."""
        return f"{self._chosen.id}|{self._chosen.name}" if self._chosen else self.text()

    def set_stored(self, text: str) -> None:
        """The inverse of `stored`."""
        key, divided, name = text.partition("|")
        if divided and key.isascii() and key.isdigit():
            self.choose(Picked(int(key), name))
        else:
            self.choose(None, text)

    def value(self) -> Picked | None:
        """`chosen`, as forms ask for it."""
        return self.chosen()

    def set_value(self, value: Picked | None) -> None:
        """`choose`, as forms set it."""
        self.choose(value)

    def problem(self) -> str:
        """Why what is typed is no customer; "" for a chosen one, and for an empty field."""
        if self._chosen or not self.text().strip():
            return ""
        return _("Choose a customer out of the list.")

    def _forget(self) -> None:
        if self._chosen and self.wanted() != self._chosen.name.strip():
            self._chosen = None
            self.picked.emit(None)

    def popup(self) -> QAbstractItemView:
        """The list under the field."""
        return self._list.popup()

    # -- searching ---------------------------------------------------------------------------------

    def _search(self, text: str) -> None:
        if not text or self._chosen or self.isReadOnly():
            self._awaited = None
            self.popup().hide()
            return
        self._awaited = text
        self.context.read(find_customers, text, MOST, done=self._found)

    def _found(self, hits: tuple[Hit, ...]) -> None:
        if self._awaited is None:
            return
        self._awaited = None
        self.hits = hits
        self._model.clear()
        for hit in hits:
            item = QStandardItem(f"{hit.title} · {hit.detail} · {say(hit.why)}")
            item.setData(hit, HIT)
            self._model.appendRow(item)
        if self._take_next and hits:
            self._take(hits[0])
        elif hits and self.hasFocus():
            self._list.complete()
            self.popup().setCurrentIndex(self._list.completionModel().index(0, 0))
        else:
            self.popup().hide()
        self._take_next = False

    def _enter_list(self) -> None:
        """Enter: the first line, as soon as it is there."""
        if self._awaited is not None:
            self._take_next = True
        elif self._chosen is None and self.hits and self.wanted():
            self._take(self.hits[0])

    def _take_index(self, index: QModelIndex) -> None:
        hit = index.data(HIT)
        if hit is not None:
            self._take(cast(Hit, hit))

    def _take(self, hit: Hit) -> None:
        self.choose(Picked(hit.key, hit.title))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self._chosen is None and self.wanted():
            self.search_now()
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.selectAll()


class HitDelegate(QStyledItemDelegate):
    """A hit: its name at the left, what it was found by at the right."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), max(hint.height(), theme.scaled(theme.ROW_HEIGHT)))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        hit = index.data(HIT)
        if hit is None:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        chosen = bool(option.state & style.StateFlag.State_Selected)
        role = option.palette.ColorRole.HighlightedText if chosen else option.palette.ColorRole.Text
        room = option.rect.adjusted(theme.scaled(6), 0, -theme.scaled(6), 0)
        why = f"{say(hit.why)} · {hit.detail}"
        width = min(option.fontMetrics.horizontalAdvance(why), room.width() // 2)
        right = QRect(room.right() - width, room.top(), width + 1, room.height())
        left = room.adjusted(0, 0, -width - theme.scaled(12), 0)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(option.palette.color(role))
        for text, place, side in (
            (hit.title, left, Qt.AlignmentFlag.AlignLeft),
            (why, right, Qt.AlignmentFlag.AlignRight),
        ):
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(place, int(flags), shown)
        painter.restore()
