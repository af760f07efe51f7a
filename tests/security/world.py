"""A department with something waiting at every place, some months back from the real today: the
server takes the time from its own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.complaints import Severity
from chemsales.rules.customer import ClassRequest, DocumentKind
from chemsales.rules.periods import month_range, next_month, previous_month
from chemsales.rules.roles import Role
from chemsales.services import complaints, evaluation, resale, visits
from chemsales.services.session import utc_now
from chemsales.storage.database import connected, rows
from tests import factory, factory_offtake
from tests.factory import (
    Clock,
    accredit,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
)  # fmt: skip
from tests.factory_agents import class_of, licensed
from tests.factory_complaints import accept as complain
from tests.factory_customer_change import change
from tests.factory_dispatch import items, open_offices, send
from tests.factory_disqualification import give, propose
from tests.factory_filing import file, inspect
from tests.factory_licences import lapsed, paper, record
from tests.factory_licences import verdict as give_verdict
from tests.factory_visits import visit

FAILING = "914403001922038217"  # a real company's early code, whose check digit fails
DRAFT, FAULTY, RETURNED, WAITING = "草稿化工", "旧码化工", "退回化工", "待审化工"
ACCUSED = "失信化工"
PAPERS = (
    DocumentKind.BUSINESS_LICENCE,
    DocumentKind.INVOICE_DATA,
    DocumentKind.HAZARDOUS_LICENCE,
)
HOLDER = {role: login for login, _, role in reversed(factory.PEOPLE)}


def quarter() -> tuple[str, list[str]]:
    """The last quarter that is over, and its months."""
    today = date.today()
    number = (today.month - 1) // 3
    year, number = (today.year, number) if number else (today.year - 1, 4)
    return f"{year}Q{number}", month_range(
        f"{year}-{3 * number - 2:02d}", f"{year}-{3 * number:02d}"
    )


def half() -> str:
    """The half-year of that quarter."""
    period = quarter()[0]
    return f"{period[:4]}H{1 if int(period[-1]) < 3 else 2}"


def open_month() -> str:
    """The month before the quarter, with pick-ups and not closed."""
    return previous_month(quarter()[1][0])


def _clock_of(month: str) -> Clock:
    """The second day after a month."""
    first = date.fromisoformat(f"{next_month(month)}-01")
    return Clock(datetime(first.year, first.month, 2, 4, tzinfo=UTC))


def build() -> None:
    """Fill the database of the process; by the real services with the clock put back."""
    factory.seed_department()
    factory.employ("head2", Role.SALES_HEAD)  # who computes does not sign
    then = Clock(utc_now() - timedelta(days=400))
    open_offices(then, 1)
    customers = [lapsed("甲塑料", 60, then), accredit(draft_of("乙塑料", 61), then)]
    months = [open_month(), *quarter()[1]]
    for place, month in enumerate(months):
        clock = _clock_of(month)
        am = session_of("am", clock)
        for at, customer in enumerate(customers):
            lines = factory_offtake.weekdays(month, 50_000 + 30_000 * at + 9_000 * place, customer)
            factory_offtake.pick_up(am, lines)
            if place == 0:
                continue
            factory_offtake.plan(am, [(customer, "PP-T30S", month, 1_500_000, 0)])
            factory_offtake.rate(clock, customer, month, 80 + at, confirm=place > 1)
        if place:
            factory_offtake.close(session_of("sales", clock), month)
    send(customers[0], then, "sales")
    inspect(then.instant.date(), customers[0], file(customers[:1], then))
    now = session_of("am", utc_now)
    evaluation.compute(now, quarter()[0])
    _applications()
    _licences(customers[0])
    _proposals()
    change(customers[1], clock=utc_now, account="5329010210310602")
    for customer in customers:
        visits.note(now, customer, visit(now.today()))
    complain(customers[0], utc_now)
    grave = complain(customers[0], utc_now)
    complaints.regrade(now, grave, Severity.SERIOUS, "停车待料")


def _licences(customer: int) -> None:
    """Two more papers, one at sales, one at finance."""
    for number, kind in (("R-1", DocumentKind.NATIONAL_TAX), ("R-2", DocumentKind.LOCAL_TAX)):
        key = record(customer, paper(number, kind=kind), utc_now)
    give_verdict(key, "sales", clock=utc_now)


def _proposals() -> None:
    """Customers whose qualification is to be cancelled: at sales, finance, general manager. The
    first two are direct customers of a group too, one of which was found to sell on; the last is an
    exclusive agent of two groups, of one with its licence."""
    direct = [ClassRequest("EG", CustomerClass.DIRECT, "", 0, "自用")]
    agent = [ClassRequest(group, CustomerClass.AGENT, "江苏", 0, "贸易") for group in ("EG", "BZ")]
    for place, more in enumerate((direct, direct, agent)):
        draft = draft_of(f"{ACCUSED}{place}", 95 + place, [*draft_of("x").classes, *more])
        customer = accredit(draft, utc_now, documents=PAPERS)
        if not place:
            resale.note(session_of("am", utc_now), class_of(customer), "转售")
        if more is agent:
            licensed(customer, utc_now)
        key = propose(customer, utc_now)
        for login in ("sales", "finance")[:place]:
            give(key, login, clock=utc_now)


def _applications() -> None:
    am = session_of("am", utc_now)
    make_application(am, draft_of(DRAFT, 70))
    signers = ("sales", "finance", "gm")
    for number in range(len(signers)):
        key = make_application(am, draft_of(f"{WAITING}{number}", 71 + number))
        submit(am, key)
        for login in signers[:number]:
            decide(session_of(login, utc_now), key, comment="同意")
    key = make_application(am, draft_of(FAULTY, 75, uscc=FAILING))
    submit(am, key)
    key = make_application(am, draft_of(RETURNED, 76))
    submit(am, key)
    decide(session_of("sales", utc_now), key, Verdict.RETURN, "补充资料")


@dataclass(frozen=True, slots=True)
class World:
    """The keys of what waits in the open database."""

    draft: int
    faulty: int
    returned: int
    waiting: tuple[int, ...]  # at sales, finance, general manager
    customers: tuple[int, ...]
    rating: int
    batch: int  # of the open month
    run: int
    papers: tuple[int, ...]  # at sales, finance
    proposals: tuple[int, ...]  # at sales, finance, general manager
    accused: tuple[int, ...]  # the customers of these
    sent: dict[str, int]  # items of dispatch by their office, "" of finance
    unsent: dict[str, int]
    change: int  # of the second customer's file, at finance
    agents: tuple[int, ...]  # their classes: with a licence, without
    direct: tuple[int, ...]  # classes: with a finding, without
    finding: int
    visits: tuple[int, ...]  # one to each of the first two customers
    complaint: int  # a general one of the first customer


def look() -> World:
    """Find it in the open database."""
    with connected():
        first, second = (
            _one("SELECT id FROM customer WHERE name = ?", name) for name in ("甲塑料", "乙塑料")
        )
        return World(
            *(_one("SELECT id FROM application WHERE name = ?", name)
              for name in (DRAFT, FAULTY, RETURNED)),
            tuple(_one("SELECT id FROM application WHERE name = ?", f"{WAITING}{number}")
                  for number in range(3)),
            tuple(key for (key,) in rows(
                "SELECT u.id FROM customer u WHERE NOT EXISTS (SELECT 1 FROM disqualification d "
                "WHERE d.customer_id = u.id) ORDER BY u.id")),
            _one("SELECT min(id) FROM cooperation_rating WHERE confirmed_by IS NULL"),
            _one("SELECT max(id) FROM import_batch WHERE kind = 'pickups' AND months = ?",
                 open_month()),
            _one("SELECT max(id) FROM evaluation_run"),
            tuple(_one("SELECT id FROM licence WHERE number = ?", number)
                  for number in ("R-1", "R-2")),
            tuple(key for (key,) in rows("SELECT id FROM disqualification ORDER BY id")),
            tuple(key for (key,) in rows("SELECT customer_id FROM disqualification ORDER BY id")),
            items(first),
            items(second),
            _one("SELECT max(id) FROM customer_change"),
            tuple(key for (key,) in rows(
                "SELECT id FROM customer_class WHERE customer_class = 'agent' ORDER BY id")),
            tuple(key for (key,) in rows(
                "SELECT id FROM customer_class WHERE customer_class = 'direct' ORDER BY id")),
            _one("SELECT max(id) FROM resale_finding"),
            tuple(key for (key,) in rows("SELECT id FROM visit ORDER BY id")),
            _one("SELECT min(id) FROM complaint"),
        )  # fmt: skip


def _one(sql: str, *parameters: object) -> int:
    return int(rows(sql, parameters)[0][0])
