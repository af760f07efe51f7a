"""C10.3 on a server: no login approves a second agent in a region without saying why, whatever the
program thinks."""

from __future__ import annotations

import pytest

from chemsales.services.session import utc_now
from chemsales.storage.database import rows
from tests.conftest import opened
from tests.factory import decide, make_application, session_of, submit
from tests.factory_agents import agent_draft
from tests.security.hostile import STAMP, Hostile
from tests.security.test_hostile import attempt, person


def at_the_last(region: str, number: int) -> int:
    """An application for an agent at the general manager's approval; its case."""
    key = make_application(
        session_of("am", utc_now), agent_draft(f"又一家{number}", number, region)
    )
    submit(session_of("am", utc_now), key)
    for login in ("sales", "finance"):
        decide(session_of(login, utc_now), key)
    return int(rows("SELECT case_id FROM application WHERE id = ?", (key,))[0][0])


@pytest.mark.parametrize(
    ("region", "number", "comment", "refusal"),
    [
        ("江苏省", 83, "", "CS022"),  # the world has one in 江苏
        (" 江 苏 ", 84, "  ", "CS022"),
        ("江苏省", 85, "销量翻番，一家无力覆盖", "CS004"),  # as any decision that moves no case
        ("新疆", 86, "", "CS004"),
    ],
)
def test_c10_3_a_second_agent_is_approved_with_a_reason(
    server_url: str, region: str, number: int, comment: str, refusal: str
) -> None:
    with opened(server_url):
        case = at_the_last(region, number)
    sql = (
        "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, signed_at, "
        f"comment, seen_version, snapshot_hash, edition) SELECT c.id, c.round, 'general_manager', "
        f"'approve', 'x', 'x', '{STAMP}', '{comment}', c.version, c.snapshot_hash, 1 "
        f"FROM approval_case c WHERE c.id = {case}"
    )
    with person(server_url, "gm") as link:
        assert attempt(link, Hostile(sql)) == refusal
