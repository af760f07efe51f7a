"""The facts of a customer and what clause C7.1 demands of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum

from chemsales.rules.admission import ANSWERS, LIMIT, Condition, lacking
from chemsales.rules.classification import CustomerClass, classes_of
from chemsales.rules.errors import Problem, Reason, term
from chemsales.rules.identifiers import CodeKind, check, normalise
from chemsales.rules.text import half_width


class ApplicationState(StrEnum):
    """Where an application stands; the stage in review is the case's (C7.2)."""

    DRAFT = "draft"  # 草稿
    IN_REVIEW = "in_review"  # 审核中
    RETURNED = "returned"  # 退回
    ACCREDITED = "accredited"  # 已准入
    REJECTED = "rejected"  # 拒绝
    WITHDRAWN = "withdrawn"  # 撤回


class CustomerStatus(StrEnum):
    """The standing of an accredited customer."""

    ACCREDITED = "accredited"  # 已准入
    SUSPENDED = "suspended"  # 暂停
    DISQUALIFIED = "disqualified"  # 取消


class DocumentProfile(StrEnum):
    """Which papers prove a customer: the merged 18-character licence, or the older set (A.X 19)."""

    MERGED = "merged"
    LEGACY = "legacy"


class DocumentKind(StrEnum):
    """The kinds of papers of an application (C7.1)."""

    BUSINESS_LICENCE = "business_licence"  # 营业执照
    NATIONAL_TAX = "national_tax"  # 国税登记证
    LOCAL_TAX = "local_tax"  # 地税登记证
    ORGANISATION_CODE = "organisation_code"  # 组织机构代码证
    INVOICE_DATA = "invoice_data"  # 开票资料
    ACCOUNT_PERMIT = "account_permit"  # 开户许可证
    HAZARDOUS_LICENCE = "hazardous_licence"  # 危险化学品许可
    AUTHORISATION = "authorisation"  # 授权委托书
    OTHER = "other"


class ContactKind(StrEnum):
    """What a contact person at the customer is for."""

    PRINCIPAL = "principal"  # 负责人
    BUSINESS = "business"  # 业务联系人
    FINANCE = "finance"  # 财务联系人
    PICKUP = "pickup"  # 提货人


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """Everything known of a customer, as typed and normalised; "" where unknown."""

    name: str = ""
    short_name: str = ""
    former_name: str = ""
    mnemonic: str = ""  # own letters to find it by (助记码)
    profile: str = DocumentProfile.MERGED
    uscc: str = ""
    licence15: str = ""
    org9: str = ""
    national_tax_no: str = ""
    local_tax_no: str = ""
    enterprise_type: str = ""
    established_on: str = ""
    business_term: str = ""
    registered_capital: str = ""
    legal_person: str = ""
    registered_address: str = ""
    business_address: str = ""
    business_scope: str = ""
    industry: str = ""
    parent_company: str = ""
    bank: str = ""
    account: str = ""
    invoice_address: str = ""
    invoice_phone: str = ""
    taxpayer_kind: str = ""
    invoice_type: str = ""
    credit_note: str = ""
    code_override: str = ""  # the reviewer's reason for accepting a failing check digit


@dataclass(frozen=True, slots=True)
class ClassRequest:
    """The class asked for in one product group; `monthly_kg` is the expected take in kilograms, 0
    where none is said, as it is stored and signed (who writes a zero is told: `numbers.asked_kg`).

    From `production` on stand the answers to the conditions of the class, each with its evidence in
    words (rules.admission); `capacity_kg` is what a direct customer makes a year, in kilograms.
    """

    group_code: str
    customer_class: CustomerClass
    region: str = ""
    monthly_kg: int = 0
    purpose: str = ""
    production: str = ""
    capacity_kg: int = 0
    credit: str = ""
    no_resale: str = ""
    operation: str = ""
    funds: str = ""
    reputation: str = ""
    ability: str = ""
    only_ours: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at the customer."""

    kind: ContactKind
    name: str
    title: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form edits and a service saves: facts, classes and contacts, complete or not."""

    facts: CustomerFacts = CustomerFacts()
    classes: tuple[ClassRequest, ...] = ()
    contacts: tuple[Contact, ...] = ()
    manager_opinion: str = ""


@dataclass(frozen=True, slots=True)
class GroupInfo:
    """What the checks need to know of a product group."""

    polyolefin: bool
    hazardous: bool


