"""How what is pressed at a desk is sent: once, however often it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chemsales.rules.errors import Unreachable
from chemsales.services.acts import Act, Unsure
from chemsales.services.changes import Changed
from chemsales.services.session import Session

WAIT_AT_MOST = 8.0  # seconds between two questions what came of a commit


class Sender:
    """Sends what is pressed at one desk. What was interrupted and is pressed again is the same act;
    whether a lost commit landed is asked until somebody answers, or `leaving` is set."""

    def __init__(self, leaving: threading.Event) -> None:
        self._leaving = leaving
        self._interrupted: tuple[object, tuple[object, ...], Act] | None = None

    def send(self, service: Callable[..., Any], session: Session, *args: object) -> Any:
        """Call `service(session, *args)`."""
        before, self._interrupted = self._interrupted, None
        same = before is not None and before[0] == service and before[1] == args
        act = before[2] if before is not None and same else Act(session.desk)
        wait = 0.5
        while True:
            act.again()
            try:
                answer = service(replace(session, act=act), *args)
                asked = act.asked and isinstance(answer, Changed)
                return replace(answer, asked=True) if asked else answer
            except Unsure:
                if self._leaving.wait(wait):
                    raise
                wait = min(2 * wait, WAIT_AT_MOST)
            except Unreachable:
                self._interrupted = (service, args, act)
                raise
