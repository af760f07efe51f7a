"""Rows checked one by one: what pick-up and plan files share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from chemsales.exchange.cells import missing, shown, text_of
from chemsales.exchange.columns import UNITS, Columns
from chemsales.exchange.matching import Customers, Finding, Products, Remembered
from chemsales.exchange.model import CustomerRef, ImportContext, ProductRef
from chemsales.exchange.tables import Raw
from chemsales.exchange.totals import Totals
from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.names import name_key
from chemsales.rules.numbers import kg_from_cell

GoodRow = tuple[object, ...]  # the fields of a PickupRow or PlanRow

_FAST = 1e6  # tonnes and kilograms below it are read without the detour over decimal text


class Checker(ABC):
    """Takes one row after the other and keeps what is wrong.

    `findings` are (row, finding); `bad` are the rows that cannot be imported, with their cells as
    they were. Answers are remembered by cell: a month has few days, a department few customers.
    """

    def __init__(
        self, context: ImportContext, columns: Columns, from_1904: bool, cut: bool
    ) -> None:
        """`cut`: the cells were cut at separators; one beyond the headings is one too many."""
        self.context = context
        self.columns = columns
        self.findings: list[tuple[int, Finding]] = []
        self.bad: list[tuple[int, list[Raw]]] = []
        self._from_1904, self._cut = from_1904, cut
        self._width = len(columns.headings)
        self._customers = Customers(context.customers).found
        self._products = Products(context.products).found
        self.totals = Totals(columns)
        self._warned: set[tuple[str, str, str]] = set()
        self._units = Remembered(self._read_unit)
        place = columns.places.get
        self._name, self._code = place("customer_name", -1), place("customer_code", -1)
        self._uscc = place("uscc", -1)
        self._product, self._product_code = place("product_name", -1), place("product_code", -1)
        self._unit, self._kg_unit = place("unit", -1), columns.units.get("kg", "")

    def row(self, number: int, cells: list[Raw]) -> GoodRow | None:
        """The good row in these cells, None where there is none; the list is changed."""
        width = self._width
        if len(cells) != width:
            if self._cut and any(cell != "" for cell in cells[width:]):
                self._report(number, (Finding("", Reason("reason.row_too_long")),), cells)
                return None
            del cells[width:]
            cells.extend([""] * (width - len(cells)))
        cells.append("")  # stands for the fields that are not there
        customer, about_customer = self._customers[
            cells[self._name], cells[self._code], cells[self._uscc]
        ]
        product, about_product = self._products[cells[self._product], cells[self._product_code]]
        if customer is None or product is None:
            no_data = self.totals.takes(cells)
            if no_data is not None:
                self._report(number, no_data, cells)
                return None
        findings = [*about_customer, *about_product]
        unit = self._kg_unit
        if self._unit >= 0:
            unit, about_unit = self._units[cells[self._unit]]
            findings += about_unit
        good = self.read(number, cells, customer, product, unit, findings)
        if findings and self._report(number, findings, cells):
            return None
        return good

    def fallen(self) -> list[tuple[int, Finding]]:
        """Good rows that fall with another: none, each stands by itself here."""
        return []

    @abstractmethod
    def read(
        self,
        number: int,
        cells: list[Raw],
        customer: CustomerRef | None,
        product: ProductRef | None,
        unit: str,
        findings: list[Finding],
    ) -> GoodRow | None:
        """The row of this kind in the cells; what is wrong goes into `findings`."""

    def tonnes(self, field: str, value: Raw, unit: str, findings: list[Finding]) -> int | None:
        """Kilograms of a cell in the row's unit; None, with a finding, where it has none."""
        if type(value) is float and -_FAST < value < _FAST:
            if unit == "t":
                kg = round(value * 1000)
                if kg / 1000 == value:  # its shortest decimal form has at most three places
                    return kg
            elif unit == "kg" and value.is_integer():
                return int(value)
        try:
            return kg_from_cell(None if value == "" else value, unit)
        except Invalid as error:
            reason = missing() if value == "" else error.reasons[0]
            findings.append(Finding(field, reason))
            return None

    def rule_findings(self, problems: Sequence[Problem]) -> list[Finding]:
        """What the rules say of a row, by field."""
        return [Finding(p.place, p.reason, p.warning) for p in problems]

    def other_month(self, field: str, month: str) -> list[Finding]:
        """A finding where a single month is expected and this is another."""
        wanted = self.context.month
        if not wanted or month == wanted:
            return []
        params = {"month": month, "expected": wanted}
        return [Finding(field, Reason("reason.month_not_expected", params))]

    def _read_unit(self, cell: Raw) -> tuple[str, tuple[Finding, ...]]:
        """The unit of a row, and what is wrong with its cell."""
        text = text_of(cell)
        if not text:
            return self._kg_unit, ()
        unit = UNITS.get(name_key(text))
        if unit is None:
            return "", (Finding("unit", Reason("reason.unit_unknown", {"text": shown(text)})),)
        if self._kg_unit and unit != self._kg_unit:
            params = {"text": shown(text), "column": self.columns.heading("kg")}
            return "", (Finding("unit", Reason("reason.unit_contradiction", params)),)
        return unit, ()

    def _report(self, number: int, findings: Sequence[Finding], cells: list[Raw]) -> bool:
        """Keep the findings of a row (a warning once for all rows); whether the row is bad."""
        bad = False
        for finding in findings:
            if finding.warning:
                reason = finding.reason
                key = (finding.field, reason.code, str(reason.params))
                if key in self._warned:
                    continue
                self._warned.add(key)
            else:
                bad = True
            self.findings.append((number, finding))
        if bad:
            self.bad.append((number, cells[: self._width]))
        return bad

    def check_group(self, customer: CustomerRef, product: ProductRef) -> list[Finding]:
        """A warning where the customer has no class in the product's group (C3.1)."""
        if not product.group or product.group in customer.groups:
            return []
        params = {"name": customer.name, "product": product.name}
        return [Finding("product_name", Reason("reason.no_class_in_group", params, "C3.1"), True)]
