"""The facts of a customer and what clause C7.1 demands of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chemsales.rules.classification import CustomerClass


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
    """The class asked for in one product group; `monthly_kg` is the expected take in kilograms."""

    group_code: str
    customer_class: CustomerClass
    region: str = ""
    monthly_kg: int = 0
    purpose: str = ""


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
