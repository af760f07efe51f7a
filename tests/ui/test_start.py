"""The start: what is not imported for it, and what is said where no window can open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chemsales import config
from chemsales.config import Config
from ui import app

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "matplotlib",
    "reportlab",
    "pypinyin",
    "python_calamine",
    "xlsxwriter",
    "openpyxl",
    "pypdfium2",
    "peewee",
    "psycopg",
    "argon2",
    "PIL",
    "stdnum",
    "ssl",
)
TO_THE_LOGIN = """
import sys
from ui import app, desk
def painted(self):
    print(" ".join(sorted({name.split(".")[0] for name in sys.modules})))
    self.app.quit()
desk.Desk.open_database = painted
sys.exit(app.main(["chemsales"]))
"""
TO_THE_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from ui import app, desk
from chemsales.rules.roles import Actor, Role
from chemsales.services.session import Session
from chemsales.bootstrap import open_database
def painted(self):
    open_database(self.config.database)
    self.sign_in(Session(Actor("am", "am", frozenset({Role.ACCOUNT_MANAGER}))))
    QTimer.singleShot(300, self.leave)
    self.left.connect(lambda: print(" ".join(sorted({m.split(".")[0] for m in sys.modules}))))
desk.Desk.open_database = painted
sys.exit(app.main(["chemsales"]))
"""


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, with the folders of this test."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )


@pytest.fixture(autouse=True)
def chosen(tmp_path: Path) -> None:
    """The questions of the first start are answered."""
    config.save(Config("zh_CN", f"sqlite:///{tmp_path / 'x.db'}"))


def test_the_login_imports_nothing_heavy() -> None:
    answer = run(TO_THE_LOGIN)
    assert answer.returncode == 0, answer.stderr
    assert not set(answer.stdout.split()) & set(HEAVY)


def test_the_window_draws_no_chart_and_reads_no_workbook_at_its_start() -> None:
    answer = run(TO_THE_WINDOW)
    assert answer.returncode == 0, answer.stderr
    heavy = {"matplotlib", "reportlab", "pypinyin", "python_calamine", "xlsxwriter", "openpyxl"}
    assert not set(answer.stdout.split()) & heavy


def test_the_program_has_its_own_icon() -> None:
    answer = run(
        "from ui import app\n"
        "made = app.make_application(['chemsales'])\n"
        "print(made.windowIcon().pixmap(64).toImage().pixelColor(12, 32).name())"
    )
    assert answer.stdout.split()[-1] == "#1f5f99", answer.stderr


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "没有显示器"), ("en", "no screen")])
def test_without_a_screen_it_says_so_instead_of_aborting(language: str, words: str) -> None:
    config.save(Config(language, "sqlite:///x"))
    code = (
        "import os, sys\n"
        "for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'QT_QPA_PLATFORM'):\n"
        "    os.environ.pop(name, None)\n"
        "from ui import app\n"
        "sys.exit(app.main(['chemsales']))"
    )
    if not sys.platform.startswith("linux"):
        pytest.skip("only X and Wayland have no screen")
    answer = run(code, PYTHONIOENCODING="utf-8")
    assert answer.returncode == app.NO_DISPLAY
    assert words in answer.stderr


@pytest.mark.parametrize(
    ("display", "platform", "opens"),
    [(":0", "", True), ("", "offscreen", True), ("", "", False)],
)
def test_looks_for_a_screen(
    display: str, platform: str, opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if display:
        monkeypatch.setenv("DISPLAY", display)
    if platform:
        monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert (app.no_display() == "") is opens


@pytest.mark.parametrize(
    ("modifiers", "chosen", "module"),
    [
        ("@im=fcitx", None, "ibus"),
        ("@im=fcitx", "fcitx5", "ibus"),
        ("@im=fcitx", "xim", "xim"),
        ("@im=ibus", None, None),
        ("", None, None),
    ],
)
def test_fcitx_is_reached_through_ibus(
    modifiers: str, chosen: str | None, module: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XMODIFIERS", modifiers)
    monkeypatch.delenv("GTK_IM_MODULE", raising=False)
    if chosen is None:
        monkeypatch.setenv("QT_IM_MODULE", "x")
        monkeypatch.delenv("QT_IM_MODULE")
    else:
        monkeypatch.setenv("QT_IM_MODULE", chosen)
    app.choose_input_method()
    assert os.environ.get("QT_IM_MODULE") == module


def test_a_broken_settings_file_leads_to_the_first_start() -> None:
    (config.config_dir() / "config.json").write_text("{broken", encoding="utf-8")
    code = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from ui import app, desk\n"
        "show = desk.Desk.first_run\n"
        "def first_run(self, found):\n"
        "    show(self, found)\n"
        "    print(type(self.window).__name__)\n"
        "    QTimer.singleShot(100, self.leave)\n"
        "desk.Desk.first_run = first_run\n"
        "sys.exit(app.main(['chemsales']))"
    )
    answer = run(code)
    assert (answer.returncode, answer.stdout.strip()) == (0, "FirstRun"), answer.stderr
