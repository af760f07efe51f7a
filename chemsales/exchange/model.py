"""What an import is made of: what the reader has to know, the rows it finds, the preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple, cast

from chemsales.rules.customer import CustomerStatus, Draft
from chemsales.rules.errors import ChemsalesError, Problem, Reason
from chemsales.rules.offtake import BatchKind


class Cancelled(ChemsalesError):
    """The person stopped the work; nothing was written."""

    def __init__(self) -> None:
        super().__init__(Reason("reason.cancelled"))


class PickupRow(NamedTuple):
    """A good row of a pick-up file: its number there, then the columns of the table; kilograms."""

    row: int
    customer_id: int
    product_code: str
    day: str
    month: str
    kg: int
    kind: str
    note_no: str
    warehouse: str


class PlanRow(NamedTuple):
    """A good row of a plan file: its number there, then the columns of the table; kilograms."""

    row: int
    customer_id: int
    product_code: str
    month: str
    kg: int
    short_kg: int


class DraftRow(NamedTuple):
    """One customer of a customer file: the first of its rows, the application that they make, and
    the `others` of its rows."""

    row: int
    draft: Draft
    others: tuple[int, ...] = ()


Row = PickupRow | PlanRow | DraftRow
Cell = str | int | float | bool | None


class BadRow(NamedTuple):
    """A row that cannot be imported, with its cells as they were."""

    row: int
    cells: tuple[Cell, ...]


class CustomerRef(NamedTuple):
    """A customer as a file may name it; `groups` are the product groups it has a class in."""

    id: int
    code: str
    name: str
    other_names: tuple[str, ...] = ()
    uscc: str = ""
    accredited_on: str = ""
    status: str = CustomerStatus.ACCREDITED
    groups: tuple[str, ...] = ()


class ProductRef(NamedTuple):
    """A product as a file may name it."""

    code: str
    name: str
    name_en: str = ""
    group: str = ""
    active: bool = True


class GroupRef(NamedTuple):
    """A product group as a customer file may name it."""

    code: str
    name: str
    name_en: str = ""
    polyolefin: bool = False
    hazardous: bool = False


def nothing_known(_: Preview) -> tuple[Problem, ...]:
    """No database to ask: what a bare context knows."""
    return ()


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What the reader has to know of the database; see queries.offtake.import_context.

    `today` is the business date, `month` the only month that is expected ("" for any), `state` a
    number that changes with every import, undoing, closing and reopening, and `database_problems`
    finds in a finished preview what only the database can tell: the same file imported before, note
    numbers and plan lines that stand already.
    """

    today: date
    customers: tuple[CustomerRef, ...] = ()
    products: tuple[ProductRef, ...] = ()
    groups: tuple[GroupRef, ...] = ()
    closed_months: frozenset[str] = frozenset()
    month: str = ""
    state: int = -1
    database_problems: Callable[[Preview], Sequence[Problem]] = field(default=nothing_known)


@dataclass(frozen=True)
class Preview:
    """A file that was read and checked; nothing is written yet.

    The place of a problem is "row:column" (the row's number in the file, the heading of the
    column), or "" for one of the whole file. `fields` says which heading was taken for which field;
    `encoding` and `separator` are "" for a workbook, `sheet` for a CSV file. `state` is that of the
    database that the file was checked against (see ImportContext), -1 for none.
    """

    kind: BatchKind
    file_name: str
    sha256: str
    sheet: str
    encoding: str
    separator: str
    header_row: int
    headings: tuple[str, ...]
    fields: Mapping[str, str]
    good: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    problems: tuple[Problem, ...]
    state: int = -1

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The months that the good rows fall in."""
        return tuple(sorted({row.month for row in self._dated}))

    @cached_property
    def total_kg(self) -> int:
        """The kilograms of the good rows."""
        return sum(row.kg for row in self._dated)

    @property
    def _dated(self) -> tuple[PickupRow | PlanRow, ...]:
        drafts = self.kind is BatchKind.CUSTOMERS
        return () if drafts else cast("tuple[PickupRow | PlanRow, ...]", self.good)

    @property
    def row_count(self) -> int:
        """How many rows of data the file has, good and bad."""
        return len(self.good) + len(self.bad)

    @property
    def ignored_headings(self) -> tuple[str, ...]:
        """The columns that mean nothing here."""
        taken = set(self.fields.values())
        return tuple(heading for heading in self.headings if heading and heading not in taken)

    @cached_property
    def file_reasons(self) -> tuple[Reason, ...]:
        """Why nothing of the file can be imported: imported before, no good row."""
        found = tuple(p.reason for p in self.problems if not p.place and not p.warning)
        if not found and not self.good:
            return (Reason("reason.import_no_good_row", {"file": self.file_name}),)
        return found

    def problems_of(self, row: int) -> tuple[Problem, ...]:
        """The problems of one row, by its number in the file."""
        return self._by_row.get(row, ())

    @cached_property
    def _by_row(self) -> dict[int, tuple[Problem, ...]]:
        found: dict[int, list[Problem]] = {}
        for problem in self.problems:
            row = problem.place.partition(":")[0]
            if row:
                found.setdefault(int(row), []).append(problem)
        return {row: tuple(problems) for row, problems in found.items()}
