"""Bordered tables as Chinese office forms have them: cells, section titles down the left side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from chemsales.reports.style import MM, SHADE, Canvas, Para, TextStyle, para

PAD_X, PAD_Y = 1.2 * MM, 0.8 * MM
THIN, THICK = 0.5, 1.0
SPLIT_OVER = 200.0  # points: a lower row moves to the next page whole
TITLE = TextStyle(9, bold=True, align="centre", spacing=1.2)
EMPTY = Para("", TextStyle())


@dataclass(slots=True)
class Cell:
    """A text between lines: share of the row's width, a label's grey ground, a text at its foot."""

    text: Para
    share: float = 1
    label: bool = False
    top: bool = False
    foot: Para | None = None

    def height(self, width: float) -> float:
        """The height in points that text and foot need at this width."""
        inner = width - 2 * PAD_X
        foot = self.foot.height(inner) + PAD_Y if self.foot else 0
        return self.text.height(inner) + foot + 2 * PAD_Y

    def draw(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Ground and text; the lines are the table's."""
        if self.label:
            canvas.setFillGray(SHADE)
            canvas.rect(x, top - height, width, height, stroke=0, fill=1)
            canvas.setFillGray(0)
        inner = width - 2 * PAD_X
        if self.text.text:
            spare = height - self.text.height(inner)
            above = PAD_Y if self.top or self.foot else spare / 2
            self.text.draw(canvas, x + PAD_X, top - above, inner)
        if self.foot:
            at = top - height + PAD_Y + self.foot.height(inner)
            self.foot.draw(canvas, x + PAD_X, at, inner)

    def split(self, width: float, room: float) -> tuple[Cell, Cell] | None:
        """The part that fits into `room`, and the rest with the foot; None where nothing fits."""
        if self.label:
            return self, self
        inner = width - 2 * PAD_X
        if self.text.height(inner) + 2 * PAD_Y <= room:
            return replace(self, foot=None), replace(self, text=EMPTY)
        parts = self.text.split(inner, room - 2 * PAD_Y)
        if parts is None:
            return None
        return replace(self, text=parts[0], foot=None), replace(self, text=parts[1])


@dataclass(slots=True)
class Row:
    """Cells side by side; at least `least` points high."""

    cells: Sequence[Cell]
    least: float = 6.0 * MM

    def widths(self, width: float) -> list[float]:
        """The width of each cell in points."""
        unit = width / sum(cell.share for cell in self.cells)
        return [cell.share * unit for cell in self.cells]

    def height(self, width: float) -> float:
        """The height of the tallest cell."""
        tallest = max(map(Cell.height, self.cells, self.widths(width)))
        return max(self.least, tallest)

    def split(self, width: float, room: float) -> tuple[Row, Row] | None:
        """The row in two, None where it should rather move as a whole."""
        if self.height(width) < SPLIT_OVER or room < SPLIT_OVER / 3:
            return None
        parts = list(map(Cell.split, self.cells, self.widths(width), [room] * len(self.cells)))
        whole = [part for part in parts if part is not None]
        if len(whole) < len(parts):
            return None
        return Row([first for first, _ in whole], 0), Row([rest for _, rest in whole], 0)


def legible(rows: Sequence[Row], title: str) -> Sequence[Row]:
    """The rows, together no lower than the title beside them needs in its whole size."""
    if all(ord(char) < 0x2E80 for char in title):
        room = para(title, TITLE).natural_width() + 2 * PAD_Y
    else:
        room = len(title) * TITLE.leading + 2
    share = room / len(rows)
    return [replace(row, least=max(row.least, share)) for row in rows]


