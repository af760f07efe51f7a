"""Speed and memory as ratios to floors measured in the same run (`python -m tests.bench`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured: its value, that of its floor in `unit`, and the greatest ratio allowed.

    A quantity with an absolute limit, such as memory, has that limit as its floor and 1 as ratio.
    """

    name: str
    value: float
    floor: float
    limit: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """The value in units of the floor."""
        return self.value / self.floor

    @property
    def kept(self) -> bool:
        """Whether the limit is kept."""
        return self.ratio <= self.limit
