"""Tables written as workbooks or CSV files that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from chemsales.config import whole

Value = str | int | float | bool | Decimal | date | datetime | None

_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # what may begin a formula
_LONGEST = 32_767  # characters of a cell
_WIDEST = 60  # characters of a column as it opens


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Value]], path: Path) -> None:
    """Write a table as a workbook of one sheet, whole or not at all; OSError where it cannot.

    Text stays text (an own type, and marked as text where it begins like a formula), numbers stay
    numbers, days become date cells. Tonnes belong here as Decimal, never as text.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with whole(path) as temporary:
        book = xlsxwriter.Workbook(temporary, {"strings_to_urls": False})
        sheet = book.add_worksheet()
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
        try:
            book.close()
        except FileCreateError as error:  # the library wraps the OSError in its own
            raise error.args[0] from None


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
