"""Exact numbers: human input to whole kilograms and fen, refusing what is ambiguous, and back."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Context, Decimal

from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.text import half_width

MAX_KG = 10_000_000_000 - 1  # below ten million tonnes
MAX_FEN = 10_000_000_000_000 - 1  # below a hundred thousand million yuan
MAX_WHOLE = 1_000_000_000

_MASS_UNITS = {
    "t": 1000, "吨": 1000, "tonne": 1000, "tonnes": 1000, "mt": 1000, "万吨": 10_000_000,
    "kg": 1, "公斤": 1, "千克": 1, "㎏": 1,
}  # fmt: skip
_MONEY_UNITS = {"元": 100, "yuan": 100, "cny": 100, "rmb": 100, "万元": 1_000_000, "分": 1}
_CURRENCY = frozenset(["", "¥", "￥", "rmb", "cny", "人民币"])
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2005\u2007\u2009\u202f\t"), " ")
_SIGNS = dict.fromkeys(map(ord, "\u2212\u2012\u2013"), "-")
_SHAPE = re.compile(
    r"'?(?P<lead>[^\d\s.,'+\-]*) ?(?P<sign>[+-]?)"  # an apostrophe marks text in a spreadsheet
    r"(?P<body>[\d.,' ]*\d[\d.,' ]*?) ?(?P<unit>[^\d\s]*)",
    re.ASCII,
)
_EXACT = re.compile(r"[+-]?\d{1,99}(?:\.\d{1,99})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WIDE = Context(prec=200)  # of any number written in 60 characters no digit is lost
_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:(?P<by>[, ])\d{3})(?:(?P=by)\d{3})*(?:\.\d+)?", re.ASCII)


def _refuse(reason: Reason) -> Invalid:
    return Invalid(Problem("", reason))


def _number(
    text: str, units: Mapping[str, int], leads: frozenset[str] = frozenset([""])
) -> tuple[Decimal, str]:
    """The number and its unit ("" where none is written); Invalid where it is not surely one."""
    shown = {"text": text[:60]}
    clean = half_width(text).translate(_BLANKS).translate(_SIGNS).strip()
    if not clean:
        raise _refuse(Reason("reason.number_missing", {}))
    found = _SHAPE.fullmatch(clean) if len(clean) <= 60 else None
    if not found:
        raise _refuse(Reason("reason.number_wrong", shown))
    lead, unit = found["lead"].lower(), found["unit"].lower()
    if lead not in leads or (unit and unit not in units):
        raise _refuse(Reason("reason.number_unit_unknown", {**shown, "unit": unit or lead}))
    body = found["body"].strip()
    if _PLAIN.fullmatch(body):
        digits = body
    elif _GROUPED.fullmatch(body) and not (body[0] == "0" and body[1] in ", "):
        digits = body.replace(",", "").replace(" ", "")
    else:
        raise _refuse(Reason("reason.number_ambiguous", shown))
    return Decimal(("-" if found["sign"] == "-" else "") + digits), unit


def _scaled(number: Decimal, scale: int, limit: int, text: str, places: int) -> int:
    """The number times the scale as a whole number within the limit; `places` for the message."""
    value = _WIDE.multiply(number, scale)
    if abs(value) > limit:
        raise _refuse(Reason("reason.number_range", {"text": text[:60]}))
    if value != value.to_integral_value():
        raise _refuse(Reason("reason.number_decimals", {"text": text[:60], "places": places}))
    return int(value)


def exact_number(value: object) -> Decimal:
    """A number as a file of inputs writes it: a JSON number, or its text; a float by its digits.

    ValueError for anything else, and for a power of ten of more than three digits, with which
    exact arithmetic would take for ever.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(value)
    text = half_width(str(value)).strip()
    if not _EXACT.fullmatch(text):
        raise ValueError(value)
    return Decimal(text)


def parse_tonnes(text: str) -> int:
    """Kilograms of a quantity that a person typed, in tonnes where no unit is written.

    Accepts full-width digits, thousands separated by commas or blanks, and the units t, 吨, kg,
    公斤 and the like. Invalid where it is no number, ambiguous ("1.234,5", "12,34"), finer than a
    kilogram, or 10 million tonnes and more. Negative numbers are for the caller to judge.
    """
    number, unit = _number(text, _MASS_UNITS)
    return _scaled(number, _MASS_UNITS[unit or "t"], MAX_KG, text, 3)


def asked_kg(kg: int) -> int:
    """The kilograms of a quantity that somebody asks for; Invalid for zero: where none is known,
    nothing is said (C7.1). Negative ones are for the caller to judge."""
    if kg == 0:
        raise Invalid(Problem("", Reason("reason.quantity_zero", {}, "C7.1")))
    return kg


def parse_money(text: str) -> int:
    """Fen of an amount that a person typed, in yuan where no unit is written; as `parse_tonnes`."""
    number, unit = _number(text, _MONEY_UNITS, _CURRENCY)
    return _scaled(number, _MONEY_UNITS[unit or "元"], MAX_FEN, text, 2)


def parse_whole(text: str) -> int:
    """A whole number that a person typed, without any unit; as `parse_tonnes`."""
    number, _ = _number(text, {})
    return _scaled(number, 1, MAX_WHOLE, text, 0)


def kg_from_cell(value: object, unit: str = "") -> int:
    """Kilograms of a workbook's or CSV file's cell; `unit` is the column's, "" where it has none.

    A float is read by its shortest decimal form, and where that is finer than a kilogram by the 15
    digits that a spreadsheet holds (a cached sum of 0.1 and 0.2 is 0.3). A unit in the cell itself
    counts where the column has none or the same. Invalid otherwise, as `parse_tonnes`.
    """
    if unit and unit.lower() not in _MASS_UNITS:
        raise _refuse(Reason("reason.number_unit_unknown", {"text": str(value)[:60], "unit": unit}))
    if isinstance(value, str):
        number, own = _number(value, _MASS_UNITS)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number, own = _cell_number(value), ""
    elif value is None:
        raise _refuse(Reason("reason.number_missing", {}))
    else:
        raise _refuse(Reason("reason.number_wrong", {"text": str(value)[:60]}))
    if not unit and not own:
        raise _refuse(Reason("reason.number_unit_missing", {"text": str(value)[:60]}))
    scale = _MASS_UNITS[(unit or own).lower()]
    if own and _MASS_UNITS[own] != scale:
        raise _refuse(Reason("reason.number_ambiguous", {"text": str(value)[:60]}))
    if isinstance(value, float) and (number * scale) % 1:
        number = Decimal(f"{value:.15g}")
    return _scaled(number, scale, MAX_KG, str(value), 3)


def _cell_number(value: int | float | Decimal) -> Decimal:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or (isinstance(value, float) and not math.isfinite(value)):
        raise _refuse(Reason("reason.number_wrong", {"text": str(value)}))
    if number and number.adjusted() > 20:
        raise _refuse(Reason("reason.number_range", {"text": str(value)[:60]}))
    return number


def format_tonnes(kg: int, grouping: bool = True) -> str:
    """Kilograms as tonnes with three decimals: "1,204.500"."""
    whole, rest = divmod(abs(kg), 1000)
    sign = "-" if kg < 0 else ""
    return f"{sign}{whole:,}.{rest:03d}" if grouping else f"{sign}{whole}.{rest:03d}"


def format_money(fen: int, grouping: bool = True) -> str:
    """Fen as yuan with two decimals: "800,000.00"."""
    whole, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{rest:02d}" if grouping else f"{sign}{whole}.{rest:02d}"
