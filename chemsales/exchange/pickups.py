"""Rows of a pick-up file (提货): customer, product, day, tonnes, kind, note number, warehouse."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from chemsales.exchange.cells import day_of, name_of, shown, text_of
from chemsales.exchange.checks import Checker, GoodRow
from chemsales.exchange.columns import Columns
from chemsales.exchange.matching import Finding, Remembered
from chemsales.exchange.model import CustomerRef, ImportContext, ProductRef
from chemsales.exchange.tables import Raw
from chemsales.rules.errors import Invalid, Param, Reason
from chemsales.rules.names import name_key
from chemsales.rules.offtake import PickupKind, check_pickup_row

MAX_KG = 100_000_000
NOTE_LIMIT, WAREHOUSE_LIMIT = 60, 100
_PICKUP, _RETURN = str(PickupKind.PICKUP), str(PickupKind.RETURN)
_KINDS = {
    **dict.fromkeys(
        ("提货", "销售", "出库", "发货", "正常", "pick-up", "pickup", "delivery", "sale"), _PICKUP
    ),
    **dict.fromkeys(
        ("退货", "退回", "退库", "销售退货", "退货入库", "return", "returned", "goodsreturned"),
        _RETURN,
    ),
}


class _Day(NamedTuple):
    """A day cell as read, "" where it is none."""

    iso: str
    month: str
    findings: tuple[Finding, ...]


class _Text(NamedTuple):
    text: str
    findings: tuple[Finding, ...]


class PickupChecker(Checker):
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
        self._days = Remembered(self._read_day)
        self._kinds = Remembered(self._read_kind)
        self._warehouses = Remembered(self._read_warehouse)
        self._fine: set[tuple[str, str, bool, str]] = set()
        self._classes: set[tuple[int, str]] = set()
        self._notes: dict[str, dict[str, int]] = {_PICKUP: {}, _RETURN: {}}

    def read(
        self,
        number: int,
        cells: list[Raw],
        customer: CustomerRef | None,
        product: ProductRef | None,
        unit: str,
        findings: list[Finding],
    ) -> GoodRow | None:
        """The pick-up or return in the cells; what is wrong goes into `findings`."""
        kg = self.tonnes("kg", cells[self._kg], unit, findings)
        if kg is not None and not -MAX_KG <= kg <= MAX_KG:
            findings.append(
                Finding("kg", Reason("reason.number_range", {"text": shown(cells[self._kg])}))
            )
        self.totals.add(kg, unit)
        when = self._days[cells[self._day]]
        kind = self._kinds[cells[self._kind], cells[self._remark]]
        warehouse = self._warehouses[cells[self._warehouse]]
        findings += when.findings + kind.findings + warehouse.findings
        note = self._read_note(number, cells[self._note], kind.text, findings)
        if customer is None or product is None or kg is None or not when.iso or not kind.text:
            return None
        self._check(customer, product, when, kg, kind.text, findings)
        month = when.month
        if kind.text == _RETURN and self._original >= 0:
            month = self._month_of_return(cells[self._original], customer, when, findings)
        return (
            number, customer.id, product.code, when.iso, month, kg, kind.text, note, warehouse.text
        )  # fmt: skip

    def _check(
        self,
        customer: CustomerRef,
        product: ProductRef,
        when: _Day,
        kg: int,
        kind: str,
        findings: list[Finding],
    ) -> None:
        """The rules of a row; asked once for all rows that differ in nothing they look at."""
        since = customer.accredited_on
        key = (when.iso, since, kg > 0, kind)
        if key not in self._fine or not kg:
            problems = check_pickup_row(
                date.fromisoformat(when.iso),
                kg,
                PickupKind(kind),
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
        try:
            iso = day_of(cell, self._from_1904).isoformat()
        except Invalid as error:
            return _Day("", "", (Finding("day", error.reasons[0]),))
        return _Day(iso, iso[:7], tuple(self.other_month("day", iso[:7])))

    def _month_of_return(
        self, cell: Raw, customer: CustomerRef, when: _Day, findings: list[Finding]
    ) -> str:
        """The month that a return reduces: the pick-up's while open, else its own (A.X 3).

        The pick-up lies between the customer's accreditation and the return; that it does not lie
        before all that is held, the database says (queries.offtake.database_problems).
        """
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
        elif original < customer.accredited_on:
            params = {"day": original, "accredited": customer.accredited_on}
            reason = Reason("reason.before_accreditation", params, "C7.2")
            findings.append(Finding("original_day", reason))
        return when.month if original[:7] in self.context.closed_months else original[:7]

    def _read_kind(self, cells: tuple[Raw, Raw]) -> _Text:
        """The kind that the cells (kind, remark) state; a remark may only mark a return."""
        cell, remark = cells
        word, said = name_key(text_of(cell)), name_key(text_of(remark))
        if word:
            reason = Reason("reason.kind_unknown", {"text": shown(cell)})
            return (
                _Text(_KINDS[word], ()) if word in _KINDS else _Text("", (Finding("kind", reason),))
            )
        marked = said.startswith("退货") or said in ("return", "goodsreturned")
        return _Text(_RETURN if marked else _PICKUP, ())

    def _read_warehouse(self, cell: Raw) -> _Text:
        try:
            return _Text(name_of(cell, WAREHOUSE_LIMIT), ())
        except Invalid as error:
            return _Text("", (Finding("warehouse", error.reasons[0]),))

    def _read_note(self, number: int, cell: Raw, kind: str, findings: list[Finding]) -> str:
        """The note number, which stands once in a file for a kind."""
        if cell == "":
            return ""
        note = cell
        if (
            type(note) is not str
            or not (note.isascii() and note.isalnum())
            or len(note) > NOTE_LIMIT
        ):
            try:
                note = name_of(cell, NOTE_LIMIT)
            except Invalid as error:
                findings.append(Finding("note_no", error.reasons[0]))
                return ""
        if note and kind:
            first = self._notes[kind].setdefault(note, number)
            if first != number:
                params: dict[str, Param] = {"note": note, "row": first}
                findings.append(Finding("note_no", Reason("reason.note_twice", params)))
        return note
