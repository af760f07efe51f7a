"""C7.1, C3.3 in the window: what stands against an approval greys it, in the service's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.roles import Role
from tests.factory import NOON, Clock, accredit, decide, draft_of, session_of, submit
from tests.factory_further import begin
from tests.factory_licences import dated_application
from tests.furnishing import furnish
from tests.ui.reviewing import page_of, texts
from ui.main_window import MainWindow

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
