"""Cases of every chain in every state, and everybody who can stand in some relation to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chemsales.queries import accreditation as queries
from chemsales.queries import evaluation as evaluation_queries
from chemsales.queries.applications import load_application
from chemsales.queries.review import urge_blockers
from chemsales.rules.approval import CHAINS, StageName, Verdict
from chemsales.rules.customer import Draft
from chemsales.rules.errors import Reason
from chemsales.rules.handover import Handover
from chemsales.rules.roles import Action, Role
from chemsales.services import accreditation as service
from chemsales.services import (
    customer_change,
    delegation,
    disqualification,
    evaluation,
    handover,
    licences,
    review,
)
from chemsales.services.session import Session
from chemsales.storage.database import connected, rows
from tests.factory import (
    PDF,
    Clock,
    decide,
    draft_of,
    employ,
    make_application,
    session_of,
    version_of,
)
from tests.factory_cases import KINDS as OTHERS
from tests.factory_customer_change import change
from tests.factory_disqualification import FORGED, scans
from tests.factory_licences import paper
from tests.factory_offtake import close, pick_up
from tests.furnishing import furnish

AM, SALES, FINANCE, GM = (
    Role.ACCOUNT_MANAGER,
    Role.SALES_HEAD,
    Role.FINANCE,
    Role.GENERAL_MANAGER,
)
SUBMIT, APPROVE, RETURN, REJECT, WITHDRAW, UNDO = Verdict
EDIT, URGE = "edit", "urge"
# who signs which stage of every case, in which role
SIGNERS = {
    StageName.SALES: ("head", SALES),
    StageName.FINANCE: ("finance", FINANCE),
    StageName.GENERAL_MANAGER: ("manager", GM),
}
# on whose behalf the two delegates may sign each stage: of people who have to do with no case, and
# of its applicant and of who signs its first stage
LENT = {
    "delegate": dict(zip(StageName, ("", "deputy1", "deputy2", "deputy3"), strict=True)),
    "proxy": dict(zip(StageName, ("", "applicant", "head", "head"), strict=True)),
}
# "owner" has the cases, which were handed over by "former", who put them up
HANDED = {"owner": "owner", "former": "applicant"}
RELATIONS = {
    **{login: login for login in ("applicant", "head", "finance", "manager", "stranger", *LENT)},
    **HANDED,
}
Way = tuple[tuple[str, str], ...]
Deed = Callable[[Session, int], object]
Tried = tuple[Action, str, Deed]  # what it takes, its use case, and how it is done
Says = Callable[[Session, int, str], Sequence[Reason] | None]
PERIODS = ("2025Q3", "2025Q4", "2025H2", "2026Q1", "2026Q2", "2026H1")
ENDED = ("approved", "rejected", "withdrawn", "replaced")


@dataclass(frozen=True, slots=True)
class Kind:
    """Cases of one chain: what is tried on them, how one is put up (an application: written), by
    which roles, and why the window greys it."""

    chain: str
    special: Mapping[str, Tried]
    make: Callable[[Session, int], int]
    put_up_by: set[Role]
    greyed: Says

    @property
    def deeds(self) -> Mapping[str, Tried]:
        """All that is tried: what is special to the chain, and urging."""

        def urge(who: Session, key: int) -> object:
            return review.urge(who, case_of(self.chain, key))

        return {**self.special, URGE: (Action.CASE_URGE, "review.urge", urge)}

    def says(self, who: Session, key: int, name: str) -> Sequence[Reason] | None:
        """Why the window greys a deed; None where it does not ask."""
        if name == URGE:
            return urge_blockers(who.actor, case_of(self.chain, key), who.today())
        return self.greyed(who, key, name)

    @property
    def stages(self) -> list[StageName]:
        """Its stages, in order."""
        return [stage.name for stage in CHAINS[self.chain].stages]

    @property
    def ways(self) -> dict[str, Way]:
        """What the case of each state went through, in order: who gave which verdict."""
        first, *others = [SIGNERS[stage][0] for stage in self.stages]
        second = others[0] if others else first
        begun: Way = (("applicant", SUBMIT),)
        reached = {
            f"at_{stage}": begun + tuple((SIGNERS[each][0], APPROVE) for each in self.stages[:at])
            for at, stage in enumerate(self.stages)
        }
        before = begun + tuple((each, APPROVE) for each in (first, second) if each != second)
        returned = (*before, (second, RETURN))
        ways = {
            **reached,
            "returned": returned,
            "second_round": (*returned, *self._corrected, ("applicant", SUBMIT)),
            "undone": (*begun, (first, APPROVE if others else RETURN), (first, UNDO)),
            "approved": begun + tuple((SIGNERS[each][0], APPROVE) for each in self.stages),
            "rejected": (*before, (second, REJECT)),
        }
        if WITHDRAW in self.deeds:
            ways["withdrawn"] = (*before, ("applicant", WITHDRAW))
        else:  # computed again, which leaves the first revision behind
            ways["replaced"] = returned
        if EDIT in self.deeds:
            ways |= {"draft": (), "corrected": (*returned, *self._corrected)}
        return ways

    @property
    def _corrected(self) -> Way:
        return (("applicant", EDIT),) if EDIT in self.deeds else ()

    def pending(self, state: str) -> StageName | None:
        """The stage whose turn it is."""
        if state in ("second_round", "undone"):
            return self.stages[0]
        return StageName(state[3:]) if state.startswith("at_") else None

    def states(self, relation: str) -> list[str]:
        """The states in which a person can stand in this relation to a case: none that has ended
        is handed over."""
        return [state for state in self.ways if relation not in HANDED or state not in ENDED]


def _signing(chain: str, action: Action, name: str = "decide") -> dict[str, Tried]:
    """What the stages do, of every kind but applications."""
    kind = OTHERS[chain]

    def given(verdict: Verdict) -> Deed:
        return lambda who, key: kind.decide(who, key, kind.version(key), verdict, "意见")

    decided = f"{kind.use_cases}.{name}"
    return {
        UNDO: (
            action, f"{kind.use_cases}.undo",
            lambda who, key: kind.undo(who, key, kind.version(key)),
        ),
        **{verdict: (action, decided, given(verdict)) for verdict in (APPROVE, RETURN, REJECT)},
    }  # fmt: skip


def _applying(chain: str, action: Action, withdraw: Callable[..., object]) -> dict[str, Tried]:
    """What the applicant does, where a case is corrected and put up again in one step."""
    kind = OTHERS[chain]
    return {
        SUBMIT: (action, f"{kind.use_cases}.correct", kind.correct),
        WITHDRAW: (
            action, f"{kind.use_cases}.withdraw",
            lambda who, key: withdraw(who, key, kind.version(key)),
        ),
    }  # fmt: skip


def _greyed(chain: str) -> Says:
    return lambda who, key, name: OTHERS[chain].blockers(who, key, Verdict(name))


def case_of(chain: str, key: int) -> int:
    """The case of a subject that has one."""
    table = {"accreditation": "application", "evaluation": "evaluation_run"}.get(chain, chain)
    ((case_id,),) = rows(f"SELECT case_id FROM {table} WHERE id = ?", (key,))
    return int(case_id)


def _corrected(key: int) -> Draft:
    with connected():
        draft = load_application(key).draft
    return replace(draft, manager_opinion="已更正")


def _application_says(who: Session, key: int, name: str) -> Sequence[Reason] | None:
    if name == EDIT:
        return None
    return queries.blockers(who.actor, key, Verdict(name), who.today())


def _customer(applicant: Session, number: int, clock: Clock | None = None) -> int:
    """A customer of the applicant's."""
    key = make_application(applicant, draft_of(f"转移{number}化工有限公司", number))
    service.submit(applicant, key, version_of(key))
    for login in ("sales", "finance", "gm"):
        decide(session_of(login, clock), key)
    return int(rows("SELECT customer_id FROM application WHERE id = ?", (key,))[0][0])


