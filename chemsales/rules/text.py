"""Text that people type: names of one line, comments, labels of files; nothing hidden."""

from __future__ import annotations

import re
import unicodedata

from chemsales.rules.errors import Invalid, Param, Problem, Reason

_HIDDEN = {
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Cn",
    "Zl",
    "Zp",
}  # controls, bidi, zero width, surrogates, unassigned
LABEL_LIMIT = 200
LONGEST_PATTERN = 5_000  # characters that a column is searched for: no engine takes any length
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """The text with full-width letters, digits, punctuation and blanks as half-width ones."""
    return text.translate(_WIDE)


def has_hidden(text: str) -> bool:
    """Whether the text has characters that do not show: controls, direction marks, zero widths."""
    return any(unicodedata.category(c) in _HIDDEN for c in text)


def without_hidden(text: str, keep: str = "") -> str:
    """The text without the characters that do not show, but for those in `keep`."""
    return "".join(c for c in text if c in keep or unicodedata.category(c) not in _HIDDEN)


def searched_for(text: str) -> str:
    """What of a typed text a column is searched for: one line in lower case without hidden signs,
    which no column holds and no engine takes, and with an end; "" where nothing is left."""
    line = without_hidden(" ".join(text.split()))
    return " ".join(line.split()).lower()[:LONGEST_PATTERN]


def clean_line(text: str, place: str, limit: int, required: bool = True) -> str:
    """A name as it is stored: one line, single spaces, NFC.

    Invalid (at `place`) for a required one that is empty, one longer than `limit` characters, and
    one with hidden characters.
    """
    if has_hidden(text.replace("\t", " ")):
        raise Invalid(Problem(place, Reason("reason.text_hidden")))
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if required and not line:
        raise Invalid(Problem(place, Reason("reason.text_missing")))
    if len(line) > limit:
        raise Invalid(Problem(place, Reason("reason.text_long", {"limit": limit})))
    return line


def clean_text(text: str, place: str, limit: int) -> str:
    """A comment as it is stored: hidden characters go, line ends stay; Invalid if too long."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = without_hidden(lines, keep="\n").strip()
    if len(kept) > limit:
        raise Invalid(Problem(place, Reason("reason.text_long", {"limit": limit})))
    return kept


def said_problem(text: str, limit: int, clause: str) -> Reason | None:
    """Why what a person has to say cannot be kept: missing, longer than `limit`, or with hidden
    characters; None where it can."""
    said = text.strip()
    if not said:
        return Reason("reason.field_required", {}, clause)
    if len(said) > limit:
        params: dict[str, Param] = {"limit": limit, "length": len(said)}
        return Reason("reason.text_too_long", params)
    if has_hidden(said.replace("\n", " ").replace("\t", " ")):
        return Reason("reason.text_hidden")
    return None


def file_label(file_name: str) -> str:
    """The name of a file as a mere label: no folders, nothing hidden, at most 200 characters.

    The end of a long name is kept, since it says the kind of the file; "" becomes "-".
    """
    last = re.split(r"[\\/]", file_name)[-1]
    label = " ".join(without_hidden(last).split())
    if len(label) > LABEL_LIMIT:
        label = label[: LABEL_LIMIT - 21] + "…" + label[-20:]
    return label or "-"
