"""A fault of the program in plain words, with its details to copy."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from chemsales.config import log_dir
from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.dialogs.base import Dialog
from ui.widgets.labels import PlainLabel


class CrashDialog(Dialog):
    """Plain words, the details to copy, the log's folder, and the choice to go on or to quit."""

    def __init__(self, details: str) -> None:
        super().__init__(_("Unexpected error"), QApplication.activeWindow())
        self.setMinimumWidth(theme.scaled(520))
        self.body.addWidget(PlainLabel(_("The program met an unexpected error"), role="section"))
        self.body.addWidget(
            PlainLabel(
                _(
                    "What was saved before is safe; the last step was not carried out. You can go"
                    " on working. If it happens again, send the details to whoever looks after the"
                    " program. Nothing is sent by itself."
                ),
                wrap=True,
            )
        )
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setAccessibleName(_("Details"))
        self.details.setMinimumHeight(theme.scaled(140))
        self.body.addWidget(self.details)
        self.cancel_button.setText(_("Go on"))
        self.verbs.insertWidget(0, button(_("Copy details"), self.copy))
        self.verbs.insertWidget(1, button(_("Open the log folder"), self.open_folder))
        self.add_verb(_("Quit the program"), QApplication.quit, "")

    def copy(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self.details.toPlainText())

    def open_folder(self) -> None:
        """Show the log files in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_dir())))
