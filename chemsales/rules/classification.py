"""Classes of customers per product group (客户分类, C3.1, C9.1, C10.1)."""

from __future__ import annotations

from enum import StrEnum


class CustomerClass(StrEnum):
    """By target: direct user, exclusive agent, dealer."""

    DIRECT = "direct"  # 直销客户
    AGENT = "agent"  # 独家代理商
    DEALER = "dealer"  # 经销商


def classes_of(polyolefin: bool) -> tuple[CustomerClass, ...]:
    """The classes of a group: polyolefins know dealers and direct customers alone (C9.1)."""
    agents = (CustomerClass.AGENT,) if polyolefin else ()
    return tuple(member for member in CustomerClass if member not in agents)


class SalesForm(StrEnum):
    """Polyolefins by form of sale (C9.1)."""

    AUCTION = "auction"  # 网拍
    PLAN = "plan"  # 计划
