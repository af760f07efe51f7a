"""Which backups are kept, and when one is due."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta

from chemsales.rules import roles
from chemsales.rules.roles import Action, Actor

DAILY, WEEKLY, MONTHLY = 7, 4, 12
OVERDUE = timedelta(days=3)


def kept(instants: Iterable[datetime]) -> frozenset[datetime]:
    """The backups that stay: the last one of each of the newest 7 days, 4 weeks and 12 months that
    have any. `instants` are when they were made, in the company's zone."""
    newest_first = sorted(instants, reverse=True)
    periods: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
        (DAILY, lambda at: at.date()),
        (WEEKLY, lambda at: at.isocalendar()[:2]),
        (MONTHLY, lambda at: (at.year, at.month)),
    )
    stay: set[datetime] = set()
    for number, period in periods:
        last: dict[Hashable, datetime] = {}
        for at in newest_first:
            last.setdefault(period(at), at)
        stay.update(list(last.values())[:number])
    return frozenset(stay)


def made_for(actor: Actor, own_login: bool) -> bool:
    """Whether the program backs up by itself what this person worked: in a file whoever it was, on
    a server with logins of people's own for those who may keep copies of it."""
    return not own_login or not roles.blockers(actor, Action.BACKUP)


def overdue(unsaved_since: datetime | None, now: datetime) -> bool:
    """Whether work that is in no backup (the oldest of it is from `unsaved_since`) has waited too
    long."""
    return unsaved_since is not None and now - unsaved_since > OVERDUE
