"""Licences given to exclusive agents (C10.5)."""

from __future__ import annotations

from chemsales.queries.agent_licences import issue_reasons, load_standing, term_of
from chemsales.queries.policy import load_edition
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Action
from chemsales.services.changes import Subject
from chemsales.services.numbering import next_number
from chemsales.services.operation import Operation, use_case
from chemsales.storage.database import locking, rows
from chemsales.storage.models.agent_licences import AgentLicence


@use_case(Action.AGENT_LICENCE_ISSUE)
def issue(op: Operation, class_id: int) -> int:
    """Give an exclusive agent the licence of its next term for one product group; its key.

    `class_id` is the class of the customer in that group. NotFound where it is no agent (any more),
    NotAllowed with the reasons of `queries.agent_licences.issue_blockers`. What it says stands for
    good; it ends with its last day, with the class, or with the qualification (C10.5, C17.1).
    """
    rows(f"SELECT id FROM customer_class WHERE id = ?{locking()}", (class_id,))
    standing = load_standing(class_id)
    reasons = issue_reasons(op.actor, standing, op.today)
    if reasons:
        raise NotAllowed(*reasons)
    edition = load_edition(op.today)
    term = term_of(standing, edition.policy, op.today)
    year = op.today.year
    number = f"DL{year}-{next_number(f'agent_licence-{year}'):04d}"
    key = AgentLicence.insert(
        number=number,
        customer=standing.customer_id,
        held_class=class_id,
        from_day=term.first,
        to_day=term.last,
        shown=standing.shown,
        edition=edition.number,
        issued_by=op.actor.login,
        issued_at=op.now,
    ).execute()
    op.record(
        Subject.AGENT_LICENCE, int(key), "C10.5", edition.number,
        number=number, customer=standing.customer_id, group=standing.shown["group_code"],
        from_day=term.first.isoformat(), to_day=term.last.isoformat(),
    )  # fmt: skip
    return int(key)
