"""The databases of a server by the login of their owner: made, and put in another's place.

A server renames no database that anybody is connected to: that is what makes an exchange safe, and
why it goes over a database that nobody works in.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

import peewee
from psycopg import sql

from chemsales.rules.errors import DataError, Forbidden, NotAllowed, Reason
from chemsales.storage.database import connected, database, engine_of, instead, rows, sqlstate

NEUTRAL = ("postgres", "template1")  # the first of them that lets the owner in
ROOM = 40  # bytes of a name that leave room for what is put behind it
WAIT_SECONDS = 10.0  # for connections of this desk that are on their way out
_IN_USE = "55006"


@dataclass(frozen=True, slots=True)
class Owner:
    """The login of a database's owner, for as long as it is needed; it is kept nowhere."""

    login: str
    password: str = field(repr=False)

    def url(self, url: str, name: str = "") -> str:
        """The address by which the owner comes to a database, or to another one of its server."""
        parts = urlsplit(url)
        who = f"{quote(self.login, safe='')}:{quote(self.password, safe='')}"
        place = f"{who}@{parts.netloc.rpartition('@')[2]}"
        path = f"/{quote(name, safe='')}" if name else parts.path
        return urlunsplit((parts.scheme, place, path, parts.query, ""))


def check_owner(owner: Owner, url: str) -> str:
    """The name of the database at this address, which this login may make anew and rename.

    Forbidden where the server does not let the login in, NotAllowed where it owns another database
    or may make none.
    """
    try:
        with instead(engine_of(owner.url(url))), connected():
            name, own, makes = rows(
                "SELECT d.datname, pg_get_userbyid(d.datdba) = current_user, r.rolcreatedb "
                "FROM pg_database d JOIN pg_roles r ON r.rolname = current_user "
                "WHERE d.datname = current_database()"
            )[0]
    except Forbidden as error:
        raise Forbidden(Reason("reason.owner_refused", {"login": owner.login})) from error
    params = {"login": owner.login, "name": name}
    if not own:
        raise NotAllowed(Reason("reason.owner_of_another", params))
    if not makes:
        raise NotAllowed(Reason("reason.owner_makes_none", params))
    return str(name)


def others(owner: Owner, url: str, name: str, besides: str = "") -> list[str]:
    """Who is connected to a database, each login once; without those of the login `besides`."""
    with _beside(owner, url):
        found = rows(
            "SELECT DISTINCT usename::text FROM pg_stat_activity WHERE datname = ? "
            "AND usename IS NOT NULL AND usename <> ? AND pid <> pg_backend_pid() ORDER BY 1",
            (name, besides),
        )
    return [login for (login,) in found]


def make(owner: Owner, url: str, name: str) -> str:
    """Make an empty database beside this one; its name. What a restoring that was cut off left
    behind goes first."""
    begins = f"{_short(name)}_restoring_"
    with _beside(owner, url):
        for (left,) in rows(
            "SELECT datname FROM pg_database d WHERE starts_with(datname, ?) AND NOT EXISTS "
            "(SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)",
            (begins,),
        ):
            _run("DROP DATABASE IF EXISTS {}", left)
        made = begins + secrets.token_hex(4)
        _run("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0", made)
    return made


def drop(owner: Owner, url: str, name: str) -> None:
    """Take away a database that was made and is not wanted."""
    with _beside(owner, url):
        _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def exchange(owner: Owner, url: str, name: str, candidate: str, kept: str) -> None:
    """Give a database's name to the candidate and the name `kept` to the database, both or neither.

    NotAllowed, naming them, while others are connected.
    """
    end = time.monotonic() + WAIT_SECONDS
    while True:
        there = others(owner, url, name)  # the server itself would wait for them five seconds
        if not there and _exchanged(owner, url, name, candidate, kept):
            return
        if time.monotonic() > end:
            raise NotAllowed(others_reason(there or ["?"]))
        time.sleep(0.2)


def _exchanged(owner: Owner, url: str, name: str, candidate: str, kept: str) -> bool:
    """Whether the names were exchanged, which a server does while nobody is connected."""
    with _beside(owner, url):
        try:
            with database.atomic():
                _run("ALTER DATABASE {} RENAME TO {}", name, kept)
                _run("ALTER DATABASE {} RENAME TO {}", candidate, name)
        except peewee.OperationalError as error:
            if sqlstate(error) != _IN_USE:
                raise
            return False
    return True


def others_reason(there: list[str]) -> Reason:
    """That others work in the database that is to be replaced."""
    return Reason("reason.restore_others_connected", {"logins": ", ".join(there)})


def kept_name(name: str, at: str) -> str:
    """What a database that was replaced is called from then on."""
    return f"{_short(name)}_replaced_{at}"


def _short(name: str) -> str:
    return name.encode()[:ROOM].decode(errors="ignore")


@contextmanager
def _beside(owner: Owner, url: str) -> Iterator[None]:
    """The owner's connection to a database that nobody works in, for this thread and the block."""
    for name in NEUTRAL:
        engine = engine_of(owner.url(url, name))
        try:
            with instead(engine), connected():
                pass
            break
        except Forbidden:
            continue
    else:
        raise DataError(Reason("reason.server_no_neutral", {"names": ", ".join(NEUTRAL)}))
    with instead(engine), connected():
        yield


def _run(statement: str, *names: str) -> None:
    """One statement about databases; outside a transaction it stands for itself."""
    whole = sql.SQL(statement).format(*map(sql.Identifier, names))
    with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
        database.connection().execute(whole)
