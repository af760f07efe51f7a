"""Fixtures of the queries' tests: who reads, and customers whose names sort in a way to look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chemsales.rules.roles import Actor, Role
from chemsales.services.session import Session
from tests.factory import accredit, draft_of
from tests.furnishing import furnish

NAMES = ("重庆长风化工", "中国石化塑料", "单县塑业", "ABC 塑料（中国）", "曾氏新材料", "安庆石化")


@pytest.fixture
def reader(ready: str, as_role: Callable[..., Session]) -> Actor:
    """The auditor, who may read everything."""
    return as_role(Role.AUDITOR).actor


def _several() -> None:
    for number, name in enumerate(NAMES, 1):
        accredit(draft_of(name, number), manager="am" if number % 2 else "am2")


@pytest.fixture
def several(ready: str) -> None:
    """Six customers, in turn of the one account manager and of the other."""
    furnish(_several)
