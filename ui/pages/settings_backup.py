"""Backups: what there is, making one, and restoring one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout

from chemsales import config as configuration
from chemsales.config import backup_dir
from chemsales.services import backup as service
from chemsales.services.changes import Subject
from chemsales.words import _
from ui import actions, files
from ui.actions import button_for
from ui.context import Context
from ui.dialogs import message
from ui.dialogs.restore_server import RestoreServerDialog
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.widgets.backup_banner import back_up
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A backup in the backup folder."""

    file: str
    created_at: str
    megabytes: str
    rows: int
    links: int


def _found() -> list[BackupRow]:
    """The backups of the backup folder, the newest first."""
    rows = []
    for manifest in service.found(backup_dir()):
        size = f"{manifest.size / 1_000_000:.1f}"
        at = manifest.created_at.replace("T", " ")[:16]
        count = sum(manifest.counts.values())
        rows.append(BackupRow(manifest.file, at, size, count, manifest.links))
    return rows


class BackupSection(Page):
    """A table of the backups that lie beside the database."""

    nested = True
    subjects = frozenset({Subject.SETTINGS})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._files: set[str] | None = None  # what was there when it was looked at last
        self.make_act = actions.make("back_up", self, self.make)
        self.make_button = button_for(self.make_act, "primary")
        self.add_button(self.make_button)
        self.body.addWidget(
            PlainLabel(
                _(
                    "The program backs up by itself when it is closed after work. Each backup is"
                    " read back and checked before it counts; 7 daily, 4 weekly and 12 monthly ones"
                    " are kept. One that is restored is checked again first, and what it replaces"
                    " is kept."
                ),
                role="quiet",
                wrap=True,
            )
        )
        self.table = Grid(
            [
                Column(_("File"), lambda row: row.file, stretch=True),
                Column(_("Made at"), lambda row: row.created_at),
                Column(_("Size (MB)"), lambda row: row.megabytes, number=True),
                Column(_("Rows"), lambda row: row.rows, lambda row: f"{row.rows:,}", number=True),
                Column(
                    _("Sealed entries"),
                    lambda row: row.links,
                    lambda row: f"{row.links:,}",
                    number=True,
                ),
            ],
            key=lambda row: row.file,
            empty=_("No backup yet."),
            name=_("Backups"),
        )
        self.body.addWidget(self.table, 1)
        row = QHBoxLayout()
        for name, work in (("restore_backup", self.restore), ("restore_file", self.choose_file)):
            row.addWidget(button_for(self.act(f"settings.{name}", work)))
        row.addStretch(1)
        self.body.addLayout(row)
        self.table.chosen.connect(self._choose)
        self._choose(None)
        self.second = PlainLabel("", role="quiet", wrap=True)
        row = QHBoxLayout()
        self.act("settings.no_second_folder", lambda: self.set_second(""))
        row.addWidget(button_for(self.act("settings.open_backups", self.open_folder)))
        row.addWidget(button_for(self.act("settings.second_folder", self.choose_second)))
        self.none_button = button_for(self.acts["settings.no_second_folder"])
        row.addWidget(self.none_button)
        row.addWidget(self.second, 1)
        self.body.addLayout(row)
        self._show_second()

    def title(self) -> str:
        return _("Backup")

    def refresh(self) -> None:
        self.context.jobs.read(_found, done=self._show)

    def _show(self, rows: list[BackupRow]) -> None:
        """Show the backups; one that was made meanwhile is chosen."""
        before, self._files = self._files, {row.file for row in rows}
        self.table.set_rows(rows)
        new = [row.file for row in rows if before is not None and row.file not in before]
        if new:
            self.table.select_key(new[0])

    def make(self) -> None:
        """Write a backup now."""
        self.make_act.setEnabled(False)
        back_up(self.context, lambda: self.make_act.setEnabled(True))

    def restore(self) -> None:
        """Put the backup chosen in the place of the database, after asking."""
        row = self.table.row()
        if row is not None:
            self._ask(backup_dir() / row.file, row.created_at)

    def choose_file(self) -> None:
        """Ask for a backup that lies elsewhere, and then the same."""
        files.choose_one(
            self,
            _("Restore another file"),
            _("Backups"),
            "*.db",
            lambda path: self._ask(path, path.name),
        )

    def _ask(self, path: Path, what: str) -> None:
        if not self.context.config.database.startswith("sqlite:"):
            RestoreServerDialog(self.context, path, what, self.window()).open()
            return
        message.ask(
            _("Restore the backup of {what}?", what=what),
            _("Everything entered since then is no longer in the program; the database until now is"
              " kept in the backup folder. Nobody else may have the program open. You are signed"
              " out, and sign in again with the password of that time."),
            _("Restore"),
            lambda: self.context.restore_wanted.emit(str(path), None),
            danger=True,
            parent=self.window(),
        )  # fmt: skip

    def _choose(self, row: BackupRow | None) -> None:
        nothing = "" if row is not None else _("Choose a backup first.")
        self.acts["settings.restore_backup"].block(nothing)

    def choose_second(self) -> None:
        """Ask for a folder, on another disk, that gets a copy of every backup."""
        files.choose_folder(self, _("Second folder"), lambda path: self.set_second(str(path)))

    def set_second(self, folder: str) -> None:
        """Remember the second folder; "" for none."""
        context = self.context
        context.config = replace(context.config, second_backup_folder=folder)
        configuration.save(context.config)
        context.config_changed.emit(context.config)
        self._show_second()

    def _show_second(self) -> None:
        folder = self.context.config.second_backup_folder
        words = _("Each backup is also copied to {folder}", folder=folder)
        self.second.setText(words if folder else _("No second folder: choose one on another disk."))
        self.acts["settings.no_second_folder"].setVisible(bool(folder))

    def open_folder(self) -> None:
        """Show the backups in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(backup_dir())))
