"""The customer's application form (附件1 客户开户审批表, F1), filled or blank."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.reports.content import Footer, Group, Opinion
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.customer import Contact, CustomerFacts, DocumentKind
from chemsales.rules.tiers import Level


@dataclass(frozen=True, slots=True)
class ClassLine:
    """The class asked for in one product group; level and form only for polyolefins, once accredited."""

    group: Group
    customer_class: CustomerClass
    region: str = ""
    monthly_kg: int = 0
    purpose: str = ""
    level: Level | None = None
    form: SalesForm | None = None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One paper of the checklist; days are ISO text, "" where unknown.

    `attached` False is a required paper that is missing; `covered` says that the merged licence stands
    for it (A.X 19), so that it need not be attached.
    """

    kind: DocumentKind
    label: str = ""
    number: str = ""
    valid_from: str = ""
    valid_to: str = ""
    long_term: bool = False
    attached: bool = True
    covered: bool = False


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """Everything on the form; the default values print the blank form, to be filled by hand.

    `applied_on` and `filed_on` are ISO days; `opinions` are all decisions of all rounds in order (those
    of the last round stand in the boxes, earlier ones in a list of returns).
    """

    company: str = ""
    number: str = ""
    applied_on: str = ""
    facts: CustomerFacts = CustomerFacts()
    classes: tuple[ClassLine, ...] = ()
    contacts: tuple[Contact, ...] = ()
    documents: tuple[DocumentLine, ...] = ()
    manager: str = ""
    manager_opinion: str = ""
    opinions: tuple[Opinion, ...] = ()
    customer_code: str = ""
    filed_on: str = ""
    footer: Footer = Footer()
