"""Whom a draft may be a second one of, by what they share, and who of them was refused (C7.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chemsales.pinyin import spellings
from chemsales.queries.likeness import (
    Other,
    Sought,
    keys_of,
    same_code,
    same_group,
    same_name,
    same_phone,
    sought_of,
)
from chemsales.rules.customer import (
    ApplicationState,
    CustomerStatus,
    Draft,
)
from chemsales.rules.errors import Param, Problem, Reason, term
from chemsales.rules.identifiers import CodeKind, organisation_of
from chemsales.rules.names import name_key
from chemsales.rules.search import Word
from chemsales.storage.database import finds, is_person, rows
from chemsales.storage.security.refused import ADDRESSES, SHORTEST

MOST = 12  # hits that are told, refused parties first; more say nothing new
# what is not told of a refused party that this person is not shown
UNTOLD = ("uscc", "licence15", "org9", "account", "parent_company", "legal_person", "people")
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
class _Known:
    """What a refused party ever was called, who stood for it, its accounts and addresses: in its
    file, in its application, and by every change that came into force; all but accounts as keys."""

    names: frozenset[str]
    persons: frozenset[str]
    accounts: frozenset[str]
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
    phone without the code of the country, a legal person and an address as names are. Where a
    server shows a manager the own records alone, what is shared with another's refused party is
    told all the same.
    """
    sought, of = sought_of(draft), (application_id or 0, customer_id or 0)
    refused = {owner: _refused(owner) for owner in ("customer", "application")}
    found = [
        problem
        for owner, known in refused.items()
        for other, past in _others(owner, sought, known, *of)
        for problem in _problems(sought, other, past)
    ]
    if is_person():
        found += [
            problem
            for other, shared in _unseen(sought, *of)
            if other.id not in refused[other.owner]
            for problem in _refusals(other, _shared_unseen(sought, other, shared))
        ]
    return tuple(sorted(found, key=_rank)[:MOST])


def _rank(problem: Problem) -> int:
    """What is told first: what refuses, then what a refused party shares, then the others."""
    refused = problem.reason.code == "reason.party_refused"
    return 2 - refused if problem.warning else 0


def _others(
    owner: str,
    sought: Sought,
    refused: Mapping[int, _Known],
    application_id: int,
    customer_id: int,
) -> Iterator[tuple[Other, _Known | None]]:
    """Whom it may repeat, and what is known of them where they were refused."""
    conditions, parameters = _conditions(sought)
    if owner == "customer":
        number, state, standing = "code", "status", f"o.id <> {customer_id}"
    else:
        number, state = "number", "state"
        standing = f"o.state IN ('in_review', 'returned', 'rejected') AND o.id <> {application_id} "
        standing += f"AND (o.further = 0 OR o.customer_id <> {customer_id})"
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
    yield from ((Other(owner, *row), refused.get(row[0])) for row in found)


def _conditions(sought: Sought) -> tuple[list[str], list[object]]:
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
            keys_of(name for each in lines for name in each[:2]),
            keys_of(each[2] for each in lines),
            frozenset(filter(None, (each[3] for each in lines))),
            keys_of(address for each in lines for address in each[4:]),
        )
        for key, lines in found.items()
    }


def _problems(sought: Sought, other: Other, known: _Known | None) -> Iterator[Problem]:
    """Every reason why this other one has to be looked at."""
    code = same_code(sought.facts, other)
    if known is not None:
        yield from _refusals(other, _shared(sought, other, known, code))
        return
    params: dict[str, Param] = {"number": other.number, "name": other.name or "-"}
    if code:
        which = {**params, "kind": term(CodeKind(code))}
        if other.owner == "customer":
            yield Problem(code, Reason("reason.duplicate_customer", which, "C7.1"))
        else:
            yield Problem(code, Reason("reason.duplicate_application", which, "C7.1"))
    else:
        yield from same_name(sought, other, params)
    if other.account and other.account == sought.facts.account:
        reason = Reason("reason.duplicate_account", params, "C7.1")
        yield Problem("account", reason, warning=True)
    phone = same_phone(sought, other)
    if phone:
        yield Problem(phone, Reason("reason.duplicate_phone", params, "C7.1"), warning=True)
    if same_group(sought, other):
        reason = Reason("reason.duplicate_group", params, "C7.1")
        yield Problem("parent_company", reason, warning=True)


