"""The columns of a grid: what a cell shows, what it is sorted and filtered by, what is copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from chemsales import pinyin
from chemsales.queries.filtering import Kind
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.numbers import format_money, format_tonnes
from ui.text import when
from ui.theme import Tone

Row = Any
SCALES = {Kind.KG: 1000, Kind.FEN: 100}
FORMATS: dict[Kind, Callable[[int], str]] = {Kind.KG: format_tonnes, Kind.FEN: format_money}
MEASURED = (Kind.NUMBER, Kind.KG, Kind.FEN)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` gives the value of a row, `text` what is shown of it.

    `field` is the column's name, the same in every language: that of the list query's field, and
    that under which width, place and filters are remembered. `kind` says how values compare and
    are summed and copied; of rows in memory it is found out from them where it is left out. `sort`
    gives another key to sort by. `number` aligns right. `tone` paints the cell as a badge,
    `tip` is what its tooltip says in place of the text.
    `summed`: whether a sum of its numbers means something (always of kilograms and fen). `choices`
    are the stored values that can be chosen in the filter, with their words. `widest` is the width
    in digits beyond which a text is shortened with its whole text in the tooltip; `end` is what its
    text ends with that is seen then, too; `stretch` takes what room is left; `hidden` columns are
    shown when the person asks for them.
    """

    title: str
    value: Callable[[Row], object]
    text: Callable[[Row], str] | None = None
    sort: Callable[[Row], object] | None = None
    number: bool = False
    tone: Callable[[Row], Tone | None] | None = None
    tip: Callable[[Row], str] | None = None
    widest: int = 40
    end: Callable[[Row], str] | None = None
    stretch: bool = False
    field: str = ""
    kind: Kind | None = None
    summed: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    hidden: bool = False

    @property
    def right(self) -> bool:
        """Whether the cells stand at the right edge."""
        return self.number or self.kind in MEASURED

    @property
    def sums(self) -> bool:
        """Whether the selection's sum is shown."""
        return self.summed or self.kind in SCALES

    def shown(self, row: Row) -> str:
        """The text of the cell."""
        if self.text is not None:
            return self.text(row)
        value = self.value(row)
        if value is not None and self.kind in FORMATS:
            return FORMATS[self.kind](value)  # type: ignore[index,arg-type]
        return when(value) if isinstance(value, datetime) else plain(value)

    def raw(self, row: Row) -> object:
        """What is copied and exported: a number in the unit of the heading, a day, an instant on
        the company's clock, else the text shown."""
        value = self.value(row)
        if value is None or isinstance(value, bool):
            return self.shown(row)
        if self.kind in SCALES:
            return Decimal(value) / SCALES[self.kind]  # type: ignore[index,arg-type]
        if isinstance(value, datetime):
            return value.astimezone(COMPANY_ZONE).replace(tzinfo=None) if value.tzinfo else value
        if isinstance(value, date):
            return value
        if isinstance(value, int | float | Decimal) and (self.text is None or self.right):
            return value
        return self.shown(row)

    def compared(self, row: Row) -> object:
        """What a filter over rows in memory looks at."""
        value = self.value(row)
        if self.text is not None and not self.right and not isinstance(value, date):
            return self.shown(row)
        return value

    def ordered(self, row: Row) -> object:
        """What rows in memory are sorted by, None where nothing is known; names by pinyin."""
        value = self.sort(row) if self.sort is not None else self.value(row)
        return name_order(value) if isinstance(value, str) and self.sort is None else value

    def sum_text(self, value: int | Decimal) -> str:
        """A sum or an average of the column as it is shown, without its unit."""
        if self.kind in FORMATS:
            return FORMATS[self.kind](round(value))  # type: ignore[index]
        return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


@lru_cache(maxsize=20_000)
def name_order(text: str) -> str:
    """The key by which a text in memory sorts: Chinese by the program's pinyin key."""
    return text.lower() if text.isascii() else pinyin.sort_key(text)


def plain(value: object) -> str:
    """A raw value as text for cells and the clipboard: ISO days, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return str(value)
