"""Customers: the list, one file, and the class in force on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chemsales.queries.applications import DocumentRow, load_documents
from chemsales.queries.filtering import Kind, Request, Sort
from chemsales.queries.further import customer_reasons
from chemsales.queries.in_force import FACTS, load_contacts
from chemsales.queries.listing import CHUNK, Field, Listing, whole
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.reading import query
from chemsales.queries.searching import customers_with
from chemsales.rules import roles
from chemsales.rules.admission import ANSWERS, Answer, answers_of
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.customer import Contact, CustomerFacts, CustomerStatus
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Action, Actor
from chemsales.rules.tiers import Level
from chemsales.storage.database import rows
from chemsales.words import label, named


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list of customers.

    `level` is the one in force after the last closed month (None without polyolefins); `last_month`
    is the last month that has pick-ups, `last_month_kg` the customer's take in it. `classes` and
    `groups` are words: the class held now in each product group, and these groups.
    """

    id: int
    code: str
    name: str
    uscc: str
    status: CustomerStatus
    manager: str
    manager_name: str
    accredited_on: date
    classes: str
    groups: str
    level: Level | None
    form: SalesForm | None
    last_month: str
    last_month_kg: int
    application_id: int


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class in one product group, in force from `from_day` through `to_day` (None: still)."""

    group_code: str
    group_name: str
    customer_class: CustomerClass
    region: str
    from_day: date
    to_day: date | None
    clause: str
    edition: int
    answers: tuple[Answer, ...] = ()  # to the conditions of the class
    id: int = 0
    polyolefin: bool = False


@dataclass(frozen=True, slots=True)
class CustomerDetail:
    """A customer's file: facts, classes with their history, contacts, papers, its approval."""

    id: int
    code: str
    facts: CustomerFacts
    status: CustomerStatus
    manager: str
    manager_name: str
    accredited_on: date
    version: int
    application_id: int
    application_number: str
    case_id: int
    classes: tuple[ClassRow, ...]
    contacts: tuple[Contact, ...]
    documents: tuple[DocumentRow, ...]
    level: Level | None
    form: SalesForm | None
    start_level: Level | None


ADMITTED = ("purpose", *ANSWERS)
# the level after the last closed month, else the one the customer started with; a month is closed
# after its end, so that by either reading of A.X 8 this is the level in force (see `levels_on`)
LEVELS = (
    "LEFT JOIN tier_start t ON t.customer_id = c.id "
    "LEFT JOIN tier_result r ON r.customer_id = c.id AND r.closing_id = "
    "(SELECT id FROM closing WHERE active = 1 ORDER BY month DESC LIMIT 1) "
)
# who is disqualified has none (C17.1); not in the joins, which a list of keys can leave out
_OF_CUSTOMERS = "CASE WHEN c.status <> 'disqualified' THEN {} END"
LEVEL_NOW = _OF_CUSTOMERS.format("coalesce(r.level_after, t.level)")
_FORM_NOW = _OF_CUSTOMERS.format("coalesce(r.form_after, t.form)")
_LAST_MONTH = (
    "(SELECT k.month FROM pickup k JOIN import_batch b ON b.id = k.batch_id "
    "WHERE b.undone_at IS NULL ORDER BY k.month DESC LIMIT 1)"
)
_LAST_KG = (
    f"coalesce((SELECT sum(k.kg) FROM pickup k WHERE k.month = {_LAST_MONTH} "
    "AND k.customer_id = c.id AND k.batch_id IN "
    "(SELECT id FROM import_batch WHERE undone_at IS NULL)), 0)"
)

