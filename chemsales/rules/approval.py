"""Approval chains (审批): a chain is data, decisions are rows, one function moves a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, TypeVar

from chemsales.rules.errors import NotAllowed, Reason, term
from chemsales.rules.roles import Actor, Delegation, Role


class Verdict(StrEnum):
    """What can be written into a case."""

    SUBMIT = "submit"  # 提交
    APPROVE = "approve"  # 同意
    RETURN = "return"  # 退回
    REJECT = "reject"  # 拒绝
    WITHDRAW = "withdraw"  # 撤回
    UNDO = "undo"  # 撤销


class Outcome(StrEnum):
    """How a case stands: open at a stage, back with the applicant, or ended."""

    OPEN = "open"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class StageName(StrEnum):
    """The stages that a chain is made of; APPLICANT is where submissions and withdrawals stand."""

    APPLICANT = "applicant"
    SALES = "sales"  # 销售部审核
    FINANCE = "finance"  # 财务部审核
    GENERAL_MANAGER = "general_manager"  # 总经理审批


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a chain and the role that decides it."""

    name: StageName
    role: Role


@dataclass(frozen=True, slots=True)
class Chain:
    """An ordered tuple of stages, the clause that demands it, and what its last approval puts into
    effect at once: the reason why that one is not undone."""

    name: str
    stages: tuple[Stage, ...]
    clause: str
    effect: Reason

    def stage(self, name: StageName) -> Stage:
        """The stage of this name; KeyError where the chain has none."""
        for stage in self.stages:
            if stage.name is name:
                return stage
        raise KeyError(name)

    def after(self, name: StageName) -> StageName | None:
        """The stage that follows, None after the last."""
        names = [stage.name for stage in self.stages]
        index = names.index(name) + 1
        return names[index] if index < len(names) else None


