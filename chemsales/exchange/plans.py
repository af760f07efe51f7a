"""Rows of a plan file (计划): the confirmed quantity of a customer and product in a month."""

from __future__ import annotations

from chemsales.exchange.cells import month_of_cell
from chemsales.exchange.checks import Checker, GoodRow
from chemsales.exchange.columns import Columns
from chemsales.exchange.matching import Finding, Remembered
from chemsales.exchange.model import CustomerRef, ImportContext, ProductRef
from chemsales.exchange.tables import Raw
from chemsales.rules.errors import Invalid, Param, Reason
from chemsales.rules.offtake import check_plan_row


class PlanChecker(Checker):
    """The plan lines of a file, checked (A.X 23, C10.4)."""

    def __init__(
        self, context: ImportContext, columns: Columns, from_1904: bool, cut: bool
    ) -> None:
        super().__init__(context, columns, from_1904, cut)
        self._month, self._kg = columns.places["month"], columns.places["kg"]
        self._short = columns.places.get("short_kg", -1)
        self._short_unit = columns.units.get("short_kg", "")
        self._months = Remembered(self._read_month)
        self._lines: dict[tuple[int, str, str], int] = {}

    def read(
        self,
        number: int,
        cells: list[Raw],
        customer: CustomerRef | None,
        product: ProductRef | None,
        unit: str,
        findings: list[Finding],
    ) -> GoodRow | None:
        """The plan line in the cells; what is wrong goes into `findings`."""
        kg = self.tonnes("kg", cells[self._kg], unit, findings)
        self.totals.add(kg, unit)
        short: int | None = 0
        if self._short >= 0 and cells[self._short] != "":
            short_unit = self._short_unit or unit
            short = self.tonnes("short_kg", cells[self._short], short_unit, findings)
        month, about_month = self._months[cells[self._month]]
        findings.extend(about_month)
        if customer is None or product is None or kg is None or short is None or not month:
            return None
        context = self.context
        problems = check_plan_row(month, kg, short, context.today, context.closed_months)
        findings.extend(self.rule_findings(problems))
        findings.extend(self.check_group(customer, product))
        line = (customer.id, product.code, month)
        first = self._lines.setdefault(line, number)
        if first != number:
            params: dict[str, Param] = {
                "name": customer.name,
                "product": product.name,
                "month": month,
                "row": first,
            }
            findings.append(Finding("month", Reason("reason.plan_twice", params)))
        return (number, customer.id, product.code, month, kg, short)

    def _read_month(self, cell: Raw) -> tuple[str, tuple[Finding, ...]]:
        try:
            month = month_of_cell(cell, self._from_1904)
        except Invalid as error:
            return "", (Finding("month", error.reasons[0]),)
        return month, tuple(self.other_month("month", month))
