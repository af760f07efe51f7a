"""What an edition of the rules changes: its parameters beside those before, and whom it moves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chemsales.queries.policy import load_edition_number, load_editions
from chemsales.queries.reading import query
from chemsales.queries.recomputing import Recomputation, load_closing, load_evaluation, recomputed
from chemsales.rules.evaluation import Grade
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.policy import PARAMETERS, ParameterInfo, ParameterKind, Policy
from chemsales.rules.roles import Action, Actor
from chemsales.rules.tiers import Level
from chemsales.storage.database import rows
from chemsales.words import _, word


@dataclass(frozen=True, slots=True)
class Difference:
    """A parameter that an edition changed; `old` None for the first edition."""

    info: ParameterInfo
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Moved:
    """A customer that other parameters would move: `what` names the month, or period and product
    group; the level or grade that stands, and the one that would."""

    customer: str
    name: str
    what: str
    stands: Level | Grade
    would: Level | Grade


@query(Action.RULES_READ)
def differences(actor: Actor, number: int) -> list[Difference]:
    """What an edition changed against the one before it (against the regulation's own parameters
    for the first); NotFound for an unknown number (C18.1)."""
    wanted = load_edition_number(number).policy
    earlier = [edition for edition in load_editions() if edition.number < number]
    before = (earlier[-1].policy if earlier else Policy()).as_parameters()
    after = wanted.as_parameters()
    return [
        Difference(info, before[info.name], after[info.name])
        for info in PARAMETERS
        if before[info.name] != after[info.name]
    ]


@query()
def moved(actor: Actor, parameters: Mapping[str, object]) -> list[Moved]:
    """Whom these parameters would move, had the last closed month and the last evaluation been
    computed by them; nothing is written. Invalid for parameters that make no sense (C18.1)."""
    policy = Policy.from_parameters(parameters)
    names = dict(rows("SELECT code, name FROM customer"))
    found: list[Moved] = []
    for closing_id, month in rows(
        "SELECT id, month FROM closing WHERE active = 1 ORDER BY month DESC LIMIT 1"
    ):
        for old, new in _pairs(load_closing(closing_id), policy):
            stands, would = Level(old["after"][0]), Level(new["after"][0])
            if stands is not would:
                code = old["customer"]
                found.append(Moved(code, names[code], month, stands, would))
    for run_id, period in rows(
        "SELECT id, period FROM evaluation_run WHERE active = 1 ORDER BY id DESC LIMIT 1"
    ):
        for old, new in _pairs(load_evaluation(run_id), policy):
            graded, other = Grade(old["grade"]), Grade(new["grade"])
            if graded is not other:
                code, what = old["customer"], f"{period} {old['group']}"
                found.append(Moved(code, names[code], what, graded, other))
    return found


def _pairs(run: Recomputation, policy: Policy) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each stored result beside the one by another policy."""
    again = recomputed(run.kind, run.document, policy)
    sides = [json.loads(text)["results"] for text in (run.stored, again)]
    return zip(*sides, strict=True)


def name_of(info: ParameterInfo) -> str:
    """The parameter's name in words."""
    return word(f"Parameter.{info.name}")


def value_text(info: ParameterInfo, value: object) -> str:
    """A stored value in words, with its unit."""
    if value is None:
        return "-"
    if info.kind is ParameterKind.KILOGRAMS:
        tonnes = " / ".join(format_tonnes(kg) for kg in value)  # type: ignore[attr-defined]
        return _("{tonnes} t", tonnes=tonnes)
    if info.kind is ParameterKind.DAYS:
        days = " / ".join(str(day) for day in value)  # type: ignore[attr-defined]
        return _("{days} working days", days=days)
    if info.kind is ParameterKind.COUNTDOWN:
        days = " / ".join(str(day) for day in value)  # type: ignore[attr-defined]
        return _("{days} days before the last one", days=days)
    if info.kind is ParameterKind.SCORE:
        return _("{score} points", score=str(value))
    if info.kind is ParameterKind.SCORES:
        scores = " / ".join(str(score) for score in value)  # type: ignore[attr-defined]
        return _("{score} points", score=scores)
    if info.kind is ParameterKind.CHOICE:
        return word(f"Choice.{value}")
    if info.kind is ParameterKind.FLAG:
        return _("yes") if value else _("no")
    if info.kind is ParameterKind.WEIGHTS:
        return _weights("Aspect", value)
    if info.kind is ParameterKind.CLASS_WEIGHTS:
        parts = (
            f"{word(f'CustomerClass.{name}')}: {_weights('Indicator', weights)}"
            for name, weights in value.items()  # type: ignore[attr-defined]
        )
        return "; ".join(parts)
    return str(value)


def _weights(kind: str, weights: object) -> str:
    items = weights.items()  # type: ignore[attr-defined]
    return ", ".join(f"{word(f'{kind}.{name}')} {weight}" for name, weight in items)
