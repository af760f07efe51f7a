"""The customer's file: made by the last approval, its classes dated from then on (C8.1, C3.3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from chemsales.pinyin import sort_key
from chemsales.queries.admission import agent_problems
from chemsales.queries.applications import StoredApplication
from chemsales.queries.customers import mnemonic_reasons
from chemsales.queries.further import closed_reasons
from chemsales.queries.licences import dealing_reasons
from chemsales.queries.policy import load_edition
from chemsales.queries.products import load_groups
from chemsales.rules.accreditation import start
from chemsales.rules.admission import ANSWERS, LIMIT, Condition, conditions_of
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import LIMITS, ClassRequest, CustomerStatus, request_problems
from chemsales.rules.dispatch import What
from chemsales.rules.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Reason,
    term,
)
from chemsales.rules.history import FieldChange
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line, clean_text
from chemsales.rules.tiers import Level
from chemsales.services.changes import Subject
from chemsales.services.dispatch import report
from chemsales.services.licences import accept_with_customer
from chemsales.services.numbering import next_number
from chemsales.services.offtake import lock_months
from chemsales.services.operation import Operation, use_case
from chemsales.services.search import renew_words
from chemsales.storage.models.customers import (
    Customer,
    CustomerClassRow,
    CustomerContact,
    TierStart,
)


def create_customer(op: Operation, stored: StoredApplication, edition: int) -> int:
    """Make the file of an application that was just approved, inside its use case; its key.

    A class per product group from today on; polyolefins bring the starting level (C9.2, C9.3),
    without a choice. The file cannot exist without the case that approved it (C8.1).
    """
    assert stored.case is not None
    facts = stored.draft.facts
    key = Customer.insert(
        **asdict(facts),
        code=f"C{next_number('customer'):05d}",
        sort_key=sort_key(facts.name),
        status=CustomerStatus.ACCREDITED,
        manager=stored.manager,
        case=stored.case.id,
        application=stored.id,
        accredited_on=op.today,
    ).execute()
    customer_id = int(key)
    _write_classes(op, customer_id, stored, edition)
    for contact in stored.draft.contacts:
        CustomerContact.insert(customer=customer_id, **asdict(contact)).execute()
    accept_with_customer(op, customer_id, stored)
    renew_words("customer", customer_id)
    report(op, customer_id, What.ACCREDITATION)
    op.changed(Subject.CUSTOMER, Subject.TIERS)
    return customer_id


def give_classes(op: Operation, stored: StoredApplication, edition: int) -> None:
    """Give a customer the further classes of an application that was just approved, inside its use
    case (C3.1, C3.3, C10.1).

    From today on, the day of the last signature, as with a first accreditation; a class that takes
    the place of another in its product group follows it as `change_class` lets it: the one before
    ends yesterday, so that it cannot have begun today, and today's month is not closed, as
    `queries.further.class_reasons` has said with the months locked. The starting level comes with
    the first polyolefins (C9.2, C9.3) and stays what it is otherwise; papers with a validity join
    those that are accepted (C15.1).
    """
    assert stored.further_of is not None
    customer_id, changes = stored.further_of, list[FieldChange]()
    held = {row.group_code: row for row in _current_classes(customer_id)}
    for request in stored.draft.classes:
        before = held.get(request.group_code)
        if before is not None:
            _end_class(before, op.today)
        changes += _class_changes(before, request)
    Customer.update(version=Customer.version + 1).where(Customer.id == customer_id).execute()
    _write_classes(op, customer_id, stored, edition)
    accept_with_customer(op, customer_id, stored)
    report(op, customer_id, What.CHANGE, changes)
    op.changed(Subject.CUSTOMER, Subject.TIERS)


def _write_classes(
    op: Operation, customer_id: int, stored: StoredApplication, edition: int
) -> None:
    """The classes that were approved, and the starting level where there is none yet."""
    groups = load_groups(active=False)
    for request in stored.draft.classes:
        polyolefin = groups[request.group_code].polyolefin
        clause = _class_clause(polyolefin, request.customer_class)
        _insert_class(customer_id, request, op.today, clause, edition)
    first = start(stored.draft.classes, groups)
    if first is not None and not TierStart.get_or_none(TierStart.customer == customer_id):
        clause = "C9.2" if first.level is Level.ORDINARY else "C9.3"
        TierStart.insert(
            customer=customer_id,
            level=first.level,
            form=first.form,
            from_day=op.today,
            clause=clause,
            edition=edition,
        ).execute()


def _insert_class(
    customer_id: int, request: ClassRequest, from_day: date, clause: str, edition: int
) -> None:
    CustomerClassRow.insert(
        customer=customer_id,
        group_code=request.group_code,
        customer_class=request.customer_class,
        region=request.region,
        purpose=request.purpose,
        from_day=from_day,
        clause=clause,
        edition=edition,
        **_answers(request),
    ).execute()


def _answers(of: ClassRequest | CustomerClassRow) -> dict[str, Any]:
    return {str(each): getattr(of, each) for each in ANSWERS}


def _class_clause(polyolefin: bool, wanted: CustomerClass) -> str:
    if not polyolefin:
        return "C10.1"
    return "C9.2" if wanted is CustomerClass.DIRECT else "C9.3"


@use_case(Action.MNEMONIC_EDIT)
def set_mnemonic(op: Operation, customer_id: int, mnemonic: str, seen_version: int) -> None:
    """Give a customer letters of one's own to find it by (助记码), "" for none.

    By its account manager: NotAllowed with the reasons of `queries.customers.mnemonic_blockers`.
    Invalid for more than 40 characters and for hidden ones, Conflict for a stale version.
    """
    reasons = mnemonic_reasons(op.actor, customer_id)
    if reasons:
        raise NotAllowed(*reasons)
    text = clean_line(mnemonic, "mnemonic", LIMITS["mnemonic"], required=False)
    _touch(customer_id, seen_version)
    Customer.update(mnemonic=text).where(Customer.id == customer_id).execute()
    renew_words("customer", customer_id)
    op.record(Subject.CUSTOMER, customer_id, mnemonic=text)


@use_case(Action.CLASS_CHANGE)
def change_class(
    op: Operation,
    customer_id: int,
    group_code: str,
    customer_class: CustomerClass,
    from_day: date,
    basis: str,
    seen_version: int,
    region: str | None = None,
    purpose: str = "",
    answers: Mapping[str, str | int] | None = None,
) -> None:
    """Give a customer another class in a product group from a day on (C3.3, C4.4).

    The class before ends the day before and stays in the history. `basis` says why; the region and
    each answer to a condition that is not given (`answers` by rules.admission.Condition) are those
    of the class before. Invalid for a day that is in a closed month, to come, or not after the
    start of the class before, and for what an application for this class would lack: a condition
    without its evidence, a class that the group knows (C9.1, C10.2, C10.3, C10.7); also for an
    agent whose region overlaps with another's, since the general manager, who has to say why, takes
    no part here. What was accredited is what was asked for (C7.1), so that a class in another
    group, which needs the papers of that group and three signatures, does not come by this:
    NotFound for a group without accreditation. Both come by an application for a further class
    (`give_classes`), as the reasons say. NotAllowed while dealings are
    suspended (C15.2), Conflict for a stale version.
    """
    lock_months()
    suspended = dealing_reasons(customer_id, op.today)
    if suspended:
        raise NotAllowed(*suspended)
    current = _current(customer_id, group_code)
    request = _asked(current, customer_class, region, purpose, answers or {})
    problems = _class_change_problems(op, current, customer_class, from_day)
    problems += [Problem("from_day", reason) for reason in closed_reasons(from_day)]
    lacking = request_problems(request, load_groups(active=False)[group_code])
    problems += [Problem(place, reason) for place, reason in lacking]
    problems += _overlap_problems(request, customer_id)
    text = clean_text(basis, "basis", 500)
    if not text:
        problems.append(Problem("basis", Reason("reason.text_missing", {}, "C3.3")))
    if problems:
        raise Invalid(*problems)
    edition = load_edition(from_day).number
    _touch(customer_id, seen_version)
    _end_class(current, from_day)
    _insert_class(customer_id, request, from_day, "C3.3", edition)
    report(op, customer_id, What.CHANGE, _class_changes(current, request))
    op.changed(Subject.TIERS)
    op.record(Subject.CUSTOMER, customer_id, "C3.3", edition, group=group_code, basis=text,
              purpose=request.purpose)  # fmt: skip


def _overlap_problems(request: ClassRequest, customer_id: int) -> list[Problem]:
    """The agents whose region overlaps, and that the general manager alone may let it be."""
    found = [each.reason for each in agent_problems([request], customer_id)]
    found += [Reason("reason.overlap_by_change", {}, "C10.3")] if found else []
    return [Problem("region", reason) for reason in found]


def _current_classes(customer_id: int) -> list[CustomerClassRow]:
    """The classes that a customer has now."""
    return list(
        CustomerClassRow.select().where(
            (CustomerClassRow.customer == customer_id) & CustomerClassRow.to_day.is_null()
        )
    )


def _end_class(current: CustomerClassRow, next_day: date) -> None:
    """Another class follows on a day."""
    CustomerClassRow.update(to_day=next_day - timedelta(days=1)).where(
        CustomerClassRow.id == current.id
    ).execute()


def _class_changes(before: CustomerClassRow | None, request: ClassRequest) -> list[FieldChange]:
    """What of a class is told where it changes, or comes."""
    code = request.group_code
    changes = (
        FieldChange(
            "customer_class", before.customer_class if before else "", request.customer_class, code
        ),
        FieldChange("region", before.region if before else "", request.region, code),
    )
    return [each for each in changes if each.before != each.after]


def _current(customer_id: int, group_code: str) -> CustomerClassRow:
    """The class that a customer has now in a product group; NotFound."""
    found: CustomerClassRow | None = CustomerClassRow.get_or_none(
        (CustomerClassRow.customer == customer_id)
        & (CustomerClassRow.group_code == group_code)
        & CustomerClassRow.to_day.is_null()
    )
    if found is None:
        raise NotFound(Reason("reason.class_unknown", {"group": group_code}, "C3.1"))
    return found


def _asked(
    current: CustomerClassRow,
    wanted: CustomerClass,
    region: str | None,
    purpose: str,
    answers: Mapping[str, str | int],
) -> ClassRequest:
    """The class that is wanted, with what is kept of the one before."""
    where = current.region if region is None else clean_line(region, "region", 100, required=False)
    use = clean_line(purpose, "purpose", 300, required=False)
    code = str(current.group_code)
    asked = conditions_of(wanted, load_groups(active=False)[code].polyolefin)
    kept: dict[str, Any] = _cleaned({**_answers(current), **answers}, asked)
    return ClassRequest(code, wanted, where, 0, use, **kept)


def _cleaned(
    answers: Mapping[str, str | int], asked: Collection[Condition]
) -> dict[str, str | int]:
    """Those to the conditions that are asked for, as they are stored; the capacity in kilograms."""
    kept = {str(each): answers[each] for each in ANSWERS if each in asked}
    return {
        name: clean_line(given, name, LIMIT, required=False) if isinstance(given, str) else given
        for name, given in kept.items()
    }


def _class_change_problems(
    op: Operation,
    current: CustomerClassRow,
    wanted: CustomerClass,
    from_day: date,
) -> list[Problem]:
    found = []
    if wanted is current.customer_class:
        params = {"customer_class": term(wanted)}
        found.append(Problem("customer_class", Reason("reason.class_same", params, "C3.3")))
    if not current.from_day < from_day <= op.today:
        params = {"first": current.from_day.isoformat(), "last": op.today.isoformat()}
        found.append(Problem("from_day", Reason("reason.class_day", params, "C3.3")))
    return found


def _touch(customer_id: int, seen_version: int) -> None:
    touched = (
        Customer.update(version=Customer.version + 1)
        .where((Customer.id == customer_id) & (Customer.version == seen_version))
        .execute()
    )
    if touched != 1:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": f"#{customer_id}"}))