# suspended while a noted suspension goes on: the column itself is of decisions (C15.2)
_STATUS = (
    f"CASE WHEN c.status = '{CustomerStatus.ACCREDITED}' AND EXISTS (SELECT 1 FROM suspension s "
    "WHERE s.customer_id = c.id AND s.to_day IS NULL) "
    f"THEN '{CustomerStatus.SUSPENDED}' ELSE c.status END"
)
# the classes that a customer has now, one in each product group (C3.1)
_CLASSES = (
    "FROM customer_class k JOIN product_group g ON g.code = k.group_code "
    "WHERE k.customer_id = c.id AND k.to_day IS NULL"
)
# in the order of the words, not of the letters, and a text on either engine
_CLASSES_ORDER = (
    "CASE k.customer_class "
    + " ".join(f"WHEN '{each}' THEN '{at}'" for at, each in enumerate(CustomerClass))
    + " END"
)


def _customer_rows(found: list[tuple[Any, ...]]) -> list[CustomerRow]:
    classes = _classes_now([row[0] for row in found])
    return [
        CustomerRow(
            key, code, name, uscc, CustomerStatus(status), manager, manager_name,
            date.fromisoformat(accredited), *classes.get(key, ("", "")),
            Level(level) if level else None, SalesForm(form) if form else None, month, int(kg),
            application_id,
        )
        for key, code, name, uscc, status, manager, manager_name, accredited,
        level, form, month, kg, application_id in found
    ]  # fmt: skip


CUSTOMERS = Listing(
    name="customers",
    source=f"FROM customer c LEFT JOIN person p ON p.login = c.manager {LEVELS}",
    key="c.id",
    select=f"c.code, c.name, c.uscc, {_STATUS}, c.manager, coalesce(p.name, c.manager), "
    f"c.accredited_on, {LEVEL_NOW}, {_FORM_NOW}, "
    f"coalesce({_LAST_MONTH}, ''), {_LAST_KG}, c.application_id",
    make=_customer_rows,
    fields={
        "code": Field("c.code"),
        "name": customer_name("c"),
        "uscc": Field("c.uscc"),
        "level": Field(LEVEL_NOW, Kind.CHOICE, choices=tuple(map(str, Level))),
        "form": Field(_FORM_NOW, Kind.CHOICE, choices=tuple(map(str, SalesForm))),
        "classes": Field(
            "k.customer_class",
            Kind.CHOICE,
            sort=f"(SELECT {_CLASSES_ORDER} {_CLASSES} ORDER BY g.polyolefin DESC, g.code LIMIT 1)",
            choices=tuple(map(str, CustomerClass)),
            many=_CLASSES,
        ),
        "groups": Field(
            "g.name || ' ' || g.name_en || ' ' || g.code",
            sort=f"(SELECT min(g.code) {_CLASSES})",
            many=_CLASSES,
        ),
        "last_month": Field(_LAST_KG, Kind.KG),
        "manager": person_name("c.manager"),
        "login": Field("c.manager"),
        "accredited": Field("c.accredited_on", Kind.DAY),
        "status": Field(_STATUS, Kind.CHOICE, choices=tuple(map(str, CustomerStatus))),
    },
    order=(Sort("name"),),
    finding=customers_with,
)


def customers(actor: Actor, text: str = "", group: str | None = None) -> list[CustomerRow]:
    """The customers that `text` finds, in the order of their names' pinyin; two statements.

    With `group` only those with a class in that product group now (C3.1).
    """
    wanted = CUSTOMERS
    if group is not None:
        held = "SELECT 1 FROM customer_class g WHERE g.customer_id = c.id"
        condition = f"EXISTS ({held} AND g.group_code = ? AND g.to_day IS NULL)"
        wanted = replace(CUSTOMERS, where=condition, parameters=(group,))
    return whole(actor, wanted, Request(text))


