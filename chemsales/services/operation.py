"""The one way to write: permission, transaction, acting person, audit event, what changed."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import peewee

from chemsales.queries.delegation import load_acting
from chemsales.rules import roles
from chemsales.rules.errors import (
    ChemsalesError,
    Conflict,
    Forbidden,
    NotAllowed,
    Reason,
    Unreachable,
)
from chemsales.rules.roles import DELEGABLE, Action, Actor
from chemsales.services.acts import ASK_AGAIN, Step, Unsure, new_key
from chemsales.services.changes import Changed, Subject
from chemsales.services.scans import look_at
from chemsales.services.session import Session
from chemsales.storage.database import (
    close,
    connected,
    database,
    is_sqlite,
    retrying,
    rows,
    sqlstate,
    transaction,
)
from chemsales.storage.following import CHANNEL, notice
from chemsales.storage.models.audit import Event
from chemsales.storage.security.refusals import REFUSALS

INSUFFICIENT_PRIVILEGE, RAISED = "42501", "P0001"  # SQLSTATEs: no such grant; a guard refused
P = ParamSpec("P")
R = TypeVar("R")

_ACTING = "SELECT set_config('chemsales.who', %s, true), set_config('chemsales.event', %s, true)"


class _Said(NamedTuple):
    """What the audit event tells."""

    outcome: str
    subject: str
    subject_id: str
    clause: str
    edition: int | None
    reasons: tuple[Reason, ...]
    detail: dict[str, object]


@dataclass(slots=True)
class Operation:
    """One use case under way, inside its transaction: who, when, and what it says it did."""

    session: Session
    use_case: str
    key: str
    scans: Mapping[str, Reason | None] = field(default_factory=dict)  # `scans.look_at`
    subjects: set[Subject] = field(default_factory=set)
    said: _Said | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)  # once it is committed

    @property
    def actor(self) -> Actor:
        """The person who acts."""
        return self.session.actor

    @property
    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.session.now()

    @property
    def today(self) -> date:
        """The business date."""
        return self.session.today()

    def changed(self, *subjects: Subject) -> None:
        """Say which subjects the use case touches."""
        self.subjects.update(subjects)

    def record(
        self,
        subject: Subject,
        subject_id: object,
        clause: str = "",
        edition: int | None = None,
        reasons: tuple[Reason, ...] = (),
        **detail: object,
    ) -> None:
        """Say for the audit event what was done to which record, by which article and edition."""
        self.changed(subject)
        self.said = _Said("done", str(subject), str(subject_id), clause, edition, reasons, detail)

    def record_refusal(self, subject: Subject, subject_id: object, *reasons: Reason) -> None:
        """The same of a refusal whose traces have to stay (a failed login)."""
        self.changed(subject)
        self.said = _Said(
            "refused", str(subject), str(subject_id), _clause(reasons), None, reasons, {}
        )

    def write_event(self) -> None:
        """Write the audit event of what was said."""
        assert self.said is not None
        Event.insert(
            key=self.key,
            at=self.now,
            who=self.actor.login,
            use_case=self.use_case,
            outcome=self.said.outcome,
            subject=self.said.subject,
            subject_id=self.said.subject_id,
            clause=self.said.clause,
            edition=self.said.edition,
            reasons=[reason.as_dict() for reason in self.said.reasons],
            detail=self.said.detail,
        ).execute()


def _clause(reasons: Iterable[Reason]) -> str:
    return next((reason.clause for reason in reasons if reason.clause), "")


def _begin(operation: Operation) -> None:
    """Tell the database who acts, under which key."""
    who, key = operation.actor.login, operation.key
    if is_sqlite():
        database.execute_sql("DELETE FROM acting")
        database.execute_sql("INSERT INTO acting VALUES (1, ?, ?)", (who, key))
    else:
        database.execute_sql(_ACTING, (who, key))


def _end(operation: Operation) -> None:
    """Write the event; nobody acts any more; other desks are told when the commit is done."""
    operation.write_event()
    if is_sqlite():
        database.execute_sql("DELETE FROM acting")
        return
    told = notice(operation.key, operation.subjects)
    database.execute_sql(f"{_ACTING}, pg_notify(%s, %s)", ("", "", CHANNEL, told))


def use_case(
    action: Action | None,
) -> Callable[
    [Callable[Concatenate[Operation, P], R]], Callable[Concatenate[Session, P], Changed[R]]
]:
    """Make a function of an Operation into a use case of a Session.

    The scans that it is given are looked at before anything is locked: `keep_scan` refuses by what
    was found. The permission is checked first (None: the use case is for people who are not known
    yet, and says itself who may); then the function runs in one write transaction in which every
    changed row is audited; it has to call `record` (a use case without an audit entry does not
    commit). A refusal (ChemsalesError) rolls back, leaves an audit entry of its own, and is raised;
    what a constraint of the database refuses (another desk was faster) becomes a Conflict. Where
    the answer to the commit is lost it is asked whether it landed; Unsure while nobody answers.
    """

    def decorate(
        work: Callable[Concatenate[Operation, P], R],
    ) -> Callable[Concatenate[Session, P], Changed[R]]:
        name = f"{work.__module__.rsplit('.', 1)[-1]}.{work.__name__}"

        @wraps(work)
        def run(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> Changed[R]:
            def once() -> Changed[R]:
                operation = Operation(session, name, step.key, scans)
                return _carry_out(operation, step, action, lambda: work(operation, *args, **kwargs))

            try:
                step = session.act.step() if session.act else Step(new_key(session.desk))
                if step.outcome is not None:
                    return step.outcome
                if step.pending:
                    return _ask(session, name, step)
                scans = look_at((*args, *kwargs.values()))
                return retrying(once)
            except Unreachable:
                if step.pending is None:
                    raise  # nothing can be written, not even that
                return _ask(session, name, step)
            except ChemsalesError as refusal:
                _record_refusal(session, name, refusal, _given(work, args, kwargs))
                raise
            except peewee.DatabaseError as error:
                refused = _refused_by_database(error)
                if refused is None:
                    raise
                _record_refusal(session, name, refused, _given(work, args, kwargs))
                raise refused from error

        run.action = action  # type: ignore[attr-defined]
        return run

    return decorate


def _carry_out(
    operation: Operation, step: Step, action: Action | None, work: Callable[[], R]
) -> Changed[R]:
    """Do the work in one write transaction, with its audit event."""
    step.pending = None
    with connected(), transaction():
        if action is not None:
            operation.session = _admitted(operation.session, action)
        _begin(operation)
        value = work()
        if operation.said is None:
            name = operation.use_case
            raise RuntimeError(f"{name} committed nothing: it recorded no audit event")
        _end(operation)
        done = Changed(value, frozenset(operation.subjects), operation.key)
        step.commits(done, operation.afterwards)
    return step.landed()


def _ask(session: Session, name: str, step: Step) -> Changed[Any]:
    """What came of a commit whose answer was lost: its outcome where it landed, Unreachable where
    it did not and never will, Unsure where nobody answers.

    Whoever asks tries to take the key over a new connection: one that is taken landed, and what
    comes too late finds it taken.
    """
    if session.act is not None:
        session.act.doubt(step.key, name)
    for wait in ASK_AGAIN:
        time.sleep(wait)
        close()  # what broke is of no use, though a caller may hold it open
        try:
            taken = came_through(session, name, step.key)
        except Unreachable:
            continue
        if taken:
            return step.landed(asked=True)
        step.key, step.pending = new_key(session.desk), None
        raise Unreachable(_LOST)
    raise Unsure(Reason("reason.commit_unknown"))


def came_through(session: Session, use_case: str, key: str) -> bool:
    """Whether the commit of this key landed; where it did not, it never will. Unreachable."""
    return retrying(lambda: _is_taken(session, use_case, key))


_LOST = Reason("reason.commit_lost")


def _is_taken(session: Session, name: str, key: str) -> bool:
    """Whether the event of this key is there; where it is not, its place is taken for good.

    The answer to this may be lost as well: what took the place then is told from what it is for.
    """
    operation = Operation(session, name, key)
    operation.said = _Said("refused", "", "", "", None, (_LOST,), {"kind": "unreachable"})
    try:
        with connected(), transaction():
            operation.write_event()
    except peewee.IntegrityError:
        lost = f"%{_LOST.code}%"
        return bool(rows("SELECT 1 FROM event WHERE key = ? AND reasons NOT LIKE ?", (key, lost)))
    return False


def _refused_by_database(error: peewee.DatabaseError) -> ChemsalesError | None:
    """The refusal that a person is told, None where the statement itself is wrong.

    A constraint or a guard: another desk was faster. A right that is lacking, or one of the
    server's own rules: the login forbids it, whatever this program thought of it.
    """
    code = sqlstate(error)
    if code in REFUSALS:
        return Forbidden(REFUSALS[code])
    if code == INSUFFICIENT_PRIVILEGE:
        return Forbidden(Reason("reason.server_forbids", {}, "C5.1"))
    if isinstance(error, peewee.IntegrityError) or code == RAISED:
        return Conflict(Reason("reason.record_refused"))
    return None


def _admitted(session: Session, action: Action) -> Session:
    """The session of a person who may do this now, with the delegations that stand where they
    count for it; Forbidden otherwise."""
    if action in DELEGABLE:
        session = replace(session, actor=load_acting(session.actor, session.today()))
    roles.check(session.actor, action)
    _check_still_holds(session.actor)
    return session


def _check_still_holds(actor: Actor) -> None:
    """Refuse who is no person of the database, or whose login or roles were taken away since
    (C5.1)."""
    stored = rows(
        "SELECT p.active, r.role FROM person p LEFT JOIN person_role r ON r.login = p.login "
        "WHERE p.login = ?",
        (actor.login,),
    )
    if not (stored and stored[0][0] and actor.roles <= {role for _, role in stored}):
        raise Forbidden(Reason("reason.rights_changed", {}, "C5.1"))


def _given(
    work: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]
) -> dict[str, object]:
    """The keys, verdicts and days that a refused use case was called with; no text, no bytes."""
    bound = inspect.signature(work).bind_partial(None, *args, **kwargs).arguments
    plain = (bool, int, date, StrEnum)
    return {name: str(value) for name, value in bound.items() if isinstance(value, plain)}


def _record_refusal(
    session: Session, name: str, refusal: ChemsalesError, given: Mapping[str, object]
) -> None:
    """Leave an audit entry of a refused act in a transaction of its own."""
    kind = "not_allowed" if isinstance(refusal, NotAllowed) else type(refusal).__name__.lower()
    reasons = refusal.reasons
    operation = Operation(session, name, new_key(session.desk))
    operation.said = _Said(
        "refused", "", "", _clause(reasons), None, reasons, {"kind": kind, **given}
    )

    def once() -> None:
        with connected(), transaction():
            operation.write_event()

    with suppress(Unreachable):  # the refusal itself is told anyway
        retrying(once)
