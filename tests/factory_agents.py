"""Exclusive agents and their licences for tests."""

from __future__ import annotations

from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, Draft
from chemsales.services import agent_licences
from chemsales.storage.database import rows
from tests.factory import Clock, accredit, draft_of, session_of


def agent_draft(name: str, number: int, region: str = "江苏") -> Draft:
    """A draft that asks for an exclusive agent of EG."""
    asked = [ClassRequest("EG", CustomerClass.AGENT, region, 200_000, "涤纶")]
    return draft_of(name, number, asked)


def agent(name: str, number: int, region: str = "江苏", clock: Clock | None = None) -> int:
    """An exclusive agent of EG, accredited; the key of the customer."""
    return accredit(agent_draft(name, number, region), clock)


def class_of(customer: int, group: str = "EG") -> int:
    """The class that a customer has now in a product group."""
    ((key,),) = rows(
        "SELECT id FROM customer_class WHERE customer_id = ? AND group_code = ? "
        "AND to_day IS NULL", (customer, group),
    )  # fmt: skip
    return int(key)


def licensed(customer: int, clock: Clock | None = None) -> int:
    """The next licence of an agent; its key."""
    return agent_licences.issue(session_of("sales", clock), class_of(customer)).value
