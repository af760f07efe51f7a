"""One real deed for every action that writes: what the program does when a person asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from chemsales.rules.approval import Verdict
from chemsales.rules.calendar import company_day
from chemsales.rules.classification import CustomerClass
from chemsales.rules.complaints import Severity
from chemsales.rules.evaluation import Aspect
from chemsales.rules.handover import Handover
from chemsales.rules.roles import Action, Role
from chemsales.services import (
    accreditation,
    agent_licences,
    calendar,
    complaints,
    cooperation,
    customer_change,
    customers,
    delegation,
    dispatch,
    disqualification,
    evaluation,
    filing,
    handover,
    licences,
    offtake,
    policy,
    products,
    resale,
    review,
    settings,
    tiers,
    visits,
)  # fmt: skip
from chemsales.services.session import Session, utc_now
from chemsales.storage.database import rows
from tests import factory_complaints, factory_offtake
from tests.factory import PDF, case_of, draft_of, version_of
from tests.factory_customer_change import change, change_version
from tests.factory_disqualification import FORGED, case_version, scans
from tests.factory_filing import inspection
from tests.factory_licences import licence_version, paper
from tests.factory_visits import visit
from tests.security.world import World, half, open_month, quarter

Deed = Callable[[Session, World], object]
TODAY = company_day(utc_now())


def _decide(session: Session, world: World) -> object:
    stages = {Role.FINANCE: 1, Role.GENERAL_MANAGER: 2}
    role = next(iter(session.actor.roles))
    key = world.waiting[stages.get(role, 0)]
    return accreditation.decide(session, key, version_of(key), Verdict.APPROVE, "同意")


def _run_version(run: int) -> int:
    return int(
        rows("SELECT c.version FROM evaluation_run r JOIN approval_case c ON c.id = r.case_id "
             "WHERE r.id = ?", (run,))[0][0]
    )  # fmt: skip


def _customer_version(key: int) -> int:
    return int(rows("SELECT version FROM customer WHERE id = ?", (key,))[0][0])


def _accept(session: Session, world: World) -> object:
    key = world.papers[session.actor.holds(Role.FINANCE)]
    return licences.decide(session, key, licence_version(key), Verdict.APPROVE, "同意")


def _cancel(session: Session, world: World) -> object:
    stages = {Role.FINANCE: 1, Role.GENERAL_MANAGER: 2}
    key = world.proposals[stages.get(next(iter(session.actor.roles)), 0)]
    return disqualification.decide(session, key, case_version(key), Verdict.APPROVE, "同意")


def _urge(session: Session, world: World) -> object:
    """An application of an account manager's own; of the sales head, what it puts up here."""
    if not session.actor.holds(Role.SALES_HEAD):
        return review.urge(session, case_of(world.waiting[0]))
    key = disqualification.propose(session, world.customers[0], FORGED, scans("催办")).value
    ((case_id,),) = rows("SELECT case_id FROM disqualification WHERE id = ?", (key,))
    return review.urge(session, int(case_id))


