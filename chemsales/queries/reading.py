"""The one way to read: permission first, then a connection for the duration of the query."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from chemsales.rules import roles
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import connected

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def reading(actor: Actor, action: Action) -> Iterator[None]:
    """A connection for the block; NotAllowed unless the person's roles allow `action`."""
    roles.check(actor, action)
    with connected():
        yield


def query(
    action: Action = Action.READ,
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function of the reading actor into a query.

    NotAllowed unless the roles allow `action`, which is kept as the query's attribute `action`.
    """

    def decorate(work: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @wraps(work)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with reading(actor, action):
                return work(actor, *args, **kwargs)

        run.action = action  # type: ignore[attr-defined]
        return run

    return decorate
