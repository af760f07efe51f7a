"""Backups of a server by the logins of its people: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from chemsales.rules.errors import Forbidden, NotAllowed
from chemsales.services import backup, settings
from chemsales.storage import backup as files
from chemsales.storage.copying import Digest, digest, digests, snapshot, tables
from chemsales.storage.database import engine_of, rows
from tests.conftest import opened
from tests.security.conftest import signed_in

OWN_ONLY = "am_sees_own_only"
NOTED = ("event", "seal")  # to which the backing up itself adds


def kept(url: str) -> dict[str, Digest]:
    """The digests of what a backup does not add to, without the hashes of passwords."""
    engine, found = engine_of(url), digests(engine_of(url))
    with snapshot(engine):
        person = next(table for table in tables(engine) if table.name == "person")
        shown = [column for column in person.columns if column != "password_hash"]
        found["person"] = digest(engine, person, shown)
    return {name: each for name, each in found.items() if name not in NOTED}


def test_an_administrator_backs_a_server_up_with_the_own_login(
    server_url: str, tmp_path: Path
) -> None:
    with signed_in(server_url, "admin") as admin:
        made = backup.back_up(admin, tmp_path)
    manifest = backup.check_backup(made)
    assert manifest is not None and manifest.broken == 0
    assert kept(f"sqlite:///{made}") == kept(server_url)
    with opened(f"sqlite:///{made}"):
        assert {hashed for (hashed,) in rows("SELECT password_hash FROM person")} == {""}


@pytest.mark.parametrize("login", ["am", "sales", "auditor"])
def test_nobody_else_does_and_nobody_is_troubled_at_the_end_of_the_work(
    server_url: str, login: str
) -> None:
    with signed_in(server_url, login) as session:
        with pytest.raises(NotAllowed):
            backup.back_up(session)
        assert backup.back_up_work(session) is None
        assert backup.failure() is None


def test_who_is_not_shown_every_record_copies_nothing(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.KEYS, OWN_ONLY, 3)
    with signed_in(server_url, "admin") as admin:
        settings.set_value(admin, OWN_ONLY, "on")
    try:
        with signed_in(server_url, "am"), pytest.raises(Forbidden):
            files.backup_to(tmp_path / "part.db")
        assert not list(tmp_path.iterdir())
        with signed_in(server_url, "admin") as admin:
            made = backup.back_up(admin, tmp_path)
        assert kept(f"sqlite:///{made}") == kept(server_url)
    finally:
        with signed_in(server_url, "admin") as admin:
            settings.set_value(admin, OWN_ONLY, "off")
