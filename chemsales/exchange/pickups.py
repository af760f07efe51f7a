"""Rows of a pick-up file (提货): customer, product, day, tonnes, kind, note number, warehouse."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from chemsales.exchange.cells import day_of, name_of, shown, text_of
from chemsales.exchange.checks import Checker
from chemsales.exchange.columns import Columns
from chemsales.exchange.matching import Finding
from chemsales.exchange.model import CustomerRef, ImportContext, PickupRow, ProductRef
from chemsales.exchange.tables import Raw
from chemsales.rules.errors import Invalid, Param, Reason
from chemsales.rules.names import name_key
from chemsales.rules.offtake import PickupKind, check_pickup_row

MAX_KG = 100_000_000
NOTE_LIMIT, WAREHOUSE_LIMIT = 60, 100
_KINDS = {
    **dict.fromkeys(
        ("提货", "销售", "出库", "发货", "正常", "pick-up", "pickup", "delivery", "sale"),
        PickupKind.PICKUP,
    ),
    **dict.fromkeys(
        ("退货", "退回", "退库", "销售退货", "退货入库", "return", "returned", "goodsreturned"),
        PickupKind.RETURN,
    ),
}


class _Day(NamedTuple):
    """A day cell as read; `day` None where it is none."""

    day: date | None
    iso: str
    month: str
    findings: tuple[Finding, ...]


class _Text(NamedTuple):
    text: str
    findings: tuple[Finding, ...]


class PickupChecker(Checker[PickupRow]):
    """The pick-ups and returns of a file, checked (A.X 3, C7.2)."""

    def __init__(
        self, context: ImportContext, columns: Columns, from_1904: bool, cut: bool
    ) -> None:
        super().__init__(context, columns, from_1904, cut)
        place = columns.places.get
        self._day, self._kg = columns.places["day"], columns.places["kg"]
        self._kind, self._remark = place("kind", -1), place("remark", -1)
        self._note, self._warehouse = place("note_no", -1), place("warehouse", -1)
        self._original = place("original_day", -1)
        self._days: dict[Raw, _Day] = {}
        self._kinds: dict[tuple[Raw, Raw], tuple[PickupKind | None, tuple[Finding, ...]]] = {}
        self._warehouses: dict[Raw, _Text] = {}
        self._fine: set[tuple[str, str, bool, PickupKind]] = set()
        self._classes: set[tuple[int, str]] = set()
        self._notes: dict[tuple[PickupKind, str], int] = {}

    def read(
        self,
        number: int,
        cells: list[Raw],
        customer: CustomerRef | None,
        product: ProductRef | None,
        unit: str,
        findings: list[Finding],
    ) -> PickupRow | None:
        """The pick-up or return in the cells; what is wrong goes into `findings`."""
        kg = self.tonnes("kg", cells[self._kg], unit, findings)
        if kg is not None and not -MAX_KG <= kg <= MAX_KG:
            findings.append(
                Finding("kg", Reason("reason.number_range", {"text": shown(cells[self._kg])}))
            )
        self.add(kg, unit)
        when = self._read_day(cells[self._day])
        findings.extend(when.findings)
        kind, about_kind = self._read_kind(cells[self._kind], cells[self._remark])
        findings.extend(about_kind)
        warehouse = self._read_warehouse(cells[self._warehouse])
        findings.extend(warehouse.findings)
        note = self._read_note(number, cells[self._note], kind, findings)
        if customer is None or product is None or kg is None or when.day is None or kind is None:
            return None
        self._check(customer, product, when, kg, kind, findings)
        month = when.month
        if kind is PickupKind.RETURN and self._original >= 0:
            month = self._month_of_return(cells[self._original], when, findings)
        return PickupRow(
            number, customer.id, product.code, when.iso, month, kg, kind, note, warehouse.text
        )

    def _check(
        self,
        customer: CustomerRef,
        product: ProductRef,
        when: _Day,
        kg: int,
        kind: PickupKind,
        findings: list[Finding],
    ) -> None:
        """The rules of a row; asked once for all rows that differ in nothing they look at."""
        key = (when.iso, customer.accredited_on, kg > 0, kind)
        if key not in self._fine or not kg:
            assert when.day is not None
            since = customer.accredited_on
            problems = check_pickup_row(
                when.day,
                kg,
                kind,
                self.context.today,
                self.context.closed_months,
                date.fromisoformat(since) if since else None,
            )
            if problems:
                findings.extend(self.rule_findings(problems))
            else:
                self._fine.add(key)
        pair = (customer.id, product.code)
        if pair not in self._classes:
            self._classes.add(pair)
            findings.extend(self.check_group(customer, product))

    def _read_day(self, cell: Raw) -> _Day:
        found = self._days.get(cell)
        if found is None:
            try:
                day = day_of(cell, self._from_1904)
            except Invalid as error:
                found = _Day(None, "", "", (Finding("day", error.reasons[0]),))
            else:
                iso = day.isoformat()
                found = _Day(day, iso, iso[:7], tuple(self.other_month("day", iso[:7])))
            self._days[cell] = found
        return found

    def _month_of_return(self, cell: Raw, when: _Day, findings: list[Finding]) -> str:
        """The month that a return reduces: the pick-up's while open, else its own (A.X 3)."""
        if cell == "":
            return when.month
        try:
            original = day_of(cell, self._from_1904).isoformat()
        except Invalid as error:
            findings.append(Finding("original_day", error.reasons[0]))
            return when.month
        if original > when.iso:
            params = {"day": original, "returned": when.iso}
            findings.append(Finding("original_day", Reason("reason.return_before_pickup", params)))
        return when.month if original[:7] in self.context.closed_months else original[:7]

    def _read_kind(self, cell: Raw, remark: Raw) -> tuple[PickupKind | None, tuple[Finding, ...]]:
        found = self._kinds.get((cell, remark))
        if found is None:
            word, said = name_key(text_of(cell)), name_key(text_of(remark))
            kind = _KINDS.get(word) if word else None
            if kind is None and word:
                reason = Reason("reason.kind_unknown", {"text": shown(cell)})
                found = (None, (Finding("kind", reason),))
            else:
                marked = said.startswith("退货") or said in ("return", "goodsreturned")
                found = (kind or (PickupKind.RETURN if marked else PickupKind.PICKUP), ())
            self._kinds[cell, remark] = found
        return found

    def _read_warehouse(self, cell: Raw) -> _Text:
        found = self._warehouses.get(cell)
        if found is None:
            try:
                found = _Text(name_of(cell, WAREHOUSE_LIMIT), ())
            except Invalid as error:
                found = _Text("", (Finding("warehouse", error.reasons[0]),))
            self._warehouses[cell] = found
        return found

    def _read_note(
        self, number: int, cell: Raw, kind: PickupKind | None, findings: list[Finding]
    ) -> str:
        """The note number, which stands once in a file for a kind."""
        if cell == "":
            return ""
        try:
            note = cell if type(cell) is str and cell.isascii() and cell.isalnum() else ""
            note = note if 0 < len(note) <= NOTE_LIMIT else name_of(cell, NOTE_LIMIT)
        except Invalid as error:
            findings.append(Finding("note_no", error.reasons[0]))
            return ""
        if note and kind is not None:
            first = self._notes.setdefault((kind, note), number)
            if first != number:
                params: dict[str, Param] = {"note": note, "row": first}
                findings.append(Finding("note_no", Reason("reason.note_twice", params)))
        return note
