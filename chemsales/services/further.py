"""An application for a further class: when it may be begun and put up (C3.1, C7.2, C10.1).

What it gives is `services.customers.give_classes`.
"""

from __future__ import annotations

from chemsales.queries.accreditation import further_reasons
from chemsales.queries.application_blockers import put_up_reasons
from chemsales.queries.applications import StoredApplication, as_filed, load_application
from chemsales.queries.licences import dealing_reasons
from chemsales.rules.errors import NotAllowed
from chemsales.services.applications import rewrite
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
    filed = as_filed(stored)
    if filed == stored:
        return stored
    rewrite(stored, filed.draft)
    return load_application(stored.id)
