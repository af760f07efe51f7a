"""How the backups stand, told by the database itself: the last one, and what none has yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from chemsales.queries.reading import query
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

BACKUP, RESTORED = "backup", "restored"  # what the events of `services.backup` are about
# nothing to back up
QUIET = ("people._sign_in", "people._change_password", "people.change_password", "backup._note")


@dataclass(frozen=True, slots=True)
class Standing:
    """When the last backup was made (None: never), since when there is work that is in none, and
    the file that was restored, while nobody has confirmed it ("" otherwise). Instants in UTC."""

    last: datetime | None
    unsaved_since: datetime | None
    restored_from: str


@query(Action.RULES_READ)
def standing(actor: Actor) -> Standing:
    """How the backups of the open database stand."""
    return load_standing()


def load_standing() -> Standing:
    """The same for those who were asked already."""
    last = rows(
        "SELECT at, detail FROM event WHERE subject = 'settings' AND subject_id = ? "
        "AND outcome = 'done' ORDER BY id DESC LIMIT 1",
        (BACKUP,),
    )
    restored = rows(
        "SELECT use_case, detail FROM event WHERE subject = 'settings' AND subject_id = ? "
        "AND outcome = 'done' ORDER BY id DESC LIMIT 1",
        (RESTORED,),
    )
    open_one = bool(restored) and restored[0][0] == "backup.note_restored"
    held = json.loads(last[0][1]) if last else {}
    return Standing(
        instant_of(last[0][0]) if last else None,
        _unsaved_since(int(held.get("last_event", 0)), int(held.get("last_change", 0))),
        str(json.loads(restored[0][1])["source"]) if open_one else "",
    )


def _unsaved_since(event: int, change: int) -> datetime | None:
    """The instant of the first work after what the last backup holds, by the database's clock."""
    marks = ", ".join("?" * len(QUIET))
    found = rows(
        f"SELECT at FROM event WHERE id > ? AND outcome = 'done' AND use_case NOT IN ({marks}) "
        "ORDER BY id LIMIT 1",
        (event, *QUIET),
    )
    changed = rows("SELECT at FROM change WHERE id > ? ORDER BY id LIMIT 1", (change,))
    return instant_of((changed or found)[0][0]) if found else None
