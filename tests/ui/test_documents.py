"""Scans and PDFs beside a form: what is shown, turned, enlarged; drawn off the window's thread."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.papers import A4, dense, flood, form_pdf, pdf, picture, svg
from tests.waiting import run_events
from ui import document_pages
from ui.documents import Document
from ui.widgets.document_viewer import DocumentViewer, Item
from ui.widgets.page_images import PIXELS_PER_POINT
from ui.widgets.pages_view import Fit, PagesView

LONG = 20_000  # milliseconds: a limit for what never comes, not for how fast it comes


@pytest.fixture
def viewer(qtbot: QtBot) -> DocumentViewer:
    made = DocumentViewer()
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def show(viewer: DocumentViewer, data: bytes, qtbot: QtBot, name: str = "执照.pdf") -> PagesView:
    with qtbot.waitSignal(viewer.ready, timeout=LONG):
        viewer.show_bytes(data, name)
    drawn(viewer, qtbot)
    return viewer.view


def drawn(viewer: DocumentViewer, qtbot: QtBot) -> None:
    """Wait until what is looked at is drawn."""
    qtbot.waitUntil(lambda: not viewer.view.drawing, timeout=LONG)


def darkness(view: PagesView, page: int = 0) -> list[bool]:
    """Which quarters of a page are dark on the screen: upper left and right, lower right, left."""
    image = view.viewport().grab().toImage()
    place = view.page_rect(page).translated(-view._offset())
    places = ((1, 1), (3, 1), (3, 3), (1, 3))
    found = []
    for across, down in places:
        x = place.left() + place.width() * across // 4
        y = place.top() + place.height() * down // 4
        found.append(image.pixelColor(x, y).lightness() < 60)
    return found


KINDS = [
    (pdf(3), 3),
    (b"\xef\xbb\xbf\n" + pdf(1), 1),
    (picture(), 1),
    (picture("JPEG"), 1),
    (picture("TIFF"), 1),
    (picture("TIFF", pages=4), 4),
    (picture("BMP"), 1),
    (picture("PNG", (3000, 2600)), 1),
]
NAMES = ["pdf", "pdf after a mark", "png", "jpeg", "tiff", "tiff of four pages", "bmp", "large png"]


@pytest.mark.parametrize(("data", "pages"), KINDS, ids=NAMES)
def test_shows(data: bytes, pages: int, viewer: DocumentViewer, qtbot: QtBot) -> None:
    view = show(viewer, data, qtbot)
    assert view.pages == pages
    assert viewer.tools.number.text() == "1"
    assert viewer.tools.of.text() == f"/ {pages}"
    assert viewer.name.text() == "执照.pdf"
    assert darkness(view) == [True, False, False, False]


def test_shows_what_is_filled_in_a_form_of_a_pdf(viewer: DocumentViewer, qtbot: QtBot) -> None:
    view = show(viewer, form_pdf("MMMMM"), qtbot)
    view.zoom_to(1.0)
    drawn(viewer, qtbot)
    image = view.viewport().grab().toImage()
    inked = [
        image.pixelColor(x, y).lightness() < 120
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    ]
    assert sum(inked) > 100


LOCKED, DAMAGED, EMPTY, FLOOD = "已加密", "已损坏", "没有任何一页", "尺寸过大"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"%PDF-1.7 broken", DAMAGED),
        (b"", EMPTY),
        (b"not a picture", DAMAGED),
        (picture()[:60], DAMAGED),
        (b"MZ\x90\x00", DAMAGED),
        (pdf(password="x"), LOCKED),
        (flood(), FLOOD),
        (svg("/etc/passwd"), DAMAGED),
        (bytes(4 * document_pages.LARGEST + 1), "文件过大"),
    ],
    ids=["pdf", "nothing", "text", "half a picture", "program", "locked", "flood", "svg", "large"],
)
def test_a_plain_sentence_stands_in_the_place_of_what_cannot_be_shown(
    data: bytes, told: str, viewer: DocumentViewer, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(viewer.ready, timeout=LONG):
        viewer.show_bytes(data, "x.pdf")
    assert viewer.empty.isVisible()
    assert told in viewer.empty.label.text()
    assert not any(made.isEnabled() for made in viewer.tools.buttons)
    show(viewer, pdf(1), qtbot)  # and the next one shows
    assert viewer.view.isVisible()


def test_a_page_that_is_damaged_is_told_in_its_place(
    viewer: DocumentViewer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = document_pages.PdfPages.draw

    def draw(self: object, page: int, *args: object) -> QImage:
        if page == 0:
            raise RuntimeError("damaged")
        return whole(self, page, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(document_pages.PdfPages, "draw", draw)
    view = show(viewer, pdf(2), qtbot)
    assert view.images.is_broken(0)
    view.go_to(1)
    drawn(viewer, qtbot)
    assert darkness(view, 1)[0]


def test_turns_zooms_fits_and_goes_to_pages(viewer: DocumentViewer, qtbot: QtBot) -> None:
    view = show(viewer, pdf(5), qtbot)
    upright = view.page_rect(0).size()
    view.rotate()
    assert view.page_rect(0).width() == pytest.approx(upright.width(), abs=2)  # fits still
    assert view.page_rect(0).height() < upright.height()
    drawn(viewer, qtbot)
    assert darkness(view) == [False, True, False, False]
    for _ in range(3):
        view.rotate()
    before = view.zoom
    view.zoom_by(2)
    assert view.zoom == pytest.approx(2 * before)
    view.set_fit(Fit.PAGE)
    assert view.page_rect(0).height() <= view.viewport().height()
    view.zoom_to(1.0)
    assert view.page_rect(0).width() == pytest.approx(A4[0] * PIXELS_PER_POINT, abs=1)
    assert viewer.tools.percent.text() == "100 %"
    view.go_to(3)
    assert viewer.tools.number.text() == "4"


@pytest.mark.parametrize("rotation", [0, 1, 2, 3])
@pytest.mark.parametrize("data", [pdf(1), picture("PNG", (1600, 1200))], ids=["pdf", "picture"])
def test_a_page_much_enlarged_is_drawn_in_squares_that_join(
    data: bytes, rotation: int, viewer: DocumentViewer, qtbot: QtBot
) -> None:
    view = show(viewer, data, qtbot)
    for _ in range(rotation):
        view.rotate()
    view.zoom_to(5.0)
    place = view.page_rect(0)
    view.verticalScrollBar().setValue(place.center().y() - view.viewport().height() // 2)
    view.horizontalScrollBar().setValue(place.center().x() - view.viewport().width() // 2)
    run_events(10)
    drawn(viewer, qtbot)
    assert all(piece.part is not None for piece in view.images._wanted)
    image = view.viewport().grab().toImage()
    centre = view.page_rect(0).translated(-view._offset()).center()
    dark = [
        image.pixelColor(centre.x() + x, centre.y() + y).lightness() < 60
        for x, y in ((-40, -40), (40, -40), (40, 40), (-40, 40))
    ]
    assert dark == [n == rotation for n in range(4)]
    assert view.images.bytes < 60_000_000


def test_the_keys_do_what_the_buttons_do(viewer: DocumentViewer, qtbot: QtBot) -> None:
    view = show(viewer, pdf(5), qtbot)
    view.setFocus()

    def press(key: Qt.Key) -> None:
        qtbot.keyClick(view, key)

    press(Qt.Key.Key_End)
    assert view.page == 4
    press(Qt.Key.Key_Home)
    assert view.page == 0
    press(Qt.Key.Key_Right)
    assert view.page == 1
    press(Qt.Key.Key_Left)
    assert view.page == 0
    press(Qt.Key.Key_P)
    assert view.fit is Fit.PAGE
    press(Qt.Key.Key_PageDown)
    press(Qt.Key.Key_PageDown)
    assert view.page == 2
    press(Qt.Key.Key_PageUp)
    assert view.page == 1
    press(Qt.Key.Key_W)
    assert view.fit is Fit.WIDTH
    wide = view.zoom
    press(Qt.Key.Key_Plus)
    assert view.zoom > wide
    press(Qt.Key.Key_Minus)
    assert view.zoom == pytest.approx(wide)
    press(Qt.Key.Key_1)
    assert view.zoom == 1.0
    press(Qt.Key.Key_R)
    assert view.rotation == 90
    down = view.verticalScrollBar().value()
    press(Qt.Key.Key_Down)
    assert view.verticalScrollBar().value() > down
    viewer.tools.number.setFocus()
    viewer.tools.number.selectAll()
    qtbot.keyClicks(viewer.tools.number, "99")
    qtbot.keyClick(viewer.tools.number, Qt.Key.Key_Return)
    assert view.page == 4
    assert viewer.tools.number.text() == "5"


def test_the_mouse_drags_and_control_wheel_zooms_where_it_points(
    viewer: DocumentViewer, qtbot: QtBot
) -> None:
    view = show(viewer, pdf(2), qtbot)
    view.zoom_to(2.0)
    at = QPoint(50, 60)
    place = view._place_of(at)
    spot = QPointF(view.viewport().mapTo(viewer, at))
    control = Qt.KeyboardModifier.ControlModifier
    QTest.wheelEvent(viewer.windowHandle(), spot, QPoint(0, 120), QPoint(), control)
    assert view.zoom == pytest.approx(2.2)
    after = view._place_of(at)
    assert place is not None and after is not None
    assert (after[1] - place[1]).manhattanLength() < 0.01
    before = view._offset()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(view.viewport(), QPoint(170, 150))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(170, 150))
    assert view._offset() - before == QPoint(30, 50)


def test_the_magnifier_shows_the_place_larger(viewer: DocumentViewer, qtbot: QtBot) -> None:
    view = show(viewer, pdf(1), qtbot)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Z)
    assert view.magnifying
    at = view.page_rect(0).center() - view._offset() - QPoint(10, 10)
    QTest.mouseMove(view.viewport(), at)
    run_events(10)
    drawn(viewer, qtbot)
    image = view.viewport().grab().toImage()
    # 10 pixels beside the middle of the page are 25 in the glass, which reaches far beyond them
    assert image.pixelColor(at + QPoint(20, 20)).lightness() < 60
    assert image.pixelColor(at + QPoint(60, 40)).lightness() > 200
    qtbot.keyClick(view, Qt.Key.Key_Z)
    assert not view.magnifying


def test_keeps_only_the_pages_beside_the_one_looked_at(
    viewer: DocumentViewer, qtbot: QtBot
) -> None:
    view = show(viewer, pdf(30), qtbot)
    for page in range(30):
        view.go_to(page)
        run_events(10)
        assert view.images.kept <= len(view._visible()) + 2
    drawn(viewer, qtbot)
    view.go_to(10)
    drawn(viewer, qtbot)
    qtbot.waitUntil(lambda: not view.images._wishes, timeout=LONG)
    near = {piece.page for piece in view.images._images}
    assert near == {view._visible()[0] - 1, *view._visible(), view._visible()[-1] + 1}


def test_two_hundred_pages_take_no_more_memory_than_ten(
    viewer: DocumentViewer, qtbot: QtBot
) -> None:
    most = {}
    for pages in (10, 200):
        view = show(viewer, dense(pages), qtbot)
        taken = []
        for page in range(0, pages, max(1, pages // 20)):
            view.go_to(page)
            run_events(5)
            drawn(viewer, qtbot)
            taken.append(view.images.bytes)
        most[pages] = max(taken)
    assert most[200] <= 1.2 * most[10]


# -- several documents -----------------------------------------------------------------------------


class Shelf:
    """Documents behind a viewer, and what it asked for; they are given when the test says so."""

    def __init__(self, viewer: DocumentViewer, documents: dict[str, bytes]) -> None:
        self.viewer, self.documents = viewer, documents
        self.asked: list[str] = []
        self.dropped: list[str] = []
        viewer.wanted.connect(self.asked.append)
        viewer.unwanted.connect(self.dropped.append)
        viewer.show_items([Item(key, key.upper(), f"{key}.pdf") for key in documents])

    def give(self) -> None:
        for key in self.asked[:]:
            self.asked.remove(key)
            if key not in self.dropped:
                self.viewer.give(key, self.documents[key])


def five() -> dict[str, bytes]:
    return {key: pdf(number) for number, key in enumerate("abcde", start=1)}


def settled(viewer: DocumentViewer, shelf: Shelf, qtbot: QtBot) -> None:
    """Answer the viewer until it wants nothing more and everything is drawn."""

    def rest() -> bool:
        shelf.give()
        opening = any(not d.sizes for d in viewer._shelf.values())
        return not (shelf.asked or opening or viewer.view.drawing or viewer.view.images._wishes)

    qtbot.waitUntil(rest, timeout=LONG)


def test_the_next_document_is_ready_before_it_is_wanted(
    viewer: DocumentViewer, qtbot: QtBot
) -> None:
    viewer.view.set_fit(Fit.PAGE)
    shelf = Shelf(viewer, five())
    settled(viewer, shelf, qtbot)
    assert set(viewer._shelf) == {"a", "b"}
    ahead = viewer._shelf["b"].number
    assert any(piece.number == ahead for piece in viewer.view.images._images)
    with qtbot.waitSignal(viewer.ready, timeout=LONG):
        qtbot.keyClick(viewer, Qt.Key.Key_F8)
    assert viewer.key == "b"  # at once: nothing was asked for and nothing waited for
    assert viewer.view.pages == 2
    run_events(1)
    assert darkness(viewer.view)[0]
    settled(viewer, shelf, qtbot)
    assert set(viewer._shelf) == {"a", "b", "c"}


def test_keys_turn_to_the_document_before_and_after_and_round(
    viewer: DocumentViewer, qtbot: QtBot
) -> None:
    shelf = Shelf(viewer, five())
    settled(viewer, shelf, qtbot)
    seen = []
    for key in (Qt.Key.Key_F8, Qt.Key.Key_F8, Qt.Key.Key_F7, Qt.Key.Key_F7, Qt.Key.Key_F7):
        qtbot.keyClick(viewer, key)
        settled(viewer, shelf, qtbot)
        seen.append((viewer.key, viewer.view.pages))
        assert [tab.isChecked() for tab in viewer.tabs].index(True) == "abcde".index(viewer.key)
    assert seen == [("b", 2), ("c", 3), ("b", 2), ("a", 1), ("e", 5)]


def test_only_the_last_of_documents_switched_quickly_is_shown(
    viewer: DocumentViewer, qtbot: QtBot
) -> None:
    shown: list[int] = []
    shelf = Shelf(viewer, five())
    viewer.view.page_changed.connect(shown.append)
    for _ in range(3):
        viewer.turn(1)
    assert viewer.key == "d"
    assert "b" in shelf.dropped
    for key in "bca":  # late answers to what is not wanted any more
        viewer.give(key, shelf.documents[key])
        assert viewer.view.document is None
    settled(viewer, shelf, qtbot)
    assert viewer.view.pages == 4
    assert viewer.name.text() == "d.pdf"
    assert set(viewer._shelf) <= {"c", "d", "e"}


def test_how_a_document_is_turned_is_kept_while_it_is_offered(
    viewer: DocumentViewer, qtbot: QtBot
) -> None:
    shelf = Shelf(viewer, five())
    settled(viewer, shelf, qtbot)
    viewer.view.rotate()
    turned = []
    for _ in range(5):
        viewer.turn(1)
        settled(viewer, shelf, qtbot)
        turned.append(viewer.view.rotation)
    assert turned == [0, 0, 0, 0, 90]
    viewer.show_items(viewer.items)  # read again: what is looked at stays
    assert (viewer.key, viewer.view.rotation) == ("a", 90)
    viewer.show_items([Item("z", "Z")])
    assert viewer._turned == {}


def test_a_document_that_cannot_be_read_does_not_hold_up_the_others(
    viewer: DocumentViewer, qtbot: QtBot
) -> None:
    shelf = Shelf(viewer, {"a": pdf(1), "b": b"rubbish", "c": pdf(3)})
    settled(viewer, shelf, qtbot)
    qtbot.waitUntil(lambda: "b" in viewer._trouble, timeout=LONG)
    viewer.turn(1)
    assert DAMAGED in viewer.empty.label.text()
    settled(viewer, shelf, qtbot)
    viewer.turn(1)
    settled(viewer, shelf, qtbot)
    assert viewer.view.pages == 3
    viewer.refuse("c", "给不了")
    assert viewer.empty.label.text() == "给不了"


HOSTILE = [
    '<img src="/etc/passwd">.pdf',
    "../../../../etc/passwd",
    "C:\\Windows\\con.pdf",
    "\u202egnp.exe",
    "名" * 300,
    "a\nb\tc.pdf",
    "&amp; %1 {0} {name}",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_files_are_letters_and_nothing_else(
    name: str, viewer: DocumentViewer, qtbot: QtBot
) -> None:
    show(viewer, pdf(1), qtbot, "x")
    width = viewer.minimumSizeHint().width()
    show(viewer, pdf(1), qtbot, name)
    assert viewer.name.text() == " ".join(name.split())
    assert viewer.name.toolTip().startswith("<qt>")
    assert "<img" not in viewer.name.toolTip()
    assert viewer.minimumSizeHint().width() == width


# -- threads and ends ------------------------------------------------------------------------------


def test_everything_is_drawn_on_the_documents_thread_alone(
    viewer: DocumentViewer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()
    for kind in (document_pages.PdfPages, document_pages.PicturePages):
        for name in ("__init__", "draw", "close"):
            original: Callable[..., object] = getattr(kind, name)

            def spy(*args: object, original: Callable[..., object] = original) -> object:
                threads.add(threading.current_thread().name)
                return original(*args)

            monkeypatch.setattr(kind, name, spy)
    for data in (pdf(2), picture()):
        show(viewer, data, qtbot)
    viewer.clear()
    document = Document(pdf(1))
    with qtbot.waitSignal(document.opened, timeout=LONG):
        pass
    assert threads == {"documents-0"}


def test_a_closed_document_draws_nothing_more(qtbot: QtBot) -> None:
    document, other = Document(pdf(2)), Document(pdf(1))
    with qtbot.waitSignals([document.opened, other.opened], timeout=LONG):
        pass
    seen: list[object] = []
    document.drawn.connect(lambda *args: seen.append(args))
    document.draw(0, 1.0, 0, "tag")
    document.close()
    with qtbot.waitSignal(other.drawn, timeout=LONG):  # it was asked for later on the same thread
        other.draw(0, 1.0, 0, "tag")
    assert seen == []


def test_a_window_closed_while_it_is_drawing_leaves_nothing_behind(qtbot: QtBot) -> None:
    from ui import documents

    other = Document(pdf(1))
    with qtbot.waitSignal(other.opened, timeout=LONG):
        pass
    held = len(documents._held)
    for _ in range(5):
        viewer = DocumentViewer()
        viewer.resize(500, 600)
        viewer.show()
        with qtbot.waitSignal(viewer.ready, timeout=LONG):
            viewer.show_bytes(dense(5), "x")
        run_events(1)
        assert viewer.view.drawing
        viewer.close()
        viewer.deleteLater()
        del viewer
        run_events(1)
        gc.collect()
    with qtbot.waitSignal(other.drawn, timeout=LONG):
        other.draw(0, 1.0, 0, "after them")
    assert len(documents._held) == held


def test_drawings_of_pages_scrolled_past_are_not_made(
    viewer: DocumentViewer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = show(viewer, dense(60), qtbot)
    pages: list[int] = []
    original = document_pages.PdfPages.draw

    def draw(self: object, page: int, *args: object) -> QImage:
        pages.append(page)
        return original(self, page, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(document_pages.PdfPages, "draw", draw)
    for page in range(60):
        view.go_to(page)
        view.viewport().repaint()
    drawn(viewer, qtbot)
    qtbot.waitUntil(lambda: not view.images._wishes, timeout=LONG)
    assert len(pages) < 40
    assert {59, 58} <= set(pages)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_of_the_pages_offers_all_of_it(viewer: DocumentViewer, qtbot: QtBot) -> None:
    view = show(viewer, pdf(3), qtbot)
    names = [action.text() for action in view.actions()]
    assert len(names) == len(viewer.tools.buttons) + 1
    view.actions()[names.index("顺时针旋转")].trigger()
    assert view.rotation == 90
    view.actions()[names.index("放大镜")].trigger()
    assert view.magnifying


def test_every_part_of_the_viewer_has_a_name(viewer: DocumentViewer, qtbot: QtBot) -> None:
    show(viewer, pdf(2), qtbot)
    buttons = [viewer.before, viewer.after, *viewer.tools.buttons]
    assert all(made.accessibleName() for made in buttons)
    assert viewer.view.accessibleName()
    assert viewer.tools.number.accessibleName()


def test_pixels_of_parts_and_wholes_agree() -> None:
    """A square of a page drawn alone is the same as cut out of the whole."""
    pages = document_pages.open_pages(dense(1))
    whole = pages.draw(0, 1.5, 90, None)
    part = QRect(300, 200, 256, 256)
    alone = pages.draw(0, 1.5, 90, part)
    pages.close()
    assert alone.size() == part.size()
    cut = whole.copy(part)
    different = sum(
        abs(cut.pixelColor(x, y).lightness() - alone.pixelColor(x, y).lightness()) > 40
        for x in range(0, 256, 4)
        for y in range(0, 256, 4)
    )
    assert different < 0.02 * 64 * 64


def test_a_file_on_disk_is_never_opened_by_what_is_shown(
    viewer: DocumentViewer, qtbot: QtBot, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture())
    with qtbot.waitSignal(viewer.ready, timeout=LONG):
        viewer.show_bytes(svg(str(secret)), "x.svg")
    assert DAMAGED in viewer.empty.label.text()
