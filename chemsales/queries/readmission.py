"""What an application begins with that is to admit a disqualified customer anew (C17.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from chemsales.queries.further import open_of_new
from chemsales.queries.in_force import load_file
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, Draft
from chemsales.rules.errors import NotAllowed, NotFound, Reason
from chemsales.rules.identifiers import CodeKind
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows


@dataclass(frozen=True, slots=True)
class Readmission:
    """Of which disqualified customer an application takes over the file, cancelled when and by
    which decision; the new one is a first application, of a customer of its own. `under_way` is the
    person's own one that was begun for it already and is not decided, None where there is none."""

    customer_id: int
    code: str
    name: str
    number: str
    decided_on: date
    draft: Draft
    under_way: int | None = None


@query()
def readmission_blockers(actor: Actor, customer_id: int) -> tuple[Reason, ...]:
    """Why this person may not apply for a customer anew: no account manager, or it is not
    disqualified. NotFound."""
    return _reasons(actor, customer_id)


def _reasons(actor: Actor, customer_id: int) -> tuple[Reason, ...]:
    forbidden = roles.blockers(actor, Action.APPLICATION_EDIT)
    if forbidden or _decided(customer_id):
        return forbidden
    return (Reason("reason.not_disqualified", {}, "C17.1"),)


def _decided(customer_id: int) -> tuple[str, str] | None:
    """The number of the decision that cancelled a qualification and its day, None before one;
    NotFound."""
    found = rows(
        "SELECT d.number, d.decided_on FROM customer u LEFT JOIN disqualification d "
        "ON d.customer_id = u.id AND d.decided_on IS NOT NULL WHERE u.id = ?",
        (customer_id,),
    )
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    number, day = found[0]
    return (number, day) if number else None


@query()
def readmission(actor: Actor, customer_id: int) -> Readmission:
    """What a new application of a disqualified customer begins with: facts and contacts of its
    file and the classes that the decision ended. Papers and the answers to the conditions of a
    class are given anew, and so is the acceptance of a failing check digit. NotAllowed with the
    reasons of `readmission_blockers`, NotFound."""
    reasons = _reasons(actor, customer_id)
    decided = _decided(customer_id)
    if reasons or decided is None:
        raise NotAllowed(*reasons)
    file = load_file(customer_id)
    facts = replace(file.facts, code_override="")
    draft = Draft(facts, _ended(customer_id, decided[1]), file.contacts)
    day = date.fromisoformat(decided[1])
    under_way = _under_way(actor.login, customer_id)
    return Readmission(customer_id, file.code, facts.name, decided[0], day, draft, under_way)


def _under_way(login: str, customer_id: int) -> int | None:
    """The newest application of a new customer that this person has not brought to a decision and
    that bears a code or the name of this customer."""
    codes = " OR ".join(f"(a.{kind} <> '' AND a.{kind} = u.{kind})" for kind in CodeKind)
    ((key,),) = rows(
        "SELECT max(a.id) FROM application a JOIN application_words w ON w.application_id = a.id "
        "CROSS JOIN customer u JOIN customer_words k ON k.customer_id = u.id "
        f"WHERE u.id = ? AND a.manager = ? AND {open_of_new('a')} "
        f"AND ({codes} OR w.name_key = k.name_key)",
        (customer_id, login),
    )
    return None if key is None else int(key)


def _ended(customer_id: int, day: str) -> tuple[ClassRequest, ...]:
    """The classes that ended with the qualification, as they would be asked for."""
    return tuple(
        ClassRequest(group, CustomerClass(held), region)
        for group, held, region in rows(
            "SELECT group_code, customer_class, region FROM customer_class "
            "WHERE customer_id = ? AND to_day = ? ORDER BY group_code",
            (customer_id, day),
        )
    )