def _licence(applicant: Session, number: int) -> int:
    data = PDF + f"{number}".encode()
    customer = _customer(applicant, number)
    return licences.record(applicant, customer, paper(), "证照.pdf", data).value


def _proposal(applicant: Session, number: int) -> int:
    customer = _customer(applicant, number)
    return disqualification.propose(applicant, customer, FORGED, scans("回函")).value


def _change(applicant: Session, number: int) -> int:
    key = change(_customer(applicant, number), applicant, account=f"53290102103{number:05d}")
    assert key is not None
    return key


def _period(run: int) -> str:
    return str(rows("SELECT period FROM evaluation_run WHERE id = ?", (run,))[0][0])


def _evaluation_says(who: Session, key: int, name: str) -> Sequence[Reason]:
    if name == SUBMIT:
        return evaluation_queries.outlook(who.actor, _period(key), who.today())[1]
    return OTHERS["evaluation"].blockers(who, key, Verdict(name))


KINDS = {
    kind.chain: kind
    for kind in (
        Kind(
            "accreditation",
            {
                EDIT: (
                    Action.APPLICATION_EDIT, "accreditation.save_draft",
                    lambda who, key: service.save_draft(
                        who, _corrected(key), key, version_of(key)
                    ),
                ),
                SUBMIT: (
                    Action.APPLICATION_SUBMIT, "accreditation.submit",
                    lambda who, key: service.submit(who, key, version_of(key)),
                ),
                WITHDRAW: (
                    Action.APPLICATION_WITHDRAW, "accreditation.withdraw",
                    lambda who, key: service.withdraw(who, key, version_of(key)),
                ),
                UNDO: (
                    Action.ACCREDITATION_DECIDE, "accreditation.undo",
                    lambda who, key: service.undo(who, key, version_of(key)),
                ),
                **{
                    verdict: (
                        Action.ACCREDITATION_DECIDE, "accreditation.decide",
                        lambda who, key, verdict=verdict: decide(who, key, verdict, "意见"),
                    )
                    for verdict in (APPROVE, RETURN, REJECT)
                },
            },
            lambda who, number: make_application(
                who, draft_of(f"转移{number}化工有限公司", number)
            ),
            {AM},
            _application_says,
        ),
        Kind(
            "licence",
            {
                **_applying("licence", Action.LICENCE_RECORD, licences.withdraw),
                **_signing("licence", Action.LICENCE_DECIDE),
            },
            _licence, {AM}, _greyed("licence"),
        ),
        Kind(
            "disqualification",
            {
                **_applying(
                    "disqualification", Action.DISQUALIFICATION_PROPOSE, disqualification.withdraw
                ),
                **_signing("disqualification", Action.DISQUALIFICATION_DECIDE),
            },
            _proposal, {AM, SALES}, _greyed("disqualification"),
        ),
        Kind(
            "customer_change",
            {
                **_applying("customer_change", Action.CUSTOMER_CHANGE, customer_change.withdraw),
                **_signing("customer_change", Action.CUSTOMER_CHANGE_DECIDE),
            },
            _change, {AM, SALES}, _greyed("customer_change"),
        ),
        Kind(
            "evaluation",
            {
                SUBMIT: (
                    Action.EVALUATION_COMPUTE, "evaluation.compute",
                    lambda who, key: evaluation.compute(who, _period(key)),
                ),
                **_signing("evaluation", Action.EVALUATION_SIGN, "sign"),
            },
            lambda who, number: evaluation.compute(who, PERIODS[number - 1]).value,
            {AM, SALES}, _evaluation_says,
        ),
    )
}  # fmt: skip


