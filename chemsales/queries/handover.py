"""Who has or had which customers, and what hangs on a manager whose customers are handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chemsales.queries.further import left_of_new, open_of_new
from chemsales.queries.people import signing_reasons
from chemsales.queries.reading import query
from chemsales.rules import roles
from chemsales.rules.calendar import company_day
from chemsales.rules.customer import ApplicationState
from chemsales.rules.errors import NotAllowed, NotFound, Problem, Reason
from chemsales.rules.handover import HeldApplication, HeldCustomer, Moved, Owned, owners
from chemsales.rules.roles import Action, Actor, Role
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

# the cases `c` of customers `u`, and those of them that are not decided
RUNNING = (
    "FROM approval_case c LEFT JOIN licence l ON c.chain = 'licence' AND l.id = c.subject_id "
    "LEFT JOIN disqualification q ON c.chain = 'disqualification' AND q.id = c.subject_id "
    "LEFT JOIN customer_change h ON c.chain = 'customer_change' AND h.id = c.subject_id "
    "LEFT JOIN application a ON c.chain = 'accreditation' AND a.id = c.subject_id "
    "AND a.further = 1 JOIN customer u "
    "ON u.id = coalesce(l.customer_id, q.customer_id, h.customer_id, a.customer_id)"
)
RUNS = "c.outcome IN ('open', 'returned')"


@dataclass(frozen=True, slots=True)
class Manager:
    """An account manager with the number of customers."""

    login: str
    name: str
    customers: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What a manager has: the keys of the customers, how many cases of each go along, those that
    cannot go to everybody (`bound`: somebody signed such a case), the applications of new customers
    (open ones first), and as reasons what stays. Where it is of `several` managers it is these
    customers alone, all of them bound by whose they are, and no login has it."""

    login: str
    name: str
    customers: tuple[int, ...]
    cases: Mapping[int, int]
    applications: tuple[HeldApplication, ...]
    stays: tuple[Reason, ...]
    bound: tuple[HeldCustomer, ...] = ()
    several: int = 0

    def kept_from(self, to: str) -> dict[int, Reason]:
        """The customers that cannot be handed over to this login, and why."""
        kept = {each.id: each.kept_from(to) for each in self.bound}
        return {key: reason for key, reason in kept.items() if reason is not None}

    def goes(self, to: str) -> tuple[int, ...]:
        """The keys of the applications that can be handed over to this login."""
        return tuple(each.id for each in self.applications if each.kept_from(to) is None)


@dataclass(frozen=True, slots=True)
class Received:
    """A customer that somebody was given: by which manager it came, and from which day on."""

    customer_id: int
    name: str
    from_manager: str
    from_day: date


@query()
def received(actor: Actor, since: date) -> list[Received]:
    """The customers that were handed over to this person since a day and are so still, the last
    one first."""
    return [
        Received(key, name, former, date.fromisoformat(first))
        for key, name, former, first, at in rows(
            "SELECT u.id, u.name, coalesce(p.name, h.from_manager), h.from_day, h.given_at "
            "FROM handover h JOIN customer u ON u.id = h.customer_id "
            "LEFT JOIN person p ON p.login = h.from_manager "
            "WHERE u.manager = ? AND h.to_manager = u.manager AND h.id = (SELECT max(x.id) "
            "FROM handover x WHERE x.customer_id = h.customer_id) ORDER BY h.id DESC",
            (actor.login,),
        )
        if company_day(instant_of(at)) >= since
    ]


@dataclass(frozen=True, slots=True)
class ReceivedApplication:
    """An application of a new customer that had ended when somebody was given it, to be applied for
    again; `owner` put it up."""

    id: int
    name: str
    state: ApplicationState
    owner: str


