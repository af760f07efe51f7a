"""Scans that come with what a form says: chosen or dropped, listed by name, taken off again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from chemsales.words import _
from ui import files, theme
from ui.actions import button


class FileList(QListWidget):
    """The names; Del takes the chosen one off. Without any it says what can be dropped on it."""

    removed = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.count():
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        room = self.viewport().rect().adjusted(theme.scaled(5), 0, 0, 0)
        said = _("Scans (PDF, PNG, JPG, TIFF) can be dropped here.")
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, said)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class ScansField(QWidget):
    """An editor of a form whose value is a tuple of paths, at most `most` of them."""

    changed = Signal()

    def __init__(self, title: str, most: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: list[str] = []
        self._most = most
        self.setAcceptDrops(True)
        self.list = FileList()
        self.list.setAccessibleName(title)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setFixedHeight(theme.scaled(32 if most == 1 else 84))
        self.list.removed.connect(self.remove_chosen)
        self.list.currentRowChanged.connect(lambda _row: self._judge())
        self.add_button = button(_("Choose a file …") if most == 1 else _("Add files …"), self.ask)
        self.remove_button = button(_("Remove"), self.remove_chosen, "link")
        self.setFocusProxy(self.add_button)
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.scaled(4))
        layout.addWidget(self.list)
        layout.addLayout(row)
        self._judge()

    # -- as an editor of a form --------------------------------------------------------------------

    def value(self) -> tuple[str, ...]:
        """The paths, in the order in which they came."""
        return tuple(self._paths)

    def set_value(self, value: object) -> None:
        """Show these paths; None empties the field."""
        self._paths = list(value) if isinstance(value, tuple | list) else []
        self._show(0)

    def problem(self) -> str:
        """A file that is gone is named."""
        gone = [Path(path).name for path in self._paths if not Path(path).is_file()]
        return _("Not found: {files}", files=_(", ").join(gone)) if gone else ""

    def stored(self) -> str:
        """The paths, one in a line."""
        return "\n".join(self._paths)

    def set_stored(self, stored: str) -> None:
        """Show the paths of `stored`."""
        self.set_value(stored.splitlines())

    # -- choosing ----------------------------------------------------------------------------------

    def ask(self) -> None:
        """Let the person choose files."""
        if self._most == 1:
            title = _("Choose a file …")
            files.choose_one(self, title, _("Scans"), files.SCANS, lambda path: self.add([path]))
        else:
            files.choose(self, _("Add files …"), _("Scans"), files.SCANS, self.add)

    def add(self, paths: Iterable[Path]) -> None:
        """Take these scans too (the last one alone where one is all that is wanted)."""
        fitting = [str(path) for path in files.scans(paths)]
        if self._most == 1:
            self._paths = fitting[-1:] or self._paths
        else:
            self._paths += [path for path in fitting if path not in self._paths]
            del self._paths[self._most :]
        self._show(len(self._paths) - 1)

    def remove_chosen(self) -> None:
        """Take the chosen file off the list; it stays where it lies."""
        at = self.list.currentRow()
        if at >= 0:
            del self._paths[at]
            self._show(min(at, len(self._paths) - 1))

    def _show(self, chosen: int) -> None:
        self.list.clear()
        self.list.addItems([Path(path).name for path in self._paths])
        self.list.setCurrentRow(chosen)
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        self.remove_button.setEnabled(self.list.currentRow() >= 0)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files.dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add(files.dropped(event))
        event.acceptProposedAction()
