"""Backup and restore: a verified copy with its manifest, every damage found, nothing lost (G10)."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chemsales.bootstrap import open_database, sqlite_path
from chemsales.queries import audit as trail
from chemsales.queries import products as read_products
from chemsales.restoring import Restored, restore
from chemsales.rules.errors import ChemsalesError, DataError, NotAllowed
from chemsales.rules.roles import Actor, Role
from chemsales.services import audit, backup, people, products
from chemsales.services.session import Session
from chemsales.storage import database
from tests.factory import PASSWORD, Clock

AsRole = Callable[..., Session]


def group_codes(as_role: AsRole) -> set[str]:
    return {group.code for group in read_products.groups(as_role(Role.SALES_HEAD).actor)}


def restored(as_role: AsRole, source: Path, url: str) -> Restored:
    """Restore as the administrator, with the test's database closed as it has to be."""
    database.database.close()
    return restore(source, url, lambda: as_role(Role.ADMINISTRATOR))


def test_a_backup_tells_what_is_in_it(sqlite_ready: str, as_role: AsRole, tmp_path: Path) -> None:
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path / "copies")
    manifest = backup.check_backup(made)
    assert manifest is not None
    assert manifest.counts["person"] == 7 and manifest.schema and manifest.broken == 0
    assert audit.verify(as_role(Role.AUDITOR), anchor=manifest.head).sound
    noted = trail.events(as_role(Role.AUDITOR).actor, who="admin")[0]
    assert noted.use_case == "backup._note" and noted.detail["sha256"] == manifest.sha256


def test_keep_removes_the_oldest(
    sqlite_ready: str, as_role: AsRole, clock: Clock, tmp_path: Path
) -> None:
    made = []
    for _ in range(4):
        clock.advance(hours=1)
        made.append(backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path / "copies", keep=2))
    left = sorted(path.name for path in (tmp_path / "copies").iterdir())
    assert left == sorted(p.name for m in made[2:] for p in (m, backup.manifest_path(m)))


def test_restoring_brings_everything_back_and_keeps_what_it_replaced(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path
) -> None:
    before = group_codes(as_role)
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    products.add_group(as_role(Role.SALES_HEAD), "NEW", "备份之后")
    assert group_codes(as_role) == before | {"NEW"}
    result = restored(as_role, made, sqlite_ready)
    assert group_codes(as_role) == before
    path = sqlite_path(sqlite_ready)
    assert path is not None
    kept = path.parent / "backups" / result.replaced
    with closing(sqlite3.connect(kept)) as old:
        assert old.execute("SELECT count(*) FROM product_group WHERE code = 'NEW'").fetchone() == (
            1,
        )
    assert result.lost_events == 2
    noted = trail.events(as_role(Role.AUDITOR).actor)[0]
    assert noted.use_case == "backup.note_restored" and noted.detail["replaced"] == kept.name
    assert audit.verify(as_role(Role.AUDITOR)).sound


def test_restoring_where_the_database_is_damaged_or_gone(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path
) -> None:
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    path = sqlite_path(sqlite_ready)
    assert path is not None
    for damage in (lambda: path.write_bytes(b"not a database" * 400), path.unlink):
        database.database.close()
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        damage()
        restored(as_role, made, sqlite_ready)
        assert group_codes(as_role) == {"PO", "BZ", "EG"}


@pytest.mark.parametrize("seed", range(20))
def test_a_flipped_bit_in_a_backup_is_found_and_nothing_is_touched(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path, seed: int
) -> None:
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    data = bytearray(made.read_bytes())
    data[random.Random(seed).randrange(len(data))] ^= 1 << seed % 8
    made.write_bytes(bytes(data))
    before = trail.events(as_role(Role.AUDITOR).actor)
    with pytest.raises(DataError):
        restored(as_role, made, sqlite_ready)
    open_database(sqlite_ready)
    assert trail.events(as_role(Role.AUDITOR).actor) == before


def test_an_altered_manifest_a_foreign_file_and_no_file_are_refused(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path
) -> None:
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    path = backup.manifest_path(made)
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["head"] = "0" * 64
    path.write_text(json.dumps(stored), encoding="utf-8")
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE t (a)")
    text = tmp_path / "text.db"
    text.write_text("nothing")
    for source in (made, foreign, text, tmp_path / "none.db"):
        with pytest.raises(DataError):
            restored(as_role, source, sqlite_ready)
        open_database(sqlite_ready)
    assert not list(sqlite_path(sqlite_ready).parent.glob("*.restoring*"))  # type: ignore[union-attr]


def test_a_database_that_is_open_elsewhere_is_not_replaced(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path
) -> None:
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    path = sqlite_path(sqlite_ready)
    assert path is not None
    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT count(*) FROM person").fetchone()
        with pytest.raises(DataError) as refused:
            restored(as_role, made, sqlite_ready)
    assert refused.value.reasons[0].code == "reason.database_in_use"
    open_database(sqlite_ready)
    assert group_codes(as_role) == {"PO", "BZ", "EG"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_the_administrator_backs_up_and_restores(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path, role: Role
) -> None:
    with pytest.raises(NotAllowed):
        backup.back_up(as_role(role), tmp_path)
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    database.database.close()
    with pytest.raises(ChemsalesError):
        restore(made, sqlite_ready, lambda: as_role(role))
    open_database(sqlite_ready)


def test_a_database_on_a_server_is_backed_up_there(
    ready: str, engine: str, as_role: AsRole, tmp_path: Path
) -> None:
    if engine == "sqlite":
        assert backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path).exists()
        return
    with pytest.raises(NotAllowed):
        backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    with pytest.raises(NotAllowed):
        restore(tmp_path / "x.db", ready, lambda: as_role(Role.ADMINISTRATOR))


def test_an_administrator_whom_the_backup_does_not_know_restores_it(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path
) -> None:
    admin = as_role(Role.ADMINISTRATOR)
    written = backup.back_up(admin, tmp_path / "copies")
    people.create_person(admin, "admin2", "钱进", {Role.ADMINISTRATOR}, PASSWORD, must_change=False)
    database.database.close()
    late = Session(Actor("admin2", "钱进", frozenset({Role.ADMINISTRATOR})), admin.clock)
    done = restore(written, sqlite_ready, lambda: late)
    assert done.lost_events > 0
    noted = database.rows("SELECT who, outcome FROM event WHERE use_case = 'backup.note_restored'")
    assert noted == [("admin2", "done")]
    assert database.rows("SELECT count(*) FROM person WHERE login = 'admin2'") == [(0,)]