def _classes_now(keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The classes in force of these customers and their product groups as words."""
    few = len(keys) <= CHUNK
    condition = f" AND k.customer_id IN ({', '.join('?' * len(keys))})" if few and keys else ""
    words: dict[int, list[tuple[str, str]]] = {}
    for customer_id, name, english, wanted in rows(
        "SELECT k.customer_id, g.name, g.name_en, k.customer_class FROM customer_class k "
        f"JOIN product_group g ON g.code = k.group_code WHERE k.to_day IS NULL{condition} "
        "ORDER BY k.customer_id, g.polyolefin DESC, g.code",
        tuple(keys) if condition else (),
    ):
        group = named(name, english)
        held = (f"{group} {label(CustomerClass(wanted))}", group)
        words.setdefault(customer_id, []).append(held)
    return {
        key: (" · ".join(each for each, _group in held), " · ".join(group for _each, group in held))
        for key, held in words.items()
    }


@query()
def customer(actor: Actor, customer_id: int) -> CustomerDetail:
    """One customer's file (four statements); NotFound."""
    found = rows(
        f"SELECT c.code, {_STATUS}, c.manager, coalesce(p.name, c.manager), c.accredited_on, "
        f"c.version, c.application_id, a.number, c.case_id, {LEVEL_NOW}, {_FORM_NOW}, t.level, "
        f"{', '.join(f'c.{fact}' for fact in FACTS)} FROM customer c "
        "JOIN application a ON a.id = c.application_id "
        f"LEFT JOIN person p ON p.login = c.manager {LEVELS} WHERE c.id = ?",
        (customer_id,),
    )
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    (code, status, manager, manager_name, accredited, version, application_id, number, case_id,
     level, form, started, *facts) = found[0]  # fmt: skip
    return CustomerDetail(
        id=customer_id,
        code=code,
        facts=CustomerFacts(*facts),
        status=CustomerStatus(status),
        manager=manager,
        manager_name=manager_name,
        accredited_on=date.fromisoformat(accredited),
        version=version,
        application_id=application_id,
        application_number=number,
        case_id=case_id,
        classes=_class_history(customer_id),
        contacts=load_contacts(customer_id),
        documents=load_documents(application_id),
        level=Level(level) if level else None,
        form=SalesForm(form) if form else None,
        start_level=Level(started) if started else None,
    )


@query()
def keys_of_codes(actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """The keys of the customers with these codes whose file this person is shown."""
    given = list(codes)
    marks = ", ".join("?" * len(given))
    found = rows(f"SELECT code, id FROM customer WHERE code IN ({marks})", given)
    return {str(code): int(key) for code, key in found}


@query()
def mnemonic_blockers(actor: Actor, customer_id: int) -> tuple[Reason, ...]:
    """Why this person may not change a customer's mnemonic; empty for its account manager."""
    return mnemonic_reasons(actor, customer_id)


def mnemonic_reasons(actor: Actor, customer_id: int) -> tuple[Reason, ...]:
    """The reasons of `mnemonic_blockers`, with which the service refuses; NotFound."""
    own = customer_reasons(actor, customer_id)
    return roles.blockers(actor, Action.MNEMONIC_EDIT) or own


def _class_history(customer_id: int) -> tuple[ClassRow, ...]:
    return tuple(
        class_row(row)
        for row in rows(
            "SELECT k.group_code, g.name, g.name_en, k.customer_class, k.region, k.from_day, "
            f"k.to_day, k.clause, k.edition, k.id, g.polyolefin, k.{', k.'.join(ADMITTED)} "
            "FROM customer_class k "
            "JOIN product_group g ON g.code = k.group_code WHERE k.customer_id = ? "
            "ORDER BY g.polyolefin DESC, k.group_code, k.from_day",
            (customer_id,),
        )
    )


def class_row(row: Sequence[object]) -> ClassRow:
    """A class out of its columns, with name, English name and kind of the group."""
    group, name, english, wanted, region, first, last, clause, edition, key, *rest = row
    polyolefin, *answers = rest
    given = {"region": region, **dict(zip(ADMITTED, answers, strict=True))}
    held = CustomerClass(str(wanted))
    return ClassRow(
        str(group),
        named(str(name), str(english)),
        held,
        str(region),
        date.fromisoformat(str(first)),
        date.fromisoformat(str(last)) if last else None,
        str(clause),
        int(str(edition)),
        answers_of(held, bool(polyolefin), given),
        int(str(key)),
        bool(polyolefin),
    )
