"""What a person asks of a list: search, filters per column and sort keys; read once, used in SQL
and over rows in memory alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.names import name_key
from chemsales.rules.numbers import parse_money, parse_tonnes
from chemsales.rules.text import searched_for

Stored = str | int | Decimal

_RANGE = re.compile(r"(.+?)(?:\.\.|~)(.+)")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?\s*(.+)")
_YEAR = re.compile(r"(\d{4})年?")
_MONTH = re.compile(r"(\d{4})[-./年]?(\d{1,2})月?")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


class Kind(StrEnum):
    """What the values of a column are: how they are compared, shown, summed and copied."""

    TEXT = "text"
    NUMBER = "number"
    KG = "kg"
    FEN = "fen"
    DAY = "day"
    INSTANT = "instant"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key: the name of a column, and the direction."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """What one column has to hold: a text as it was typed (">=100", "2026-06", "=", "!x"), or, of a
    column of choices, the stored values that are let through."""

    name: str
    text: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """Everything asked of a list at once; without sort keys its own order holds."""

    text: str = ""
    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()

    def filtered(self, wanted: Filter) -> Request:
        """The request with this filter in place of the column's former one; an empty one goes."""
        kept = tuple(each for each in self.filters if each.name != wanted.name)
        new = (wanted,) if wanted.text.strip() or wanted.choices else ()
        return replace(self, filters=(*kept, *new))

    @property
    def narrowed(self) -> bool:
        """Whether it lets only some rows through."""
        return bool(self.text.strip() or self.filters)


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter that was read: bounds (inclusive or not), a text, choices, or emptiness.

    `texts` are the ways in which the text may be written: as it was typed, in half width, and with
    the brackets that names of companies have; any of them will do. Without one, as of hidden signs
    alone, nothing is found (and all, where that is negated).
    """

    kind: Kind
    low: Stored | None = None
    high: Stored | None = None
    low_open: bool = False
    high_open: bool = False
    texts: tuple[str, ...] = ()
    exact: bool = False
    negated: bool = False
    empty: bool | None = None
    choices: tuple[str, ...] = ()

    def sql(self, expression: str) -> tuple[str, list[object]]:
        """The condition on an expression, with its parameters."""
        if self.empty is not None:
            blank = f" OR {expression} = ''" if self.kind in (Kind.TEXT, Kind.CHOICE) else ""
            found = f"({expression} IS NULL{blank})"
            return (found if self.empty else f"NOT {found}"), []
        if self.choices:
            return f"{expression} IN ({', '.join('?' * len(self.choices))})", [*self.choices]
        if self.kind in (Kind.TEXT, Kind.CHOICE):
            return self._text_sql(expression)
        parts, parameters = [], list[object]()
        mark = "CAST(? AS NUMERIC)" if self.kind is Kind.NUMBER else "?"
        for bound, sign in ((self.low, ">"), (self.high, "<")):
            if bound is not None:
                is_open = self.low_open if sign == ">" else self.high_open
                parts.append(f"{expression} {sign}{'' if is_open else '='} {mark}")
                parameters.append(str(bound) if isinstance(bound, Decimal) else bound)
        return f"({' AND '.join(parts)})", parameters

    def of_name(self) -> Condition:
        """The same of a column that holds names as `name_key` has them, not negated."""
        return replace(self, texts=(name_key(self.texts[0]),), negated=False)

    def _text_sql(self, expression: str) -> tuple[str, list[object]]:
        if not self.texts:
            return ("1 = 1" if self.negated else "1 = 0"), []
        if self.exact:
            marks = ", ".join("?" * len(self.texts))
            return f"lower({expression}) IN ({marks})", [*self.texts]
        one = f"lower(coalesce({expression}, '')) LIKE ? ESCAPE '\\'"
        found = f"({' OR '.join([one] * len(self.texts))})"
        parts = [f"%{_escaped(text)}%" for text in self.texts]
        return (f"NOT {found}" if self.negated else found), [*parts]

    def holds(self, value: object) -> bool:
        """Whether a value in memory (None where nothing is known) is let through."""
        if self.empty is not None:
            return (value is None or value == "") is self.empty
        if self.choices:
            return str(value) in self.choices
        if self.kind in (Kind.TEXT, Kind.CHOICE):
            if not self.texts:
                return self.negated
            text, wanted = name_key("" if value is None else str(value)), name_key(self.texts[0])
            return text == wanted if self.exact else (wanted in text) is not self.negated
        found = stored(value)
        if found is None:
            return False
        return _above(found, self.low, self.low_open) and _above(self.high, found, self.high_open)


def _escaped(text: str) -> str:
    """The text with the signs of LIKE standing for themselves."""
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, "\\" + sign)
    return text


def _above(one: Stored | None, other: Stored | None, is_open: bool) -> bool:
    """Whether one lies above the other; always where either is no bound."""
    if one is None or other is None:
        return True
    return one > other if is_open else one >= other  # type: ignore[operator]


def stored(value: object) -> Stored | None:
    """A value in the form in which tables hold and compare it: days and instants as ISO text."""
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | Decimal) or value is None:
        return value
    return str(value)


def read(kind: Kind, wanted: Filter) -> Condition:
    """What a filter asks of a column of this kind; Invalid where its text cannot be read."""
    if wanted.choices:
        return Condition(kind, choices=wanted.choices)
    typed = unicodedata.normalize("NFKC", wanted.text).strip()
    if typed in ("=", "!", "<>"):
        return Condition(kind, empty=typed == "=")
    if kind in (Kind.TEXT, Kind.CHOICE):
        return _text(kind, wanted.text)
    try:
        return _ordered(kind, typed)
    except Invalid:
        raise
    except (ValueError, InvalidOperation, OverflowError) as error:
        params = {"text": wanted.text[:60]}
        raise Invalid(Problem(wanted.name, Reason("reason.filter_wrong", params))) from error


_SIGNED = re.compile(r"([=＝])(.*)|(?:[!！]|[<＜][>＞])(.*)", re.DOTALL)
_WIDE = str.maketrans("()", "（）")


def _text(kind: Kind, typed: str) -> Condition:
    """A text as it is looked for, in any of the ways in which it may be written."""
    text = searched_for(typed)
    signed = _SIGNED.fullmatch(text)
    exact, negated = bool(signed and signed[1]), bool(signed and not signed[1])
    if signed:
        text = (signed[2] if exact else signed[3]).strip()
    if not text and typed.strip():
        return Condition(kind, exact=exact, negated=negated)
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    texts = tuple(dict.fromkeys((text, plain, plain.translate(_WIDE))))
    return Condition(kind, texts=texts, exact=exact, negated=negated)


def _ordered(kind: Kind, typed: str) -> Condition:
    bounds = _READERS[kind]
    half = kind is Kind.INSTANT  # the end of a day is the beginning of the next, left out
    if found := _RANGE.fullmatch(typed):
        low, high = bounds(found[1])[0], bounds(found[2])[1]
        return Condition(kind, low=low, high=high, high_open=half)
    match = _COMPARED.fullmatch(typed)
    if match is None:
        raise ValueError(typed)
    first, last = bounds(match[2])
    sign = match[1] or "="
    if sign == ">=":
        return Condition(kind, low=first)
    if sign == ">":
        return Condition(kind, low=last, low_open=not half)
    if sign == "<=":
        return Condition(kind, high=last, high_open=half)
    if sign == "<":
        return Condition(kind, high=first, high_open=True)
    return Condition(kind, low=first, high=last, high_open=half)


def _number(text: str) -> tuple[Stored, Stored]:
    number = Decimal(text.replace(",", "").strip())
    if not number.is_finite():
        raise ValueError(text)
    return number, number


def _kg(text: str) -> tuple[Stored, Stored]:
    kg = parse_tonnes(text)
    return kg, kg


def _fen(text: str) -> tuple[Stored, Stored]:
    fen = parse_money(text)
    return fen, fen


def _days(text: str) -> tuple[date, date]:
    """The first and the last day of a day, a month or a year as people type them."""
    typed = text.strip()
    if found := _DAY.fullmatch(typed):
        year, month, day = (int(part) for part in found.groups() if part)
        return date(year, month, day), date(year, month, day)
    if found := _YEAR.fullmatch(typed):
        return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)
    if found := _MONTH.fullmatch(typed):
        year, month = int(found[1]), int(found[2])
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), after - timedelta(days=1)
    raise ValueError(text)


def _day(text: str) -> tuple[Stored, Stored]:
    first, last = _days(text)
    return first.isoformat(), last.isoformat()


def _instants(text: str) -> tuple[Stored, Stored]:
    """The instants at which the company's days begin and have ended."""
    first, last = _days(text)
    return _midnight(first), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> str:
    return _instant(datetime.combine(day, time(), COMPANY_ZONE))


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_READERS: dict[Kind, Callable[[str], tuple[Stored, Stored]]] = {
    Kind.NUMBER: _number,
    Kind.KG: _kg,
    Kind.FEN: _fen,
    Kind.DAY: _day,
    Kind.INSTANT: _instants,
}
