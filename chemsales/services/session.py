"""Who acts and what time it is: the first argument of every use case and query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from chemsales.rules.calendar import company_day
from chemsales.rules.roles import Actor
from chemsales.services.acts import Act, new_key


def utc_now() -> datetime:
    """The instant now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Session:
    """An authenticated person at work; `clock` gives the instant (tests put their own)."""

    actor: Actor
    clock: Callable[[], datetime] = utc_now
    must_change: bool = (
        False  # the password was given by an administrator: no roles until it is replaced
    )
    # what is pressed at this desk is known by it, and what is sent twice by its act
    desk: str = field(default_factory=new_key, compare=False)
    act: Act | None = field(default=None, compare=False)

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.clock()

    def today(self) -> date:
        """The business date in the company's time zone."""
        return company_day(self.clock())
