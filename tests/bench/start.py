"""Start of the window: from the process to the login's first paint; what is imported by then.

`python -m tests.bench start`. The floor is a process that imports QtWidgets and paints an empty
QMainWindow. Both print the instant of their first paint on the clock that the bench starts them by.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from chemsales.config import Config
from tests.bench import ROOT, Figure, in_turns

ROUNDS = 9
FLOOR = """
import sys, time
from PySide6 import QtWidgets
class Window(QtWidgets.QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.monotonic(), flush=True)
        QtWidgets.QApplication.instance().quit()
app = QtWidgets.QApplication([])
window = Window()
window.show()
app.exec()
"""
PROGRAM = """
import sys, time
from ui import app, desk
begin = desk.Desk.start
def start(self, found):
    begin(self, found)
    self.login.painted.connect(self.tell)
def tell(self):
    print(time.monotonic(), *{name.split(".")[0] for name in sys.modules}, flush=True)
    self.app.quit()
desk.Desk.start, desk.Desk.tell = start, tell
desk.Desk.open_database = lambda self: None  # comes after the paint that is measured
app.main(["chemsales"])
"""
HEAVY = frozenset(
    ("matplotlib", "reportlab", "pypinyin", "python_calamine", "xlsxwriter", "openpyxl")
)


@dataclass(frozen=True, slots=True)
class Start:
    """From the start of a process to the paint, in seconds; the modules it had by then."""

    seconds: float
    modules: frozenset[str]


def _start(code: str, environment: dict[str, str]) -> Start:
    begun = time.monotonic()
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    painted, *modules = answer.stdout.split()
    return Start(float(painted) - begun, frozenset(modules))


def run() -> list[Figure]:
    """Medians of processes that take turns, the files of both read once before."""
    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CHEMSALES_HOME": home}
        (Path(home) / "config").mkdir()
        database = f"sqlite:///{home}/data/chemsales.db"
        text = f'{{"language": "{Config().language}", "database": "{database}"}}'
        (Path(home) / "config" / "config.json").write_text(text, encoding="utf-8")
        empty, program = in_turns(
            ROUNDS, lambda: _start(FLOOR, environment), lambda: _start(PROGRAM, environment), warm=1
        )
    seconds, floor = (median(each.seconds for each in side) for side in (program, empty))
    heavy = sorted({name for each in program for name in each.modules & HEAVY})
    return [
        Figure("start to the login's first paint", seconds, floor, 2.0),
        Figure(f"  heavy libraries imported by then: {heavy or 'none'}", len(heavy), None, 0, ""),
    ]