@query()
def received_applications(actor: Actor, since: date) -> list[ReceivedApplication]:
    """What ended and was handed over to this person since a day, and was not applied for again; the
    last one first. Nothing changes of it after that."""
    return [
        ReceivedApplication(int(key), name, ApplicationState(state), owner)
        for key, name, state, owner, at in rows(
            "SELECT a.id, a.name, a.state, coalesce(p.name, c.owner), "
            "(SELECT coalesce(e.at, x.at) FROM change x LEFT JOIN event e ON e.key = x.event "
            "WHERE x.table_name = 'application' AND x.row_key = CAST(a.id AS TEXT) "
            "ORDER BY x.id DESC LIMIT 1) AS moved FROM application a "
            "JOIN approval_case c ON c.id = a.case_id LEFT JOIN person p ON p.login = c.owner "
            f"WHERE {left_of_new('a')} AND a.manager = ? AND c.owner <> a.manager "
            "ORDER BY moved DESC, a.id DESC",
            (actor.login,),
        )
        if company_day(instant_of(at)) >= since
    ]


@query(Action.CUSTOMER_HANDOVER)
def managers(actor: Actor) -> list[Manager]:
    """Everybody who can be given customers, in the order of their names."""
    return [
        Manager(login, name, int(count))
        for login, name, count in rows(
            "SELECT p.login, p.name, (SELECT count(*) FROM customer u WHERE u.manager = p.login) "
            "FROM person p JOIN person_role r ON r.login = p.login AND r.role = ? "
            "WHERE p.active = 1 ORDER BY p.sort_key, p.login",
            (str(Role.ACCOUNT_MANAGER),),
        )
    ]


@query(Action.CUSTOMER_HANDOVER)
def holding(actor: Actor, login: str) -> Holding:
    """The customers of a manager, what goes along and what stays with the login; NotFound."""
    return _holding(login)


@query(Action.CUSTOMER_HANDOVER)
def holding_of(actor: Actor, customers: Sequence[int], seen: Mapping[int, str]) -> Holding:
    """What there is to hand over with some customers: all that their manager has, or these alone
    where they are of several. NotAllowed where one is another's than was `seen` (key -> login)."""
    keys = tuple(sorted(set(customers)))
    found = rows(
        f"SELECT id, code, name, manager FROM customer WHERE id IN ({', '.join('?' * len(keys))}) "
        "ORDER BY id",
        keys,
    )
    if len(found) < len(keys) or any(seen.get(key, held) != held for key, *_of, held in found):
        raise NotAllowed(Reason("reason.handover_changed", {}, "C8.1"))
    logins = {manager for *_of, manager in found}
    if len(logins) == 1:
        return _holding(*logins)
    signers = {each.id: each.signers for login in logins for each in _signed(login)}
    cases = {key: count for login in logins for key, count in _running(login).items()}
    bound = [
        HeldCustomer(key, code, name, signers.get(key, frozenset()), manager)
        for key, code, name, manager in found
    ]
    return Holding("", "", keys, cases, (), (), tuple(bound), len(logins))


def _holding(login: str) -> Holding:
    """What one manager has; NotFound."""
    found = rows("SELECT name FROM person WHERE login = ?", (login,))
    if not found:
        raise NotFound(Reason("reason.person_unknown", {"login": login}))
    keys = rows("SELECT id FROM customer WHERE manager = ? ORDER BY id", (login,))
    customers = tuple(int(key) for (key,) in keys)
    return Holding(
        login, found[0][0], customers, _running(login), _applications(login), tuple(_stays(login)),
        _signed(login),
    )  # fmt: skip


@query(Action.CUSTOMER_HANDOVER)
def unheld(actor: Actor, application_id: int, login: str) -> Reason:
    """Why an application of a new customer is not among what a manager has to hand over: another
    has it, it is accredited, a draft that was deleted, or applied for again since. NotFound."""
    found = rows(
        "SELECT a.number, a.name, a.state, a.case_id, a.manager, coalesce(p.name, a.manager) "
        "FROM application a LEFT JOIN person p ON p.login = a.manager WHERE a.id = ?",
        (application_id,),
    )
    if not found:
        raise NotFound(Reason("reason.application_unknown", {"id": application_id}))
    number, name, state, case_id, manager, called_as = found[0]
    if manager != login:
        return Reason("reason.handover_moved", {"number": number, "name": called_as}, "C8.1")
    if state == ApplicationState.ACCREDITED:
        return Reason("reason.handover_with_customer", {}, "C8.1")
    if case_id is None:
        return Reason("reason.handover_deleted", {"number": number}, "C8.1")
    return Reason("reason.handover_superseded", {"name": name}, "C8.1")


