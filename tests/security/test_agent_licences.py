"""C10.5 on a server: a licence of an exclusive agent has the term that the rules give it."""

from __future__ import annotations

from datetime import date

from chemsales.rules.agent_licences import ONE_YEAR, next_term
from chemsales.rules.policy import DEFAULT, Policy
from chemsales.storage.database import connected, rows
from chemsales.storage.security.agent_licences import YEAR_ON
from tests.conftest import opened

YEARLY = Policy.from_parameters({**DEFAULT.as_parameters(), "agent_licence_term": ONE_YEAR})


def test_a_year_ends_on_the_same_day_by_rule_and_by_server(server_url):
    with opened(server_url), connected():
        found = rows(
            f"SELECT NEW.from_day, {YEAR_ON} FROM (SELECT to_char(d, 'YYYY-MM-DD') AS from_day "
            "FROM generate_series('2027-01-01'::date, '2029-12-31', interval '1 day') d) AS NEW"
        )
    assert len(found) == 3 * 365 + 1
    for first, last in found:
        day = date.fromisoformat(first)
        assert last == next_term(YEARLY, day, day, None).last.isoformat()
