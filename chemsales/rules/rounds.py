"""What a case says otherwise than in the round that was returned last (C7.2)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest

from chemsales.rules.customer import ContactKind
from chemsales.rules.history import FieldChange, field_changes

Row = Mapping[str, object]
UNSAID = ("", "0")  # what a class that came in leaves open


class PaperNews(StrEnum):
    """How a paper came since the return: of a kind that there was none of, or in the place of
    another."""

    NEW = "new"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it is compared: its kind, or what else it is called where kinds do not matter,
    and all that is known of it with its hash."""

    kind: str
    content: Hashable


@dataclass(frozen=True, slots=True)
class Said:
    """All that is reviewed of a case: the facts, the classes by product group, the contacts in
    their order, the papers by key."""

    facts: Row
    classes: Mapping[str, Row] = field(default_factory=dict)
    contacts: Sequence[Row] = ()
    papers: Mapping[int, Paper] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class News:
    """What is otherwise since round `round` was returned: the fields (`of` is the product group of
    a class, the kind of a contact), the papers that came, by key, and the kinds of those that went
    and were not replaced."""

    round: int
    fields: tuple[FieldChange, ...] = ()
    papers: Mapping[int, PaperNews] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


def news(round_: int, before: Said, now: Said) -> News:
    """What differs between what was returned in a round and what is put up now. What was not asked
    for then is not compared."""
    facts = {name: value for name, value in now.facts.items() if name in before.facts}
    was = set(before.papers.values())
    came = {key: paper for key, paper in now.papers.items() if paper not in was}
    kept = set(now.papers.values())
    went = [paper.kind for paper in before.papers.values() if paper not in kept]
    papers = {
        key: PaperNews.REPLACED if paper.kind in went else PaperNews.NEW
        for key, paper in came.items()
    }
    there = {paper.kind for paper in now.papers.values()}
    return News(
        round_,
        (
            *field_changes(before.facts, facts),
            *_classes(before.classes, now.classes),
            *_contacts(before.contacts, now.contacts),
        ),
        papers,
        tuple(dict.fromkeys(kind for kind in went if kind not in there)),
    )


def _classes(before: Mapping[str, Row], now: Mapping[str, Row]) -> Iterator[FieldChange]:
    for group, row in now.items():
        was = before.get(group)
        after = row if was is None else {name: row[name] for name in row if name in was}
        for each in field_changes(was, after):
            if was is not None or (each.field != "group_code" and each.after not in UNSAID):
                yield FieldChange(each.field, each.before, each.after, group)
    for group, row in before.items():
        if group not in now:
            yield FieldChange("customer_class", str(row["customer_class"]), "", group)


def _contacts(before: Sequence[Row], now: Sequence[Row]) -> Iterator[FieldChange]:
    """The contacts of each kind beside each other, in their order."""
    for kind in ContactKind:
        one, other = ([_told(row) for row in all_ if row["kind"] == kind] for all_ in (before, now))
        for was, is_now in zip_longest(one, other, fillvalue=""):
            if was != is_now:
                yield FieldChange("contacts", was, is_now, str(kind))


def _told(contact: Row) -> str:
    """A contact in one line."""
    parts = (str(contact[name]) for name in ("name", "title", "phone", "email"))
    return "  ".join(filter(None, parts))
