"""Whether anybody can open a scan, and the one lock of the library that opens PDFs."""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress

from chemsales.rules.documents import file_type
from chemsales.rules.errors import Invalid, Reason

PDFIUM = threading.RLock()  # PDFium is not thread-safe: whoever calls it holds this
MOST_PICTURE_PIXELS = 120_000_000  # of a picture that is unpacked; A3 at 600 dpi has 70
_PASSWORD = 4  # PDFium's error: a password is needed


def look_at(given: Iterable[object]) -> dict[str, Reason | None]:
    """Why nobody can look at each scan among what a use case is given, by the SHA-256 of its bytes.

    It waits for PDFium, which may be drawing: for before a transaction, never inside. What is no
    scan by its first bytes is not looked into.
    """
    found: dict[str, Reason | None] = {}
    for data in _bytes_in(given):
        with suppress(Invalid):
            found[hashlib.sha256(data).hexdigest()] = unreadable(data, file_type(data))
    return found


def _bytes_in(given: Iterable[object]) -> Iterator[bytes]:
    for each in given:
        if isinstance(each, bytes):
            yield each
        elif isinstance(each, (tuple, list)):
            yield from _bytes_in(each)


def unreadable(data: bytes, mime: str) -> Reason | None:
    """Why nobody can look at these bytes of a type (`rules.documents.file_type`): they need a
    password, are damaged, or are a flood of pixels; None where everybody can (C7.1)."""
    return _pdf(data) if mime == "application/pdf" else _picture(data)


def _pdf(data: bytes) -> Reason | None:
    import pypdfium2

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            return not_opened(error.err_code)
        pages = len(document)
        document.close()
    return None if pages else Reason("reason.document_empty", {}, "C7.1")


def not_opened(code: int | None) -> Reason:
    """Why PDFium did not open a PDF, by the code of its error."""
    locked = Reason("reason.document_locked", {}, "C7.1")
    return locked if code == _PASSWORD else Reason("reason.document_damaged", {}, "C7.1")


def _picture(data: bytes) -> Reason | None:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as picture:
                width, height = picture.size
    except Image.DecompressionBombError:
        return Reason("reason.document_bomb", {}, "C7.1")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return Reason("reason.document_damaged", {}, "C7.1")
    if width * height > MOST_PICTURE_PIXELS:
        return Reason("reason.document_flood", {"width": width, "height": height}, "C7.1")
    return None
