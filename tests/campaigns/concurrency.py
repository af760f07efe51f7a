"""Many desks at once: each stage is decided exactly once, no lock is shown to a person, none lost.

On a server fifty desks sign two thousand decisions, on a file eight processes sign five hundred.
Every application is tried by several desks at the same time; who is too late is told so. On the
server one commit of twenty is cut off from its answer. How long a decision takes is told of desks
that press without a pause and of desks that look at what they sign (server), beside the same of a
commit of one row.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Conflict, NotAllowed, Unreachable
from chemsales.services import accreditation, audit
from chemsales.services.sending import Sender
from chemsales.services.session import Session
from chemsales.storage.database import close, execute, rows, transaction
from tests import factory
from tests.campaigns import Score
from tests.conftest import opened
from tests.conftest_postgres import start_server
from tests.cutting import Wire
from tests.factory import draft_of, make_application, session_of, submit, version_of

STAGES = ("sales", "finance", "gm")
DESKS, DECISIONS = 50, 2000
PROCESSES, DECISIONS_IN_FILE = 8, 500
RIVALS = 3  # desks that try the same decision
CUT_EVERY = 20  # of so many commits one is cut off from its answer
A_SECOND = 15  # so often somebody presses, where people look at what they sign
BARE = 10  # commits of one row at each desk
PRESSES = 5  # so often a person presses again what was told as not saved


@dataclass
class Tally:
    """What desks were told: decided, too late, and what nobody should be told."""

    decided: list[tuple[int, str]] = field(default_factory=list)
    late: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what another desk was told."""
        self.decided += [(key, login) for key, login in other.decided]
        self.late += other.late
        self.wrong += other.wrong
        self.seconds += other.seconds


