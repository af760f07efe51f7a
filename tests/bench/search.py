"""Searching 100,000 customers: from the last key in the real field to the painted list.

`python -m tests.bench search`. The floor of a search is the bare SQL that finds the same customers,
by hand on a connection of its own; that of the field is the pause after the last key and that SQL.
The wish for an office desk is 0.2 s.
"""

from __future__ import annotations

import os
import sqlite3
import time
from functools import partial
from statistics import median

from tests.bench import Figure, grid_data, in_turns, timed, window
from tests.bench.heartbeat import heart_during

CUSTOMERS = 100_000
ROUNDS = 5
# of a name of the database: initials, full pinyin, a part, a phone, nothing at all, one letter
SEARCHES = ("bjhds", "beijinghua", "石化贸易", "7919", "zzzz", "s")


def run() -> list[Figure]:
    """Each kind of search by query and by hand; three of them through the field."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from chemsales.bootstrap import open_database

    path = grid_data.customers(CUSTOMERS)
    open_database(f"sqlite:///{path}")
    figures = []
    for text in SEARCHES:
        floor, found = in_turns(
            ROUNDS, partial(_by_hand, str(path), text), partial(_by_query, text), warm=1
        )
        figures.append(Figure(f"find {text!r}", median(found), median(floor), 2))
    return [*figures, *_through_the_field(str(path))]


def _by_hand(path: str, text: str) -> float:
    """The keys of all customers that have the text in any of their words."""

    def read() -> None:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA cache_size = -32000")
        connection.execute(
            "SELECT customer_id FROM customer_words WHERE words GLOB ?1 OR people GLOB ?1 "
            "OR pinyin GLOB ?1",
            (f"*{text}*",),
        ).fetchall()
        connection.close()

    return timed(read)


def _by_query(text: str) -> float:
    from chemsales.queries.search import find
    from chemsales.rules.roles import Actor, Role

    head = Actor("sales", "王芳", frozenset({Role.SALES_HEAD}))
    return timed(lambda: find(head, text))


def _through_the_field(path: str) -> list[Figure]:
    """From the last letter, typed or still composed, to the paint of the list under the field."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtGui import QInputMethodEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from tests.waiting import run_events
    from ui.widgets.customer_picker import CustomerPicker
    from ui.widgets.search import PAUSE_MS

    window.application()
    context = window.desk()
    jobs = context.jobs
    field = CustomerPicker(context)
    painted: list[float] = []

    class Eye(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                painted.append(time.perf_counter())
            return False

    eye = Eye()
    field.popup().viewport().installEventFilter(eye)
    field.resize(600, field.sizeHint().height())
    field.show()
    field.activateWindow()
    field.setFocus()
    gaps: list[float] = []
    kept: list[float] = []

    def searched(letters: str, last: str, composed: bool) -> float:
        field.choose(None)
        run_events(20)
        painted.clear()
        begun = [0.0]

        def press() -> None:
            begun[0] = time.perf_counter()
            if composed:
                QApplication.sendEvent(field, QInputMethodEvent("'".join(letters + last), []))
            else:
                QTest.keyClicks(field, last)

        if not composed:
            QTest.keyClicks(field, letters)
        heart = heart_during(press, until=lambda: painted and not jobs.busy)
        gaps.append(heart.largest_ms)
        if composed:
            QApplication.sendEvent(field, QInputMethodEvent("", []))
        return painted[0] - begun[0]

    figures = []
    for name, letters, last, composed in (
        ("typed initials", "bjhd", "s", False),
        ("composed initials", "bjhd", "s", True),
        ("typed pinyin", "beijinghu", "a", False),
    ):
        floor, seen = in_turns(
            ROUNDS,
            partial(_by_hand, path, letters + last),
            partial(searched, letters, last, composed),
            warm=1,
        )
        kept += gaps[1:]  # the first one makes the list
        gaps.clear()
        least = PAUSE_MS / 1000 + median(floor)
        figures.append(Figure(f"last key to paint, {name}", median(seen), least, 1.5))
    figures.append(Figure("  the window's thread is kept for", max(kept), None, 50, "ms"))
    jobs.stop(10)
    field.close()
    return figures
