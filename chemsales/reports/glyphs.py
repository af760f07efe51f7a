"""Characters that the font lacks, found before anything is drawn (they would print as nothing)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from chemsales.labels import LABELS
from chemsales.reports.style import clean, face, missing


def check_glyphs(data: object, field: str = "") -> None:
    """DataError naming character and field for the first text in `data` that cannot be printed.

    Walks dataclasses, sequences and mappings; `field` is the name of the field of `data`.
    """
    if isinstance(data, Enum) or data is None or isinstance(data, int | float):
        return
    if isinstance(data, str):
        _check_text(data, field)
    elif is_dataclass(data):
        for part in fields(data):
            check_glyphs(getattr(data, part.name), part.name)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            check_glyphs(value, str(key))
    elif isinstance(data, tuple | list):
        for value in data:
            check_glyphs(value, field)


def _check_text(text: str, field: str) -> None:
    if text.isascii():
        return
    font = face()
    for char in clean(text):
        if not font.has(char):
            shown = f"@Field.{field}" if f"Field.{field}" in LABELS else field
            raise missing(char, shown)
