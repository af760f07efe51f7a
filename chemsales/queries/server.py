"""Whether a server still is what it was set up as: the lint of its catalogue."""

from __future__ import annotations

from chemsales.queries.reading import query
from chemsales.rules.errors import Reason
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import is_sqlite
from chemsales.storage.security.lint import Finding as Finding
from chemsales.storage.security.lint import lint


@query(Action.VERIFY)
def findings(actor: Actor) -> tuple[Finding, ...]:
    """Every check of the open server with what is wrong; none for an embedded database."""
    return look()


def look() -> tuple[Finding, ...]:
    """As `findings`, for whoever has the owner's login and no session."""
    return () if is_sqlite() else tuple(lint())


def unset_up(why: Reason) -> Finding:
    """What stands for all checks of a server that is not ready for this program."""
    return Finding(Reason("reason.lint_check_set_up"), (why,))
