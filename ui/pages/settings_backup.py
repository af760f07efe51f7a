"""Backups of the embedded database: what there is, and making one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from chemsales.config import data_dir
from chemsales.services import backup as service
from chemsales.words import _
from ui.actions import button
from ui.context import Context
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.widgets.labels import PlainLabel

KEPT = 14


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
    for path in sorted((data_dir() / "backups").glob("chemsales-*.db"), reverse=True):
        manifest = service.read_manifest(path)
        if manifest is not None:
            size = f"{manifest.size / 1_000_000:.1f}"
            at = manifest.created_at.replace("T", " ")[:16]
            rows.append(
                BackupRow(path.name, at, size, sum(manifest.counts.values()), manifest.links)
            )
    return rows


class BackupSection(Page):
    """A table of the backups that lie beside the database."""

    nested = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.make_button = button(_("Back up now"), self.make, "primary")
        self.add_button(self.make_button)
        self.body.addWidget(
            PlainLabel(
                _(
                    "Each backup is read back and checked before it counts. Copy the folder to"
                    " another disk regularly. To restore one, close the program and type:"
                    " chemsales restore FILE"
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
                Column(_("Rows"), lambda row: row.rows, number=True),
                Column(_("Sealed entries"), lambda row: row.links, number=True),
            ],
            key=lambda row: row.file,
            empty=_("No backup yet."),
            name=_("Backups"),
        )
        self.body.addWidget(self.table, 1)
        folder = button(_("Open the folder"), self.open_folder)
        self.body.addWidget(folder, 0, Qt.AlignmentFlag.AlignLeft)

    def title(self) -> str:
        return _("Backup")

    def refresh(self) -> None:
        self.context.jobs.read(_found, done=self.table.set_rows)

    def make(self) -> None:
        """Write a backup now."""
        self.make_button.setEnabled(False)
        self.context.write(
            service.back_up,
            None,
            KEPT,
            done=self._made,
            always=lambda: self.make_button.setEnabled(True),
            title=_("Backing up"),
        )

    def open_folder(self) -> None:
        """Show the backups in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(data_dir() / "backups")))

    def _made(self, path: Path) -> None:
        self.context.said.emit(_("Backed up as {file}.", file=path.name))
        self.refresh()
