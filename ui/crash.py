"""What happens to a fault of the program: into the log, told once in plain words, and work goes
on."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from functools import cache
from types import TracebackType

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

from chemsales.config import log_dir

LOG_BYTES, LOG_FILES = 2_000_000, 5
QT_LEVELS = {
    "QtDebugMsg": logging.DEBUG,
    "QtInfoMsg": logging.INFO,
    "QtWarningMsg": logging.WARNING,
    "QtCriticalMsg": logging.ERROR,
    "QtFatalMsg": logging.CRITICAL,
}
log = logging.getLogger("chemsales")


@cache
def start_log() -> None:
    """Write what happens into a rotating file, Qt's own messages and hard crashes included."""
    from logging.handlers import RotatingFileHandler  # costs as much as a tenth of the start

    handler = RotatingFileHandler(
        log_dir() / "chemsales.log", "a", LOG_BYTES, LOG_FILES - 1, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    faulthandler.enable((log_dir() / "faults.log").open("a", encoding="utf-8"))
    qInstallMessageHandler(_qt_message)


def _qt_message(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(QT_LEVELS.get(kind.name, logging.INFO), text)


class CrashReporter(QObject):
    """Takes sys.excepthook; every different fault is shown once, never from inside painting."""

    _told = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[str] = set()
        # never from inside what failed, which may be painting: the dialog would be painted over it
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)

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
            QCoreApplication.quit()
            return
        start_log()
        text = "".join(traceback.format_exception(kind, error, trace))
        log.error("unexpected error\n%s", text)
        place = "".join(traceback.format_tb(trace)[-1:]) + kind.__name__
        if place not in self._seen:
            self._seen.add(place)
            self._told.emit(text)

    def _show(self, text: str) -> None:
        from ui.dialogs.crash import CrashDialog

        CrashDialog(text).open()
