"""Importing a workbook of 100,000 pick-ups, with checks, audit and child process; cancelling."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.bench import Figure, closing

ROWS, CUSTOMERS = 100_000, 20_000
MEGABYTES = 300
SECOND = 1.0
ROUNDS = 3
BEFORE = ("2026-03", "2026-04", "2026-05")  # months that stand already
HEADINGS = ("提货日期", "客户编码", "客户名称", "产品", "提货量(吨)", "类型", "提货单号", "库位")


def run() -> list[Figure]:
    """Time of an import against that of the reading library alone; memory; time to cancel."""
    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as folder:
        here = Path(folder)
        _child("build", here)
        rounds = [(_child("floor", here), _child("import", here)) for _ in range(ROUNDS)]
        stopped = _child("cancel", here)
    floor = min(read["seconds"] for read, _ in rounds)
    seconds = min(done["seconds"] for _, done in rounds)
    memory = max(done["megabytes"] for _, done in rounds)
    return [
        Figure("import 100,000 rows", seconds, floor, 6),
        Figure("  memory of importing, both processes", memory, MEGABYTES, 1, "MB"),
        Figure("  cancel while reading", stopped["reading"], SECOND, 1),
        Figure("  cancel while writing", stopped["writing"], SECOND, 1),
    ]


def _child(part: str, folder: Path) -> dict[str, float]:
    """A part in a process of its own; what it printed."""
    environment = {**os.environ, "CHEMSALES_HOME": str(folder / "home")}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.importing", part, str(folder)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    figures: dict[str, float] = json.loads(ended.stdout)
    return figures


def build(folder: Path) -> dict[str, float]:
    """The workbook, and a database of 20,000 customers with three months of pick-ups."""
    write_workbook(folder / "rows.xlsx")
    path = folder / "import.db"
    closing._department(f"sqlite:///{path}")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO acting VALUES (1, 'bench', 'bench')")
    connection.execute(
        "INSERT INTO event (key, at, who, use_case, outcome, reasons, detail) "
        f"VALUES ('bench', '{closing.STAMP}', 'bench', 'bench', 'done', '[]', '{{}}')"
    )
    closing._customers(connection)
    for place, month in enumerate(BEFORE, start=1):
        closing._pickups(connection, place, month)
    connection.execute("DELETE FROM acting")
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return {}


def write_workbook(path: Path) -> None:
    """A month of pick-ups as a desk has them: shared texts, date cells, tonnes to the kilogram."""
    import xlsxwriter

    products = ("PP-T30S", "PE-7042", "PE-5000S")
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("六月")
        sheet.write_row(0, 0, HEADINGS)
        first = date(2026, 6, 1)
        for row in range(ROWS):
            customer = row * 7 % CUSTOMERS + 1
            returned = row % 97 == 0
            tonnes = (1 + row * 7919 % 40_000) / 1000
            sheet.write_datetime(row + 1, 0, first + timedelta(days=row % 30))
            sheet.write_string(row + 1, 1, f"C{customer:05d}")
            sheet.write_string(row + 1, 2, f"第{customer}化工有限公司")
            sheet.write_string(row + 1, 3, products[row % 3])
            sheet.write_number(row + 1, 4, -tonnes if returned else tonnes)
            sheet.write_string(row + 1, 5, "退货" if returned else "提货")
            sheet.write_string(row + 1, 6, f"TH2606{row:06d}")
            sheet.write_string(row + 1, 7, f"{row % 4 + 1}号库")


def floor(folder: Path) -> dict[str, float]:
    """The reading library alone: every cell of the workbook as a Python value."""
    begun = time.perf_counter()
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(folder / "rows.xlsx").get_sheet_by_index(0).to_python()
    taken = time.perf_counter() - begun
    assert len(rows) == ROWS + 1
    return {"seconds": taken}


class _Desk:
    """The program at work on the bench's database."""

    def __init__(self, folder: Path) -> None:
        from chemsales.bootstrap import open_database
        from chemsales.rules.roles import Actor, Role
        from chemsales.services.session import Session

        self.file = folder / "rows.xlsx"
        for old in folder.glob("now.db*"):
            old.unlink()
        shutil.copyfile(folder / "import.db", folder / "now.db")  # each import is the first
        open_database(f"sqlite:///{folder / 'now.db'}")
        manager = Actor("am", "张伟", frozenset({Role.ACCOUNT_MANAGER}))
        self.session = Session(manager, lambda: datetime(2026, 7, 6, 4, tzinfo=UTC))

    def read(
        self,
        cancel: threading.Event | None = None,
        progress: Callable[[int, int], None] | None = None,
    ):
        from chemsales import exchange
        from chemsales.queries import offtake

        context = offtake.import_context(self.session.actor, self.session.today())
        return exchange.preview(self.file, "pickups", context, cancel, progress)


def importing(folder: Path) -> dict[str, float]:
    """Read, check and write."""
    from chemsales.services import offtake

    desk = _Desk(folder)
    begun = time.perf_counter()
    preview = desk.read(progress=lambda done, total: None)
    offtake.import_batch(desk.session, preview)
    taken = time.perf_counter() - begun
    assert len(preview.good) == ROWS and not preview.bad
    own, child = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {"seconds": taken, "megabytes": own + child}


def cancelling(folder: Path) -> dict[str, float]:
    """From the moment the button is pressed half-way to the refusal, reading and writing."""
    from chemsales.exchange import Cancelled
    from chemsales.services import offtake

    desk = _Desk(folder)

    def time_to_stop(
        work: Callable[[threading.Event, Callable[[int, int], None]], object],
    ) -> float:
        cancel, pressed = threading.Event(), []

        def half_way(done: int, total: int) -> None:
            if done > total / 2 and not pressed:
                pressed.append(time.perf_counter())
                cancel.set()

        try:
            work(cancel, half_way)
        except Cancelled:
            return time.perf_counter() - pressed[0]
        raise AssertionError("not cancelled")

    reading = time_to_stop(desk.read)
    preview = desk.read()
    writing = time_to_stop(
        lambda cancel, progress: offtake.import_batch(
            desk.session, preview, cancel=cancel, progress=progress
        )
    )
    return {"reading": reading, "writing": writing}


PARTS = {"build": build, "floor": floor, "import": importing, "cancel": cancelling}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](Path(sys.argv[2]))))
