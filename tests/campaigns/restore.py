"""G10: a backup brings everything back, and every damage to one is found before it is used."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chemsales.restoring import restore
from chemsales.rules.errors import DataError
from chemsales.services import audit, backup
from chemsales.storage import copying
from chemsales.storage import database as storage
from chemsales.storage.copying import digests
from chemsales.storage.database import engine_of
from chemsales.storage.manifest import manifest_path
from tests.campaigns import Score
from tests.conftest import opened
from tests.factory import session_of
from tests.worked import copy_to

FLIPS_OF_FILE, FLIPS_OF_MANIFEST = 150, 50
LONGER = ("event", "seal")  # tables to which a restoring adds


def run(short: bool) -> Iterator[Score]:
    """The drill; it is short as it is."""
    with tempfile.TemporaryDirectory(prefix="chemsales-restore-") as name:
        folder = Path(name)
        url = copy_to(folder / "work.db")
        with opened(url):
            made = backup.back_up(session_of("admin"), folder / "copies")
        before = digests(engine_of(f"sqlite:///{made}"))
        yield Score("flipped bits of a backup and its manifest", *_flips(made))
        yield Score("truncated or deleted backups and manifests", *_cuts(made))
        yield Score("refused restorings that left the database as it was", *_refusals(made, url))
        yield Score("restorings over a damaged database", *_restorings(made, url, before))


def _found(made: Path) -> bool:
    """Whether the checks that stand before every restoring refuse it."""
    try:
        backup.check_backup(made)
    except DataError:
        return True
    return False


def _flipped(path: Path, number: int) -> Iterator[int]:
    """Flip one bit at a time, at places spread over a file; the place, while it is flipped."""
    data, chance = path.read_bytes(), random.Random(10)
    for turn in range(number):
        place = (turn * len(data) + chance.randrange(len(data))) // number
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(changed))
        yield place
    path.write_bytes(data)


def _flips(made: Path) -> tuple[int, tuple[str, ...]]:
    missed = []
    for path, number in ((made, FLIPS_OF_FILE), (manifest_path(made), FLIPS_OF_MANIFEST)):
        for place in _flipped(path, number):
            if not _found(made):
                missed.append(f"a flipped bit in byte {place} of {path.suffix} was not found")
    if _found(made):
        missed.append("the whole files were refused")
    return FLIPS_OF_FILE + FLIPS_OF_MANIFEST, tuple(missed)


def _cuts(made: Path) -> tuple[int, tuple[str, ...]]:
    tried, missed = 0, []
    for path in (made, manifest_path(made)):
        whole = path.read_bytes()
        for part in (0, 1, len(whole) // 2, len(whole) - 4096, len(whole) - 1):
            path.write_bytes(whole[: max(0, part)])
            tried += 1
            if not _found(made):
                missed.append(f"{path.suffix} cut to {part} bytes was not found")
        path.unlink()
        tried += 1
        if not _found(made):
            missed.append(f"{path.suffix} deleted was not found")
        path.write_bytes(whole)
    return tried, tuple(missed)


def _refusals(made: Path, url: str) -> tuple[int, tuple[str, ...]]:
    """The command itself with flipped backups: refused, and not one byte of the database moved."""
    path = Path(url.removeprefix("sqlite:///"))
    wrong, tried = [], 0
    before = digests(engine_of(url))
    for place in _flipped(made, 5):
        tried += 1
        try:
            with _put_back():
                restore(made, url, lambda: session_of("admin"))
            wrong.append(f"a backup with a flipped bit in byte {place} was restored")
        except DataError:
            pass
        if digests(engine_of(url)) != before or list(path.parent.glob("*.restoring*")):
            wrong.append(f"the refused backup (byte {place}) left something behind")
    return tried, tuple(wrong)


def _restorings(
    made: Path, url: str, before: dict[str, copying.Digest]
) -> tuple[int, tuple[str, ...]]:
    path, wrong = Path(url.removeprefix("sqlite:///")), []
    whole = path.read_bytes()
    damages: tuple[tuple[str, Callable[[], object]], ...] = (
        ("deleted", path.unlink),
        ("truncated", lambda: os.truncate(path, len(whole) // 2)),
        ("overwritten", lambda: path.write_bytes(os.urandom(len(whole)))),
        ("emptied", lambda: path.write_bytes(b"")),
        ("untouched", lambda: None),
    )
    for name, damage in damages:
        path.write_bytes(whole)
        damage()
        with _put_back():
            done = restore(made, url, lambda: session_of("admin"))
            sound = audit.verify(session_of("admin")).sound
        after = digests(engine_of(url))
        differing = [t for t in before if t not in LONGER and after[t] != before[t]]
        differing += [t for t in LONGER if not _begins_like(t, made, path)]
        if differing or not sound or done.broken:
            wrong.append(f"{name}: not restored: {', '.join(differing)}; sound: {sound}")
        shutil.rmtree(path.parent / "backups", ignore_errors=True)
    return len(damages), tuple(wrong)


def _begins_like(table: str, made: Path, path: Path) -> bool:
    """Whether a table has every row of the backup, and only newer ones beside."""
    lists = []
    for file in (made, path):
        db = engine_of(f"sqlite:///{file}")
        with copying.snapshot(db):
            found = next(t for t in copying.tables(db) if t.name == table)
            lists.append(list(copying.read(db, found)))
    old, new = lists
    return len(new) > len(old) and new[: len(old)] == old


@contextmanager
def _put_back() -> Iterator[None]:
    """The database of the process as it was, after the block."""
    before = storage.database.obj
    try:
        yield
    finally:
        storage.close()
        storage.database.obj = before
