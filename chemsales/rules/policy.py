"""The rule parameters: typed, the regulation's own values as defaults, in dated editions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from chemsales.rules.errors import Invalid, NotAllowed, Problem, Reason
from chemsales.rules.numbers import exact_number

Weights = Mapping[str, Mapping[str, int]]

_WEIGHTS: dict[str, dict[str, int]] = {
    "agent": {
        "completion": 40, "evenness": 10, "cooperation": 20, "payment": 10, "credit": 10,
        "complaints": 5, "market_info": 5,
    },
    "dealer": {
        "completion": 40, "evenness": 25, "cooperation": 10, "payment": 10, "credit": 10,
        "complaints": 0, "market_info": 5,
    },
    "direct": {
        "completion": 40, "evenness": 15, "cooperation": 10, "payment": 15, "credit": 15,
        "complaints": 0, "market_info": 5,
    },
}  # fmt: skip
_COOPERATION = {
    "plan_on_time": 25,
    "price_discipline": 25,
    "region_discipline": 25,
    "information": 25,
}


def _plain(value: object) -> object:
    """A JSON-able copy: Decimal and time as text, tuples as lists."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Policy:
    """All rule parameters of one edition; tonnes in kilograms, scores of 0 to 100 as Decimal."""

    level_thresholds_kg: tuple[int, int, int] = (1_000_000, 2_000_000, 3_000_000)
    level_move: str = "one_step"
    level_gate_score: Decimal = Decimal(60)
    fall_on_bad_score: bool = False
    auction_exit: str = "auto_after_take"
    auction_return_after_zero_months: int | None = None
    level_effective: str = "next_month"
    weights: Weights = field(default_factory=lambda: {k: dict(v) for k, v in _WEIGHTS.items()})
    min_available_weight: int = 60
    grade_bounds: tuple[Decimal, Decimal, Decimal] = (Decimal(90), Decimal(80), Decimal(60))
    company_short_deducted: bool = True
    cooperation_weights: Mapping[str, int] = field(default_factory=lambda: dict(_COOPERATION))
    complaint_days: tuple[int, int, int] = (1, 3, 7)
    deadline_mode: str = "next_working_day"
    close_of_business: time = time(17, 30)
    plan_day: int = 25
    exclusive_unique: str = "warn"
    agent_licence_term: str = "calendar_year"
    licence_bands: tuple[int, int] = (90, 30)
    licence_reminders: tuple[int, ...] = (60, 30, 15, 7, 0)
    inspection_months: int = 1
    change_days: int = 5

    @classmethod
    def from_parameters(cls, given: Mapping[str, object]) -> Policy:
        """The policy in which the parameters `given` by name differ from the defaults.

        Values are as `as_parameters` writes them, or plain numbers; "thresholds" in tonnes is read
        as "level_thresholds_kg". Invalid, with one problem per parameter, for an unknown name or a
        value that makes no sense.
        """
        values, problems = _read(given)
        if problems:
            raise Invalid(*problems)
        return cls(**values)

    def as_parameters(self) -> dict[str, object]:
        """All parameters by name, JSON-able: the form that an edition stores."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


class ParameterKind(StrEnum):
    """How a parameter is shown and edited."""

    KILOGRAMS = "kilograms"  # three ascending quantities
    CHOICE = "choice"
    SCORE = "score"
    SCORES = "scores"  # three descending scores
    FLAG = "flag"
    WHOLE = "whole"
    OPTIONAL_WHOLE = "optional_whole"
    DAYS = "days"  # three ascending counts of working days
    COUNTDOWN = "countdown"  # descending counts of calendar days, as many as by default
    TIME = "time"
    WEIGHTS = "weights"  # name -> whole number, together 100
    CLASS_WEIGHTS = "class_weights"  # customer class -> weights


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """What the settings page needs to know: the label is chemsales.labels "Parameter.<name>"."""

    name: str
    kind: ParameterKind
    clause: str
    default: object
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 100


DEFAULT = Policy()
_DEFAULTS = DEFAULT.as_parameters()
_K = ParameterKind


def _info(
    name: str,
    kind: ParameterKind,
    clause: str,
    choices: tuple[str, ...] = (),
    low: int = 0,
    high: int = 100,
) -> ParameterInfo:
    return ParameterInfo(name, kind, clause, _DEFAULTS[name], choices, low, high)


PARAMETERS: tuple[ParameterInfo, ...] = (
    _info("level_thresholds_kg", _K.KILOGRAMS, "C9.2", low=1, high=10_000_000_000),
    _info("level_move", _K.CHOICE, "C9.2", ("one_step", "direct")),
    _info("level_gate_score", _K.SCORE, "C9.2"),
    _info("fall_on_bad_score", _K.FLAG, "C9.2"),
    _info("auction_exit", _K.CHOICE, "C9.3", ("auto_after_take", "manual")),
    _info("auction_return_after_zero_months", _K.OPTIONAL_WHOLE, "C9.2", low=1, high=120),
    _info("level_effective", _K.CHOICE, "C9.2", ("next_month", "same_month")),
    _info("weights", _K.CLASS_WEIGHTS, "C16.1"),
    _info("min_available_weight", _K.WHOLE, "C16.1", low=1),
    _info("grade_bounds", _K.SCORES, "C16.1"),
    _info("company_short_deducted", _K.FLAG, "C16.1"),
    _info("cooperation_weights", _K.WEIGHTS, "C16.1"),
    _info("complaint_days", _K.DAYS, "C12.3", low=1, high=60),
    _info("deadline_mode", _K.CHOICE, "C12.3", ("next_working_day", "same_day_8h")),
    _info("close_of_business", _K.TIME, "C12.3"),
    _info("plan_day", _K.WHOLE, "C10.4", low=1, high=28),
    _info("exclusive_unique", _K.CHOICE, "C10.3", ("warn", "refuse")),
    _info("agent_licence_term", _K.CHOICE, "C10.5", ("calendar_year", "one_year")),
    _info("licence_bands", _K.COUNTDOWN, "C15.1", low=1, high=730),
    _info("licence_reminders", _K.COUNTDOWN, "C15.1", high=730),
    _info("inspection_months", _K.WHOLE, "C8.3", low=1, high=24),
    _info("change_days", _K.WHOLE, "C8.1", low=1, high=60),
)
_INFO = {info.name: info for info in PARAMETERS}


def validate(given: Mapping[str, object]) -> tuple[Problem, ...]:
    """The problems of these parameters, one per name; empty where `from_parameters` takes them."""
    return _read(given)[1]


def _read(given: Mapping[str, object]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    values: dict[str, Any] = {}
    problems = []
    for name, value in given.items():
        info = _INFO.get("level_thresholds_kg" if name == "thresholds" else name)
        if info is None:
            reason = Reason("reason.parameter_unknown", {"name": name}, "C18.1")
            problems.append(Problem(name, reason))
            continue
        try:
            in_tonnes = name == "thresholds"
            read = [exact_number(tonnes) * 1000 for tonnes in _items(value)] if in_tonnes else value
            values[info.name] = _READERS[info.kind](read, info)
        except ValueError:
            params = {"name": f"@Parameter.{info.name}", "value": str(value)[:100]}
            problems.append(Problem(name, Reason("reason.parameter_wrong", params, info.clause)))
    return values, tuple(problems)


def _within(value: object, info: ParameterInfo) -> Decimal:
    number = exact_number(value)
    if not info.low <= number <= info.high:
        raise ValueError(value)
    return number


def _whole(value: object, info: ParameterInfo) -> int:
    number = _within(value, info)
    if number != int(number):
        raise ValueError(value)
    return int(number)


def _items(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise ValueError(value)
    return value


def _three(value: object) -> Sequence[object]:
    items = _items(value)
    if len(items) != 3:
        raise ValueError(value)
    return items


def _ascending(value: object, info: ParameterInfo) -> tuple[int, ...]:
    numbers = tuple(_whole(item, info) for item in _three(value))
    if list(numbers) != sorted(set(numbers)):
        raise ValueError(value)
    return numbers


def _descending(value: object, info: ParameterInfo) -> tuple[Decimal, ...]:
    numbers = tuple(_within(item, info) for item in _three(value))
    if list(numbers) != sorted(set(numbers), reverse=True):
        raise ValueError(value)
    return numbers


def _countdown(value: object, info: ParameterInfo) -> tuple[int, ...]:
    assert isinstance(info.default, list)
    numbers = tuple(_whole(item, info) for item in _items(value))
    if len(numbers) != len(info.default) or list(numbers) != sorted(set(numbers), reverse=True):
        raise ValueError(value)
    return numbers


def _choice(value: object, info: ParameterInfo) -> str:
    if value not in info.choices:
        raise ValueError(value)
    return str(value)


def _flag(value: object, info: ParameterInfo) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _optional_whole(value: object, info: ParameterInfo) -> int | None:
    return None if value is None else _whole(value, info)


def _time(value: object, info: ParameterInfo) -> time:
    found = (
        re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", value) if isinstance(value, str) else None
    )
    if not found:
        raise ValueError(value)
    return time(int(found[1]), int(found[2]))


def _weights_like(value: object, default: object, info: ParameterInfo) -> dict[str, int]:
    """Weights for exactly the names of `default`, a name left out weighing 0; together 100."""
    if not isinstance(value, Mapping) or not isinstance(default, Mapping):
        raise ValueError(value)
    if set(value) - set(default):
        raise ValueError(value)
    weights = {name: _whole(value.get(name, 0), info) for name in default}
    if sum(weights.values()) != 100:
        raise ValueError(value)
    return weights


def _weights(value: object, info: ParameterInfo) -> dict[str, int]:
    return _weights_like(value, info.default, info)


def _class_weights(value: object, info: ParameterInfo) -> dict[str, dict[str, int]]:
    """Weights by class; a class left out keeps the default ones."""
    defaults = info.default
    if not isinstance(value, Mapping) or not isinstance(defaults, Mapping):
        raise ValueError(value)
    if set(value) - set(defaults):
        raise ValueError(value)
    return {
        name: _weights_like(value.get(name, default), default, info)
        for name, default in defaults.items()
    }


_READERS: dict[ParameterKind, Callable[[object, ParameterInfo], object]] = {
    _K.KILOGRAMS: _ascending,
    _K.CHOICE: _choice,
    _K.SCORE: _within,
    _K.SCORES: _descending,
    _K.FLAG: _flag,
    _K.WHOLE: _whole,
    _K.OPTIONAL_WHOLE: _optional_whole,
    _K.DAYS: _ascending,
    _K.COUNTDOWN: _countdown,
    _K.TIME: _time,
    _K.WEIGHTS: _weights,
    _K.CLASS_WEIGHTS: _class_weights,
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One numbered edition of the rule parameters and the day from which it holds (C18.1)."""

    number: int
    effective_from: date
    policy: Policy


def edition_on(editions: Sequence[Edition], day: date) -> Edition:
    """The edition in force on a day: the latest effective one, of equal days the highest number.

    NotAllowed before the first edition's day (C20.1).
    """
    held = [edition for edition in editions if edition.effective_from <= day]
    if not held:
        raise NotAllowed(Reason("reason.before_first_edition", {"day": day.isoformat()}, "C20.1"))
    return max(held, key=lambda edition: (edition.effective_from, edition.number))
