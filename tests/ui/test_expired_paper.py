"""C7.1, C3.3 in the window: what stands against an approval greys it, in the service's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from unittest import mock

from chemsales.queries import application_papers
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, DocumentKind
from chemsales.rules.roles import Role
from chemsales.services import accreditation
from chemsales.storage import database as storage
from tests.factory import (
    NOON,
    PDF,
    Clock,
    accredit,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
)
from tests.factory_disqualification import disqualify
from tests.factory_further import begin
from tests.factory_licences import BUSINESS, dated_application, paper, record, verdict
from tests.furnishing import furnish
from tests.scenes import Stage
from tests.ui.reviewing import dialog_of_application, page_of, texts
from ui.main_window import MainWindow

INVOICE = DocumentKind.INVOICE_DATA
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def expired() -> int:
    """An application of the week before, of which the licence ended yesterday."""
    before = Clock(NOON - timedelta(days=7))
    key = dated_application("到期化工有限公司", 3, (NOON - timedelta(days=1)).date(), before)
    submit(session_of("am", before), key)
    return key


def test_c7_1_the_reviewer_reads_that_a_paper_ended_and_can_return_it(
    open_window: Open, settle: Settle
) -> None:
    furnish(expired)
    page = page_of(open_window(Role.SALES_HEAD, "approvals"))
    approve, back = (page.bar.acts[each] for each in (Verdict.APPROVE, Verdict.RETURN))
    assert not approve.isEnabled() and back.isEnabled()
    assert "营业执照（B-3）已于 2026-07-05 到期，不能批准" in approve.toolTip()
    said = [text for text in texts(page.accreditation) if "2026-07-05" in text and "过期" in text]
    assert said == ["营业执照已于 2026-07-05 到期，过期 1 天。"]


def unbegun() -> int:
    """An application with a licence of two weeks later, of a program that asked for nothing."""
    key = make_application(session_of("am"), draft_of("未生效化工有限公司", 5), [INVOICE])
    later = (NOON + timedelta(days=14)).date()
    accreditation.attach(
        session_of("am"), key, BUSINESS, "执照.pdf", PDF, "B-5", later, None, long_term=True
    )
    with mock.patch.object(application_papers, "unbegun_papers", return_value=()):
        submit(session_of("am"), key)
    return key


def test_c7_1_the_reviewer_reads_that_a_paper_is_not_valid_yet(
    open_window: Open, settle: Settle
) -> None:
    furnish(unbegun)
    page = page_of(open_window(Role.SALES_HEAD, "approvals"))
    approve, back = (page.bar.acts[each] for each in (Verdict.APPROVE, Verdict.RETURN))
    assert not approve.isEnabled() and back.isEnabled()
    assert "营业执照自 2026-07-20 起才生效，目前不能提交或批准" in approve.toolTip()
    assert "营业执照自 2026-07-20 起才生效。" in texts(page.accreditation)


def test_c7_1_the_applicant_sees_at_the_paper_that_it_is_not_valid_yet(
    open_window: Open, settle: Settle
) -> None:
    key = furnish(unbegun)
    dialog = dialog_of_application(open_window(Role.ACCOUNT_MANAGER, "customers"), key, settle)
    assert "2026-07-20 起才生效。" in texts(dialog.documents)


def ended() -> None:
    """A renewal that sales accepted on its last day, yesterday, and one of who is disqualified."""
    before = Clock(NOON - timedelta(days=1))
    customer = accredit(draft_of("换证化工有限公司", 6), before)
    late = record(customer, paper("B-60", before().date()), before)
    verdict(late, "sales", clock=before)
    other = accredit(draft_of("取消化工有限公司", 7), before)
    verdict(record(other, paper("B-70"), before), "sales", clock=before)
    disqualify(other, before)


def test_c15_1_c17_1_finance_reads_why_a_paper_is_not_accepted(
    open_window: Open, settle: Settle
) -> None:
    """That it has ended meanwhile, and that its customer is disqualified; both go back."""
    furnish(ended)
    page = page_of(open_window(Role.FINANCE, "approvals"))
    said = {}
    for row in page.queue.rows():
        page.queue.select_key(row.case_id)
        settle()
        approve, back = (page.bar.acts[each] for each in (Verdict.APPROVE, Verdict.RETURN))
        assert not approve.isEnabled() and back.isEnabled()
        said[row.title] = approve.toolTip()
    assert "营业执照已于 2026-07-05 到期，不能再接受" in said["换证化工有限公司"]
    assert "客户资格已于 2026-07-05 取消" in said["取消化工有限公司"]


def test_c17_1_the_manager_reads_why_no_paper_is_recorded(
    open_window: Open, settle: Settle
) -> None:
    furnish(ended)
    window = open_window(Role.ACCOUNT_MANAGER)
    ((key,),) = storage.rows("SELECT id FROM customer WHERE name = '取消化工有限公司'")
    page = Stage(window).page("customers")
    window.go("customers", ("licences", key))
    settle()
    record_button = page.card.licences.record  # type: ignore[attr-defined]
    assert not record_button.isEnabled()
    assert "客户资格已于 2026-07-05 取消" in record_button.toolTip()


def same_day() -> int:
    """An application at the general manager's for another class than the one of today."""
    customer = accredit(draft_of("同日化工有限公司", 4))
    key = begin(customer, ClassRequest("PO", CustomerClass.DIRECT, "江苏", 0, "注塑"))
    submit(session_of("am"), key)
    for login in ("sales", "finance"):
        decide(session_of(login), key)
    return key


def test_c3_3_the_general_manager_reads_why_a_further_class_cannot_begin_today(
    open_window: Open, settle: Settle
) -> None:
    furnish(same_day)
    approve = page_of(open_window(Role.GENERAL_MANAGER, "approvals")).bar.acts[Verdict.APPROVE]
    assert not approve.isEnabled() and "新类别最早次日才能批准" in approve.toolTip()
