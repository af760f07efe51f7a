"""G5: writing fails at every place in turn; nothing is half done, the person is told, work goes on.

A child may let no file grow beyond a limit (or write beyond it), as on a disk that is full: first
none, then a page of the write-ahead log more each time, until the work comes through whole: five
kinds of work with all that belongs to them, and in the full form every use case that there is. What
it was told is an error of the program with a reason, the database is as it was before the act, and
the same process works on as soon as there is room. That a sync fails is not shown: nothing that
runs everywhere can make it fail.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from chemsales.bootstrap import open_database
from chemsales.rules.errors import DataError, Unreachable
from chemsales.services import settings
from chemsales.words import say_all
from tests import factory_offtake
from tests.campaigns import Score
from tests.campaigns.kill import START_SECONDS, WORKS, Step, after, processes
from tests.factory import session_of
from tests.services.test_every_use_case import DEEDS
from tests.worked import copy_to

PAGE = 4096 + 24  # of the log: what is written at a time
STEPS = {"accrediting": 7, "attaching": 2, "importing": 1, "levelling": 2, "backing up": 1}
SHORT = ("importing",)
SHORT_PAGES = 5
MOST = 2000
MOST_USE_CASES = 6  # that lead to one: what nobody acknowledges may be there


def run(short: bool) -> Iterator[Score]:
    """Every kind of work; where a process cannot be limited like that there is nothing to run."""
    if os.name == "nt":
        return
    processes.set_forkserver_preload([__name__])
    with tempfile.TemporaryDirectory(prefix="chemsales-faults-") as name:
        folder = Path(name)
        source = copy_to(folder / "work.db")
        for work in SHORT if short else STEPS:
            tried, wrong = _until_clean(work, SHORT_PAGES if short else 1, source, folder)
            yield Score(f"limits while {work}", tried, tuple(wrong))
        for name in () if short else DEEDS:
            tried, wrong = _until_clean(name, 1, source, folder)
            yield Score(f"limits in {name}", tried, tuple(wrong))


def child(url: str, home: str, work: str, limit: int, out: Connection) -> None:
    """Work under the limit, tell what was acknowledged and how it ended; then work without it."""
    import resource

    os.environ["CHEMSALES_HOME"] = home
    open_database(url)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    told: list[str] = []
    end = "clean"
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        if work in DEEDS:
            deque(itertools.islice(factory_offtake.files, 1000), 0)  # the first are known already
            DEEDS[work]()
        else:
            told += itertools.islice(WORKS[work](1000), STEPS[work])
    except (Unreachable, DataError) as error:
        end = "told" if say_all(error) else "told nothing"
    except Exception as error:  # the person would see a fault of the program
        end = f"{type(error).__name__}: {error}"
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    again: list[str] = []
    try:
        again += itertools.islice(WORKS.get(work, one_setting)(5000), STEPS.get(work, 1))
    except Exception as error:
        end = f"{end}, and with room again {type(error).__name__}: {error}"
    out.send((end, told, again))


def one_setting(_seed: int) -> Step:
    """What is written after a use case: the person works on."""
    yield settings.set_value(session_of("admin"), "company", "有了空间").event


def _until_clean(work: str, step: int, source: str, folder: Path) -> tuple[int, list[str]]:
    """Limit after limit; how many there were, and what went wrong."""
    wrong: list[str] = []
    for tried in range(1, MOST):
        limit = 32 + PAGE * step * (tried - 1)
        path = folder / "limited" / "work.db"
        path.parent.mkdir()
        shutil.copyfile(source.removeprefix("sqlite:///"), path)
        end, told, again = _under(limit, f"sqlite:///{path}", work)
        more = MOST_USE_CASES if work in DEEDS else 0
        problems = after(f"sqlite:///{path}", [told, again], source, more)
        if end not in ("told", "clean"):
            problems.append(end)
        if end == "told" and len(again) < STEPS.get(work, 1):
            problems.append("it did not work on")
        wrong += [f"{work}, files of {limit} bytes: {text}" for text in problems]
        shutil.rmtree(path.parent)
        if end == "clean":
            return tried, wrong if tried > 1 else [*wrong, f"{work}: nothing ever failed"]
    return MOST, [*wrong, f"{work}: it never came through"]


def _under(limit: int, url: str, work: str) -> tuple[str, list[str], list[str]]:
    here, there = processes.Pipe(duplex=False)
    given = (url, os.environ["CHEMSALES_HOME"], work, limit, there)
    process = processes.Process(target=child, args=given)
    process.start()
    there.close()
    try:
        if not here.poll(START_SECONDS):
            raise RuntimeError(f"the child that was to be {work} did not answer")
        end, told, again = here.recv()
    except EOFError:
        return "the child died", [], []
    finally:
        process.kill()
        process.join()
        here.close()
    return end, told, again
