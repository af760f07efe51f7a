"""Days, quantities and periods as a reader of the chosen language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from chemsales.articles import article
from chemsales.reports.content import Group
from chemsales.rules.errors import NotFound
from chemsales.rules.numbers import format_tonnes
from chemsales.words import _, chinese, named

NONE = "—"


def day(text: str) -> str:
    """An ISO day, with or without a time after it, as it is written; other texts stay."""
    date, blank, time = text.partition(" ")
    parts = date.split("-")
    if not chinese() or len(parts) != 3 or not all(part.isdigit() for part in parts):
        return text
    year, month, number = map(int, parts)
    return f"{year}年{month}月{number}日{blank}{time}"


def month(text: str) -> str:
    """The month "2026-06" as it is written."""
    if not chinese():
        return text
    return f"{int(text[:4])}年{int(text[5:7])}月"


def tonnes(kg: int | None) -> str:
    """Kilograms as tonnes, a dash for None."""
    return NONE if kg is None else format_tonnes(kg)


def decimal(value: Decimal | None, places: int = 2) -> str:
    """A value 0-100 rounded half up for the eye, a dash for None."""
    if value is None:
        return NONE
    return str(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def signed(value: Decimal) -> str:
    """A change with its sign, two places."""
    text = decimal(value)
    return text if text.startswith("-") else f"+{text}"


def group_name(group: Group) -> str:
    """The group's name, in English where it has one and English is spoken."""
    return named(group.name, group.name_en)


def cited(clauses: Iterable[str]) -> str:
    """The articles of clause ids, each once: 第七条第一款、第九条(二); an unknown id as it is."""
    found = dict.fromkeys(map(_cited, filter(None, clauses)))
    return listed(found)


def cited_of_regulation(clauses: Iterable[str]) -> str:
    """The articles with the document that they stand in, as a letter to a customer names them; all
    are of one document."""
    named = list(clauses)
    document = article(named[0]).document
    return _("{document}, {articles}", document=document, articles=cited(named))


def bracketed(text: str) -> str:
    """The text in the brackets of the language, with the blank that stands before them."""
    return f"（{text}）" if chinese() else f" ({text})"


def listed(names: Iterable[str]) -> str:
    """Names one after the other, with the comma of the language."""
    return ("、" if chinese() else ", ").join(names)


def _cited(clause: str) -> str:
    try:
        return article(clause).citation
    except NotFound:
        return clause
