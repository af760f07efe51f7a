"""Agents whose region overlaps with one that is asked for (C10.3, A.X 15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.regions import overlaps
from chemsales.rules.roles import Actor
from chemsales.storage.database import is_person, rows

REFUSED = "refuse"  # of the parameter exclusive_unique


@dataclass(frozen=True, slots=True)
class Agent:
    """An exclusive agent of a product group in force now: its region, and since when; without code
    and name where this person is not shown it."""

    customer_id: int
    code: str
    name: str
    region: str
    since: str


def agents_of(group_code: str, but: int = 0) -> list[Agent]:
    """The exclusive agents of a group, without the customer `but` (inside services and queries; one
    statement). A class without a last day is in force: no change is dated ahead. Where a server
    shows a manager the own records alone, the region of another's agent is told all the same."""
    unseen = "SELECT region, since FROM chemsales_agents_unseen(?, ?)"
    others = rows(unseen, (group_code, but)) if is_person() else []
    shown = [
        Agent(*row)
        for row in rows(
            "SELECT c.id, c.code, c.name, k.region, k.from_day FROM customer_class k "
            "JOIN customer c ON c.id = k.customer_id WHERE k.group_code = ? AND k.to_day IS NULL "
            "AND k.customer_class = 'agent' AND c.status <> 'disqualified' AND c.id <> ? "
            "ORDER BY c.id",
            (group_code, but),
        )
    ]
    return shown + [Agent(0, "", "", region, since) for region, since in others]


def agent_problems(requests: Iterable[ClassRequest], but: int = 0) -> tuple[Problem, ...]:
    """Each agent with whose region one that is asked for overlaps, as a warning at that field: it
    binds the agent to us, and not us to the agent (A.X 15)."""
    return tuple(
        Problem(f"classes.{asked.group_code}.region", _overlap(agent), warning=True)
        for asked in requests
        if asked.customer_class is CustomerClass.AGENT and asked.region.strip()
        for agent in agents_of(asked.group_code, but)
        if overlaps(asked.region, agent.region)
    )


def overlaps_of(agents: Sequence[tuple[int, str, str]]) -> list[tuple[Reason, ...]]:
    """Of each of these agents in force, by customer, group and region: the other ones of the group
    whose region overlaps with its own (inside services and queries; two statements a group)."""
    of_group = {group: agents_of(group) for group in {group for _key, group, _region in agents}}
    return [
        tuple(
            _overlap(other)
            for other in of_group[group]
            if other.customer_id != key and overlaps(region, other.region)
        )
        for key, group, region in agents
    ]


def _overlap(agent: Agent) -> Reason:
    params: dict[str, Param] = {"region": agent.region, "since": agent.since}
    if not agent.code:
        return Reason("reason.agent_overlap_unseen", params, "C10.3")
    named = {"name": agent.name, "code": agent.code}
    return Reason("reason.agent_overlap", {**named, **params}, "C10.3")


@query()
def overlapping(actor: Actor, group_code: str, region: str, but: int) -> tuple[Reason, ...]:
    """The agents whose region overlaps with one that is typed, without the customer `but`."""
    asked = ClassRequest(group_code, CustomerClass.AGENT, region)
    return tuple(problem.reason for problem in agent_problems([asked], but))


def is_overlap(problem: Problem) -> bool:
    """Whether a problem is one of `agent_problems`."""
    return problem.reason.code in ("reason.agent_overlap", "reason.agent_overlap_unseen")


def forbidden(problems: Iterable[Problem], day: date) -> list[Problem]:
    """The overlaps among these where the rule edition of the day refuses them."""
    found = [problem for problem in problems if is_overlap(problem)]
    if found and load_edition(day).policy.exclusive_unique == REFUSED:
        return [Problem(problem.place, problem.reason) for problem in found]
    return []
