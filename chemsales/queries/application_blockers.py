"""Why something may not be done with an application now.

Read by services and queries alike, so that what greys a button and what refuses are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chemsales.queries.admission import agent_problems
from chemsales.queries.admission import forbidden as refused_by_edition
from chemsales.queries.application_papers import paper_reasons
from chemsales.queries.applications import (
    CODES,
    EDITABLE,
    StoredApplication,
    failing_codes,
    stands_as_reviewed,
    stored_problems,
)
from chemsales.queries.approval import forbidden, verdict_actions
from chemsales.queries.disqualification import load_reasons
from chemsales.queries.further import class_reasons, customer_reasons, other_open
from chemsales.queries.handover import target_reason
from chemsales.queries.licences import dealing_reasons
from chemsales.queries.person_names import name_of
from chemsales.rules import approval
from chemsales.rules.approval import StageName, Verdict
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import Reason, term
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows

ACTIONS = {
    **verdict_actions(Action.APPLICATION_SUBMIT, Action.ACCREDITATION_DECIDE),
    Verdict.WITHDRAW: Action.APPLICATION_WITHDRAW,
}


def owner_blockers(actor: Actor, stored: StoredApplication) -> tuple[Reason, ...]:
    """Why this person may not edit the application now; empty for its manager while it is open."""
    reasons = []
    if actor.login != stored.manager:
        params = {"name": name_of(stored.manager)}
        reasons.append(Reason("reason.application_of_another", params, "C7.1"))
    if stored.state not in EDITABLE:
        params = {"state": term(stored.state)}
        reasons.append(Reason("reason.application_frozen", params, "C7.2"))
    return tuple(reasons)


def put_up_reasons(actor: Actor, stored: StoredApplication) -> tuple[Reason, ...]:
    """Why an application for a further class is not put up: the customer came to another manager,
    or another one is under way."""
    if stored.further_of is None:
        return ()
    of = customer_reasons(actor, stored.further_of, exists=True)
    return of or other_open(stored.further_of, stored.id)


def again_blockers(actor: Actor, stored: StoredApplication) -> tuple[Reason, ...]:
    """Why this person may not apply again with what an application says: it has not ended, or is
    another's; one for a further class is applied for again by who has the customer now (C8.1)."""
    if not stored.further and actor.login != stored.manager:
        return (Reason("reason.application_of_another", {"name": name_of(stored.manager)}, "C7.1"),)
    if stored.state not in (ApplicationState.WITHDRAWN, ApplicationState.REJECTED):
        return (Reason("reason.again_not_ended", {"state": term(stored.state)}, "C7.2"),)
    return put_up_reasons(actor, stored) if stored.further else tuple(_reviewed_with_code(stored))


def _reviewed_with_code(stored: StoredApplication) -> Iterator[Reason]:
    """Each application under review that carries a code of this one (C7.1)."""
    codes = {kind: getattr(stored.draft.facts, kind) for kind in CODES}
    asked = " OR ".join(f"{kind} = ?" for kind, code in codes.items() if code)
    if asked:
        for (number,) in rows(
            f"SELECT number FROM application WHERE state = 'in_review' AND id <> ? AND ({asked}) "
            "ORDER BY id",
            (stored.id, *filter(None, codes.values())),
        ):
            yield Reason("reason.again_in_review", {"number": number}, "C7.1")


def verdict_blockers(
    actor: Actor, stored: StoredApplication, verdict: Verdict, day: date
) -> tuple[Reason, ...]:
    """Why this person may not give this verdict on a day; empty when it may be given."""
    if reasons := forbidden(actor, ACTIONS[verdict], verdict, stored.case):
        return reasons
    if verdict is Verdict.SUBMIT:
        if reasons := owner_blockers(actor, stored):
            return reasons
        if reasons := put_up_reasons(actor, stored):
            return reasons
        wrong = (each.reason for each in stored_problems(stored) if not each.warning)
        return (*wrong, *paper_reasons(stored, day))
    if stored.case is None:
        if verdict is Verdict.WITHDRAW:
            return owner_blockers(actor, stored)
        return (Reason("reason.application_not_submitted", {}, "C7.2"),)
    reasons = approval.blockers(stored.case.case, verdict, actor)
    if verdict is Verdict.APPROVE:
        reasons += _unaccepted(stored)
        return reasons or _unapproved(stored, day)
    if verdict is Verdict.UNDO:
        return _not_undone(stored, reasons)
    return reasons


def _not_undone(stored: StoredApplication, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Why a decision stands: `reasons` of the rule, or that the application was corrected since; of
    a further class that was given, in its words."""
    if not reasons and not stands_as_reviewed(stored):
        return (Reason("reason.undo_corrected", {}, "C7.2"),)
    if stored.further and stored.state is ApplicationState.ACCREDITED:
        return (Reason("reason.undo_given", {}, "C7.2"),)
    return reasons


def _unaccepted(stored: StoredApplication) -> tuple[Reason, ...]:
    """The codes of which the check digit fails, until a reviewer has accepted them (C7.1)."""
    failing = () if stored.draft.facts.code_override else failing_codes(stored.draft.facts)
    return (*failing, Reason("reason.identifier_not_overridden", {}, "C7.1")) if failing else ()


def is_last(stored: StoredApplication, verdict: Verdict) -> bool:
    """Whether it is the general manager's approval, by which the customer has what it asks for."""
    case = stored.case
    last = case is not None and case.case.pending is StageName.GENERAL_MANAGER
    return last and verdict is Verdict.APPROVE


def _unapproved(stored: StoredApplication, day: date) -> tuple[Reason, ...]:
    """Why nobody approves it on a day: a paper has expired or would be watched by nobody (C7.1,
    C15.1), the customer is disqualified (C17.1), and, of the last approval, what stands against
    giving what is asked for: its manager has left (C8.1), nothing may be dealt with the customer
    (C15.2), its classes are not what they were (C3.3), the edition refuses a second agent
    (C10.3)."""
    last, further = is_last(stored, Verdict.APPROVE), stored.further_of
    left = _manager_left(stored) if last else ()
    barred = () if further is None else (dealing_reasons if last else load_reasons)(further, day)
    if reasons := left or barred or paper_reasons(stored, day):
        return reasons
    given = class_reasons(stored.draft, further, day) if last and further is not None else ()
    agents = agent_problems(stored.draft.classes, further or 0) if last else ()
    return (*given, *(problem.reason for problem in refused_by_edition(agents, day)))


def unexplained(stored: StoredApplication, verdict: Verdict) -> tuple[Reason, ...]:
    """Why this verdict needs an opinion: the general manager says why there is to be an agent whose
    region overlaps with another's (C10.3, A.X 15); empty where it may go without."""
    if not is_last(stored, verdict):
        return ()
    found = agent_problems(stored.draft.classes, stored.further_of or 0)
    reasons = tuple(problem.reason for problem in found)
    return (*reasons, Reason("reason.overlap_unexplained", {}, "C10.3")) if found else ()


def _manager_left(stored: StoredApplication) -> tuple[Reason, ...]:
    """That the customer would have a manager who looks after nobody any more (C8.1)."""
    if target_reason(stored.manager) is None:
        return ()
    ((name,),) = rows("SELECT name FROM person WHERE login = ?", (stored.manager,))
    return (Reason("reason.applicant_left", {"name": name}, "C8.1"),)
