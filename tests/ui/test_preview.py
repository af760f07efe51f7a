"""Reports before they go to paper: the bytes on the screen are those that are printed and saved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from chemsales.rules.errors import NotAllowed, Reason
from tests.papers import A4, dense, pdf
from tests.ui.acting import Person, button_of, dialog_of, is_open
from tests.ui.text_fit import problems
from tests.waiting import run_events
from ui import printing
from ui.dialogs.message import Message
from ui.dialogs.preview import PreviewDialog
from ui.jobs import Jobs
from ui.widgets.preview import Preview
from ui.work.papers import Paper, Part, Progress, Stopped, file_name, paths

LONG = 30_000
Dialogs = Callable[[], list[QDialog]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture
def preview(qtbot: QtBot, jobs: Jobs) -> Preview:
    made = Preview(jobs)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


def show(preview: Preview, data: bytes, qtbot: QtBot, *parts: Part) -> None:
    with qtbot.waitSignal(preview.ready, timeout=LONG):
        preview.show_paper(Paper("申请表.pdf", data, parts))


def to_file(path: Path) -> QPrinter:
    """A printer that prints into a file."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_saves_the_very_bytes_shown(preview: Preview, qtbot: QtBot, folder: Path) -> None:
    data = pdf(3)
    assert not preview.print_button.isEnabled()
    show(preview, data, qtbot)
    assert (preview.tools.number.text(), preview.tools.of.text()) == ("1", "/ 3")
    with qtbot.waitSignal(preview.saved, timeout=LONG):
        preview.save_to(folder / "out.pdf")
    assert (folder / "out.pdf").read_bytes() == data
    assert preview.view.document is not None
    assert preview.view.document.data == data
    assert list(folder.iterdir()) == [folder / "out.pdf"]


def test_the_folder_of_the_last_file_is_offered_again(
    preview: Preview, qtbot: QtBot, folder: Path
) -> None:
    show(preview, pdf(1), qtbot)
    preview.ask_save()
    with qtbot.waitSignal(preview.saved, timeout=LONG):
        dialog_of(QFileDialog).fileSelected.emit(str(folder / "a.pdf"))
    dialog_of(QFileDialog).reject()
    preview.ask_save()
    chooser = dialog_of(QFileDialog)
    assert chooser.directory().absolutePath() == str(folder)
    assert [Path(name).name for name in chooser.selectedFiles()] == ["申请表.pdf"]
    chooser.reject()


def test_a_file_that_cannot_be_written_is_told_and_the_old_one_stays(
    preview: Preview, qtbot: QtBot, folder: Path
) -> None:
    show(preview, pdf(1), qtbot)
    preview.save_to(folder / "no folder" / "out.pdf")
    qtbot.waitUntil(lambda: is_open(Message), timeout=LONG)
    dialog_of(Message).close()
    (folder / "out.pdf").mkdir()
    preview.save_to(folder / "out.pdf")
    qtbot.waitUntil(lambda: is_open(Message), timeout=LONG)
    dialog_of(Message).close()
    assert [path.name for path in folder.iterdir()] == ["out.pdf"]
    assert preview.print_button.isEnabled()


@pytest.mark.parametrize("size", [A4, (A4[1], A4[0])], ids=["upright", "across"])
def test_prints_every_page_in_its_size(
    size: tuple[float, float], preview: Preview, qtbot: QtBot, folder: Path
) -> None:
    show(preview, pdf(3, size), qtbot)
    with qtbot.waitSignal(preview.printed, timeout=60_000) as printed:
        preview.print_to(to_file(folder / "printed.pdf"))
    assert printed.args == [True]
    paper = pypdfium2.PdfDocument(folder / "printed.pdf")
    assert len(paper) == 3
    assert paper[0].get_size() == pytest.approx(size, abs=1.5)
    shown = pypdfium2.PdfDocument(preview.data)
    for page in range(3):
        ours, theirs = (d[page].render(scale=0.5).to_pil().convert("L") for d in (paper, shown))
        assert ours.size == pytest.approx(theirs.size, abs=1)
        box = (0, 0, min(ours.width, theirs.width), min(ours.height, theirs.height))
        one, other = (image.crop(box).tobytes() for image in (ours, theirs))
        other_than = sum(abs(a - b) > 100 for a, b in zip(one, other, strict=True))
        assert other_than < 0.005 * len(one)
    paper.close()