DEEDS: dict[Action, Deed] = {
    Action.APPLICATION_EDIT: lambda s, w: accreditation.save_draft(s, draft_of("新化工", 90)),
    Action.APPLICATION_SUBMIT: lambda s, w: accreditation.submit(s, w.draft, version_of(w.draft)),
    Action.APPLICATION_WITHDRAW: lambda s, w: accreditation.withdraw(
        s, w.returned, version_of(w.returned)
    ),
    Action.ACCREDITATION_DECIDE: _decide,
    Action.CASE_URGE: _urge,
    Action.IDENTIFIER_OVERRIDE: lambda s, w: accreditation.override_identifier(
        s, w.faulty, "早期试点代码，经核对执照原件", version_of(w.faulty)
    ),
    Action.DELEGATE: lambda s, w: delegation.delegate(
        s, "am2", next(iter(s.actor.roles)), s.today(), s.today() + timedelta(days=3), "出差"
    ),
    Action.CLASS_CHANGE: lambda s, w: customers.change_class(
        s, w.customers[0], "PO", CustomerClass.DIRECT, TODAY - timedelta(days=1), "合同",
        _customer_version(w.customers[0]),
    ),
    Action.CUSTOMER_CHANGE: lambda s, w: change(
        w.customers[0], s, account="5329010210310603", invoice_phone="0532-86890000", contacts=()
    ),
    Action.CUSTOMER_CHANGE_DECIDE: lambda s, w: customer_change.decide(
        s, w.change, change_version(w.change), Verdict.APPROVE, "同意"
    ),
    Action.CUSTOMER_HANDOVER: lambda s, w: handover.hand_over(
        s, w.customers, Handover("am2", TODAY, "岗位调整")
    ),
    Action.RESALE_NOTE: lambda s, w: resale.note(s, w.direct[1], "转售"),
    Action.RESALE_CLOSE: lambda s, w: resale.close(s, w.finding, "已核实"),
    Action.VISIT_NOTE: lambda s, w: visits.note(s, w.customers[0], visit(TODAY)),
    Action.COMPLAINT_ACCEPT: lambda s, w: complaints.accept(
        s, w.customers[0], factory_complaints.draft(s)
    ),
    Action.COMPLAINT_REGRADE: lambda s, w: complaints.regrade(
        s, w.complaint, Severity.MAJOR, "停车待料"
    ),
    Action.COMPLAINT_CLOSE: lambda s, w: complaints.close(
        s, w.complaint, factory_complaints.closing(s)
    ),
    Action.MNEMONIC_EDIT: lambda s, w: customers.set_mnemonic(
        s, w.customers[0], "jsl", _customer_version(w.customers[0])
    ),
    Action.OFFTAKE_IMPORT: lambda s, w: factory_offtake.pick_up(
        s, factory_offtake.weekdays(open_month(), 10_000, w.customers[0])
    ),
    Action.OFFTAKE_UNDO: lambda s, w: offtake.undo_import(s, w.batch, "重复导入"),
    Action.DISQUALIFICATION_PROPOSE: lambda s, w: disqualification.propose(
        s, w.customers[0], FORGED, scans("回函")
    ),
    Action.DISQUALIFICATION_DECIDE: _cancel,
    Action.DISPATCH_SEND: lambda s, w: dispatch.send(s, list(w.unsent.values())),
    Action.DISPATCH_ACKNOWLEDGE: lambda s, w: dispatch.acknowledge(
        s, [w.sent["" if s.actor.holds(Role.FINANCE) else "QD"]], s.today(), "刘工"
    ),
    Action.FILING_MAKE: lambda s, w: filing.make(s, list(w.customers)),
    Action.INSPECTION_RECORD: lambda s, w: filing.record_inspection(
        s, inspection(TODAY, w.customers[0])
    ),
    Action.FINDING_CLOSE: lambda s, w: filing.close_finding(s, 1, "已补齐"),
    Action.LICENCE_RECORD: lambda s, w: licences.record(
        s, w.customers[0], paper("R-3"), "执照.pdf", PDF + b"R-3"
    ),
    Action.LICENCE_DECIDE: _accept,
    Action.AGENT_LICENCE_ISSUE: lambda s, w: agent_licences.issue(s, w.agents[1]),
    Action.LICENCE_RUN: lambda s, w: licences.run(s),
    Action.COOPERATION_RATE: lambda s, w: cooperation.rate(
        s, w.customers[0], quarter()[1][2], [(Aspect.PLAN_ON_TIME, 70, "迟报两次")]
    ),
    Action.COOPERATION_CONFIRM: lambda s, w: cooperation.confirm(s, w.rating, 1),
    Action.MONTH_CLOSE: lambda s, w: tiers.close_month(s, open_month()),
    Action.MONTH_REOPEN: lambda s, w: tiers.reopen_month(s, quarter()[1][1], "补录磅单"),
    Action.EVALUATION_COMPUTE: lambda s, w: evaluation.compute(s, half()),
    Action.EVALUATION_SIGN: lambda s, w: evaluation.sign(
        s, w.run, _run_version(w.run), Verdict.RETURN, "再核对"
    ),
    Action.POLICY_EDIT: lambda s, w: policy.add_edition(
        s, TODAY + timedelta(days=40), {"level_gate_score": 65}, "办公会纪要"
    ),
    Action.CALENDAR_EDIT: lambda s, w: calendar.set_day(s, date(2031, 5, 1), "off", "劳动节"),
    Action.PRODUCT_EDIT: lambda s, w: products.add_product(s, "EG-1", "乙二醇", "EG"),
    Action.SETTINGS_EDIT: lambda s, w: settings.set_value(s, "company", "新公司"),
}  # fmt: skip

# what writes no table with the person's own rights: reading, files, and the logins themselves,
# where it hangs on whom they concern (see test_people)
NOT_BY_TABLES = {
    Action.READ, Action.RULES_READ, Action.REPORT_PRINT, Action.DUTIES_REPORT, Action.VERIFY,
    Action.BACKUP, Action.PEOPLE_READ, Action.PEOPLE_EDIT, Action.RESET_CONFIRM,
    Action.OWN_PASSWORD,
}  # fmt: skip
