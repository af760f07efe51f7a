"""The cards of the home page: a heading, lines, and the list that has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.roles import Actor, Role
from ui.wording import waited

MOST_LINES = 50  # of a card whose list may be very long


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: where it is done (place and target inside it), and whether it is late."""

    text: str
    remark: str
    place: str
    target: object = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A heading, the lines behind its number, the sentence where there is none, and the place whose
    list has these lines ("": they are in several)."""

    key: str
    title: str
    lines: tuple[Line, ...]
    empty: str
    place: str = ""
    target: object = None
    rows: int = -1  # of its list, where that has more than the lines that are seen here

    @property
    def number(self) -> int:
        """How many lines there are, and with those that are not seen here."""
        return max(self.rows, len(self.lines))

    @property
    def late(self) -> bool:
        """Whether a line is late."""
        return any(line.late for line in self.lines)


def answered_for(actor: Actor) -> str:
    """Whose customers this person answers for: all ("") as the sales head, who may manage some as
    well, else the own ones."""
    return "" if actor.holds(Role.SALES_HEAD) else actor.login


@dataclass(frozen=True, slots=True)
class Day:
    """What the cards are made from: who asks, the day, and the working days."""

    actor: Actor
    today: date
    calendar: WorkCalendar

    def waited(self, since: datetime) -> int:
        """The working days since an instant, its own day not counted."""
        return self.calendar.waited(since, self.today)

    def words(self, since: datetime) -> str:
        """How long something has waited."""
        return waited(self.waited(since))
