"""Documents on the window: scans and PDFs drawn off its thread; what is printed is what is
shown."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from ui.documents import Document
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.pages_view import KEPT_IMAGES, Fit
from ui.widgets.pdf_preview import PdfPreview

A4 = (595.3, 841.9)


def pdf(pages: int = 3, size: tuple[float, float] = A4) -> bytes:
    """A PDF whose pages are dark in their upper left quarter."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    for number in range(pages):
        canvas.rect(0, size[1] / 2, size[0] / 2, size[1] / 2, fill=1)
        canvas.drawString(400, 100, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300)) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste((10, 10, 10), (0, 0, size[0] // 2, size[1] // 2))
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def viewer(qtbot: QtBot) -> DocumentViewer:
    made = DocumentViewer()
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def show(viewer: DocumentViewer, data: bytes, mime: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(viewer.ready, timeout=10_000):
        viewer.show_bytes(data, mime, "执照.pdf")


def drawn(viewer: DocumentViewer, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(viewer.view._images) and not viewer.view._asked, timeout=10_000)


@pytest.mark.parametrize(
    ("data", "mime", "pages"),
    [
        (pdf(3), "application/pdf", 3),
        (pdf(1), "", 1),
        (picture(), "image/png", 1),
        (picture("JPEG"), "image/jpeg", 1),
        (picture("TIFF"), "image/tiff", 1),
        (picture("BMP"), "image/bmp", 1),
    ],
    ids=["pdf", "pdf without a type", "png", "jpeg", "tiff", "bmp"],
)
def test_shows(data: bytes, mime: str, pages: int, viewer: DocumentViewer, qtbot: QtBot) -> None:
    show(viewer, data, mime, qtbot)
    drawn(viewer, qtbot)
    assert viewer.view.pages == pages
    assert viewer.place.text() == f"1/{pages}"
    assert viewer.name.text() == "执照.pdf"
    image = viewer.view.grab().toImage()
    page = viewer.view._rect(0)
    dark = image.pixelColor(page.left() + page.width() // 4, page.top() + page.height() // 4)
    light = image.pixelColor(page.left() + 3 * page.width() // 4, page.top() + page.height() // 4)
    assert dark.lightness() < 60 < 200 < light.lightness()


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"%PDF-1.7 broken", "application/pdf"),
        (b"", "application/pdf"),
        (b"not a picture", "image/png"),
        (picture()[:60], "image/png"),
        (b"MZ\x90\x00", "application/octet-stream"),
    ],
)
def test_a_broken_file_is_told(
    data: bytes, mime: str, viewer: DocumentViewer, qtbot: QtBot
) -> None:
    show(viewer, data, mime, qtbot)
    assert viewer.empty.isVisible()
    assert "无法显示" in viewer.empty.label.text()
    assert not any(made.isEnabled() for made in viewer.buttons)
    show(viewer, pdf(1), "application/pdf", qtbot)  # and the next one shows
    assert viewer.view.isVisible()


def test_turns_zooms_fits_and_goes_to_pages(viewer: DocumentViewer, qtbot: QtBot) -> None:
    show(viewer, pdf(5), "application/pdf", qtbot)
    view = viewer.view
    upright = view._size(0)
    view.rotate()
    assert view._turned(0).width() == pytest.approx(A4[1], abs=0.5)
    assert view._size(0).width() == pytest.approx(upright.width(), abs=2)  # fits the width still
    for _ in range(3):
        view.rotate()
    before = view.zoom
    view.zoom_by(2)
    assert view.zoom == pytest.approx(2 * before)
    view.set_fit(Fit.PAGE)
    assert view._size(0).height() <= view.viewport().height()
    view.go_to(3)
    assert viewer.place.text() == "4/5"
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert viewer.place.text() == "1/5"
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert viewer.place.text() == "5/5"


def test_control_wheel_zooms(viewer: DocumentViewer, qtbot: QtBot) -> None:
    show(viewer, pdf(1), "application/pdf", qtbot)
    before = viewer.view.zoom
    middle = QPointF(viewer.view.mapTo(viewer, QPoint(50, 50)))
    QTest.wheelEvent(
        viewer.windowHandle(), middle, QPoint(0, 120), QPoint(), Qt.KeyboardModifier.ControlModifier
    )
    assert viewer.view.zoom > before


def test_keeps_few_pages_in_memory(viewer: DocumentViewer, qtbot: QtBot) -> None:
    show(viewer, pdf(30), "application/pdf", qtbot)
    for page in range(30):
        viewer.view.go_to(page)
        QTest.qWait(10)
    drawn(viewer, qtbot)
    assert len(viewer.view._images) <= KEPT_IMAGES


def test_many_documents_one_after_the_other(viewer: DocumentViewer, qtbot: QtBot) -> None:
    for number in range(20):
        viewer.show_bytes(pdf(2) if number % 2 else picture(), "", str(number))
        QTest.qWait(number % 3)
    with qtbot.waitSignal(viewer.ready, timeout=10_000):
        viewer.show_bytes(pdf(4), "application/pdf", "last")
    drawn(viewer, qtbot)
    assert viewer.view.pages == 4


@pytest.fixture
def preview(qtbot: QtBot) -> PdfPreview:
    made = PdfPreview()
    qtbot.addWidget(made)
    made.resize(700, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_saves_the_very_bytes_shown(preview: PdfPreview, qtbot: QtBot, tmp_path: Path) -> None:
    data = pdf(3)
    assert not preview.print_button.isEnabled()
    with qtbot.waitSignal(preview.ready, timeout=10_000):
        preview.show_pdf(data, "申请表.pdf")
    assert preview.place.text() == "第 1 页，共 3 页"
    with qtbot.waitSignal(preview.saved, timeout=5000):
        preview.save_to(tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes() == data
    assert preview.view.document.data == data


def test_a_file_that_cannot_be_written_is_told(
    preview: PdfPreview, qtbot: QtBot, tmp_path: Path, dialogs: object
) -> None:
    with qtbot.waitSignal(preview.ready, timeout=10_000):
        preview.show_pdf(pdf(1), "x.pdf")
    preview.save_to(tmp_path / "no folder" / "out.pdf")
    [dialog] = dialogs()  # type: ignore[operator]
    dialog.close()


@pytest.mark.parametrize("size", [A4, (A4[1], A4[0])], ids=["upright", "across"])
def test_prints_every_page_in_its_size(
    size: tuple[float, float], preview: PdfPreview, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(preview.ready, timeout=10_000):
        preview.show_pdf(pdf(3, size), "x.pdf")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    with qtbot.waitSignal(preview.printed, timeout=60_000) as printed:
        preview.print_to(printer)
    assert printed.args == [True]
    paper = pypdfium2.PdfDocument(tmp_path / "printed.pdf")
    assert len(paper) == 3
    assert paper[0].get_size() == pytest.approx(size, abs=1.5)
    image = paper[1].render(scale=0.2).to_pil().convert("L")
    width, height = image.size
    assert image.getpixel((width // 4, height // 4)) < 60
    assert image.getpixel((3 * width // 4, height // 4)) > 200
    paper.close()


def test_prints_a_range_of_pages(preview: PdfPreview, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(preview.ready, timeout=10_000):
        preview.show_pdf(pdf(5), "x.pdf")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setFromTo(2, 3)
    with qtbot.waitSignal(preview.printed, timeout=60_000):
        preview.print_to(printer)
    assert len(pypdfium2.PdfDocument((tmp_path / "printed.pdf").read_bytes())) == 2


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_refuses_is_told(
    preview: PdfPreview, qtbot: QtBot, tmp_path: Path, dialogs: object
) -> None:
    with qtbot.waitSignal(preview.ready, timeout=10_000):
        preview.show_pdf(pdf(1), "x.pdf")
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no folder" / "printed.pdf"))
    with qtbot.waitSignal(preview.printed, timeout=10_000) as printed:
        preview.print_to(printer)
    assert printed.args == [False]
    [dialog] = dialogs()  # type: ignore[operator]
    dialog.close()


def test_a_closed_document_draws_nothing_more(qtbot: QtBot) -> None:
    document = Document(pdf(2), "application/pdf")
    with qtbot.waitSignal(document.opened, timeout=10_000):
        pass
    seen: list[object] = []
    document.drawn.connect(lambda *args: seen.append(args))
    document.draw(0, 1.0, 0, "tag")
    document.close()
    QTest.qWait(200)
    assert seen == []
