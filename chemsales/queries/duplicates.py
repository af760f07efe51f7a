"""Whom a draft may be a second one of, by what they share, and who of them was refused (C7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from chemsales.pinyin import spellings
from chemsales.rules.company_names import other_spellings
from chemsales.rules.customer import (
    ApplicationState,
    CustomerFacts,
    CustomerStatus,
    Draft,
    normalise_facts,
)
from chemsales.rules.errors import Param, Problem, Reason, term
from chemsales.rules.identifiers import CodeKind, organisation_of
from chemsales.rules.names import name_key, one_apart
from chemsales.rules.search import PHONE_BEGINS, Word, phone_ending
from chemsales.storage.database import finds, rows

MOST = 12  # hits that are told, refused parties first; more say nothing new
SHORTEST = 6  # signs of a name from which one that is one sign apart is looked for
ADDRESSES = ("registered_address", "business_address", "invoice_address")
REFUSED = {
    str(state): term(state) for state in (CustomerStatus.DISQUALIFIED, ApplicationState.REJECTED)
}
_COLUMNS = (
    "o.uscc, o.licence15, o.org9, o.name, o.account, o.parent_company, o.legal_person, "
    f"{', '.join(f'o.{column}' for column in ADDRESSES)}, w.name_key, w.people, w.pinyin"
)


class Sameness(StrEnum):
    """What a draft shares with a party that was refused before."""

    CODE = "code"
    NAME = "name"
    ACCOUNT = "account"
    PHONE = "phone"
    LEGAL_PERSON = "legal_person"
    ADDRESS = "address"
    LIKE_NAME = "like_name"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class _Other:
    """A customer, or an application in progress or rejected, as it stands, and what is compared."""

    owner: str
    id: int
    number: str
    state: str
    uscc: str
    licence15: str
    org9: str
    name: str
    account: str
    parent_company: str
    legal_person: str
    registered_address: str
    business_address: str
    invoice_address: str
    name_key: str
    people: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What a refused party ever was called, who stood for it, its accounts and addresses: in its
    file, in its application, and by every change that came into force; all but accounts as keys."""

    names: frozenset[str]
    persons: frozenset[str]
    accounts: frozenset[str]
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Sought:
    """A draft in the forms that are compared; `names` is what the company may be called elsewhere,
    phones are by their place on the form, each as all ways of writing it end."""

    facts: CustomerFacts
    name: str
    names: tuple[str, ...]
    spelling: str
    phones: tuple[tuple[str, str], ...]
    organisation: str
    former: str
    person: str
    addresses: frozenset[str]


def is_twin(problem: Problem) -> bool:
    """Whether a problem is one of `duplicates`."""
    return problem.reason.code.startswith(("reason.duplicate", "reason.party"))


def duplicates(
    draft: Draft, application_id: int | None = None, customer_id: int | None = None
) -> tuple[Problem, ...]:
    """The customers and applications in progress that this draft may repeat, at most 12 hits, each
    with its reason (inside services and queries; four statements). What it is a draft of, an
    application or the file of a customer, is none of them, nor what was asked for that customer.

    An error where the code is theirs; a warning where the organisation inside the code, the name
    (as written, but for its legal form or place, as spoken, or but for one sign), the bank account,
    a phone or the group is, and for whatever it shares with a party that was disqualified or
    rejected (C7.1), which comes before other warnings. An account is compared without blanks, a
    phone without the code of the country, a legal person and an address as names are.
    """
    sought = _sought(draft)
    found = [
        problem
        for owner in ("customer", "application")
        for other, known in _others(owner, sought, application_id or 0, customer_id or 0)
        for problem in _problems(sought, other, known)
    ]
    return tuple(sorted(found, key=_rank)[:MOST])


def _rank(problem: Problem) -> int:
    """What is told first: what refuses, then what a refused party shares, then the others."""
    refused = problem.reason.code == "reason.party_refused"
    return 2 - refused if problem.warning else 0


def _sought(draft: Draft) -> _Sought:
    facts = normalise_facts(draft.facts)
    typed = [("invoice_phone", facts.invoice_phone)]
    typed += [(f"contacts.{at}.phone", each.phone) for at, each in enumerate(draft.contacts)]
    phones = ((place, phone_ending(text)) for place, text in typed)
    name = name_key(facts.name)
    return _Sought(
        facts,
        name,
        other_spellings(name),
        next(iter(spellings(facts.name)), ""),
        tuple((place, phone) for place, phone in phones if phone),
        organisation_of(facts.uscc, facts.org9),
        name_key(facts.former_name),
        name_key(facts.legal_person),
        _keys(getattr(facts, column) for column in ADDRESSES),
    )


