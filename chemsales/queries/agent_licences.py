"""The exclusive agents with their licences: the list, who has one on a day, one as a paper (C10.5).

A licence is in force from its first to its last day while the class that it is of is (it ends with
the class, and so with the qualification).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chemsales.queries.admission import overlaps_of
from chemsales.queries.audit import last_event
from chemsales.queries.disqualification import load_reasons
from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.licence_lists import notice_on
from chemsales.queries.licences import dealing_reasons
from chemsales.queries.listing import ALL, Field, Listing, whole
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.queries.searching import customers_or
from chemsales.queries.settings import value
from chemsales.rules import agent_licences as rules
from chemsales.rules import roles
from chemsales.rules.agent_licences import AgentState, Term, licence_hash, next_term
from chemsales.rules.check_codes import PaperKind, check_code
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.policy import Policy
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import is_sqlite, rows

if TYPE_CHECKING:
    from chemsales.reports.agent_licence import AgentLicence

# the licences of a class that hold on a day, by its last day; the text of that day comes twice
_IN_FORCE = (
    "FROM agent_licence l JOIN customer_class k ON k.id = l.class_id "
    "WHERE l.from_day <= ? AND l.to_day >= ? AND (k.to_day IS NULL OR k.to_day >= ?)"
)


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An exclusive agent of one product group now. `number` and the days are those of the licence
    that ends last ("" and None: it never had one of this class), `licence_id` its key; `overlaps`
    are the agents whose region has something in common with its own (C10.3)."""

    id: int  # of the class
    customer_id: int
    code: str
    name: str
    group_code: str
    group_name: str
    group_name_en: str
    region: str
    since: date
    state: AgentState
    licence_id: int | None
    number: str
    from_day: date | None
    to_day: date | None
    manager_name: str
    overlaps: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The class of an agent that a licence is given of, with the number and the last day of the
    licence that ends last."""

    class_id: int
    customer_id: int
    since: date
    last: tuple[str, date] | None
    shown: dict[str, object]


def licensed_on(day: date) -> frozenset[tuple[int, str]]:
    """The exclusive agents, by customer and product group, that have a licence in force on a day:
    whoever allocates treats the others as dealers, with a warning (C10.5; inside services and
    queries)."""
    text = day.isoformat()
    sql = f"SELECT k.customer_id, k.group_code {_IN_FORCE}"
    return frozenset((int(key), str(code)) for key, code in rows(sql, (text, text, text)))


def load_standing(class_id: int) -> Standing:
    """The agent's class of this key (inside services and queries); NotFound for another one."""
    found = rows(
        "SELECT u.id, u.code, u.name, u.uscc, k.region, g.code, g.name, g.name_en, k.from_day "
        "FROM customer_class k JOIN customer u ON u.id = k.customer_id "
        "JOIN product_group g ON g.code = k.group_code WHERE k.id = ? AND k.to_day IS NULL "
        "AND k.customer_class = 'agent' AND u.status <> 'disqualified'",
        (class_id,),
    )
    if not found:
        raise NotFound(Reason("reason.agent_unknown", {"id": class_id}, "C10.5"))
    key, code, name, uscc, region, group, group_name, group_name_en, since = found[0]
    shown = {
        "customer_code": code, "customer_name": name, "uscc": uscc, "region": region,
        "group_code": group, "group_name": group_name, "group_name_en": group_name_en,
    }  # fmt: skip
    newest = rows(
        "SELECT number, to_day FROM agent_licence WHERE class_id = ? ORDER BY to_day DESC LIMIT 1",
        (class_id,),
    )
    last = (str(newest[0][0]), date.fromisoformat(newest[0][1])) if newest else None
    return Standing(class_id, int(key), date.fromisoformat(since), last, shown)


def issue_reasons(actor: Actor, standing: Standing, today: date) -> tuple[Reason, ...]:
    """Why this person may not give this agent its next licence today (inside services and
    queries): dealings that are suspended, and a licence that holds for long yet."""
    forbidden = roles.blockers(actor, Action.AGENT_LICENCE_ISSUE)
    if forbidden:
        return forbidden
    return (
        *dealing_reasons(standing.customer_id, today),
        *rules.issue_blockers(today, standing.last),
    )


@query()
def issue_blockers(actor: Actor, class_id: int, today: date) -> tuple[Reason, ...]:
    """Why this person may not give the next licence of this agent's class today; empty where it
    may. NotFound."""
    return issue_reasons(actor, load_standing(class_id), today)


@query()
def next_terms(actor: Actor, classes: Collection[int], today: date) -> dict[int, Term]:
    """The term of the licence that each of these agents' classes would be given today, by its key.
    NotFound."""
    policy = load_edition(today).policy
    return {key: term_of(load_standing(key), policy, today) for key in classes}


def term_of(standing: Standing, policy: Policy, today: date) -> Term:
    """The term of the next licence of a class (inside services and queries)."""
    last = standing.last[1] if standing.last else None
    return next_term(policy, today, standing.since, last)


def _agent_rows(found: list[tuple[Any, ...]]) -> list[AgentRow]:
    made = [
        AgentRow(
            key, customer_id, code, name, group, group_name, group_en, region,
            date.fromisoformat(since), AgentState(state), licence_id, number or "",
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None, manager,
        )
        for key, customer_id, code, name, group, group_name, group_en, region, since, state,
        licence_id, number, first, last, manager in found
    ]  # fmt: skip
    told = overlaps_of([(row.customer_id, row.group_code, row.region) for row in made])
    return [replace(row, overlaps=found) for row, found in zip(made, told, strict=True)]


def agents_of(today: date, ahead: int) -> Listing[AgentRow]:
    """The list of exclusive agents with their licences as they stand on a day, of which those that
    end within `ahead` days are told (C10.5; the ladder's first step, C15.1)."""
    return _agents_of(today, ahead, is_sqlite())


