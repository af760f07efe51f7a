"""Fixtures of all tests: a database on either engine, a settable clock, a department at work."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["CHEMSALES_HOME"] = tempfile.mkdtemp(prefix="chemsales-tests-")
atexit.register(shutil.rmtree, os.environ["CHEMSALES_HOME"], ignore_errors=True)

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chemsales import words
from chemsales.bootstrap import open_database
from chemsales.rules.roles import Actor, Role
from chemsales.services import passwords
from chemsales.services.session import Session
from chemsales.storage import database as storage
from tests import factory
from tests.factory import PEOPLE, Clock

pytest_plugins = ["tests.conftest_postgres"]

Build = Callable[[str], None]
ONE_BY_ONE = ("campaigns/test_short.py::", "/test_scenes.py::")
BUILDERS: dict[str, Callable[[], object]] = {
    "empty": lambda: None,
    "ready": factory.seed_department,
}


def pytest_configure(config: pytest.Config) -> None:
    """The folders of the tests lie in the memory where there is room for them: a disk costs a
    database that is written for a moment more than the writing."""
    from tests.conftest_postgres import quick_folder  # not before it is a plugin

    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(quick_folder()))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """No garbage is looked for meanwhile, and never among what was collected: all of it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadfile` a worker takes whole files, those with most tests first; of campaigns
    and scenes, which stand each for itself and take longest, one after the other and these last, so
    that no worker is left alone with them."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            alone = any(file in nodeid for file in ONE_BY_ONE)
            return nodeid if alone else str(super()._split_scope(nodeid))

    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed at argon2's least cost: people sign in by the hundred, each for a fifth
    of a second. What the program asks is held by tests/services/test_people.py."""
    from argon2 import PasswordHasher

    with pytest.MonkeyPatch.context() as patch:
        least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", lambda: least)
        yield


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has the program's folders for itself, and starts in Chinese."""
    monkeypatch.setenv("CHEMSALES_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(words, "_default", "zh_CN")


@contextmanager
def own_home() -> Iterator[Path]:
    """The program's folders in a new place for the block, which goes away after it."""
    before = os.environ["CHEMSALES_HOME"]
    with tempfile.TemporaryDirectory(prefix="chemsales-home-") as folder:
        os.environ["CHEMSALES_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ["CHEMSALES_HOME"] = before


@contextmanager
def opened(url: str, how: Callable[[str], object] = open_database) -> Iterator[str]:
    """The database of this URL as the one of the process; afterwards the one before it again. A
    copy of what was checked when it was made needs no more than `storage.connect`."""
    before = storage.database.obj
    try:
        how(url)
        yield url
    finally:
        storage.close()
        storage.database.obj = before


def build(what: str) -> Build:
    """A function that fills a new database of a URL, and leaves it closed."""

    def fill(url: str) -> None:
        with opened(url):
            BUILDERS[what]()

    return fill


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`sqlite_template("empty" or "ready")`: a file that was filled once, to copy from."""
    files: dict[str, Path] = {}

    def template(what: str) -> Path:
        if what not in files:
            path = tmp_path_factory.mktemp("template") / f"{what}.db"
            build(what)(f"sqlite:///{path}")
            files[what] = path
        return files[what]

    return template


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Callable[[str], Path]
) -> Callable[[str, str], str]:
    """`new_database(engine, "empty" or "ready")`: the URL of a database of this test's own."""

    def make(engine: str, what: str) -> str:
        if engine == "sqlite":
            path = tmp_path / f"{what}.db"
            shutil.copyfile(sqlite_template(what), path)
            return f"sqlite:///{path}"
        template = request.getfixturevalue("postgres_template")(what, build(what))
        url: str = request.getfixturevalue("postgres_database")(template)
        return url

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the engine; a test that asks for it runs on both."""
    name: str = request.param
    return name


@pytest.fixture
def db(
    request: pytest.FixtureRequest, engine: str, new_database: Callable[[str, str], str]
) -> Iterator[str]:
    """An open database on each engine, empty (or the department's, for `ready`); its URL."""
    what = "ready" if "ready" in request.fixturenames else "empty"
    with opened(new_database(engine, what), storage.connect) as url:
        yield url


@pytest.fixture
def ready(db: str) -> str:
    """An open database with a department at work (factory.seed_department) on each engine."""
    return db


@pytest.fixture
def sqlite_db(new_database: Callable[[str, str], str]) -> Iterator[str]:
    """An open empty database on SQLite alone."""
    with opened(new_database("sqlite", "empty"), storage.connect) as url:
        yield url


@pytest.fixture
def sqlite_ready(new_database: Callable[[str, str], str]) -> Iterator[str]:
    """An open database with a department at work, on SQLite alone (for windows and commands)."""
    with opened(new_database("sqlite", "ready"), storage.connect) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    """The clock of every session of the test; 2026-07-06 12:00 in Shanghai until it is set."""
    return Clock()


@pytest.fixture
def as_role(clock: Clock) -> Callable[..., Session]:
    """`as_role(Role.FINANCE)` is the department's person of that role; `login` names another."""

    def session(role: Role, login: str | None = None) -> Session:
        who = login or next(login for login, _, held in PEOPLE if held is role)
        name = next((name for login, name, _ in PEOPLE if login == who), who)
        return Session(Actor(who, name, frozenset({role})), clock)

    return session
