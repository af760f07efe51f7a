"""The review among 20,000 customers and 100,000 licences, the database of the daily run: the queue
opened, the next case with its document drawn.

`python -m tests.bench reviewing`. The floor of what is read is the bare SQL of the very same
statements, run again by hand on a connection of its own. The wishes for a desk are 0.2 s for the
queue and 0.3 s for the next case.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench import Figure, grid_data, in_turns, timed, window
from tests.bench.licences import CUSTOMERS, DAY, PAPERS
from tests.bench.statements import by_hand, statements

if TYPE_CHECKING:
    from ui.context import Context
    from ui.pages.approvals import ApprovalsPage

CASES, ROUNDS = 12, 7
QUEUE, NEXT = 0.2, 0.3
PATIENCE = 60.0


def run() -> list[Figure]:
    """The queue and its cases in a window that is drawn nowhere."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from chemsales.bootstrap import open_database
    from ui import documents

    with TemporaryDirectory(prefix="chemsales-bench-") as folder:
        path = Path(folder) / "review.db"
        shutil.copyfile(grid_data.customers(CUSTOMERS, DAY), path)
        open_database(f"sqlite:///{path}")
        _applications()
        window.application()
        context = window.desk()
        figures = [*_read(context, str(path)), *_seen(context)]
        context.jobs.stop(10)
        documents.stop()
    return figures


def _applications() -> None:
    """Cases that wait for the sales head, each with two scans."""
    from tests.factory import session_of, submit
    from tests.furnishing import application, rich_draft

    for number in range(CASES):
        key = application(rich_draft(f"待审{number:02d}号新材料科技有限公司", 700 + number))
        submit(session_of("am"), key)


def _read(context: Context, path: str) -> list[Figure]:
    from chemsales.queries.approval import queue
    from ui.work.approvals import load

    today, rows = context.session.today(), queue(context.actor)
    assert len(rows) == CASES
    parts = {  # a list asks for its keys and counts them before it reads
        "reading the queue": (partial(queue, context.actor), 6),
        "reading a case": (partial(load, context.actor, rows[3], today), 3),
    }
    figures = []
    for name, (work, limit) in parts.items():
        bare = partial(by_hand, path, statements(work, "SELECT", "WITH"))
        floor, ours = in_turns(ROUNDS, bare, partial(timed, work), warm=1)
        figures.append(Figure(f"  {name}, its SQL alone", median(ours), median(floor), limit))
    return figures


def _until(context: Context, done: Callable[[], object]) -> None:
    from PySide6.QtWidgets import QApplication

    limit = time.monotonic() + PATIENCE
    while not done():
        QApplication.processEvents()
        if time.monotonic() > limit:
            raise TimeoutError("the review does not come")
    QApplication.processEvents()


def _drawn(page: ApprovalsPage, at: int) -> bool:
    """Whether the case of this line is shown with its first document."""
    view, row = page.accreditation.viewer.view, page.queue.rows()[at]
    shown = page.loaded is not None and page.loaded.waiting.key == row.key
    return bool(shown and view.pages and not view.drawing)


def _seen(context: Context) -> list[Figure]:
    from ui import documents
    from ui.pages.approvals import ApprovalsPage

    opened, followed = [], []
    for turn in range(ROUNDS + 1):
        begun = time.perf_counter()
        page = ApprovalsPage(context)
        page.resize(1366, 768)
        page.show()
        page.refresh()
        _until(context, lambda shown=page: shown.queue.rows())
        opened.append(time.perf_counter() - begun)
        _until(context, lambda shown=page: _drawn(shown, 0))
        _until(context, lambda: not context.jobs.busy)
        at = 1 + turn % (CASES - 1)
        begun = time.perf_counter()
        page.queue.selectRow(at)
        _until(context, lambda shown=page, at=at: _drawn(shown, at))
        followed.append(time.perf_counter() - begun)
        _until(context, lambda: not context.jobs.busy)
        page.accreditation.viewer.clear()
        page.close()
        page.deleteLater()
        _until(context, lambda: not documents.busy())
    many = f"{CASES} cases, {CUSTOMERS:,} customers, {CUSTOMERS * PAPERS:,} papers"
    return [
        Figure(f"the queue of {many}", median(opened[1:]), None, QUEUE),
        Figure("the next case, its first document drawn", median(followed[1:]), None, NEXT),
    ]