@lru_cache(maxsize=20)
def _agents_of(today: date, ahead: int, _engine: bool) -> Listing[AgentRow]:
    soon = today + timedelta(days=ahead)
    state = (
        f"CASE WHEN l.to_day IS NULL OR l.to_day < a.day THEN '{AgentState.MISSING}' "
        f"WHEN l.to_day <= a.soon THEN '{AgentState.ENDING}' ELSE '{AgentState.LICENSED}' END"
    )
    return Listing(
        name="agents",
        ctes="WITH asked (day, soon) AS (VALUES (CAST(? AS TEXT), CAST(? AS TEXT)))",
        given=(today.isoformat(), soon.isoformat()),
        source="FROM asked a CROSS JOIN customer_class k JOIN customer c ON c.id = k.customer_id "
        "JOIN product_group g ON g.code = k.group_code LEFT JOIN person p ON p.login = c.manager "
        "LEFT JOIN agent_licence l ON l.id = (SELECT n.id FROM agent_licence n "
        "WHERE n.class_id = k.id ORDER BY n.to_day DESC LIMIT 1)",
        key="k.id",
        select="k.customer_id, c.code, c.name, g.code, g.name, g.name_en, k.region, k.from_day, "
        f"{state}, l.id, l.number, l.from_day, l.to_day, coalesce(p.name, c.manager)",
        make=_agent_rows,
        fields={
            "code": Field("c.code"),
            "name": customer_name("c"),
            "group": Field("g.name || ' ' || g.name_en || ' ' || g.code", sort="g.code"),
            "region": Field("k.region"),
            "since": Field("k.from_day", Kind.DAY),
            "state": Field(state, Kind.CHOICE, choices=tuple(map(str, AgentState))),
            "number": Field("l.number"),
            "from": Field("l.from_day", Kind.DAY),
            "to": Field("l.to_day", Kind.DAY),
            "manager": person_name("c.manager"),
        },
        order=(Sort("state"), Sort("name")),
        finding=lambda text: customers_or(text, "l.number"),
        where="k.customer_class = 'agent' AND k.to_day IS NULL AND c.status <> 'disqualified'",
    )


def agents_on(actor: Actor, today: date, request: Request = ALL) -> list[AgentRow]:
    """The exclusive agents that a request lets through, by the edition in force on a day."""
    return whole(actor, agents_of(today, notice_on(actor, today).ahead), request)


def to_be_licensed() -> Request:
    """What the list of agents is asked for those that have no licence, or one that ends soon."""
    states = (str(AgentState.MISSING), str(AgentState.ENDING))
    return Request(filters=(Filter("state", choices=states),))


@query(Action.REPORT_PRINT)
def agent_licences(actor: Actor, keys: Collection[int]) -> tuple[AgentLicence, ...]:
    """These licences as they print, in the order of their numbers, with what ended them before
    their last day (C10.5, C17.1); NotFound for none."""
    marks = ", ".join("?" * len(keys)) or "NULL"
    found = rows(
        "SELECT l.id, l.number, l.from_day, l.to_day, l.shown, l.edition, l.issued_at, "
        "l.customer_id, CASE WHEN k.to_day < l.to_day THEN k.to_day END FROM agent_licence l "
        f"JOIN customer_class k ON k.id = l.class_id WHERE l.id IN ({marks}) ORDER BY l.number",
        tuple(keys),
    )
    if not found:
        raise NotFound(Reason("reason.no_agent_licence", {}, "C10.5"))
    company = value("company")
    return tuple(
        replace(_licence(company, *row), ended=_ended(customer_id, day))
        for *row, customer_id, day in found
    )


def _ended(customer_id: int, day: str | None) -> tuple[Reason, ...]:
    """That a licence ended with its class on a day, and by which disqualification."""
    if day is None:
        return ()
    cancelled = (each for each in load_reasons(customer_id, date.max) if each.params["day"] == day)
    return (Reason("reason.agent_licence_ended", {"day": day}, "C10.5"), *cancelled)


@query(Action.REPORT_PRINT)
def agent_licence_key(actor: Actor, number: str) -> int:
    """The key of the licence with this number; NotFound."""
    wanted = number.strip().upper()
    found = rows("SELECT id FROM agent_licence WHERE number = ?", (wanted,))
    if not found:
        raise NotFound(Reason("reason.agent_licence_unknown", {"number": wanted[:40]}, "C10.5"))
    return int(found[0][0])


def printed_hash(number: str, first: str, last: str, shown: str) -> str:
    """The hash that the check code of a stored licence rests on."""
    term = Term(date.fromisoformat(first), date.fromisoformat(last))
    return licence_hash(number, term, json.loads(shown))


def _licence(
    company: str, key: int, number: str, first: str, last: str, shown: str, edition: int, at: str
) -> AgentLicence:
    from chemsales.reports.agent_licence import AgentLicence
    from chemsales.reports.content import Footer, Group
    from chemsales.rules.calendar import company_day
    from chemsales.storage.fields import instant_of

    said = json.loads(shown)
    hashed, event = printed_hash(number, first, last, shown), last_event("agent_licence", key)
    code = check_code(PaperKind.AGENT_LICENCE, number, hashed, edition, event)
    return AgentLicence(
        company=company,
        number=number,
        customer_code=said["customer_code"],
        customer_name=said["customer_name"],
        uscc=said["uscc"],
        group=Group(said["group_code"], said["group_name"], said["group_name_en"]),
        region=said["region"],
        from_day=first,
        to_day=last,
        issued_on=company_day(instant_of(at)).isoformat(),
        footer=Footer(hashed, event, edition, "C10.3 C10.5", code),
    )
