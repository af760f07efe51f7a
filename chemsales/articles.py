"""The articles of the regulation: their text, and how a decision cites them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from chemsales.config import resource
from chemsales.rules.errors import NotFound, Reason
from chemsales.words import _, current


@dataclass(frozen=True, slots=True)
class Article:
    """One clause in the language it was asked for: its id ("C9.2.3"), the document that it stands
    in, its place there ("第九条(二)3"), and its text (in Chinese as the regulation has it)."""

    id: str
    document: str
    citation: str
    text: str


@cache
def _stored() -> dict[str, Any]:
    path = resource("regulation", "articles.json")
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def clauses() -> tuple[str, ...]:
    """The ids of all clauses that have a text, in the order of the documents."""
    return tuple(_stored()["articles"])


def article(clause_id: str) -> Article:
    """The article of a clause id, in the current language; NotFound for an unknown one.

    A finer id falls back on the one that it is part of: C9.2.9 -> C9.2.
    """
    stored = _stored()
    found = clause_id
    while found and found not in stored["articles"]:
        found = found.rpartition(".")[0]
    if not found:
        raise NotFound(Reason("reason.article_unknown", {"clause": clause_id}))
    entry = stored["articles"][found]
    tongue = "en" if current() == "en" else "zh"
    document = stored["documents"][entry["document"]][tongue]
    citation = entry["citation"].get(current(), entry["citation"][tongue])
    return Article(found, document, citation, entry[tongue])


def cite(clause_id: str, edition: int | None = None) -> str:
    """What a decision rests on: "依据第九条(二)3, 版本 1"; "" for an unknown clause."""
    try:
        citation = article(clause_id).citation
    except NotFound:
        return ""
    if edition is None:
        return _("by {citation}", citation=citation)
    return _("by {citation}, edition {number}", citation=citation, number=edition)
