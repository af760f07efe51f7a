"""The form for cancelling a qualification as the report takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chemsales.queries.approval import opinions
from chemsales.queries.audit import last_event
from chemsales.queries.disqualification import Stored, load_proposal
from chemsales.queries.reading import query
from chemsales.queries.settings import value
from chemsales.rules.calendar import company_day
from chemsales.rules.check_codes import PaperKind, check_code
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows

if TYPE_CHECKING:
    from chemsales.reports.content import Footer
    from chemsales.reports.disqualification import DisqualificationForm


@query(Action.REPORT_PRINT)
def disqualification_form(actor: Actor, key: int) -> DisqualificationForm:
    """Everything that the form prints, with the opinions signed so far; NotFound (C17.1)."""
    from chemsales.reports.disqualification import DisqualificationForm

    stored = load_proposal(key)
    assert stored.case is not None
    assert stored.proposal.ground is not None
    assert stored.proposal.occurred_on is not None
    ((uscc, legal_person, accredited_on, manager, proposer),) = rows(
        "SELECT u.uscc, u.legal_person, u.accredited_on, coalesce(p.name, u.manager), "
        "coalesce(w.name, d.proposed_by) FROM disqualification d "
        "JOIN customer u ON u.id = d.customer_id LEFT JOIN person p ON p.login = u.manager "
        "LEFT JOIN person w ON w.login = d.proposed_by WHERE d.id = ?",
        (key,),
    )
    return DisqualificationForm(
        company=value("company"),
        number=stored.number,
        proposed_on=company_day(stored.proposed_at).isoformat(),
        proposer=proposer,
        customer_code=stored.customer_code,
        customer_name=stored.customer_name,
        uscc=uscc,
        legal_person=legal_person,
        accredited_on=accredited_on,
        manager=manager,
        ground=stored.proposal.ground,
        facts=stored.proposal.facts,
        occurred_on=stored.proposal.occurred_on.isoformat(),
        loss_fen=stored.proposal.loss_fen,
        papers=tuple(paper.label for paper in stored.papers),
        effects=stored.effects,
        opinions=opinions(stored.case.id),
        decided_on=stored.decided_on.isoformat() if stored.decided_on else "",
        footer=_footer(stored),
    )


@query(Action.REPORT_PRINT)
def disqualification_key(actor: Actor, number: str) -> int:
    """The key of the proposal with this number; NotFound."""
    wanted = number.strip().upper()
    found = rows("SELECT id FROM disqualification WHERE number = ?", (wanted,))
    if not found:
        raise NotFound(Reason("reason.disqualification_unknown", {"id": wanted}, "C17.1"))
    return int(found[0][0])


def _footer(stored: Stored) -> Footer:
    """The proof of what was put up for decision: a correction puts it up again at once."""
    from chemsales.reports.content import Footer

    assert stored.case is not None
    hashed, edition = stored.case.snapshot_hash, stored.case.edition
    event = last_event("disqualification", stored.id)
    code = check_code(PaperKind.DISQUALIFICATION, stored.number, hashed, edition, event)
    return Footer(hashed, event, edition, "C17.1", code)
