"""An application for a further class: when it may be begun, put up and given (C3.1, C7.2, C10.1).

What it gives is `services.customers.give_classes`.
"""

from __future__ import annotations

from dataclasses import replace

from chemsales.queries.accreditation import further_reasons
from chemsales.queries.applications import StoredApplication, load_application, put_up_reasons
from chemsales.queries.licences import dealing_reasons
from chemsales.rules.errors import NotAllowed, Reason
from chemsales.services.applications import of_file, rewrite
from chemsales.services.customers import class_reasons
from chemsales.services.offtake import lock_months
from chemsales.services.operation import Operation
from chemsales.storage.database import locking, rows


def may_begin(op: Operation, customer_id: int) -> None:
    """NotAllowed where no application for a further class is begun; another desk's waits."""
    rows(f"SELECT 1 FROM customer WHERE id = ?{locking()}", (customer_id,))
    reasons = further_reasons(op.actor, customer_id, op.today)
    if reasons:
        raise NotAllowed(*reasons)


def from_file(op: Operation, stored: StoredApplication) -> StoredApplication:
    """An application for a further class with what the file says now, which is put up; NotAllowed
    where the customer is another's by now, nothing may be dealt with it, or another application
    for it is under way."""
    if stored.further_of is None:
        return stored
    reasons = put_up_reasons(op.actor, stored) or dealing_reasons(stored.further_of, op.today)
    if reasons:
        raise NotAllowed(*reasons)
    draft = of_file(stored.draft, stored.further_of)
    accepted = replace(draft.facts, code_override=stored.draft.facts.code_override)
    if (accepted, draft.contacts) == (stored.draft.facts, stored.draft.contacts):
        return stored
    rewrite(stored, draft)
    return load_application(stored.id)


def ungiven(op: Operation, stored: StoredApplication) -> tuple[Reason, ...]:
    """Why a further class cannot be given today: nothing may be dealt with the customer (C15.2), or
    its classes are not what they were when it was put up (C3.3)."""
    if stored.further_of is None:
        return ()
    lock_months()  # from here on its classes stand still, until they are given
    return dealing_reasons(stored.further_of, op.today) or class_reasons(stored, op.today)
