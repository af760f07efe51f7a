"""A PDF of 40 pages shown and scrolled, a report built beside a free window; memory of 200 pages.

`python -m tests.bench documents`. The floor of showing is PDFium alone: it opens the same bytes and
draws the same page at the same size. The heartbeat is the window's (see heartbeat.py); the memory
of a long document is compared with that of a short one in a process of its own.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING

from tests.bench import Figure, child_main, in_child, peak_megabytes, window

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from chemsales.reports.evaluation_data import Sheet
    from ui.widgets.document_viewer import DocumentViewer
    from ui.work.papers import Paper, Progress

PAGES, MANY = 40, 200
ROUNDS = 7
FREE_MS = 50
SECOND = 1.0
SIZE = (900, 800)
PATIENCE = 60.0


def run() -> list[Figure]:
    """Each part in a process with a window of its own, which is drawn nowhere."""
    with TemporaryDirectory(prefix="chemsales-bench-") as folder:
        here = Path(folder)
        child = partial(in_child, __name__, home=here)
        shown, built = child("show", here), child("build", here)
        few, many = child("few", here)["megabytes"], child("many", here)["megabytes"]
    return [
        Figure(f"first page of a PDF of {PAGES} pages", shown["seconds"], shown["floor"], 4.0),
        Figure("  seconds of it", shown["seconds"], None, SECOND),
        Figure("  switch to a document loaded ahead", shown["switch"], shown["floor"], 1.0),
        Figure("  scrolling it blocks the window for", shown["gap"], None, FREE_MS, "ms"),
        Figure(f"  memory, {MANY} pages against {PAGES}", many, few, 1.25, "MB"),
        Figure(f"building {PAGES} sheets blocks the window for", built["gap"], None, FREE_MS, "ms"),
        Figure("  of it the window's own work", built["own"], None, FREE_MS, "ms"),
    ]


def _viewer() -> DocumentViewer:
    from ui.widgets.document_viewer import DocumentViewer

    made = DocumentViewer()
    made.resize(*SIZE)
    made.show()
    return made


def _until_drawn(application: QApplication, viewer: DocumentViewer) -> None:
    limit = time.monotonic() + PATIENCE
    while not viewer.view.pages or viewer.view.drawing:
        application.processEvents()
        if time.monotonic() > limit:
            raise TimeoutError("a page is not drawn")


def show(_folder: Path) -> dict[str, float]:
    """Seconds to the first page, of the floor, and of a switch; the gap while scrolling."""
    from tests.bench.heartbeat import heart_during
    from tests.papers import dense
    from ui import documents
    from ui.widgets.document_viewer import Item

    application, data = window.application(), dense(PAGES)
    viewer = _viewer()
    bare, ours, switches = [], [], []
    for turn in range(ROUNDS + 1):
        viewer.clear()
        application.processEvents()
        begun = time.perf_counter()
        viewer.show_bytes(data, f"{turn}.pdf")
        _until_drawn(application, viewer)
        ours.append(time.perf_counter() - begun)
        while documents.busy():  # PDFium is for one thread at a time
            application.processEvents()
        bare.append(_bare(data, viewer.view.sharpness()))
    scrolled = heart_during(partial(_scroll, viewer), until=lambda: not viewer.view.drawing)
    viewer.wanted.connect(lambda key: viewer.give(key, data))
    viewer.show_items([Item(number, str(number)) for number in range(ROUNDS + 1)])
    for _ in range(ROUNDS):
        _until_drawn(application, viewer)
        while documents.busy():
            application.processEvents()
        begun = time.perf_counter()
        viewer.turn(1)
        _until_drawn(application, viewer)
        switches.append(time.perf_counter() - begun)
    viewer.clear()
    documents.stop()
    return {
        "seconds": median(ours[1:]),
        "floor": median(bare[1:]),
        "switch": median(switches),
        "gap": scrolled.largest_ms,
    }


def _bare(data: bytes, scale: float) -> float:
    import pypdfium2

    begun = time.perf_counter()
    document = pypdfium2.PdfDocument(data)
    document[0].render(scale=scale, prefer_bgrx=True).close()
    seconds = time.perf_counter() - begun
    document.close()
    return seconds


def _scroll(viewer: DocumentViewer) -> None:
    """Turn the wheel through the whole document, as a hand does: many small steps."""
    from tests.waiting import run_events

    bar = viewer.view.verticalScrollBar()
    for step in range(0, bar.maximum(), 400):
        bar.setValue(step)
        run_events(5)


def memory(pages: int, _folder: Path) -> dict[str, float]:
    """The most memory of a process that looks at every page of a document."""
    from tests.papers import dense
    from ui import documents

    application, data = window.application(), dense(pages)
    viewer = _viewer()
    viewer.show_bytes(data, "x.pdf")
    _until_drawn(application, viewer)
    for page in range(pages):
        viewer.view.go_to(page)
        _until_drawn(application, viewer)
    viewer.clear()
    documents.stop()
    return {"megabytes": peak_megabytes()}


def build(_folder: Path) -> dict[str, float]:
    """The gaps of the window's thread while the sheets of a quarter are drawn."""
    from tests.bench.heartbeat import heart_during
    from ui import documents
    from ui.jobs import Jobs
    from ui.widgets.preview import Preview

    window.application()
    jobs = Jobs()
    preview = Preview(jobs)
    preview.resize(*SIZE)
    preview.show()
    sheets = _sheets()
    preview.build("x", _make, sheets[:1])  # imports of the libraries are of the start
    heart_during(lambda: None, until=lambda: preview.view.pages)
    beat = heart_during(
        lambda: preview.build("x", _make, sheets), until=lambda: preview.view.pages == PAGES
    )
    jobs.stop()
    documents.stop()
    return {"gap": beat.largest_ms, "own": beat.largest_own_ms}


def _make(sheets: list[Sheet], *, cancel: Event, progress: Progress) -> Paper:
    from chemsales.reports import evaluation_sheet
    from ui.work.papers import Paper, watched

    return Paper("x.pdf", evaluation_sheet.render(sheets, "zh_CN", watched(cancel, progress)))


def _sheets() -> list[Sheet]:
    from tests.reports.samples import sheet

    return [sheet() for _ in range(PAGES)]


if __name__ == "__main__":
    child_main(
        {
            "show": show,
            "build": build,
            "few": partial(memory, PAGES),
            "many": partial(memory, MANY),
        }
    )
