"""The evaluation sheet of a customer for a period (客户评审表, F6, C16.1): one A4 page each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chemsales import words
from chemsales.reports import values
from chemsales.reports.evaluation_data import GroupPart as GroupPart
from chemsales.reports.evaluation_data import IndicatorLine as IndicatorLine
from chemsales.reports.evaluation_data import MonthLine as MonthLine
from chemsales.reports.evaluation_data import Sheet as Sheet
from chemsales.reports.figures import ChartBlock, MonthsChart, Series
from chemsales.reports.forms import (
    LABEL,
    head_row,
    pair_row,
    signature_row,
    title_block,
    value_row,
)
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Cell, Grid, Row
from chemsales.reports.paper import Block, Document, Format, Gap, Progress, Shrunk
from chemsales.reports.style import MM, Para, TextStyle, para
from chemsales.rules.approval import StageName
from chemsales.rules.errors import Reason
from chemsales.rules.periods import Period, PeriodKind
from chemsales.words import _, label, say

BAND = 6  # months side by side
MOST_SERIES = 4  # product groups told apart in the chart


@dataclass(frozen=True, slots=True)
class _Detail:
    """How much is shown: lines of an explanation, the chart's height, rows without data."""

    lines: int
    chart: float
    bare: bool


_FULL, _SHORT, _SHORTER, _LEAST = (
    _Detail(0, 150, True),
    _Detail(3, 120, True),
    _Detail(2, 105, False),
    _Detail(1, 90, False),
)
# tried in turn until one fits on the page: less detail, and each detail smaller and smaller
_ATTEMPTS = (
    (_Detail(0, 205, True), (1.0,)),
    (_FULL, (1.0, 0.95, 0.9, 0.85)),
    (_SHORT, (1.0, 0.9, 0.8)),
    (_SHORTER, (0.95, 0.9, 0.85, 0.8)),
    (_LEAST, tuple(0.8 - step * 0.05 for step in range(13))),
)


def render(
    sheets: Sequence[Sheet], language: str = "zh_CN", progress: Progress | None = None
) -> bytes:
    """One page per customer as PDF, with a table of contents; the same sheets give the same bytes.

    DataError for a missing glyph.
    """
    check_glyphs(list(sheets))
    with words.language(language):
        title = _("Customer evaluation sheet")
        company = sheets[0].company if sheets else ""
        document = Document(title, company, progress=progress)
        for sheet in sheets:
            if progress:
                progress(0, len(sheets))
            name = f"{sheet.customer_code}  {sheet.customer_name}".strip()
            document.flow([_fitted(sheet, title)], sheet.footer, bookmark=name)
        return document.render()


def _fitted(sheet: Sheet, title: str) -> Block:
    """The sheet as it fits on one page, with as much detail and as large as possible."""
    page = Format()
    for detail, factors in _ATTEMPTS:
        blocks = _blocks(sheet, title, detail)
        for factor in factors:
            block = Shrunk(blocks, factor)
            if block.height(page.width) <= page.height:
                return block
    return block


def _blocks(sheet: Sheet, title: str, detail: _Detail) -> list[Block]:
    blocks: list[Block] = [
        *title_block(sheet.company, title),
        Grid(_head(sheet)),
        Gap(2 * MM),
        ChartBlock(_chart(sheet), detail.chart),
        Grid(_months(sheet), _("Months"), header=1),
    ]
    for part in sheet.parts:
        name = values.group_name(part.group)
        blocks.append(Grid(_indicators(part, detail), name, header=1))
    blocks += [Grid(_conclusion(sheet, detail), _("Conclusion")), Grid([_signatures(sheet)])]
    return blocks