# Limits of the facts in characters, those of the tables
LIMITS: dict[str, int] = {
    "name": 200, "short_name": 100, "former_name": 200, "mnemonic": 40, "national_tax_no": 30,
    "local_tax_no": 30, "enterprise_type": 100, "business_term": 60, "registered_capital": 60,
    "legal_person": 100,
    "registered_address": 300, "business_address": 300, "business_scope": 1000, "industry": 100,
    "parent_company": 200, "bank": 200, "account": 40, "invoice_address": 300, "invoice_phone": 40,
    "taxpayer_kind": 40, "invoice_type": 40, "credit_note": 1000, "code_override": 500,
}  # fmt: skip
_TEXTS = (
    ("region", 100), ("purpose", 300),
    *((str(each), LIMIT) for each in ANSWERS if each is not Condition.CAPACITY),
)  # fmt: skip
_CODES = {"uscc": CodeKind.USCC, "licence15": CodeKind.LICENCE15, "org9": CodeKind.ORG9}
_MERGED_PAPERS = (DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA)
_LEGACY_PAPERS = (
    DocumentKind.BUSINESS_LICENCE,
    DocumentKind.NATIONAL_TAX,
    DocumentKind.LOCAL_TAX,
    DocumentKind.ORGANISATION_CODE,
    DocumentKind.INVOICE_DATA,
)
_INVOICE_FIELDS = ("bank", "account", "invoice_address", "invoice_phone")
_PHONE = re.compile(r"\+?[0-9(][0-9()\- ]{5,}(?:(?:转|x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
_ACCOUNT = re.compile(r"[0-9]{6,32}")
_TAX = re.compile(r"[0-9A-Z]{15,20}")


def required_documents(profile: str, hazardous: bool) -> tuple[DocumentKind, ...]:
    """The papers that an application needs (C7.1, A.X 19).

    The merged licence stands for both tax registrations and the organisation code; the legacy
    profile wants all. A hazardous product group adds its licence.
    """
    papers = _LEGACY_PAPERS if profile == DocumentProfile.LEGACY else _MERGED_PAPERS
    return (*papers, DocumentKind.HAZARDOUS_LICENCE) if hazardous else papers


def documents_of(draft: Draft, groups: Mapping[str, GroupInfo]) -> tuple[DocumentKind, ...]:
    """The papers that a draft needs, for its profile and for the product groups it asks for."""
    hazardous = any(groups[c.group_code].hazardous for c in draft.classes if c.group_code in groups)
    return required_documents(draft.facts.profile, hazardous)


def required_fields(profile: str) -> tuple[str, ...]:
    """The facts that an application needs, by field name (C7.1)."""
    if profile == DocumentProfile.LEGACY:
        return ("name", "licence15", "org9", "national_tax_no", "local_tax_no", *_INVOICE_FIELDS)
    return ("name", "uscc", *_INVOICE_FIELDS)


def normalise_facts(facts: CustomerFacts) -> CustomerFacts:
    """The facts as they are stored: codes compact, account without separators, no stray blanks.

    Text keeps its own characters (a name stays as the licence writes it); a run of blanks becomes
    one.
    """
    changed = {
        item.name: " ".join(str(getattr(facts, item.name)).split()) for item in fields(facts)
    }
    for code in (*_CODES, "national_tax_no", "local_tax_no", "account"):
        changed[code] = normalise(changed[code])
    return CustomerFacts(**changed)


def check_draft(
    draft: Draft, documents: Sequence[DocumentKind], groups: Mapping[str, GroupInfo]
) -> tuple[Problem, ...]:
    """What is missing or wrong before a draft can be submitted (C7.1), all of it, in form order.

    `documents` are the kinds attached and not voided, `groups` the active product groups by code.
    A place is a field's name, "document.<kind>", "classes", "classes.<group>.<field>" or
    "contacts.<index>.<field>"; problems marked as warnings do not forbid the submission.
    """
    facts = normalise_facts(draft.facts)
    missing = [
        Problem(
            f"document.{kind}", Reason("reason.document_missing", {"document": term(kind)}, "C7.1")
        )
        for kind in documents_of(replace(draft, facts=facts), groups)
        if kind not in documents
    ]
    return (
        *fact_problems(facts),
        *_class_problems(draft.classes, groups),
        *contact_problems(draft.contacts),
        *missing,
    )


def fact_problems(facts: CustomerFacts) -> list[Problem]:
    """What is missing or wrong in the facts, by field (C7.1)."""
    found = []
    required = required_fields(facts.profile)
    if facts.profile not in tuple(DocumentProfile):
        found.append(Problem("profile", Reason("reason.profile_unknown", {}, "C7.1")))
    for item in fields(facts):
        value = getattr(facts, item.name)
        if not value:
            if item.name in required:
                found.append(Problem(item.name, Reason("reason.field_required", {}, "C7.1")))
            continue
        reason = text_problem(value, LIMITS.get(item.name, 30)) or _format_problem(item.name, value)
        if reason:
            found.append(Problem(item.name, reason))
        if item.name in _CODES:
            found.extend(_code_problems(item.name, value, facts.code_override))
    return found


def text_problem(text: str, limit: int) -> Reason | None:
    """Why a text that a person typed cannot be kept: too long, or with invisible characters."""
    if len(text) > limit:
        return Reason("reason.text_too_long", {"limit": limit, "length": len(text)})
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            return Reason("reason.text_invisible", {"code": f"U+{ord(character):04X}"})
    return None


def _format_problem(name: str, value: str) -> Reason | None:
    if name == "invoice_phone" and not _PHONE.fullmatch(half_width(value)):
        return Reason("reason.phone_wrong", {}, "C7.1")
    if name == "account" and not _ACCOUNT.fullmatch(value):
        return Reason("reason.account_wrong", {}, "C7.1")
    if name in ("national_tax_no", "local_tax_no") and not _TAX.fullmatch(value):
        return Reason("reason.tax_number_wrong", {}, "C7.1")
    if name == "established_on":
        try:
            date.fromisoformat(value)
        except ValueError:
            return Reason("reason.date_wrong", {"text": value})
    return None


def _code_problems(name: str, value: str, override: str) -> list[Problem]:
    """A failing code is an error; a failing check digit that a reviewer overrode is a warning."""
    result = check(_CODES[name], value)
    found = [Problem(name, warning, warning=True) for warning in result.warnings]
    if result.reason:
        overridden = result.digit_only and bool(override)
        found.insert(0, Problem(name, result.reason, warning=overridden))
    return found


def _class_problems(
    classes: Sequence[ClassRequest], groups: Mapping[str, GroupInfo]
) -> list[Problem]:
    if not classes:
        return [Problem("classes", Reason("reason.class_required", {}, "C3.1"))]
    found = []
    seen: set[str] = set()
    for request in classes:
        place = f"classes.{request.group_code}"
        group = groups.get(request.group_code)
        if request.group_code in seen:
            params = {"group": request.group_code}
            found.append(Problem(place, Reason("reason.class_twice", params, "C10.1")))
        seen.add(request.group_code)
        if group is None:
            params = {"group": request.group_code}
            found.append(Problem(place, Reason("reason.group_unknown", params, "C3.1")))
            continue
        found.extend(
            Problem(f"{place}.{name}", reason) for name, reason in request_problems(request, group)
        )
    return found


def not_polyolefin(wanted: CustomerClass) -> Reason:
    """Why no polyolefin customer has this class (C9.1)."""
    params = {"customer_class": term(wanted)}
    return Reason("reason.class_not_polyolefin", params, "C9.1")


def request_problems(request: ClassRequest, group: GroupInfo) -> list[tuple[str, Reason]]:
    """What a class needs, by field, asked for by an application or by a later change (C3.3).

    Polyolefins know dealers and direct customers alone (C9.1); elsewhere each condition of the
    class has its answer (C10.2, C10.3, C10.7).
    """
    found = []
    wanted = request.customer_class
    if not group.polyolefin:
        found.extend(lacking(wanted, asdict(request)))
    elif wanted not in classes_of(polyolefin=True):
        found.append(("customer_class", not_polyolefin(wanted)))
    for name, code in (("monthly_kg", "C7.1"), ("capacity_kg", "C10.2")):
        if getattr(request, name) < 0:
            found.append((name, Reason("reason.quantity_negative", {}, code)))
    return [*found, *text_problems(request)]


def text_problems(request: ClassRequest) -> list[tuple[str, Reason]]:
    """The texts of a class that cannot be kept, by field."""
    texts = [(name, text_problem(getattr(request, name), limit)) for name, limit in _TEXTS]
    return [(name, reason) for name, reason in texts if reason]


def contact_problems(contacts: Sequence[Contact]) -> list[Problem]:
    """What is missing or wrong in the contacts, by place."""
    found = []
    limits = {"name": 200, "title": 60, "phone": 40, "email": 100}
    for index, contact in enumerate(contacts):
        if not contact.name.strip():
            found.append(Problem(f"contacts.{index}.name", Reason("reason.field_required", {})))
        for name, limit in limits.items():
            reason = text_problem(getattr(contact, name), limit)
            if reason:
                found.append(Problem(f"contacts.{index}.{name}", reason))
    return found


def check_texts(draft: Draft) -> tuple[Problem, ...]:
    """What cannot be stored even in a draft: texts too long or with invisible characters.

    Places are those of `check_draft`.
    """
    facts, limits = draft.facts, {"name": 200, "title": 60, "phone": 40, "email": 100}
    texts = [(f.name, str(getattr(facts, f.name)), LIMITS.get(f.name, 30)) for f in fields(facts)]
    for request in draft.classes:
        place = f"classes.{request.group_code}"
        texts += [(f"{place}.{name}", getattr(request, name), limit) for name, limit in _TEXTS]
    for index, contact in enumerate(draft.contacts):
        for name, limit in limits.items():
            texts.append((f"contacts.{index}.{name}", getattr(contact, name), limit))
    found = [(place, text_problem(text, limit)) for place, text, limit in texts]
    return tuple(Problem(place, reason) for place, reason in found if reason)
