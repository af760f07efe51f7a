"""What is wrong with the backups, as the window says it."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.queries.backup import standing
from chemsales.rules.backup import overdue
from chemsales.rules.calendar import company_day, company_minute
from chemsales.rules.roles import Actor
from chemsales.services import backup
from chemsales.services.session import utc_now
from chemsales.words import _, say


@dataclass(frozen=True, slots=True)
class Worry:
    """A sentence, and whether it waits for a restored database to be confirmed (else for a
    backup)."""

    text: str
    restored: bool = False


def worry(actor: Actor) -> Worry | None:
    """The worst thing about the backups now, None where they are in order."""
    found = standing(actor)
    if found.restored_from:
        text = _(
            "This data was restored from {file}. Check that it is right; until an administrator"
            " confirms it, no old backup is removed.",
            file=found.restored_from,
        )
        return Worry(text, True)
    failed = backup.failure()
    if failed is not None:
        at = company_minute(failed[0])
        why = " ".join(say(reason) for reason in failed[1])
        return Worry(_("The backup of {at} failed: {why}", at=at, why=why))
    if found.unsaved_since is not None and overdue(found.unsaved_since, utc_now()):
        since = company_day(found.unsaved_since).isoformat()
        return Worry(_("There is no backup of the work since {day}.", day=since))
    return None
