"""Who may do what: the one table that windows, services and tests read; closed by default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chemsales.rules.errors import Forbidden, Reason, term


class Role(StrEnum):
    """The roles of the department (R9.4-9.6, C4, C5, C7)."""

    ACCOUNT_MANAGER = "account_manager"  # 客户经理
    SALES_HEAD = "sales_head"  # 销售部负责人
    FINANCE = "finance"  # 财务部
    GENERAL_MANAGER = "general_manager"  # 总经理
    ADMINISTRATOR = "administrator"  # 系统管理员
    AUDITOR = "auditor"  # 审计


class Action(StrEnum):
    """Everything a person can ask the program for; each has a row in PERMISSIONS."""

    READ = "read"
    RULES_READ = "rules_read"
    APPLICATION_EDIT = "application_edit"
    APPLICATION_SUBMIT = "application_submit"
    APPLICATION_WITHDRAW = "application_withdraw"
    CASE_URGE = "case_urge"
    ACCREDITATION_DECIDE = "accreditation_decide"
    IDENTIFIER_OVERRIDE = "identifier_override"
    DELEGATE = "delegate"
    DISQUALIFICATION_PROPOSE = "disqualification_propose"
    DISQUALIFICATION_DECIDE = "disqualification_decide"
    CUSTOMER_CHANGE = "customer_change"
    CUSTOMER_CHANGE_DECIDE = "customer_change_decide"
    CUSTOMER_HANDOVER = "customer_handover"
    MNEMONIC_EDIT = "mnemonic_edit"
    CLASS_CHANGE = "class_change"
    RESALE_NOTE = "resale_note"
    RESALE_CLOSE = "resale_close"
    VISIT_NOTE = "visit_note"
    COMPLAINT_ACCEPT = "complaint_accept"
    COMPLAINT_REGRADE = "complaint_regrade"
    COMPLAINT_CLOSE = "complaint_close"
    DISPATCH_SEND = "dispatch_send"
    DISPATCH_ACKNOWLEDGE = "dispatch_acknowledge"
    FILING_MAKE = "filing_make"
    INSPECTION_RECORD = "inspection_record"
    FINDING_CLOSE = "finding_close"
    OFFTAKE_IMPORT = "offtake_import"
    OFFTAKE_UNDO = "offtake_undo"
    LICENCE_RECORD = "licence_record"
    LICENCE_DECIDE = "licence_decide"
    LICENCE_RUN = "licence_run"
    AGENT_LICENCE_ISSUE = "agent_licence_issue"
    COOPERATION_RATE = "cooperation_rate"
    COOPERATION_CONFIRM = "cooperation_confirm"
    MONTH_CLOSE = "month_close"
    MONTH_REOPEN = "month_reopen"
    EVALUATION_COMPUTE = "evaluation_compute"
    EVALUATION_SIGN = "evaluation_sign"
    REPORT_PRINT = "report_print"
    DUTIES_REPORT = "duties_report"
    POLICY_EDIT = "policy_edit"
    CALENDAR_EDIT = "calendar_edit"
    PRODUCT_EDIT = "product_edit"
    PEOPLE_READ = "people_read"
    PEOPLE_EDIT = "people_edit"
    RESET_CONFIRM = "reset_confirm"
    SETTINGS_EDIT = "settings_edit"
    OWN_PASSWORD = "own_password"
    BACKUP = "backup"
    VERIFY = "verify"


_AM, _SALES, _FIN, _GM = (
    Role.ACCOUNT_MANAGER,
    Role.SALES_HEAD,
    Role.FINANCE,
    Role.GENERAL_MANAGER,
)
_ADMIN, _AUDIT = Role.ADMINISTRATOR, Role.AUDITOR
_BUSINESS = frozenset({_AM, _SALES, _FIN, _GM})
_EVERYBODY = frozenset(Role)

PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.READ: _BUSINESS | {_AUDIT},
    Action.RULES_READ: _EVERYBODY,
    Action.APPLICATION_EDIT: frozenset({_AM}),
    Action.APPLICATION_SUBMIT: frozenset({_AM}),
    Action.APPLICATION_WITHDRAW: frozenset({_AM}),
    Action.CASE_URGE: frozenset({_AM, _SALES}),
    Action.ACCREDITATION_DECIDE: frozenset({_SALES, _FIN, _GM}),
    Action.IDENTIFIER_OVERRIDE: frozenset({_SALES, _FIN}),
    Action.DELEGATE: frozenset({_SALES, _FIN, _GM}),
    Action.DISQUALIFICATION_PROPOSE: frozenset({_AM, _SALES}),
    Action.DISQUALIFICATION_DECIDE: frozenset({_SALES, _FIN, _GM}),
    Action.CUSTOMER_CHANGE: frozenset({_AM, _SALES}),
    Action.CUSTOMER_CHANGE_DECIDE: frozenset({_FIN}),
    Action.CUSTOMER_HANDOVER: frozenset({_SALES, _ADMIN}),
    Action.MNEMONIC_EDIT: frozenset({_AM}),
    Action.CLASS_CHANGE: frozenset({_SALES}),
    Action.RESALE_NOTE: frozenset({_AM, _SALES}),
    Action.RESALE_CLOSE: frozenset({_SALES}),
    Action.VISIT_NOTE: frozenset({_AM, _SALES}),
    Action.COMPLAINT_ACCEPT: frozenset({_AM, _SALES}),
    Action.COMPLAINT_REGRADE: frozenset({_AM, _SALES}),
    Action.COMPLAINT_CLOSE: frozenset({_SALES}),
    Action.DISPATCH_SEND: frozenset({_AM, _SALES}),
    Action.DISPATCH_ACKNOWLEDGE: frozenset({_AM, _SALES, _FIN}),
    Action.FILING_MAKE: frozenset({_SALES}),
    Action.INSPECTION_RECORD: frozenset({_SALES}),
    Action.FINDING_CLOSE: frozenset({_AM, _SALES}),
    Action.OFFTAKE_IMPORT: frozenset({_AM, _SALES}),
    Action.OFFTAKE_UNDO: frozenset({_AM, _SALES}),
    Action.LICENCE_RECORD: frozenset({_AM}),
    Action.LICENCE_DECIDE: frozenset({_SALES, _FIN}),
    Action.LICENCE_RUN: _BUSINESS,
    Action.AGENT_LICENCE_ISSUE: frozenset({_SALES}),
    Action.COOPERATION_RATE: frozenset({_AM}),
    Action.COOPERATION_CONFIRM: frozenset({_SALES}),
    Action.MONTH_CLOSE: frozenset({_SALES}),
    Action.MONTH_REOPEN: frozenset({_SALES}),
    Action.EVALUATION_COMPUTE: frozenset({_AM, _SALES}),
    Action.EVALUATION_SIGN: frozenset({_SALES}),
    Action.REPORT_PRINT: _BUSINESS | {_AUDIT},
    Action.DUTIES_REPORT: frozenset({_SALES, _FIN, _GM, _AUDIT}),
    Action.POLICY_EDIT: frozenset({_SALES}),
    Action.CALENDAR_EDIT: frozenset({_SALES, _ADMIN}),
    Action.PRODUCT_EDIT: frozenset({_SALES, _ADMIN}),
    Action.PEOPLE_READ: frozenset({_ADMIN, _AUDIT}),
    Action.PEOPLE_EDIT: frozenset({_ADMIN}),
    Action.RESET_CONFIRM: frozenset({_ADMIN, _AUDIT}),
    Action.SETTINGS_EDIT: frozenset({_ADMIN}),
    Action.OWN_PASSWORD: _EVERYBODY,
    Action.BACKUP: frozenset({_ADMIN}),
    Action.VERIFY: frozenset({_ADMIN, _AUDIT}),
}
SIGNING = frozenset({_SALES, _FIN, _GM})  # the roles that decide cases, and delegate that
BUSINESS = _BUSINESS
DELEGABLE = frozenset(
    {
        Action.ACCREDITATION_DECIDE, Action.EVALUATION_SIGN, Action.LICENCE_DECIDE,
        Action.DISQUALIFICATION_DECIDE, Action.CUSTOMER_CHANGE_DECIDE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delegation:
    """That a principal lets another person sign in a role from the first to the last day, both
    included (C7.2); `name` is the principal's."""

    principal: str
    name: str
    role: Role
    first: date
    last: date

    def stands_on(self, day: date) -> bool:
        """Whether this is one of its days."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts: login, the name that is printed, the roles held, and the delegations
    received, the earliest first."""

    login: str
    name: str
    roles: frozenset[Role]
    delegations: tuple[Delegation, ...] = ()

    def holds(self, role: Role) -> bool:
        """Whether this person has the role."""
        return role in self.roles

    def is_as(self, other: Actor) -> bool:
        """Whether this is the same person with the same name and roles."""
        return replace(self, delegations=other.delegations) == other

    def on(self, day: date) -> Actor:
        """The same person with the delegations of this day alone."""
        kept = tuple(each for each in self.delegations if each.stands_on(day))
        return replace(self, delegations=kept) if kept != self.delegations else self

    def principals(self, role: Role) -> tuple[Delegation, ...]:
        """For whom this person signs in a role: for nobody where the role is the own one."""
        if self.holds(role):
            return ()
        return tuple(each for each in self.delegations if each.role is role)


