"""chemsales doctor: what support asks first: versions, folders, fonts, database, input method."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from chemsales import __version__, bootstrap, config
from chemsales.cli.base import Commands, Exit, Run, database_url
from chemsales.rules.errors import ChemsalesError
from chemsales.words import N_, _, say_all

Finding = tuple[bool, str]


def register(commands: Commands) -> None:
    """Add the commands."""
    commands.add("doctor", run, _("check fonts, database, folders and input method"))
    commands.add("version", version, _("versions of the program and what it stands on"))


def versions() -> dict[str, str]:
    """Version of the program, Python and SQLite, and the C library where it has one."""
    return {
        "chemsales": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "libc": " ".join(platform.libc_ver()),
        "system": platform.platform(),
    }


def version(run: Run) -> int:
    """Say the versions."""
    found = versions()
    run.say("\n".join(f"{name} {value}" for name, value in found.items()), **found)
    return Exit.DONE


def _fonts(run: Run) -> Finding:
    names = sorted(p.name for p in config.resource("fonts").glob("*.ttf"))
    return bool(names), ", ".join(names)


def _folders(run: Run) -> Finding:
    folders = [config.data_dir(), config.config_dir(), config.state_dir()]
    writable = all(os.access(folder, os.W_OK) for folder in folders)
    return writable, ", ".join(str(folder) for folder in folders)


def _disk(run: Run) -> Finding:
    free = shutil.disk_usage(config.data_dir()).free // 2**20
    return free > 500, _("{free} MB free", free=free)


def _database(run: Run) -> Finding:
    try:
        url = database_url(run.options)
        path = bootstrap.sqlite_path(url)
        if path is not None and not path.exists():
            bootstrap.check_place(path)
            return True, _("{file} does not exist yet", file=str(path))
        bootstrap.open_database(url)
    except ChemsalesError as refusal:
        return False, say_all(refusal)
    return True, str(path or bootstrap.address_of(url))


def _backup_age(run: Run) -> Finding:
    folder = config.data_dir() / "backups"
    written = [p.stat().st_mtime for p in folder.glob("*.db")] if folder.exists() else []
    if not written:
        return True, _("no backup yet")
    days = (datetime.now(UTC) - datetime.fromtimestamp(max(written), UTC)).days
    return days <= 7, _("last backup {days} days ago", days=days)


def _input_method(run: Run) -> Finding:
    module = os.environ.get("QT_IM_MODULE", "")
    fcitx = "fcitx" in os.environ.get("XMODIFIERS", "") or module.startswith("fcitx")
    if fcitx and module != "ibus":
        return False, _("fcitx is set up; start the program with QT_IM_MODULE=ibus")
    return True, module or _("default")


def _none_references(run: Run) -> Finding:
    """Some builds of the window library lose a reference of None at every call."""
    if sys.version_info >= (3, 12):
        return True, _("not affected")
    try:
        from importlib.metadata import version as installed

        found = installed("PySide6_Essentials")
    except ImportError:
        return True, _("window library not installed")
    return not found.startswith("6.12."), found


CHECKS: tuple[tuple[str, Callable[[Run], Finding]], ...] = (
    (N_("fonts"), _fonts),
    (N_("folders"), _folders),
    (N_("disk"), _disk),
    (N_("database"), _database),
    (N_("backup"), _backup_age),
    (N_("input method"), _input_method),
    (N_("window library"), _none_references),
)


def run(run: Run) -> int:
    """Make every check; exit code 1 where one finds something."""
    found = [(name, *check(run)) for name, check in CHECKS]
    lines = [f"{'✓' if good else '✗'} {_(name)}: {text}" for name, good, text in found]
    report = {name: {"ok": good, "text": text} for name, good, text in found}
    run.say("\n".join(lines), checks=report)
    return Exit.DONE if all(good for _name, good, _text in found) else Exit.FINDINGS
