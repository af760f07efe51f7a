"""Refused parties for tests of a server: what they were called and had, now and before."""

from __future__ import annotations

from chemsales.rules.approval import Verdict
from chemsales.services.session import utc_now
from tests.factory import accredit, decide, draft_of, make_application, session_of, submit
from tests.factory_customer_change import change, judge
from tests.factory_disqualification import give, propose

OUT = draft_of(
    "淄博恶意贸易有限公司", 91, former_name="淄博旧恶贸易有限公司", parent_company="旧恶控股集团",
    legal_person="孙大新（小）", account="37101986010051500091", invoice_phone="0533-7654321",
    registered_address="淄博市张店区 1 号", business_address="淄博市张店区 2 号",
    invoice_address="淄博市张店区 3 号",
)  # fmt: skip
LATER = {"account": "99990091", "legal_person": "孙二新"}
REJECTED = draft_of("沧州老赖化工有限公司", 92, legal_person="陈大立", account="99990092")


def refused_parties() -> None:
    """A customer of am whose qualification is cancelled, with another account and another legal
    person by then, and an application of am that was rejected."""
    customer = accredit(OUT, utc_now)
    key = change(customer, session_of("am", utc_now), **LATER)
    assert key is not None
    judge(key, session_of("finance", utc_now))
    made = propose(customer, utc_now)  # type: ignore[arg-type]
    for login in ("sales", "finance", "gm"):
        give(made, session_of(login, utc_now))
    am = session_of("am", utc_now)
    rejected = make_application(am, REJECTED)
    submit(am, rejected)
    decide(session_of("sales", utc_now), rejected, Verdict.REJECT, "资信不良")
