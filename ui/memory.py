"""What the window remembers on this machine: its size, the last places, appearance. Losing it
harms nobody."""

from __future__ import annotations

import json
from pathlib import Path

from chemsales.config import state_dir, whole

_person = {"login": ""}
_read: dict[tuple[str, int, int], dict[str, str]] = {}  # by file, of which one is kept


def whose(login: str) -> None:
    """From now on `own` names what this person arranged."""
    _person["login"] = login


def own(key: str) -> str:
    """The key under which something is remembered of the person who works alone."""
    return f"{key}/{_person['login']}"


def _path() -> Path:
    return state_dir() / "window.json"


def _all() -> dict[str, str]:
    """Everything that is remembered; the file is read again once another has taken its place."""
    path = _path()
    try:
        there = path.stat()
        key = (str(path), there.st_ino, there.st_mtime_ns)
        found = _read.get(key)  # once: another thread may put a newer one into its place
        if found is None:
            stored = json.loads(path.read_text(encoding="utf-8"))
            found = {str(k): str(v) for k, v in stored.items()}
            _read.clear()
            _read[key] = found
        return found
    except (OSError, ValueError, AttributeError):
        return {}


def recall(key: str, default: str = "") -> str:
    """What was remembered under this key."""
    return _all().get(key, default)


def remember(key: str, value: str) -> None:
    """Remember this under the key."""
    stored = _all()
    if stored.get(key) != value:
        with whole(_path()) as file:
            file.write_text(json.dumps({**stored, key: value}), encoding="utf-8")


def recall_bytes(key: str) -> bytes:
    """Bytes remembered under this key, b"" where there are none."""
    try:
        return bytes.fromhex(recall(key))
    except ValueError:
        return b""
