"""Filling an empty database with the sample, through the real services, day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from random import Random

import chemsales.demo.complaints as complaints
import chemsales.demo.files as files
import chemsales.demo.filing as filing
import chemsales.demo.further as further
import chemsales.demo.offtake as sample
import chemsales.demo.scans as scans
import chemsales.demo.visits as visits
import chemsales.demo.workbooks as workbooks
from chemsales.config import resource
from chemsales.demo.customers import (
    PROVEN,
    RENEWED,
    SEED,
    STANDINGS,
    SampleCustomer,
    accredited,
    waiting,
)
from chemsales.demo.people import SampleClock, found_department, session_of
from chemsales.exchange.model import DraftRow, ImportContext, Preview
from chemsales.exchange.reading import open_file
from chemsales.exchange.worker import collect, messages
from chemsales.queries import cooperation as ratings
from chemsales.queries import evaluation as runs
from chemsales.queries.agent_licences import agents_on
from chemsales.queries.offtake import import_context
from chemsales.queries.people import has_people
from chemsales.queries.resale import open_findings
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind, Draft
from chemsales.rules.errors import NotAllowed, Reason
from chemsales.rules.evaluation import Aspect
from chemsales.rules.licences import WATCHED, LicenceDraft
from chemsales.rules.offtake import BatchKind
from chemsales.rules.periods import month_days, next_month, previous_month
from chemsales.services import (
    accreditation,
    agent_licences,
    cooperation,
    evaluation,
    licences,
    offtake,
    policy,
    resale,
    tiers,
)
from chemsales.services.audit import seal
from chemsales.storage.database import connected, rows

Progress = Callable[[int, int], None]
LAST_PERIOD = "2026Q3"
RETURNED_ONCE = {5: "sales", 21: "finance"}
FULL_RATING_FROM = (
    "2026-04"  # from here on every month is rated, before it the quarters' last months
)
COMMENT = "资料齐全、真实有效，同意。"


@dataclass(order=True, slots=True)
class _Step:
    """Something that somebody does at a certain time."""

    day: date
    hour: int
    order: int
    act: Callable[[], object] = field(compare=False)


class _History:
    """Eighteen months of a department, as steps in the order of time."""

    def __init__(self, clock: SampleClock) -> None:
        self.clock = clock
        self.steps: list[_Step] = []
        self.keys: dict[int, int] = {}
        self.typed: dict[str, Draft] = {}

    def at(self, day: date, hour: int, act: Callable[[], object]) -> None:
        """Let something happen on a day, at a full hour of local time."""
        self.steps.append(_Step(day, hour, len(self.steps), act))

    def run(self, progress: Progress | None) -> None:
        """Do everything in order of time."""
        for done, step in enumerate(sorted(self.steps), start=1):
            self.clock.go_to(step.day, step.hour)
            step.act()
            if progress is not None:
                progress(done, len(self.steps))

    # applications

    def read_customers(self) -> None:
        """Take the applications out of the two customer workbooks."""
        session = session_of("am", self.clock)
        context = import_context(session.actor, session.today())
        for name in (workbooks.CUSTOMERS, workbooks.WAITING):
            for row in _read(name, BatchKind.CUSTOMERS, context).good:
                assert isinstance(row, DraftRow)
                self.typed[row.draft.facts.name] = row.draft

    def draft(self, customer: SampleCustomer, complete: bool = True) -> None:
        """The manager types an application and attaches its papers."""
        session = session_of(customer.manager, self.clock)
        draft = self.typed[customer.name]
        if not complete:
            draft = replace(draft, facts=replace(draft.facts, bank="", account=""))
        key = accreditation.save_draft(session, draft).value
        self.keys[customer.number] = key
        for kind in customer.documents if complete else ():
            licence = kind is DocumentKind.BUSINESS_LICENCE
            accreditation.attach(
                session,
                key,
                kind,
                f"{scans.TITLES[kind]}.png",
                scans.png(kind, customer),
                valid_to=customer.licence_to if licence else None,
                long_term=kind in WATCHED and not (licence and customer.licence_to),
            )

    def submit(self, customer: SampleCustomer) -> None:
        """The manager puts the application up for decision."""
        key = self.keys[customer.number]
        session = session_of(customer.manager, self.clock)
        accreditation.submit(session, key, _version(key))

    def decide(self, customer: SampleCustomer, login: str, verdict: Verdict, comment: str) -> None:
        """One stage decides."""
        key = self.keys[customer.number]
        session = session_of(login, self.clock)
        accreditation.decide(session, key, _version(key), verdict, comment)

    def accredit(self, customer: SampleCustomer) -> None:
        """An application from the first word to the customer's file, some with a return (C7.2)."""
        day = customer.applied_on
        self.at(day, 9, lambda: self.draft(customer))
        self.at(day, 11, lambda: self.submit(customer))
        returning = RETURNED_ONCE.get(customer.number)
        if returning:
            for offset, login in enumerate(("sales", "finance")):
                verdict = Verdict.RETURN if login == returning else Verdict.APPROVE
                said = "开户行名称与开票资料不一致，请核对后重报。"
                self.decided(customer, day + timedelta(days=offset), login, verdict, said)
                if login == returning:
                    break
            day += timedelta(days=2)
            self.at(day, 9, lambda: files.correct(self.clock, customer))
            self.at(day, 9, lambda: self.submit(customer))
        for offset, login in enumerate(("sales", "finance", "gm"), start=1):
            when = day + timedelta(days=offset)
            self.decided(customer, when, login, Verdict.APPROVE, COMMENT)

    def decided(
        self, customer: SampleCustomer, day: date, login: str, verdict: Verdict, comment: str
    ) -> None:
        """Plan one decision."""
        said = comment if verdict is not Verdict.APPROVE else COMMENT
        self.at(day, 15, lambda: self.decide(customer, login, verdict, said))

    def leave(self, customer: SampleCustomer, standing: str) -> None:
        """An application that is not decided at the end of the sample."""
        day = customer.applied_on
        self.at(day, 9, lambda: self.draft(customer, standing != "incomplete"))
        if standing in ("draft", "incomplete"):
            return
        self.at(day, 11, lambda: self.submit(customer))
        if standing == "returned":
            said = "营业执照扫描件不清晰，请重新上传。"
            self.decided(customer, day + timedelta(days=1), "sales", Verdict.RETURN, said)
        elif standing == "rejected":
            said = "经核实存在未结清的合同纠纷，暂不准入。"
            self.decided(customer, day + timedelta(days=1), "sales", Verdict.REJECT, said)
        else:
            for offset, login in enumerate(("sales", "finance")[: int(standing)], start=1):
                when = day + timedelta(days=offset)
                self.decided(customer, when, login, Verdict.APPROVE, COMMENT)

    # licences

    def licences(self) -> None:
        """A licence renewed after it had expired, one whose renewal is under way by a proof, and
        the daily runs that note what is suspended and lifted (C15.2)."""
        people = accredited()
        self.renewed(people[RENEWED], date(2026, 9, 22), date(2036, 9, 19), proof=False)
        self.renewed(people[PROVEN], date(2026, 10, 6), date(2026, 11, 20), proof=True)
        for day in (date(2026, 9, 21), date(2026, 10, 8)):
            self.at(day, 8, lambda: licences.run(session_of("am", self.clock)))

    def renewed(self, customer: SampleCustomer, day: date, valid_to: date, proof: bool) -> None:
        """A paper recorded in the morning, accepted by sales and finance the same day."""
        self.at(day, 9, lambda: self.record(customer, day, valid_to, proof))
        for hour, login in ((11, "sales"), (15, "finance")):
            self.at(day, hour, partial(self.accept, customer, login))

    def record(self, customer: SampleCustomer, day: date, valid_to: date, proof: bool) -> None:
        """The manager records a renewed business licence, or a proof of its renewal."""
        kind = DocumentKind.BUSINESS_LICENCE
        session = session_of(customer.manager, self.clock)
        key = rows("SELECT id FROM customer WHERE name = ?", (customer.name,))[0][0]
        facts = customer.draft.facts
        number = f"受理〔2026〕{customer.number:04}号" if proof else facts.uscc
        paper = LicenceDraft(kind, number, "市场监督管理局", day, valid_to, proof=proof)
        data = scans.png(kind, replace(customer, licence_to=valid_to))
        licences.record(session, key, paper, f"{scans.TITLES[kind]}.png", data, "已核对原件。")

    def accept(self, customer: SampleCustomer, login: str) -> None:
        """One stage accepts the paper that was recorded last."""
        key, version = rows(
            "SELECT l.id, c.version FROM licence l JOIN approval_case c ON c.id = l.case_id "
            "JOIN customer u ON u.id = l.customer_id WHERE u.name = ? ORDER BY l.id DESC",
            (customer.name,),
        )[0]
        licences.decide(session_of(login, self.clock), key, version, Verdict.APPROVE, COMMENT)

    # classes

    def classes(self) -> None:
        """The yearly licences of the exclusive agents, all but the last one's (C10.5); direct
        customers that were found to sell on, one settled, one to be looked into (C10.2)."""
        self.at(date(2026, 1, 6), 10, self.license_agents)
        told = "走访时发现厂区外仓存有我公司乙二醇，磅单显示已售予他人。"
        self.at(date(2026, 8, 19), 16, lambda: self.find_resale(0, told))
        said = "经核对合同与磅单，系委托加工，不属转售；已收书面说明。"
        self.at(date(2026, 8, 26), 10, lambda: self.settle_resale(said))
        self.at(date(2026, 9, 23), 16, lambda: self.find_resale(1, told))

    def license_agents(self) -> None:
        """The sales head gives the agents their licences."""
        head = session_of("sales", self.clock)
        for row in agents_on(head.actor, head.today())[:-1]:
            agent_licences.issue(head, row.id)

    def find_resale(self, place: int, facts: str) -> None:
        """The manager of a direct customer notes what was found."""
        found = rows(
            "SELECT k.id, u.manager FROM customer_class k JOIN customer u ON u.id = k.customer_id "
            "WHERE k.customer_class = 'direct' AND k.group_code <> 'PO' AND k.to_day IS NULL "
            "ORDER BY k.id"
        )[place]
        resale.note(session_of(found[1], self.clock), found[0], facts)

    def settle_resale(self, said: str) -> None:
        """The sales head settles it in words."""
        head = session_of("sales", self.clock)
        for finding in open_findings(head.actor):
            resale.close(head, finding.id, said)

    def files(self) -> None:
        """An address that changes, an account that finance accepts, a hand-over (C8.1)."""
        (moved, relocated, handed), day = files.late(), date(2026, 9, 14)
        self.at(date(2026, 8, 11), 10, lambda: files.relocate(self.clock, relocated))
        self.at(date(2026, 9, 8), 10, lambda: files.ask_account(self.clock, moved))
        self.at(date(2026, 9, 8), 15, lambda: files.accept_account(self.clock))
        self.at(day, 9, lambda: files.hand_over(self.clock, handed, day))

    # months

    def month(self, month: str) -> None:
        """Plans before, pick-ups, ratings and the closing after a month."""
        before = month_days(previous_month(month))[0]
        after = month_days(next_month(month))[0]
        plans, pickups = workbooks.plans_file(month), workbooks.pickups_file(month)
        self.at(before.replace(day=24), 10, lambda: self.load("am", BatchKind.PLANS, plans))
        self.at(after, 9, lambda: self.load("am", BatchKind.PICKUPS, pickups))
        if month == "2026-08":
            self.at(after, 10, lambda: self.load_again("am", BatchKind.PICKUPS, pickups))
        if month >= FULL_RATING_FROM or int(month[5:]) % 3 == 0:
            self.at(after, 14, lambda: self.rate(month))
        closing = after.replace(day=3)
        self.at(closing, 10, lambda: tiers.close_month(session_of("sales", self.clock), month))
        if month == "2026-02":
            self.at(closing.replace(day=9), 10, lambda: self.reopen(month))

    def load(self, login: str, kind: BatchKind, name: str) -> int:
        """Import one of the sample's workbooks; the batch."""
        session = session_of(login, self.clock)
        context = import_context(session.actor, session.today())
        preview = _read(name, kind, context)
        return offtake.import_batch(session, preview).value

    def load_again(self, login: str, kind: BatchKind, name: str) -> None:
        """Undo the last import, and import the file once more."""
        session = session_of(login, self.clock)
        last = rows("SELECT max(id) FROM import_batch WHERE undone_at IS NULL")[0][0]
        offtake.undo_import(session, last, "导入前未与磅房核对，撤销后重新导入")
        self.load(login, kind, name)

    def reopen(self, month: str) -> None:
        """The sales head opens a month again to check it, and closes it."""
        session = session_of("sales", self.clock)
        tiers.reopen_month(session, month, "与财务核对磅单")
        tiers.close_month(session, month)

    def rate(self, month: str) -> None:
        """Every manager rates the own customers, the sales head confirms."""
        head = session_of("sales", self.clock)
        for row in ratings.ratings(head.actor, month):
            lines = _aspects(row.code, month)
            session = session_of(row.manager, self.clock)
            rating = cooperation.rate(session, row.customer_id, month, lines).value
            cooperation.confirm(head, rating, 1)

    def evaluate(self, period: str, day: date, sign: bool = True) -> None:
        """A manager computes a period, the sales head signs it two days later."""
        self.at(day, 9, lambda: evaluation.compute(session_of("am", self.clock), period))
        if sign:
            self.at(day + timedelta(days=2), 9, lambda: self.sign(period))

    def sign(self, period: str) -> None:
        """The sales head signs the newest revision of a period."""
        head = session_of("sales", self.clock)
        run = runs.runs(head.actor, period)[0]
        said = "同意，报经营例会。"
        evaluation.sign(head, run.run_id, run.version, Verdict.APPROVE, said)


