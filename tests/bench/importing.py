"""Importing a workbook of 100,000 pick-ups, with child process, checks and audit; cancelling.

`python -m tests.bench importing`. The floor is the reading library alone on the same workbook,
every cell as a Python value. Memory is the sum of the peaks of the program and of its child.
Cancelling is pressed at many moments of reading and writing; the longest wait counts.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import Figure, child_main, in_child, in_turns, peak_megabytes
from tests.bench.filling import add_customers, add_pickups, filling

ROWS, CUSTOMERS = 100_000, 20_000
MEGABYTES = 300
SECOND = 1.0
ROUNDS = 5
MOMENTS = [n / 10 for n in range(10)]  # of the time that a step takes
BEFORE = ("2026-03", "2026-04", "2026-05")  # months that stand already
HEADINGS = ("提货日期", "客户编码", "客户名称", "产品", "提货量(吨)", "类型", "提货单号", "库位")


def run() -> list[Figure]:
    """Time of an import against that of the reading library alone; memory; time to cancel."""
    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as folder:
        child = partial(in_child, __name__)
        here = Path(folder)
        child("build", here, home=here)
        read, done = in_turns(
            ROUNDS,
            lambda: child("floor", here, home=here),
            lambda: child("import", here, home=here),
            warm=1,
        )
        stopped = child("cancel", here, home=here)
    seconds, least = (median(each["seconds"] for each in side) for side in (done, read))
    memory = max(each["megabytes"] for each in done)
    return [
        Figure("import 100,000 rows", seconds, least, 6),
        Figure("  memory of importing, both processes", memory, None, MEGABYTES, "MB"),
        Figure("  cancel while reading", stopped["reading"], None, SECOND),
        Figure("  cancel while writing", stopped["writing"], None, SECOND),
    ]


def build(folder: Path) -> None:
    """The workbook, and a database of 20,000 customers with three months of pick-ups."""
    write_workbook(folder / "rows.xlsx")
    with filling(folder / "import.db") as connection:
        add_customers(connection, CUSTOMERS)
        for place, month in enumerate(BEFORE, start=1):
            add_pickups(connection, CUSTOMERS, place, month)


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
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": taken, "megabytes": peak_megabytes() + child}


def cancelling(folder: Path) -> dict[str, float]:
    """The longest time from the press of the button to the end of the work, reading and writing."""
    from chemsales.services import offtake

    preview = _Desk(folder).read()

    def write(desk: _Desk, cancel: threading.Event) -> None:
        offtake.import_batch(desk.session, preview, cancel=cancel)

    return {"reading": _longest_wait(folder, _Desk.read), "writing": _longest_wait(folder, write)}


def _longest_wait(folder: Path, work: Callable[[_Desk, threading.Event], object]) -> float:
    """The button pressed at each of MOMENTS of the time that the work takes without it.

    A press too late for the work to be undone counts by the time to its end.
    """
    from chemsales.exchange import Cancelled

    desk = _Desk(folder)
    begun = time.perf_counter()
    work(desk, threading.Event())
    taken = time.perf_counter() - begun
    waits, stopped = [], 0
    for moment in MOMENTS:
        desk, button = _Desk(folder), _Button(moment * taken)
        try:
            work(desk, button.cancel)
        except Cancelled:
            stopped += 1
        waits.append(button.waited())
    assert stopped > len(MOMENTS) / 2, f"{stopped} times cancelled"
    return max(waits)


class _Button:
    """Somebody who presses the button after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.cancel, self._pressed = threading.Event(), float("inf")
        self._timer = threading.Timer(seconds, self._press)
        self._timer.start()

    def _press(self) -> None:
        self._pressed = time.perf_counter()
        self.cancel.set()

    def waited(self) -> float:
        """Seconds since the press, 0 where there was none."""
        now = time.perf_counter()
        self._timer.cancel()
        return max(0.0, now - self._pressed)


if __name__ == "__main__":
    child_main({"build": build, "floor": floor, "import": importing, "cancel": cancelling})
