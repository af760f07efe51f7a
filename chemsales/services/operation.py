"""The one way to write: permission, transaction, acting person, audit event, what changed."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import peewee

from chemsales.rules import roles
from chemsales.rules.errors import (
    ChemsalesError,
    Conflict,
    Forbidden,
    NotAllowed,
    Reason,
    Unreachable,
)
from chemsales.rules.roles import Action, Actor
from chemsales.services.changes import Changed, Subject
from chemsales.services.session import Session
from chemsales.storage.database import (
    connected,
    database,
    is_sqlite,
    retrying,
    rows,
    sqlstate,
    transaction,
)
from chemsales.storage.models.audit import Event
from chemsales.storage.security.refusals import REFUSALS

INSUFFICIENT_PRIVILEGE, RAISED = "42501", "P0001"  # SQLSTATEs: no such grant; a guard refused
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Operation:
    """One use case under way, inside its transaction: who, when, and what it says it did."""

    session: Session
    use_case: str
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    subjects: set[Subject] = field(default_factory=set)
    recorded: bool = False
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
        """Write the audit event: what was done to which record, by which article and edition."""
        self.changed(subject)
        self.recorded = True
        _write_event(self, "done", str(subject), str(subject_id), clause, edition, reasons, detail)

    def record_refusal(self, subject: Subject, subject_id: object, *reasons: Reason) -> None:
        """Write the audit event of a refusal whose traces have to stay (a failed login)."""
        self.changed(subject)
        self.recorded = True
        clause = next((reason.clause for reason in reasons if reason.clause), "")
        _write_event(self, "refused", str(subject), str(subject_id), clause, None, reasons, {})


def _write_event(
    operation: Operation,
    outcome: str,
    subject: str,
    subject_id: str,
    clause: str,
    edition: int | None,
    reasons: tuple[Reason, ...],
    detail: dict[str, object],
) -> None:
    Event.insert(
        key=operation.key,
        at=operation.now,
        who=operation.actor.login,
        use_case=operation.use_case,
        outcome=outcome,
        subject=subject,
        subject_id=subject_id,
        clause=clause,
        edition=edition,
        reasons=[reason.as_dict() for reason in reasons],
        detail=detail,
    ).execute()


def _set_acting(who: str | None, event: str | None) -> None:
    if is_sqlite():
        database.execute_sql("DELETE FROM acting")
        if who is not None:
            database.execute_sql("INSERT INTO acting VALUES (1, ?, ?)", (who, event))
    else:
        database.execute_sql(
            "SELECT set_config('chemsales.who', %s, true), set_config('chemsales.event', %s, true)",
            (who or "", event or ""),
        )


def use_case(
    action: Action | None,
) -> Callable[
    [Callable[Concatenate[Operation, P], R]], Callable[Concatenate[Session, P], Changed[R]]
]:
    """Make a function of an Operation into a use case of a Session.

    The permission is checked first (None: the use case is for people who are not known yet, and
    says itself who may); then the function runs in one write transaction in which every changed row
    is audited; it has to call `record` (a use case without an audit entry does not commit). A
    refusal (ChemsalesError) rolls back, leaves an audit entry of its own, and is raised; what a
    constraint of the database refuses (another desk was faster) becomes a Conflict.
    """

    def decorate(
        work: Callable[Concatenate[Operation, P], R],
    ) -> Callable[Concatenate[Session, P], Changed[R]]:
        name = f"{work.__module__.rsplit('.', 1)[-1]}.{work.__name__}"

        @wraps(work)
        def run(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> Changed[R]:
            def once() -> Changed[R]:
                operation = Operation(session, name)
                with connected(), transaction():
                    if action is not None:
                        roles.check(session.actor, action)
                        _check_still_holds(session.actor)
                    _set_acting(session.actor.login, operation.key)
                    value = work(operation, *args, **kwargs)
                    if not operation.recorded:
                        raise RuntimeError(f"{name} committed nothing: it recorded no audit event")
                    _set_acting(None, None)
                for step in operation.afterwards:
                    step()
                return Changed(value, frozenset(operation.subjects), operation.key)

            try:
                return retrying(once)
            except Unreachable:
                raise  # nothing can be written, not even that
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
    operation = Operation(session, name)
    kind = "not_allowed" if isinstance(refusal, NotAllowed) else type(refusal).__name__.lower()
    with connected(), transaction():
        clause = next((reason.clause for reason in refusal.reasons if reason.clause), "")
        _write_event(
            operation, "refused", "", "", clause, None, refusal.reasons, {"kind": kind, **given}
        )
