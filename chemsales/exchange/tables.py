"""The tables in a file: the sheets of a workbook, or a CSV text under each possible separator."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chemsales.exchange.guard import MAX_EXTRA_ROWS, MAX_ROWS, Format, Source, too_many_rows
from chemsales.rules.errors import DataError, Param, Reason

Raw = str | int | float | bool | date | datetime | time | timedelta
SEPARATORS = (",", ";", "\t")
MAX_COLUMNS = 500
_MAX_CELL = 131_072  # characters


@dataclass(frozen=True, slots=True)
class Table:
    """One table to look at: where it is, about how many rows it has, and a way to go through them.

    The rows come with the first row of the sheet or file as number 1, empty ones included.
    """

    sheet: str
    encoding: str
    separator: str
    height: int
    rows: Callable[[], Iterator[list[Raw]]]


def tables(source: Source) -> list[Table]:
    """The tables of a file; DataError where it cannot be read, or is too large."""
    if source.format is Format.CSV:
        return _csv_tables(source)
    return _sheets(source)


def _sheets(source: Source) -> list[Table]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    name = {"file": source.name}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        found = []
        for info in book.sheets_metadata:
            if info.visible is SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(info.name)
                _check_size(source.name, sheet.end)
                found.append(Table(info.name, "", "", sheet.total_height, sheet.iter_rows))
    except PasswordError as error:
        raise DataError(Reason("reason.file_password", name)) from error
    except (CalamineError, ValueError, OSError) as error:
        raise DataError(Reason("reason.workbook_damaged", name)) from error
    return found


def _check_size(name: str, end: tuple[int, int] | None) -> None:
    rows, columns = end or (0, 0)
    if rows >= MAX_ROWS + MAX_EXTRA_ROWS:
        raise too_many_rows(name, rows + 1)
    if columns >= MAX_COLUMNS:
        params: dict[str, Param] = {"file": name, "columns": columns + 1, "limit": MAX_COLUMNS}
        raise DataError(Reason("reason.too_many_columns", params))


def _csv_tables(source: Source) -> list[Table]:
    encoding, text = decode(source)
    height = text.count("\n") + 1
    return [
        Table("", encoding, separator, height, _csv_rows(source.name, text, separator))
        for separator in SEPARATORS
    ]


def decode(source: Source) -> tuple[str, str]:
    """The encoding and the text of a file: by its mark, else strict UTF-8, else strict GB18030."""
    data = source.data
    tries = [("UTF-8", "utf-8"), ("GB18030", "gb18030")]
    if data.startswith(b"\xef\xbb\xbf"):
        tries = [("UTF-8 BOM", "utf-8-sig")]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = [("UTF-16", "utf-16")]
    for shown, codec in tries:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return shown, text
    raise DataError(Reason("reason.file_encoding", {"file": source.name}))


def _csv_rows(name: str, text: str, separator: str) -> Callable[[], Iterator[list[Raw]]]:
    def rows() -> Iterator[list[Raw]]:
        csv.field_size_limit(_MAX_CELL)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                if number > MAX_ROWS + MAX_EXTRA_ROWS:
                    raise too_many_rows(name, number)
                yield list(cells)
        except csv.Error as error:
            params: dict[str, Param] = {"file": name, "row": number + 1}
            raise DataError(Reason("reason.csv_quotes", params)) from error

    return rows
