"""What the window remembers on this machine: its size, the last place, appearance."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QSettings

from chemsales.config import state_dir


@cache
def _settings_of(path: str) -> QSettings:
    return QSettings(path, QSettings.Format.IniFormat)


def _settings() -> QSettings:
    return _settings_of(str(state_dir() / "window.ini"))


def recall(key: str, default: str = "") -> str:
    """What was remembered under this key."""
    return str(_settings().value(key, default))


def remember(key: str, value: str) -> None:
    """Remember this under the key."""
    _settings().setValue(key, value)


def recall_bytes(key: str) -> bytes:
    """Bytes remembered under this key, b"" where there are none."""
    try:
        return bytes.fromhex(recall(key))
    except ValueError:
        return b""