def _keys(addresses: Iterable[str]) -> frozenset[str]:
    """Addresses in the form that is compared, those that say something."""
    return frozenset(filter(None, map(name_key, addresses)))


def _others(
    owner: str, sought: _Sought, application_id: int, customer_id: int
) -> Iterator[tuple[_Other, _Known | None]]:
    """Whom it may repeat, and what is known of them where they were refused."""
    conditions, parameters = _conditions(sought)
    if owner == "customer":
        number, state, standing = "code", "status", f"o.id <> {customer_id}"
    else:
        number, state = "number", "state"
        standing = f"o.state IN ('in_review', 'returned', 'rejected') AND o.id <> {application_id} "
        standing += f"AND (o.further = 0 OR o.customer_id <> {customer_id})"
    refused = _refused(owner)
    alike = [key for key, known in refused.items() if any(_past(sought, known))]
    if alike:
        conditions.append(f"o.id IN ({', '.join(map(str, alike))})")
    if not conditions:
        return
    found = rows(
        f"SELECT o.id, o.{number}, o.{state}, {_COLUMNS} FROM {owner} o JOIN {owner}_words w "
        f"ON w.{owner}_id = o.id WHERE {standing} AND ({' OR '.join(conditions)}) ORDER BY 2",
        parameters,
    )
    yield from ((_Other(owner, *row), refused.get(row[0])) for row in found)


def _conditions(sought: _Sought) -> tuple[list[str], list[object]]:
    """What another has to share with it, one condition each, and their parameters."""
    facts, name = sought.facts, sought.name
    names = [*filter(None, (name, name_key(facts.parent_company))), *sought.names]
    given: list[tuple[str, str]] = [
        ("o.uscc = ?", facts.uscc),
        ("o.licence15 = ?", facts.licence15),
        ("o.org9 = ?", sought.organisation),
        ("(length(o.uscc) = 18 AND substr(o.uscc, 9, 9) = ?)", sought.organisation),
        ("o.account = ?", facts.account),
        ("o.parent_company = ?", facts.parent_company),
        ("o.parent_company = ?", facts.name),
    ]
    if sought.spelling:  # the first line is the likeliest spelling of the name
        length = len(sought.spelling) + 2
        given.append((f"substr(w.pinyin, 1, {length}) = ?", f"{Word.PINYIN}{sought.spelling}\n"))
    given += [finds("w.people", f"{phone}\n") for phone in {phone for _, phone in sought.phones}]
    half = len(name) // 2
    if len(name) >= SHORTEST:  # what is one sign apart shares one of its halves
        near = f"(length(w.name_key) BETWEEN {len(name) - 1} AND {len(name) + 1} AND "
        given.append((f"{near}substr(w.name_key, 1, {half}) = ?)", name[:half]))
        end = f"substr(w.name_key, length(w.name_key) - {len(name) - half - 1}) = ?)"
        given.append((near + end, name[half:]))
    kept = [(condition, value) for condition, value in given if value]
    conditions = [condition for condition, _ in kept]
    if names:  # a list is looked up, where as many conditions were compared one by one
        conditions.append(f"w.name_key IN ({', '.join('?' * len(names))})")
    return conditions, [*(value for _, value in kept), *names]


def _refused(owner: str) -> dict[int, _Known]:
    """What is known of every refused party, by its key; it is compared here, for no database folds
    width and blanks."""
    columns = ", ".join(f"{{0}}.{column}" for column in ("legal_person", "account", *ADDRESSES))
    own = f"o.id, o.name, o.former_name, {columns.format('o')}"
    if owner == "application":
        sql = f"SELECT {own} FROM application o WHERE o.state = '{ApplicationState.REJECTED}'"
    else:
        out = f"o.status = '{CustomerStatus.DISQUALIFIED}'"
        sql = (
            f"SELECT {own} FROM customer o WHERE {out} UNION ALL "
            f"SELECT o.id, a.name, a.former_name, {columns.format('a')} FROM customer o "
            f"JOIN application a ON a.case_id = o.case_id WHERE {out} UNION ALL "
            "SELECT o.id, h.name, '', h.legal_person, h.account, '', '', '' FROM customer o "
            f"JOIN customer_change h ON h.customer_id = o.id WHERE {out} "
            "AND h.decided_on IS NOT NULL"
        )
    found: dict[int, list[tuple[str, ...]]] = {}
    for key, *told in rows(sql):
        found.setdefault(key, []).append(tuple(told))
    return {
        key: _Known(
            _keys(name for each in lines for name in each[:2]),
            _keys(each[2] for each in lines),
            frozenset(filter(None, (each[3] for each in lines))),
            _keys(address for each in lines for address in each[4:]),
        )
        for key, lines in found.items()
    }


