"""The one database of the process: opening by URL, transactions with retry, both engines."""

from __future__ import annotations

import random
import re
import sqlite3
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlparse

import peewee
import psycopg
from psycopg.conninfo import conninfo_to_dict

from chemsales.rules.errors import ChemsalesError, DataError, Forbidden, Reason, Unreachable
from chemsales.storage.file_database import FileDatabase
from chemsales.storage.keeping import Keeping
from chemsales.storage.server_database import PersonDatabase, ServerDatabase

T = TypeVar("T")


class _Database(peewee.DatabaseProxy):
    """The one database of the process, for which a thread may have another for a while."""

    __slots__ = ("_own", "_usual")

    def __init__(self) -> None:
        self._own = threading.local()
        super().__init__()

    @property
    def obj(self) -> Any:
        """The database that this thread works on."""
        return getattr(self._own, "engine", None) or self._usual

    @obj.setter
    def obj(self, engine: Any) -> None:
        self._usual = engine

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def put_instead(self, engine: peewee.Database | None) -> None:
        """Another database for this thread alone; None: the usual one again."""
        self._own.engine = engine


database = _Database()

MIGRATION_TABLE = "schema_migration"
APPLICATION_ID = 0x43484D53  # "CHMS": what PRAGMA application_id says of a file of this program
# a server that is gone is noticed within seconds, and so is a desk that is gone by the server
SERVER_OPTIONS = (
    "lock_timeout=5s",
    "timezone=UTC",
    "idle_in_transaction_session_timeout=60s",
    "tcp_keepalives_idle=20",
    "tcp_keepalives_interval=5",
    "tcp_keepalives_count=3",
)
SERVER_PARAMETERS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# a password is proven to a server, never sent to it where whoever answers there could read it: so
# where the program has one; elsewhere (peer, certificate, a .pgpass of the owner) at the least
PROVEN, UNSENT = "scram-sha-256", "!password,!md5"
SERVER_SCHEMES = ("postgresql", "postgres")
_SERVER_SAYS = re.compile(r"\w:  ")  # a severity, in whatever language, before a server's own words
SQLITE_URL = "sqlite:///"  # the path of the file follows as it is, with whatever signs it has
_TRANSIENT_STATES = {"40001", "40P01", "55P03"}


def is_sqlite() -> bool:
    """Whether the open database is the embedded one."""
    return isinstance(database.obj, peewee.SqliteDatabase)


def is_person() -> bool:
    """Whether the open database is a server with the person's own login."""
    return isinstance(database.obj, PersonDatabase)


def wants_login(url: str) -> bool:
    """Whether this is a server's URL without a user: persons connect with logins of their own."""
    parsed = urlparse(url)
    return parsed.scheme in SERVER_SCHEMES and "@" not in parsed.netloc


def engine_of(url: str, login: str = "", password: str = "") -> peewee.Database:
    """The database of this URL (sqlite:///path or postgresql://...), not yet opened.

    A server's URL is libpq's: several hosts with commas, and options such as sslmode and
    target_session_attrs behind a question mark (with several hosts "read-write" unless it says
    otherwise: the one that takes decisions); with `login` it is that person's. A password goes to
    no server that wants it otherwise than by SCRAM, unless the URL has a require_auth of its own.
    ValueError where it is neither.
    """
    scheme, found, rest = url.partition("://")
    if url.startswith(SQLITE_URL):
        path = url.removeprefix(SQLITE_URL)
        return FileDatabase(path)
    if not found or scheme not in SERVER_SCHEMES:
        raise ValueError(f"not a database of this program: {scheme}")
    try:
        given = conninfo_to_dict(f"postgresql://{rest}")
    except psycopg.ProgrammingError as error:
        raise ValueError(str(error)) from error
    name = str(given.pop("dbname", ""))
    options = " -c ".join([str(given.pop("options", "")), *SERVER_OPTIONS]).strip()
    auth = PROVEN if login or given.get("password") else UNSENT
    usual = {**SERVER_PARAMETERS, "require_auth": auth}
    known: dict[str, Any] = {**usual, **given, "options": options}
    if "," in str(known.get("host", "")):
        known.setdefault("target_session_attrs", "read-write")
    if login:
        return PersonDatabase(name, **{**known, "user": login, "password": password})
    return ServerDatabase(name, **known)


def connect(url: str, login: str = "", password: str = "") -> peewee.Database:
    """Point the models at the database of this URL, the person's where `login` is given; opens
    nothing."""
    engine = engine_of(url, login, password)
    close()
    database.initialize(engine)
    return engine


@contextmanager
def instead(engine: peewee.Database) -> Iterator[None]:
    """Another database for this thread, for the block; its connection is closed at the end."""
    database.put_instead(engine)
    try:
        yield
    finally:
        close()
        database.put_instead(None)


def close() -> None:
    """Close this thread's connection, if there is one, and those that wait for use."""
    if database.obj is not None:
        hang_up(database.obj)


def hang_up(engine: peewee.Database) -> None:
    """The same of a database that need not be the open one."""
    if isinstance(engine, Keeping):
        engine.end()
    elif not engine.is_closed():
        engine.close()


