"""What people were typing, kept in a file of this machine until it is saved or thrown away; and of
which commits nobody was told whether they landed.

The file lies in the state folder, so that a draft survives a lost server, a closed window and a
crash. Each sitting at a form keeps one draft under a key of its own.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from chemsales.config import state_dir
from chemsales.services.acts import Doubt, Doubts

KEPT_DAYS = 90
LARGEST = 2_000_000  # characters of one draft
WAIT_SECONDS = 5.0
log = logging.getLogger(__name__)

_TABLES = """
CREATE TABLE IF NOT EXISTS draft (
    key TEXT PRIMARY KEY,
    database TEXT NOT NULL, login TEXT NOT NULL, form TEXT NOT NULL, subject TEXT NOT NULL,
    texts TEXT NOT NULL, kept_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS doubt (
    key TEXT PRIMARY KEY,
    database TEXT NOT NULL, login TEXT NOT NULL, use_case TEXT NOT NULL, since TEXT NOT NULL
) STRICT
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is typed: which database, whose login, which form, which record of it ("" for
    a new one)."""

    database: str
    login: str
    form: str
    subject: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft: what was changed, by the names of the fields, and when it was kept (UTC)."""

    key: str
    texts: Mapping[str, str]
    kept_at: datetime


def database_name(url: str) -> str:
    """What a database is called in the drafts: its address without user and password."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def keep(key: str, place: Place, texts: Mapping[str, str], now: datetime) -> bool:
    """Keep these texts under the key in place of those before; whether they could be kept.

    Drafts that nobody asked for in 90 days go.
    """
    text = json.dumps(dict(texts), ensure_ascii=False)
    if len(text) > LARGEST:
        return False
    old = (now - timedelta(days=KEPT_DAYS)).isoformat()
    columns = (key, place.database, place.login, place.form, place.subject, text, now.isoformat())
    try:
        with _open() as connection:
            connection.execute("DELETE FROM draft WHERE kept_at < ?", (old,))
            connection.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?, ?, ?)", columns)
    except (sqlite3.Error, OSError):
        log.exception("a draft could not be kept")
        return False
    return True


def newest(place: Place) -> Kept | None:
    """The draft kept last at this place, None where there is none."""
    try:
        with _open() as connection:
            found = connection.execute(
                "SELECT key, texts, kept_at FROM draft "
                "WHERE database = ? AND login = ? AND form = ? AND subject = ? "
                "ORDER BY kept_at DESC, key LIMIT 1",
                (place.database, place.login, place.form, place.subject),
            ).fetchone()
    except (sqlite3.Error, OSError):
        log.exception("the drafts could not be read")
        return None
    if found is None:
        return None
    key, texts, kept_at = found
    return Kept(key, json.loads(texts), datetime.fromisoformat(kept_at))


def forget(key: str) -> None:
    """Throw a draft away: it is saved, or nobody wants it."""
    _delete("key = ?", (key,))


def forget_all(place: Place) -> None:
    """Throw every draft of this place away: the record that was typed at is decided."""
    _delete(
        "database = ? AND login = ? AND form = ? AND subject = ?",
        (place.database, place.login, place.form, place.subject),
    )


def _delete(condition: str, values: tuple[str, ...]) -> None:
    try:
        with _open() as connection:
            connection.execute(f"DELETE FROM draft WHERE {condition}", values)
    except (sqlite3.Error, OSError):
        log.exception("a draft could not be thrown away")


@dataclass(frozen=True, slots=True)
class KeptDoubts(Doubts):
    """The doubts of one person about one database, on this machine."""

    database: str
    login: str

    def note(self, key: str, use_case: str) -> None:
        """The answer to this commit was lost."""
        columns = (key, self.database, self.login, use_case, datetime.now(UTC).isoformat())
        self._write("INSERT OR IGNORE INTO doubt VALUES (?, ?, ?, ?, ?)", [columns])

    def strike(self, keys: Iterable[str]) -> None:
        """What came of these is known."""
        self._write("DELETE FROM doubt WHERE key = ?", [(key,) for key in keys])

    def noted(self) -> list[Doubt]:
        """All that are not answered, the oldest first."""
        try:
            with _open() as connection:
                found = connection.execute(
                    "SELECT key, use_case, since FROM doubt WHERE database = ? AND login = ? "
                    "ORDER BY since, key",
                    (self.database, self.login),
                ).fetchall()
        except (sqlite3.Error, OSError):
            log.exception("the doubts could not be read")
            return []
        return [Doubt(key, use_case, datetime.fromisoformat(at)) for key, use_case, at in found]

    def _write(self, sql: str, values: list[tuple[str, ...]]) -> None:
        if not values:
            return
        try:
            with _open() as connection:
                connection.executemany(sql, values)
        except (sqlite3.Error, OSError):
            log.exception("a doubt could not be written")


def _path() -> Path:
    return state_dir() / "drafts.db"


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    """A transaction on the file, which is made where it is not there, and set aside where it cannot
    be read: nobody is kept from work by an old draft."""
    try:
        connection = _connect()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        log.warning("the drafts cannot be read and are set aside: %s", error)
        os.replace(_path(), _path().with_suffix(".broken"))
        connection = _connect()
    with closing(connection), connection:
        yield connection


def _connect() -> sqlite3.Connection:
    if not _path().exists():
        os.close(os.open(_path(), os.O_CREAT | os.O_WRONLY, 0o600))  # for this person alone
    connection = sqlite3.connect(_path(), timeout=WAIT_SECONDS)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_TABLES)
    except BaseException:
        connection.close()
        raise
    return connection
