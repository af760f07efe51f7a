"""Proposals to cancel a customer's qualification: one with its case, why it may not be made or
signed, and what cancelling would end (C17.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from chemsales.queries.approval import (
    DecisionRow,
    StoredCase,
    case_blockers,
    load_decisions,
    load_stored,
    verdict_actions,
)
from chemsales.queries.customers import LEVEL_NOW, LEVELS
from chemsales.queries.documents import load_scan
from chemsales.queries.offtake_lists import STANDING
from chemsales.queries.people import signing_reasons
from chemsales.queries.person_names import not_yours
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.completion import net_plan, open_order
from chemsales.rules.customer import ApplicationState
from chemsales.rules.disqualification import Ground, Proposal
from chemsales.rules.errors import NotFound, Problem, Reason, term
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of
from chemsales.words import N_

# what proposals say that were put up when their whole plans were told
PLANNED = N_("reason.effect_plan")
ACTIONS = verdict_actions(Action.DISQUALIFICATION_PROPOSE, Action.DISQUALIFICATION_DECIDE)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A scan that bears a proposal out."""

    id: int
    label: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A proposal with its papers; `decided_on` is the day from which it is in force, None until the
    general manager has approved it."""

    id: int
    number: str
    customer_id: int
    customer_code: str
    customer_name: str
    proposal: Proposal
    proposed_by: str
    proposed_at: datetime
    decided_on: date | None
    case: StoredCase | None
    papers: tuple[PaperRow, ...]
    effects: tuple[Reason, ...]  # as they were when it was put up


@dataclass(frozen=True, slots=True)
class Detail:
    """A proposal with its signatures; `effects` is what cancelling would end now."""

    stored: Stored
    proposed_name: str
    decisions: tuple[DecisionRow, ...]
    effects: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest proposal of a customer, by its key, and how its case stands."""

    key: int
    outcome: Outcome


def load_proposal(key: int) -> Stored:
    """A proposal with its case (inside services and queries); NotFound."""
    found = rows(
        "SELECT d.number, d.customer_id, u.code, u.name, d.ground, d.facts, d.occurred_on, "
        "d.loss_fen, d.effects, d.proposed_by, d.proposed_at, d.decided_on, d.case_id "
        "FROM disqualification d JOIN customer u ON u.id = d.customer_id WHERE d.id = ?",
        (key,),
    )
    if not found:
        raise NotFound(Reason("reason.disqualification_unknown", {"id": key}, "C17.1"))
    (number, customer_id, code, name, ground, facts, occurred, loss, effects, by, at, decided,
     case_id) = found[0]  # fmt: skip
    return Stored(
        key,
        number,
        customer_id,
        code,
        name,
        Proposal(Ground(ground), facts, date.fromisoformat(occurred), loss),
        by,
        instant_of(at),
        date.fromisoformat(decided) if decided else None,
        load_stored(case_id) if case_id is not None else None,
        _papers(key),
        tuple(Reason.from_dict(each) for each in json.loads(effects)),
    )


def _papers(key: int) -> tuple[PaperRow, ...]:
    return tuple(
        PaperRow(*row)
        for row in rows(
            "SELECT id, label, sha256 FROM disqualification_paper "
            "WHERE disqualification_id = ? AND void = 0 ORDER BY id",
            (key,),
        )
    )


def reviewed(key: int) -> dict[str, object]:
    """What the stages review of a proposal, as its rows have it: its facts and its papers."""
    columns = (
        "number", "customer_id", "ground", "facts", "occurred_on", "loss_fen", "effects",
    )  # fmt: skip
    found = rows(f"SELECT {', '.join(columns)} FROM disqualification WHERE id = ?", (key,))
    papers = sorted(paper.sha256 for paper in _papers(key))
    return {**dict(zip(columns, found[0], strict=True)), "papers": papers}


@query()
def disqualification(actor: Actor, key: int, today: date) -> Detail:
    """A proposal with its signatures and effects; NotFound."""
    stored = load_proposal(key)
    names = dict(rows("SELECT login, name FROM person WHERE login = ?", (stored.proposed_by,)))
    return Detail(
        stored,
        names.get(stored.proposed_by, stored.proposed_by),
        tuple(load_decisions(stored.case.id)) if stored.case else (),
        load_effects(stored.customer_id, today),
    )


@query()
def newest(actor: Actor, customer_id: int) -> Newest | None:
    """The newest proposal of a customer, None where there was none."""
    found = rows(
        "SELECT d.id, c.outcome FROM disqualification d JOIN approval_case c ON c.id = d.case_id "
        "WHERE d.customer_id = ? ORDER BY d.id DESC LIMIT 1",
        (customer_id,),
    )
    return Newest(found[0][0], Outcome(found[0][1])) if found else None


