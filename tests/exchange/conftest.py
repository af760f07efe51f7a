"""Workbooks and CSV files made for a test, and reading them without a child process."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from chemsales.exchange import describe, worker
from chemsales.exchange.model import CustomerRef, GroupRef, ImportContext, Preview, ProductRef
from chemsales.exchange.reading import open_file
from chemsales.rules.offtake import BatchKind

TODAY = date(2026, 7, 6)
CONTEXT = ImportContext(
    TODAY,
    (
        CustomerRef(1, "KH0001", "恒力石化（大连）有限公司", ("恒力",), "91210200MA0ABCDE0X",
                    "2025-01-10", "accredited", ("PO",)),
        CustomerRef(2, "KH0002", "ABC塑料有限公司", (), "", "2026-06-10", "accredited", ("PO",)),
        CustomerRef(3, "KH0003", "荣盛石化股份有限公司", ("旧荣盛",), "", "2025-01-10", "suspended",
                    ("PO",)),
        CustomerRef(4, "KH0004", "同名贸易", (), "", "2025-01-10", "accredited", ("PO",)),
        CustomerRef(5, "KH0005", "同名贸易", (), "", "2025-01-10", "accredited", ()),
    ),
    (
        ProductRef("PP-T30S", "聚丙烯 T30S", "Polypropylene T30S", "PO"),
        ProductRef("PE-7042", "线型聚乙烯 7042", "LLDPE 7042", "PO", active=False),
        ProductRef("BZ-545", "石油苯 545", "Benzene 545", "BZ"),
    ),
    (GroupRef("PO", "聚烯烃", "Polyolefins"), GroupRef("BZ", "纯苯", "Benzene")),
    frozenset({"2026-04"}),
)  # fmt: skip
HEADINGS = ("提货日期", "客户名称", "产品", "提货量(吨)", "类型", "提货单号", "库位")
DAY = date(2026, 6, 15)
GOOD = (DAY, "恒力石化（大连）有限公司", "PP-T30S", 32.5, "提货", "TH1", "一号库")


def read(path: Path, kind: str = "pickups", context: ImportContext = CONTEXT) -> Preview:
    """The preview of a file, read in this process with the messages of the child."""
    said = (json.loads(json.dumps(m)) for m in worker.messages(
        open_file(path, BatchKind(kind), context)
    ))  # fmt: skip
    return worker.collect(said.__next__, BatchKind(kind), path.name)


def said(preview: Preview, warnings: bool = True) -> list[str]:
    """The problems of a preview: "place code"."""
    return [
        f"{p.place} {p.reason.code.removeprefix('reason.')}"
        for p in preview.problems
        if warnings or not p.warning
    ]


def sentences(preview: Preview) -> str:
    """The problems as a person reads them."""
    return "\n".join(describe(problem) for problem in preview.problems)


def write_book(path: Path, rows: Sequence[Sequence[object]], sheet: str = "数据") -> Path:
    """A workbook by XlsxWriter with these rows from A1 on; days as real date cells."""
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": datetime(2026, 7, 1)})  # the same rows are the same bytes
    add_sheet(book, rows, sheet)
    book.close()
    return path


def add_sheet(
    book: xlsxwriter.Workbook, rows: Sequence[Sequence[object]], name: str
) -> xlsxwriter.worksheet.Worksheet:
    """A sheet with these rows."""
    sheet = book.add_worksheet(name)
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date | datetime):
                sheet.write_datetime(number, place, cell, days)
            elif isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif cell is not None:
                sheet.write_number(number, place, cell)
    return sheet


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """`book(row, row, ...)` writes a workbook whose first row is the headings."""

    def make(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> Path:
        return write_book(tmp_path / "提货.xlsx", [headings, *rows])

    return make


@pytest.fixture
def text(tmp_path: Path) -> Callable[..., Path]:
    """`text(data)` writes a CSV file with these bytes, or this text in UTF-8."""

    def make(data: str | bytes, name: str = "提货.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return make
