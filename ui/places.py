"""The places of the window, in the order of its tabs. To add one: a row here and a Page class of
that name.

A place is imported when it is first shown; a row whose module does not exist is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from chemsales.rules import roles
from chemsales.rules.roles import Action, Actor
from chemsales.words import N_


@dataclass(frozen=True, slots=True)
class Place:
    """A tab: `title` is a message of the catalogue, `page` a "module:Class", `action` what the
    person must be allowed to do to see it (None: everybody), `count` the "module:query" of
    the number beside it (called with the actor, refreshed when something changes), `inside` the
    "module:function" of what the search finds inside it: called with the actor and the day, it
    gives rows of kind, title and target of `open`; `short` is its word on the narrow rail."""

    key: str
    title: str
    group: int
    page: str
    action: Action | None = Action.READ
    count: str = ""
    inside: str = ""
    short: str = ""


PLACES = (
    Place("today", N_("Today"), 1, "ui.pages.today:TodayPage", None, short=N_("Today")),
    Place(
        "approvals",
        N_("Approvals"),
        1,
        "ui.pages.approvals:ApprovalsPage",
        count="chemsales.queries.approval:waiting_count",
        short=N_("Approvals"),
    ),
    Place(
        "customers", N_("Customers"), 1, "ui.pages.customers:CustomersPage", short=N_("Customers")
    ),
    Place("licences", N_("Licences"), 1, "ui.pages.licences:LicencesPage", short=N_("Licences")),
    Place("filing", N_("Dispatch & filing"), 1, "ui.pages.filing:FilingPage", short=N_("Dispatch")),
    Place("tiers", N_("Tonnage & tiers"), 2, "ui.pages.tiers:TiersPage", short=N_("Tiers")),
    Place(
        "evaluation",
        N_("Evaluation & reports"),
        2,
        "ui.pages.evaluation:EvaluationPage",
        inside="ui.work.evaluation:inside",
        short=N_("Evaluate"),
    ),
    Place(
        "settings",
        N_("Settings"),
        3,
        "ui.pages.settings:SettingsPage",
        None,
        inside="ui.pages.settings:inside",
        short=N_("Settings"),
    ),
)


@cache
def _exists(module: str) -> bool:
    return find_spec(module) is not None


def places_for(actor: Actor) -> tuple[Place, ...]:
    """The places where this person has business."""
    return tuple(
        place
        for place in PLACES
        if _exists(place.page.partition(":")[0])
        and (place.action is None or not roles.blockers(actor, place.action))
    )


def load(dotted: str) -> Any:
    """The object of a "module:name", imported now."""
    module, _, name = dotted.partition(":")
    return getattr(import_module(module), name)
