"""What happens to a fault of the program: into the log, told once in plain words, and work goes
on."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QtMsgType,
    QUrl,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from chemsales.config import state_dir
from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.dialogs.base import Dialog
from ui.widgets.labels import PlainLabel

LOG_BYTES, LOG_FILES = 2_000_000, 5
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
log = logging.getLogger("chemsales")


def log_folder() -> Path:
    """The folder of the log files."""
    folder = state_dir() / "logs"
    folder.mkdir(exist_ok=True)
    return folder


def start_log() -> None:
    """Write what happens into a rotating file, Qt's own messages and hard crashes included."""
    handler = RotatingFileHandler(
        log_folder() / "chemsales.log", "a", LOG_BYTES, LOG_FILES - 1, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    faulthandler.enable((log_folder() / "faults.log").open("a", encoding="utf-8"))
    qInstallMessageHandler(_qt_message)


def _qt_message(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(QT_LEVELS.get(kind, logging.INFO), text)


class CrashReporter(QObject):
    """Takes sys.excepthook; every different fault is shown once, never from inside painting."""

    _told = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[str] = set()
        self._told.connect(self._show)

    def install(self) -> None:
        """Answer for exceptions of this thread and of all others from now on."""
        sys.excepthook = self.hook
        threading.excepthook = lambda args: self.hook(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log the fault, and show it unless the same one was shown before."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.error("unexpected error\n%s", text)
        place = "".join(traceback.format_tb(trace)[-1:]) + kind.__name__
        if place not in self._seen:
            self._seen.add(place)
            self._told.emit(text)

    def _show(self, text: str) -> None:
        CrashDialog(text).open()


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
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))
