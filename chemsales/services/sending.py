"""How what is pressed at a desk is sent: once, however often it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chemsales.rules.errors import ChemsalesError, Unreachable
from chemsales.services.acts import Act, Doubt, Doubts, Unsure
from chemsales.services.changes import Changed
from chemsales.services.operation import came_through
from chemsales.services.session import Session

WAIT_AT_MOST = 8.0  # seconds between two questions what came of a commit


class Sender:
    """Sends what is pressed at one desk. What was interrupted and is pressed again is the same act;
    whether a lost commit landed is asked until somebody answers, or `leaving` is set; what nobody
    answered stays in `doubts`, for `left_over` when the program is back."""

    def __init__(self, leaving: threading.Event, doubts: Doubts | None = None) -> None:
        self._leaving, self._doubts = leaving, doubts or Doubts()
        self._interrupted: tuple[object, tuple[object, ...], Act] | None = None

    def send(self, service: Callable[..., Any], session: Session, *args: object) -> Any:
        """Call `service(session, *args)`."""
        before, self._interrupted = self._interrupted, None
        same = before is not None and before[0] == service and before[1] == args
        doubts = self._doubts
        act = before[2] if before is not None and same else Act(session.desk, doubt=doubts.note)
        wait = 0.5
        while True:
            act.again()
            try:
                answer = service(replace(session, act=act), *args)
                doubts.strike(act.doubted)
                asked = act.asked and isinstance(answer, Changed)
                return replace(answer, asked=True) if asked else answer
            except Unsure:
                if self._leaving.wait(wait):
                    raise
                wait = min(2 * wait, WAIT_AT_MOST)
            except ChemsalesError as error:
                doubts.strike(act.doubted)
                if isinstance(error, Unreachable):
                    self._interrupted = (service, args, act)
                raise


def left_over(session: Session, doubts: Doubts) -> list[tuple[Doubt, bool]]:
    """What an earlier run of the program was never told: each with whether it landed; what did not
    never will. Where nobody answers any more, those answered so far; Unreachable where none was.
    All stay noted until they are struck: whoever tells the person does that then."""
    told: list[tuple[Doubt, bool]] = []
    for each in doubts.noted():
        try:
            told.append((each, came_through(session, each.use_case, each.key)))
        except Unreachable:
            if not told:
                raise
            break
    return told
