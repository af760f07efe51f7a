"""A summary report of 200 pages, against the same rows laid out with plain ReportLab.

`python -m tests.bench report`. The floor is one LongTable of the same texts in the same columns,
with a grid, an embedded font and a page number, and nothing else. Each side is a process of its
own; its processor time counts, imports of ReportLab included.
"""

from __future__ import annotations

import tempfile
import time
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median

from chemsales.config import resource
from chemsales.reports import operating_meeting
from chemsales.reports.content import Footer, Group
from chemsales.reports.operating_meeting import Meeting, MeetingRow, MonthTotal
from chemsales.reports.paper import Format
from chemsales.rules.classification import CustomerClass
from chemsales.rules.evaluation import Grade
from chemsales.rules.tiers import Level
from tests.bench import Figure, child_main, in_child, in_turns

ROWS = 6_400
PAGES = 200
ROUNDS = 5
GROUPS = (Group("PO", "聚烯烃"), Group("BZ", "纯苯"), Group("EG", "乙二醇"))


def run() -> list[Figure]:
    """Processor time of both sides."""
    with tempfile.TemporaryDirectory(prefix="chemsales-bench-") as folder:
        child = partial(in_child, __name__)
        here = Path(folder)
        least, done = in_turns(
            ROUNDS,
            lambda: child("plain", here, home=here),
            lambda: child("report", here, home=here),
            warm=1,
        )
    assert all(each["pages"] >= PAGES for each in least + done)
    seconds, floor = (median(each["seconds"] for each in side) for side in (done, least))
    return [Figure("summary report, 200 pages", seconds, floor, 2)]


def rows() -> tuple[MeetingRow, ...]:
    """Rows as varied as real ones, always the same."""
    grades, levels, classes = tuple(Grade), tuple(Level), tuple(CustomerClass)
    return tuple(
        MeetingRow(
            f"K{number:05d}",
            f"宁波华塑新材料贸易第{number}有限公司",
            GROUPS[number % 3],
            classes[number % 3],
            number * 7_919 % 9_000_000,
            number * 104_729 % 9_000_000,
            grades[number % 5],
            Decimal(number * 31 % 10_000) / 100,
            Decimal(number * 17 % 10_000) / 100,
            Decimal(number * 13 % 10_000) / 100,
            Decimal(number * 11 % 10_000) / 100,
            levels[number % 5],
            levels[number % 4],
        )
        for number in range(ROWS)
    )


def report(meeting: Meeting) -> bytes:
    """Ours: checked for glyphs, in words, with footers, contents and a summary."""
    return operating_meeting.render(meeting)


def plain(texts: list[tuple[str, ...]]) -> bytes:
    """The floor: one LongTable of these strings with a grid and a page number."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, SimpleDocTemplate, TableStyle

    file = resource("fonts", "NotoSansSC_400Regular.ttf")
    pdfmetrics.registerFont(TTFont("Plain", str(file)))
    shares = [share for share, _align in operating_meeting.DETAILS]
    unit = Format(landscape=True).width / sum(shares)
    table = LongTable(
        [["-"] * len(shares), *texts],
        colWidths=[share * unit for share in shares],
        rowHeights=operating_meeting.LEAST,
        repeatRows=1,
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), "Plain", 8),
                ("GRID", (0, 0), (-1, -1), 0.5, "black"),
                ("ALIGN", (6, 0), (11, -1), "RIGHT"),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        ),
    )
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=landscape(A4), topMargin=43, bottomMargin=57, initialFontName="Plain"
    )
    document.build([table], onLaterPages=_number)
    return out.getvalue()


def _number(canvas: object, document: object) -> None:
    canvas.setFont("Plain", 7)  # type: ignore[attr-defined]
    canvas.drawString(40, 30, f"{document.page}")  # type: ignore[attr-defined]


def measured(make: str, _folder: Path) -> dict[str, float]:
    """Make the report or the plain table; its processor time and pages."""
    import pypdfium2

    found = rows()
    months = tuple(MonthTotal(f"2026-0{n}", True, (1, 2, 3)) for n in (7, 8, 9))
    footer = Footer("0" * 64, 1, 1, "C16.1 C16.2")
    meeting = Meeting("石油销售公司", "2026Q3", GROUPS, months, found, footer=footer)
    texts = [operating_meeting._detail(number, row) for number, row in enumerate(found, 1)]
    start = time.process_time()
    made = plain(texts) if make == "plain" else report(meeting)
    seconds = time.process_time() - start
    return {"seconds": seconds, "pages": len(pypdfium2.PdfDocument(made))}


if __name__ == "__main__":
    child_main({name: partial(measured, name) for name in ("plain", "report")})
