"""One search over everything that has a name or a number: customers, and applications for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from chemsales.queries.applications import deleted
from chemsales.queries.reading import query
from chemsales.queries.searching import any_of, words_with
from chemsales.rules import search
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Invalid, Reason
from chemsales.rules.periods import Period
from chemsales.rules.roles import Actor
from chemsales.rules.search import NUMBERS, Rank, Wanted, Word
from chemsales.rules.text import half_width, without_hidden
from chemsales.storage.database import rows
from chemsales.words import label


class HitKind(StrEnum):
    """What was found."""

    CUSTOMER = "customer"
    APPLICATION = "application"
    DISQUALIFICATION = "disqualification"
    DISPATCH = "dispatch"
    FILING = "filing"
    AGENT_LICENCE = "agent_licence"
    EVALUATION = "evaluation"


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

    An application that made a customer is found by its whole number alone, and so are a
    disqualification (QX2026-0001), a dispatch (BS), a filing (BA) and an agent's licence (DL); a
    period before a customer's words ("2026Q3 hlsh") finds its evaluation. Nothing
    is found by an empty text. Two statements, one more for these.
    """
    wanted = search.wanted(text)
    if wanted.nothing or wanted.impossible:
        return ()
    found = [*_customers(wanted, limit), *_applications(wanted, limit, text)]
    return _sorted([*found, *_numbered(text), *_evaluations(text, limit)], limit)


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
        "WHERE w.application_id = o.id AND o.state <> 'accredited' "
        f"AND NOT {deleted('o')} AND "
    )
    best, parameters = _best("application", open_ones, wanted, limit)
    number = _number(text)
    made = []
    for key, own, name, state, words, rest in rows(
        f"WITH best AS ({best}) SELECT a.id, a.number, a.name, a.state, w.words, "
        "w.people || w.pinyin FROM application a "
        "JOIN application_words w ON w.application_id = a.id "
        f"WHERE a.id IN (SELECT id FROM best) OR (a.number = ? AND NOT {deleted('a')})",
        [*parameters, number],
    ):
        match = search.match(wanted, words + rest)
        if match is not None:
            detail = f"{own} · {label(ApplicationState(state))}"
            target = ("application", key)
            hit = Hit(HitKind.APPLICATION, key, name or own, detail, match.why, "customers", target)
            made.append(_Found(match.rank, len(words), hit))
    return made


# what is found by its whole number alone: what its number begins with, its kind, the query of key,
# of what it is called and of its target, and where it is opened
_NUMBERED: tuple[tuple[str, HitKind, str, str, str], ...] = (
    (
        "QX", HitKind.DISQUALIFICATION,
        "SELECT d.id, u.name, d.customer_id FROM disqualification d "
        "JOIN customer u ON u.id = d.customer_id WHERE d.number = ?", "customers", "",
    ),
    (
        "BS", HitKind.DISPATCH, "SELECT d.id, u.name, d.id FROM dispatch d "
        "JOIN customer u ON u.id = d.customer_id WHERE d.number = ?", "filing", "dispatch",
    ),
    (
        "BA", HitKind.FILING, "SELECT b.id, b.number, b.id FROM filing b WHERE b.number = ?",
        "filing", "filings",
    ),
    (
        "DL", HitKind.AGENT_LICENCE, "SELECT l.id, u.name, l.class_id FROM agent_licence l "
        "JOIN customer_class k ON k.id = l.class_id JOIN customer u ON u.id = k.customer_id "
        "WHERE l.number = ?", "licences", "agent",
    ),
)  # fmt: skip


def _numbered(text: str) -> list[_Found]:
    number = _number(text)
    return [
        _Found(
            Rank.EXACT,
            len(number),
            Hit(
                kind, key, name, number, Reason("reason.found_number", {"text": number}), place,
                (tab, target) if tab else target,
            ),
        )
        for begins, kind, sql, place, tab in _NUMBERED
        if number.startswith(begins)
        for key, name, target in rows(sql, (number,))
    ]  # fmt: skip


def _evaluations(text: str, limit: int) -> list[_Found]:
    """The customers that the words after a period find, where they were evaluated in it."""
    first, _blank, rest = text.strip().partition(" ")
    wanted = search.wanted(rest)
    try:
        period = str(Period.parse(half_width(first)))
    except Invalid:
        return []
    if wanted.nothing or wanted.impossible:
        return []
    customers = {found.hit.key: found for found in _customers(wanted, limit)}
    marks = ", ".join(["?"] * len(customers)) or "NULL"
    return [
        replace(
            customers[key],
            hit=replace(
                customers[key].hit, kind=HitKind.EVALUATION, detail=period, place="evaluation",
                target=period,
            ),
        )
        for (key,) in rows(
            "SELECT DISTINCT e.customer_id FROM evaluation e JOIN evaluation_run r "
            "ON r.id = e.run_id AND r.active = 1 "
            f"WHERE r.period = ? AND e.customer_id IN ({marks})",
            (period, *customers),
        )
    ]  # fmt: skip


def _number(text: str) -> str:
    """A number as it is printed, out of what is typed."""
    return without_hidden(half_width("".join(text.split()))).upper()


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
