"""The articles of the regulation: their text, and how a decision cites them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from chemsales.config import resource
from chemsales.words import _, current


@dataclass(frozen=True, slots=True)
class Article:
    """One clause: its id (C9.2.3), its place in the document (第九条(二)3), and its text."""

    clause: str
    document: str
    citation: str
    text: str


@cache
def _stored() -> dict[str, dict[str, dict[str, str]]]:
    path = resource("regulation", "articles.json")
    stored: dict[str, dict[str, dict[str, str]]] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def article(clause: str) -> Article | None:
    """The article of a clause id in the current language; None for a clause without a text.

    A finer id falls back on the one that it is part of: C9.2.9 -> C9.2.
    """
    stored, found = _stored(), clause
    while found and found not in stored["articles"]:
        found = found.rpartition(".")[0]
    if not found:
        return None
    entry = stored["articles"][found]
    tongue = "en" if current() == "en" else "zh"
    document = stored["documents"][entry["document"]][tongue]
    return Article(found, document, entry["citation"], entry[tongue])


def clauses() -> tuple[str, ...]:
    """The ids of all clauses that have a text, in the order of the documents."""
    return tuple(_stored()["articles"])


def cite(clause: str, edition: int | None = None) -> str:
    """What a decision rests on, in words: 依据第九条(二)3, 版本 2; "" for an unknown clause."""
    found = article(clause)
    if found is None:
        return ""
    if edition is None:
        return _("by {citation}", citation=found.citation)
    return _("by {citation}, edition {number}", citation=found.citation, number=edition)