def _read(name: str, kind: BatchKind, context: ImportContext) -> Preview:
    """One of the sample's own workbooks, read in this process: a child for each would take longer
    than everything else."""
    reading = open_file(resource("samples", name), kind, context)
    return collect(messages(reading).__next__, kind, name)


def _version(application_id: int) -> int:
    found = rows("SELECT version FROM application WHERE id = ?", (application_id,))
    return int(found[0][0])


def _aspects(code: str, month: str) -> list[tuple[Aspect, int, str]]:
    """Points by customer: most cooperate, some do not, a few change."""
    rng = Random(f"{SEED}-rating-{code}-{month}")
    level = (92, 84, 96, 70, 88, 45, 90)[int(code[1:]) % 7]
    said = {
        Aspect.PLAN_ON_TIME: "月度计划报送记录",
        Aspect.PRICE_DISCIPLINE: "市场价格巡查记录",
        Aspect.REGION_DISCIPLINE: "销售流向抽查记录",
        Aspect.INFORMATION: "市场信息周报报送记录",
    }
    return [
        (aspect, max(0, min(100, level + rng.randrange(-8, 9))), evidence)
        for aspect, evidence in said.items()
    ]


def _second_edition(clock: SampleClock) -> None:
    policy.add_edition(
        session_of("sales", clock), date(2026, 1, 1), {"plan_day": 24}, "销售部〔2025〕12号通知"
    )


