"""Whose login or roles another desk changed sees nothing more before signing in anew."""

from __future__ import annotations

from collections.abc import Callable

from chemsales.queries.people import stands
from chemsales.rules.errors import ChemsalesError, Forbidden
from chemsales.services.changes import Subject
from ui.context import Context


def watch(context: Context, lock: Callable[[], object]) -> None:
    """Call `lock` as soon as the person of this window is found to have lost the login, or to have
    other roles than the window was opened with."""

    def refused(error: ChemsalesError) -> None:
        if isinstance(error, Forbidden):  # a server lets the login read nothing any more
            lock()

    def answered(same: bool) -> None:
        if not same:
            lock()

    def look(subjects: frozenset[Subject]) -> None:
        if Subject.PEOPLE in subjects and context.elsewhere:
            context.read(stands, done=answered, failed=refused, channel="withdrawn")

    context.changed.connect(look)
