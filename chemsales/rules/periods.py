"""Months and evaluation periods as texts: "2026-06", "2026Q3", "2026H1", "2026" (C16.1)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chemsales.rules.errors import Invalid, Problem, Reason

Month = str  # "YYYY-MM"

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:Q([1-4])|H([12]))?", re.ASCII)


def is_period(text: str) -> bool:
    """Whether this is a period of an evaluation as it is stored."""
    return bool(_PERIOD.fullmatch(text)) and not text.startswith("0000")


class PeriodKind(StrEnum):
    """The periods of an evaluation (C16.1)."""

    QUARTER = "quarter"  # 季度
    HALF_YEAR = "half_year"  # 半年
    YEAR = "year"  # 全年


def _invalid(place: str, reason: Reason) -> Invalid:
    return Invalid(Problem(place, reason))


def check_month(text: str) -> Month:
    """The month itself; Invalid for a text that is not "YYYY-MM"."""
    if not _MONTH.fullmatch(text) or text.startswith("0000"):
        raise _invalid("month", Reason("reason.month_wrong", {"text": text}))
    return text


def month_of(day: date) -> Month:
    """The natural month of a day (A.X 3)."""
    return f"{day.year:04d}-{day.month:02d}"


def _index(month: Month) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _from_index(index: int) -> Month:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def next_month(month: Month) -> Month:
    """The month after."""
    return _from_index(_index(month) + 1)


def previous_month(month: Month) -> Month:
    """The month before."""
    return _from_index(_index(month) - 1)


def month_range(first: Month, last: Month) -> list[Month]:
    """All months from `first` through `last`; empty where `last` is earlier."""
    return [_from_index(index) for index in range(_index(first), _index(last) + 1)]


def month_days(month: Month) -> tuple[date, date]:
    """The first and the last day of a month."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter, half-year or year: its kind, its first and last month, and all its months."""

    kind: PeriodKind
    start_month: Month
    end_month: Month
    months: tuple[Month, ...]

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period of "2026Q3", "2026H1" or "2026"; Invalid for anything else (C16.1)."""
        found = _PERIOD.fullmatch(text.strip().upper())
        if not found or found[1] == "0000":
            raise _invalid("period", Reason("reason.period_wrong", {"text": text}, "C16.1"))
        year, quarter, half = found[1], found[2], found[3]
        if quarter:
            kind, first, length = PeriodKind.QUARTER, (int(quarter) - 1) * 3 + 1, 3
        elif half:
            kind, first, length = PeriodKind.HALF_YEAR, (int(half) - 1) * 6 + 1, 6
        else:
            kind, first, length = PeriodKind.YEAR, 1, 12
        months = tuple(f"{year}-{number:02d}" for number in range(first, first + length))
        return cls(kind, months[0], months[-1], months)

    @property
    def first_day(self) -> date:
        """The period's first day."""
        return month_days(self.start_month)[0]

    @property
    def last_day(self) -> date:
        """The period's last day."""
        return month_days(self.end_month)[1]

    def __str__(self) -> str:
        year, first = self.start_month[:4], int(self.start_month[5:7])
        if self.kind is PeriodKind.QUARTER:
            return f"{year}Q{(first + 2) // 3}"
        if self.kind is PeriodKind.HALF_YEAR:
            return f"{year}H{1 if first == 1 else 2}"
        return year


def quarter_of(day: date) -> Period:
    """The quarter that a day lies in."""
    return Period.parse(f"{day.year:04d}Q{(day.month + 2) // 3}")


def last_finished_quarter(day: date) -> Period:
    """The latest quarter whose last day is before `day`."""
    return quarter_of(month_days(previous_month(quarter_of(day).start_month))[0])
