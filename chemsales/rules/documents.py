"""Scanned papers: what kind of file the bytes are, and how large one may be."""

from __future__ import annotations

from enum import StrEnum

from chemsales.rules.errors import Invalid, Problem, Reason

LARGEST = 20 * 1024 * 1024
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


class ScanSource(StrEnum):
    """What a scan of a customer came with."""

    APPLICATION = "application"
    LICENCE = "licence"
    DISQUALIFICATION = "disqualification"
    CUSTOMER_CHANGE = "customer_change"
