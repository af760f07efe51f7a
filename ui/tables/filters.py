"""The filter row of a grid, under the headings: a text or choices for each column."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from chemsales.queries.filtering import Filter, Kind
from chemsales.rules.errors import Invalid
from chemsales.words import _, say_all
from ui import theme
from ui.actions import add, button, plain_button, plain_tip
from ui.tables.base import BaseGrid
from ui.tables.menus import CheckMenu
from ui.verb import Offer
from ui.widgets.search import SearchField

LEAVE = (Qt.Key.Key_Escape, Qt.Key.Key_Down)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterEdit(SearchField):
    """A filter typed as text; Enter and Down go to the rows, Esc empties it first."""

    left = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.setPlaceholderText("")
        self.setClearButtonEnabled(False)
        self.setMinimumWidth(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.search_now()
        elif event.key() in (*LEAVE, *ENTER):
            self.search_now()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def show_text(self, text: str) -> None:
        """Show what is filtered by, unless something else is being typed."""
        typing = self.waiting or self.preedit or self.property("wrong")
        if not typing and self.text().strip() != text.strip():
            self.blockSignals(True)
            self.setText(text)
            self.blockSignals(False)

    def show_problem(self, text: str) -> None:
        """Mark the text as one that cannot be read, and say why; "" takes the mark away."""
        theme.mark(self, "wrong", bool(text))
        self.setToolTip(plain_tip(text))


class FilterRow(QWidget):
    """One editor under each heading whose column can be filtered; `toggle()` opens and closes it.

    Closing it keeps the filters where chips show them (`kept`), else shows all rows again.
    """

    def __init__(self, grid: BaseGrid) -> None:
        super().__init__(grid.header)
        self.grid = grid
        self.kept = False
        self.editors: dict[int, QWidget] = {}
        self.hide()
        grid.header.geometriesChanged.connect(self.place)
        grid.header.sectionResized.connect(lambda *_: self.place())
        grid.header.sectionMoved.connect(lambda *_: self.place())
        grid.horizontalScrollBar().valueChanged.connect(lambda _value: self.place())
        grid.asked.connect(self.show_request)
        grid.shown.connect(self.show_request)
        grid.misread.connect(self._show_problem)

    def toggle(self) -> None:
        """Open the row with the cursor in the current column's editor, or close it."""
        if self.isHidden():
            self.open()
        else:
            self.close_row()

    def open(self, at: int = -1) -> None:
        """Show the row and go to the editor of this column, else of the current one."""
        self._make()
        self.show()
        self.grid.header.set_row(self)
        at = at if at >= 0 else self.grid.currentIndex().column()
        first = [n for n in self._in_order() if n in self.editors]
        wanted = at if at in self.editors else first[0] if first else -1
        if wanted >= 0:
            self.editors[wanted].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_row(self) -> None:
        """Hide the row."""
        self.hide()
        self.grid.header.set_row(None)
        if not self.kept and self.grid.request.filters:
            self.grid.clear_filters()
        self.grid.setFocus()

    def _in_order(self) -> list[int]:
        header = self.grid.header
        return [header.logicalIndex(at) for at in range(header.count())]

    def _make(self) -> None:
        """Make the editors that the rows of now need."""
        source = self.grid.source
        for at, column in enumerate(self.grid.columns):
            wanted = source.sortable(column) and bool(column.title)
            choices = source.choices(column)
            kind = ChoiceButton if choices or source.kind(column) is Kind.CHOICE else FilterEdit
            editor = self.editors.get(at)
            if editor is not None and not (wanted and isinstance(editor, kind)):
                self.editors.pop(at).deleteLater()
                editor = None
            if wanted and editor is None:
                name = _("Filter of {column}", column=column.title)
                made = kind(name, self)
                if isinstance(made, FilterEdit):
                    made.searched.connect(partial(self._typed, at))
                    made.left.connect(self.grid.setFocus)
                else:
                    made.chosen.connect(partial(self._chose, at))
                    made.installEventFilter(self)
                self.editors[at] = made
                made.show()
            if isinstance(self.editors.get(at), ChoiceButton):
                self.editors[at].offer(choices)  # type: ignore[attr-defined]
        self.show_request()
        self.place()

    def _typed(self, at: int, text: str) -> None:
        self.grid.filter_by(Filter(self.grid.names[at], text))

    def _chose(self, at: int, keys: tuple[str, ...]) -> None:
        self.grid.filter_by(Filter(self.grid.names[at], choices=keys))

    def show_request(self) -> None:
        """Show in the editors what is filtered by."""
        found = {wanted.name: wanted for wanted in self.grid.request.filters}
        for at, editor in self.editors.items():
            wanted = found.get(self.grid.names[at], Filter(""))
            if isinstance(editor, ChoiceButton):
                editor.show_chosen(wanted.choices)
            elif isinstance(editor, FilterEdit):
                editor.show_text(wanted.text)

    def _show_problem(self, name: str, error: Invalid | None) -> None:
        editor = self.editors.get(self.grid.names.index(name)) if name in self.grid.names else None
        if isinstance(editor, FilterEdit):
            reasons = [problem.reason for problem in error.problems] if error else []
            editor.show_problem(say_all(reasons))

    def place(self) -> None:
        """Put every editor under its heading."""
        header, height = self.grid.header, row_height()
        if self.isHidden():
            return
        self.setGeometry(0, header.height() - height, header.width(), height)
        for at in self._in_order():
            editor = self.editors.get(at)
            if editor is None:
                continue
            hidden = header.isSectionHidden(at)
            editor.setVisible(not hidden)
            gap = theme.scaled(2)
            left, width = header.sectionViewportPosition(at), header.sectionSize(at)
            editor.setGeometry(left + gap, gap, max(0, width - 2 * gap), height - 2 * gap)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.grid.setFocus()
            return True
        return super().eventFilter(watched, event)


def row_height() -> int:
    """The height of the row of editors."""
    return theme.scaled(theme.ROW_HEIGHT + 4)


class ChoiceButton(QWidget):
    """A button that opens the values of a column to tick; `chosen(keys)`, none: all."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.words: dict[str, str] = {}
        self.keys: tuple[str, ...] = ()
        self.menu = CheckMenu(self)
        self.button = button("", role="filter", name=name, parent=self)
        self.button.setMenu(self.menu)
        self.setFocusProxy(self.button)

    def offer(self, choices: tuple[tuple[str, str], ...]) -> None:
        """The stored values with their words."""
        if tuple(self.words.items()) == choices:
            return
        self.words = dict(choices)
        self.menu.clear()
        for key, word in choices:
            box = add(self.menu, Offer("tables.value", self._chose, word, ticked=False))
            box.setData(key)
        self.show_chosen(self.keys)

    def _chose(self, _ticked: bool) -> None:
        ticked = tuple(box.data() for box in self.menu.actions() if box.isChecked())
        self.chosen.emit(ticked)

    def show_chosen(self, keys: tuple[str, ...]) -> None:
        """Show which values are let through."""
        self.keys = keys
        for box in self.menu.actions():
            with QSignalBlocker(box):
                box.setChecked(box.data() in keys)
        words = [self.words.get(key, key) for key in keys]
        text = words[0] if len(words) == 1 else _("{count} chosen", count=len(words))
        self.button.setText(plain_button(text) if words else _("All"))

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.button.setGeometry(self.rect())
