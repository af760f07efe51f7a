"""What people typed, in a file of this machine."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chemsales import config, drafts
from chemsales.drafts import KEPT_DAYS, LARGEST, Place

NOW = datetime(2026, 7, 9, 6, 3, tzinfo=UTC)
PLACE = Place("sqlite:///a", "am", "person", "")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CHEMSALES_HOME", str(tmp_path))
    yield tmp_path


def test_keeps_replaces_and_forgets() -> None:
    assert drafts.newest(PLACE) is None
    assert drafts.keep("a", PLACE, {"name": "甲 <b>\n乙"}, NOW)
    assert drafts.keep("a", PLACE, {"name": "丙"}, NOW)
    kept = drafts.newest(PLACE)
    assert kept is not None
    assert (kept.texts, kept.kept_at) == ({"name": "丙"}, NOW)
    drafts.forget("a")
    assert drafts.newest(PLACE) is None


def test_the_newest_of_several_is_offered_first() -> None:
    for key, minutes in (("old", 0), ("new", 5), ("middle", 2)):
        drafts.keep(key, PLACE, {"n": key}, NOW + timedelta(minutes=minutes))
    for wanted in ("new", "middle", "old"):
        kept = drafts.newest(PLACE)
        assert kept is not None
        assert kept.key == wanted
        drafts.forget(wanted)


@pytest.mark.parametrize(
    "other",
    [
        Place("sqlite:///b", "am", "person", ""),
        Place("sqlite:///a", "am2", "person", ""),
        Place("sqlite:///a", "am", "reason", ""),
        Place("sqlite:///a", "am", "person", "7"),
    ],
)
def test_nobody_is_offered_the_draft_of_another_place(other: Place) -> None:
    drafts.keep("a", PLACE, {"name": "甲"}, NOW)
    assert drafts.newest(other) is None


def test_drafts_that_nobody_asked_for_go() -> None:
    drafts.keep("a", PLACE, {"name": "甲"}, NOW)
    drafts.keep("b", Place("x", "y", "z", ""), {}, NOW + timedelta(days=KEPT_DAYS, seconds=1))
    assert drafts.newest(PLACE) is None


def test_a_file_that_cannot_be_read_is_set_aside(home: Path) -> None:
    path = config.state_dir() / "drafts.db"
    path.write_bytes(b"no database at all" * 100)
    assert drafts.newest(PLACE) is None
    assert drafts.keep("a", PLACE, {"name": "甲"}, NOW)
    assert drafts.newest(PLACE) is not None
    assert path.with_suffix(".broken").exists()


def test_what_cannot_be_kept_is_said_and_breaks_nothing(home: Path) -> None:
    assert not drafts.keep("a", PLACE, {"name": "x" * (LARGEST + 1)}, NOW)
    (config.state_dir() / "drafts.db").mkdir()
    assert not drafts.keep("a", PLACE, {"name": "甲"}, NOW)
    assert drafts.newest(PLACE) is None
    drafts.forget("a")


def test_another_process_that_writes_does_not_lose_a_draft(home: Path) -> None:
    drafts.keep("a", PLACE, {"name": "甲"}, NOW)
    with sqlite3.connect(config.state_dir() / "drafts.db") as other:
        other.execute("UPDATE draft SET login = 'am2' WHERE key = 'a'")
    other.close()
    assert drafts.keep("b", PLACE, {"name": "乙"}, NOW)
    kept = drafts.newest(PLACE)
    assert kept is not None
    assert kept.key == "b"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////home/a/b.db", "sqlite:////home/a/b.db"),
        ("postgresql://am:secret@host:5433/sales", "postgresql://host:5433/sales"),
        ("postgresql://am@host/sales?password=secret", "postgresql://host/sales"),
    ],
)
def test_a_database_is_named_without_a_password(url: str, name: str) -> None:
    assert drafts.database_name(url) == name


def test_only_the_person_may_read_the_file(home: Path) -> None:
    drafts.keep("a", PLACE, {"name": "甲"}, NOW)
    mode = stat.S_IMODE((config.state_dir() / "drafts.db").stat().st_mode)
    assert mode == 0o600 or sys.platform == "win32"
