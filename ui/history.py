"""Where the person was in the window: back, forward, and the places of late."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 50


@dataclass(frozen=True, slots=True)
class Stop:
    """A place, and the record opened in it (`target` None: the place itself)."""

    place: str
    target: object
    title: str


class History:
    """Stops in order; a visit after going back forgets what lay ahead, as in a browser.

    A place that is passed on the way to a record in it gives way to that record, and where one
    record follows another on the spot (the next case of a queue) the stop turns to it.

    `earlier` are those of late before the window was made, the latest first: nothing goes back to
    them, but they are found among the recent ones.
    """

    def __init__(self, earlier: Sequence[Stop] = ()) -> None:
        self._stops: list[Stop] = []
        self._at = -1
        self._passing = False  # whether the current stop is but on the way to a record
        self._earlier = tuple(earlier)

    @property
    def current(self) -> Stop | None:
        """Where the person is."""
        return self._stops[self._at] if self._stops else None

    def visit(self, stop: Stop, passing: bool = False) -> None:
        """Come to a stop, or pass it; coming to where one is changes nothing."""
        current = self.current
        if current is not None and (current.place, current.target) == (stop.place, stop.target):
            self._passing = self._passing and passing
            return
        gives_way = self._passing and current is not None and current.place == stop.place
        self._stops = [*self._stops[: self._at + (not gives_way)], stop][-LONGEST:]
        self._at = len(self._stops) - 1
        self._passing = passing

    def turn(self, stop: Stop) -> None:
        """The record of the current stop is this one now."""
        current = self.current
        if current is not None and current.place == stop.place:
            self._stops[self._at] = stop

    def may_move(self, by: int) -> bool:
        """Whether there is a stop behind (-1) or ahead (1)."""
        return 0 <= self._at + by < len(self._stops)

    def move(self, by: int) -> Stop | None:
        """Go back (-1) or forward (1); the stop come to, None at the end."""
        if not self.may_move(by):
            return None
        self._at += by
        self._passing = False
        return self._stops[self._at]

    def recent(self, most: int, present: bool = False) -> list[Stop]:
        """The stops of late, each once, the latest first; the present one if `present`."""
        found: dict[tuple[str, object], Stop] = {}
        for stop in [*reversed(self._stops), *self._earlier]:
            found.setdefault((stop.place, stop.target), stop)
        current = self.current
        if current is not None and not present:
            found.pop((current.place, current.target), None)
        return list(found.values())[:most]


def to_text(stops: Sequence[Stop]) -> str:
    """Stops as they are remembered."""
    return json.dumps([(s.place, s.target, s.title) for s in stops], ensure_ascii=False)


def from_text(text: str) -> list[Stop]:
    """The stops of their remembered form; none where it cannot be read."""
    try:
        found = json.loads(text or "[]")
        return [Stop(str(place), _target(target), str(title)) for place, target, title in found]
    except (ValueError, TypeError):
        return []


def _target(stored: object) -> object:
    return tuple(stored) if isinstance(stored, list) else stored
