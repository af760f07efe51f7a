"""High availability: the primary fails, the standby takes over, no acknowledged decision is lost.

Three desks sign applications, each with its person's own login, over one address that names both
servers. In the middle of it the primary is stopped at once, the standby is promoted, and the desks
go on with the same address. Last comes the counter-example: a standby that nobody waited for has
lost decisions, and the check says so.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue

from chemsales.rules.errors import Unreachable
from chemsales.services import audit
from chemsales.services.session import utc_now
from chemsales.storage.database import connected, engine_of, instead, rows
from chemsales.storage.security.lint import lint
from tests import factory
from tests.campaigns import Score
from tests.conftest import opened
from tests.conftest_postgres import OwnServer, start_server, start_standby
from tests.factory import PASSWORD, decide, draft_of, make_application, session_of, submit
from tests.security.conftest import set_up

ROUNDS, APPLICATIONS, SHORT = 10, 40, 6
SIGNERS = ("sales", "finance", "gm")
DATABASE = "department"
EVERY = "ANY 1 (*)"  # a commit waits for any one standby
CHECK = "reason.lint_check_standby"
AGAIN = 0.05  # seconds between two tries of a desk whose server is gone
LONGEST = 120  # seconds after which a desk that still tries is given up


@dataclass
class Desks:
    """The three desks: what each was told is done, and what it could not be told."""

    address: str
    stop_after: int
    acknowledged: list[tuple[int, str, float]] = field(default_factory=list)
    doubtful: set[tuple[int, str]] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    half_way: threading.Event = field(default_factory=threading.Event)

    def start(self, applications: list[int]) -> list[threading.Thread]:
        """Begin; an application goes from desk to desk as soon as it is signed."""
        trays: list[SimpleQueue[int | None]] = [SimpleQueue() for _ in (*SIGNERS, "signed")]
        for key in (*applications, None):
            trays[0].put(key)
        threads = [
            threading.Thread(target=self._work, args=(login, trays[at], trays[at + 1]))
            for at, login in enumerate(SIGNERS)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _work(
        self, login: str, tray: SimpleQueue[int | None], following: SimpleQueue[int | None]
    ) -> None:
        with instead(engine_of(self.address, login, PASSWORD)):
            for key in iter(tray.get, None):
                try:
                    self._sign(login, key)
                except Exception as error:
                    self.failed.append(f"{login}, application {key}: {error!r}")
                following.put(key)
        following.put(None)

    def _sign(self, login: str, key: int) -> None:
        """Sign; again as long as no server answers, as a person would."""
        end = time.monotonic() + LONGEST
        while True:
            try:
                with connected():
                    if (key, login) not in self.doubtful or not _signed(key, login):
                        decide(session_of(login, utc_now), key)
            except Unreachable:
                self.doubtful.add((key, login))
                if time.monotonic() > end:
                    raise
                time.sleep(AGAIN)
                continue
            self.acknowledged.append((key, login, time.monotonic()))
            if len(self.acknowledged) >= self.stop_after:
                self.half_way.set()
            return


def run(short: bool) -> Iterator[Score]:
    """Fail over ten times, or once; every time with a new standby."""
    chance = random.Random(9)
    primary = start_server(durable=True)
    try:
        _furnish(primary)
        for number in range(1 if short else ROUNDS):
            standby = start_standby(primary)
            count = SHORT if short else APPLICATIONS
            yield from _fail_over(primary, standby, number, count, chance)
            primary.remove()
            primary = standby
        yield _counter_example(primary, ROUNDS)
    finally:
        primary.remove()


def _furnish(primary: OwnServer) -> None:
    """The department on a new server, and its people's logins."""
    with opened(primary.create_database(DATABASE)):
        set_up(factory.seed_department)


def _submitted(primary: OwnServer, series: int, number: int) -> list[int]:
    """So many applications that wait for the first review."""
    am = session_of("am", utc_now)
    with opened(primary.url_for(DATABASE)):
        keys = [
            make_application(am, draft_of(f"接续{series}-{at}塑料", 100 + 100 * series + at))
            for at in range(number)
        ]
        for key in keys:
            submit(am, key)
    return keys


def _wait_for(primary: OwnServer, names: str) -> None:
    """Let commits wait for these standbys ("" for none), and see that the server does so."""
    asked = (
        "SELECT current_setting('synchronous_standby_names'), "
        "(SELECT bool_or(sync_state <> 'async') FROM pg_stat_replication)"
    )
    with primary.admin_connection() as link:
        link.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        link.execute("SELECT pg_reload_conf()")
        end = time.monotonic() + LONGEST
        while link.execute(asked).fetchone() != (names, names == EVERY):
            if time.monotonic() > end:
                raise RuntimeError("the standby does not follow")
            time.sleep(AGAIN)


