"""Backup and restore: a verified copy with its manifest, every damage found, nothing lost (G10)."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chemsales import config
from chemsales.bootstrap import open_database, sqlite_path
from chemsales.queries import audit as trail
from chemsales.queries import products as read_products
from chemsales.queries.backup import standing
from chemsales.restoring import Restored, restore, restore_to_server
from chemsales.rules.errors import ChemsalesError, DataError, NotAllowed
from chemsales.rules.roles import Actor, Role
from chemsales.services import audit, backup, people, products
from chemsales.services.session import Session
from chemsales.storage import database
from chemsales.storage.copying import digests
from chemsales.storage.database import engine_of
from tests.conftest import opened
from tests.factory import PASSWORD, Clock, accredit, draft_of

AsRole = Callable[..., Session]


def group_codes(as_role: AsRole) -> set[str]:
    return {group.code for group in read_products.groups(as_role(Role.SALES_HEAD).actor)}


def restored(as_role: AsRole, source: Path, url: str) -> Restored:
    """Restore as the administrator, with the test's database closed as it has to be."""
    database.database.close()
    return restore(source, url, lambda: as_role(Role.ADMINISTRATOR))


def test_a_backup_tells_what_is_in_it(sqlite_ready: str, as_role: AsRole, tmp_path: Path) -> None:
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path / "copies")
    assert made.stat().st_mode & 0o777 == 0o600  # scans and the hashes of passwords are in it
    manifest = backup.check_backup(made)
    assert manifest is not None
    assert manifest.counts["person"] == 7 and manifest.schema and manifest.broken == 0
    assert audit.verify(as_role(Role.AUDITOR), anchor=manifest.head).sound
    noted = trail.events(as_role(Role.AUDITOR).actor, who="admin")[0]
    assert noted.use_case == "backup._note" and noted.detail["sha256"] == manifest.sha256


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_old_ones_are_thinned_out_with_their_manifests(
    sqlite_ready: str, as_role: AsRole, clock: Clock, tmp_path: Path
) -> None:
    folder, admin = tmp_path / "copies", as_role(Role.ADMINISTRATOR)
    (folder / "mine").mkdir(parents=True)
    strange = folder / "chemsales-20200101-000000.db"
    strange.write_text("no manifest: not ours to remove")
    made = []
    for _ in range(3):
        clock.advance(hours=1)
        made.append(backup.back_up(admin, folder))
    assert names(folder) == sorted(
        [made[2].name, backup.manifest_path(made[2]).name, strange.name, "mine"]
    )
    clock.advance(days=1)
    backup.back_up(admin, folder, thin=False)
    clock.advance(hours=1)
    backup.back_up(admin, folder, thin=False)
    assert len(backup.found(folder)) == 3


def test_the_program_backs_up_by_itself_when_there_is_work(
    ready: str, as_role: AsRole, clock: Clock
) -> None:
    manager = as_role(Role.ACCOUNT_MANAGER)
    first = backup.back_up_work(manager)
    assert first is not None and backup.check_backup(first)
    assert standing(manager.actor).unsaved_since is None
    people.authenticate("am", PASSWORD, clock)
    assert backup.back_up_work(manager) is None, "signing in is no work"
    products.add_group(as_role(Role.SALES_HEAD), "NEW", "新")
    assert standing(manager.actor).unsaved_since is not None
    clock.advance(days=1)
    second = backup.back_up_work(manager)
    assert second is not None and [m.file for m in backup.found(first.parent)] == [
        second.name, first.name,
    ]  # fmt: skip


def test_a_second_folder_gets_the_same_files(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path
) -> None:
    other = tmp_path / "other disk"
    config.save(config.Config(second_backup_folder=str(other)))
    made = backup.back_up(as_role(Role.ADMINISTRATOR))
    assert names(other) == sorted([made.name, backup.manifest_path(made).name])
    assert backup.check_backup(other / made.name) == backup.check_backup(made)


def test_a_failed_backup_is_remembered_until_one_succeeds(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path
) -> None:
    admin, other = as_role(Role.ADMINISTRATOR), tmp_path / "other"
    other.write_text("a file where the folder should be")
    config.save(config.Config(second_backup_folder=str(other)))
    with pytest.raises(DataError):
        backup.back_up(admin)
    failed = backup.failure()
    assert failed is not None and failed[1][0].params["folder"] == str(other)
    assert len(backup.found(config.backup_dir())) == 1, "the first folder has its copy"
    other.unlink()
    backup.back_up(admin)
    assert backup.failure() is None