def run(short: bool) -> Iterator[Score]:
    """Both engines; in the short form a fortieth of it."""
    part = 40 if short else 1
    yield from _on_a_server(DESKS // (5 if short else 1), DECISIONS // part)
    yield from _in_a_file(PROCESSES // (4 if short else 1), DECISIONS_IN_FILE // part)


def _submitted(decisions: int) -> list[int]:
    """Applications enough for so many decisions, each waiting for its first."""
    am = session_of("am")
    made = []
    for number in range(-(-decisions // len(STAGES))):
        made.append(make_application(am, draft_of(f"并行{number}化工", number)))
        submit(am, made[-1])
    return made


def sign(keys: Sequence[int], login: str, seed: int, pause: float = 0) -> Tally:
    """Sign what waits for this person, in an order of its own, as somebody at a desk would, who
    looks at each for so many seconds on average."""
    tally, session, desk = Tally(), session_of(login), Sender(threading.Event())
    order, chance = list(keys), random.Random(seed)
    chance.shuffle(order)
    for key in order:
        time.sleep(chance.uniform(0, 2 * pause))
        seen, begun = version_of(key), time.perf_counter()
        try:
            _press(desk, session, key, seen)
        except (Conflict, NotAllowed):
            tally.late += 1
        except Exception as error:
            tally.wrong.append(f"{login}, application {key}: {error!r}")
        else:
            tally.seconds.append(time.perf_counter() - begun)
            tally.decided.append((key, login))
    return tally


def _press(desk: Sender, session: Session, key: int, seen: int) -> None:
    """Approve; again as long as it is told that it was not saved."""
    for press in range(PRESSES):
        try:
            desk.send(accreditation.decide, session, key, seen, Verdict.APPROVE, "同意")
            return
        except Unreachable:
            if press == PRESSES - 1:
                raise


def _on_a_server(desks: int, decisions: int) -> Iterator[Score]:
    server = start_server(durable=True)
    try:
        url = server.create_database("chemsales")
        with Wire(url) as wire, opened(wire.url):
            factory.seed_department()
            keys = _submitted(decisions)
            pressing, looking = Tally(), Tally()
            wire.every = CUT_EVERY
            *first, last = STAGES
            for stage in first:
                pressing.add(_at_desks(desks, partial(_share, desks, keys, stage, 0)))
            looking.add(_at_desks(desks, partial(_share, desks, keys, last, desks / A_SECOND)))
            wire.every = 0
            total = Tally()
            total.add(pressing)
            total.add(looking)
            yield _score(f"{desks} desks on a server, {wire.cuts} wires cut", keys, total)
            yield _tempo(f"decisions, {A_SECOND} presses a second", looking)
            yield _tempo("decisions, every desk without a pause", pressing)
            execute("CREATE TABLE bare (a INTEGER)")
            for name, pause in ((f"{A_SECOND} a second", desks / A_SECOND), ("without a pause", 0)):
                bare = _at_desks(desks, partial(_commit, pause))
                yield _tempo(f"commits of one row, {name}", bare)
    finally:
        server.remove()


def _share(desks: int, keys: Sequence[int], login: str, pause: float, number: int) -> Tally:
    """Every desk takes a part of the applications; `RIVALS` desks take the same one."""
    parts = max(1, desks // RIVALS)
    return sign([key for key in keys if key % parts == number % parts], login, number, pause)


def _commit(pause: float, number: int) -> Tally:
    """The least that a desk could write."""
    tally, chance = Tally(), random.Random(number)
    for _turn in range(BARE):
        time.sleep(chance.uniform(0, 2 * pause))
        begun = time.perf_counter()
        with transaction():
            execute("INSERT INTO bare VALUES (?)", (number,))
        tally.seconds.append(time.perf_counter() - begun)
    return tally


def _at_desks(desks: int, work: Callable[[int], Tally]) -> Tally:
    """What all of them were told, each working on a thread of its own."""
    tallies: list[Tally] = []
    threads = [
        threading.Thread(target=lambda number=number: tallies.append(work(number)))
        for number in range(desks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def _in_a_file(processes: int, decisions: int) -> Iterator[Score]:
    with TemporaryDirectory(prefix="chemsales-desks-") as folder:
        url = f"sqlite:///{Path(folder) / 'chemsales.db'}"
        with opened(url):
            factory.seed_department()
            keys = _submitted(decisions)
            close()
            total = Tally()
            for stage in STAGES:
                for tally in _in_processes(processes, url, keys, stage):
                    total.add(tally)
            yield _score(f"{processes} processes on a file", keys, total)
            yield _tempo("decisions in a file", total)


def _in_processes(processes: int, url: str, keys: Sequence[int], login: str) -> Iterator[Tally]:
    running = []
    for number in range(processes):
        told = json.dumps([url, list(keys), login, number])
        words = [sys.executable, "-m", "tests.campaigns.concurrency", told]
        running.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
    for process in running:
        answer, _ = process.communicate(timeout=900)
        if process.returncode:
            yield Tally(wrong=[f"a process ended with {process.returncode}"])
            continue
        read = json.loads(answer)
        decided = [(key, login) for key, login in read["decided"]]
        yield Tally(decided, read["late"], read["wrong"], read["seconds"])


def _score(name: str, keys: Sequence[int], total: Tally) -> Score:
    """Held against what is stored: each stage once, and all that was told is there."""
    wrong = list(total.wrong)
    told = Counter(total.decided)
    wrong += [f"{pair} was told as decided {count} times" for pair, count in told.items()
              if count > 1]  # fmt: skip
    stored = Counter(
        (int(key), str(stage))
        for key, stage in rows(
            "SELECT a.id, d.stage FROM application a JOIN decision d ON d.case_id = a.case_id "
            "WHERE d.stage <> 'applicant'"
        )
    )
    names = dict(zip(STAGES, ("sales", "finance", "general_manager"), strict=True))
    wanted = Counter((key, names[login]) for key in keys for login in STAGES)
    for pair in chain(stored - wanted, wanted - stored):
        wrong.append(f"{pair} was decided {stored[pair]} times")
    wrong += [f"{key} by {login} is lost" for key, login in told if not stored[key, names[login]]]
    found = audit.verify(session_of("auditor"))
    wrong += [f"{problem.place}: {problem.reason.code}" for problem in found.problems
              if not problem.warning]  # fmt: skip
    return Score(f"{name}: {total.late} too late", len(total.decided), tuple(wrong))


def _tempo(name: str, total: Tally) -> Score:
    """How long a decision took while all the others were under way; printed, not judged: it depends
    on how many processors the desks share here (all of a server's are one process)."""
    worst = quantiles(total.seconds, n=20)[-1] * 1000
    return Score(f"{name}: 95 of 100 within {worst:.0f} ms", len(total.seconds))


def _child(told: str) -> None:
    url, keys, login, seed = json.loads(told)
    with opened(url):
        tally = sign(keys, login, seed)
    print(
        json.dumps(
            {
                "decided": tally.decided,
                "late": tally.late,
                "wrong": tally.wrong,
                "seconds": tally.seconds,
            }
        )
    )


if __name__ == "__main__":
    _child(sys.argv[1])
