"""Rows that are no data: totals, checked against the rows above, repeated headings, notes."""

from __future__ import annotations

import re

from chemsales.exchange.cells import text_of
from chemsales.exchange.columns import Columns
from chemsales.exchange.matching import Finding
from chemsales.exchange.tables import Raw
from chemsales.rules.errors import Invalid, Reason
from chemsales.rules.names import name_key
from chemsales.rules.numbers import format_tonnes, kg_from_cell

_GRAND = re.compile(
    r"(合计|总计|共计|总合计|全部合计|本月合计|累计|total|grandtotal|sum)[:：]?(\(.*\))?"
)
_PART = re.compile(r".*(小计|subtotal)[:：]?(\(.*\))?")
_NOTE = re.compile(
    r"(备注|注|说明|制表|制单|审核|复核|填表|编制|打印|签字|主管|统计|note|remark|prepared|checked|printed)"
)


class Totals:
    """What the rows of data came to so far, and whether a total in the file says the same."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._kg = columns.places["kg"]
        self._head = [name_key(heading) for heading in columns.headings]
        self._sum = self._part = 0  # kilograms since the start, and since the last total
        self._unread = 0  # rows whose tonnes could not be read
        self._unit: str | None = None  # of all the rows so far, "" where they differ
        self._closed = False  # a grand total was seen: what follows are notes

    def add(self, kg: int | None, unit: str) -> None:
        """Count the kilograms of a row of data, None where they could not be read."""
        if kg is None:
            self._unread += 1
        else:
            self._sum += kg
            self._part += kg
        if unit != self._unit:
            self._unit = unit if self._unit is None else ""
        self._closed = False

    def takes(self, cells: list[Raw]) -> tuple[Finding, ...] | None:
        """What a row that is no data gives to say, None where it is a row of data after all."""
        texts = [text_of(cell) for cell in cells]
        first = next((name_key(text) for text in texts if text), "")
        if not first or [name_key(text) for text in texts[: len(self._head)]] == self._head:
            return ()
        keys = [name_key(text) for text in texts if text]
        if any(_GRAND.fullmatch(key) or _PART.fullmatch(key) for key in keys):
            self._closed = bool(_GRAND.fullmatch(first))
            return self._compare(cells[self._kg])
        bare = not texts[self._kg]
        if bare and (self._closed or _NOTE.match(first)):
            return (Finding("", Reason("reason.row_is_note", {"text": first[:30]}), True),)
        return None

    def _compare(self, cell: Raw) -> tuple[Finding, ...]:
        """The row's total against the sum from the start, or since the total before it."""
        unit = self._columns.units.get("kg", "") or self._unit or ""
        sums = (self._sum, self._part)
        self._part = 0
        try:
            stated = kg_from_cell(None if cell == "" else cell, unit)
        except Invalid:
            return (Finding("kg", Reason("reason.total_unreadable"), True),)
        if stated in sums:
            return ()
        if self._unread:
            reason = Reason("reason.total_unchecked", {"rows": self._unread})
            return (Finding("kg", reason, True),)
        params = {"stated": format_tonnes(stated), "sum": format_tonnes(sums[0])}
        return (Finding("kg", Reason("reason.total_differs", params)),)
