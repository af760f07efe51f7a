"""`python -m tests.soak [SECONDS]`: the main job over and over on one database, memory watched.

Each round accredits a customer (every third one returned once), imports and undoes and imports its
months, rates, closes, reopens and closes again, evaluates the quarter, seals and verifies. Exit
code 1 where a verification finds something, or memory or open files grow with the rounds.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from chemsales.bootstrap import open_database
from chemsales.rules.approval import Verdict
from chemsales.services import audit, evaluation, offtake, tiers
from tests import factory, factory_offtake
from tests.factory import Clock, session_of

SECONDS = 600.0
WARM_ROUNDS = 5  # what is imported and cached once does not count as growth
MONTHS = ("2026-01", "2026-02", "2026-03")
MAY_GROW_MB = 50


def memory_mb() -> float:
    """The resident memory of this process, without what it holds no more but has not given back."""
    gc.collect()
    with suppress(OSError, AttributeError):  # where the C library is another than glibc
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def open_files() -> int:
    """How many files and sockets this process holds open."""
    return len(os.listdir("/proc/self/fd"))


def accredit(number: int, clock: Clock) -> int:
    """A new customer; every third application comes back once."""
    draft = factory.draft_of(
        f"青岛耐久{number:05d}号塑料有限公司", number, account=f"3710{number:015d}"
    )
    if number % 3:
        return factory.accredit(draft, clock)
    manager, head = session_of("am", clock), session_of("sales", clock)
    key = factory.make_application(manager, draft)
    factory.submit(manager, key)
    factory.decide(head, key, Verdict.RETURN, "开户行与开票资料不一致")
    factory.submit(manager, key)
    for login in ("sales", "finance", "gm"):
        factory.decide(session_of(login, clock), key)
    found = factory.rows("SELECT customer_id FROM application WHERE id = ?", (key,))
    return int(found[0][0])


def one_round(number: int, clock: Clock) -> None:
    """A customer's way from the application to the evaluation, with the ways back."""
    manager, head = session_of("am", clock), session_of("sales", clock)
    clock.set(2025, 12, 1)
    customer = accredit(number, clock)
    clock.set(2026, 4, 10)
    for month in MONTHS:
        if number > 1:
            tiers.reopen_month(head, month, "补录提货")
        lines = factory_offtake.weekdays(month, 10_000 + 1_000 * number, customer)
        batch = factory_offtake.pick_up(manager, lines)
        offtake.undo_import(manager, batch, "重新导入")
        factory_offtake.pick_up(manager, lines)
        factory_offtake.plan(manager, [(customer, "PP-T30S", month, 400_000, 0)])
        factory_offtake.rate(clock, customer, month, 60 + number % 40)
        tiers.close_month(head, month)
    run_id = evaluation.compute(manager, "2026Q1").value
    version = factory.rows(
        "SELECT c.version FROM approval_case c JOIN evaluation_run r ON r.case_id = c.id "
        "WHERE r.id = ?",
        (run_id,),
    )[0][0]
    evaluation.sign(head, run_id, version, Verdict.APPROVE)
    audit.seal()


def main(seconds: float) -> int:
    """Go round for so long; 0 when nothing was found and nothing grew."""
    with tempfile.TemporaryDirectory(prefix="chemsales-soak-") as folder:
        os.environ["CHEMSALES_HOME"] = folder
        open_database(f"sqlite:///{folder}/soak.db")
        factory.seed_department()
        clock = Clock(datetime(2025, 12, 1, 4, 0, tzinfo=UTC))
        started, number, before = time.monotonic(), 0, (0.0, 0)
        while time.monotonic() - started < seconds:
            number += 1
            one_round(number, clock)
            if number == WARM_ROUNDS:
                before = (memory_mb(), open_files())
        grown, more = memory_mb() - before[0], open_files() - before[1]
        found = audit.verify(session_of("auditor", clock))
        print(
            f"{number} rounds, {found.links} sealed links, {len(found.problems)} problems; "
            f"memory grew by {grown:.1f} MB, open files by {more}"
        )
        sound = found.sound and number > WARM_ROUNDS
        return 0 if sound and grown < MAY_GROW_MB and more <= 4 else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if sys.argv[1:] else SECONDS))