def blockers(actor: Actor, action: Action) -> tuple[Reason, ...]:
    """The reasons that forbid `action` to `actor`; empty when the roles allow it, or for a
    signature one that is delegated to them."""
    held = actor.roles
    if action in DELEGABLE:
        held |= {each.role for each in actor.delegations}
    if held & PERMISSIONS.get(action, frozenset()):
        return ()
    return (Reason("reason.role_lacks_action", {"action": term(action)}, "C5.1"),)


def check(actor: Actor, action: Action) -> None:
    """Raise Forbidden with its reasons unless the actor's roles allow the action."""
    reasons = blockers(actor, action)
    if reasons:
        raise Forbidden(*reasons)


def role_conflicts(roles: Iterable[Role]) -> tuple[Reason, ...]:
    """Why one person may not hold these roles (separation of duties); empty when one may.

    An administrator or an auditor holds nothing else; at most one of sales head, finance and
    general manager is held by a person (C7.2: the three stages are three people).
    """
    held = frozenset(roles)
    reasons = []
    for alone in (Role.ADMINISTRATOR, Role.AUDITOR):
        if alone in held and len(held) > 1:
            reasons.append(Reason("reason.role_must_stand_alone", {"role": term(alone)}, "C7.2"))
    if len(held & SIGNING) > 1:
        reasons.append(Reason("reason.roles_of_two_stages", {}, "C7.2"))
    if not held:
        reasons.append(Reason("reason.role_missing"))
    return tuple(reasons)
