"""Levels of polyolefin customers (客户分级, C9.2, C9.3, A.X 1-8)."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """The five levels in order."""

    AUCTION = "auction"  # 网拍客户
    ORDINARY = "ordinary"  # 普通客户
    ONE_STAR = "one_star"  # 一星客户
    TWO_STAR = "two_star"  # 二星客户
    THREE_STAR = "three_star"  # 三星客户


class TierOutcome(StrEnum):
    """What a month did to a level."""

    RAISED = "raised"
    LOWERED = "lowered"
    KEPT = "kept"
    BLOCKED = "blocked"
    PINNED = "pinned"
    MISSING = "missing"
    AUCTION_EXIT = "auction_exit"
