"""Shows the scans of a case, or one document, beside a form: the one viewer of the program."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from chemsales.rules.errors import Reason
from chemsales.words import _, say
from ui import theme
from ui.actions import button
from ui.documents import Document
from ui.text import dotted
from ui.widgets.document_tools import DocumentTools
from ui.widgets.labels import ElidedLabel, EmptyState, PlainLabel
from ui.widgets.pages_view import PagesView
from ui.widgets.tab_strip import TabStrip

LOW, VERY_LOW = 300, 220  # at 100 %


@dataclass(frozen=True, slots=True)
class Item:
    """A document to look at: what kind it is, the name of its file, what is known of it, and the
    word that marks it among the others."""

    key: Hashable
    kind: str
    name: str = ""
    note: str = ""
    mark: str = ""


class DocumentViewer(QWidget):
    """`show_items` offers documents, `show_bytes` one; `clear(text)` shows a sentence instead.

    The bytes are asked for by `wanted(key)` and answered by `give` or `refuse`; the document after
    the one looked at is asked for ahead, and what is kept of those no longer near is closed. F7 and
    F8 turn to the document before and after. How each is turned is kept as long as it is offered.
    """

    wanted = Signal(object)  # key of an item
    unwanted = Signal(object)  # its bytes are not needed any more
    chosen = Signal(object)  # key of the item that is shown now
    ready = Signal()  # the document is open, or cannot be shown

    def __init__(self, tabs: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: tuple[Item, ...] = ()
        self.key: Hashable = None
        self._shelf: dict[Hashable, Document] = {}
        self._asked: set[Hashable] = set()
        self._trouble: dict[Hashable, str] = {}
        self._turned: dict[Hashable, int] = {}
        self._tabbed = tabs
        self.view = PagesView()
        self.view.setAccessibleName(_("Document"))
        self.view.turned.connect(self._on_turned)
        self.empty = EmptyState()
        self.name, self.note = ElidedLabel(), PlainLabel("", role="quiet", wrap=True)
        self.tools = DocumentTools(self.view)
        self.stack = QStackedLayout()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.scaled(6))
        layout.addWidget(self._make_tabs())
        layout.addWidget(self.name)
        layout.addWidget(self.note)
        layout.addWidget(self.tools)
        layout.addLayout(self.stack, 1)
        self.setMinimumWidth(theme.scaled(250))
        self._make_keys()
        self.clear()

    @property
    def tabs(self) -> list[QPushButton]:
        """The button of each document."""
        return self._strip.tabs

    def _make_tabs(self) -> QWidget:
        """A button per document between those that turn to the one before and after."""
        self.before = button("◀", partial(self.turn, -1), "tool", "", _("Document before (F7)"))
        self.after = button("▶", partial(self.turn, 1), "tool", "", _("Next document (F8)"))
        self._strip = TabStrip()
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.before, 0, top)
        row.addWidget(self._strip, 1)
        row.addWidget(self.after, 0, top)
        return self._bar

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height the tabs have one line, and the name of the file stands in
        the tooltip of its tab; with even less what is known of it too, and what is seldom pressed
        is in the menu of the pages alone."""
        super().resizeEvent(event)
        self._show_name()
        self._strip.fold(self.height() < theme.scaled(LOW))
        self.tools.fold(self.height() < theme.scaled(VERY_LOW))

    def _show_name(self) -> None:
        alone = not self._bar.isVisible()
        for part, least in ((self.name, LOW), (self.note, VERY_LOW)):
            high = self.height() >= theme.scaled(least)
            part.setVisible(bool(part.text()) and (high or alone))

    def _make_keys(self) -> None:
        for key, step in (("F7", -1), ("F8", 1)):
            turn = QAction(self)
            turn.setShortcut(QKeySequence(key))
            turn.triggered.connect(lambda _checked=False, step=step: self.turn(step))
            self.addAction(turn)

    # -- what is offered ---------------------------------------------------------------------------

    def show_items(self, items: Sequence[Item], key: Hashable = None, empty: str = "") -> None:
        """Offer these documents and show the one of this key, else the one shown already, else the
        first; `empty` is the sentence where there are none."""
        self.items = tuple(items)
        keys = [item.key for item in items]
        kept = set(keys)
        self._turned = {k: turned for k, turned in self._turned.items() if k in kept}
        self._trouble = {}
        self._make_buttons()
        for gone in [k for k in (*self._shelf, *self._asked) if k not in kept]:
            self._forget(gone)
        if not items:
            self.clear(empty)
            return
        first = next(k for k in (key, self.key, keys[0]) if k in kept)
        if first == self.key and first in self._shelf:
            self._mark()
        else:
            self.choose(first)

    def _make_buttons(self) -> None:
        tabs = {}
        for found in self.items:
            mark = f" · {found.mark}" if found.mark else ""
            tip = "\n".join(filter(None, (found.kind + mark, found.name, found.note)))
            choose = partial(self.choose, found.key)
            tab = button("", choose, "tool", tip, found.kind + mark)
            tab.setCheckable(True)
            tabs[tab] = (found.kind, mark)
        self._strip.show_tabs(tabs)
        self._bar.setVisible(self._barred)
        self.tools.setVisible(bool(self.items))

    @property
    def _barred(self) -> bool:
        """Whether the documents are offered in a strip."""
        return self._tabbed and len(self.items) > 1

    def show_bytes(self, data: bytes, name: str = "") -> None:
        """Show one document of these bytes; `name` stands above it."""
        item = Item(object(), "", name)
        self.show_items([item])
        self.give(item.key, data)

    def clear(self, text: str = "") -> None:
        """Offer nothing, show nothing but a sentence."""
        self.items, self.key = (), None
        self.view.show_document(None)
        for gone in (*self._shelf, *self._asked):
            self._forget(gone)
        self._make_buttons()
        self._show_sentence(text or _("No document chosen."))
        self._mark()

    # -- which is shown ----------------------------------------------------------------------------

    def choose(self, key: Hashable) -> None:
        """Show the document of this key, its bytes being asked for where they are not here."""
        self.key = key
        self._mark()
        for far in [k for k in (*self._shelf, *self._asked) if k not in self._near()]:
            self._forget(far)
        self._show_now()
        self.chosen.emit(key)

    def turn(self, step: int) -> None:
        """Show the document before (-1) or after (1)."""
        keys = [item.key for item in self.items]
        if self.key in keys and len(keys) > 1:
            self.choose(keys[(keys.index(self.key) + step) % len(keys)])

    def _near(self) -> list[Hashable]:
        """The document looked at, the next and the one before: what is kept."""
        keys = [item.key for item in self.items]
        if self.key not in keys:
            return []
        at = keys.index(self.key)
        return list(dict.fromkeys(keys[(at + step) % len(keys)] for step in (0, 1, -1)))

    def _show_now(self) -> None:
        document = self._shelf.get(self.key)
        if self.key in self._trouble:
            self._show_sentence(self._trouble[self.key])
        elif document is not None and document.sizes:
            self.view.show_document(document, self._turned.get(self.key, 0))
            self.stack.setCurrentWidget(self.view)
            self.tools.say()
        else:
            self._show_sentence(_("Loading …"))
            self._want(self.key)
            return
        self._load_ahead()
        self.ready.emit()

    def _show_sentence(self, text: str) -> None:
        self.view.show_document(None)
        self.empty.set_text(text)
        self.stack.setCurrentWidget(self.empty)
        self.tools.say()

    def _want(self, key: Hashable) -> None:
        if key not in self._asked and key not in self._shelf:
            self._asked.add(key)
            self.wanted.emit(key)

    def _load_ahead(self) -> None:
        """Get the next document ready: its bytes, its pages, the picture of its first page."""
        for key in self._near()[1:]:
            document = self._shelf.get(key)
            if document is not None and document.sizes:
                self.view.draw_ahead(document, self._turned.get(key, 0))
        if len(self.items) > 1 and self._near()[1] not in self._trouble:
            self._want(self._near()[1])

    # -- what comes --------------------------------------------------------------------------------

    def give(self, key: Hashable, data: bytes) -> None:
        """Take the bytes of a document that was asked for, where it is still near."""
        self._asked.discard(key)
        if key not in self._near() or key in self._shelf:
            return
        document = self._shelf[key] = Document(data, self)
        document.opened.connect(partial(self._on_opened, key))
        document.failed.connect(partial(self._on_failed, key))

    def refuse(self, key: Hashable, text: str) -> None:
        """Show a sentence in the place of a document that cannot be read."""
        self._asked.discard(key)
        self._trouble[key] = text
        if key == self.key:
            self._show_now()

    def _on_opened(self, key: Hashable) -> None:
        if key == self.key:
            self._show_now()
        elif key in self._near():
            self.view.draw_ahead(self._shelf[key], self._turned.get(key, 0))

    def _on_failed(self, key: Hashable, reason: Reason) -> None:
        self._forget(key)
        self.refuse(key, say(reason))

    def _forget(self, key: Hashable) -> None:
        if key in self._asked:
            self._asked.discard(key)
            self.unwanted.emit(key)
        document = self._shelf.pop(key, None)
        if document is not None:
            if self.view.document is document:
                self.view.show_document(None)
            document.close()

    def _on_turned(self) -> None:
        self._turned[self.key] = self.view.rotation

    def _mark(self) -> None:
        """Name the document shown, with its mark where it has no button, and press its button."""
        found = next((item for item in self.items if item.key == self.key), Item(None, ""))
        self.name.setText(dotted(("" if self._barred else found.mark, found.name)))
        self.note.setText(found.note)
        self._show_name()
        for tab, item in zip(self.tabs, self.items, strict=True):
            tab.setChecked(item.key == self.key)
        QTimer.singleShot(0, self, self._reveal)  # buttons just made have no place before that

    def _reveal(self) -> None:
        """Bring the pressed button into sight."""
        for tab in self.tabs:
            if tab.isChecked():
                self._strip.reveal(tab)
