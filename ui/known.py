"""What the search of everything knows without asking the database: places and what is inside them,
actions, and where the person was of late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from PySide6.QtGui import QAction

from chemsales.rules import roles
from chemsales.rules.roles import Actor
from chemsales.words import _, say_all
from ui.actions import Act, key_text
from ui.history import Stop
from ui.places import Place, load
from ui.verbs import VERBS, WINDOW, Verb
from ui.work.finding import Entry

RECENT = 8


def places(found: Sequence[Place], actor: Actor, today: date) -> list[Entry]:
    """The places, and what each says is inside it (sections, reports)."""
    entries = []
    for number, place in enumerate(found, start=1):
        key = key_text(f"Ctrl+{number}") if number <= 9 else ""
        entries.append(Entry(_("Place"), _(place.title), key, place.key))
    for place in found:
        if place.inside:
            for kind, title, target in load(place.inside)(actor, today):
                entries.append(Entry(kind, title, _(place.title), place.key, target))
    return entries


def actions(found: Mapping[str, Place], live: Mapping[str, Act], actor: Actor) -> list[Entry]:
    """The actions of the window and of the person's places; `live` are those that exist already
    and know why they cannot be done now."""
    return [
        _action(verb, live.get(verb.id), found, actor)
        for verb in VERBS.values()
        if verb.search and (verb.place == WINDOW or verb.place in found)
    ]


def _action(verb: Verb, act: QAction | None, found: Mapping[str, Place], actor: Actor) -> Entry:
    forbidden = roles.blockers(actor, verb.permission) if verb.permission else ()
    why = act.why if isinstance(act, Act) else say_all(forbidden)
    place = found.get(verb.place)
    beside = [key_text(verb.keys[0]) if verb.keys else "", _(place.title) if place else ""]
    detail = "  ·  ".join(filter(None, beside))
    also = f"{_(verb.tip)} {verb.text} {verb.tip}"  # in English too, for who helps from afar
    return Entry(_("Action"), _(verb.text), detail, verb.place, None, verb.id, why, also)


def recent(stops: Iterable[Stop], found: Mapping[str, Place], late: bool = True) -> list[Entry]:
    """Where the person was of late, or the places that there are."""
    entries = [
        Entry(
            _("Of late") if late else _("Place"),
            stop.title or _(found[stop.place].title),
            _(found[stop.place].title) if stop.title else "",
            stop.place,
            stop.target,
        )
        for stop in stops
        if stop.place in found
    ]
    return entries[:RECENT]