@query()
def scan(actor: Actor, paper_id: int) -> tuple[str, bytes]:
    """The type and the bytes of a paper; NotFound, DataError where they were altered."""
    return load_scan("disqualification_paper", paper_id)


@query()
def effects(actor: Actor, customer_id: int, today: date) -> tuple[Reason, ...]:
    """What cancelling a customer's qualification would end, told before it is decided (C17.1)."""
    return load_effects(customer_id, today)


def load_effects(customer_id: int, today: date) -> tuple[Reason, ...]:
    """`effects`, inside services and queries: open orders, classes, level, licences of an agent,
    papers, open cases of papers, applications for further classes and changes of the file; and
    the complaints that are still to be answered."""
    found = [*_orders(customer_id, today), *_classes(customer_id), *_level(customer_id)]
    found += _agent_licences(customer_id, today)
    papers = rows(
        "SELECT count(*) FROM licence WHERE customer_id = ? AND accepted_on IS NOT NULL "
        "AND (long_term = 1 OR valid_to >= ?)",
        (customer_id, today.isoformat()),
    )[0][0]
    if papers:
        found.append(Reason("reason.effect_licences", {"count": papers}))
    cases = rows(
        "SELECT count(*) FROM licence l JOIN approval_case c ON c.id = l.case_id "
        "AND c.chain = 'licence' AND c.outcome IN ('open', 'returned') WHERE l.customer_id = ?",
        (customer_id,),
    )[0][0]
    if cases:
        found.append(Reason("reason.effect_cases", {"count": cases}))
    return (*found, *_under_way(customer_id))


def _under_way(customer_id: int) -> Iterator[Reason]:
    """What is not decided: further classes, changes of its file, its complaints."""
    for number, state in rows(
        "SELECT number, state FROM application WHERE customer_id = ? AND further = 1 "
        "AND state IN ('draft', 'in_review', 'returned') ORDER BY id",
        (customer_id,),
    ):
        params = {"number": number, "state": term(ApplicationState(state))}
        yield Reason("reason.effect_application", params)
    changes = rows(
        "SELECT count(*) FROM customer_change h JOIN approval_case c ON c.id = h.case_id "
        "AND c.outcome IN ('open', 'returned') WHERE h.customer_id = ?",
        (customer_id,),
    )[0][0]
    if changes:
        yield Reason("reason.effect_changes", {"count": changes})
    complaints = rows(
        "SELECT count(*) FROM complaint WHERE customer_id = ? AND closed_at IS NULL", (customer_id,)
    )[0][0]
    if complaints:
        yield Reason("reason.effect_complaints", {"count": complaints}, "C12.1")


def _orders(customer_id: int, today: date) -> Iterator[Reason]:
    """What is open of the orders of this month and later: of each product group what was planned
    for a month, was picked up of it and is not, as far as it stands (C10.4)."""
    policy = load_edition(today).policy
    for month, name, english, plan, short, taken in rows(
        "WITH planned AS (SELECT l.month, d.group_code, sum(l.kg) AS kg, sum(l.short_kg) AS short "
        "FROM plan_line l JOIN product d ON d.code = l.product_code "
        f"WHERE l.customer_id = ? AND l.month >= ? AND l.batch_id IN {STANDING} "
        "GROUP BY l.month, d.group_code) "
        "SELECT n.month, g.name, g.name_en, n.kg, n.short, coalesce((SELECT sum(k.kg) "
        "FROM pickup k JOIN product d ON d.code = k.product_code WHERE k.customer_id = ? "
        f"AND k.month = n.month AND d.group_code = n.group_code AND k.batch_id IN {STANDING}), 0) "
        "FROM planned n JOIN product_group g ON g.code = n.group_code ORDER BY n.month, g.code",
        (customer_id, today.isoformat()[:7], customer_id),
    ):
        left = open_order(int(taken), int(plan), int(short), policy)
        if left:
            params = {
                "month": month,
                "group": name,
                "group_en": english,
                "tonnes": format_tonnes(net_plan(int(plan), int(short), policy)),
                "taken": format_tonnes(max(0, int(taken))),
                "open": format_tonnes(left),
            }
            yield Reason("reason.effect_order", params, "C10.4")


def _classes(customer_id: int) -> Iterator[Reason]:
    for name, english, kind in rows(
        "SELECT g.name, g.name_en, c.customer_class FROM customer_class c "
        "JOIN product_group g ON g.code = c.group_code "
        "WHERE c.customer_id = ? AND c.to_day IS NULL ORDER BY c.group_code",
        (customer_id,),
    ):
        params = {"group": name, "group_en": english, "customer_class": f"@CustomerClass.{kind}"}
        yield Reason("reason.effect_class", params)


def _level(customer_id: int) -> Iterator[Reason]:
    for (level,) in rows(
        f"SELECT {LEVEL_NOW} FROM customer c {LEVELS}WHERE c.id = ? AND {LEVEL_NOW} IS NOT NULL",
        (customer_id,),
    ):
        yield Reason("reason.effect_level", {"level": f"@Level.{level}"})


