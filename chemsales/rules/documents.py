"""Scanned papers: what kind of file the bytes are, how large one may be, and what may be said of
one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.text import clean_line

LARGEST = 20 * 1024 * 1024
LIMITS = {"number": 60, "issuer": 200, "holder": 200}
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


def file_type(data: bytes) -> str:
    """The type of a scan by its first bytes: PDF, PNG, JPEG or TIFF, whatever its name says.

    Invalid (at "file") for an empty file, one above 20 MB, and any other kind.
    """
    if not data:
        raise Invalid(Problem("file", Reason("reason.file_empty", {}, "C7.1")))
    if len(data) > LARGEST:
        raise Invalid(Problem("file", Reason("reason.file_large", {"megabytes": 20}, "C7.1")))
    for magic, mime in _MAGIC:
        if data.startswith(magic):
            return mime
    raise Invalid(Problem("file", Reason("reason.file_kind", {}, "C7.1")))


def validity_problem(first: date | None, last: date | None, endless: bool) -> Reason | None:
    """Why a paper cannot be valid on such days: it ends before it begins, or is without end and
    has a last day as well (C15.1)."""
    if last is not None and (endless or (first or last) > last):
        return Reason("reason.validity_wrong", {}, "C15.1")
    return None


def said_problems(
    texts: Mapping[str, str], first: date | None, last: date | None, endless: bool
) -> tuple[Problem, ...]:
    """What is wrong with what is said of a paper, by field; `texts` are those of LIMITS (C7.1)."""
    found = list[Problem]()
    for name, limit in LIMITS.items():
        try:
            clean_line(texts[name], name, limit, required=False)
        except Invalid as error:
            found += error.problems
    if wrong := validity_problem(first, last, endless):
        found.append(Problem("valid_to", wrong))
    return tuple(found)


class ScanSource(StrEnum):
    """What a scan of a customer came with."""

    APPLICATION = "application"
    LICENCE = "licence"
    DISQUALIFICATION = "disqualification"
    CUSTOMER_CHANGE = "customer_change"