def _address(*servers: OwnServer) -> str:
    hosts = ",".join(f"{each.host}:{each.port}" for each in servers)
    return f"postgresql://{hosts}/{DATABASE}"


def _promote(standby: OwnServer) -> None:
    with standby.admin_connection() as link:
        link.execute("SELECT pg_promote(true, 60)")


def _fail_over(
    primary: OwnServer, standby: OwnServer, number: int, count: int, chance: random.Random
) -> Iterator[Score]:
    keys = _submitted(primary, number, count)
    _wait_for(primary, EVERY)
    total = count * len(SIGNERS)
    desks = Desks(_address(primary, standby), chance.randrange(total // 5, total // 2))
    threads = desks.start(keys)
    desks.half_way.wait(LONGEST)
    primary.stop(hard=True)
    stopped = time.monotonic()
    _promote(standby)
    for thread in threads:
        thread.join()
    with opened(standby.url_for(DATABASE)):
        wrong = (*desks.failed, *_lost(desks), *_unsound(keys))
    after = [at for _, _, at in desks.acknowledged if at > stopped]
    yield Score(
        f"decisions, {len(desks.acknowledged) - len(after)} before the primary stopped",
        len(desks.acknowledged),
        wrong,
    )
    if after:
        yield Score(f"decisions after it, the first {min(after) - stopped:.1f} s later", len(after))
    else:
        yield Score("decisions after it", 1, ("no desk went on",))


def _lost(desks: Desks) -> list[str]:
    """The acknowledged decisions that the open database does not have."""
    return [
        f"{login}'s acknowledged decision on application {key} is lost"
        for key, login, _ in desks.acknowledged
        if not _signed(key, login)
    ]


def _unsound(keys: list[int]) -> list[str]:
    """Whether the open database has each signature once, and the records agree with each other."""
    marks = ", ".join("?" * len(keys))
    there = Counter(
        rows(
            "SELECT c.subject_id, d.signer FROM decision d "
            "JOIN approval_case c ON c.id = d.case_id "
            f"WHERE c.subject = 'accreditation' AND c.subject_id IN ({marks})",
            keys,
        )
    )
    wanted = {(key, login): 1 for key in keys for login in SIGNERS}
    wrong = [f"{each} stands {times} times" for each, times in there.items() if times != 1]
    wrong += [f"{each} is missing" for each in wanted.keys() - there.keys()]
    found = audit.verify(session_of("auditor"))
    return wrong + [f"{p.place}: {p.reason.code}" for p in found.problems if not p.warning]


def _signed(key: int, login: str) -> bool:
    return bool(
        rows(
            "SELECT 1 FROM decision d JOIN approval_case c ON c.id = d.case_id "
            "WHERE c.subject = 'accreditation' AND c.subject_id = ? AND d.signer = ?",
            (key, login),
        )
    )


def _unadvised(primary: OwnServer) -> Iterator[str]:
    """What the server's check should have said of each setting, and did not; waits for nobody in
    the end."""
    for names, wanted in (
        (EVERY, []),
        ("ANY 1 (elsewhere)", ["reason.lint_standby_missing"]),
        ("", ["reason.lint_standby_not_waited_for"]),
    ):
        _wait_for(primary, names)
        with opened(primary.url_for(DATABASE)), connected():
            codes = [r.code for f in lint() for r in f.wrong if f.check.code == CHECK]
        if codes != wanted:
            yield f"{names}: the check says {codes}, not {wanted}"


def _counter_example(primary: OwnServer, series: int) -> Score:
    """Decisions that no standby was waited for, and a standby that was away: they are lost."""
    standby = start_standby(primary)
    try:
        keys = _submitted(primary, series, 1)
        wrong = tuple(_unadvised(primary))
        standby.stop()
        desks = Desks(_address(primary, standby), 1)
        for thread in desks.start(keys):
            thread.join()
        with opened(primary.url_for(DATABASE)):
            wrong = (*wrong, *desks.failed, *_lost(desks), *_unsound(keys))
        primary.stop(hard=True)
        standby.start()
        _promote(standby)
        with opened(standby.url_for(DATABASE)):
            seen = len(_lost(desks))
    finally:
        standby.remove()
    if seen != len(desks.acknowledged):
        wrong = (*wrong, f"only {seen} losses were seen")
    return Score("decisions that no standby was waited for, seen to be lost", seen, wrong)
