"""Cells read strictly: texts, days, months; what is ambiguous is refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from chemsales.exchange.tables import Raw
from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.text import has_hidden

_CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _CLOCK, re.A)
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]", re.A)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.A)
_YEAR_LAST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}", re.A)
_SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2}|\d{2}年\d{1,2}月\d{1,2}[日号]?", re.A)
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{4})年(\d{1,2})月份?|(\d{4})(\d{2})", re.A)
_YEARS = range(2000, 2101)
_EPOCH = date(1899, 12, 30)  # day 0 of a workbook that counts from 1900, with its false leap day
_SHIFT_1904 = 1462
_SERIALS = range(36_526, 73_416)  # 2000-01-01 to 2100-12-31
SHOWN = 60  # characters of a cell in a message


def _refused(reason: Reason) -> Invalid:
    return Invalid(Problem("", reason))


def shown(value: Raw | None) -> str:
    """A cell as a message quotes it: one line, no hidden characters, at most 60 characters."""
    text = text_of(value)
    if len(text) > SHOWN:
        text = text[: SHOWN - 1] + "…"
    return "".join(c if not has_hidden(c) else "\ufffd" for c in text)


def text_of(value: Raw | None) -> str:
    """A cell as text: trimmed, codes that were read as numbers without ".0", days as ISO.

    The apostrophe with which spreadsheets (and our own CSV files) mark text is not part of it.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        text = value.strip()
        return text[1:].strip() if text.startswith("'") else text
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)


def missing() -> Reason:
    """A required cell without a value, with the causes that a reader cannot tell apart."""
    return Reason("reason.cell_missing")


def name_of(value: Raw | None, limit: int) -> str:
    """A text that is stored as a name: single spaces, nothing hidden; Invalid where too long."""
    text = " ".join(unicodedata.normalize("NFC", text_of(value)).split())
    if has_hidden(text):
        raise _refused(Reason("reason.text_hidden"))
    if len(text) > limit:
        raise _refused(Reason("reason.text_long", {"limit": limit}))
    return text


def day_of(value: Raw | None, from_1904: bool = False) -> date:
    """A day: a date cell, a spreadsheet's serial number, or ISO or Chinese text of four-digit year.

    Invalid for a text whose day and month could be swapped, a year of two digits, a day that does
    not exist, and anything else. `from_1904` is how the workbook counts its serial numbers.
    """
    if isinstance(value, datetime):
        return _in_range(value.date(), value)
    if isinstance(value, date):
        return _in_range(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial(value, from_1904)
    if value is None:
        raise _refused(missing())
    if not isinstance(value, str):
        raise _refused(Reason("reason.day_wrong", {"text": shown(value)}))
    text = unicodedata.normalize("NFKC", text_of(value))
    if not text:
        raise _refused(missing())
    params = {"text": shown(value)}
    found = _ISO.fullmatch(text) or _CHINESE.fullmatch(text) or _COMPACT.fullmatch(text)
    if not found:
        if _YEAR_LAST.fullmatch(text):
            raise _refused(Reason("reason.day_order", params))
        if _SHORT_YEAR.fullmatch(text):
            raise _refused(Reason("reason.day_short_year", params))
        raise _refused(Reason("reason.day_wrong", params))
    year, month, day = (int(part) for part in found.groups() if part.isdecimal())
    return _real_day(year, month, day, value)


def _in_range(day: date, value: Raw) -> date:
    if day.year not in _YEARS:
        raise _refused(Reason("reason.day_range", {"text": shown(value)}))
    return day


def _real_day(year: int, month: int, day: int, value: Raw) -> date:
    try:
        return _in_range(date(year, month, day), value)
    except ValueError:
        raise _refused(Reason("reason.day_impossible", {"text": shown(value)})) from None


def _serial(value: int | float, from_1904: bool) -> date:
    if value == value and abs(value) < 1e9:
        number = int(value) + (_SHIFT_1904 if from_1904 else 0)
        if number in _SERIALS:
            return _EPOCH + timedelta(days=number)
        compact = _COMPACT.fullmatch(str(int(value))) if value == int(value) else None
        if compact:
            return _real_day(int(compact[1]), int(compact[2]), int(compact[3]), value)
    raise _refused(Reason("reason.day_wrong", {"text": shown(value)}))


def month_of_cell(value: Raw | None, from_1904: bool = False) -> str:
    """A month as "YYYY-MM": text ("2026-06", "2026年6月", "202606"), or any day of it.

    Invalid for a number such as 2026.1, which may be January or October.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value in _YEAR_MONTHS:
        value = str(int(value))
    if isinstance(value, float) and 2000 <= value < 2101:
        raise _refused(Reason("reason.month_number", {"text": shown(value)}))
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", text_of(value))
        found = _MONTH.fullmatch(text)
        if found:
            year, month = (int(part) for part in found.groups() if part)
            if year not in _YEARS or not 1 <= month <= 12:
                raise _refused(Reason("reason.month_wrong", {"text": shown(value)}))
            return f"{year}-{month:02d}"
    return day_of(value, from_1904).isoformat()[:7]


_YEAR_MONTHS = frozenset(year * 100 + month for year in _YEARS for month in range(1, 13))
