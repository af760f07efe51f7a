"""An application for a further class of a customer that exists."""

from __future__ import annotations

from collections.abc import Sequence

from chemsales.queries.accreditation import further_application
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, DocumentKind, Draft
from chemsales.services import accreditation
from chemsales.services.session import Session
from tests.factory import PDF, answered, approved_by_all, attach, session_of

EG_DEALER = ClassRequest("EG", CustomerClass.DEALER, "江苏", 300_000, "聚酯切片")


def asked(*classes: ClassRequest) -> Draft:
    """What is typed on the form: classes and the manager's opinion."""
    return Draft(classes=tuple(map(answered, classes)), manager_opinion="客户要求增加品种。")


def begin(
    customer: int,
    *classes: ClassRequest,
    session: Session | None = None,
    documents: Sequence[DocumentKind] = (),
) -> int:
    """Begin an application for these classes, by default a dealer's of ethylene glycol; its key."""
    acting = session or session_of("am")
    further_application(acting.actor, customer, acting.today())
    draft = asked(*(classes or (EG_DEALER,)))
    key = accreditation.save_draft(acting, draft, customer_id=customer).value
    for kind in documents:
        attach(acting, key, kind, PDF + f"{kind} {key}".encode())
    return key


def give(customer: int, *classes: ClassRequest, documents: Sequence[DocumentKind] = ()) -> int:
    """Take such an application through all three stages; its key."""
    key = begin(customer, *classes, documents=documents)
    assert approved_by_all(key) == customer
    return key
