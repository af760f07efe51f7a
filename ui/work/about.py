"""What the about box tells: versions of everything the program stands on, database, folders."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion

from chemsales import __version__
from chemsales.config import commit, data_dir, log_dir
from chemsales.queries.engine import engine
from chemsales.rules.roles import Actor
from chemsales.words import _

Facts = list[tuple[str, str]]


def facts(actor: Actor) -> Facts:
    """Names and values, in the order in which support asks for them."""
    found = engine(actor)
    return [
        (_("Program"), " ".join(filter(None, ("chemsales", __version__, commit()[:12])))),
        ("Python", platform.python_version()),
        ("Qt", f"{qVersion()} (PySide6 {_version('PySide6_Essentials')})"),
        (_("Database"), f"{found.name} {found.version}"),
        (_("Schema"), found.schema),
        (_("System"), platform.platform()),
        (_("Data folder"), str(data_dir())),
        (_("Log folder"), str(log_dir())),
        (_("Packaged"), _("yes") if getattr(sys, "frozen", False) else _("no")),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"
