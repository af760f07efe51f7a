"""Reading PDFs back, with another library than the one that wrote them."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as raw

TEXT = raw.FPDF_PAGEOBJ_TEXT


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in document]


def text(data: bytes) -> str:
    """All text without line ends and spaces, so that wrapped lines are found."""
    return "".join("".join(texts(data)).split())


def unembedded(data: bytes) -> list[str]:
    """The fonts of the text that are not in the file."""
    found = set()
    for page in pypdfium2.PdfDocument(data):
        for shown in page.get_objects(filter=[TEXT]):
            font = raw.FPDFTextObj_GetFont(shown.raw)
            if raw.FPDFFont_GetIsEmbedded(font) != 1:
                found.add(str(font))
    return sorted(found)


def outside(data: bytes, left: float, right: float, below: float, above: float) -> list[str]:
    """Text that stands outside these margins, in points."""
    found = []
    for page in pypdfium2.PdfDocument(data):
        width, height = page.get_size()
        for shown in page.get_objects(filter=[TEXT]):
            x0, y0, x1, y1 = shown.get_bounds()
            if x0 < left or x1 > width - right or y0 < below or y1 > height - above:
                found.append(f"{x0:.0f} {y0:.0f} {x1:.0f} {y1:.0f}")
    return found


def sizes(data: bytes, right: float) -> set[float]:
    """The sizes in points of the text that stands left of a place."""
    found, size = set(), ctypes.c_float()
    for page in pypdfium2.PdfDocument(data):
        for shown in page.get_objects(filter=[TEXT]):
            if shown.get_bounds()[2] < right:
                assert raw.FPDFTextObj_GetFontSize(shown.raw, size)
                found.add(round(size.value, 1))
    return found


def right_edge(data: bytes, wanted: str) -> float:
    """Where a text that stands once in the document ends, in points from the left."""
    found = []
    for page in pypdfium2.PdfDocument(data):
        on_page = page.get_textpage()
        search = on_page.search(wanted)
        while place := search.get_next():
            index, count = place
            found.append(on_page.get_charbox(index + count - 1, loose=True)[2])
    [edge] = found
    return float(edge)


def bookmarks(data: bytes) -> list[str]:
    """The titles of the table of contents."""
    return [item.get_title() for item in pypdfium2.PdfDocument(data).get_toc()]