def test_prints_a_range_of_pages(preview: Preview, qtbot: QtBot, folder: Path) -> None:
    show(preview, pdf(5), qtbot)
    printer = to_file(folder / "printed.pdf")
    printer.setFromTo(2, 3)
    with qtbot.waitSignal(preview.printed, timeout=60_000):
        preview.print_to(printer)
    assert len(pypdfium2.PdfDocument((folder / "printed.pdf").read_bytes())) == 2


def test_prints_off_the_windows_thread_and_tells_how_far_it_is(
    preview: Preview, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[str] = set()
    original = printing._print

    def spy(*args: object) -> bool:
        threads.add(threading.current_thread().name)
        return original(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(printing, "_print", spy)
    told: list[tuple[int, int]] = []
    show(preview, pdf(3), qtbot)
    with qtbot.waitSignal(preview.printed, timeout=60_000):
        preview.print_to(to_file(folder / "printed.pdf"))
        assert preview._run is not None
        assert preview.strip.isVisible()
        preview._run.progressed.connect(lambda done, pages: told.append((done, pages)))
    assert threads == {"documents-0"}
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert not preview.strip.isVisible()


def test_cancelled_printing_leaves_no_half_paper(
    preview: Preview, qtbot: QtBot, folder: Path, dialogs: Dialogs
) -> None:
    show(preview, dense(12), qtbot)
    with qtbot.waitSignal(preview.printed, timeout=60_000) as printed:
        preview.print_to(to_file(folder / "printed.pdf"))
        Person().click(preview.strip.cancel)
    assert printed.args == [False]
    assert list(folder.iterdir()) == []
    assert dialogs() == []  # it was the person's own wish
    with qtbot.waitSignal(preview.printed, timeout=60_000) as printed:
        preview.print_to(to_file(folder / "again.pdf"))
    assert printed.args == [True]


def test_printing_goes_on_when_the_preview_is_closed(
    jobs: Jobs, qtbot: QtBot, folder: Path
) -> None:
    preview = Preview(jobs)
    preview.resize(600, 700)
    preview.show()
    show(preview, pdf(6), qtbot)
    preview.print_to(to_file(folder / "printed.pdf"))
    preview.close()
    preview.deleteLater()
    qtbot.waitUntil(lambda: not printing._running, timeout=60_000)
    assert len(pypdfium2.PdfDocument((folder / "printed.pdf").read_bytes())) == 6


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_refuses_is_told(preview: Preview, qtbot: QtBot, folder: Path) -> None:
    show(preview, pdf(1), qtbot)
    with qtbot.waitSignal(preview.printed, timeout=LONG) as printed:
        preview.print_to(to_file(folder / "no folder" / "printed.pdf"))
    assert printed.args == [False]
    dialog_of(Message).close()


def test_the_printer_and_its_sides_are_offered_again(
    preview: Preview, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(preview, pdf(1), qtbot)
    both = QPrinter.DuplexMode.DuplexLongSide
    with monkeypatch.context() as patch:
        patch.setattr(printing.QPrinter, "printerName", lambda _printer: "HP 前台")
        patch.setattr(printing.QPrinter, "duplex", lambda _printer: both)
        with qtbot.waitSignal(preview.printed, timeout=LONG):
            preview.print_to(to_file(folder / "x.pdf"))
    wanted: list[object] = []
    monkeypatch.setattr(printing.QPrinter, "setDuplex", lambda _printer, mode: wanted.append(mode))
    asked: list[str] = []

    def info(name: str) -> QPrinterInfo:
        asked.append(name)
        return QPrinterInfo()

    monkeypatch.setattr(printing.QPrinterInfo, "availablePrinterNames", lambda: ["HP 前台"])
    monkeypatch.setattr(printing.QPrinterInfo, "printerInfo", info)
    preview.ask_print()
    assert (asked, wanted) == (["HP 前台"], [both])
    dialog_of(QPrintDialog).reject()


# -- pages and parts -------------------------------------------------------------------------------


def test_the_list_of_pages_leads_to_them_and_follows(preview: Preview, qtbot: QtBot) -> None:
    show(preview, pdf(4, titles=True), qtbot)
    assert [preview.list.item(n).text() for n in range(4)][1] == "2  甲公司 2"
    preview.list.setFocus()
    qtbot.keyClick(preview.list, Qt.Key.Key_Down)
    assert preview.view.page == 1
    preview.view.go_to(3)
    assert preview.list.currentRow() == 3
    show(preview, pdf(1), qtbot)
    assert not preview.list.isVisible()


def test_a_long_name_in_the_list_of_pages_is_read_to_its_end(
    preview: Preview, qtbot: QtBot
) -> None:
    show(preview, pdf(3, titles=True), qtbot)
    name = "恒力石化（大连）化学材料销售股份有限公司第二分公司"
    preview.list.item(1).setText(f"2  {name}")
    qtbot.waitUntil(lambda: preview.list.visualItemRect(preview.list.item(1)).height() > 40)
    assert problems(preview.list) == []


HOSTILE = "<img src='/tmp/x'>/../\u202e甲:公司|*?"


def parts() -> list[Part]:
    return [
        Part(f"2026Q3 K{n} {HOSTILE}", lambda n=n: pdf(1) + b"%" + str(n).encode())
        for n in range(3)
    ]


def test_saves_a_file_for_each_customer(preview: Preview, qtbot: QtBot, folder: Path) -> None:
    show(preview, pdf(3), qtbot)
    assert not preview.parts_button.isVisible()
    show(preview, pdf(3), qtbot, *parts())
    assert preview.parts_button.isVisible()
    with qtbot.waitSignal(preview.saved, timeout=LONG):
        preview.save_parts_to(folder)
    written = sorted(folder.iterdir())
    assert len(written) == 3
    for number, path in enumerate(written):
        assert path.name.startswith(f"2026Q3 K{number} _img src='_tmp_x'_")
        assert path.read_bytes().endswith(b"%" + str(number).encode())
    # a second time it asks before it replaces anything
    written[1].write_bytes(b"old")
    preview.save_parts_to(folder)
    question = dialog_of(Message)
    assert written[1].read_bytes() == b"old"
    with qtbot.waitSignal(preview.saved, timeout=LONG):
        Person().click(button_of(question, "替换"))
    assert written[1].read_bytes() != b"old"


def test_cancelled_between_two_files(preview: Preview, qtbot: QtBot, folder: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> bytes:
        begun.set()
        assert go_on.wait(LONG)
        return pdf(1)

    show(preview, pdf(2), qtbot, Part("a", slow), Part("b", slow))
    with qtbot.waitSignal(preview.ended, timeout=LONG):
        preview.save_parts_to(folder)
        qtbot.waitUntil(begun.is_set, timeout=LONG)
        Person().click(preview.strip.cancel)
        go_on.set()
    assert [path.name for path in folder.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize(
    ("stem", "made"),
    [
        ("客户评审表 2026Q3", "客户评审表 2026Q3.pdf"),
        ("../../etc/passwd", "_.._etc_passwd.pdf"),
        ("C:\\x\\y", "C__x_y.pdf"),
        ("con", "_con.pdf"),
        ("LPT1.x", "_LPT1.x.pdf"),
        ("a\u202egnp.exe", "agnp.exe.pdf"),
        (" . ", "_.pdf"),
        ("", "_.pdf"),
        ("a\nb\x00\tc", "abc.pdf"),
        ("x:y", "x_y.pdf"),
        ("名" * 300, "名" * 66 + ".pdf"),
        ("\U0001f600" * 200, "\U0001f600" * 50 + ".pdf"),
    ],
)
def test_names_that_every_system_takes(stem: str, made: str) -> None:
    assert file_name(stem) == made


def test_parts_with_one_name_are_numbered() -> None:
    found = paths(Path("x"), [Part(name, bytes) for name in ("甲", "甲", "甲 ", "乙")])
    assert [path.name for path in found] == ["甲.pdf", "甲 (2).pdf", "甲 (3).pdf", "乙.pdf"]


# -- building --------------------------------------------------------------------------------------


class Making:
    """A report that is drawn page by page when the test says so."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.thread, self.stopped = "", False

    def make(self, pages: int, *, cancel: threading.Event, progress: Progress) -> Paper:
        self.thread = threading.current_thread().name
        progress(1, pages)
        self.begun.set()
        assert self.go_on.wait(LONG)
        if cancel.is_set():
            self.stopped = True
            raise Stopped
        return Paper("x.pdf", pdf(pages))


def test_builds_off_the_windows_thread_with_progress(preview: Preview, qtbot: QtBot) -> None:
    making = Making()
    preview.build("绘制", making.make, 4)
    qtbot.waitUntil(making.begun.is_set, timeout=LONG)
    qtbot.waitUntil(lambda: preview.strip.bar.value() == 250, timeout=LONG)
    assert preview.strip.isVisible()
    assert "绘制" in preview.empty.label.text()
    assert not preview.print_button.isEnabled()
    with qtbot.waitSignal(preview.ready, timeout=LONG):
        making.go_on.set()
    assert making.thread.startswith("read-")
    assert preview.view.pages == 4
    qtbot.waitUntil(lambda: not preview.strip.isVisible(), timeout=LONG)


def test_a_cancelled_building_shows_a_sentence_and_nothing_else(
    preview: Preview, qtbot: QtBot
) -> None:
    making = Making()
    preview.build("绘制", making.make, 4)
    qtbot.waitUntil(making.begun.is_set, timeout=LONG)
    Person().click(preview.strip.cancel)
    with qtbot.waitSignal(preview.ended, timeout=LONG):
        making.go_on.set()
    assert making.stopped
    assert "已停止" in preview.empty.label.text()
    assert preview.data == b""
    assert not preview.print_button.isEnabled()


def test_the_newest_building_alone_is_shown(preview: Preview, qtbot: QtBot) -> None:
    first, second = Making(), Making()
    preview.build("甲", first.make, 1)
    qtbot.waitUntil(first.begun.is_set, timeout=LONG)
    preview.build("乙", second.make, 2)
    second.go_on.set()
    with qtbot.waitSignal(preview.ready, timeout=LONG):
        first.go_on.set()
    qtbot.waitUntil(lambda: first.stopped, timeout=LONG)
    run_events(20)
    assert preview.view.pages == 2


def test_a_refused_building_says_why(preview: Preview, qtbot: QtBot) -> None:
    def refuse(*, cancel: threading.Event, progress: Progress) -> Paper:
        raise NotAllowed(Reason("reason.document_empty"))

    with qtbot.waitSignal(preview.ended, timeout=LONG):
        preview.build("绘制", refuse)
    assert "没有任何一页" in preview.empty.label.text()


def test_a_preview_closed_while_it_is_built_stops_the_building(jobs: Jobs, qtbot: QtBot) -> None:
    making, parent = Making(), QWidget()
    qtbot.addWidget(parent)
    dialog = PreviewDialog("申请表", jobs, making.make, 3, parent=parent)
    dialog.open()
    qtbot.waitUntil(making.begun.is_set, timeout=LONG)
    dialog.reject()
    making.go_on.set()
    qtbot.waitUntil(lambda: not jobs.busy, timeout=LONG)
    assert making.stopped


def test_ctrl_p_prints_and_everything_has_a_name(preview: Preview, qtbot: QtBot) -> None:
    show(preview, pdf(2), qtbot, *parts())
    preview.view.setFocus()
    qtbot.keyClick(preview.view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog_of(QPrintDialog).reject()
    named = [*preview.tools.buttons, preview.parts_button, preview.print_button, preview.list]
    assert all(made.accessibleName() for made in (*named, preview.strip.cancel, preview.strip.bar))
