"""The search of everything (Ctrl+K): type a few letters, Enter opens the first line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QInputMethodEvent, QKeyEvent, QKeySequence, QStandardItem
from PySide6.QtGui import QStandardItemModel as ItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from chemsales.words import _
from ui import theme
from ui.actions import plain_tip
from ui.context import Context
from ui.verbs import VERBS
from ui.widgets.labels import PlainLabel
from ui.widgets.search import SearchField
from ui.work import finding
from ui.work.finding import Entry

ROWS = 10  # lines shown at once
BESIDE = 0.45  # of the width, at most, for what stands beside a name
STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: ROWS,
    Qt.Key.Key_PageUp: -ROWS,
}
_PLAIN = Qt.KeyboardModifier.NoModifier | Qt.KeyboardModifier.KeypadModifier


class PaletteField(SearchField):
    """The search field; `taken` comes when an input method gives what was composed letter by
    letter, which is what Enter does in it (the field never hears of that Enter)."""

    taken = Signal()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        before = self.preedit
        super().inputMethodEvent(event)
        given = event.commitString().replace("'", "").replace(" ", "")
        if before and given.isascii() and given.casefold() == before.casefold():
            self.taken.emit()


class Palette(QFrame):
    """Lies over the window; `chosen(entry)` when a line is opened, and it is gone.

    `known()` gives the places, actions and reports, `recent()` what is shown while nothing is
    typed. The keys of actions do not act here: they list the actions that have them.
    """

    chosen = Signal(object)  # Entry

    def __init__(
        self,
        context: Context,
        known: Callable[[], Sequence[Entry]],
        recent: Callable[[], Sequence[Entry]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.context, self.known, self.recent = context, known, recent
        self.entries: list[Entry] = []
        self._open_next = False  # Enter came before the answer
        self._careful = False  # ... and perhaps not as Enter: no action is done unasked
        self._awaited: str | None = None
        self._before: QWidget | None = None
        self.setObjectName("palette")
        self.field = PaletteField(_("Customers, cases, actions, places, reports"))
        self.field.installEventFilter(self)
        self.field.searched.connect(self._search)
        self.field.taken.connect(lambda: self._enter(careful=True))
        self.model = ItemModel(0, 3, self)
        self.list = QTreeView()
        self._make_list()
        self.note = PlainLabel("", role="quiet", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.scaled(10)] * 4)
        column.setSpacing(theme.scaled(6))
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.note)
        self.hide()

    def _make_list(self) -> None:
        view = self.list
        view.setModel(self.model)
        view.setAccessibleName(_("What was found"))
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setHeaderHidden(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setAllColumnsShowFocus(True)
        view.header().setStretchLastSection(False)
        for column, mode in enumerate(("ResizeToContents", "Stretch", "Fixed")):
            view.header().setSectionResizeMode(column, QHeaderView.ResizeMode[mode])
        view.clicked.connect(lambda _index: self._open())

    # -- showing -----------------------------------------------------------------------------------

    def open(self) -> None:
        """Show it, empty, with the places of late."""
        if self.isVisible():
            self.close_again()
            return
        self._before = self.window().focusWidget()
        self._open_next = False
        self.field.clear()
        self._show(list(self.recent()))
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_again(self) -> None:
        """Hide it; the focus goes back to where it was."""
        if self.isVisible():
            back = self._before if self.field.hasFocus() else None
            self.hide()
            self._open_next, self._awaited = False, None
            if back is not None and back.isVisible():
                back.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Stand in the middle at the top of the window."""
        room = self.parentWidget().size()
        self.setFixedWidth(min(theme.scaled(680), room.width() - theme.scaled(40)))
        beside = self.list.sizeHintForColumn(2)
        self.list.header().resizeSection(2, min(beside, round(self.width() * BESIDE)))
        height = max(1, min(ROWS, self.model.rowCount())) * self.list.sizeHintForRow(0)
        self.list.setFixedHeight(max(height, theme.scaled(28)) + 2 * self.list.frameWidth())
        self.list.setVisible(self.model.rowCount() > 0)
        self.adjustSize()
        self.move((room.width() - self.width()) // 2, theme.scaled(8))

    def _show(self, entries: list[Entry], note: str = "") -> None:
        """Show these lines, the first one chosen."""
        self.entries = entries
        self.model.removeRows(0, self.model.rowCount())
        for entry in entries:
            beside = entry.why.replace("\n", " ") or entry.detail
            cells = [QStandardItem(text) for text in (entry.kind, entry.title, beside)]
            for cell in cells:
                cell.setToolTip(plain_tip(cell.text()))
                if entry.why:  # stays choosable, so that it says why
                    cell.setForeground(QColor(theme.tokens().faint))
            self.model.appendRow(cells)
        if entries:
            self._choose(0)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.place()

    # -- searching ---------------------------------------------------------------------------------

    def _search(self, text: str) -> None:
        if not self.isVisible():
            return
        if not text:
            self._awaited = None
            self._show(list(self.recent()))
            return
        self._awaited = text
        self.context.read(finding.search, text, tuple(self.known()), done=self._found)

    def _found(self, entries: list[Entry]) -> None:
        if not self.isVisible() or self._awaited is None:
            return
        text, self._awaited = self._awaited, None
        self._show(entries, "" if entries else _('Nothing is called "{text}".', text=text))
        if self._open_next:
            self._open_next = False
            self._open(self._careful)

    def _by_key(self, key: str) -> None:
        """The actions that have this key, for the person who knows it."""
        entries = [entry for entry in self.known() if entry.verb and key in VERBS[entry.verb].keys]
        self._awaited = None
        self._show(entries, "" if entries else _("No action has this key."))

    # -- opening -----------------------------------------------------------------------------------

    def _enter(self, careful: bool = False) -> None:
        """Open the chosen line, at once or when what was typed is found."""
        text = self.field.wanted()
        if self.field.waiting:
            self.field.search_now()
        if self._awaited is not None and self._awaited == text:
            self._open_next, self._careful = True, careful
        else:
            self._open(careful)

    def _open(self, careful: bool = False) -> None:
        row = self.list.currentIndex().row()
        if not 0 <= row < len(self.entries):
            return
        entry = self.entries[row]
        if entry.why or (careful and entry.verb):
            self.note.setText(entry.why)
            self.note.setVisible(bool(entry.why))
            self.place()
            return
        self.close_again()
        self.chosen.emit(entry)

    def _choose(self, row: int) -> None:
        row = max(0, min(self.model.rowCount() - 1, row))
        self.list.setCurrentIndex(self.model.index(row, 0))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusOut:
            reason = event.reason()  # type: ignore[attr-defined]
            if reason not in (
                Qt.FocusReason.PopupFocusReason,
                Qt.FocusReason.ActiveWindowFocusReason,
            ):
                self.hide()
            return False
        if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            assert isinstance(event, QKeyEvent)
            return self._key(event, kind == QEvent.Type.KeyPress)
        return False

    def _key(self, event: QKeyEvent, pressed: bool) -> bool:
        """Whether a key is taken here; before it is pressed Qt asks whether it will be."""
        key = Qt.Key(event.key())
        known = QKeySequence(event.keyCombination()).toString()
        plain = event.modifiers() | _PLAIN == _PLAIN
        act: Callable[[], None] | None = None
        if plain and key in STEPS:
            row = self.list.currentIndex().row()
            act = lambda: self._choose(row + STEPS[key])  # noqa: E731
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            act = self._enter
        elif known in ("Esc", VERBS["find"].keys[0]):
            act = self.close_again
        elif plain and key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            act = _nothing
        elif _is_of_a_verb(known):
            act = lambda: self._by_key(known)  # noqa: E731
        if act is None:
            return False
        event.accept()
        if pressed:
            act()
        return pressed


_TYPING = frozenset({"Ctrl+Z"})  # keys of actions that a field of text has as well


def _is_of_a_verb(key: str) -> bool:
    """Whether a key asks for the actions that have it; a letter or sign alone is typed."""
    typed = len(key) == 1 or key in _TYPING
    return not typed and any(key in verb.keys for verb in VERBS.values())


def _nothing() -> None:
    """Tab stays in the search."""