def _refusals(other: Other, shared: Iterable[tuple[str, Sameness]]) -> Iterator[Problem]:
    """All that is shared with a refused party, each at its place on the form."""
    what: dict[str, Param] = {"number": other.number, "name": other.name or "-"}
    what["what"] = REFUSED[other.state]
    for place, same in shared:
        reason = Reason("reason.party_refused", {**what, "same": term(same)}, "C7.1")
        yield Problem(place, reason, warning=True)


def _shared(
    sought: Sought, other: Other, known: _Known, code: str
) -> Iterator[tuple[str, Sameness]]:
    """All that a draft shares with a refused party, by the place on the form."""
    organisation = organisation_of(other.uscc, other.org9)
    if code or (organisation and organisation == sought.organisation):
        yield code or "uscc", Sameness.CODE
    past = [*_past(sought, known)]
    alike = next(same_name(sought, other, {}), None)
    if alike and alike.place == "name" and Sameness.NAME not in {same for _place, same in past}:
        yield "name", Sameness.LIKE_NAME
    yield from past
    phone = same_phone(sought, other)
    if phone:
        yield phone, Sameness.PHONE
    if same_group(sought, other):
        yield "parent_company", Sameness.GROUP


def _past(sought: Sought, known: _Known) -> Iterator[tuple[str, Sameness]]:
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


def _unseen(
    sought: Sought, application_id: int, customer_id: int
) -> Iterator[tuple[Other, frozenset[str]]]:
    """The refused parties of others whom this person is not shown, as far as that is told (what
    they are called), and the words of what they share (`storage.security.refused`)."""
    facts = sought.facts
    asked: dict[str, object] = {
        **{str(kind): getattr(facts, kind) for kind in CodeKind},
        "organisation": sought.organisation,
        "name": sought.name,
        "names": [*filter(None, (sought.name, *sought.names))],
        "former": sought.former,
        "spelling": sought.spelling,
        "account": facts.account,
        "person": sought.person,
        "addresses": {place: name_key(getattr(facts, place)) for place in ADDRESSES},
        "phones": sought.phones,
        "parent": name_key(facts.parent_company),
    }
    for owner, key, number, name, state, shared in rows(
        "SELECT owner, id, number, name, state, shared FROM chemsales_refused_unseen(?, ?, ?)",
        (json.dumps(asked, ensure_ascii=False), application_id, customer_id),
    ):
        pinyin = f"{Word.PINYIN}{next(iter(spellings(name)), '')}\n"
        untold = dict.fromkeys((*UNTOLD, *ADDRESSES), "")
        other = Other(owner, int(key), number, state, name=name, name_key=name_key(name),
                       pinyin=pinyin, **untold)  # fmt: skip
        yield other, frozenset(shared.split("\n"))


def _shared_unseen(
    sought: Sought, other: Other, shared: frozenset[str]
) -> Iterator[tuple[str, Sameness]]:
    """What `_shared` gives of a party that is not shown, out of the words of what is shared."""
    code = next((kind for kind in CodeKind if kind in shared), "")
    if code or "organisation" in shared:
        yield code or "uscc", Sameness.CODE
    named = next((place for place in ("name", "former_name") if place in shared), "")
    alike = next(same_name(sought, other, {}), None)
    if not named and "alike" in shared and alike and alike.place == "name":
        yield "name", Sameness.LIKE_NAME
    if named:
        yield named, Sameness.NAME
    for place in ("account", "legal_person"):
        if place in shared:
            yield place, Sameness(place)
    address = next((place for place in ADDRESSES if place in shared), "")
    if address:
        yield address, Sameness.ADDRESS
    phone = next((word for word in shared if word.startswith("phone ")), "")
    if phone:
        yield phone.removeprefix("phone "), Sameness.PHONE
    if "parent_company" in shared:
        yield "parent_company", Sameness.GROUP