@contextmanager
def connected() -> Iterator[None]:
    """A connection for the block: this thread's own if open, else one that closes at the end.

    Unreachable where the database fails beneath it: gone, full, read-only; Forbidden where a server
    does not let the login in, DataError where it wants a password in the clear. A lock that passes
    (`retrying`) and a statement that is wrong stay what they are.
    """
    engine = database.obj  # another may be the open one by the end
    opened = broken = False
    try:
        opened = engine.connect(reuse_if_open=True)
        yield
    except Unreachable:
        broken = True
        raise
    except peewee.OperationalError as error:
        if _is_transient(error) or _is_fault(error):
            raise
        broken = True
        raise _failure(error) from error
    finally:
        if opened and broken:
            hang_up(engine)  # what broke is of no use to whoever comes next
        elif opened:
            engine.close()


@contextmanager
def transaction() -> Iterator[None]:
    """One write transaction, IMMEDIATE on SQLite; a savepoint when one is already under way."""
    with connected(), database.atomic():
        yield


def retrying(work: Callable[[], T], attempts: int = 5) -> T:
    """Run `work` (whole transactions only), again after a passing conflict of locks."""
    for attempt in range(attempts):
        try:
            return work()
        except peewee.OperationalError as error:
            if database.in_transaction() or not _is_transient(error):
                raise
            if attempt == attempts - 1:
                raise _unreachable(error) from error
            time.sleep(0.02 * 2**attempt * (1 + random.random()))
    raise AssertionError("unreachable")


def _cause(error: BaseException) -> BaseException | None:
    """The driver's own error."""
    return getattr(error, "orig", None) or error.__cause__ or error.__context__


def _is_fault(error: BaseException) -> bool:
    """Whether the statement is to blame, which SQLite tells in the same kind of error."""
    cause = _cause(error)
    code = getattr(cause, "sqlite_errorcode", None)
    return isinstance(cause, sqlite3.OperationalError) and code in (None, sqlite3.SQLITE_ERROR)


def check_password(password: str) -> None:
    """Forbidden where the person's login that is connected has another password."""
    there = database.obj
    engine = PersonDatabase(there.database, **{**there.connect_params, "password": password})
    try:
        engine.connect()
    except peewee.OperationalError as error:
        raise _failure(error) from error
    finally:
        hang_up(engine)


def use_password(password: str) -> None:
    """Connect with this password from now on: the person has just chosen it."""
    database.obj.connect_params["password"] = password


def _failure(error: peewee.OperationalError) -> ChemsalesError:
    """A login that the server does not let in (it tells nobody why), or a server out of reach.

    A standby that would let the login in, but takes no decisions, is out of reach too: the driver
    says that, not the server.
    """
    attempt = getattr(_cause(error), "pgconn", None)
    answered = getattr(attempt, "used_password", False) and _SERVER_SAYS.search(_first_line(error))
    if answered and not sqlstate(error):
        return Forbidden(Reason("reason.login_refused", {}, "C5.1"))
    if any(f'"{auth}"' in _first_line(error) for auth in (PROVEN, UNSENT)):  # the driver says that
        return DataError(Reason("reason.server_password_unsafe"))
    return _unreachable(error)


def _unreachable(error: BaseException) -> Unreachable:
    return Unreachable(Reason("reason.database_failed", {"why": _first_line(error)[:200]}))


def _first_line(error: BaseException) -> str:
    return str(error).split("\n")[0]


def sqlstate(error: BaseException) -> str:
    """The server's code of an error, "" where it has none."""
    return str(getattr(_cause(error), "sqlstate", None) or "")


def _is_transient(error: BaseException) -> bool:
    cause = _cause(error)
    if isinstance(cause, sqlite3.OperationalError):
        return "locked" in str(cause) or "busy" in str(cause)
    return sqlstate(error) in _TRANSIENT_STATES


def rows(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query written in SQL with `?` placeholders, on either engine."""
    with connected():
        return list(database.execute_sql(_placeholders(sql), tuple(parameters)).fetchall())


def numbers(sql: str, parameters: Sequence[Any] = ()) -> array[int]:
    """The whole numbers of a query's one column, however many.

    Read one by one, so that a thread with a window to paint never waits for all of them.
    """
    with connected():
        found = database.execute_sql(_placeholders(sql), tuple(parameters))
        return array("q", (number for (number,) in found))


def finds(column: str, text: str) -> tuple[str, str]:
    """The condition that a column has a text in it, sign by sign and case by case, and the
    parameter of its `?`; no sign of the text stands for another."""
    if not is_sqlite():
        return f"strpos({column}, ?) > 0", text
    # half again as fast as instr()
    literal = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)
    return f"{column} GLOB ?", f"*{literal}*"


def locking() -> str:
    """What ends a SELECT that locks its rows (SQLite locks the whole file anyway)."""
    return "" if is_sqlite() else " FOR UPDATE"


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement with `?` placeholders; the number of rows it touched."""
    return int(database.execute_sql(_placeholders(sql), tuple(parameters)).rowcount)


def insert_rows(
    table: str, columns: Sequence[str], given: Iterable[Sequence[Any]], into: Any = database
) -> None:
    """Put rows into a table in the driver's fastest way: on a server as one COPY, so that what
    judges whole statements there does so once."""
    names = ", ".join(f'"{column}"' for column in columns)
    connection = into.connection()
    try:
        if isinstance(connection, sqlite3.Connection):
            marks = ", ".join("?" * len(columns))
            connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', given)
            return
        copy = f'COPY "{table}" ({names}) FROM STDIN'
        with connection.cursor() as cursor, cursor.copy(copy) as rows_in:
            for row in given:
                rows_in.write_row(row)
    except (sqlite3.Error, psycopg.Error):
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            raise


def _placeholders(sql: str) -> str:
    return sql if is_sqlite() else sql.replace("%", "%%").replace("?", "%s")
