"""Tables written as workbooks or CSV files that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from chemsales.config import whole

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | bool | Decimal | date | datetime | None

_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # what may begin a formula
UNIX = 3  # of the systems that a zip can be made on
_LONGEST = 32_767  # characters of a cell
_WIDEST = 60  # characters of a column as it opens


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Value]], path: Path) -> None:
    """Write a table as a workbook of one sheet, whole or not at all; OSError where it cannot.

    Text stays text (an own type, and marked as text where it begins like a formula), numbers stay
    numbers, days become date cells. Tonnes belong here as Decimal, never as text.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with whole(path) as temporary:
        book = xlsxwriter.Workbook(temporary, {"strings_to_urls": False})
        _write_sheet(book, book.add_worksheet(), headers, rows)
        try:
            book.close()
        except FileCreateError as error:  # the library wraps the OSError in its own
            raise error.args[0] from None


def workbook(sheets: Iterable[Sheet], made_on: date) -> bytes:
    """Tables as a workbook that says it was made on a day; the same tables give the same bytes,
    whenever and wherever it is written again (nothing in it is compressed, which libraries do
    each in their own way)."""
    import xlsxwriter

    out, again = BytesIO(), BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_urls": False, "in_memory": True})
    book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})
    for sheet in sheets:
        _write_sheet(book, book.add_worksheet(sheet.name), sheet.headers, sheet.rows)
    book.close()
    with ZipFile(out) as read, ZipFile(again, "w", ZIP_STORED) as written:
        for part in read.infolist():
            whole_part = ZipInfo(part.filename)
            whole_part.create_system = UNIX  # else the system says which one it was made on
            written.writestr(whole_part, read.read(part))
    return again.getvalue()


def _write_sheet(
    book: xlsxwriter.Workbook,
    sheet: Worksheet,
    headers: Sequence[str],
    rows: Iterable[Sequence[Value]],
) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E2E8F0"})
    quoted = book.add_format({"quote_prefix": True})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    instants = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    widths = [_width(header) for header in headers]
    for place, header in enumerate(headers):
        sheet.write_string(0, place, header, bold)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                style = quoted if value.startswith(_STARTS) else None
                sheet.write_string(number, place, value[:_LONGEST], style)
                if number <= 200 and place < len(widths):
                    widths[place] = max(widths[place], _width(value))
            elif isinstance(value, bool):
                sheet.write_boolean(number, place, value)
            elif isinstance(value, date):
                timed = isinstance(value, datetime)
                style = instants if timed else days
                if place < len(widths):
                    widths[place] = max(widths[place], 16 if timed else 10)
                sheet.write_datetime(number, place, value, style)
            else:
                sheet.write_number(number, place, float(value))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(width, _WIDEST) + 2)


def _width(text: str) -> int:
    """The columns that a text takes, a Chinese character being two."""
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text[:_WIDEST])


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Value]], path: Path) -> None:
    """Write a table as CSV in UTF-8 with its mark, whole or not at all; OSError where it cannot.

    A text that begins like a formula gets an apostrophe before it (reading it back takes that off);
    numbers and ISO days stay as they are.
    """
    with (
        whole(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as f,
    ):
        writer = csv.writer(f)
        writer.writerow([_plain(header) for header in headers])
        for row in rows:
            writer.writerow([_plain(value) for value in row])


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return "'" + value if value.startswith(_STARTS) else value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
