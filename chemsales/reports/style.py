"""How paper looks: page, sizes, fonts; and the one door through which any text reaches it.

ReportLab is imported when the first font is needed, not before.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from chemsales.config import resource
from chemsales.reports.content import Footer as Footer
from chemsales.reports.lines import boxes, break_lines
from chemsales.rules.errors import DataError, Reason

Canvas = Any  # reportlab.pdfgen.canvas.Canvas, untyped there
Align = Literal["left", "centre", "right"]

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 18 * MM, 16 * MM, 15 * MM, 20 * MM
ASCENT = 0.88  # of the font's size: how far its characters stand above the baseline
SHADE = 0.945  # grey of a label's ground
SMALLEST = 0.68  # how far a text may shrink for the sake of its longest word
LIMIT = 4000  # characters of one text; the rest is cut, and an ellipsis says so
ELLIPSIS = "…"
TICKED, UNTICKED, TICK = "☑", "□", "✓"  # the first is drawn with the other two

_ORDINARY = re.compile("[\x20-\x7e\u3000-\u3029\u4e00-\u9fff\uff01-\uff60“”‘’…—·×\n]*")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def clean(text: str, limit: int = LIMIT) -> str:
    """The text as it may be printed: no controls, no bidi or other invisible signs, cut at `limit`.

    It is never read as markup: `<b>` prints as three characters. Line feeds stay, tabs are spaces.
    """
    if len(text) > limit:
        text = text[: limit - 1] + ELLIPSIS
    if _ORDINARY.fullmatch(text):
        return text.strip("\n ")
    text = _SELECTORS.sub("", _BREAKS.sub("\n", text).replace("\t", " "))
    if any(map(unicodedata.combining, text)):
        text = unicodedata.normalize("NFC", text)
    return "".join(map(_printable, text)).strip("\n ")


def _printable(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Cs"):
        return "\n" if char == "\n" else ""
    return " " if category == "Zs" and char != "\u3000" else char


class Face:
    """One of the embedded fonts: its ReportLab name, what it can print, how wide."""

    def __init__(self, name: str, file: str) -> None:
        from reportlab import rl_config
        from reportlab.pdfbase import pdfmetrics

        from chemsales.reports.embedding import EmbeddedFont

        font = EmbeddedFont(name, str(resource("fonts", file)))
        pdfmetrics.registerFont(font)
        rl_config.useA85 = 0  # streams as bytes: smaller, and faster written
        self.name = name
        widths = font.face.charWidths
        self._widths: dict[str, float] = {chr(code): widths[code] for code in font.face.charToGlyph}
        self._widths[TICKED] = self._widths[UNTICKED]

    def has(self, char: str) -> bool:
        """Whether the font can print this character."""
        return char == "\n" or char in self._widths

    def char_width(self, char: str) -> float:
        """The advance of a character in thousandths of the size; DataError without a glyph."""
        if char not in self._widths:
            raise missing(char, char)
        return self._widths[char]

    def width(self, text: str) -> float:
        """The width of a line in thousandths of the size; DataError without a glyph."""
        try:
            return sum(map(self._widths.__getitem__, text))
        except KeyError as error:
            raise missing(error.args[0], text) from None


def missing(char: str, field: str) -> DataError:
    """The refusal to print a character without a glyph: says which, and in which field."""
    code = f"{ord(char):04X}"
    return DataError(
        Reason("reason.glyph_missing", {"character": char, "code": code, "field": field})
    )


@cache
def face(bold: bool = False) -> Face:
    """The regular or the bold font, loaded at its first use."""
    if bold:
        return Face("NotoSansSC-Bold", "NotoSansSC_700Bold.ttf")
    return Face("NotoSansSC", "NotoSansSC_400Regular.ttf")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Size in points, weight, alignment, line spacing, grey (0 = black), most lines (0 = any).

    `whole`: a word that is too long makes the text a little smaller before it is broken.
    """

    size: float = 9
    bold: bool = False
    align: Align = "left"
    spacing: float = 1.38
    grey: float = 0
    max_lines: int = 0
    whole: bool = False
    limit: int = LIMIT

    @property
    def leading(self) -> float:
        """The distance from line to line in points."""
        return self.size * self.spacing

    def scaled(self, factor: float) -> TextStyle:
        """The same style in another size."""
        return replace(self, size=round(self.size * factor, 2))


