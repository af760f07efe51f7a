"""What two companies share by which one may be the other: how a draft is compared with a customer
or an application (C7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chemsales.pinyin import spellings
from chemsales.rules.company_names import other_spellings
from chemsales.rules.customer import CustomerFacts, Draft, normalise_facts
from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.identifiers import CodeKind, organisation_of
from chemsales.rules.names import name_key, one_apart
from chemsales.rules.search import PHONE_BEGINS, Word, phone_ending
from chemsales.storage.security.refused import ADDRESSES, SHORTEST


@dataclass(frozen=True, slots=True)
class Other:
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
class Sought:
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


def sought_of(draft: Draft) -> Sought:
    facts = normalise_facts(draft.facts)
    typed = [("invoice_phone", facts.invoice_phone)]
    typed += [(f"contacts.{at}.phone", each.phone) for at, each in enumerate(draft.contacts)]
    phones = ((place, phone_ending(text)) for place, text in typed)
    name = name_key(facts.name)
    return Sought(
        facts,
        name,
        other_spellings(name),
        next(iter(spellings(facts.name)), ""),
        tuple((place, phone) for place, phone in phones if phone),
        organisation_of(facts.uscc, facts.org9),
        name_key(facts.former_name),
        name_key(facts.legal_person),
        keys_of(getattr(facts, column) for column in ADDRESSES),
    )


def keys_of(addresses: Iterable[str]) -> frozenset[str]:
    """Addresses in the form that is compared, those that say something."""
    return frozenset(filter(None, map(name_key, addresses)))


def same_code(facts: CustomerFacts, other: Other) -> str:
    """The kind of the code that both carry, "" for none."""
    for kind in CodeKind:
        if getattr(other, kind) and getattr(facts, kind) == getattr(other, kind):
            return kind
    return ""


def same_name(sought: Sought, other: Other, params: dict[str, Param]) -> Iterator[Problem]:
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


def same_phone(sought: Sought, other: Other) -> str:
    """The place on the form of a phone that the other has too, "" for none."""
    words = other.people  # no line has a capital letter but the one it begins with
    shared = (
        place
        for place, phone in sought.phones
        if any(f"{Word.PHONE}{begin}{phone}\n" in words for begin in PHONE_BEGINS)
    )
    return next(shared, "")


def same_group(sought: Sought, other: Other) -> bool:
    parent, theirs = name_key(sought.facts.parent_company), name_key(other.parent_company)
    return bool(parent and parent in (theirs, other.name_key)) or bool(
        theirs and theirs == sought.name
    )
