"""Start of the window: from the process to the login's first paint, against an empty
QMainWindow's."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from chemsales.config import Config
from tests.bench import Figure

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
import time
from ui import app, desk
begin = desk.Desk.start
def start(self, found):
    begin(self, found)
    self.login.painted.connect(self.tell)
def tell(self):
    print(time.monotonic(), flush=True)
    self.app.quit()
desk.Desk.start, desk.Desk.tell = start, tell
desk.Desk.open_database = lambda self: None  # comes after the paint that is measured
app.main(["chemsales"])
"""


def _seconds(code: str, environment: dict[str, str]) -> float:
    """From the start of a process with this code to the instant that it prints."""
    begun = time.monotonic()
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    return float(answer.stdout.split()[-1]) - begun


def run() -> list[Figure]:
    """Medians of processes that take turns, the files of both read once before."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CHEMSALES_HOME": home}
        (Path(home) / "config").mkdir()
        database = f"sqlite:///{home}/data/chemsales.db"
        text = f'{{"language": "{Config().language}", "database": "{database}"}}'
        (Path(home) / "config" / "config.json").write_text(text, encoding="utf-8")
        times: dict[str, list[float]] = {FLOOR: [], PROGRAM: []}
        for turn in range(ROUNDS + 1):
            for code, seen in times.items():
                seconds = _seconds(code, environment)
                if turn:
                    seen.append(seconds)
    name = "start to the login's first paint"
    return [Figure(name, median(times[PROGRAM]), median(times[FLOOR]), 2.0)]