class Para:
    """A text that knows its style: measured, broken into lines and drawn by itself."""

    __slots__ = ("_lines", "_width", "style", "text")

    def __init__(self, text: str, style: TextStyle) -> None:
        self.text = text
        self.style = style
        self._width = -1.0
        self._lines: list[str] = []

    def lines(self, width: float) -> list[str]:
        """The lines at this width in points."""
        if width != self._width:
            self._width = width
            self._lines = self._broken(width * 1000 / self.style.size)
        return self._lines

    def _broken(self, width: float) -> list[str]:
        font, most = face(self.style.bold), self.style.max_lines
        if "\n" not in self.text and font.width(self.text) <= width:
            return [self.text]
        if self.style.whole:
            widest = max(map(font.width, boxes(self.text.replace("\n", " "))))
            factor = width / widest
            if SMALLEST <= factor < 1:
                self.style = self.style.scaled(factor)
                width /= factor
        found = break_lines(self.text, width, font.char_width)
        if not most or len(found) <= most:
            return found
        last = found[most - 1]
        while last and font.width(last + ELLIPSIS) > width:
            last = last[:-1]
        return [*found[: most - 1], last + ELLIPSIS]

    def height(self, width: float) -> float:
        """The height in points at this width."""
        return len(self.lines(width)) * self.style.leading

    def natural_width(self) -> float:
        """The width in points of the text on one line."""
        return face(self.style.bold).width(self.text) * self.style.size / 1000

    def split(self, width: float, room: float) -> tuple[Para, Para] | None:
        """The lines that fit into `room` points, and the rest; None where it stays whole."""
        lines = self.lines(width)
        fit = int(room / self.style.leading + 1e-6)
        fit = min(fit, len(lines) - 2)  # no single line on the next page
        if fit < 1:
            return None
        return Para("\n".join(lines[:fit]), self.style), Para("\n".join(lines[fit:]), self.style)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """Put the lines below `top`, between `x` and `x + width`; the canvas' ink is black."""
        style, font = self.style, face(self.style.bold)
        canvas.setFont(font.name, style.size)
        if style.grey:
            canvas.setFillGray(style.grey)
        baseline = top - (style.leading - style.size) / 2 - ASCENT * style.size
        for line in self.lines(width):
            at = x
            if style.align != "left":
                spare = width - font.width(line) * style.size / 1000
                at += spare if style.align == "right" else spare / 2
            _draw_line(canvas, font, at, baseline, line, style.size)
            baseline -= style.leading
        if style.grey:
            canvas.setFillGray(0)


def _draw_line(canvas: Canvas, font: Face, x: float, y: float, line: str, size: float) -> None:
    """One line; a ticked box is the empty box with a tick over it."""
    at = line.find(TICKED)
    canvas.drawString(x, y, line if at < 0 else line.replace(TICKED, UNTICKED))
    while at >= 0:
        offset = font.width(line[:at]) * size / 1000
        canvas.drawString(x + offset + 0.03 * size, y + 0.06 * size, TICK)
        at = line.find(TICKED, at + 1)


def draw_text(canvas: Canvas, text: str, x: float, baseline: float, style: TextStyle) -> None:
    """One line of text with its baseline given, cleaned as by `para`."""
    shown = para(text, style)
    canvas.setFont(face(style.bold).name, style.size)
    canvas.setFillGray(0)
    _draw_line(canvas, face(style.bold), x, baseline, shown.text, style.size)


def para(text: str, style: TextStyle) -> Para:
    """Text for paper. The only way there: cleaned, cut, never read as markup."""
    return Para(clean(text, style.limit), style)
