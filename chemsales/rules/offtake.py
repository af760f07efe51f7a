"""Pick-ups and plans (提货量, 计划量): kinds and the checks of an imported row."""

from __future__ import annotations

from enum import StrEnum


class BatchKind(StrEnum):
    """What an imported file holds."""

    PICKUPS = "pickups"
    PLANS = "plans"


class PickupKind(StrEnum):
    """A weighed pick-up, or an accepted return with negative kilograms (A.X 3)."""

    PICKUP = "pickup"
    RETURN = "return"
