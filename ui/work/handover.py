"""What handing customers over is opened with, off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.queries import handover as queries
from chemsales.queries.handover import Holding, Manager
from chemsales.rules.roles import Actor


@dataclass(frozen=True, slots=True)
class Offered:
    """What a manager has, and who there is to take it."""

    holding: Holding
    managers: list[Manager]


def offered(actor: Actor, login: str) -> Offered:
    """What the dialog is opened with."""
    return Offered(queries.holding(actor, login), queries.managers(actor))
