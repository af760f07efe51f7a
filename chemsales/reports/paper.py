"""Pages: blocks flow onto them, and each gets its footer; the same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol

from chemsales.reports import values
from chemsales.reports.content import Footer
from chemsales.reports.grid import Grid
from chemsales.reports.style import (
    A4,
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MARGIN_RIGHT,
    MARGIN_TOP,
    MM,
    Canvas,
    Para,
    TextStyle,
    clean,
    face,
    para,
)
from chemsales.words import _, current

FOOT = TextStyle(6.5, spacing=1.3, grey=0.25, max_lines=1)
FOOT_RIGHT = TextStyle(6.5, spacing=1.3, grey=0.25, align="right")
FOOT_CODE = TextStyle(7.5, spacing=1.13, align="right")  # to be read off and typed

KEEP = 0.45  # of a page: blocks that ask for it are not parted up to this height

Progress = Callable[[int, int], None]


class Block(Protocol):
    """Something that stands on a page."""

    def height(self, width: float) -> float:
        """The height in points at this width."""

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """The part that fits into `room` points and the rest; None where it cannot be parted."""

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """Draw below `top`."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty space between blocks; it vanishes at the top of a page."""

    size: float

    def height(self, width: float) -> float:
        """Its size."""
        return self.size

    def split(self, width: float, room: float) -> None:
        """Never."""

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Texts side by side, each within its share of the width, without lines around them.

    One that `leads` stands on the same page as what follows.
    """

    texts: tuple[tuple[Para, float], ...]
    leads: bool = False

    def _widths(self, width: float) -> list[float]:
        unit = width / sum(share for _text, share in self.texts)
        return [share * unit for _text, share in self.texts]

    def height(self, width: float) -> float:
        """The height of the tallest."""
        pairs = zip(self.texts, self._widths(width), strict=True)
        return max(text.height(size) for (text, _share), size in pairs)

    def split(self, width: float, room: float) -> None:
        """Never."""

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """All from the same height."""
        for (text, _share), size in zip(self.texts, self._widths(width), strict=True):
            text.draw(canvas, x, top, size)
            x += size


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Blocks drawn smaller, as by a copier."""

    blocks: Sequence[Block]
    factor: float

    def height(self, width: float) -> float:
        """The height on paper."""
        return sum(block.height(width / self.factor) for block in self.blocks) * self.factor

    def split(self, width: float, room: float) -> None:
        """Never."""

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """All blocks, one under the other."""
        canvas.saveState()
        canvas.translate(x, top)
        canvas.scale(self.factor, self.factor)
        at, whole = 0.0, width / self.factor
        for block in self.blocks:
            block.draw(canvas, 0, at, whole)
            at -= block.height(whole)
        canvas.restoreState()


@dataclass(slots=True)
class Page:
    """What one page carries: its footer, its entry in the table of contents, the line above it."""

    blocks: list[Block]
    footer: Footer
    bookmark: str = ""
    running: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A4, upright or lying."""

    landscape: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return (A4[1], A4[0]) if self.landscape else A4

    @property
    def width(self) -> float:
        """The width between the margins."""
        return self.size[0] - MARGIN_LEFT - MARGIN_RIGHT

    @property
    def height(self) -> float:
        """The height between the margins."""
        return self.size[1] - MARGIN_TOP - MARGIN_BOTTOM


@dataclass(slots=True)
class Document:
    """Pages in the making; `progress` is told each page drawn and may stop the work by raising."""

    title: str
    company: str
    format: Format = field(default_factory=Format)
    progress: Progress | None = None
    pages: list[Page] = field(default_factory=list)

    def flow(
        self, blocks: Sequence[Block], footer: Footer, *, bookmark: str = "", running: str = ""
    ) -> None:
        """Fill as many new pages as the blocks need; `running` stands above all but the first."""
        width, height = self.format.width, self.format.height
        waiting = list(reversed(blocks))
        page, room = self._open(Page([], footer, bookmark)), height
        while waiting:
            block = waiting.pop()
            if isinstance(block, Gap) and not page.blocks:
                continue
            size = block.height(width)
            if size > room + 0.01:
                moves = isinstance(block, Grid) and block.keep and size <= height * KEEP
                parts = None if moves and page.blocks else block.split(width, room)
                if parts is None and not page.blocks:
                    raise ValueError("a block is higher than a page")
                waiting.append(parts[1] if parts else block)
                if parts:
                    page.blocks.append(parts[0])
                else:
                    waiting += _leading(page.blocks)
                page, room = self._open(Page([], footer, running=running)), height
                continue
            page.blocks.append(block)
            room -= size

    def _open(self, page: Page) -> Page:
        self.pages.append(page)
        return page

    def render(self) -> bytes:
        """The PDF."""
        from reportlab.pdfgen.canvas import Canvas as Drawing

        out = BytesIO()
        canvas = Drawing(
            out,
            pagesize=self.format.size,
            invariant=1,
            initialFontName=face().name,
            pageCompression=1,
            lang=current().replace("_", "-"),
        )
        canvas.setTitle(clean(self.title))
        canvas.setAuthor(clean(self.company))
        canvas.setCreator("chemsales")
        for number, page in enumerate(self.pages, 1):
            self._draw(canvas, page, number)
            if self.progress:
                self.progress(number, len(self.pages))
        canvas.save()
        return out.getvalue()

    def _draw(self, canvas: Canvas, page: Page, number: int) -> None:
        if page.bookmark:
            canvas.bookmarkPage(f"p{number}")
            canvas.addOutlineEntry(clean(page.bookmark, 120), f"p{number}", 0)
        top, width = self.format.size[1] - MARGIN_TOP, self.format.width
        if page.running:
            above = para(page.running, FOOT)
            above.draw(canvas, MARGIN_LEFT, top + FOOT.leading + 3, width)
        for block in page.blocks:
            block.draw(canvas, MARGIN_LEFT, top, width)
            top -= block.height(width)
        _draw_footer(canvas, page.footer, self.format.width, number, len(self.pages))
        canvas.showPage()


def _leading(blocks: list[Block]) -> list[Block]:
    """Take the heading off the end of a page, unless it is all there is."""
    last = blocks[-1]
    return [blocks.pop()] if isinstance(last, Beside) and last.leads and blocks[1:] else []


def _draw_footer(canvas: Canvas, footer: Footer, width: float, number: int, count: int) -> None:
    top = MARGIN_BOTTOM - 4 * MM
    canvas.setStrokeGray(0.6)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN_LEFT, top, MARGIN_LEFT + width, top)
    cited = values.cited(footer.citation.split())
    cites = _("by {citation}, edition {number}", citation=cited, number=footer.edition)
    pages = _("Page {number} of {count}", number=number, count=count)
    if footer.code:
        pages = _("Check code {code}", code=footer.code) + "    " + pages
    digest = _("Inputs SHA-256 {hash}", hash=footer.inputs_hash) if footer.inputs_hash else ""
    event = _("Last decision: event {number}", number=footer.last_event)
    for left, right, style in (
        (cites if cited else "", pages, FOOT_CODE if footer.code else FOOT_RIGHT),
        (digest, event if footer.last_event else "", FOOT_RIGHT),
    ):
        top -= 2
        shown = para(right, style)
        shown.draw(canvas, MARGIN_LEFT, top, width)
        para(left, FOOT).draw(canvas, MARGIN_LEFT, top, width - shown.natural_width() - 10)
        top -= FOOT.leading
