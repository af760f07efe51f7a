"""Recomputing decisions from exported inputs, without a database: what `chemsales calc` prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

from chemsales.rules import recomputing
from chemsales.rules.calendar import COMPANY_ZONE, WorkCalendar, due_dates
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.errors import ChemsalesError, Invalid, Problem, Reason
from chemsales.rules.evaluation import Exact, Indicator, score
from chemsales.rules.evenness import evenness
from chemsales.rules.identifiers import CodeKind, check
from chemsales.rules.numbers import exact_number, kg_from_cell
from chemsales.rules.periods import Month, check_month, next_month
from chemsales.rules.policy import Policy
from chemsales.rules.tiers import Level, MonthInput, TierState, run_months
from chemsales.words import label, language, say, say_all

Case = Mapping[str, Any]
E = TypeVar("E", bound=StrEnum)


def calculate(kind: str, document: object) -> dict[str, Any]:
    """{"kind": kind, "results": [...]}: one result per case of the document, in its order.

    `document` is {"kind": kind, "cases": [...], "parameters": {...}}; "parameters", in the document
    or in a case, are the rule parameters that differ from the default. A case that cannot be
    computed gives {"error": "..."}. Invalid for an unknown kind or a document of another shape.
    """
    compute = _KINDS.get(kind)
    if compute is None:
        raise Invalid(
            Problem(
                "kind", Reason("reason.calc_kind", {"kind": kind[:40], "kinds": ", ".join(_KINDS)})
            )
        )
    if not isinstance(document, Mapping) or not isinstance(document.get("cases"), list):
        raise Invalid(Problem("cases", Reason("reason.calc_document", {})))
    if document.get("kind", kind) != kind:
        params = {"kind": kind, "found": str(document["kind"])[:40]}
        raise Invalid(Problem("kind", Reason("reason.calc_other_kind", params)))
    common = document.get("parameters")
    shared = {key: document[key] for key in recomputing.SHARED if key in document}
    results = [
        _result(compute, {**shared, **case} if isinstance(case, Mapping) else case, common)
        for case in document["cases"]
    ]
    return {"kind": kind, "results": results}


def _result(
    compute: Callable[[Case, Policy], dict[str, Any]], case: object, common: object
) -> dict[str, Any]:
    try:
        if not isinstance(case, Mapping):
            raise _wrong("case", case)
        given: dict[str, object] = {}
        for parameters in (common, case.get("parameters")):
            if parameters is not None and not isinstance(parameters, Mapping):
                raise _wrong("parameters", parameters)
            given |= parameters or {}
        return compute(case, Policy.from_parameters(given))
    except Invalid as refusal:  # the places are the caller's own names
        return {"error": "; ".join(f"{p.place}: {say(p.reason)}" for p in refusal.problems)}
    except ChemsalesError as refusal:
        return {"error": say_all(refusal, "; ")}


def _wrong(place: str, value: object) -> Invalid:
    return Invalid(Problem(place, Reason("reason.calc_value", {"value": str(value)[:60]})))


def _list(case: Case, key: str) -> Sequence[object]:
    value = case.get(key)
    if not isinstance(value, list | tuple):
        raise _wrong(key, value)
    return value


def _exact(place: str, value: object) -> Exact:
    """A number as `_number` reads it, or a fraction as exported inputs write it ("200/3")."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,40}/[1-9]\d{0,39}", value):
        return Fraction(value)
    return _number(place, value)


def _number(place: str, value: object) -> Decimal:
    """An exact number out of a JSON number or text."""
    try:
        return exact_number(value)
    except ValueError:
        raise _wrong(place, value) from None


def _kilograms(place: str, value: object) -> int:
    """Kilograms out of tonnes, as a workbook's cell is read."""
    try:
        return kg_from_cell(value, "t")
    except Invalid as refusal:
        raise Invalid(*(Problem(place, reason) for reason in refusal.reasons)) from None


def _numbered(case: Case, key: str) -> list[tuple[str, object]]:
    """The items of a list, each with its place: "weeks 1", "weeks 2" and so on."""
    return [(f"{key} {number}", value) for number, value in enumerate(_list(case, key), start=1)]


@cache
def _names(members: type[StrEnum]) -> dict[str, StrEnum]:
    """Members by their value and by their Chinese word."""
    with language("zh_CN"):
        return {name: member for member in members for name in (str(member), label(member))}


