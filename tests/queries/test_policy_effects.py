"""What an edition changes, and whom other parameters would move, without writing anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from chemsales.queries.policy_effects import differences, moved
from chemsales.rules.errors import Invalid, NotFound
from chemsales.rules.policy import DEFAULT
from chemsales.rules.roles import Role
from chemsales.rules.tiers import Level
from chemsales.services import policy
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests.factory import Clock
from tests.factory_offtake import a_riser

AsRole = Callable[..., Session]
TABLES = ("event", "change", "closing", "tier_result", "evaluation_run", "evaluation")


@pytest.fixture
def evaluated(ready: str, clock: Clock) -> None:
    a_riser(clock)


def counts() -> list[int]:
    return [rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]


def test_an_edition_is_told_parameter_by_parameter(ready: str, as_role: AsRole) -> None:
    actor = as_role(Role.AUDITOR).actor
    assert differences(actor, 1) == []
    changes = {"plan_day": 20, "level_move": "direct"}
    policy.add_edition(as_role(Role.SALES_HEAD), date(2026, 8, 1), changes, "纪要")
    found = [(each.info.name, each.old, each.new) for each in differences(actor, 2)]
    assert found == [("level_move", "one_step", "direct"), ("plan_day", 25, 20)]
    with pytest.raises(NotFound):
        differences(actor, 9)


def test_whom_parameters_would_move_is_told_and_nothing_written(
    evaluated: None, as_role: AsRole
) -> None:
    actor, before = as_role(Role.SALES_HEAD).actor, counts()
    same = DEFAULT.as_parameters()
    assert moved(actor, same) == []
    found = moved(actor, {**same, "level_move": "direct"})
    assert [(m.customer, m.what, m.stands, m.would) for m in found] == [
        ("C00001", "2026-05", Level.ORDINARY, Level.TWO_STAR)
    ]
    graded = moved(actor, {**same, "grade_bounds": ["100", "99", "98"]})
    assert [m.what for m in graded] == ["2026Q2 PO"]
    with pytest.raises(Invalid):
        moved(actor, {**same, "level_move": "sideways"})
    assert counts() == before