def _agent_licences(customer_id: int, today: date) -> Iterator[Reason]:
    for number, last in rows(
        "SELECT l.number, l.to_day FROM agent_licence l JOIN customer_class k ON k.id = l.class_id "
        "WHERE l.customer_id = ? AND k.to_day IS NULL AND l.to_day >= ? ORDER BY l.number",
        (customer_id, today.isoformat()),
    ):
        params = {"number": number, "day": last}
        yield Reason("reason.effect_agent_licence", params, "C10.5")


@query()
def propose_blockers(actor: Actor, customer_id: int) -> tuple[Reason, ...]:
    """Why this person may not propose to cancel a customer's qualification; empty for its account
    manager and the sales head."""
    return propose_reasons(actor, customer_id)


def propose_reasons(actor: Actor, customer_id: int) -> tuple[Reason, ...]:
    """The reasons of `propose_blockers`, with which the service refuses; NotFound."""
    found = rows("SELECT manager FROM customer WHERE id = ?", (customer_id,))
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    ((manager,),) = found
    forbidden = roles.blockers(actor, Action.DISQUALIFICATION_PROPOSE) or signing_reasons(
        actor.login
    )
    if forbidden:
        return forbidden
    if another := not_yours(actor, manager, "C5.1"):
        return another
    if already := _decided("customer_id = ?", customer_id):
        return (*already.values(),)
    running = rows(
        "SELECT d.number FROM disqualification d JOIN approval_case c ON c.id = d.case_id "
        "WHERE d.customer_id = ? AND c.outcome IN ('open', 'returned')",
        (customer_id,),
    )
    return tuple(
        Reason("reason.disqualification_runs", {"number": number}, "C17.1") for (number,) in running
    )


@query()
def blockers(actor: Actor, key: int, verdict: Verdict) -> tuple[Reason, ...]:
    """Why this person may not give this verdict on a proposal now; empty when it may be given."""
    return verdict_blockers(actor, load_proposal(key), verdict)


def verdict_blockers(actor: Actor, stored: Stored, verdict: Verdict) -> tuple[Reason, ...]:
    """The reasons of `blockers`, with which the services refuse."""
    assert stored.case is not None
    return case_blockers(actor, ACTIONS[verdict], verdict, stored.case)


def disqualified_on(day: date) -> dict[int, Reason]:
    """Every customer that is disqualified by a day, with the reason of `load_reasons`, in one
    statement (inside services and queries)."""
    return _decided("decided_on <= ?", day.isoformat())


def load_reasons(customer_id: int, day: date) -> tuple[Reason, ...]:
    """Why nothing is dealt with a disqualified customer from the day of the decision on (inside
    services and queries); empty for every other (C17.1)."""
    found = _decided("customer_id = ? AND decided_on <= ?", customer_id, day.isoformat())
    return (*found.values(),)


def _decided(condition: str, *parameters: object) -> dict[int, Reason]:
    """Why nothing is dealt with them, by the customers of the decisions that a condition names."""
    return {
        key: Reason("reason.disqualified", {"number": number, "day": decided}, "C17.1")
        for key, number, decided in rows(
            "SELECT customer_id, number, decided_on FROM disqualification "
            f"WHERE decided_on IS NOT NULL AND {condition}",
            parameters,
        )
    }


def cancelled(customer: str, day: str) -> str:
    """SQL: whether the customer of this key is disqualified by a day; nothing of it is followed
    from then on (C17.1)."""
    return (
        f"EXISTS (SELECT 1 FROM disqualification q WHERE q.customer_id = {customer} "
        f"AND q.decided_on <= {day})"
    )


def problems() -> Iterator[Problem]:
    """Customers that are disqualified without a decision, and decisions that did not take effect
    (C17.1)."""
    for (key,) in rows(
        "SELECT u.id FROM customer u LEFT JOIN disqualification d ON d.customer_id = u.id "
        "AND d.decided_on IS NOT NULL LEFT JOIN approval_case c ON c.id = d.case_id "
        "AND c.chain = 'disqualification' AND c.subject_id = d.id AND c.outcome = 'approved' "
        "GROUP BY u.id, u.status "
        "HAVING (u.status = 'disqualified') <> (count(c.id) = 1) OR count(d.id) <> count(c.id) "
        "ORDER BY u.id"
    ):
        yield Problem(f"customer {key}", Reason("reason.disqualification_unfounded", {}, "C17.1"))
    for (key,) in rows(
        "SELECT DISTINCT k.customer_id FROM customer_class k JOIN customer u "
        "ON u.id = k.customer_id AND u.status = 'disqualified' WHERE k.to_day IS NULL"
    ):
        yield Problem(f"customer {key}", Reason("reason.class_of_disqualified", {}, "C17.1"))
