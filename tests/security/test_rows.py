"""Row security: what an account manager sees and may touch of others' records."""

from __future__ import annotations

import pytest

from chemsales.queries.admission import overlapping
from chemsales.services import settings
from chemsales.storage.database import rows
from tests.security.conftest import signed_in

TABLES = ("application", "application_class", "application_contact", "application_document",
          "application_words", "customer", "customer_class", "customer_contact", "customer_words",
          "tier_start", "licence")  # fmt: skip


def seen(url: str, login: str) -> dict[str, int]:
    with signed_in(url, login):
        return {table: int(rows(f"SELECT count(*) FROM {table}")[0][0]) for table in TABLES}


def test_everybody_sees_everything_until_the_setting_is_on(server_url):
    everything = seen(server_url, "auditor")
    assert all(everything.values())
    assert seen(server_url, "am2") == everything


def agents_told(url: str, login: str) -> list[tuple[str, str]]:
    """Which agents a region that is typed would overlap with."""
    with signed_in(url, login) as session:
        found = overlapping(session.actor, "EG", "苏州", 0)
    return [(each.code, str(each.params.get("name", ""))) for each in found]


def test_c10_3_another_managers_agent_is_told_by_its_region_alone(own_only):
    (named,) = agents_told(own_only, "am")
    assert named[0] == "reason.agent_overlap"
    assert agents_told(own_only, "sales") == [named]
    assert agents_told(own_only, "am2") == [("reason.agent_overlap_unseen", "")]


@pytest.fixture
def own_only(server_url):
    with signed_in(server_url, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "on")
        yield server_url
        settings.set_value(admin, "am_sees_own_only", "")


def test_with_the_setting_an_account_manager_sees_the_own_records_alone(own_only):
    everything = seen(own_only, "auditor")
    assert seen(own_only, "am") == everything  # all of them are this manager's
    assert set(seen(own_only, "am2").values()) == {0}
    for login in ("sales", "finance", "gm", "admin"):
        assert seen(own_only, login) == everything
