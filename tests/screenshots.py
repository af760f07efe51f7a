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
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

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
from ui import documents, guards, i18n, memory, theme
from ui.context import Context
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.work import about

AFTER_SAMPLE = date(2026, 10, 12)  # the sample's history has ended
TABS = {  # whose window shows a place best
    "today": Role.SALES_HEAD,
    "approvals": Role.FINANCE,
    "customers": Role.ACCOUNT_MANAGER,
    "licences": Role.ACCOUNT_MANAGER,
    "filing": Role.SALES_HEAD,
    "tiers": Role.SALES_HEAD,
    "evaluation": Role.SALES_HEAD,
    "settings": Role.ADMINISTRATOR,
}

DESK = {  # what the about box tells of the desk at which a picture is drawn: the same at every one
    "commit": lambda: "",
    "data_dir": lambda: Path("/home/zhang/.local/share/chemsales"),
    "log_dir": lambda: Path("/home/zhang/.local/state/chemsales/logs"),
    "platform": SimpleNamespace(
        platform=lambda: "Linux-6.1.0-x86_64-with-glibc2.36", python_version=lambda: "3.11.2"
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How the windows are drawn: their size in pixels, the zoom in per cent, languages, colours."""

    size: tuple[int, ...] = (1366, 768)
    zoom: int = 100
    languages: tuple[str, ...] = LANGUAGES
    schemes: tuple[str, ...] = ("light", "dark")

    def each(self, folder: Path) -> Iterator[tuple[str, str, Path]]:
        """Every scheme and language, with the folder of its pictures."""
        for scheme in self.schemes:
            for language in self.languages:
                yield scheme, language, folder if scheme == "light" else folder / scheme


class Artist:
    """Draws windows of an open database into a folder."""

    def __init__(self, app: QApplication, look: Look) -> None:
        self.app, self.look = app, look
        self.jobs = Jobs(app)
        self.drawn: list[Path] = []

    @contextmanager
    def stage(self, session: Session, language: str) -> Iterator[Stage]:
        """The window of a person, gone afterwards."""
        i18n.speak(language)
        config = Config(language=language, database="sqlite:///sample")
        window = MainWindow(Context(session, config, self.jobs), "today")
        window.resize(*self.look.size)
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


def dress(app: QApplication, scheme: str, zoom: int) -> None:
    """Colours and zoom, as the settings tell them too."""
    memory.remember("scheme", scheme)
    theme.apply(app, scheme, zoom)


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
def _at_work(look: Look) -> Iterator[tuple[Artist, Path]]:
    """Someone who draws, and a folder of their own that is gone afterwards."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    home = Path(tempfile.mkdtemp(prefix="chemsales-pictures-"))
    os.environ["CHEMSALES_HOME"] = str(home)
    app = start.make_application(["chemsales"])
    guards.install(app)
    artist = Artist(app, look)
    try:
        with patch.multiple(about, **DESK):
            yield artist, home
    finally:
        artist.jobs.stop()
        documents.stop()
        shutil.rmtree(home, ignore_errors=True)


def draw_all(folder: Path, look: Look) -> int:
    """Every tab and every scene; how many pictures."""
    with _at_work(look) as (artist, home):
        url, sessions = _sample(home)
        empty = home / "empty.db"
        open_database(f"sqlite:///{empty}")
        factory.seed_department()
        storage.close()
        for scheme, language, where in look.each(folder):
            dress(artist.app, scheme, look.zoom)
            open_database(url)
            draw_tabs(artist, sessions, language, where)
            draw_scenes(artist, empty, language, where)
        return len(artist.drawn)


def draw_sample(folder: Path, database: Path, look: Look) -> int:
    """The tabs of a filled sample database; how many pictures."""
    with _at_work(look) as (artist, home):
        shutil.copyfile(database, home / "sample.db")
        open_database(f"sqlite:///{home / 'sample.db'}")
        clock = SampleClock()
        clock.go_to(AFTER_SAMPLE, 9)
        sessions = _sessions(clock)
        for scheme, language, where in look.each(folder):
            dress(artist.app, scheme, look.zoom)
            draw_tabs(artist, sessions, language, where)
        storage.close()
        return len(artist.drawn)


def _parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("database", type=Path, nargs="?", help="a filled sample: only the tabs")
    parser.add_argument("--size", default="1366x768", help="of the window, in pixels")
    parser.add_argument("--zoom", type=int, choices=theme.ZOOMS, default=100)
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--scheme", choices=("light", "dark"), action="append")
    return parser


def main(arguments: list[str]) -> int:
    """Draw what is asked for; 0."""
    asked = _parser().parse_args(arguments)
    look = Look(
        tuple(map(int, asked.size.split("x"))),
        asked.zoom,
        tuple(asked.language or LANGUAGES),
        tuple(asked.scheme or (("light",) if asked.database else ("light", "dark"))),
    )
    if asked.database:
        count = draw_sample(asked.folder, asked.database, look)
    else:
        count = draw_all(asked.folder, look)
    print(f"{count} pictures in {asked.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