def _people() -> dict[str, Session]:
    """Everybody who has to do with a case, and who lends whom a signature."""
    made = {
        "applicant": employ("applicant", AM, SALES),
        "head": employ("head", SALES, FINANCE, GM),
        "finance": employ("finance", FINANCE),
        "manager": employ("manager", GM),
        "owner": employ("owner", AM),
    }
    lenders = [employ(f"deputy{at}", role) for at, role in enumerate((SALES, FINANCE, GM), 1)]
    for login in LENT:
        employ(login, AM)
    made |= {each.actor.login: each for each in lenders}
    for login, lent in LENT.items():
        for stage, (_signer, role) in SIGNERS.items():
            who = made[lent[stage]]
            delegation.delegate(who, login, role, who.today(), who.today(), "出差")
    return made


def _closed(applicant: Session) -> None:
    """A month of take in each quarter of a year, closed."""
    then = Clock()
    then.set(2025, 7, 1)
    customer = _customer(Session(applicant.actor, then), 90, then)
    for month in ("2025-09", "2025-12", "2026-03", "2026-06"):
        pick_up(applicant, [(customer, "PP-T30S", f"{month}-10", 60_000)])
        close(session_of("sales"), month)


def furnished(kind: Kind, relation: str) -> dict[str, int]:
    """A case in each state in which a person can stand in this relation to one; its key by the
    state's name."""

    def prepare() -> dict[str, int]:
        people = _people()
        if kind.chain == "evaluation":
            _closed(people["applicant"])
        made: dict[str, int] = {}
        for number, state in enumerate(kind.states(relation), 1):
            if state not in made:
                made |= _gone(kind, state, number, people)
        if relation in HANDED:
            _hand_over(kind, made)
        return made

    prepare.__qualname__ = f"{kind.chain} {relation in HANDED}"
    return furnish(prepare)


def _gone(kind: Kind, state: str, number: int, people: Mapping[str, Session]) -> dict[str, int]:
    """A case that went the way of a state; the one that it came in the place of too."""
    made, key = dict[str, int](), kind.make(people["applicant"], number)
    way = kind.ways[state]
    for login, verdict in way if kind.chain == "accreditation" else way[1:]:
        done = kind.deeds[verdict][2](people[login], key)
        if kind.deeds[verdict][1] == "evaluation.compute":
            made["replaced"], key = key, done.value  # type: ignore[attr-defined]
    return {**made, state: key}


def _hand_over(kind: Kind, made: Mapping[str, int]) -> None:
    sales, keys = session_of("sales"), list(made.values())
    given = Handover("owner", sales.today(), "岗位调整")
    if kind.chain == "accreditation":
        handover.hand_over(sales, [], given, keys)
        return
    marks = ", ".join("?" * len(keys))
    of = rows(f"SELECT customer_id FROM {kind.chain} WHERE id IN ({marks})", tuple(keys))
    handover.hand_over(sales, [int(key) for (key,) in of], given)
