"""The red line under the top of the window, while something is wrong with the backups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from chemsales.rules.roles import Action
from chemsales.services import backup as service
from chemsales.services.changes import Subject
from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.context import Context
from ui.widgets.labels import PlainLabel
from ui.work.backup import Worry, worry


def back_up(context: Context, always: Callable[[], None] | None = None) -> None:
    """Write a backup into the usual folders, off this thread, and say where it is."""

    def made(path: Path) -> None:
        context.said.emit(_("Backed up as {file}.", file=path.name))

    def ended() -> None:
        context.changed.emit(frozenset({Subject.SETTINGS}))
        if always is not None:
            always()

    context.write(service.back_up, done=made, always=ended, title=_("Backing up"))


class BackupBanner(QFrame):
    """Hidden while the backups are in order. Everybody at a file of this computer sees it; of a
    server's database those who may do something about it."""

    def __init__(self, context: Context, embedded: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.context = context
        self.watching = embedded or context.may(Action.BACKUP)
        self.text = PlainLabel("", role="problem", wrap=True)
        self.back_up_button = button(_("Back up now"), lambda: back_up(context))
        self.confirm_button = button(_("The data is right"), self.confirm)
        row = QHBoxLayout(self)
        row.setContentsMargins(*[theme.scaled(n) for n in (12, 6, 12, 6)])
        row.addWidget(self.text, 1)
        row.addWidget(self.back_up_button)
        row.addWidget(self.confirm_button)
        self.hide()
        context.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Look again."""
        if self.watching:
            self.context.read(
                worry, done=self._show, failed=lambda _error: None, channel="backup banner"
            )

    def confirm(self) -> None:
        """Say that the restored data is right."""
        self.context.write(service.confirm_restored)

    def _on_changed(self, _subjects: frozenset[Subject]) -> None:
        self.refresh()

    def _show(self, found: Worry | None) -> None:
        may = self.context.may(Action.BACKUP)
        self.text.setText(found.text if found is not None else "")
        self.back_up_button.setVisible(may and found is not None and not found.restored)
        self.confirm_button.setVisible(may and found is not None and found.restored)
        self.setVisible(found is not None)
