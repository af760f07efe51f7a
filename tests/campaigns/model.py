"""G9: any people do anything in any order, and everything still follows from the decisions alone.

Random sequences over the whole workflow (apply, edit, submit, approve, return, reject, withdraw,
take back, import, undo, close, reopen, rate, confirm, evaluate, sign; papers, disqualifications and
changes of a file put up, decided, taken back and corrected), each act by whoever: most by whom it
belongs to, the others to be refused. After each act a short derivation of its own, which
knows nothing of the program's rules, plays the stored decisions and compares; every act has left
exactly one event, a refused one nothing else. At the end of a sequence everything verifies.
"""

from __future__ import annotations

import itertools
import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chemsales.queries.applications import load_application
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.evaluation import Aspect
from chemsales.services import accreditation, audit, cooperation, evaluation, offtake, tiers
from chemsales.services.session import Session
from chemsales.storage.database import connected, database, is_sqlite, rows
from tests import (
    factory,
    factory_customer_change,
    factory_disqualification,
    factory_licences,
    factory_offtake,
)
from tests.campaigns import Score
from tests.campaigns.derivation import COUNTS_FROM, SIGNERS, derived
from tests.conftest import opened
from tests.conftest_postgres import shared_server
from tests.factory import PEOPLE, draft_of, session_of, version_of
from tests.factory_cases import KINDS

SEQUENCES, FEW, STEPS, FEW_STEPS = 500, 4, 50, 25
MONTHS = ("2026-04", "2026-05", "2026-06")
LOGINS = tuple(login for login, _name, _role in PEOPLE)
NOW = factory.Clock()  # 2026-07-06
PUT_UP: dict[str, Callable[[int, str, int], object]] = {
    "licence": lambda customer, who, number: factory_licences.record(
        customer, factory_licences.paper(f"M-{number}"), NOW, who
    ),
    "disqualification": lambda customer, who, _number: factory_disqualification.propose(
        customer, NOW, who
    ),
    "customer_change": lambda customer, who, number: factory_customer_change.change(
        customer, who, NOW, account=f"53290102103{number:05d}"
    ),
}

anybody = st.sampled_from(LOGINS)
kinds = st.sampled_from(tuple(KINDS))
rarely = st.integers(0, 4).map(lambda drawn: drawn == 0)
some = st.integers(0, 3)


def run(short: bool) -> Iterator[Score]:
    """On a file and on a server's database."""
    sequences, steps = (FEW, FEW_STEPS) if short else (SEQUENCES, STEPS)
    with tempfile.TemporaryDirectory(prefix="chemsales-model-") as name:
        with opened(f"sqlite:///{Path(name) / 'model.db'}"):
            yield _score("on a file", sequences, steps)
        server, called = shared_server(), f"chemsales_model_{os.getpid()}"
        server.drop_database(called)
        with opened(server.create_database(called)):
            yield _score("on a server's database", sequences, steps)
        server.drop_database(called)


