"""Documents made for tests: PDFs and pictures, whole, broken, locked and too large."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

A4 = (595.3, 841.9)


def pdf(
    pages: int = 3, size: tuple[float, float] = A4, titles: bool = False, password: str = ""
) -> bytes:
    """A PDF whose pages are dark in their upper left quarter."""
    buffer = io.BytesIO()
    locked = StandardEncryption(password) if password else None
    canvas = Canvas(buffer, pagesize=size, encrypt=locked)
    for number in range(pages):
        canvas.rect(0, size[1] / 2, size[0] / 2, size[1] / 2, fill=1)
        canvas.drawString(size[0] * 0.7, 100, f"page {number + 1}")
        if titles:
            canvas.bookmarkPage(f"p{number}")
            canvas.addOutlineEntry(f"甲公司 {number + 1}", f"p{number}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def dense(pages: int) -> bytes:
    """A PDF whose pages each take a while to draw: 60 rows of words and a picture."""
    picture = Image.effect_noise((900, 900), 60).convert("RGB")
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    from reportlab.lib.utils import ImageReader

    reader = ImageReader(picture)
    for number in range(pages):
        canvas.drawImage(reader, 60, 60, 220, 220)
        for row in range(60):
            canvas.drawString(40, 820 - 12 * row, f"{number} {row} " + "polypropylene 123.456 " * 4)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def form_pdf(value: str) -> bytes:
    """A PDF with a filled form field, as tax offices make them."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.acroForm.textfield(
        name="x", value=value, x=60, y=600, width=400, height=60, fontSize=40, borderWidth=0
    )
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), pages: int = 1) -> bytes:
    """A picture that is dark in its upper left quarter; a TIFF may have several pages."""
    image = Image.new("RGB", size, "white")
    image.paste((10, 10, 10), (0, 0, size[0] // 2, size[1] // 2))
    buffer = io.BytesIO()
    if pages > 1:
        image.save(buffer, kind, save_all=True, append_images=[image] * (pages - 1))
    else:
        image.save(buffer, kind)
    return buffer.getvalue()


def flood(side: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it has this many dots on each side."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    body = zlib.compress(bytes(4096))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def svg(path: str) -> bytes:
    """A drawing that would have another file read."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="100" height="100"><image xlink:href="{path}" width="99" height="99"/></svg>'
    ).encode()
