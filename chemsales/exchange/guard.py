"""The gate of every import: what kind of file this really is, and whether it is safe to unpack."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chemsales.rules.errors import DataError, Param, Reason, unreadable

MAX_FILE = 50 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200
MAX_ROWS = 100_000
MAX_EXTRA_ROWS = 100  # titles, headings, totals and notes beside the rows of data
_MAX_DIRECTORY = MAX_ENTRIES * 512  # bytes of the list of a zip file's entries
_PIECE = 1 << 18

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NOT_TEXT = (_ZIP, _OLE, b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")
_MARKUP = re.compile(rb"\s*<(!doctype|html|table|\?xml|head|meta)", re.IGNORECASE)


class Format(StrEnum):
    """The kinds of files that are read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    CSV = "csv"


_BY_SUFFIX = {
    ".xlsx": Format.XLSX,
    ".xlsb": Format.XLSB,
    ".xls": Format.XLS,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,
}
SUFFIXES = tuple(_BY_SUFFIX)  # of the files that are read, as choosers and messages name them


@dataclass(frozen=True, slots=True)
class Source:
    """A file that passed the gate: its bytes, read once, their SHA-256, how it counts its days."""

    name: str
    format: Format
    data: bytes
    sha256: str
    from_1904: bool = False


def admit(path: Path) -> Source:
    """Read a file whole and check it; DataError with the reason where it must not be unpacked.

    Refused: what is no regular file, empty, above 50 MB, of another kind than its name says,
    protected by a password, with macros, and a zip file with more than 1000 entries, above 100 MB
    unpacked, packed more than 200 times, with unsafe names, or other sizes than it declares.
    """
    name = {"file": path.name}
    suffix = path.suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlam"):
        raise DataError(Reason("reason.file_macros", name))
    kind = _BY_SUFFIX.get(suffix)
    if kind is None:
        raise DataError(Reason("reason.import_file_kind", {**name, "endings": " ".join(SUFFIXES)}))
    data = _read(path)
    _check_magic(path.name, kind, data)
    from_1904 = _check_zip(path.name, kind, data) if kind in (Format.XLSX, Format.XLSB) else False
    return Source(path.name, kind, data, hashlib.sha256(data).hexdigest(), from_1904)


def _read(path: Path) -> bytes:
    name = {"file": path.name}
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DataError(Reason("reason.file_not_regular", name))
        if not found.st_size:
            raise DataError(Reason("reason.import_file_empty", name))
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > MAX_FILE:
        megabytes = MAX_FILE >> 20
        raise DataError(Reason("reason.import_file_large", {**name, "megabytes": megabytes}))
    return data


def _check_magic(name: str, kind: Format, data: bytes) -> None:
    params = {"file": name}
    if kind is Format.CSV:
        wrong = data.startswith(_NOT_TEXT)
    elif data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise DataError(Reason("reason.file_password", params))
        wrong = kind is not Format.XLS
    else:
        wrong = kind is Format.XLS or not data.startswith(b"PK\x03\x04")
    if wrong and _MARKUP.match(data[:200]):
        raise DataError(Reason("reason.file_is_web_page", params))
    if wrong:
        raise DataError(Reason("reason.file_renamed", params))


def _damaged(name: str) -> DataError:
    return DataError(Reason("reason.workbook_damaged", {"file": name}))


def too_many_rows(name: str, rows: int) -> DataError:
    """The refusal of a table longer than the reader takes."""
    params: dict[str, Param] = {"file": name, "rows": rows, "limit": MAX_ROWS}
    return DataError(Reason("reason.too_many_rows", params))


def _unsafe(name: str, what: str) -> DataError:
    return DataError(Reason("reason.workbook_unsafe", {"file": name, "what": what}))


def _check_zip(name: str, kind: Format, data: bytes) -> bool:
    """Check the parts of a workbook before a reader unpacks them; whether it counts from 1904."""
    _check_directory(name, data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise _damaged(name) from error
    entries = archive.infolist()
    _check_entries(name, entries)
    from_1904 = False
    for entry in entries:
        from_1904 |= _check_content(name, data, entry)
    main = "xl/workbook.xml" if kind is Format.XLSX else "xl/workbook.bin"
    if main not in archive.NameToInfo:
        raise DataError(Reason("reason.file_renamed", {"file": name}))
    return from_1904


def _check_directory(name: str, data: bytes) -> None:
    """Refuse too long a list of entries before it is read at all."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        raise _damaged(name)
    entries = int.from_bytes(data[end + 10 : end + 12], "little")
    length = int.from_bytes(data[end + 12 : end + 16], "little")
    if entries > MAX_ENTRIES or length > _MAX_DIRECTORY:
        raise _unsafe(name, f"> {MAX_ENTRIES}")


def _check_entries(name: str, entries: list[zipfile.ZipInfo]) -> None:
    seen = set()
    total = 0
    for entry in entries:
        path = entry.filename
        parts = path.replace("\\", "/").split("/")
        unsafe = path.startswith(("/", "\\")) or ".." in parts or ":" in path or "\\" in path
        if unsafe or path != entry.orig_filename or path.lower() in seen:
            raise _unsafe(name, path[:60])
        seen.add(path.lower())
        if entry.flag_bits & 0x1:
            raise DataError(Reason("reason.file_password", {"file": name}))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _unsafe(name, path[:60])
        total += entry.file_size
        if total > MAX_UNPACKED:
            raise _unsafe(name, f"> {MAX_UNPACKED >> 20} MB")
        if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise _unsafe(name, f"1 : {entry.file_size // max(entry.compress_size, 1)}")
        if path.lower().endswith("vbaproject.bin"):
            raise DataError(Reason("reason.file_macros", {"file": name}))


def _check_content(name: str, data: bytes, entry: zipfile.ZipInfo) -> bool:
    """Unpack one entry piece by piece; whether it says that the days count from 1904."""
    count_rows = entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")
    is_markup = entry.filename.endswith((".xml", ".rels"))
    size = rows = 0
    from_1904 = False
    tail = b""
    for piece in _pieces(name, data, entry):
        size += len(piece)
        if size > entry.file_size:
            raise _unsafe(name, entry.filename[:60])
        if is_markup:
            joined = tail + piece
            if b"<!DOCTYPE" in joined:
                raise _unsafe(name, "DTD")
            if count_rows:
                rows += joined.count(b"<row") - tail.count(b"<row")
            elif entry.filename == "xl/workbook.xml":
                from_1904 |= bool(re.search(rb'date1904="(1|true)"', joined))
            elif b"macroEnabled" in joined and entry.filename == "[Content_Types].xml":
                raise DataError(Reason("reason.file_macros", {"file": name}))
            tail = joined[-16:]
    if size != entry.file_size:
        raise _damaged(name)
    if rows > MAX_ROWS + MAX_EXTRA_ROWS:
        raise too_many_rows(name, rows)
    return from_1904


def _pieces(name: str, data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes of an entry, whatever size it declares."""
    start = entry.header_offset
    head = data[start : start + 30]
    if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
        raise _damaged(name)
    start += 30 + sum(int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
    end = start + entry.compress_size
    if end > len(data):
        raise _damaged(name)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield data[start:end]
        return
    stream = zlib.decompressobj(-15)
    try:
        for at in range(start, end, _PIECE):
            left = data[at : min(at + _PIECE, end)]
            while left:
                yield stream.decompress(left, _PIECE)
                left = stream.unconsumed_tail
    except zlib.error as error:
        raise _damaged(name) from error
