"""Handing customers over to another account manager: what it needs, and who had them when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.text import said_problem

REASON_LIMIT = 500
ENDED = (ApplicationState.REJECTED, ApplicationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Handover:
    """To whom (a login), from which day on, and why."""

    to: str = ""
    from_day: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """How much was handed over: customers, cases of theirs and applications of new ones."""

    customers: int
    cases: int
    applications: int


@dataclass(frozen=True, slots=True)
class HeldCustomer:
    """A customer as a manager has it. `signers` stand at a stage of a case of it that goes along,
    by whatever hand, or accepted a code there; `manager` is told where it is one of several."""

    id: int
    code: str
    name: str
    signers: frozenset[str] = frozenset()
    manager: str = ""

    def kept_from(self, to: str) -> Reason | None:
        """Why it is not handed over to this login: it is this one's already, or signed a case of
        which it is then the applicant (C7.2)."""
        params: dict[str, Param] = {"code": f"{self.code} {self.name}"}
        if to and to == self.manager:
            return Reason("reason.handover_same", params, "C8.1")
        if to not in self.signers:
            return None
        params["login"] = to
        return Reason("reason.handover_signed", params, "C7.2")


@dataclass(frozen=True, slots=True)
class HeldApplication:
    """An application of a new customer as a manager has it: one that is open, or one that was
    rejected or withdrawn and would be applied for again. `signers` stand at a stage of its case, by
    whatever hand, or accepted a code there."""

    id: int
    number: str
    name: str
    state: ApplicationState
    signers: frozenset[str] = frozenset()

    @property
    def ended(self) -> bool:
        """Whether nothing is decided on it any more."""
        return self.state in ENDED

    def kept_from(self, to: str) -> Reason | None:
        """Why it is not handed over to this login: who signed it is never its applicant (C7.2)."""
        if to not in self.signers:
            return None
        params: dict[str, Param] = {"number": self.number, "login": to}
        return Reason("reason.handover_signed_application", params, "C7.2")


@dataclass(frozen=True, slots=True)
class Moved:
    """One customer as it was handed over."""

    from_manager: str
    to_manager: str
    from_day: date
    reason: str
    given_by: str


@dataclass(frozen=True, slots=True)
class Owned:
    """Who was account manager from a day through another (None: still), why and by whose hand."""

    manager: str
    first: date
    last: date | None
    reason: str = ""
    given_by: str = ""


def handover_problems(given: Handover, today: date) -> tuple[Problem, ...]:
    """What is missing or wrong, by field; it counts from a day that is not to come."""
    found = []
    if not given.to:
        found.append(Problem("to", Reason("reason.field_required", {}, "C8.1")))
    if given.from_day is None:
        found.append(Problem("from_day", Reason("reason.field_required", {}, "C8.1")))
    elif given.from_day > today:
        params: dict[str, Param] = {"day": today.isoformat()}
        found.append(Problem("from_day", Reason("reason.day_to_come", params, "C8.1")))
    reason = said_problem(given.reason, REASON_LIMIT, "C8.1")
    if reason:
        found.append(Problem("reason", reason))
    return tuple(found)


def owners(first: str, since: date, moved: Sequence[Moved]) -> tuple[Owned, ...]:
    """Who had a customer when: its first manager from its accreditation on, then each to whom it
    was handed over, in order. One that began on the same day as the next had it on none."""
    found = [Owned(first, since, None)]
    for each in moved:
        last = each.from_day - timedelta(days=1)
        ended = found.pop()
        if ended.first <= last:
            found.append(Owned(ended.manager, ended.first, last, ended.reason, ended.given_by))
        found.append(Owned(each.to_manager, each.from_day, None, each.reason, each.given_by))
    return tuple(found)