def _score(where: str, sequences: int, steps: int) -> Score:
    """All sequences, each taken back at its end; the first that goes wrong."""
    _furnish()
    Workflow.told.clear()
    how = settings(
        max_examples=sequences,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    wrong = []
    try:
        with connected():
            run_state_machine_as_test(seed(9)(Workflow), settings=how)
    except Exception as error:  # whatever it is, it is told
        wrong.append(
            "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
        )
    acts = Workflow.told["done"] + Workflow.told["refused"]
    if not min(Workflow.told["done"], Workflow.told["refused"]):
        wrong.append("nothing was done, or nothing refused")
    name = f"sequences {where} ({Workflow.told['done']} acts done, {Workflow.told['refused']} not)"
    return Score(name, acts, tuple(wrong))


def _furnish() -> None:
    """A department with three months of a customer, none of them closed."""
    factory.seed_department()
    clock = factory.Clock()
    clock.set(2026, 3, 2)
    customer = factory.accredit(draft_of("模型试验有限公司", 900), clock)
    clock.set(2026, 7, 2)
    for month in MONTHS:
        lines = factory_offtake.weekdays(month, 40_000, customer)
        factory_offtake.pick_up(session_of("am", clock), lines)
        factory_offtake.plan(session_of("am", clock), [(customer, "PP-T30S", month, 900_000, 0)])


class Workflow(RuleBasedStateMachine):
    """The acts, and what has to hold after each."""

    told: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.step = database.atomic()
        self.transaction = self.step.__enter__()
        self.numbers = itertools.count(1)
        self.before = self._events()
        self.acts: Counter[str] = Counter()

    def teardown(self) -> None:
        """Everything verifies; then it is taken back."""
        try:
            if not is_sqlite():
                database.execute_sql("SET CONSTRAINTS ALL IMMEDIATE")
            found = audit.verify(session_of("auditor", NOW))
            assert found.problems == (), found.problems[:3]
        finally:
            self.transaction.rollback()
            self.step.__exit__(None, None, None)

    @rule(who=st.sampled_from(("am", "am", "am2", "auditor")), paperless=rarely, up=st.booleans())
    def apply(self, who: str, paperless: bool, up: bool) -> None:
        """A new application, perhaps without its papers, perhaps put up at once."""
        number = next(self.numbers)
        draft = draft_of(f"模型{number}号有限公司", number)
        if paperless:
            self._act(lambda: accreditation.save_draft(session_of(who, NOW), draft))
        else:
            self._act(lambda: factory.make_application(session_of(who, NOW), draft), 3)
            if up:
                self.submit(who, 0, own=True)

    @rule(who=anybody, at=some, own=st.booleans())
    def submit(self, who: str, at: int, own: bool) -> None:
        """An application is put up, by its manager, who corrects one that came back, or by
        anybody."""
        ((state,),) = rows("SELECT state FROM application WHERE id = ?", (self._application(at),))
        if own and state == "returned":
            self.correct(who, at, own)
        self._on_application(at, "created_by" if own else "", who, accreditation.submit)

    @rule(who=anybody, at=some, own=st.booleans())
    def correct(self, who: str, at: int, own: bool) -> None:
        """An application is edited, by its manager or by anybody."""
        said = f"更正 {next(self.numbers)}"

        def edit(session: Session, key: int, version: int) -> object:
            draft = replace(load_application(key).draft, manager_opinion=said)
            return accreditation.save_draft(session, draft, key, version)

        self._on_application(at, "created_by" if own else "", who, edit)

    @rule(who=anybody, at=some)
    def withdraw(self, who: str, at: int) -> None:
        """An application is taken back, by anybody."""
        self._on_application(at, "", who, accreditation.withdraw)

    @rule(who=anybody, at=some, other=st.booleans(), verdict=st.sampled_from(("approve",) * 4 + (
        "return", "reject")), silent=rarely)  # fmt: skip
    def decide(self, who: str, at: int, other: bool, verdict: str, silent: bool) -> None:
        """A case is decided, mostly by whose turn it is."""
        key = self._application(at)
        if not other:
            found = rows(
                "SELECT c.pending FROM application a JOIN approval_case c ON c.id = a.case_id "
                "WHERE a.id = ?", (key,))  # fmt: skip
            who = SIGNERS.get(found[0][0] or "", who) if found else who
        said, session = "" if silent else "意见", session_of(who, NOW)
        self._act(lambda: accreditation.decide(
            session, key, _version(key), Verdict(verdict), said))  # fmt: skip

    @rule(who=anybody, at=some, other=rarely)
    def undo(self, who: str, at: int, other: bool) -> None:
        """The last decision is taken back, mostly by its signer."""
        key = self._application(at)
        last = rows(
            "SELECT d.signer FROM application a JOIN decision d ON d.case_id = a.case_id "
            "WHERE a.id = ? ORDER BY d.id DESC LIMIT 1", (key,))  # fmt: skip
        session = session_of(who if other or not last else last[0][0], NOW)
        self._act(lambda: accreditation.undo(session, key, _version(key)))

    @rule(who=st.sampled_from(("am", "sales", "gm")), month=st.sampled_from(MONTHS), kg=some)
    def pick_up(self, who: str, month: str, kg: int) -> None:
        """Pick-ups of any customer come in."""
        customer = rows("SELECT id FROM customer ORDER BY accredited_on, id")[0][0]
        lines = [(customer, "PE-7042", f"{month}-15", 1000 + kg)]
        self._act(lambda: factory_offtake.pick_up(session_of(who, NOW), lines))

    @rule(who=st.sampled_from(("am", "sales", "finance")), at=some)
    def undo_import(self, who: str, at: int) -> None:
        """An import is undone."""
        batches = [key for (key,) in rows("SELECT id FROM import_batch ORDER BY id DESC")]
        batch = batches[at % len(batches)]
        self._act(lambda: offtake.undo_import(session_of(who, NOW), batch, "重复"))

    @rule(who=st.sampled_from(("sales", "sales", "am")), month=st.sampled_from(MONTHS))
    def close(self, who: str, month: str) -> None:
        """A month is closed."""
        self._act(lambda: tiers.close_month(session_of(who, NOW), month))

    @rule(who=st.sampled_from(("sales", "finance")), month=st.sampled_from(MONTHS))
    def reopen(self, who: str, month: str) -> None:
        """A month is opened again."""
        self._act(lambda: tiers.reopen_month(session_of(who, NOW), month, "补录"))

    @rule(who=st.sampled_from(("am", "am2", "sales")), month=st.sampled_from(MONTHS), points=some)
    def rate(self, who: str, month: str, points: int) -> None:
        """The first customer is rated."""
        customer = rows("SELECT min(id) FROM customer")[0][0]
        lines = [(Aspect.PLAN_ON_TIME, 60 + points, "按时报送")]
        self._act(lambda: cooperation.rate(session_of(who, NOW), customer, month, lines))

    @rule(who=st.sampled_from(("sales", "sales", "am")), at=some)
    def confirm(self, who: str, at: int) -> None:
        """A rating is confirmed."""
        found = rows("SELECT id, version FROM cooperation_rating ORDER BY id DESC")
        key, version = found[at % len(found)] if found else (0, 0)
        self._act(lambda: cooperation.confirm(session_of(who, NOW), key, version))

    @rule(who=st.sampled_from(("am", "am", "sales", "finance")))
    def evaluate(self, who: str) -> None:
        """The quarter is evaluated."""
        self._act(lambda: evaluation.compute(session_of(who, NOW), "2026Q2"))

    @rule(who=st.sampled_from(("sales", "sales", "am", "gm")), verdict=st.sampled_from((
        "approve", "approve", "return", "reject")))  # fmt: skip
    def sign(self, who: str, verdict: str) -> None:
        """The latest evaluation is decided."""
        found = rows(
            "SELECT r.id, c.version FROM evaluation_run r JOIN approval_case c ON c.id = r.case_id "
            "ORDER BY r.id DESC LIMIT 1")  # fmt: skip
        key, version = found[0] if found else (0, 0)
        session = session_of(who, NOW)
        self._act(lambda: evaluation.sign(session, key, version, Verdict(verdict), "意见"))

    @rule(
        who=st.sampled_from(("am", "am", "am2", "sales")), kind=st.sampled_from(tuple(COUNTS_FROM))
    )
    def put_up(self, who: str, kind: str) -> None:
        """A paper, a proposal or a change of the first customer is put up."""
        customer, number = rows("SELECT min(id) FROM customer")[0][0], next(self.numbers)
        self._act(lambda: PUT_UP[kind](customer, who, number))

    @rule(who=anybody, kind=kinds, at=some, other=rarely, verdict=st.sampled_from((
        "approve", "approve", "return", "return", "reject")), back=st.booleans())  # fmt: skip
    def judge(self, who: str, kind: str, at: int, other: bool, verdict: str, back: bool) -> None:
        """A case of these kinds is decided, mostly by whose turn it is, and perhaps that is taken
        back at once; put up where none waits."""
        if not self._case(kind, 0)[1]:
            self._begin(kind)
        key, pending, _last = self._case(kind, at)
        session = session_of(who if other else SIGNERS.get(pending, who), NOW)
        given = (Verdict(verdict), "意见")
        self._act(lambda: KINDS[kind].decide(session, key, _case_version(kind, key), *given))
        if back:
            self._act(lambda: KINDS[kind].undo(session, key, _case_version(kind, key)))

    @rule(who=anybody, kind=kinds, at=some, other=rarely)
    def take_back(self, who: str, kind: str, at: int, other: bool) -> None:
        """The last decision on one is taken back, mostly by its signer."""
        key, _pending, last = self._case(kind, at)
        session = session_of(who if other or not last else last, NOW)
        self._act(lambda: KINDS[kind].undo(session, key, _case_version(kind, key)))

    @rule(
        who=st.sampled_from(("am", "am", "am2", "sales")),
        kind=st.sampled_from(tuple(COUNTS_FROM)),
        at=some,
    )
    def correct_case(self, who: str, kind: str, at: int) -> None:
        """One is corrected and put up again, mostly by who put it up."""
        key, _pending, _last = self._case(kind, at)
        if key:
            self._act(lambda: KINDS[kind].correct(session_of(who, NOW), key))

    @invariant()
    def every_act_has_its_event(self) -> None:
        """Done acts have one event, refused ones a refusal and nothing else."""
        now = self._events()
        assert now - self.before == self.acts, (now - self.before, self.acts)

    @invariant()
    def everything_follows_from_the_decisions(self) -> None:
        """Cases, applications and customers are what the signed rows alone say."""
        problems = list(derived())
        assert problems == [], problems

    @invariant()
    def closed_months_hold_what_was_picked_up(self) -> None:
        """A standing closing has the kilograms of the imports that stand."""
        differing = rows(
            "SELECT r.customer_id, c.month, r.kg, (SELECT coalesce(sum(p.kg), 0) FROM pickup p "
            "JOIN import_batch b ON b.id = p.batch_id AND b.undone_at IS NULL "
            "WHERE p.customer_id = r.customer_id AND p.month = c.month) AS kg_now "
            "FROM closing c JOIN tier_result r ON r.closing_id = c.id WHERE c.active = 1"
        )
        assert [row for row in differing if row[2] != row[3]] == []

    def _act(self, work: Callable[[], object], events: int = 1) -> None:
        """Do it; what is refused has left one refusal."""
        try:
            work()
        except ChemsalesError:
            self.acts["refused"] += 1
            self.told["refused"] += 1
        else:
            self.acts["done"] += events
            self.told["done"] += 1

    def _events(self) -> Counter[str]:
        return Counter(outcome for (outcome,) in rows("SELECT outcome FROM event"))

    def _begin(self, kind: str) -> None:
        """A case of a kind is put up; of an evaluation the months are closed first."""
        if kind in COUNTS_FROM:
            self.put_up("am", kind)
            return
        for month in MONTHS:
            self.close("sales", month)
        self.evaluate("am")

    def _case(self, kind: str, at: int) -> tuple[int, str, str]:
        """The key of what is decided by a case of this kind, those that run first; whose turn it
        is, and who signed last. 0 and nobody where there is none."""
        found = rows(
            "SELECT c.subject_id, coalesce(c.pending, ''), (SELECT d.signer FROM decision d "
            "WHERE d.case_id = c.id ORDER BY d.id DESC LIMIT 1) FROM approval_case c "
            "WHERE c.chain = ? ORDER BY CASE c.outcome WHEN 'open' THEN 0 WHEN 'returned' THEN 0 "
            "ELSE 1 END, c.id DESC",
            (kind,),
        )
        return found[at % len(found)] if found else (0, "", "")

    def _application(self, at: int) -> int:
        order = "CASE state WHEN 'in_review' THEN 0 WHEN 'accredited' THEN 2 ELSE 1 END, id DESC"
        keys = [key for (key,) in rows(f"SELECT id FROM application ORDER BY {order}")]
        return int(keys[at % len(keys)])

    def _on_application(
        self, at: int, whose: str, who: str, work: Callable[[Any, int, int], object]
    ) -> None:
        key = self._application(at)
        if whose:
            who = rows(f"SELECT {whose} FROM application WHERE id = ?", (key,))[0][0]
        session = session_of(who, NOW)
        self._act(lambda: work(session, key, _version(key)))


def _version(key: int) -> int:
    """The version that is seen, now and then a stale one."""
    return version_of(key) - (random.Random(key * 31 + version_of(key)).random() < 0.05)


def _case_version(kind: str, key: int) -> int:
    """The version that is seen of the case of one of these kinds."""
    return KINDS[kind].version(key) if key else 0