def _problems(sought: _Sought, other: _Other, known: _Known | None) -> Iterator[Problem]:
    """Every reason why this other one has to be looked at."""
    params: dict[str, Param] = {"number": other.number, "name": other.name or "-"}
    code = _same_code(sought.facts, other)
    if known is not None:
        what = {**params, "what": REFUSED[other.state]}
        for place, same in _shared(sought, other, known, code):
            reason = Reason("reason.party_refused", {**what, "same": term(same)}, "C7.1")
            yield Problem(place, reason, warning=True)
        return
    if code:
        which = {**params, "kind": term(CodeKind(code))}
        if other.owner == "customer":
            yield Problem(code, Reason("reason.duplicate_customer", which, "C7.1"))
        else:
            yield Problem(code, Reason("reason.duplicate_application", which, "C7.1"))
    else:
        yield from _same_name(sought, other, params)
    if other.account and other.account == sought.facts.account:
        reason = Reason("reason.duplicate_account", params, "C7.1")
        yield Problem("account", reason, warning=True)
    phone = _same_phone(sought, other)
    if phone:
        yield Problem(phone, Reason("reason.duplicate_phone", params, "C7.1"), warning=True)
    if _same_group(sought, other):
        reason = Reason("reason.duplicate_group", params, "C7.1")
        yield Problem("parent_company", reason, warning=True)


def _same_code(facts: CustomerFacts, other: _Other) -> str:
    """The kind of the code that both carry, "" for none."""
    for kind in CodeKind:
        if getattr(other, kind) and getattr(facts, kind) == getattr(other, kind):
            return kind
    return ""


def _same_name(sought: _Sought, other: _Other, params: dict[str, Param]) -> Iterator[Problem]:
    """The name, or the organisation that the code names: the plainest reason alone."""
    place, reason = "name", None
    if sought.name and other.name_key == sought.name:
        reason = Reason("reason.duplicate_name", params, "C7.1")
    elif sought.organisation and sought.organisation == organisation_of(other.uscc, other.org9):
        place, reason = "uscc", Reason("reason.duplicate_organisation", params, "C7.1")
    elif other.name_key in sought.names:
        reason = Reason("reason.duplicate_form", params, "C7.1")
    elif sought.spelling and other.pinyin.startswith(f"{Word.PINYIN}{sought.spelling}\n"):
        reason = Reason("reason.duplicate_sound", params, "C7.1")
    elif len(sought.name) >= SHORTEST and one_apart(sought.name, other.name_key):
        reason = Reason("reason.duplicate_near", params, "C7.1")
    if reason:
        yield Problem(place, reason, warning=True)


def _same_phone(sought: _Sought, other: _Other) -> str:
    """The place on the form of a phone that the other has too, "" for none."""
    words = other.people  # no line has a capital letter but the one it begins with
    shared = (
        place
        for place, phone in sought.phones
        if any(f"{Word.PHONE}{begin}{phone}\n" in words for begin in PHONE_BEGINS)
    )
    return next(shared, "")


def _same_group(sought: _Sought, other: _Other) -> bool:
    parent, theirs = name_key(sought.facts.parent_company), name_key(other.parent_company)
    return bool(parent and parent in (theirs, other.name_key)) or bool(
        theirs and theirs == sought.name
    )


def _shared(
    sought: _Sought, other: _Other, known: _Known, code: str
) -> Iterator[tuple[str, Sameness]]:
    """All that a draft shares with a refused party, by the place on the form."""
    organisation = organisation_of(other.uscc, other.org9)
    if code or (organisation and organisation == sought.organisation):
        yield code or "uscc", Sameness.CODE
    past = [*_past(sought, known)]
    alike = next(_same_name(sought, other, {}), None)
    if alike and alike.place == "name" and Sameness.NAME not in {same for _place, same in past}:
        yield "name", Sameness.LIKE_NAME
    yield from past
    phone = _same_phone(sought, other)
    if phone:
        yield phone, Sameness.PHONE
    if _same_group(sought, other):
        yield "parent_company", Sameness.GROUP


def _past(sought: _Sought, known: _Known) -> Iterator[tuple[str, Sameness]]:
    """What a draft shares with what a refused party has or ever had, by the place on the form."""
    if not known.names.isdisjoint(filter(None, (sought.name, *sought.names))):
        yield "name", Sameness.NAME
    elif sought.former in known.names:
        yield "former_name", Sameness.NAME
    if sought.facts.account in known.accounts:
        yield "account", Sameness.ACCOUNT
    if sought.person in known.persons:
        yield "legal_person", Sameness.LEGAL_PERSON
    for place in ADDRESSES:
        if name_key(getattr(sought.facts, place)) in known.addresses:
            yield place, Sameness.ADDRESS
            break