@query(Action.CUSTOMER_HANDOVER)
def called(
    actor: Actor, codes: Sequence[str], numbers: Sequence[str]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The keys of the customers with these codes and of the applications with these numbers;
    NotFound."""
    customers = tuple(
        _key(
            "SELECT id FROM customer WHERE code = ?",
            code,
            Reason("reason.customer_unknown", {"customer": code[:40]}),
        )
        for code in codes
    )
    applications = tuple(
        _key(
            "SELECT id FROM application WHERE number = ?",
            number,
            Reason("reason.application_unknown", {"id": number[:40]}),
        )
        for number in numbers
    )
    return customers, applications


def _key(sql: str, called: str, unknown: Reason) -> int:
    found = rows(sql, (called.strip().upper(),))
    if not found:
        raise NotFound(unknown)
    return int(found[0][0])


def _applications(login: str) -> tuple[HeldApplication, ...]:
    """The applications of new customers that are this person's: what is not decided, then what
    ended and would be applied for again."""
    return tuple(
        HeldApplication(
            int(key), number, name, ApplicationState(state), signers_of([case] if case else [])
        )
        for key, number, name, state, case in rows(
            "SELECT id, number, name, state, case_id FROM application a "
            f"WHERE ({open_of_new('a')} OR {left_of_new('a')}) AND a.manager = ? "
            "ORDER BY CASE WHEN a.state IN ('rejected', 'withdrawn') THEN 1 ELSE 0 END, id",
            (login,),
        )
    )


def _running(login: str) -> Mapping[int, int]:
    """How many cases of this owner run, by customer."""
    found = rows(
        f"SELECT u.id, count(*) {RUNNING} WHERE {RUNS} AND c.owner = ? AND u.manager = ? "
        "GROUP BY u.id",
        (login, login),
    )
    return {int(key): int(count) for key, count in found}


def _signed(login: str) -> tuple[HeldCustomer, ...]:
    """The customers of this manager of whose running cases somebody signed a stage, or accepted a
    code."""
    running = f"{RUNS} AND c.owner = ? AND u.manager = ?"
    signers: dict[tuple[int, str, str], set[str]] = {}
    for key, code, name, *hands in rows(
        f"SELECT u.id, u.code, u.name, d.signer, d.on_behalf_of {RUNNING} "
        f"JOIN decision d ON d.case_id = c.id AND d.stage <> 'applicant' WHERE {running} "
        f"UNION ALL SELECT u.id, u.code, u.name, t.accepted_by, '' {RUNNING} "
        f"JOIN code_acceptance t ON t.case_id = c.id WHERE {running} ORDER BY 1",
        (login,) * 4,
    ):
        signers.setdefault((int(key), code, name), set()).update(filter(None, hands))
    return tuple(HeldCustomer(*of, frozenset(logins)) for of, logins in signers.items())


def running_cases(customer_id: int, login: str) -> list[int]:
    """The cases of a customer that run and are this person's: papers, changes of the file,
    proposals to cancel its qualification, applications for further classes (inside services and
    queries)."""
    found = rows(
        f"SELECT c.id {RUNNING} WHERE {RUNS} AND u.id = ? AND c.owner = ? ORDER BY c.id",
        (customer_id, login),
    )
    return [int(key) for (key,) in found]


def signers_of(cases: Sequence[int]) -> frozenset[str]:
    """Who stands at a stage of one of these cases, by whatever hand, or accepted a code there
    (inside services and queries)."""
    if not cases:
        return frozenset()
    marks = ", ".join("?" * len(cases))
    found = rows(
        "SELECT d.signer, d.on_behalf_of FROM decision d "
        f"WHERE d.case_id IN ({marks}) AND d.stage <> 'applicant' UNION ALL "
        f"SELECT t.accepted_by, '' FROM code_acceptance t WHERE t.case_id IN ({marks})",
        (*cases, *cases),
    )
    return frozenset(login for each in found for login in each if login)


def _stays(login: str) -> Iterator[Reason]:
    """Cases of customers that were handed over without them, which go on under this login. An
    evaluation that comes back is computed again by others."""
    ((count,),) = rows(
        f"SELECT count(*) FROM approval_case c WHERE c.owner = ? AND {RUNS} "
        "AND c.chain <> 'evaluation' "
        "AND NOT EXISTS (SELECT 1 FROM application a WHERE a.case_id = c.id AND a.further = 0) "
        f"AND c.id NOT IN (SELECT c.id {RUNNING} WHERE {RUNS} AND c.owner = ? AND u.manager = ?)",
        (login, login, login),
    )
    if count:
        yield Reason("reason.handover_cases", {"count": int(count)}, "C8.1")


@query()
def owner_history(actor: Actor, customer_id: int, day: date | None = None) -> tuple[Owned, ...]:
    """Who was account manager of a customer from when to when, by name; with a day by what was
    handed over by its end. NotFound."""
    found = rows(
        "SELECT u.accredited_on, a.manager FROM customer u "
        "JOIN application a ON a.id = u.application_id WHERE u.id = ?",
        (customer_id,),
    )
    if not found:
        raise NotFound(Reason("reason.customer_unknown", {"customer": customer_id}))
    names = dict(rows("SELECT login, name FROM person"))
    moved = [
        Moved(one, other, date.fromisoformat(first), reason, names.get(by, by))
        for one, other, first, reason, by, at in rows(
            "SELECT from_manager, to_manager, from_day, reason, given_by, given_at FROM handover "
            "WHERE customer_id = ? ORDER BY id",
            (customer_id,),
        )
        if day is None or company_day(instant_of(at)) <= day
    ]
    since, first = date.fromisoformat(found[0][0]), found[0][1]
    return tuple(
        Owned(names.get(each.manager, each.manager), each.first, each.last, each.reason,
              each.given_by)
        for each in owners(first, since, moved)
    )  # fmt: skip


@query()
def handover_blockers(actor: Actor) -> tuple[Reason, ...]:
    """Why this person hands no customers over."""
    return handover_reasons(actor)


def handover_reasons(actor: Actor) -> tuple[Reason, ...]:
    """The reasons of `handover_blockers`, with which the service refuses."""
    return roles.blockers(actor, Action.CUSTOMER_HANDOVER) or signing_reasons(actor.login)


def target_reason(login: str) -> Reason | None:
    """Why a login can be given no customers: it is no account manager's, or may not sign in."""
    found = rows(
        "SELECT 1 FROM person p JOIN person_role r ON r.login = p.login AND r.role = ? "
        "WHERE p.login = ? AND p.active = 1",
        (str(Role.ACCOUNT_MANAGER), login),
    )
    return None if found else Reason("reason.handover_to", {"login": login}, "C8.1")


def problems() -> Iterator[Problem]:
    """Customers that another has than the one to whom they were handed over last."""
    for (key,) in rows(
        "SELECT u.id FROM customer u JOIN application a ON a.id = u.application_id "
        "LEFT JOIN handover h ON h.id = (SELECT max(x.id) FROM handover x "
        "WHERE x.customer_id = u.id) WHERE u.manager <> coalesce(h.to_manager, a.manager) "
        "ORDER BY u.id"
    ):
        yield Problem(f"customer {key}", Reason("reason.handover_unfounded", {}, "C8.1"))
