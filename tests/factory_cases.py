"""Cases of every kind but applications for tests: put up, decided and taken back in one way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from chemsales.queries import customer_change as change_queries
from chemsales.queries import disqualification as disqualification_queries
from chemsales.queries import evaluation as evaluation_queries
from chemsales.queries import licences as licence_queries
from chemsales.rules.approval import CHAINS, Chain, Verdict
from chemsales.rules.disqualification import Ground
from chemsales.services import customer_change, disqualification, evaluation, licences
from chemsales.services.session import Session
from chemsales.storage.database import connected, rows
from tests.factory import PDF, case_version_of, session_of
from tests.factory_customer_change import change, wanted
from tests.factory_disqualification import FORGED, propose
from tests.factory_licences import paper, record
from tests.furnishing import run, scan

SIGNERS = {"sales": "sales", "finance": "finance", "general_manager": "gm"}


@dataclass(frozen=True, slots=True)
class CaseKind:
    """How a case of one kind is put up in a department as `furnished` leaves it, decided, taken
    back, corrected and put up again; `table` has its row."""

    table: str
    use_cases: str
    put_up: Callable[[], int]
    decide: Callable[..., object]
    undo: Callable[..., object]
    blockers: Callable[[Session, int, Verdict], object]
    correct: Callable[[Session, int], object]
    effect: str  # the code of the reason why its last approval stands

    @property
    def chain(self) -> Chain:
        """Its chain, which is named as its table but for the evaluations."""
        return CHAINS[self.table.removesuffix("_run")]

    @property
    def signers(self) -> list[str]:
        """Who signs its stages, in order."""
        return [SIGNERS[stage.name] for stage in self.chain.stages]

    def version(self, key: int) -> int:
        """The version of the case now."""
        return case_version_of(self.table, key)

    def give(self, key: int, login: str, verdict: Verdict = Verdict.APPROVE) -> object:
        """A verdict of one of the department on the case as it is now."""
        return self.decide(session_of(login), key, self.version(key), verdict, "意见").value  # type: ignore[attr-defined]

    def take_back(self, key: int, who: str | Session) -> object:
        """The last decision undone, as the case is now."""
        session = session_of(who) if isinstance(who, str) else who
        return self.undo(session, key, self.version(key)).value  # type: ignore[attr-defined]

    def why_not(self, key: int, who: str | Session, verdict: Verdict = Verdict.UNDO) -> list[str]:
        """The codes of the reasons against a verdict of one of the department."""
        session = session_of(who) if isinstance(who, str) else who
        return [reason.code for reason in self.blockers(session, key, verdict)]  # type: ignore[attr-defined]


def _customer() -> int:
    with connected():
        return int(rows("SELECT min(id) FROM customer")[0][0])


def _latest_run() -> int:
    with connected():
        return int(rows("SELECT max(id) FROM evaluation_run")[0][0])


def _changed() -> int:
    key = change(_customer(), account="5329010210310601")
    assert key is not None
    return key


def _correct_licence(session: Session, key: int) -> object:
    draft = paper("B-9", session.today() + timedelta(days=400))
    return licences.correct(session, key, case_version_of("licence", key), draft)


def _correct_proposal(session: Session, key: int) -> object:
    version = case_version_of("disqualification", key)
    more = [("补充回函.pdf", PDF + b"more")]
    return disqualification.correct(session, key, version, FORGED, more)


def _correct_change(session: Session, key: int) -> object:
    ((customer,),) = rows("SELECT customer_id FROM customer_change WHERE id = ?", (key,))
    asked = wanted(customer, session.today(), account="5329010210310609")
    return customer_change.correct(session, key, case_version_of("customer_change", key), asked)


LICENCE = CaseKind(
    "licence", "licences", lambda: record(_customer(), paper()), licences.decide, licences.undo,
    lambda s, key, verdict: licence_queries.blockers(s.actor, key, verdict, s.today()),
    _correct_licence, "reason.undo_accepted",
)  # fmt: skip
DISQUALIFICATION = CaseKind(
    "disqualification", "disqualification", lambda: propose(_customer()),
    disqualification.decide, disqualification.undo,
    lambda s, key, verdict: disqualification_queries.blockers(s.actor, key, verdict),
    _correct_proposal, "reason.undo_cancelled",
)  # fmt: skip
CUSTOMER_CHANGE = CaseKind(
    "customer_change", "customer_change", _changed, customer_change.decide, customer_change.undo,
    lambda s, key, verdict: change_queries.blockers(s.actor, key, verdict),
    _correct_change, "reason.undo_in_force",
)  # fmt: skip
EVALUATION = CaseKind(
    "evaluation_run", "evaluation", _latest_run, evaluation.sign, evaluation.undo,
    lambda s, key, verdict: evaluation_queries.blockers(s.actor, key, verdict, s.today()),
    lambda session, key: evaluation.compute(session, "2026Q2"), "reason.undo_signed",
)  # fmt: skip
KINDS = {kind.chain.name: kind for kind in (LICENCE, DISQUALIFICATION, CUSTOMER_CHANGE, EVALUATION)}
furnished = run


def put_up_again(name: str) -> int:
    """A case of a kind that its first stage has again, returned for what is corrected since: facts,
    and its paper; its key."""
    kind, am = KINDS[name], session_of("am")
    key = kind.put_up()
    kind.give(key, kind.signers[0], Verdict.RETURN)
    _CORRECTED[name](am, key, kind.version(key))
    return key


def _licence_anew(am: Session, key: int, version: int) -> None:
    draft = replace(paper("B-9", am.today() + timedelta(days=400)), valid_from=am.today())
    licences.correct(am, key, version, draft, "营业执照（清晰）.pdf", scan("BUSINESS LICENCE"))


def _proposal_anew(am: Session, key: int, version: int) -> None:
    found = disqualification_queries.disqualification(am.actor, key, am.today())
    again = replace(
        FORGED, ground=Ground.LOSS, facts="提交的许可证系伪造，已造成损失。", loss_fen=125_000_00
    )
    papers = [("回函.pdf", scan("Reply, the original")), ("损失清单.pdf", scan("List of losses"))]
    gone = [each.id for each in found.stored.papers]
    disqualification.correct(am, key, version, again, papers, gone)


def _change_anew(am: Session, key: int, version: int) -> None:
    ((customer,),) = rows("SELECT customer_id FROM customer_change WHERE id = ?", (key,))
    asked = wanted(
        customer, am.today() - timedelta(days=3), "客户来函更正。", account="5329010210310609",
        bank="招商银行股份有限公司青岛分行",
    )  # fmt: skip
    permit = ("开户许可证（新）.pdf", scan("Permit of the account"))
    customer_change.correct(am, key, version, asked, permit)


_CORRECTED = {
    LICENCE.chain.name: _licence_anew,
    DISQUALIFICATION.chain.name: _proposal_anew,
    CUSTOMER_CHANGE.chain.name: _change_anew,
}
CORRECTED = tuple(_CORRECTED)
