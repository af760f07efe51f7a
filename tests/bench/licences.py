"""Licences of 20,000 customers, 100,000 papers: the daily run, and the list of what ends opened.

`python -m tests.bench licences`. The floor of each is the bare SQL of the very same statements, run
by hand on a connection of its own. The wish for the daily run is 2 s at most.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench import Figure, grid_data, in_turns, timed
from tests.bench.statements import by_hand, statements

CUSTOMERS, PAPERS, ROUNDS = 20_000, 5, 5
DAY, NEXT = date(2026, 7, 6), date(2026, 7, 7)
RUN, OPENED, TIMES = 2.0, 0.5, 2.0


def run() -> list[Figure]:
    """The list of suspensions before any is noted, the violations of late, the run that notes them,
    one that has nothing to note, and the list of papers."""
    from chemsales.bootstrap import open_database

    with TemporaryDirectory(prefix="chemsales-bench-") as folder:
        path = Path(folder) / "licences.db"
        shutil.copyfile(grid_data.customers(CUSTOMERS, DAY), path)
        open_database(f"sqlite:///{path}")
        return [*_suspended(), *_violated(), *_runs(str(path)), *_list(str(path))]


def _suspended() -> list[Figure]:
    from chemsales.queries import listing
    from chemsales.queries.suspension_lists import suspensions_of
    from tests.factory import session_of

    actor = session_of("am").actor
    opened = partial(listing.opened, actor, suspensions_of(DAY), listing.ALL, 0, 200)
    assert opened().count > CUSTOMERS / 100
    took = median(timed(opened) for _round in range(ROUNDS))
    return [Figure("the list of suspensions, none noted yet, opened", took, None, OPENED)]


def _violated() -> list[Figure]:
    from chemsales.queries import listing
    from chemsales.queries.violations import of_recent, recent
    from tests.factory import session_of

    actor = session_of("am").actor
    counted = partial(listing.count, actor, recent(DAY), of_recent(DAY))
    assert counted() > 0
    took = median(timed(counted) for _round in range(ROUNDS))
    return [Figure("the violations of this month and the last counted", took, None, OPENED)]


def _on(day: date) -> Callable[[], object]:
    """The daily run of a day."""
    from chemsales.services import licences
    from tests.factory import Clock, session_of

    clock = Clock()
    clock.set(day.year, day.month, day.day)
    return partial(licences.run, session_of("am", clock))


def _runs(path: str) -> list[Figure]:
    first = timed(_on(DAY))
    connection = sqlite3.connect(path)
    noted = connection.execute("SELECT count(*) FROM suspension").fetchone()[0]
    connection.close()
    assert noted > CUSTOMERS / 100
    again = _on(DAY)
    wanted = ("WITH", "INSERT INTO suspension", "UPDATE suspension")
    bare = partial(by_hand, path, statements(again, *wanted))
    floor, ours = in_turns(ROUNDS, bare, partial(timed, again), warm=1)
    many = f"{CUSTOMERS * PAPERS:,} papers"
    return [
        Figure(f"the daily run of {many}, {noted:,} to note", first, None, RUN),
        Figure("  one more, nothing to note", median(ours), None, RUN),
        Figure("  one more, its SQL alone", median(ours), median(floor), TIMES),
    ]


def _list(path: str) -> list[Figure]:
    from chemsales.queries import listing
    from chemsales.queries.licence_lists import due_within, papers_of
    from chemsales.rules.licences import Notice
    from tests.factory import session_of

    actor = session_of("am").actor
    opened = partial(listing.opened, actor, papers_of(DAY, Notice()), due_within(), 0, 200)
    assert len(opened().keys) > CUSTOMERS / 10
    bare = partial(by_hand, path, statements(opened, "WITH", "SELECT"))
    floor, ours = in_turns(ROUNDS, bare, partial(timed, opened), warm=1)
    return [
        Figure("the list of what ends within 90 days, opened", median(ours), None, OPENED),
        Figure("  its SQL alone", median(ours), median(floor), TIMES),
    ]
