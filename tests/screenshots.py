"""`python -m tests.screenshots FOLDER`: draw every tab on the sample data, and every scene.

FOLDER/zh_CN, zh_TW and en hold the tabs, their folder "more" the scenes; FOLDER/dark the same in
dark colours. With a second argument, the file of a sample database, only the tabs are drawn, on a
copy of it.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QApplication, QWidget

from chemsales import demo
from chemsales.bootstrap import open_database
from chemsales.config import Config
from chemsales.demo.people import SampleClock
from chemsales.rules.roles import Actor, Role
from chemsales.services.session import Session
from chemsales.storage import database as storage
from chemsales.words import LANGUAGES
from tests import factory
from tests.scenes import Stage, scenes
from ui import app as start
from ui import documents, guards, i18n, theme
from ui.context import Context
from ui.jobs import Jobs
from ui.main_window import MainWindow

SIZE = (1366, 768)
AFTER_SAMPLE = date(2026, 10, 12)  # the sample's history has ended
TABS = {  # whose window shows a place best
    "today": Role.SALES_HEAD,
    "approvals": Role.FINANCE,
    "customers": Role.ACCOUNT_MANAGER,
    "tiers": Role.SALES_HEAD,
    "evaluation": Role.SALES_HEAD,
    "settings": Role.ADMINISTRATOR,
}


class Artist:
    """Draws windows of an open database into a folder."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.jobs = Jobs(app)
        self.drawn: list[Path] = []

    @contextmanager
    def stage(self, session: Session, language: str) -> Iterator[Stage]:
        """The window of a person, gone afterwards."""
        i18n.speak(language)
        config = Config(language=language, database="sqlite:///sample")
        window = MainWindow(Context(session, config, self.jobs), "today")
        window.resize(*SIZE)
        window.show()
        stage = Stage(window)
        stage.settle()
        try:
            yield stage
        finally:
            stage.leave()

    def draw(self, widget: QWidget, path: Path) -> None:
        """One picture, with a palette of its own to keep it small."""
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = QBuffer()
        raw.open(QIODevice.OpenModeFlag.ReadWrite)
        widget.grab().save(raw, "PNG")  # type: ignore[call-overload]
        picture = Image.open(io.BytesIO(bytes(raw.data().data()))).convert("RGB")
        picture.quantize(160, dither=Image.Dither.NONE).save(path, optimize=True)
        self.drawn.append(path)


def draw_tabs(artist: Artist, sessions: dict[Role, Session], language: str, folder: Path) -> None:
    """Every tab on the sample data."""
    for place, role in TABS.items():
        with artist.stage(sessions[role], language) as stage:
            stage.page(place)
            stage.settle()
            artist.draw(stage.window, folder / language / f"{place}.png")


def draw_scenes(artist: Artist, empty: Path, language: str, folder: Path) -> None:
    """Every scene, each on a department of its own."""
    for scene in scenes():
        path = empty.with_name("scene.db")
        for old in empty.parent.glob("scene.db*"):
            old.unlink()
        shutil.copyfile(empty, path)
        open_database(f"sqlite:///{path}")
        session = factory.session_of(scene.login or _login(scene.role))
        with artist.stage(session, language) as stage:
            artist.draw(scene.show(stage), folder / language / "more" / f"{scene.name}.png")
        storage.close()


def _login(role: Role) -> str:
    return next(login for login, _name, held in factory.PEOPLE if held is role)


def _sample(home: Path) -> tuple[str, dict[Role, Session]]:
    """The sample department's database, and a session for each role at the end of its history."""
    url = f"sqlite:///{home / 'sample.db'}"
    open_database(url)
    return url, _sessions(demo.load())


def _sessions(clock: SampleClock) -> dict[Role, Session]:
    """A session for each role of the sample department."""
    people = {
        role: Actor(login, name, frozenset({role})) for login, name, role in demo.PEOPLE[::-1]
    }
    return {role: Session(actor, clock) for role, actor in people.items()}


@contextmanager
def _at_work() -> Iterator[tuple[Artist, Path]]:
    """Someone who draws, and a folder of their own that is gone afterwards."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    home = Path(tempfile.mkdtemp(prefix="chemsales-pictures-"))
    os.environ["CHEMSALES_HOME"] = str(home)
    app = start.make_application(["chemsales"])
    guards.install(app)
    artist = Artist(app)
    try:
        yield artist, home
    finally:
        artist.jobs.stop()
        documents.stop()
        shutil.rmtree(home, ignore_errors=True)


def draw_all(folder: Path) -> int:
    """Every tab and every scene, light and dark; how many pictures."""
    with _at_work() as (artist, home):
        url, sessions = _sample(home)
        empty = home / "empty.db"
        open_database(f"sqlite:///{empty}")
        factory.seed_department()
        storage.close()
        for scheme, where in (("light", folder), ("dark", folder / "dark")):
            theme.apply(artist.app, scheme)
            for language in LANGUAGES:
                open_database(url)
                draw_tabs(artist, sessions, language, where)
                draw_scenes(artist, empty, language, where)
        return len(artist.drawn)


def draw_sample(folder: Path, database: Path) -> int:
    """The tabs of a filled sample database; how many pictures."""
    with _at_work() as (artist, home):
        shutil.copyfile(database, home / "sample.db")
        open_database(f"sqlite:///{home / 'sample.db'}")
        clock = SampleClock()
        clock.go_to(AFTER_SAMPLE, 9)
        sessions = _sessions(clock)
        theme.apply(artist.app, "light")
        for language in LANGUAGES:
            draw_tabs(artist, sessions, language, folder)
        storage.close()
        return len(artist.drawn)


def main(arguments: list[str]) -> int:
    """Draw what is asked for; 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("database", type=Path, nargs="?", help="a filled sample: only the tabs")
    asked = parser.parse_args(arguments)
    count = draw_sample(asked.folder, asked.database) if asked.database else draw_all(asked.folder)
    print(f"{count} pictures in {asked.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
