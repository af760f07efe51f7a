"""One search over everything that has a name or a number: customers, and applications for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chemsales.pinyin import initials
from chemsales.queries.reading import query
from chemsales.queries.searching import contains
from chemsales.rules import search
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Actor
from chemsales.rules.search import Rank, Word
from chemsales.storage.database import rows
from chemsales.words import label


class HitKind(StrEnum):
    """What was found."""

    CUSTOMER = "customer"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found: `title` is its name, `detail` what tells it from others.

    `key` is the record's key, unique within its kind. `why` says by what it was found; `place` and
    `target` are where the window opens it.
    """

    kind: HitKind
    key: int
    title: str
    detail: str
    why: Reason
    place: str
    target: object


@query()
def find(actor: Actor, text: str, limit: int = 20) -> tuple[Hit, ...]:
    """The customers, and the applications that made none yet, that `text` finds; the best first.

    Nothing for an empty text.
    """
    wanted = search.wanted(text)
    if wanted.nothing or wanted.impossible:
        return ()
    found = [*_customers(text, wanted), *_applications(wanted)]
    found.sort(key=lambda hit: hit[0])
    return tuple(hit for _, hit in found[:limit])


def _customers(text: str, wanted: search.Wanted) -> list[tuple[Rank, Hit]]:
    condition, parameters = contains(
        text, "c.name", "c.short_name", "c.code", "c.uscc", "c.initials"
    )
    made = []
    for key, code, name, short, uscc, letters, manager in rows(
        "SELECT c.id, c.code, c.name, c.short_name, c.uscc, c.initials, "
        "coalesce(p.name, c.manager) FROM customer c LEFT JOIN person p ON p.login = c.manager "
        f"WHERE {condition} ORDER BY c.sort_key, c.id LIMIT 500",
        parameters,
    ):
        words = search.lines(
            [
                (Word.CODE, code), (Word.USCC, uscc), (Word.NAME, name), (Word.NAME, short),
                *((Word.INITIALS, word) for word in letters.split()),
            ]
        )  # fmt: skip
        found = search.match(wanted, words)
        if found:
            detail = f"{code} · {manager}"
            hit = Hit(HitKind.CUSTOMER, key, name, detail, found.why, "customers", key)
            made.append((found.rank, hit))
    return made


def _applications(wanted: search.Wanted) -> list[tuple[Rank, Hit]]:
    made = []
    for key, number, name, short, uscc, state in rows(
        "SELECT a.id, a.number, a.name, a.short_name, a.uscc, a.state FROM application a "
        "WHERE a.customer_id IS NULL ORDER BY a.id DESC LIMIT 500",
    ):
        words = search.lines(
            [
                (Word.NUMBER, number), (Word.USCC, uscc), (Word.NAME, name), (Word.NAME, short),
                *((Word.INITIALS, word) for word in initials(name).split()),
            ]
        )  # fmt: skip
        found = search.match(wanted, words)
        if found:
            detail = f"{number} · {label(ApplicationState(state))}"
            target = ("application", key)
            hit = Hit(HitKind.APPLICATION, key, name, detail, found.why, "customers", target)
            made.append((found.rank, hit))
    return made
