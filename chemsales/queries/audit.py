"""The audit trail as rows: events with their reasons, and the rows each one changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chemsales.queries.reading import query
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class EventRow:
    """One use case, done or refused: who, when (UTC), what to which record, by which article."""

    number: int
    key: str
    at: datetime
    who: str
    name: str
    use_case: str
    outcome: str
    subject: str
    subject_id: str
    clause: str
    edition: int | None
    reasons: tuple[Reason, ...]
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One row that an event touched: its columns before and after, None where it was not there."""

    table: str
    row_key: str
    action: str
    old: Mapping[str, object] | None
    new: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed a record last (name, or login where there is none), and when (UTC)."""

    name: str
    at: datetime


URGE = "review.urge"  # the one use case on a record with a case that decides nothing of it
_EVENTS = (
    "SELECT e.id, e.key, e.at, e.who, coalesce(p.name, ''), e.use_case, e.outcome, e.subject, "
    "e.subject_id, e.clause, e.edition, e.reasons, e.detail "
    "FROM event e LEFT JOIN person p ON p.login = e.who "
)


def _event(row: tuple[Any, ...]) -> EventRow:
    number, key, at, *texts, edition, reasons, detail = row
    said = tuple(Reason.from_dict(stored) for stored in json.loads(reasons))
    columns = [number, key, instant_of(at), *texts, edition, said, json.loads(detail)]
    return EventRow(*columns)


@query(Action.VERIFY)
def events(
    actor: Actor,
    who: str = "",
    subject: str = "",
    subject_id: str = "",
    outcome: str = "",
    before: int | None = None,
    limit: int = 200,
) -> list[EventRow]:
    """The newest events first, at most `limit`, of all persons or one, of all subjects or one.

    `before` is the number of the oldest event already shown: what follows is older.
    """
    wanted = {"e.who": who, "e.subject": subject, "e.subject_id": subject_id, "e.outcome": outcome}
    conditions = [f"{column} = ?" for column, value in wanted.items() if value]
    values: list[object] = [value for value in wanted.values() if value]
    if before is not None:
        conditions.append("e.id < ?")
        values.append(before)
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    found = rows(f"{_EVENTS}{where}ORDER BY e.id DESC LIMIT ?", (*values, limit))
    return [_event(row) for row in found]


@query(Action.VERIFY)
def changes(actor: Actor, event_key: str) -> list[ChangeRow]:
    """The rows that one event touched, in order, old and new."""
    return [
        ChangeRow(
            table,
            key,
            action,
            None if old is None else json.loads(old),
            None if new is None else json.loads(new),
        )
        for table, key, action, old, new in rows(
            'SELECT table_name, row_key, action, "old", "new" FROM change '
            "WHERE event = ? ORDER BY id",
            (event_key,),
        )
    ]


def last_event(subject: str, subject_id: object) -> int:
    """The number of the last event done to a record, 0 where there is none (inside queries).

    On a paper it says which decisions it can know of; an urge decides nothing and is left out.
    """
    return int(
        rows(
            "SELECT coalesce(max(id), 0) FROM event "
            "WHERE subject = ? AND subject_id = ? AND outcome = 'done' AND use_case <> ?",
            (subject, str(subject_id), URGE),
        )[0][0]
    )


@query(Action.RULES_READ)
def last_change(actor: Actor, subject: str, subject_id: object) -> LastChange | None:
    """Who changed a record last and when, which everybody may know; what was changed is not
    told."""
    found = rows(
        "SELECT coalesce(p.name, e.who), e.at FROM event e LEFT JOIN person p ON p.login = e.who "
        "WHERE e.subject = ? AND e.subject_id = ? AND e.outcome = 'done' "
        "ORDER BY e.id DESC LIMIT 1",
        (subject, str(subject_id)),
    )
    return LastChange(found[0][0], instant_of(found[0][1])) if found else None
