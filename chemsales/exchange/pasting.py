"""A block of cells that was copied in a spreadsheet, kept as a file that is imported like any
other."""

from __future__ import annotations

from pathlib import Path

from chemsales.rules.errors import DataError, Reason


def keep(text: str, folder: Path, name: str) -> Path:
    """Write a pasted block (tab-separated lines) into `folder`; DataError where it is no table.

    What it holds is judged when it is read, by the same checks as a file.
    """
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if not lines or "\t" not in lines[0]:
        raise DataError(Reason("reason.paste_no_table"))
    path = folder / f"{name}.txt"
    path.write_text(text.replace("\r\n", "\n"), encoding="utf-8-sig", newline="")
    return path
