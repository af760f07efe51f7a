"""Days as people type them: 0709, 7-9, 7月9日, 20260709, t, +7, -1m, e; refuses what is
ambiguous."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, time, timedelta

from chemsales.rules.errors import Invalid, Problem, Reason

FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST = 40  # characters that can be a day

_FULL = re.compile(r"(\d{4})([-./年])(\d{1,2})[-./月](\d{1,2})日?", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})[-./月](\d{1,2})[日号]?", re.ASCII)
_STEP = re.compile(r"([+-])(\d{1,5})([dwmy日天周月年]?)", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3])[:.点时]([0-5]\d)分?|([01]\d|2[0-3])([0-5]\d)", re.ASCII)
_SIGNS = dict.fromkeys(map(ord, "\u2212\u2012\u2013\u2014\u2010\u2011"), "-") | {0x3002: "."}
_WORDS = {
    "t": 0, "今": 0, "今天": 0, "today": 0,
    "昨": -1, "昨天": -1, "明": 1, "明天": 1, "后天": 2, "前天": -2,
}  # fmt: skip
_MONTH_ENDS = ("e", "月末", "月底", "本月末", "本月底")
_UNITS = {"": 1, "d": 1, "日": 1, "天": 1, "w": 7, "周": 7}
_MONTHS = {"m": 1, "月": 1, "y": 12, "年": 12}
# what may be two different days, or a month or year without its day
_AMBIGUOUS = re.compile(
    r"\d{1,2}日?|\d{3}|\d{5,7}"  # 7: a day or a month? 111: 1-11 or 11-1? 260709: which year?
    r"|\d{1,2}月|\d{4}[-./年]\d{1,2}月?|\d{4}年"  # without a day
    r"|\d{1,2}[-./年]\d{1,2}[-./月]\d{1,2}日?"  # a year of two digits
    r"|\d{1,2}[-./]\d{1,2}[-./]\d{4}",  # 7/9/2026: the ninth of July or the seventh of September?
    re.ASCII,
)


def parse_day(text: str, today: date) -> date:
    """The day that a person typed, seen from `today`; a month and day alone are of this year.

    Full-width digits and blanks are read too. Invalid where nothing is typed, where it is no day,
    where it may be more than one day (a year of two digits, a day without its month, 7/9/2026), or
    where the year lies outside 1900-2199.
    """
    typed = unicodedata.normalize("NFKC", text).translate(_SIGNS).lower()
    typed = "".join(typed.split())
    if not typed:
        raise _refuse(Reason("reason.day_missing"))
    shown = {"text": text.strip()[:LONGEST]}
    if len(typed) > LONGEST:
        raise _refuse(Reason("reason.day_unread", shown))
    if _AMBIGUOUS.fullmatch(typed):
        raise _refuse(Reason("reason.day_ambiguous", shown))
    try:
        day = _relative(typed, today) or _written(typed, today.year)
    except (ValueError, OverflowError):
        raise _refuse(Reason("reason.day_not_in_calendar", shown)) from None
    if day is None:
        raise _refuse(Reason("reason.day_unread", shown))
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _refuse(Reason("reason.day_years", shown))
    return day


def months_on(day: date, months: int) -> date:
    """The same day so many months later (earlier where negative), at most the month's last.

    ValueError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def parse_time(text: str) -> time:
    """The minute of the day that a person typed: 14:03, 1403, 14.03, 14点03分.

    Invalid where nothing is typed and where it is no minute of a day.
    """
    typed = "".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())
    found = _TIME.fullmatch(typed)
    if not found:
        shown = {"text": text.strip()[:LONGEST]}
        raise _refuse(Reason("reason.time_unread", shown if typed else {"text": "-"}))
    hour, minute = (int(found[at] or found[at + 2]) for at in (1, 2))
    return time(hour, minute)


def _refuse(reason: Reason) -> Invalid:
    return Invalid(Problem("", reason))


def _relative(typed: str, today: date) -> date | None:
    """A day told from today; None where the text tells none."""
    if typed in _WORDS:
        return today + timedelta(days=_WORDS[typed])
    if typed in _MONTH_ENDS:
        return today.replace(day=monthrange(today.year, today.month)[1])
    found = _STEP.fullmatch(typed)
    if not found:
        return None
    count, unit = int(found[1] + found[2]), found[3]
    if unit in _MONTHS:
        return months_on(today, count * _MONTHS[unit])
    return today + timedelta(days=count * _UNITS[unit])


def _written(typed: str, year: int) -> date | None:
    """A day that is written out; None where the text has no such shape, ValueError for no day."""
    if found := _FULL.fullmatch(typed):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _SHORT.fullmatch(typed):
        return date(year, int(found[1]), int(found[2]))
    if typed.isascii() and typed.isdigit() and len(typed) == 8:
        return date(int(typed[:4]), int(typed[4:6]), int(typed[6:]))
    if typed.isascii() and typed.isdigit() and len(typed) == 4:
        return date(year, int(typed[:2]), int(typed[2:]))
    return None
