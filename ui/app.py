"""The start of the window: what it needs is looked for first, then QApplication, then the desk."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from chemsales import config, words

NO_DISPLAY = 3
# seconds until a thread that computes lets another go on: the window's waits no longer than that,
# however many times a paint asks Python for a cell while threads read
SWITCH = 0.001


def no_display() -> str:
    """Why no window can be opened here, "" where one can.

    Asked before QApplication, which would end the process without a word that helps.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return words._(
        "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the window cannot"
        " open. Start it on a desktop, or use the command line: python -m chemsales --help"
    )


def choose_input_method() -> None:
    """Under fcitx, speak ibus's protocol, which fcitx answers: Qt's wheels bring no fcitx
    plug-in."""
    if "fcitx" in os.environ.get("XMODIFIERS", "") + os.environ.get("GTK_IM_MODULE", ""):
        wanted = os.environ.get("QT_IM_MODULE", "fcitx")
        if "fcitx" in wanted:
            os.environ["QT_IM_MODULE"] = "ibus"


def make_application(arguments: Sequence[str]):  # type: ignore[no-untyped-def]
    """QApplication with the program's font and colours."""
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from ui import memory, theme
    from ui.collecting import Collector

    app = QApplication(list(arguments))
    Collector(app)
    sys.setswitchinterval(SWITCH)
    app.setApplicationName("chemsales")
    app.setDesktopFileName("chemsales")
    app.setWindowIcon(QIcon(str(config.resource("style", "icon.png"))))
    theme.register_fonts()
    zoom = memory.recall("zoom", "100")
    theme.apply(app, memory.recall("scheme", "light"), int(zoom) if zoom.isdigit() else 100)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window; the process's exit code."""
    gc.disable()  # little is thrown away while it starts; ui.collecting goes on from there
    arguments = sys.argv if arguments is None else arguments
    try:
        found = config.load()
    except (ValueError, TypeError):
        found = None  # the first start asks again; the broken file is overwritten only at its end
    words.set_default(found.language if found else "zh_CN")
    problem = no_display()
    if problem:
        print(problem, file=sys.stderr)
        return NO_DISPLAY
    choose_input_method()
    app = make_application(arguments)
    from PySide6.QtCore import QTimer

    from ui import crash
    from ui.desk import Desk

    QTimer.singleShot(500, crash.start_log)  # at the first error at the latest
    crash.CrashReporter(app).install()
    desk = Desk(app)
    desk.left.connect(app.quit)
    desk.start(found)
    code: int = app.exec()
    return code
