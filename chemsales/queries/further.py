"""What a customer has that asks for a further class: its file, classes and papers (C3.1, C7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chemsales.queries.person_names import name_of
from chemsales.queries.reading import query
from chemsales.rules.admission import Condition, conditions_of
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ApplicationState, ClassRequest, DocumentKind, Draft
from chemsales.rules.errors import NotFound, Param, Problem, Reason, term
from chemsales.rules.periods import month_of, next_month
from chemsales.rules.regions import differ
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.words import named

OPEN = (ApplicationState.DRAFT, ApplicationState.IN_REVIEW, ApplicationState.RETURNED)
_OPEN_STATES = ", ".join(f"'{state}'" for state in OPEN)


def open_of_new(row: str) -> str:
    """SQL: whether an application is of a new customer, and not decided."""
    return f"({row}.further = 0 AND {row}.state IN ({_OPEN_STATES}))"


def left_of_new(row: str) -> str:
    """SQL: whether an application is of a new customer and was rejected or withdrawn, and is the
    last one under its name, which no customer has: it would be applied for again."""
    return (
        f"({row}.further = 0 AND {row}.state IN ('rejected', 'withdrawn') "
        f"AND {row}.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM application_words w "
        f"WHERE w.application_id = {row}.id AND (EXISTS (SELECT 1 FROM customer_words k "
        "WHERE k.name_key = w.name_key) OR EXISTS (SELECT 1 FROM application_words v "
        "JOIN application n ON n.id = v.application_id WHERE v.name_key = w.name_key "
        f"AND n.id > {row}.id AND NOT (n.state = 'withdrawn' AND n.case_id IS NULL)))))"
    )


@dataclass(frozen=True, slots=True)
class HeldClass:
    """A class in force, its product group in the reader's language; one that is given for a region
    (`regional`) is another one in another region (C10.3, C10.7)."""

    group_code: str
    group: str
    customer_class: CustomerClass
    region: str
    since: str
    regional: bool = False

    def same_as(self, request: ClassRequest) -> bool:
        """Whether a class that is asked for in this group is this one."""
        same = request.customer_class is self.customer_class
        return same and not (self.regional and differ(request.region, self.region))


@dataclass(frozen=True, slots=True)
class FurtherOf:
    """The customer that an application for a further class is for, as its file is now; of one that
    this person is not shown the name that the application says, without code and classes."""

    id: int
    code: str
    name: str
    manager: str
    classes: tuple[HeldClass, ...]


def load_further(customer_id: int, asked_as: str = "") -> FurtherOf:
    """The customer with its classes (inside services and queries). NotFound, but for an application
    that asked for it by this name: a server may not show the customer to who made it."""
    found = rows("SELECT code, name, manager FROM customer WHERE id = ?", (customer_id,))
    if not found and asked_as:
        return FurtherOf(customer_id, "", asked_as, "", ())
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    code, name, manager = found[0]
    return FurtherOf(customer_id, code, name, manager, held_classes(customer_id))


def held_classes(customer_id: int) -> tuple[HeldClass, ...]:
    """The classes of a customer in force now (inside services and queries)."""
    return tuple(
        HeldClass(
            code,
            named(name, english),
            CustomerClass(held),
            region,
            since,
            Condition.REGION in conditions_of(CustomerClass(held), bool(polyolefin)),
        )
        for code, name, english, held, region, since, polyolefin in rows(
            "SELECT k.group_code, g.name, g.name_en, k.customer_class, k.region, k.from_day, "
            "g.polyolefin "
            "FROM customer_class k JOIN product_group g ON g.code = k.group_code "
            "WHERE k.customer_id = ? AND k.to_day IS NULL "
            "ORDER BY g.polyolefin DESC, k.group_code",
            (customer_id,),
        )
    )


def papers_of(customer_id: int) -> tuple[DocumentKind, ...]:
    """The kinds of papers that were accepted of a customer, with an application or by themselves
    (inside services and queries). One that has expired suspends, so that nothing is asked for."""
    return tuple(
        DocumentKind(kind)
        for (kind,) in rows(
            "SELECT d.kind FROM application_document d JOIN application a "
            "ON a.id = d.application_id WHERE a.customer_id = ? AND a.state = 'accredited' "
            "AND d.void = 0 UNION SELECT kind FROM licence "
            "WHERE customer_id = ? AND accepted_on IS NOT NULL AND proof = 0 ORDER BY 1",
            (customer_id, customer_id),
        )
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """An application for a further class of a customer; `case_id` None of a draft."""

    id: int
    number: str
    state: ApplicationState
    case_id: int | None


@query()
def asked_of(actor: Actor, customer_id: int) -> list[Asked]:
    """The applications by which a customer got further classes, the first one first, then the one
    that is under way."""
    return [
        Asked(key, number, ApplicationState(state), case_id)
        for key, number, state, case_id in rows(
            "SELECT id, number, state, case_id FROM application WHERE customer_id = ? "
            f"AND further = 1 AND state IN ('accredited', {_OPEN_STATES}) "
            "ORDER BY CASE state WHEN 'accredited' THEN 0 ELSE 1 END, case_id",
            (customer_id,),
        )
    ]


def class_problems(draft: Draft, customer_id: int) -> Iterator[Problem]:
    """The classes asked for that the customer has already (C3.3); an agent's or a dealer's is not
    the same in another region, which takes the place of the one before, since a customer has one
    class in a group at a time (C10.1): who is to have both regions asks for both."""
    held = {each.group_code: each for each in held_classes(customer_id)}
    for request in draft.classes:
        before = held.get(request.group_code)
        if before is not None and before.same_as(request):
            named = term(request.customer_class)
            reason = Reason("reason.class_same", {"customer_class": named}, "C3.3")
            if before.regional:
                params: dict[str, Param] = {"customer_class": named, "region": before.region}
                reason = Reason("reason.class_same_region", params, "C3.3")
            yield Problem(f"classes.{request.group_code}.customer_class", reason)


def class_reasons(draft: Draft, customer_id: int, day: date) -> tuple[Reason, ...]:
    """Why the further classes that are asked for cannot begin on a day (inside services and
    queries): one of them is had already, the one before began on that day, or its month is closed
    (C3.3)."""
    found = [problem.reason for problem in class_problems(draft, customer_id)]
    asked = {request.group_code for request in draft.classes}
    for held in held_classes(customer_id):
        if held.group_code in asked and held.since >= day.isoformat():
            params: dict[str, Param] = {"group": held.group_code, "day": held.since}
            found.append(Reason("reason.further_same_day", params, "C3.3"))
    return (*found, *closed_reasons(day))


def closed_reasons(day: date) -> tuple[Reason, ...]:
    """That the month of a day is closed, so that no class begins on it (C3.3)."""
    closed = rows("SELECT max(month) FROM closing WHERE active = 1")[0][0]
    if closed and month_of(day) < next_month(closed):
        return (Reason("reason.class_in_closed_month", {"month": closed}, "C3.3"),)
    return ()


def other_open(customer_id: int, but: int = 0) -> tuple[Reason, ...]:
    """The application for a further class that is under way already (C7.2)."""
    found = rows(
        "SELECT number, state FROM application WHERE customer_id = ? AND further = 1 "
        f"AND id <> ? AND state IN ({_OPEN_STATES}) ORDER BY id LIMIT 1",
        (customer_id, but),
    )
    return tuple(
        Reason("reason.further_open", _params(number, state), "C7.2") for number, state in found
    )


def _params(number: str, state: str) -> dict[str, Param]:
    return {"number": number, "state": term(ApplicationState(state))}


def customer_reasons(actor: Actor, customer_id: int, exists: bool = False) -> tuple[Reason, ...]:
    """Why this person does not act for a customer: it is another's, whom a server may not show
    where it `exists`. NotFound."""
    found = rows("SELECT manager FROM customer WHERE id = ?", (customer_id,))
    if not found and exists:
        return (Reason("reason.customer_of_another_unseen", {}, "C5.1"),)
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    if found[0][0] == actor.login:
        return ()
    return (Reason("reason.customer_of_another", {"name": name_of(found[0][0])}, "C5.1"),)
