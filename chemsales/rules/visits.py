"""Visits (走访) to customers: what is asked about each, and who notes and corrects one (C11.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chemsales.rules import roles
from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.roles import Action, Actor, Role
from chemsales.rules.text import clean_line, clean_text

PERSON_LIMIT, SECTION_LIMIT = 100, 2000
# what a visit is about, as the clause names it; each is required, and "none" is an answer
SECTIONS = ("products", "market", "service", "needs")
REQUIRED = Reason("reason.field_required", {}, "C11.2")


class VisitWay(StrEnum):
    """How a customer was spoken with."""

    ON_SITE = "on_site"  # 上门
    PHONE = "phone"  # 电话
    VIDEO = "video"  # 视频
    MESSAGE = "message"  # 微信、短信
    ELSEWHERE = "elsewhere"  # 其他地点面谈


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """A visit as it is typed: the day, the way, with whom, the four sections, and the day on which
    the next one is meant to be, where that is known."""

    visited_on: date | None = None
    way: VisitWay | None = None
    received_by: str = ""
    products: str = ""
    market: str = ""
    service: str = ""
    needs: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """A person: the login, and the name that people read."""

    login: str
    name: str


def cleaned(draft: VisitDraft) -> VisitDraft:
    """The visit with its texts as they are stored; Invalid for one that is too long."""
    return replace(
        draft,
        received_by=clean_line(draft.received_by, "received_by", PERSON_LIMIT, required=False),
        products=clean_text(draft.products, "products", SECTION_LIMIT),
        market=clean_text(draft.market, "market", SECTION_LIMIT),
        service=clean_text(draft.service, "service", SECTION_LIMIT),
        needs=clean_text(draft.needs, "needs", SECTION_LIMIT),
    )


def visit_problems(draft: VisitDraft, today: date) -> tuple[Problem, ...]:
    """What is missing or wrong in a visit whose texts are `cleaned`, by field (C11.2)."""
    asked = ("visited_on", "way", "received_by", *SECTIONS)
    found = [Problem(place, REQUIRED) for place in asked if not getattr(draft, place)]
    if draft.visited_on and draft.visited_on > today:
        params: dict[str, Param] = {"day": today.isoformat()}
        found.append(Problem("visited_on", Reason("reason.day_to_come", params, "C11.2")))
    if draft.visited_on and draft.next_on and draft.next_on <= draft.visited_on:
        params = {"day": draft.visited_on.isoformat()}
        found.append(Problem("next_on", Reason("reason.visit_next", params, "C11.2")))
    return tuple(found)


def note_reasons(actor: Actor, manager: Who) -> tuple[Reason, ...]:
    """Why this person may not note a visit to a customer of this manager: who has it now and the
    sales head may. How it stands with the customer is no reason: a visit is no dealing."""
    reasons = roles.blockers(actor, Action.VISIT_NOTE)
    if not reasons and actor.login != manager.login and not actor.holds(Role.SALES_HEAD):
        return (Reason("reason.customer_not_yours", {"name": manager.name}, "C11.2"),)
    return reasons


def correct_reasons(actor: Actor, manager: Who, visitor: Who) -> tuple[Reason, ...]:
    """Why this person may not correct a visit that was made by this visitor: who made it may while
    the customer is theirs, and the sales head may."""
    reasons = note_reasons(actor, manager)
    if not reasons and actor.login != visitor.login and not actor.holds(Role.SALES_HEAD):
        return (Reason("reason.visit_of_another", {"name": visitor.name}, "C11.2"),)
    return reasons
