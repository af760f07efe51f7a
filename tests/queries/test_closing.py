"""Closings verified: their digests, and the same results computed again from the stored rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chemsales.queries import closing
from chemsales.rules.roles import Role
from chemsales.services import audit, offtake, tiers
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests.factory import Clock, accredit, draft_of, session_of
from tests.factory_offtake import close, pick_up
from tests.furnishing import furnish
from tests.services.test_audit import tamper

AsRole = Callable[..., Session]


@pytest.fixture
def closed(ready: str, clock: Clock) -> int:
    """A customer with three closed months, the second of them reopened and closed again, over two
    imports and one that was undone."""
    clock.set(2026, 7, 6)
    return furnish(_closed)


def _closed() -> int:
    clock = Clock()
    clock.set(2026, 1, 2)
    customer = accredit(draft_of("海洋塑料有限公司", 1), clock)
    clock.set(2026, 7, 6)
    head = session_of("sales", clock)
    pick_up(head, [(customer, "PP-T30S", f"2026-0{n}-15", 1_000_000 * n) for n in (1, 2)])
    pick_up(head, [(customer, "PE-7042", "2026-03-15", 3_000_000)])
    offtake.undo_import(head, pick_up(head, [(customer, "MEG", "2026-03-16", 1_000)]), "重复")
    close(head, "2026-01", "2026-02", "2026-03")
    tiers.reopen_month(head, "2026-02", "核对")
    close(head, "2026-02")
    return customer


def found() -> list[tuple[str, str]]:
    """The places and the codes of all problems of the closings."""
    return [(problem.place, problem.reason.code) for problem in closing.problems()]


def test_untouched_closings_verify(closed: int) -> None:
    assert found() == []
    stored = rows("SELECT id, results_digest FROM closing ORDER BY id")
    assert len(stored) == 6
    assert [closing.stored_digest(key) for key, _ in stored] == [digest for _, digest in stored]


def test_the_digest_covers_every_column_and_the_order() -> None:
    row = (1, 5, "auction", "auction", "ordinary", "plan", "auction_exit", "[]")
    digests = {closing.results_digest([row])}
    for place, other in enumerate((2, 6, "x", "x", "x", "x", "x", "[{}]")):
        digests.add(closing.results_digest([(*row[:place], other, *row[place + 1 :])]))
    digests.add(closing.results_digest([]))
    digests.add(closing.results_digest([row, row]))
    two = [row, (2, *row[1:])]
    digests |= {closing.results_digest(two), closing.results_digest(two[::-1])}
    assert len(digests) == 1 + 8 + 2 + 2


ALTERED, DIFFERS = "reason.closing_altered", "reason.closing_differs"


@pytest.mark.parametrize(
    ("sql", "table", "expected"),
    [
        # a result, of a closing that stands or of an ended one
        ("UPDATE tier_result SET level_after = 'three_star' WHERE closing_id = 1", "tier_result",
         [("closing 1", ALTERED), ("closing 5", DIFFERS)]),
        ("UPDATE tier_result SET kg = kg + 1 WHERE closing_id = 3", "tier_result",
         [("closing 3", ALTERED)]),
        ("UPDATE tier_result SET reasons = '[]' WHERE closing_id = 6", "tier_result",
         [("closing 6", ALTERED)]),
        ("DELETE FROM tier_result WHERE closing_id = 5", "tier_result",
         [("closing 5", ALTERED), ("closing 6", DIFFERS)]),
        # what the results rest on
        ("UPDATE pickup SET kg = kg + 1 WHERE month = '2026-03'", "pickup",
         [("closing 6", DIFFERS)]),
        ("UPDATE tier_start SET level = 'ordinary'", "tier_start",
         [("closing 1", DIFFERS)]),
        ("UPDATE customer_class SET customer_class = 'direct'", "customer_class",
         [("closing 1", DIFFERS), ("closing 5", DIFFERS), ("closing 6", DIFFERS)]),
        ("UPDATE import_batch SET undone_at = '2026-07-06T04:00:00.000000Z' WHERE id = 2",
         "import_batch", [("closing 6", DIFFERS)]),
        ("UPDATE closing SET edition = 7 WHERE id = 1", "closing", [("closing 1", DIFFERS)]),
    ],
)  # fmt: skip
def test_whatever_is_altered_is_found(
    closed: int, sql: str, table: str, expected: list[tuple[str, str]]
) -> None:
    standing = rows("SELECT id FROM closing WHERE active = 1 ORDER BY month")
    assert standing == [(1,), (5,), (6,)]
    tamper(sql, table)
    assert found() == expected


def test_verification_names_the_altered_import_and_the_closing(
    closed: int, as_role: AsRole
) -> None:
    auditor = as_role(Role.AUDITOR)
    assert audit.verify(auditor).sound
    tamper("UPDATE pickup SET kg = 2 WHERE batch_id = 3", "pickup")
    problems = audit.verify(auditor).problems
    assert [(p.place, p.reason.code) for p in problems] == [
        ("import_batch 3", "reason.batch_altered")
    ]
    tamper("UPDATE pickup SET warehouse = '二号库' WHERE batch_id = 2", "pickup")
    tamper("UPDATE tier_result SET outcome = 'kept' WHERE closing_id = 4", "tier_result")
    problems = audit.verify(auditor).problems
    assert [(p.place, p.reason.code) for p in problems] == [
        ("import_batch 2", "reason.batch_altered"),
        ("import_batch 3", "reason.batch_altered"),
        ("closing 4", ALTERED),
    ]
