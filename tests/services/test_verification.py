"""States derived again: a department at work verifies; whatever is altered under it is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chemsales.queries import evaluation as runs
from chemsales.queries import histories
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.handover import Handover
from chemsales.rules.roles import Role
from chemsales.services import audit, customers, evaluation, handover, tiers
from chemsales.services.session import Session
from chemsales.storage import database
from chemsales.storage.database import rows
from tests import factory
from tests.factory import Clock, accredit, draft_of
from tests.factory_agents import agent, licensed
from tests.factory_customer_change import change, judge, move_account
from tests.factory_dispatch import acknowledge, items, open_offices, send
from tests.factory_disqualification import disqualify
from tests.factory_filing import file, inspect
from tests.factory_offtake import close, pick_up, plan, rate, weekdays
from tests.services.test_audit import tamper

AsRole = Callable[..., Session]


def test_customers_to_whom_everything_happened_verify(ready: str, clock: Clock) -> None:
    """Licensed, changed, of another class, reported, filed, handed over, disqualified."""
    clock.set(2026, 3, 2)
    open_offices(clock)
    dealer, key = (
        accredit(draft_of("核验一有限公司", 1), clock),
        agent("核验二有限公司", 2, clock=clock),
    )
    licensed(key, clock)
    send(dealer, clock)
    acknowledge(items(dealer)["QD"], "am", clock)
    inspect(clock().date(), key, file([dealer, key], clock))
    clock.advance(days=1)
    head = factory.session_of("sales", clock)
    change(dealer, "am", clock, None, invoice_phone="0532-86891234")
    judge(move_account(dealer, clock), clock=clock)
    for customer, group, wanted in (
        (dealer, "PO", CustomerClass.DIRECT), (key, "EG", CustomerClass.DEALER),
    ):  # fmt: skip
        ((version,),) = rows("SELECT version FROM customer WHERE id = ?", (customer,))
        customers.change_class(head, customer, group, wanted, head.today(), "合同", version)
    handover.hand_over(head, [key], Handover("am2", head.today(), "张伟离职"))
    assert audit.verify(factory.session_of("auditor", clock)).problems == ()
    clock.set(2026, 7, 6)
    disqualify(dealer, clock)
    assert audit.verify(factory.session_of("auditor", clock)).problems == ()


@pytest.fixture
def at_work(ready: str, as_role: AsRole, clock: Clock) -> None:
    """An accreditation with a return, a rejected one, imports, closings, a signed evaluation."""
    clock.set(2026, 3, 2)
    customer = accredit(draft_of("核验一有限公司", 1), clock)
    am = factory.session_of("am", clock)
    returned = factory.make_application(am, draft_of("核验二有限公司", 2))
    factory.submit(am, returned)
    factory.decide(factory.session_of("sales", clock), returned, Verdict.RETURN, "补材料")
    factory.submit(am, returned)
    rejected = factory.make_application(am, draft_of("核验三有限公司", 3))
    factory.submit(am, rejected)
    factory.decide(factory.session_of("sales", clock), rejected, Verdict.REJECT, "不符合条件")
    clock.set(2026, 7, 6)
    pick_up(am, weekdays("2026-05", 50_000, customer))
    plan(am, [(customer, "PP-T30S", "2026-05", 900_000, 0)])
    rate(clock, customer, "2026-05", 90)
    sales = as_role(Role.SALES_HEAD)
    close(sales, "2026-05")
    tiers.reopen_month(sales, "2026-05", "复核")
    close(sales, "2026-05")
    run_id = evaluation.compute(am, "2026Q2").value
    evaluation.sign(sales, run_id, runs.runs(am.actor)[0].version, Verdict.APPROVE)
    audit.seal()


def codes(as_role: AsRole) -> list[str]:
    """The codes of all problems that verification finds."""
    return [p.reason.code for p in audit.verify(as_role(Role.AUDITOR)).problems]


def test_a_department_at_work_verifies(at_work: None, as_role: AsRole) -> None:
    found = audit.verify(as_role(Role.AUDITOR))
    assert found.problems == ()
    counts = dict(found.counts)
    assert counts["approval_case"] == 4 and counts["closing"] == 2 and counts["evaluation"] == 1


@pytest.mark.parametrize(
    ("sql", "table", "code"),
    [
        ("UPDATE approval_case SET outcome = 'approved', pending = NULL WHERE outcome = 'open'",
         "approval_case", "reason.case_differs_from_decisions"),
        ("UPDATE approval_case SET snapshot = '{}' WHERE id = 1", "approval_case",
         "reason.case_snapshot_altered"),
        ("UPDATE decision SET signer = 'sales' WHERE id = 3", "decision",
         "reason.case_decisions_impossible"),
        ("UPDATE decision SET comment = '同意，无条件' WHERE id = 3", "decision",
         "reason.seal_row_altered"),
        ("DELETE FROM decision WHERE id = 4", "decision", "reason.case_differs_from_decisions"),
        ("UPDATE application SET state = 'accredited' WHERE state = 'rejected'", "application",
         "reason.application_differs_from_case"),
        ("UPDATE customer SET case_id = 2", "customer", "reason.customer_unapproved"),
        ("UPDATE pickup SET kg = kg + 1 WHERE id = 1", "pickup",
         "reason.closing_differs"),
        ("DELETE FROM plan_line", "plan_line", "reason.batch_altered"),
        ("UPDATE tier_result SET level_after = 'three_star'", "tier_result",
         "reason.closing_altered"),
        ("UPDATE evaluation SET grade = 'fail'", "evaluation", "reason.evaluation_altered"),
        ("UPDATE cooperation_evidence SET points = 100", "cooperation_evidence",
         "reason.seal_row_altered"),
        ("DELETE FROM document_blob", "document_blob", None),
        ("UPDATE customer SET bank = '别的银行'", "customer", "reason.customer_differs_from_case"),
        ("UPDATE customer SET manager = 'am2'", "customer", "reason.row_differs_from_history"),
        ("UPDATE customer_class SET customer_class = 'direct'", "customer_class",
         "reason.classes_differ_from_case"),
        ("UPDATE customer_class SET to_day = '2026-06-30'", "customer_class",
         "reason.classes_differ_from_case"),
        ("UPDATE tier_start SET level = 'three_star'", "tier_start",
         "reason.start_differs_from_case"),
        ("DELETE FROM tier_start", "tier_start", "reason.row_differs_from_history"),
        ("UPDATE cooperation_rating SET score = 100", "cooperation_rating",
         "reason.rating_differs_from_evidence"),
        ("UPDATE cooperation_rating SET confirmed_by = rated_by", "cooperation_rating",
         "reason.rating_differs_from_evidence"),
        ("UPDATE numbering SET last = last + 1 WHERE series = 'customer'", "numbering",
         "reason.numbers_with_gaps"),
        ("UPDATE application SET number = 'SQ2026-0009' WHERE id = 3", "application",
         "reason.numbers_with_gaps"),
        ("UPDATE rule_edition SET effective_from = '2026-01-02'", "rule_edition",
         "reason.seal_row_altered"),
        ("UPDATE rule_edition SET decided_by = 'gm'", "rule_edition",
         "reason.edition_out_of_order"),
        ("UPDATE person_role SET role = 'general_manager' WHERE login = 'am'", "person_role",
         "reason.row_differs_from_history"),
        ("INSERT INTO person_role (login, role) VALUES ('am', 'sales_head')", "person_role",
         "reason.row_without_history"),
        ("UPDATE setting SET value = '别的公司'", "setting", "reason.row_differs_from_history"),
        ("UPDATE product SET group_code = 'EG' WHERE code = 'PP-T30S'", "product",
         "reason.row_differs_from_history"),
        ("UPDATE calendar_day SET kind = 'work' WHERE day = '2026-01-01'", "calendar_day",
         "reason.row_differs_from_history"),
        ("UPDATE change SET who = 'gm' WHERE id = 5", "change", "reason.change_of_another"),
        ("INSERT INTO event (key, at, who, use_case, outcome, subject, subject_id, clause, "
         "reasons, detail) VALUES ('k', '2026-07-06T04:00:00.000000Z', 'gm', "
         "'accreditation.decide', 'done', 'accreditation', '1', 'C7.2', '[]', '{}')", "event",
         "reason.event_without_trace"),
    ],
)  # fmt: skip
def test_whatever_is_altered_is_named(
    at_work: None, as_role: AsRole, sql: str, table: str, code: str | None
) -> None:
    if code is None:
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            tamper(sql, table)
        return
    tamper(sql, table)
    assert code in codes(as_role)


def test_another_scan_under_the_same_hash_is_found(at_work: None, as_role: AsRole) -> None:
    first = database.rows("SELECT min(sha256) FROM document_blob")[0][0]
    tamper("SELECT 1", "document_blob")
    database.execute("UPDATE document_blob SET data = ? WHERE sha256 = ?", (b"%PDF forged", first))
    assert codes(as_role) == ["reason.document_altered"]


def test_every_history_is_keyed_as_its_table_is(at_work: None) -> None:
    tables = [table for (table,) in database.rows("SELECT DISTINCT table_name FROM change")]
    assert len(tables) > 12
    for table in tables:
        found = database.database.get_primary_keys(table)
        assert found == [histories.KEYS.get(table, "id")], table
