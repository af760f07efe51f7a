"""The version of PostgreSQL that the other tests do not run on holds the same rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chemsales.rules.errors import ChemsalesError, Forbidden
from chemsales.services import audit, backup, server
from chemsales.storage.database import connected
from chemsales.storage.security.lint import TESTED, lint
from tests.conftest import opened
from tests.conftest_postgres import FOLDERS, own_major, start_server
from tests.factory import decide, draft_of, make_application, seed_department, submit
from tests.security.conftest import set_up, signed_in
from tests.security.test_lint import OF_THE_CLUSTER


def test_the_versions_of_the_tests_are_the_ones_that_count_as_tested() -> None:
    assert tuple(map(int, FOLDERS)) == TESTED


@pytest.fixture(scope="module")
def other_url() -> Iterator[str]:
    """The owner's URL of a department on a server of the other version."""
    [major] = set(FOLDERS) - {own_major()}
    started = start_server(major=major)
    url = started.create_database("department")
    with opened(url):
        set_up(seed_department)
    yield url
    started.remove()


def test_it_is_set_up_once_and_found_clean(other_url: str) -> None:
    with opened(other_url), connected():
        assert server.install() == []
        wrong = {f.check.code for f in lint() if f.wrong} - OF_THE_CLUSTER
    assert wrong == set()


def test_people_work_there_and_nobody_signs_at_anothers_stage(
    other_url: str, tmp_path: Path
) -> None:
    with signed_in(other_url, "am") as am:
        key = make_application(am, draft_of("另一版本塑料", 90))
        submit(am, key)
    for login, early in (("sales", "gm"), ("finance", "am"), ("gm", "finance")):
        with signed_in(other_url, early) as session, pytest.raises(ChemsalesError):
            decide(session, key)
        with signed_in(other_url, login) as session:
            decide(session, key, comment="同意")
    with signed_in(other_url, "auditor") as auditor:
        assert audit.verify(auditor).sound
        with pytest.raises(Forbidden):
            backup.back_up(auditor, tmp_path)
    with signed_in(other_url, "admin") as admin:
        assert backup.check_backup(backup.back_up(admin, tmp_path))
