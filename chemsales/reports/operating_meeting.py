"""The summary for the operating meeting (公司经营例会, C16.2): evaluations of all customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from chemsales import words
from chemsales.reports import values
from chemsales.reports.content import Footer, Group, Opinion
from chemsales.reports.forms import head_row, signature_row, title_block, under_title
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Cell, Grid, Row
from chemsales.reports.paper import Beside, Block, Document, Format, Gap, Progress
from chemsales.reports.style import MM, Align, TextStyle, para
from chemsales.rules.approval import StageName
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Grade
from chemsales.rules.periods import Period, PeriodKind
from chemsales.rules.tiers import Level
from chemsales.words import _, label, say_all


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One customer in one product group; kilograms, values 0-100, None = no data."""

    customer_code: str
    customer_name: str
    group: Group
    customer_class: CustomerClass
    take_kg: int
    plan_kg: int
    grade: Grade
    score: Decimal | None = None
    completion: Decimal | None = None
    evenness: Decimal | None = None
    cooperation: Decimal | None = None
    level: Level | None = None
    suggested_level: Level | None = None


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A customer who should have a row and has none, and why (C16.1)."""

    customer_code: str
    customer_name: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """One month of the period; `kg` per product group in the order of `Meeting.groups`."""

    month: str
    closed: bool
    kg: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """The whole report; `period` is "2026Q3", "2026H2" or "2026"."""

    company: str
    period: str
    groups: tuple[Group, ...]
    months: tuple[MonthTotal, ...]
    rows: tuple[MeetingRow, ...]
    missing: tuple[MissingRow, ...] = ()
    revision: int = 1
    opinions: tuple[Opinion, ...] = ()
    footer: Footer = field(default_factory=Footer)


Column = tuple[float, Align]  # share of the width, alignment

TEXT: dict[Align, TextStyle] = {
    "left": TextStyle(8, spacing=1.3, whole=True),
    "centre": TextStyle(8, align="centre", spacing=1.3, whole=True),
    "right": TextStyle(8, align="right", spacing=1.3, whole=True),
}
HEADING = TextStyle(10.5, bold=True, spacing=1.8)
LEAST = 5.4 * MM
DETAILS: tuple[Column, ...] = (
    (11, "centre"), (17, "left"), (63, "left"), (21, "left"), (20, "left"), (21, "left"),
    (22, "right"), (22, "right"), (19, "right"), (17, "right"), (20, "right"), (14, "right"),
    (17, "centre"), (23, "left"),
)  # fmt: skip
MISSING: tuple[Column, ...] = ((10, "centre"), (22, "left"), (90, "left"), (140, "left"))


def render(meeting: Meeting, language: str = "zh_CN", progress: Progress | None = None) -> bytes:
    """The report as PDF, lying; the same report gives the same bytes. DataError: missing glyph."""
    check_glyphs(meeting)
    with words.language(language):
        title = _("Report on the evaluation of customers")
        document = Document(title, meeting.company, Format(landscape=True), progress)
        period = words.period(meeting.period)
        running = f"{title}  {period}"
        first = _summary(meeting, title)
        document.flow(first, meeting.footer, bookmark=_("Summary"), running=running)
        if meeting.rows:
            heading = _("Evaluations of the period")
            blocks: list[Block] = [
                _heading(heading),
                Grid(_details(meeting.rows), header=1, border=0.5),
            ]
            document.flow(blocks, meeting.footer, bookmark=heading, running=running)
        return document.render()


def _summary(meeting: Meeting, title: str) -> list[Block]:
    period = words.period(meeting.period)
    if meeting.revision > 1:
        period += _(" (revision {number})", number=meeting.revision)
    forum = {
        PeriodKind.QUARTER: _("For the operating meeting"),
        PeriodKind.YEAR: _("For the general manager's meeting"),
        PeriodKind.HALF_YEAR: _("For the files"),
    }[Period.parse(meeting.period).kind]
    count = _("Evaluations: {number}", number=len(meeting.rows))
    blocks: list[Block] = [
        *title_block(meeting.company, title),
        under_title(forum, period, count),
        Gap(1 * MM),
        _heading(_("Months and tonnes by product group")),
        Grid(_months(meeting), header=1),
        _heading(_("Grades by product group")),
        Grid(_grades(meeting), header=1),
        Gap(4 * MM),
        Grid([_signatures(meeting)]),
    ]
    if meeting.missing:
        heading = _("Customers without an evaluation: {number}", number=len(meeting.missing))
        blocks += [_heading(heading), Grid(_missing(meeting.missing), header=1, border=0.5)]
    return blocks


def _heading(text: str) -> Beside:
    return Beside(((para(text, HEADING), 1),), leads=True)


def _head(texts: Sequence[str], columns: Sequence[Column]) -> Row:
    shares = (share for share, _align in columns)
    return head_row(*zip(texts, shares, strict=True), size=8)


def _row(texts: Sequence[str], columns: Sequence[Column]) -> Row:
    return Row(
        [
            Cell(para(text, TEXT[align]), share)
            for text, (share, align) in zip(texts, columns, strict=True)
        ],
        LEAST,
    )


def _months(meeting: Meeting) -> list[Row]:
    """A row per month, and their sum: tonnes of each group."""
    names = [values.group_name(group) for group in meeting.groups]
    numbers: list[Column] = [(1, "right")] * (len(names) + 1)
    columns: list[Column] = [(1, "centre"), (1, "centre"), *numbers]
    rows = [_head([_("Month"), _("State"), *names, _("Total (t)")], columns)]
    for month in meeting.months:
        state = _("closed") if month.closed else _("not closed")
        rows.append(_row([values.month(month.month), state, *_with_total(month.kg)], columns))
    sums = [sum(column) for column in zip(*(month.kg for month in meeting.months), strict=True)]
    if len(meeting.months) > 1:
        rows.append(_row([_("Total"), "", *_with_total(sums)], columns))
    return rows


def _with_total(kilograms: Sequence[int]) -> list[str]:
    return [values.tonnes(kg) for kg in (*kilograms, sum(kilograms))]


def _grades(meeting: Meeting) -> list[Row]:
    """How many evaluations of each group have which grade."""
    counts = Counter((row.group.code, row.grade) for row in meeting.rows)
    heads = [_("Product group"), *map(label, Grade), _("Total")]
    columns: list[Column] = [(1, "centre")] * len(heads)
    lines = [
        (values.group_name(group), [counts[group.code, grade] for grade in Grade])
        for group in meeting.groups
    ]
    if len(lines) > 1:
        sums = [sum(column) for column in zip(*(numbers for _name, numbers in lines), strict=True)]
        lines.append((_("Total"), sums))
    return [
        _head(heads, columns),
        *(_row([name, *map(str, (*numbers, sum(numbers)))], columns) for name, numbers in lines),
    ]


def _missing(missing: Sequence[MissingRow]) -> list[Row]:
    heads = (_("No."), words.field("customer_code"), words.field("customer_name"), _("Reason"))
    rows = [_head(heads, MISSING)]
    for number, one in enumerate(missing, 1):
        texts = (str(number), one.customer_code, one.customer_name, say_all(one.reasons, " "))
        rows.append(_row(texts, MISSING))
    return rows


def _signatures(meeting: Meeting) -> Row:
    return signature_row(
        meeting.opinions,
        (
            (StageName.APPLICANT, _("Prepared by")),
            (StageName.SALES, _("Sales department")),
            (StageName.FINANCE, _("Finance, countersigned")),
            (StageName.GENERAL_MANAGER, _("Manager")),
        ),
    )


def _details(rows: Sequence[MeetingRow]) -> list[Row]:
    """The long table: a row per customer and product group."""
    heads = (
        _("No."),
        words.field("customer_code"),
        words.field("customer_name"),
        _("Product group"),
        _("Class"),
        _("Level"),
        _("Take (t)"),
        _("Plan (t)"),
        _("Completion %"),
        _("Evenness %"),
        _("Cooperation"),
        _("Score"),
        _("Grade"),
        _("Suggested level"),
    )
    return [
        _head(heads, DETAILS),
        *(_row(_detail(number, row), DETAILS) for number, row in enumerate(rows, 1)),
    ]


def _detail(number: int, row: MeetingRow) -> tuple[str, ...]:
    return (
        str(number),
        row.customer_code,
        row.customer_name,
        values.group_name(row.group),
        label(row.customer_class),
        label(row.level) if row.level else values.NONE,
        values.tonnes(row.take_kg),
        values.tonnes(row.plan_kg),
        values.decimal(row.completion),
        values.decimal(row.evenness),
        values.decimal(row.cooperation),
        values.decimal(row.score),
        label(row.grade),
        label(row.suggested_level) if row.suggested_level else values.NONE,
    )
