"""A file in which a department has worked, with rows in every table that has a use."""

from __future__ import annotations

import functools
import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.complaints import Severity
from chemsales.rules.customer import ClassRequest
from chemsales.rules.handover import Handover
from chemsales.rules.roles import Role
from chemsales.services import (
    audit,
    complaints,
    delegation,
    handover,
    licences,
    people,
    resale,
    review,
    visits,
)
from tests import (
    factory,
    factory_agents,
    factory_complaints,
    factory_customer_change,
    factory_dispatch,
    factory_disqualification,
    factory_filing,
    factory_licences,
    factory_visits,
    furnishing,
)
from tests.conftest import opened


@functools.cache
def worked() -> Path:
    """The file, made once in a process; nobody has it open. It is not sealed: the key that seals it
    is the one of whoever copies it."""
    path = Path(tempfile.mkdtemp(prefix="chemsales-worked-")) / "worked.db"
    with opened(f"sqlite:///{path}"):
        factory.seed_department()
        factory_dispatch.open_offices()
        _licences()
        furnishing.returned()
        furnishing.run()
        review.urge(factory.session_of("am"), factory.case_of(furnishing.accepted()))
        _delegations()
        changed = _proposal()
        factory_customer_change.judge(factory_customer_change.move_account(changed))
        _dispatch()
        _handover(changed)
        factory_agents.licensed(factory_agents.agent("东营亚通化工有限公司", 63))
        _resale()
        _visit(changed)
        _complaints(1)
        people.reset_password(factory.session_of("admin"), "am2")
    return path


def _resale() -> None:
    """A direct customer was found to sell on."""
    asked = [ClassRequest("EG", CustomerClass.DIRECT, "", 200_000, "聚酯切片")]
    customer = factory.accredit(factory.draft_of("滨州裕华化工有限公司", 64, asked))
    resale.note(factory.session_of("am"), factory_agents.class_of(customer), "提货后转售给第三方")


def _visit(customer: int) -> None:
    """One visit by the sales head, corrected once."""
    sales = factory.session_of("sales")
    key = visits.note(sales, customer, factory_visits.visit(sales.today())).value
    visits.correct(sales, key, factory_visits.visit(sales.today(), needs="无"))


def _complaints(customer: int) -> None:
    """One is open and re-graded, one is closed."""
    key = factory_complaints.accept(customer)
    am = factory.session_of("am")
    complaints.regrade(am, key, Severity.SERIOUS, "客户停车待料")
    factory_complaints.close(factory_complaints.accept(customer))


def _delegations() -> None:
    """The general manager's for a week, and one that was revoked."""
    gm, finance = factory.session_of("gm"), factory.session_of("finance")
    today = gm.today()
    last = today + timedelta(days=6)
    delegation.delegate(gm, "finance", Role.GENERAL_MANAGER, today, last, "出差")
    ended = delegation.delegate(finance, "gm", Role.FINANCE, last, last, "年休假").value
    delegation.revoke(finance, ended)


def _licences() -> None:
    """A suspension that has begun and ended, noted."""
    then = factory.Clock(factory.NOON - timedelta(days=150))
    factory_licences.lapsed("临邑恒昌化工有限公司", 61, then)
    licences.run(factory.session_of("sales"))


def _proposal() -> int:
    """One to cancel a qualification, which was rejected: the customer stays as it was."""
    customer = factory.accredit(factory.draft_of("聊城东昌化工有限公司", 62))
    key = factory_disqualification.propose(customer)
    factory_disqualification.give(key, "sales", Verdict.REJECT, "发证机关确认已核发")
    return customer


def _handover(customer: int) -> None:
    """It goes to the other account manager."""
    given = Handover("am2", factory.session_of("sales").today(), "岗位调整")
    handover.hand_over(factory.session_of("sales"), [customer], given)


def _dispatch() -> None:
    """What was reported of one customer, sent and acknowledged by an office; a filing and an
    inspection of it."""
    factory_dispatch.send(1)
    factory_dispatch.acknowledge(factory_dispatch.items(1)["QD"], "am")
    today = factory.session_of("sales").today()
    factory_filing.inspect(today, 1, factory_filing.file([1]))


def copy_to(path: Path) -> str:
    """A copy of the file, sealed with the key of this program's folder; its URL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(worked())) as one, closing(sqlite3.connect(path)) as other:
        one.backup(other)
    with opened(f"sqlite:///{path}") as url:
        audit.seal()
    return url
