"""What the search of everything knows without asking the database: places and what is inside them,
actions, and where the person was of late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from chemsales.rules import roles
from chemsales.rules.roles import Actor
from chemsales.words import _, say_all
from ui.actions import Act, key_text
from ui.history import Stop
from ui.places import Place, load
from ui.tables.frame import GridFrame
from ui.text import dotted
from ui.verb import Offer
from ui.verbs import VERBS, WINDOW, Verb
from ui.widgets.phrases import PhraseButton
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
    detail = dotted(beside)
    also = f"{_(verb.tip)} {verb.text} {verb.tip}"  # in English too, for who helps from afar
    return Entry(_("Action"), _(verb.text), detail, verb.place, None, verb.id, why, also)


def offered(page: QWidget) -> list[Entry]:
    """What the lists and fields in sight offer now: verbs whose things are data (a saved view)."""
    return [_offered(offer) for offer in _offers(page) if VERBS[offer.verb].search]


def offer_of(page: QWidget, entry: Entry) -> Offer | None:
    """What is offered under this line now; a line holds no widget, as other threads search it."""
    wanted = (entry.verb, entry.target)
    return next((o for o in _offers(page) if (o.verb, (o.of, o.what)) == wanted), None)


def _offers(page: QWidget) -> list[Offer]:
    parts = [*page.findChildren(GridFrame), *page.findChildren(PhraseButton)]
    return [offer for part in parts if part.isVisible() for offer in part.offers()]


def _offered(offer: Offer) -> Entry:
    verb = VERBS[offer.verb]
    title = _("{column}: {what}", column=_(verb.text), what=offer.what)
    beside = [key_text(verb.keys[0]) if verb.keys else "", offer.of]
    return Entry(
        _("Action"),
        title if offer.what else _(verb.text),
        dotted(beside),
        target=(offer.of, offer.what),
        verb=verb.id,
        why=offer.why,
        also=f"{_(verb.tip)} {verb.text} {verb.tip} {offer.what}",
    )


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
