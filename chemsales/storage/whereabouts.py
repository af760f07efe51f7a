"""What the system knows of a folder in which a database lies or shall lie."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

from chemsales.rules.whereabouts import MARKERS, Facts, read_mounts

MOUNTS = Path("/proc/self/mountinfo")


def facts_of(folder: Path) -> Facts:
    """The facts about a folder, which may not be there yet; links are followed."""
    real = folder.resolve()
    return Facts(str(real), _drive(folder), _mounts(), _markers(real), os.environ)


def _mounts() -> dict[str, str]:
    with suppress(OSError):
        text = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        return read_mounts(text.splitlines())
    return {}


def _markers(folder: Path) -> frozenset[str]:
    """The markers of synchronising programs that are in the folder or above it."""
    found = set()
    for place in (folder, *folder.parents):
        with suppress(OSError):
            found |= {name for name in MARKERS if (place / name).exists()}
    return frozenset(found)


def _drive(folder: Path) -> int:
    """The kind of the drive as Windows has it, 0 elsewhere."""
    windows = getattr(ctypes, "windll", None)
    if windows is None or not folder.drive:
        return 0
    return int(windows.kernel32.GetDriveTypeW(f"{folder.drive}\\"))
