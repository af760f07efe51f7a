"""Text that people search with, as a condition of SQL."""

from __future__ import annotations


def contains(text: str, *columns: str) -> tuple[str, list[object]]:
    """The condition that a column contains the text, whatever its case, and its parameters.

    %, _ and \\ in the text stand for themselves; an empty text is in every row.
    """
    wanted = " ".join(text.split()).lower()
    if not wanted:
        return "1 = 1", []
    for sign in ("\\", "%", "_"):
        wanted = wanted.replace(sign, "\\" + sign)
    likes = " OR ".join(f"lower({column}) LIKE ? ESCAPE '\\'" for column in columns)
    return f"({likes})", [f"%{wanted}%"] * len(columns)
