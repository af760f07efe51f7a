"""Editions of the rule parameters, and the one in force on a day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from chemsales.queries.reading import query
from chemsales.rules.calendar import company_day
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.policy import Edition, Policy, edition_on
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition with everything that was decided about it; `parameters` as JSON-able values, with
    the defaults of those that came to the program after it."""

    number: int
    effective_from: date
    basis: str
    parameters: Mapping[str, object]
    decided_by: str
    decided_by_name: str
    decided_at: datetime


@query(Action.RULES_READ)
def editions(actor: Actor) -> list[EditionRow]:
    """Every edition, the newest first (C18.1)."""
    return [
        EditionRow(
            number, date.fromisoformat(day), basis,
            Policy.from_parameters(json.loads(parameters)).as_parameters(), by, by_name or by,
            instant_of(at),
        )
        for number, day, basis, parameters, by, by_name, at in rows(
            "SELECT e.number, e.effective_from, e.basis, e.parameters, e.decided_by, p.name, "
            "e.decided_at FROM rule_edition e LEFT JOIN person p ON p.login = e.decided_by "
            "ORDER BY e.number DESC"
        )
    ]  # fmt: skip


def load_editions() -> list[Edition]:
    """All editions in order of their numbers (inside services and queries)."""
    return [
        Edition(number, date.fromisoformat(day), _policy(parameters))
        for number, day, parameters in rows(
            "SELECT number, effective_from, parameters FROM rule_edition ORDER BY number"
        )
    ]


@lru_cache(maxsize=64)
def _policy(parameters: str) -> Policy:
    """The policy of an edition's text: read at every step of a case, changed never."""
    return Policy.from_parameters(json.loads(parameters))


def load_edition(day: date) -> Edition:
    """The edition in force on a day; NotAllowed before the first (C20.1)."""
    return edition_on(load_editions(), day)


def editions_known_on(day: date) -> tuple[int, ...]:
    """The numbers of the editions that were in force on a day by what was decided at some hour of
    it, in order: more than one where one was decided that day (inside queries)."""
    known = [
        (number, company_day(instant_of(at)))
        for number, first, at in rows(
            "SELECT number, effective_from, decided_at FROM rule_edition ORDER BY number"
        )
        if first <= day.isoformat()
    ]
    before = [number for number, decided in known if decided < day][-1:]
    return (*before, *(number for number, decided in known if decided == day))


def load_edition_number(number: int) -> Edition:
    """The edition of a number, by which something old was computed; NotFound for another number."""
    for edition in load_editions():
        if edition.number == number:
            return edition
    raise NotFound(Reason("reason.edition_unknown", {"number": number}, "C18.1"))
