"""Where the person was in the window: back, forward, and the places of late."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 50


@dataclass(frozen=True, slots=True)
class Stop:
    """A place, and the record opened in it (`target` None: the place itself)."""

    place: str
    target: object
    title: str


class History:
    """Stops in order; a visit after going back forgets what lay ahead, as in a browser."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._at = -1

    @property
    def current(self) -> Stop | None:
        """Where the person is."""
        return self._stops[self._at] if self._stops else None

    def visit(self, stop: Stop) -> None:
        """Come to a stop; coming to where one is changes nothing."""
        current = self.current
        if current is not None and (current.place, current.target) == (stop.place, stop.target):
            return
        self._stops = [*self._stops[: self._at + 1], stop][-LONGEST:]
        self._at = len(self._stops) - 1

    def may_move(self, by: int) -> bool:
        """Whether there is a stop behind (-1) or ahead (1)."""
        return 0 <= self._at + by < len(self._stops)

    def move(self, by: int) -> Stop | None:
        """Go back (-1) or forward (1); the stop come to, None at the end."""
        if not self.may_move(by):
            return None
        self._at += by
        return self._stops[self._at]

    def recent(self, most: int) -> list[Stop]:
        """The stops of late, each once, the latest first, without the present one."""
        found: dict[tuple[str, object], Stop] = {}
        for stop in reversed(self._stops):
            found.setdefault((stop.place, stop.target), stop)
        current = self.current
        if current is not None:
            found.pop((current.place, current.target), None)
        return list(found.values())[:most]
