"""One search over everything that has a name or a number: customers, and applications for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chemsales.queries.reading import query
from chemsales.queries.searching import any_of, words_with
from chemsales.rules import search
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Actor
from chemsales.rules.search import NUMBERS, Rank, Wanted, Word
from chemsales.rules.text import half_width, without_hidden
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

    An application that made a customer is found by its whole number alone. Nothing is found by an
    empty text. Two statements.
    """
    wanted = search.wanted(text)
    if wanted.nothing or wanted.impossible:
        return ()
    return _sorted([*_customers(wanted, limit), *_applications(wanted, limit, text)], limit)


@query()
def find_customers(actor: Actor, text: str, limit: int = 20) -> tuple[Hit, ...]:
    """Those of `find` that are customers; one statement."""
    wanted = search.wanted(text)
    if wanted.nothing or wanted.impossible:
        return ()
    return _sorted(_customers(wanted, limit), limit)


@dataclass(frozen=True, slots=True)
class _Found:
    rank: Rank
    length: int  # of the record's own words: short names stand before long ones
    hit: Hit


def _sorted(found: list[_Found], limit: int) -> tuple[Hit, ...]:
    found.sort(key=lambda each: (each.rank, each.length, each.hit.key))
    return tuple(each.hit for each in found[:limit])


def _customers(wanted: Wanted, limit: int) -> list[_Found]:
    best, parameters = _best("customer", "customer_words w WHERE ", wanted, limit)
    made = []
    for key, code, name, manager, words, rest in rows(
        f"WITH best AS ({best}) SELECT c.id, c.code, c.name, coalesce(p.name, c.manager), "
        "w.words, w.people || w.pinyin FROM best JOIN customer c ON c.id = best.id "
        "JOIN customer_words w ON w.customer_id = c.id LEFT JOIN person p ON p.login = c.manager",
        parameters,
    ):
        match = search.match(wanted, words + rest)
        if match is not None:
            detail = f"{code} · {manager}"
            hit = Hit(HitKind.CUSTOMER, key, name, detail, match.why, "customers", key)
            made.append(_Found(match.rank, len(words), hit))
    return made


def _applications(wanted: Wanted, limit: int, text: str) -> list[_Found]:
    open_ones = (
        "application o CROSS JOIN application_words w "
        "WHERE w.application_id = o.id AND o.customer_id IS NULL AND "
    )
    best, parameters = _best("application", open_ones, wanted, limit)
    number = without_hidden(half_width("".join(text.split()))).upper()
    made = []
    for key, own, name, state, words, rest in rows(
        f"WITH best AS ({best}) SELECT a.id, a.number, a.name, a.state, w.words, "
        "w.people || w.pinyin FROM application a "
        "JOIN application_words w ON w.application_id = a.id "
        "WHERE a.id IN (SELECT id FROM best) OR a.number = ?",
        [*parameters, number],
    ):
        match = search.match(wanted, words + rest)
        if match is not None:
            detail = f"{own} · {label(ApplicationState(state))}"
            target = ("application", key)
            hit = Hit(HitKind.APPLICATION, key, name or own, detail, match.why, "customers", target)
            made.append(_Found(match.rank, len(words), hit))
    return made


def _best(owner: str, source: str, wanted: Wanted, limit: int) -> tuple[str, list[object]]:
    """The statement that chooses the keys of the best hits, short names before long ones."""
    whole = wanted.whole
    ranks = [
        (Rank.EXACT, [("w.words", f"{kind}{whole}\n") for kind in NUMBERS]),
        (Rank.NAME, [("w.words", f"{Word.NAME}{whole}")]),
        (Rank.INITIALS, [("w.words", f"{kind}{whole}") for kind in (Word.MNEMONIC, Word.INITIALS)]),
        (Rank.PINYIN, [("w.pinyin", f"{Word.PINYIN}{whole}")]),
        (Rank.INSIDE, [("w.words", whole)]),
        (
            Rank.PHONE if whole.isdigit() else Rank.CONTACT,
            [("w.people", whole), ("w.pinyin", f"{Word.PERSON_PINYIN}{whole}")],
        ),
    ]
    cases, patterns = [], list[object]()
    for rank, places in ranks:
        found, values = any_of(places)
        cases.append(f"WHEN {found} THEN {int(rank)}")
        patterns += values
    condition, parameters = words_with(wanted.parts)
    return (
        f"SELECT w.{owner}_id AS id FROM {source}{condition} "
        f"ORDER BY CASE {' '.join(cases)} ELSE {int(Rank.INSIDE)} END, length(w.words), "
        f"w.{owner}_id LIMIT {int(limit)}",
        [*parameters, *patterns],
    )
