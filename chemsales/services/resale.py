"""That a direct customer sells on: noted, and settled in words (C10.2)."""

from __future__ import annotations

from chemsales.queries.resale import note_reasons
from chemsales.rules.errors import Invalid, NotAllowed, NotFound, Problem, Reason
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_text
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import locking, rows
from chemsales.storage.models.resale import ResaleFinding

LIMIT = 1000


@use_case(Action.RESALE_NOTE)
def note(op: Operation, class_id: int, facts: str) -> int:
    """Note today that a direct customer was found to sell on what it buys; the finding's key.

    Invalid without words, NotAllowed with the reasons of `queries.resale.note_reasons`. Nothing
    else follows by itself: the class is looked into, and changed or kept for a reason (C10.2).
    """
    reasons = note_reasons(op.actor, class_id)
    if reasons:
        raise NotAllowed(*reasons)
    ((customer_id,),) = rows("SELECT customer_id FROM customer_class WHERE id = ?", (class_id,))
    key = ResaleFinding.insert(
        customer=customer_id,
        held_class=class_id,
        found_on=op.today,
        facts=_words(facts),
        found_by=op.actor.login,
        found_at=op.now,
    ).execute()
    op.record(Subject.CUSTOMER, customer_id, "C10.2", finding=int(key))
    return int(key)


@use_case(Action.RESALE_CLOSE)
def close(op: Operation, finding_id: int, closing: str) -> None:
    """Settle a finding in words: why the customer stays a direct one. NotFound for one that is
    closed, or whose class has ended, which settled it; Invalid without words (C10.2)."""
    rows(f"SELECT id FROM resale_finding WHERE id = ?{locking()}", (finding_id,))
    found = rows(
        "SELECT f.customer_id FROM resale_finding f JOIN customer_class k ON k.id = f.class_id "
        "WHERE f.id = ? AND f.closed_on IS NULL AND k.to_day IS NULL",
        (finding_id,),
    )
    if not found:
        raise NotFound(Reason("reason.resale_closed", {}, "C10.2"))
    ResaleFinding.update(
        closed_on=op.today, closing=_words(closing), closed_by=op.actor.login, closed_at=op.now
    ).where(ResaleFinding.id == finding_id).execute()
    op.record(Subject.CUSTOMER, found[0][0], "C10.2", finding=finding_id)


def _words(text: str) -> str:
    said = clean_text(text, "reason", LIMIT)
    if not said:
        raise Invalid(Problem("reason", Reason("reason.text_missing", {}, "C10.2")))
    return said
