"""What the search of everything finds: places, actions and reports by their words, customers and
cases of the database; off the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from chemsales.pinyin import initials, spellings
from chemsales.queries.search import find
from chemsales.rules import roles
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.roles import Action, Actor
from chemsales.words import label, say
from ui.text import dotted

MOST = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what kind of thing, its name, what stands beside it, and what opening it does.

    `verb` is the id of an action, else `place` and `target` say where to go. `why` tells why it
    cannot be done, "" where it can. `also` are words that it is found by beside its name.
    """

    kind: str
    title: str
    detail: str = ""
    place: str = ""
    target: object = None
    verb: str = ""
    why: str = ""
    also: str = ""


def search(actor: Actor, text: str, known: Sequence[Entry]) -> list[Entry]:
    """What the text finds: places and actions that begin with it, then the database, then
    what else is known.

    Where the database cannot be reached the known entries are found all the same.
    """
    ranked = [(rank, entry) for entry in known if (rank := _rank_of(entry, text)) is not None]
    first = [entry for rank, entry in ranked if rank == 0 and entry.target is None]
    rest = [entry for _rank_, entry in ranked if entry not in first]
    return [*first, *_stored(actor, text), *rest][:MOST]


def _stored(actor: Actor, text: str) -> list[Entry]:
    """Records of the database, the likeliest first, with what each was found by; none for who may
    not read business."""
    if roles.blockers(actor, Action.READ):
        return []
    try:
        found = find(actor, text, MOST)
    except ChemsalesError:
        return []
    return [
        Entry(label(hit.kind), hit.title, dotted((hit.detail, say(hit.why))), hit.place, hit.target)
        for hit in found
    ]


def _rank_of(entry: Entry, text: str) -> int | None:
    """How well the text names an entry; its other words count as words inside its name."""
    rank = _rank(entry.title, text)
    if rank is None and entry.also and _rank(entry.also, text) is not None:
        return 1
    return rank


def _rank(title: str, text: str) -> int | None:
    """0 where every word of `text` begins the title (or its pinyin), 1 where the title has it."""
    name, spelled = _spelled(title)
    words = text.casefold().split()
    heads = (name, *spelled)
    if all(any(head.startswith(word) for head in heads) for word in words):
        return 0
    if all(word in name or any(word in head for head in spelled) for word in words):
        return 1
    return None


@lru_cache(maxsize=500)
def _spelled(title: str) -> tuple[str, tuple[str, ...]]:
    """The title, and how it is typed without Chinese: its initials, and its whole pinyin."""
    return title.casefold(), (*initials(title).split(), *spellings(title))
