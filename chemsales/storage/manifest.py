"""The manifest beside a backup: what is in it, by which every change to either file is found."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from chemsales.rules.errors import DataError, Reason
from chemsales.storage.fields import canonical_json


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: its file's hash, the schema and program that wrote it, rows per table.

    `created_at` is an instant in the company's zone. Of the chain: its links, its head, and how
    many links do not fit their rows.
    """

    file: str
    sha256: str
    size: int
    created_at: str
    program: str
    schema: tuple[str, ...]
    counts: dict[str, int]
    links: int
    head: str
    broken: int


def manifest_path(backup: Path) -> Path:
    """Where the manifest of a backup lies."""
    return backup.with_suffix(".json")


def read_manifest(backup: Path) -> Manifest | None:
    """The manifest beside a backup, None without one; DataError where one sign of it was
    changed."""
    path = manifest_path(backup)
    if not path.exists():
        return None
    try:
        text = path.read_bytes().decode()
        stored = json.loads(text)
        stored.pop("check")
        if _text(stored) != text:
            raise ValueError("altered")
        known = {field.name: stored[field.name] for field in fields(Manifest)}
        return Manifest(**{**known, "schema": tuple(stored["schema"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DataError(Reason("reason.backup_manifest_unreadable", {"file": path.name})) from error


def write_manifest(backup: Path, manifest: Manifest) -> None:
    """Write the manifest of a backup, whole or not at all."""
    path = manifest_path(backup)
    temporary = path.with_suffix(".json.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            file.write(_text(asdict(manifest)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _text(stored: Mapping[str, Any]) -> str:
    """The one way to write it, with a hash over all of it at the end."""
    check = hashlib.sha256(canonical_json(stored).encode()).hexdigest()
    return json.dumps({**stored, "check": check}, ensure_ascii=False, indent=1)