def load(progress: Progress | None = None) -> SampleClock:
    """Fill the open, empty database with the department's history; its clock at the end.

    Everything goes through the services in the order of time: applications, imports, ratings,
    closings, evaluations, licences. The last quarter's evaluation waits for its signature, and
    applications wait in every queue. `progress` hears (steps done, steps in all). NotAllowed where
    anybody has a login already.
    """
    if has_people():
        raise NotAllowed(Reason("reason.people_exist"))
    clock = SampleClock()
    found_department(clock)
    history = _History(clock)
    history.read_customers()
    for customer in accredited():
        history.accredit(customer)
    for month in sample.MONTHS:
        history.month(month)
    history.licences()
    history.classes()
    for each in (filing, further, visits, complaints):
        for day, hour, act in each.steps(clock):
            history.at(day, hour, act)
    history.files()
    history.at(date(2025, 12, 22), 9, lambda: _second_edition(clock))
    for period, day in (
        ("2025Q2", date(2025, 7, 10)), ("2025Q3", date(2025, 10, 10)),
        ("2025Q4", date(2026, 1, 12)), ("2026Q1", date(2026, 4, 10)),
        ("2026Q2", date(2026, 7, 10)), ("2026H1", date(2026, 7, 13)),
    ):  # fmt: skip
        history.evaluate(period, day)
    history.evaluate(LAST_PERIOD, date(2026, 10, 9), sign=False)
    for customer, standing in zip(waiting(), STANDINGS, strict=True):
        history.leave(customer, standing)
    with connected():
        history.run(progress)
        seal()
    return clock
