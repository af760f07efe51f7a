"""Rule parameters and editions (C18.1, C20.1)."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from chemsales.articles import clauses
from chemsales.labels import LABELS
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.evaluation import Aspect, Indicator
from chemsales.rules.policy import (
    DEFAULT,
    PARAMETERS,
    Edition,
    Policy,
    edition_on,
    validate,
)


def test_defaults_are_the_regulation_s_values() -> None:
    assert DEFAULT.level_thresholds_kg == (1_000_000, 2_000_000, 3_000_000)
    assert (DEFAULT.level_move, DEFAULT.auction_exit) == ("one_step", "auto_after_take")
    assert (DEFAULT.level_gate_score, DEFAULT.fall_on_bad_score) == (Decimal(60), False)
    assert DEFAULT.complaint_days == (1, 3, 7)
    assert DEFAULT.close_of_business == time(17, 30)
    assert DEFAULT.plan_day == 25
    assert (DEFAULT.licence_bands, DEFAULT.licence_reminders) == ((90, 30), (60, 30, 15, 7, 0))


def test_weights_are_of_the_known_names_and_sum_to_100() -> None:
    assert set(DEFAULT.weights) == set(CustomerClass)
    for weights in DEFAULT.weights.values():
        assert set(weights) == set(Indicator)
        assert sum(weights.values()) == 100
    assert set(DEFAULT.cooperation_weights) == set(Aspect)


def test_every_parameter_is_described() -> None:
    assert [info.name for info in PARAMETERS] == list(DEFAULT.as_parameters())
    for info in PARAMETERS:
        assert info.default == DEFAULT.as_parameters()[info.name]
        assert f"Parameter.{info.name}" in LABELS
        assert info.clause in clauses()
        assert all(f"Choice.{choice}" in LABELS for choice in info.choices)


def test_parameters_survive_their_stored_form() -> None:
    policy = Policy.from_parameters(
        {
            "level_thresholds_kg": [500_000, 1_500_000, 2_500_500],
            "level_move": "direct",
            "level_gate_score": "62.5",
            "fall_on_bad_score": True,
            "auction_return_after_zero_months": 6,
            "grade_bounds": [95, "85.5", 70],
            "close_of_business": "18:00",
            "cooperation_weights": {"plan_on_time": 100},
        }
    )
    stored = json.dumps(policy.as_parameters())
    assert Policy.from_parameters(json.loads(stored)) == policy
    assert policy.cooperation_weights == {
        "plan_on_time": 100,
        "price_discipline": 0,
        "region_discipline": 0,
        "information": 0,
    }
    assert Policy.from_parameters({}) == DEFAULT
    assert Policy.from_parameters(DEFAULT.as_parameters()) == DEFAULT


def test_weights_of_one_class_leave_the_others() -> None:
    policy = Policy.from_parameters({"weights": {"agent": {"completion": 100}}})
    assert policy.weights["agent"]["evenness"] == 0
    assert policy.weights["dealer"] == DEFAULT.weights["dealer"]


WRONG: list[tuple[str, Any]] = [
    ("thresholds", [3000, 2000, 1000]),
    ("thresholds", [1000, 2000]),
    ("thresholds", "1000"),
    ("thresholds", [1000, 2000, "many"]),
    ("thresholds", ["1000.0005", 2000, 3000]),
    ("level_thresholds_kg", [0, 1, 2]),
    ("level_thresholds_kg", [1, 1, 2]),
    ("level_thresholds_kg", [1.5, 2, 3]),
    ("level_move", "two_steps"),
    ("level_move", None),
    ("level_gate_score", 101),
    ("level_gate_score", "NaN"),
    ("level_gate_score", True),
    ("fall_on_bad_score", 1),
    ("fall_on_bad_score", "false"),
    ("auction_return_after_zero_months", 0),
    ("weights", {"agent": {"completion": 99}}),
    ("weights", {"agent": {"smile": 100}}),
    ("weights", {"friend": {"completion": 100}}),
    ("weights", [1]),
    ("weights", {"agent": {"completion": -5, "evenness": 105}}),
    ("min_available_weight", 0),
    ("grade_bounds", [60, 80, 90]),
    ("cooperation_weights", {}),
    ("complaint_days", [3, 2, 1]),
    ("close_of_business", "25:00"),
    ("close_of_business", 17),
    ("plan_day", 31),
    ("licence_bands", [30, 90]),
    ("licence_bands", [90, 0]),
    ("licence_reminders", [60, 30, 15, 7]),
    ("licence_reminders", [60, 30, 30, 7, 0]),
    ("licence_reminders", [60, 30, 15, 7, "x"]),
    ("licence_reminders", 30),
    ("nonsense", 1),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: object) -> None:
    problems = validate({name: value, "plan_day": 20} if name != "plan_day" else {name: value})
    assert [problem.place for problem in problems] == [name]
    with pytest.raises(Invalid):
        Policy.from_parameters({name: value})


def test_all_problems_are_told_at_once() -> None:
    problems = validate({"plan_day": 0, "level_move": "up", "x": 1, "fall_on_bad_score": True})
    assert [problem.place for problem in problems] == ["plan_day", "level_move", "x"]


def test_the_edition_in_force() -> None:
    first = Edition(1, date(2024, 1, 1), DEFAULT)
    second = Edition(2, date(2026, 1, 1), DEFAULT)
    correction = Edition(3, date(2026, 1, 1), DEFAULT)
    early = Edition(4, date(2025, 1, 1), DEFAULT)
    editions = [correction, first, second, early]
    assert edition_on(editions, date(2024, 1, 1)) is first
    assert edition_on(editions, date(2025, 12, 31)) is early
    assert edition_on(editions, date(2026, 1, 1)) is correction
    with pytest.raises(NotAllowed) as refusal:  # C20.1: nothing before the first day
        edition_on(editions, date(2023, 12, 31))
    assert refusal.value.reasons[0].clause == "C20.1"