def _head(sheet: Sheet) -> list[Row]:
    period = words.period(sheet.period)
    if sheet.revision > 1:
        period += _(" (revision {number})", number=sheet.revision)
    edition = _("Edition {number}", number=sheet.footer.edition)
    rows = [
        pair_row((words.field("customer_name"), sheet.customer_name), width=176),
        pair_row(
            (words.field("customer_code"), sheet.customer_code), (_("Period"), period), width=176
        ),
        pair_row((words.field("manager"), sheet.manager), (_("Rule edition"), edition), width=176),
    ]
    if sheet.open_months:
        months = values.listed(map(values.month, sheet.open_months))
        text = _("Score and grade may still change. Not closed: {months}", months=months)
        rows.append(pair_row((_("Provisional"), text), width=176))
    shares = (30, 30, 30, 29, 17, 23, 17)
    heads = (
        _("Product group"),
        _("Class"),
        _("Level"),
        words.field("region"),
        _("Score"),
        _("Grade"),
        _("Rank"),
    )
    rows.append(head_row(*zip(heads, shares, strict=True)))
    for part in sheet.parts:
        texts = (
            values.group_name(part.group),
            label(part.customer_class),
            label(part.level) if part.level else values.NONE,
            part.region or values.NONE,
            values.decimal(part.score),
            label(part.grade),
            f"{part.rank}/{part.ranked}" if part.rank else values.NONE,
        )
        rows.append(value_row([(t, s, "centre") for t, s in zip(texts, shares, strict=True)]))
    return rows


def _chart(sheet: Sheet) -> MonthsChart:
    """The months of all groups: stacked takes, and the sum of the plans."""
    months = _month_names(sheet)
    found = [{line.month: line for line in part.months} for part in sheet.parts]
    takes = [
        tuple(lines[one].take_kg if one in lines else None for one in months) for lines in found
    ]
    names = [values.group_name(part.group) for part in sheet.parts]
    if not 1 < len(takes) <= MOST_SERIES:
        takes = [tuple(map(_total, zip(*takes, strict=True)))] if takes else []
        names = [_("Take")]
    plans = tuple(_total([lines[one].plan_kg for lines in found if one in lines]) for one in months)
    return MonthsChart(months, tuple(map(Series, names, takes)), plans)


def _month_names(sheet: Sheet) -> tuple[str, ...]:
    return tuple(sorted({line.month for part in sheet.parts for line in part.months}))


def _total(kilograms: Sequence[int | None]) -> int | None:
    """The sum of what is known, None where nothing is."""
    known = [kg for kg in kilograms if kg is not None]
    return sum(known) if known else None


def _months(sheet: Sheet) -> list[Row]:
    """Take and plan of each group by month, in bands of six months, in tonnes."""
    months, rows = _month_names(sheet), list[Row]()
    for start in range(0, len(months), BAND):
        band = months[start : start + BAND]
        last = start + BAND >= len(months)
        heads = [*map(values.month, band), _("Total") if last else _("Subtotal")]
        style = TextStyle(8.5, align="centre")
        rows.append(_months_row("", [para(head, style) for head in heads], head=True))
        for part in sheet.parts:
            rows += _months_of(part, band, months if last else band, len(sheet.parts) > 1)
    return rows


def _months_of(
    part: GroupPart, band: Sequence[str], summed: Sequence[str], several: bool
) -> list[Row]:
    """The rows of one group; the last column sums up the months `summed`."""
    kinds: list[tuple[str, Callable[[MonthLine], int | None]]] = [
        (_("Take (t)"), lambda line: line.take_kg),
        (_("Plan (t)"), lambda line: line.plan_kg),
    ]
    if any(line.short_kg for line in part.months):
        kinds.append((_("Short by us (t)"), lambda line: line.short_kg))
    name = f"{values.group_name(part.group)} " if several else ""
    rows = []
    for kind, value in kinds:
        known = {line.month: value(line) for line in part.months}
        kgs = [*map(known.get, band), _total([known.get(one) for one in summed])]
        style = TextStyle(8.5, align="right")
        rows.append(_months_row(name + kind, [para(values.tonnes(kg), style) for kg in kgs]))
    return rows


def _months_row(name: str, texts: Sequence[Para], head: bool = False) -> Row:
    share = 135.5 / len(texts)
    first = Cell(para(name, LABEL), 33, label=True)
    return Row([first, *(Cell(text, share, label=head) for text in texts)], 5.5 * MM)


def _indicators(part: GroupPart, detail: _Detail) -> list[Row]:
    shares = (31, 12, 16, 16, 93.5)
    heads = (
        _("Indicator"),
        _("Weight"),
        _("Indicator value"),
        _("Points"),
        _("Raw data, explanation and article"),
    )
    rows = [head_row(*zip(heads, shares, strict=True))]
    for line in part.lines:
        if line.value is not None or detail.bare:
            texts = (
                label(line.indicator),
                str(line.weight),
                values.decimal(line.value),
                values.decimal(line.points),
                _explained((*line.data, *line.reasons)),
            )
            rows.append(_indicator_row(texts, shares, detail.lines))
    without = [label(line.indicator) for line in part.lines if line.value is None]
    if without and not detail.bare:
        text = _("Without data, not counted: {names}", names=values.listed(without))
        rows.append(Row([Cell(para(text, TextStyle(8)), 1)]))
    rows.append(_sum_row(part, shares))
    return rows


