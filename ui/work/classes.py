"""What a card's classes tell of what may be done with them, off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chemsales.queries.accreditation import further_blockers
from chemsales.queries.licences import dealing_blockers
from chemsales.queries.resale import Finding, findings_of
from chemsales.rules import roles
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Action, Actor


@dataclass(frozen=True, slots=True)
class Classing:
    """The open findings of a customer, and why this person may not change a class, note a resale,
    settle one, apply for a further class."""

    findings: tuple[Finding, ...] = ()
    unchangeable: tuple[Reason, ...] = ()
    unnotable: tuple[Reason, ...] = ()
    unsettled: tuple[Reason, ...] = ()
    unasked: tuple[Reason, ...] = ()


UNKNOWN = Classing()


def classing(actor: Actor, customer_id: int, today: date) -> Classing:
    """How it stands with the classes of a customer."""
    forbidden = roles.blockers(actor, Action.CLASS_CHANGE)
    return Classing(
        findings_of(actor, customer_id),
        forbidden or dealing_blockers(actor, customer_id, today),
        roles.blockers(actor, Action.RESALE_NOTE),
        roles.blockers(actor, Action.RESALE_CLOSE),
        further_blockers(actor, customer_id, today),
    )