def test_no_room_is_said_before_anything_is_written(
    ready: str, as_role: AsRole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(DataError) as refused:
        backup.back_up(as_role(Role.ADMINISTRATOR))
    [reason] = refused.value.reasons
    assert reason.code == "reason.backup_no_room" and reason.params["free"] == 1
    assert not list(config.backup_dir().iterdir()) and backup.failure() is not None


FULL = """
import resource, sys
from pathlib import Path
from chemsales.rules.errors import DataError
from chemsales.services import backup
from tests.conftest import opened
from tests.factory import session_of
with opened(sys.argv[1]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
    try:
        backup.back_up(session_of("admin"), Path(sys.argv[2]))
    except DataError as error:
        print(error.reasons[0].code)
"""


@pytest.mark.parametrize("kilobytes", [64, 300])
def test_a_disk_that_fills_up_leaves_nothing_half_written(
    sqlite_ready: str, tmp_path: Path, kilobytes: int
) -> None:
    folder = tmp_path / "copies"
    said = subprocess.run(
        [sys.executable, "-c", FULL, sqlite_ready, folder, str(kilobytes * 1024)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "reason.backup_not_written", said.stderr
    assert names(folder) == []


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


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_bit_in_a_backup_is_found_and_nothing_is_touched(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path, seed: int
) -> None:
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    harmed = backup.manifest_path(made) if seed % 2 else made
    data = bytearray(harmed.read_bytes())
    data[random.Random(seed).randrange(len(data))] ^= 1 << seed % 8
    harmed.write_bytes(bytes(data))
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


def test_a_server_is_backed_up_and_restored_into_a_new_database(
    new_database: Callable[[str, str], str], as_role: AsRole, tmp_path: Path
) -> None:
    def admin() -> Session:
        return as_role(Role.ADMINISTRATOR)

    with opened(new_database("postgresql", "ready")) as url:
        accredit(draft_of("青岛海科塑料制品有限公司", 7))
        made = backup.back_up(admin(), tmp_path)
        head = audit.verify(admin()).head
        with pytest.raises(NotAllowed):
            restore(made, url, admin)
    manifest = backup.check_backup(made)
    assert manifest is not None and manifest.broken == 0 and manifest.counts["document_blob"] == 2
    new = new_database("postgresql", "empty")
    with opened(new):
        with pytest.raises(NotAllowed):
            restore_to_server(made, new, lambda: as_role(Role.SALES_HEAD))
        done = restore_to_server(made, new, admin)
        assert done.broken == 0 and audit.verify(admin(), anchor=manifest.head).sound
        assert audit.verify(admin(), anchor=head).problems
        assert standing(admin().actor).restored_from == made.name
    was = digests(engine_of(url))
    now = digests(engine_of(new))
    assert {n for n in was if was[n] != now[n]} == {"event", "seal"}
    with opened(url), pytest.raises(DataError):
        restore_to_server(made, url, admin)


def test_a_restored_database_waits_for_confirmation(
    sqlite_ready: str, as_role: AsRole, clock: Clock, tmp_path: Path
) -> None:
    admin = as_role(Role.ADMINISTRATOR)
    made = backup.back_up(admin, tmp_path)
    assert standing(admin.actor).restored_from == ""
    with pytest.raises(NotAllowed):
        backup.confirm_restored(admin)  # nothing was restored
    restored(as_role, made, sqlite_ready)
    assert standing(admin.actor).restored_from == made.name
    for _ in range(2):
        clock.advance(hours=1)
        backup.back_up(admin, tmp_path)
    assert len(backup.found(tmp_path)) == 3, "nothing is removed before"
    with pytest.raises(NotAllowed):
        backup.confirm_restored(as_role(Role.SALES_HEAD))
    backup.confirm_restored(admin)
    assert standing(admin.actor).restored_from == ""
    clock.advance(hours=1)
    backup.back_up(admin, tmp_path)
    assert len(backup.found(tmp_path)) == 1


def test_a_lost_manifest_has_to_be_accepted(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path
) -> None:
    made = backup.back_up(as_role(Role.ADMINISTRATOR), tmp_path)
    backup.manifest_path(made).unlink()
    with pytest.raises(DataError) as refused:
        restored(as_role, made, sqlite_ready)
    assert refused.value.reasons[0].code == "reason.backup_manifest_missing"
    database.database.close()
    restore(made, sqlite_ready, lambda: as_role(Role.ADMINISTRATOR), bare=True)
    assert group_codes(as_role) == {"PO", "BZ", "EG"}


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