def _indicator_row(texts: Sequence[str], shares: Sequence[float], lines: int) -> Row:
    name, *numbers, text = texts
    cells = [Cell(para(name, LABEL), shares[0], label=True)]
    for number, share in zip(numbers, shares[1:4], strict=True):
        cells.append(Cell(para(number, TextStyle(9, align="right")), share))
    cells.append(Cell(para(text, TextStyle(8, spacing=1.3, max_lines=lines)), shares[4]))
    return Row(cells, 5.5 * MM)


def _sum_row(part: GroupPart, shares: Sequence[float]) -> Row:
    texts = (
        _("Score"),
        str(part.available_weight),
        "",
        values.decimal(part.score),
        _sum_words(part),
    )
    bold = TextStyle(9, bold=True, align="right")
    cells = [Cell(para(texts[0], TextStyle(9, bold=True, align="centre")), shares[0], label=True)]
    cells += [Cell(para(t, bold), s) for t, s in zip(texts[1:4], shares[1:4], strict=True)]
    cells.append(Cell(para(texts[4], TextStyle(8.5, bold=True)), shares[4]))
    return Row(cells)


def _sum_words(part: GroupPart) -> str:
    text = _("Grade: {grade}", grade=label(part.grade))
    if part.score is not None:
        points = sum((line.points for line in part.lines if line.points is not None), Decimal(0))
        params = {"points": values.decimal(points), "score": values.decimal(part.score)}
        text += "    " + _("{points} / {weight}% = {score}", weight=part.available_weight, **params)
    if part.previous_score is not None:
        before = values.decimal(part.previous_score)
        text += "    " + _("Period before: {score}", score=before)
        if part.score is not None:
            text += values.bracketed(values.signed(part.score - part.previous_score))
    return text


def _explained(reasons: Sequence[Reason]) -> str:
    """Reasons as one paragraph, with their articles in brackets at the end."""
    blank = "" if words.chinese() else " "
    text = blank.join(say(reason) for reason in reasons)
    cited = values.cited(reason.clause for reason in reasons)
    return text + values.bracketed(cited) if cited else text


def _conclusion(sheet: Sheet, detail: _Detail) -> list[Row]:
    rows = []
    for part in sheet.parts:
        if part.suggested_level or part.suggestion:
            group = values.bracketed(values.group_name(part.group))
            several = group if len(sheet.parts) > 1 else ""
            rows.append(_words_row(_("Suggested level") + several, _suggested(part), detail.lines))
    if not rows:
        rows.append(_words_row(_("Suggested level"), values.NONE, 0))
    rows.append(_words_row(_("Resources, corrections"), sheet.conclusion, detail.lines, 12 * MM))
    forum = {
        PeriodKind.QUARTER: _("Reported to the operating meeting"),
        PeriodKind.YEAR: _("Reported to the general manager's meeting"),
        PeriodKind.HALF_YEAR: _("Filed"),
    }[Period.parse(sheet.period).kind]
    rows.append(_words_row(forum, _("Date: {day}", day=_("____-__-__")), 1))
    return rows


def _words_row(name: str, text: str, lines: int, least: float = 6 * MM) -> Row:
    shown = para(text, TextStyle(8.5, spacing=1.3, max_lines=lines))
    return Row([Cell(para(name, LABEL), 33, label=True), Cell(shown, 135.5)], least)


def _suggested(part: GroupPart) -> str:
    change = ""
    if part.suggested_level:
        now = label(part.level) if part.level else values.NONE
        change = f"{now} → {label(part.suggested_level)}"
    return "  ".join(filter(None, (change, _explained(part.suggestion))))


def _signatures(sheet: Sheet) -> Row:
    return signature_row(
        sheet.opinions,
        (
            (StageName.APPLICANT, _("Prepared by")),
            (None, words.field("manager")),  # by hand: whoever computed it need not be the manager
            (StageName.SALES, _("Sales department")),
            (StageName.FINANCE, _("Finance, countersigned")),
            (StageName.GENERAL_MANAGER, _("Manager")),
        ),
    )