def _member(members: type[E], place: str, value: object) -> E:
    found = _names(members).get(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(place, value)
    return members(found)


def _chinese(member: StrEnum) -> str:
    with language("zh_CN"):
        return label(member)


_CUSTOMER_KINDS = {
    "计划/经销": CustomerClass.DEALER,
    "计划客户": CustomerClass.DEALER,
    "直销": CustomerClass.DIRECT,
}


def _tier(case: Case, policy: Policy) -> dict[str, Any]:
    """The level after each month under both readings (C9.2, A.X 1-8)."""
    level = _member(Level, "start_level", case.get("start_level"))
    kind = case.get("customer_kind")
    known = _CUSTOMER_KINDS.get(kind) if isinstance(kind, str) else None
    customer_class = known or _member(CustomerClass, "customer_kind", kind)
    form = SalesForm.AUCTION if level is Level.AUCTION else SalesForm.PLAN
    kilograms = [
        None if value is None else _kilograms(place, value)
        for place, value in _numbered(case, "monthly_tonnes")
    ]
    scores = _scores(case, len(kilograms))
    stopped = _suspended(case, len(kilograms))
    named = zip(_months(case, len(kilograms)), kilograms, scores, stopped, strict=True)
    months = [(name, MonthInput(kg, given, off)) for name, kg, given, off in named]
    result: dict[str, Any] = {}
    for name, move in (("direct_mapping", "direct"), ("one_step", "one_step")):
        start = TierState(level, form)
        steps = run_months(start, customer_class, months, replace(policy, level_move=move))
        result[name] = [_chinese(step.level) for step in steps]
        if move == policy.level_move:
            result["reasons"] = [[say(reason) for reason in step.reasons] for step in steps]
    return result


def _months(case: Case, count: int) -> list[Month]:
    """What the reasons call the months: those from "first_month", without one their numbers."""
    first = case.get("first_month")
    if first is None:
        return [f"{number}" for number in range(1, count + 1)]
    if not isinstance(first, str):
        raise _wrong("first_month", first)
    try:
        months = [check_month(first)]
    except Invalid as refusal:
        raise Invalid(*(Problem("first_month", reason) for reason in refusal.reasons)) from None
    while len(months) < count:
        months.append(next_month(months[-1]))
    return months[:count]


def _scores(case: Case, months: int) -> list[Decimal | None]:
    """The evaluation score of each month; no list, an entry of null or none at all is no score."""
    if case.get("evaluation_scores") is None:
        return [None] * months
    found = _numbered(case, "evaluation_scores")
    if len(found) > months:
        raise _wrong("evaluation_scores", [value for _place, value in found])
    scores = [None if value is None else _number(place, value) for place, value in found]
    for (place, value), number in zip(found, scores, strict=True):
        if number is not None and not 0 <= number <= 100:
            raise _wrong(place, value)
    return scores + [None] * (months - len(scores))


def _suspended(case: Case, months: int) -> list[bool]:
    """Whether the customer was suspended in each month; false where nothing is said (A.X 12)."""
    found = case.get("suspended")
    given = [] if found is None else [value for _place, value in _numbered(case, "suspended")]
    if len(given) > months or not all(isinstance(value, bool) for value in given):
        raise _wrong("suspended", found)
    return [bool(value) for value in given] + [False] * (months - len(given))


@cache
def official_calendar() -> WorkCalendar:
    """The official calendar of every year that the kept library knows (section F)."""
    from chinese_calendar.constants import holidays, workdays

    years: dict[int, dict[str, set[date]]] = {}
    for kind, days in (("off", holidays), ("work", workdays)):
        for day in days:
            years.setdefault(day.year, {"off": set(), "work": set()})[kind].add(day)
    return WorkCalendar(years, frozenset(years))


def _deadline(case: Case, policy: Policy) -> dict[str, Any]:
    """The due dates of a complaint; null where a year's official calendar is unknown (C12.3)."""
    text = case.get("received")
    try:
        received = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        received = None
    if received is None:
        raise _wrong("received", text)
    try:
        if received.tzinfo is not None:
            received = received.astimezone(COMPANY_ZONE).replace(tzinfo=None)
        due = due_dates(received, official_calendar(), policy)
    except OverflowError:  # at either end of the years that a date can have
        raise _wrong("received", text) from None
    return {f"due_{n}": day.day.isoformat() if day.known else None for n, day in due.items()}


def _evenness(case: Case, policy: Policy) -> dict[str, Any]:
    """Jain's index and its normalised form; null where undefined (C10.9)."""
    weeks = [Fraction(_number(place, value)) for place, value in _numbered(case, "weeks")]
    days = []
    for place, value in _numbered(case, "working_days"):
        number = _number(place, value)
        if number != int(number) or number < 0:
            raise _wrong(place, value)
        days.append(int(number))
    if len(days) != len(weeks):
        raise _wrong("working_days", days)
    found = evenness(weeks, days)
    return {"jain": _plain(found.jain), "evenness": _plain(found.evenness)}


def _plain(number: Exact | None) -> float | None:
    """A number as JSON has it, for printing alone."""
    return None if number is None else float(number)


def _identifier(case: Case, policy: Policy) -> dict[str, Any]:
    """Whether the code passes its check, and why not (C7.1)."""
    code = case.get("code")
    if not isinstance(code, str):
        raise _wrong("code", code)
    found = check(_member(CodeKind, "kind", case.get("kind")), code)
    result: dict[str, Any] = {"valid": found.valid}
    if found.reason:
        result["reason"] = say(found.reason)
    if found.warnings:
        result["warnings"] = [say(warning) for warning in found.warnings]
    return result


def _score(case: Case, policy: Policy) -> dict[str, Any]:
    """The score, its grade, and the weight that had data (C16.1, section E)."""
    customer_class = _member(CustomerClass, "customer_class", case.get("customer_class"))
    given = case.get("indicators")
    if not isinstance(given, Mapping):
        raise _wrong("indicators", given)
    indicators: dict[Indicator, Exact | None] = {}
    for name, value in given.items():
        indicator = _member(Indicator, "indicators", name)
        number = None if value is None else _exact(name, value)
        if number is not None and indicator is Indicator.COMPLETION:
            number = min(number, Decimal(100))  # above the plan counts as the plan (A.X 23)
        indicators[indicator] = number
    found = score(customer_class, indicators, policy)
    return {
        "score": _plain(found.score),
        "grade": _chinese(found.grade),
        "available_weight": found.available_weight,
        "reasons": [say(r) for line in found.lines for r in line.reasons]
        + [say(reason) for reason in found.reasons],
    }


_KINDS: dict[str, Callable[[Case, Policy], dict[str, Any]]] = {
    "tier": _tier,
    "deadline": _deadline,
    "evenness": _evenness,
    "identifier": _identifier,
    "score": _score,
    "closing": recomputing.closing,
    "evaluation": recomputing.evaluation,
}
