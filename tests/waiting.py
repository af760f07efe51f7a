"""Waiting in a test while the window lives: its events are handled, its threads go on."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer


def run_events(milliseconds: int) -> None:
    """Run the event loop for so long, and let go what is to be deleted.

    `QTest.qWait` does the same but keeps Python's lock all the while, so that the threads that read
    get a hundredth of their time.
    """
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