ACCREDITATION = Chain(
    "accreditation",
    (
        Stage(StageName.SALES, Role.SALES_HEAD),
        Stage(StageName.FINANCE, Role.FINANCE),
        Stage(StageName.GENERAL_MANAGER, Role.GENERAL_MANAGER),
    ),
    "C7.2",
    Reason("reason.undo_final", {}, "C7.2"),
)
EVALUATION = Chain(
    "evaluation",
    (Stage(StageName.SALES, Role.SALES_HEAD),),
    "C16.1",
    Reason("reason.undo_signed", {}, "C16.1"),
)
LICENCE = Chain(
    "licence",
    (Stage(StageName.SALES, Role.SALES_HEAD), Stage(StageName.FINANCE, Role.FINANCE)),
    "C15.2",
    Reason("reason.undo_accepted", {}, "C15.2"),
)
DISQUALIFICATION = Chain(
    "disqualification",
    ACCREDITATION.stages,
    "C17.1",
    Reason("reason.undo_cancelled", {}, "C17.1"),
)
CUSTOMER_CHANGE = Chain(
    "customer_change",
    (Stage(StageName.FINANCE, Role.FINANCE),),
    "C8.1",
    Reason("reason.undo_in_force", {}, "C8.1"),
)
CHAINS = {
    chain.name: chain
    for chain in (ACCREDITATION, EVALUATION, LICENCE, DISQUALIFICATION, CUSTOMER_CHANGE)
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One signed row of a case; a delegate signs on behalf of a principal, "" by the own role."""

    round: int
    stage: StageName
    verdict: Verdict
    signer: str
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the rules see it: its chain, where it stands, who opened it and who signed what.

    The owner corrects it and takes it back: who opened it, until the customer is handed over.
    `applied_before` put up what this case came in the place of, before it was decided.
    """

    chain: Chain
    round: int
    pending: StageName | None
    outcome: Outcome
    opened_by: str
    owner: str
    decisions: tuple[Decision, ...] = ()
    applied_before: frozenset[str] = frozenset()

    @property
    def applicants(self) -> frozenset[str]:
        """Who opened it, owns it or put it up in any round, or what came before it: none of them
        signs a stage (C7.2)."""
        rows = (row.signer for row in self.decisions if row.stage is StageName.APPLICANT)
        return frozenset((self.opened_by, self.owner, *rows)) | self.applied_before


class Signed(Protocol):
    """A decision as any floor has it."""

    @property
    def round(self) -> int: ...
    @property
    def stage(self) -> StageName: ...
    @property
    def verdict(self) -> Verdict: ...


S = TypeVar("S", bound=Signed)


def standing(decisions: Iterable[S]) -> list[S]:
    """The decisions that stand: without those that were undone, and without the undoing rows."""
    kept: list[S] = []
    for row in decisions:
        if row.verdict is Verdict.UNDO:
            kept.pop()  # an undo takes back the row before it and nothing else
        else:
            kept.append(row)
    return kept


def attempt(case: Case, round_: int, stage: StageName) -> int:
    """How often this stage has taken its decision back in this round: the number of its next."""
    undone = (Verdict.UNDO, round_, stage)
    return sum((row.verdict, row.round, row.stage) == undone for row in case.decisions)


def blockers(case: Case, verdict: Verdict, actor: Actor) -> tuple[Reason, ...]:
    """Why `actor` may not give `verdict` now; empty when it may be given (C7.2).

    The same reasons grey the button and are raised by `decide`.
    """
    if verdict is Verdict.SUBMIT:
        return _submit_blockers(case, actor)
    if verdict is Verdict.UNDO:
        return _undo_blockers(case, actor)
    if case.outcome is not Outcome.OPEN or case.pending is None:
        if verdict is Verdict.WITHDRAW and case.outcome is Outcome.RETURNED:
            return _withdraw_blockers(case, actor)
        return (Reason("reason.case_not_open", {"outcome": term(case.outcome)}, case.chain.clause),)
    if verdict is Verdict.WITHDRAW:
        return _withdraw_blockers(case, actor)
    return _sign_blockers(case, case.pending, actor)


def _submit_blockers(case: Case, actor: Actor) -> tuple[Reason, ...]:
    if case.outcome is not Outcome.RETURNED:
        return (
            Reason("reason.case_not_returned", {"outcome": term(case.outcome)}, case.chain.clause),
        )
    return _withdraw_blockers(case, actor)


def _withdraw_blockers(case: Case, actor: Actor) -> tuple[Reason, ...]:
    if actor.login == case.owner:
        return ()
    return (Reason("reason.only_applicant", {"login": case.owner}, case.chain.clause),)


def _undo_blockers(case: Case, actor: Actor) -> tuple[Reason, ...]:
    """A decision is taken back by its signer until the next stage or the applicant has acted; what
    ended a case stands."""
    clause, last = case.chain.clause, case.decisions[-1]
    if case.outcome is Outcome.APPROVED:
        return (case.chain.effect,)
    if case.outcome is Outcome.REJECTED:
        return (Reason("reason.undo_rejected", {}, clause),)
    own = any(row.signer == actor.login for row in standing(case.decisions))
    if last.verdict not in (Verdict.APPROVE, Verdict.RETURN) or (
        own and last.signer != actor.login
    ):
        params = {"stage": term(last.stage), "verdict": term(last.verdict)}
        return (Reason("reason.undo_acted_since", params, clause),)
    if last.signer != actor.login:
        return (Reason("reason.undo_only_signer", {"login": last.signer}, clause),)
    role = case.chain.stage(last.stage).role
    if last.on_behalf_of:
        return delegation_over(case, actor)
    if not actor.holds(role):
        params = {"stage": term(last.stage), "role": term(role)}
        return (Reason("reason.stage_not_yours", params, clause),)
    return ()


def delegation_over(case: Case, actor: Actor) -> tuple[Reason, ...]:
    """That `actor` gave the last signature of a case for another, by a delegation that does not
    stand any more; empty otherwise."""
    last = case.decisions[-1]
    if last.signer != actor.login or not last.on_behalf_of:
        return ()
    given = actor.principals(case.chain.stage(last.stage).role)
    if any(last.on_behalf_of == each.principal for each in given):
        return ()
    params = {"login": last.on_behalf_of}
    return (Reason("reason.undo_delegation_over", params, case.chain.clause),)


def _sign_blockers(case: Case, pending: StageName, actor: Actor) -> tuple[Reason, ...]:
    """The own role goes before a delegated one; of several principals one that is free will do."""
    clause = case.chain.clause
    reasons = []
    role = case.chain.stage(pending).role
    if not actor.holds(role) and not actor.principals(role):
        params = {"stage": term(pending), "role": term(role)}
        reasons.append(Reason("reason.stage_not_yours", params, clause))
    if actor.login in case.applicants:
        reasons.append(Reason("reason.applicant_cannot_sign", {}, clause))
    for stage in _other_stages(case, pending, actor.login):
        params = {"stage": term(stage)}
        reasons.append(Reason("reason.signed_another_stage", params, clause))
    if actor.principals(role) and principal_for(case, pending, actor) is None:
        reasons += _principal_blockers(case, pending, actor.principals(role)[0])
    return tuple(reasons)


def _other_stages(case: Case, pending: StageName, login: str) -> list[StageName]:
    """The other stages that this person has signed or had signed; a signature counts for both
    names on it."""
    return sorted(
        {
            decision.stage
            for decision in case.decisions
            if login in (decision.signer, decision.on_behalf_of)
            and decision.stage not in (pending, StageName.APPLICANT)
        }
    )


def _principal_blockers(case: Case, pending: StageName, given: Delegation) -> list[Reason]:
    """Why nobody may sign this stage on behalf of this principal."""
    clause, who = case.chain.clause, {"name": given.name}
    reasons = []
    if given.principal in case.applicants:
        reasons.append(Reason("reason.principal_is_applicant", who, clause))
    for stage in _other_stages(case, pending, given.principal):
        params = {**who, "stage": term(stage)}
        reasons.append(Reason("reason.principal_signed_another_stage", params, clause))
    return reasons


def principal_for(case: Case, stage: StageName, actor: Actor) -> Delegation | None:
    """On whose behalf this person would sign the stage; None by the own role, and where no
    principal may sign it."""
    given = actor.principals(case.chain.stage(stage).role)
    free = (each for each in given if not _principal_blockers(case, stage, each))
    return next(free, None)


def open_case(chain: Chain, actor: Actor, owner: str) -> Case:
    """A new case of the chain at its first stage, submitted by `actor` in round 1."""
    first = chain.stages[0].name
    submitted = Decision(1, StageName.APPLICANT, Verdict.SUBMIT, actor.login)
    return Case(chain, 1, first, Outcome.OPEN, actor.login, owner, (submitted,))


def decide(case: Case, verdict: Verdict, actor: Actor, comment: str = "") -> Case:
    """The case after this verdict; NotAllowed with its reasons where it may not be given (C7.2).

    A return and a rejection need a comment that says why. A submission after a return opens the
    next round, in which every stage decides again. An undo is a row of its own: it takes back the
    decision before it, and the case is open at that stage again.
    """
    reasons = list(blockers(case, verdict, actor))
    if verdict in (Verdict.RETURN, Verdict.REJECT) and not comment.strip():
        reasons.append(
            Reason("reason.comment_required", {"verdict": term(verdict)}, case.chain.clause)
        )
    if reasons:
        raise NotAllowed(*reasons)
    if verdict is Verdict.SUBMIT:
        row = Decision(case.round + 1, StageName.APPLICANT, verdict, actor.login)
        first = case.chain.stages[0].name
        moved = replace(case, round=case.round + 1, pending=first, outcome=Outcome.OPEN)
    elif verdict is Verdict.WITHDRAW:
        row = Decision(case.round, StageName.APPLICANT, verdict, actor.login)
        moved = replace(case, pending=None, outcome=Outcome.WITHDRAWN)
    elif verdict is Verdict.UNDO:
        last = case.decisions[-1]
        stage = last.stage
        row = Decision(case.round, stage, verdict, actor.login, last.on_behalf_of)
        moved = replace(case, pending=stage, outcome=Outcome.OPEN)
    else:
        assert case.pending is not None
        given = principal_for(case, case.pending, actor)
        principal = given.principal if given else ""
        row = Decision(case.round, case.pending, verdict, actor.login, principal)
        moved = _signed(case, case.pending, verdict)
    return replace(moved, decisions=(*case.decisions, row))


def _signed(case: Case, pending: StageName, verdict: Verdict) -> Case:
    if verdict is Verdict.RETURN:
        return replace(case, pending=None, outcome=Outcome.RETURNED)
    if verdict is Verdict.REJECT:
        return replace(case, pending=None, outcome=Outcome.REJECTED)
    following = case.chain.after(pending)
    outcome = Outcome.OPEN if following else Outcome.APPROVED
    return replace(case, pending=following, outcome=outcome)
