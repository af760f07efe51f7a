"""G4: what was acknowledged survives kill -9 and a server's hard stop, and nothing is half done.

A child does a department's work, each use case in its turn, and tells the key of its audit event
once it has committed; it is killed at a random moment (a server: stopped at once, under three such
children). Then the database is opened again: sound in itself, every acknowledged event there, at
most one more for each child, every state derivable. Killed migrations are the campaign `upgrade`.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from chemsales.bootstrap import open_database
from chemsales.moving import move
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import ChemsalesError, DataError, Unreachable
from chemsales.services import accreditation, audit, backup, operation, tiers
from chemsales.services.acts import new_key
from chemsales.services.changes import Subject
from chemsales.storage.database import connected, database, is_sqlite, rows, transaction
from tests import factory, factory_offtake
from tests.campaigns import Score
from tests.conftest import opened
from tests.conftest_postgres import start_server
from tests.factory import PDF, draft_of, session_of, version_of
from tests.worked import copy_to

KILLS, FEW_KILLS = 500, 10
STOPS, FEW_STOPS = 20, 2
FEW_TO_FIND = 3  # kills, each of which finds a seeded defect nearly always
TOLD = 8  # at most so many acknowledgements before the end
MONTH = "2026-06"  # the last one that is closed in the file
CLOCK = factory.Clock(datetime(2026, 7, 6, 4, 0, tzinfo=UTC))
Step = Iterator[str]  # keys of audit events, each once it is committed
START_SECONDS = 120
BOASTING_SECONDS = 0.5

# the children are forked from a process that has read the program already
processes = multiprocessing.get_context("forkserver" if os.name != "nt" else "spawn")


def run(short: bool) -> Iterator[Score]:
    """Every kind of work killed in turn on files; all of them at once on a server."""
    if os.name != "nt":
        processes.set_forkserver_preload([__name__])
    with tempfile.TemporaryDirectory(prefix="chemsales-kill-") as name:
        folder = Path(name)
        source = copy_to(folder / "work.db")
        yield Score("a seeded defect is found", *_defects(source, folder))
        number = (FEW_KILLS if short else KILLS) // len(WORKS)
        for work in WORKS:
            wrong, told = _kills(work, number, source, folder)
            yield Score(f"kills while {work} ({told} acknowledged)", number, tuple(wrong))
        number = FEW_STOPS if short else STOPS
        wrong, told = _stops(number, source)
        yield Score(f"hard stops of a server ({told} acknowledged)", number, tuple(wrong))


def accrediting(seed: int) -> Step:
    """Applications with two scans through all three stages."""
    for number in itertools.count(seed):
        am = session_of("am", CLOCK)
        changed = accreditation.save_draft(am, draft_of(f"断电试验{number}有限公司", number))
        key = changed.value
        yield changed.event
        for kind in (DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA):
            data = PDF + f"{kind} {number}".encode()
            endless = kind is DocumentKind.BUSINESS_LICENCE
            made = accreditation.attach(am, key, kind, f"{kind}.pdf", data, long_term=endless)
            yield made.event
        yield accreditation.submit(am, key, version_of(key)).event
        for login in ("sales", "finance", "gm"):
            who = session_of(login, CLOCK)
            yield accreditation.decide(who, key, version_of(key), Verdict.APPROVE, "同意").event


def attaching(seed: int) -> Step:
    """Large scans on one application."""
    am = session_of("am", CLOCK)
    changed = accreditation.save_draft(am, draft_of(f"附件试验{seed}有限公司", seed))
    yield changed.event
    for number in itertools.count(seed):
        data = PDF + random.Random(number).randbytes(300_000)
        kind = DocumentKind.BUSINESS_LICENCE
        yield accreditation.attach(am, changed.value, kind, "扫描件.pdf", data).event


def importing(seed: int) -> Step:
    """Pick-ups of 300 lines."""
    customer = int(rows("SELECT min(id) FROM customer")[0][0])
    deque(itertools.islice(factory_offtake.files, 1000), 0)  # the first ones are known here already
    for number in itertools.count(seed):
        lines = [(customer, "PP-T30S", f"2026-07-0{1 + at % 3}", 1 + number) for at in range(300)]
        factory_offtake.pick_up(session_of("am", CLOCK), lines)
        yield _latest("offtake.import_batch")


def levelling(seed: int) -> Step:
    """The last month opened and closed again."""
    for _turn in itertools.count(seed):
        sales = session_of("sales", CLOCK)
        if rows("SELECT 1 FROM closing WHERE month = ? AND active = 1", (MONTH,)):
            yield tiers.reopen_month(sales, MONTH, "断电试验").event
        yield tiers.close_month(sales, MONTH).event


def backing_up(seed: int) -> Step:
    """Backups beside the file."""
    clock = factory.Clock(CLOCK.instant)
    folder = Path(str(database.obj.database)).parent / "copies"
    for _turn in itertools.count(seed):
        clock.advance(days=1)
        backup.back_up(session_of("admin", clock), folder)
        yield _latest("backup._note")


def _latest(use_case: str) -> str:
    found = rows("SELECT key FROM event WHERE use_case = ? ORDER BY id DESC LIMIT 1", (use_case,))
    return str(found[0][0])


def boasting(seed: int) -> Step:
    """A defect, by which it is shown that the campaign finds one: it tells before it commits."""
    admin = session_of("admin", CLOCK)
    for _turn in itertools.count(seed):
        told = operation.Operation(admin, "backup._note", new_key())
        with connected(), transaction():
            told.record(Subject.PEOPLE, "")
            told.write_event()
            yield told.key
            time.sleep(BOASTING_SECONDS)


WORKS: dict[str, Callable[[int], Step]] = {
    "accrediting": accrediting,
    "attaching": attaching,
    "importing": importing,
    "levelling": levelling,
    "backing up": backing_up,
}
DEFECTS = {"boasting": boasting}


def child(url: str, home: str, work: str, seed: int, out: Connection) -> None:
    """Work until the end, telling every acknowledgement; what another child was faster with is
    begun again."""
    os.environ["CHEMSALES_HOME"] = home
    open_database(url)
    out.send("")
    with suppress(Unreachable):
        while True:
            try:
                for event in {**WORKS, **DEFECTS}[work](seed):
                    out.send(event)
            except Unreachable:
                raise
            except ChemsalesError:
                seed += 1000


def _begun(url: str, work: str, seed: int) -> tuple[BaseProcess, Connection]:
    """A child that is about to work."""
    here, there = processes.Pipe(duplex=False)
    given = (url, os.environ["CHEMSALES_HOME"], work, seed, there)
    process = processes.Process(target=child, args=given)
    process.start()
    there.close()
    if not here.poll(START_SECONDS):
        raise RuntimeError(f"the child that was to be {work} did not start")
    here.recv()
    return process, here


def _wait(pipe: Connection, chance: random.Random) -> list[str]:
    """What a child acknowledges until some moment of a later use case, however busy the machine."""
    told, began = [], time.monotonic()
    for _turn in range(chance.randrange(TOLD)):
        told.append(str(pipe.recv()))
    each = (time.monotonic() - began) / max(1, len(told)) or 0.05
    time.sleep(chance.uniform(0, 2 * min(each, 1)))
    return told


def _told(process: BaseProcess, pipe: Connection) -> list[str]:
    """What an ended child has acknowledged besides."""
    process.join()
    told = []
    with closing(pipe), suppress(EOFError, OSError):
        while True:
            told.append(str(pipe.recv()))
    return told


def _kills(work: str, number: int, source: str, folder: Path) -> tuple[list[str], int]:
    chance, wrong, count = random.Random(work), [], 0
    for turn in range(number):
        path = folder / work / "work.db"
        path.parent.mkdir()
        shutil.copyfile(source.removeprefix("sqlite:///"), path)
        process, pipe = _begun(f"sqlite:///{path}", work, 1000 + turn)
        told = _wait(pipe, chance)
        process.kill()
        told += _told(process, pipe)
        count += len(told)
        problems = after(f"sqlite:///{path}", [told], source, 1)
        wrong += [f"{work}, killed after {len(told)}: {text}" for text in problems]
        shutil.rmtree(path.parent)
    return wrong, count


def _defects(source: str, folder: Path) -> tuple[int, tuple[str, ...]]:
    """Whether what tells before it commits is found out by a few kills."""
    missed = [
        f"{work} was not found"
        for work in DEFECTS
        if not any("lost" in text for text in _kills(work, FEW_TO_FIND, source, folder)[0])
    ]
    return len(DEFECTS), tuple(missed)


def _stops(number: int, source: str) -> tuple[list[str], int]:
    chance, wrong, acknowledged = random.Random(4), [], list[list[str]]()
    server = start_server(durable=True)
    try:
        url = server.create_database("chemsales_kill")
        with opened(url):
            move(source, url, lambda: session_of("admin"))
        for turn in range(number):
            works = ("accrediting", "importing", "levelling")
            children = [
                _begun(url, work, 10_000 * (turn + 1) + 100 * at) for at, work in enumerate(works)
            ]
            acknowledged.append(_wait(children[turn % 3][1], chance))
            server.stop(hard=True)
            acknowledged += [_told(process, pipe) for process, pipe in children]
            server.start()
            problems = after(url, acknowledged, source, 3 * (turn + 1) + 1)  # and the move's own
            wrong += [f"stop {turn}: {text}" for text in problems]
    finally:
        server.remove()
    return wrong, sum(map(len, acknowledged))


def after(url: str, acknowledged: list[list[str]], source: str, more: int) -> list[str]:
    """What is not as it has to be, after the database was opened again; `more` events may be there
    that nobody came to acknowledge."""
    wrong = []
    with opened(source):
        before = {key for (key,) in rows("SELECT key FROM event")}
    with opened(url):
        if is_sqlite() and (said := rows("PRAGMA integrity_check")) != [("ok",)]:
            wrong.append(f"not sound: {said[0][0]}")
        there = {key for (key,) in rows("SELECT key FROM event WHERE outcome = 'done'")} - before
        found = audit.verify(session_of("auditor"))
        wrong += _copies(Path(url.removeprefix("sqlite:///")).parent / "copies")
    wrong += [f"{p.place}: {p.reason.code}" for p in found.problems if not p.warning]
    told = {key for keys in acknowledged for key in keys}
    if told - there:
        wrong.append(f"{len(told - there)} acknowledged events are lost")
    if len(there - told) > more:
        wrong.append(f"{len(there - told)} events that nobody acknowledged")
    return wrong


def _copies(folder: Path) -> list[str]:
    """Backups that count and are none."""
    wrong = []
    for manifest in backup.found(folder) if folder.exists() else []:
        try:
            backup.check_backup(folder / manifest.file)
        except DataError as error:
            wrong.append(f"{manifest.file} counts as a backup: {error}")
    return wrong