@dataclass(slots=True)
class Grid:
    """Rows; the first `header` of them stand again on every page, `title` down the left side.

    `keep`: moves to the next page rather than being parted, unless it is high.
    """

    rows: Sequence[Row]
    title: str = ""
    header: int = 0
    title_width: float = 7.5 * MM
    border: float = THICK
    keep: bool = False
    _width: float = -1
    _heights: list[float] = field(default_factory=list)

    def _inner(self, width: float) -> float:
        return width - self.title_width if self.title else width

    def _measured(self, width: float) -> list[float]:
        if self._width != width:
            inner = self._inner(width)
            self._heights, self._width = [row.height(inner) for row in self.rows], width
        return self._heights

    def height(self, width: float) -> float:
        """The height of all rows."""
        return sum(self._measured(width))

    def split(self, width: float, room: float) -> tuple[Grid, Grid] | None:
        """As many rows as fit, and the others under the same header; None where none fits."""
        heights = self._measured(width)
        used, fit = 0.0, 0
        while fit < len(heights) and used + heights[fit] <= room:
            used += heights[fit]
            fit += 1
        rows, header = list(self.rows), list(self.rows[: self.header])
        before, after = rows[:fit], rows[fit:]
        broken = after[0].split(self._inner(width), room - used) if after else None
        if broken is not None:
            before, after = [*before, broken[0]], [broken[1], *after[1:]]
        if len(before) <= self.header or not after:
            return None
        if broken is not None:
            return (
                replace(self, rows=before, _width=-1),
                replace(self, rows=header + after, _width=-1),
            )
        rest = heights[: self.header] + heights[fit:]
        return (
            replace(self, rows=before, _heights=heights[:fit]),
            replace(self, rows=header + after, _heights=rest),
        )

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """Grounds and texts first, then the lines over them."""
        heights = self._measured(width)
        left, inner = x + width - self._inner(width), self._inner(width)
        tops = list(_running(top, heights))
        if self.title:
            self._draw_title(canvas, x, top, top - tops[-1])
        for row, at, height in zip(self.rows, tops, heights, strict=False):
            across = left
            for cell, size in zip(row.cells, row.widths(inner), strict=True):
                cell.draw(canvas, across, at, size, height)
                across += size
        canvas.setStrokeGray(0)
        canvas.setLineWidth(THIN)
        canvas.lines([(left, at, x + width, at) for at in tops[1:-1]])
        canvas.lines(list(self._verticals(left, inner, tops)))
        if self.title:
            canvas.line(left, top, left, tops[-1])
        canvas.setLineWidth(self.border)
        canvas.rect(x, tops[-1], width, top - tops[-1], stroke=1, fill=0)

    def _verticals(
        self, left: float, inner: float, tops: list[float]
    ) -> Iterator[tuple[float, float, float, float]]:
        """The inner vertical lines, those of like rows in one stroke."""
        begun: dict[float, float] = {}
        for row, at in zip(self.rows, tops, strict=False):
            edges = list(_running(left, [-size for size in row.widths(inner)]))[1:-1]
            now = {round(edge, 3) for edge in edges}
            for edge in [edge for edge in begun if edge not in now]:
                yield (edge, begun.pop(edge), edge, at)
            for edge in sorted(now):
                begun.setdefault(edge, at)
        for edge, start in begun.items():
            yield (edge, start, edge, tops[-1])

    def _draw_title(self, canvas: Canvas, x: float, top: float, height: float) -> None:
        canvas.setFillGray(SHADE)
        canvas.rect(x, top - height, self.title_width, height, stroke=0, fill=1)
        canvas.setFillGray(0)
        size = min(TITLE.size, (height - 2) / len(self.title) / TITLE.spacing)
        if size < 6 or all(ord(char) < 0x2E80 for char in self.title):
            self._draw_turned(canvas, x, top - height, height)
            return
        text = para("\n".join(self.title), replace(TITLE, size=size))
        above = (height - text.height(self.title_width)) / 2
        text.draw(canvas, x, top - above, self.title_width)

    def _draw_turned(self, canvas: Canvas, x: float, bottom: float, height: float) -> None:
        """A Latin or long title, read from below upwards, smaller until it fits."""
        room = height - 2 * PAD_Y
        text = para(self.title, replace(TITLE, whole=True))  # smaller rather than parted
        while text.height(room) > self.title_width and text.style.size > 5:
            text = para(self.title, text.style.scaled(0.93))
        canvas.saveState()
        canvas.translate(x, bottom + PAD_Y)
        canvas.rotate(90)
        most = max(1, int(self.title_width / text.style.leading))
        text = para(self.title, replace(text.style, max_lines=most))
        over = (self.title_width - text.height(room)) / 2
        text.draw(canvas, 0, -over, room)
        canvas.restoreState()


def _running(start: float, steps: Sequence[float]) -> Iterator[float]:
    """`start`, then less each step in turn."""
    yield start
    for step in steps:
        start -= step
        yield start
