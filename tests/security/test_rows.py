"""Row security: what an account manager sees and may touch of others' records."""

from __future__ import annotations

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.admission import overlapping
from chemsales.queries.agent_licences import agents_on
from chemsales.rules.approval import Verdict
from chemsales.rules.handover import Handover
from chemsales.services import handover, settings
from chemsales.services.session import utc_now
from chemsales.storage.database import rows
from tests.conftest import opened
from tests.factory import accredit, decide, draft_of, session_of, submit
from tests.factory_further import begin
from tests.security.conftest import signed_in

TABLES = ("application", "application_class", "application_contact", "application_document",
          "application_words", "customer", "customer_class", "customer_contact", "customer_words",
          "tier_start", "licence", "complaint", "complaint_regrade", "visit")  # fmt: skip


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
    for login, shown in (("am", 2), ("auditor", 2), ("am2", 0)):  # of two product groups
        with signed_in(own_only, login) as session:
            found = agents_on(session.actor, session.today())
        assert [row.overlaps for row in found] == [()] * shown


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


def give(url: str, customer: int, to: str) -> None:
    with signed_in(url, "sales") as head:
        handover.hand_over(head, [customer], Handover(to, head.today(), "岗位调整"))


@pytest.fixture
def rejected(server_url):
    """An application for a further class that came to a manager in review, with the customer, and
    was rejected; the customer is another's again."""
    with opened(server_url):
        customer, am = accredit(draft_of("移出化工", 87), utc_now), session_of("am", utc_now)
        made = begin(customer, session=am)
        submit(am, made)
    give(server_url, customer, "am2")
    with opened(server_url):
        decide(session_of("sales", utc_now), made, Verdict.REJECT, "暂不增加")
    give(server_url, customer, "am")
    return made


def test_an_ended_application_of_a_former_customer_is_shown_by_itself(rejected, own_only):
    with signed_in(own_only, "am2") as former:
        shown = queries.application(former.actor, rejected)
        again = queries.again_blockers(former.actor, rejected)
        (row,) = queries.applications(former.actor)
    assert shown.further_of is not None
    assert (shown.further_of.name, shown.further_of.code) == ("移出化工", "")
    assert [each.code for each in again] == ["reason.customer_of_another_unseen"]
    assert (row.id, row.further_of) == (rejected, queries.UNSEEN)
