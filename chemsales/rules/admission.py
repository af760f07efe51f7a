"""Admission to a class of the products other than polyolefins (准入条件, C10.2, C10.3, C10.7)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import Reason, term
from chemsales.rules.numbers import format_tonnes

Answer = tuple["Condition", str]


class Condition(StrEnum):
    """A condition of a class: the field of the answer, which is its evidence in words (a figure
    for the capacity)."""

    PRODUCTION = "production"  # 生产型企业、生产规模
    CAPACITY = "capacity_kg"  # 年产能
    PURPOSE = "purpose"  # 直接使用：用途
    CREDIT = "credit"  # 资金诚信
    NO_RESALE = "no_resale"  # 承诺不再销售
    REGION = "region"  # 区域
    OPERATION = "operation"  # 稳健、诚信的经营理念
    FUNDS = "funds"  # 资金实力
    REPUTATION = "reputation"  # 市场信誉
    ABILITY = "ability"  # 经营能力
    ONLY_OURS = "only_ours"  # 承诺只经营本公司化工产品


# that any class asks for and an application has fields of anyhow
ASKED_ANYHOW = (Condition.PURPOSE, Condition.REGION)
# the fields of the answers, in the order of the form; in characters, but for the capacity
ANSWERS = tuple(each for each in Condition if each not in ASKED_ANYHOW)
LIMIT = 200
# what a class says that was asked for or given before its conditions were
UNANSWERED: Mapping[str, str | int] = {
    str(each): 0 if each is Condition.CAPACITY else "" for each in ANSWERS
}
_DEALER = (
    Condition.REGION,
    Condition.OPERATION,
    Condition.FUNDS,
    Condition.REPUTATION,
    Condition.ABILITY,
)
CONDITIONS: Mapping[CustomerClass, tuple[Condition, ...]] = {
    CustomerClass.DIRECT: (
        Condition.PRODUCTION,
        Condition.CAPACITY,
        Condition.PURPOSE,
        Condition.CREDIT,
        Condition.NO_RESALE,
    ),
    CustomerClass.AGENT: (*_DEALER, Condition.ONLY_OURS),
    CustomerClass.DEALER: _DEALER,
}
CLAUSES: Mapping[CustomerClass, str] = {
    CustomerClass.DIRECT: "C10.2",
    CustomerClass.AGENT: "C10.3",
    CustomerClass.DEALER: "C10.7",
}


def conditions_of(wanted: CustomerClass, polyolefin: bool) -> tuple[Condition, ...]:
    """The conditions of a class in a product group; none in a polyolefin one, whose classes say no
    more than whom is sold to (C9.1, C10.1)."""
    return () if polyolefin else CONDITIONS[wanted]


def lacking(wanted: CustomerClass, answers: Mapping[str, object]) -> list[tuple[str, Reason]]:
    """The conditions of a class that have no answer with evidence, by field, in order.

    A direct customer is a producer of some capacity, of good credit, that uses the product itself
    and declares not to sell it on (C10.2); an agent names its region, shows sound operation, funds,
    reputation and ability, and declares to sell our products alone (C10.3); a dealer shows the same
    without that (C10.7).
    """
    return [
        (str(each), _unanswered(each, CLAUSES[wanted]))
        for each in CONDITIONS[wanted]
        if not str(answers[each] or "").strip()
    ]


def _unanswered(condition: Condition, clause: str) -> Reason:
    if condition is Condition.REGION:
        return Reason("reason.region_required", {}, clause)
    if condition is Condition.PURPOSE:
        return Reason("reason.purpose_required", {}, clause)
    return Reason("reason.condition_required", {"condition": term(condition)}, clause)


def answers_of(
    wanted: CustomerClass, polyolefin: bool, answers: Mapping[str, object]
) -> tuple[Answer, ...]:
    """The conditions of a class with what was answered, "" where nothing was; tonnes a year."""
    return tuple(
        (each, _text(answers[each])) for each in conditions_of(wanted, polyolefin=polyolefin)
    )


def _text(answer: object) -> str:
    if isinstance(answer, int):
        return format_tonnes(answer) if answer else ""
    return str(answer)
