"""Product groups and products."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.queries.reading import query
from chemsales.rules.customer import GroupInfo
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.words import named


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A product group: whether its customers have levels, and whether they need a licence."""

    code: str
    name: str
    name_en: str
    polyolefin: bool
    hazardous: bool
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product and its group."""

    code: str
    name: str
    name_en: str
    group_code: str
    group_name: str
    active: bool
    version: int


@query(Action.RULES_READ)
def groups(actor: Actor) -> list[GroupRow]:
    """Every product group, polyolefins first."""
    return [
        GroupRow(code, name, name_en, bool(polyolefin), bool(hazardous), bool(active), version)
        for code, name, name_en, polyolefin, hazardous, active, version in rows(
            "SELECT code, name, name_en, polyolefin, hazardous, active, version "
            "FROM product_group ORDER BY polyolefin DESC, code"
        )
    ]


@query(Action.RULES_READ)
def products(actor: Actor) -> list[ProductRow]:
    """Every product, by group and code."""
    return [
        ProductRow(code, name, name_en, group_code, named(group, english), bool(active), version)
        for code, name, name_en, group_code, group, english, active, version in rows(
            "SELECT p.code, p.name, p.name_en, p.group_code, g.name, g.name_en, p.active, "
            "p.version FROM product p JOIN product_group g ON g.code = p.group_code "
            "ORDER BY g.polyolefin DESC, p.group_code, p.code"
        )
    ]


def load_groups(active: bool = True) -> dict[str, GroupInfo]:
    """What the rules ask of each product group by its code (inside services and queries).

    Without `active` those that are no longer offered, too.
    """
    return {
        code: GroupInfo(polyolefin=bool(polyolefin), hazardous=bool(hazardous))
        for code, polyolefin, hazardous in rows(
            "SELECT code, polyolefin, hazardous FROM product_group WHERE active >= ?",
            (int(active),),
        )
    }
