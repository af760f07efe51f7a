"""Rendered reports: what a preview shows, prints and saves, and how files of them are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from chemsales.config import whole
from chemsales.rules.errors import DataError, Reason

Progress = Callable[[int, int], None]
LONGEST = 120  # characters of a file's name; 150 bytes more in UTF-8 still fit every file system
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")


class Stopped(Exception):
    """The person cancelled; a cancelled read delivers nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the files that a report of several customers falls into; `render` gives its bytes."""

    name: str
    render: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Paper:
    """A rendered report: the name it is saved under, its bytes, and the parts it falls into."""

    name: str
    data: bytes
    parts: Sequence[Part] = ()


def file_name(stem: str, suffix: str = ".pdf") -> str:
    """A name for a file that every system takes, however hostile the words it is made of."""
    letters = [c for c in stem if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")]
    name = _FORBIDDEN.sub("_", "".join(letters))
    name = " ".join(name.split()).strip(". ")
    while len(name) > LONGEST or len(name.encode()) > 200:
        name = name[:-1]
    name = name.rstrip(". ") or "_"
    return f"_{name}{suffix}" if _RESERVED.match(name) else f"{name}{suffix}"


def watched(cancel: Event, progress: Progress) -> Progress:
    """The progress of a report, which ends it where the person cancelled."""

    def tell(done: int, total: int) -> None:
        if cancel.is_set():
            raise Stopped
        progress(done, total)

    return tell


def write(path: Path, data: bytes) -> Path:
    """Write exactly these bytes; DataError where it fails, and what was there before stays."""
    try:
        with whole(path) as half:
            half.write_bytes(data)
    except OSError as error:
        params = {"file": path.name, "why": error.strerror or ""}
        raise DataError(Reason("reason.file_not_written", params)) from error
    return path


def save(path: Path, data: bytes, *, cancel: Event, progress: Progress) -> list[Path]:
    """Write one file."""
    return [] if cancel.is_set() else [write(path, data)]


def save_parts(
    folder: Path, parts: Sequence[Part], *, cancel: Event, progress: Progress
) -> list[Path]:
    """Write a file for each part into a folder; ends between two files where it is cancelled."""
    written: list[Path] = []
    for number, (path, part) in enumerate(zip(paths(folder, parts), parts, strict=True)):
        if cancel.is_set():
            break
        progress(number, len(parts))
        written.append(write(path, part.render()))
    return written


def paths(folder: Path, parts: Sequence[Part]) -> list[Path]:
    """Where the parts are written; names that fall together are numbered."""
    found: dict[str, Path] = {}
    for part in parts:
        name, number = file_name(part.name), 1
        while name.casefold() in found:
            number += 1
            name = file_name(f"{part.name} ({number})")
        found[name.casefold()] = folder / name
    return list(found.values())
