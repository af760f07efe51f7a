"""The scan stands beside the fields that are typed from it: of files just chosen, of a paper that
is described, of a licence (C7.1, C15.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.roles import Role
from chemsales.words import label
from tests.factory import PDF, draft_of, make_application, session_of
from tests.factory_licences import verdict
from tests.furnishing import application, expiring, furnish, paper, record_paper, scan
from tests.papers import pdf
from tests.scenes import Stage, scenes
from tests.ui.acting import dialog_of, drop, key
from tests.ui.conftest import SIZE
from tests.ui.reviewing import NAME, dialog_of_application
from tests.ui.text_fit import problems
from ui import memory, tab_order, theme
from ui.dialogs.attach import AttachDialog, DescribeDialog
from ui.dialogs.licence import LicenceDialog
from ui.dialogs.scan_form import ScanFormDialog
from ui.main_window import MainWindow
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.labels import Badge
from ui.widgets.split import PAUSE_MS

MANAGER = Role.ACCOUNT_MANAGER
Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def shows(viewer: DocumentViewer, data: bytes, qtbot: QtBot) -> bool:
    """Whether these bytes are looked at, once something is."""
    qtbot.waitUntil(lambda: viewer.view.pages > 0, timeout=20_000)
    assert viewer.view.document is not None and viewer.view.isVisible()
    return viewer.view.document.data == data


def tells(viewer: DocumentViewer, text: str, qtbot: QtBot) -> None:
    """Nothing is shown but why."""
    qtbot.waitUntil(lambda: text in viewer.empty.label.text(), timeout=20_000)
    assert viewer.empty.isVisible() and viewer.view.pages == 0


def at(dialog: QDialog, field: QWidget) -> bool:
    """Whether the cursor stands in this field."""
    return dialog.focusWidget() in (field, *field.findChildren(QWidget))


def test_c7_1_the_file_that_is_typed_of_stands_beside_its_fields(
    open_window: Open, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    """The first one from the start, with the cursor in its first field; the next one as soon as the
    cursor comes to its fields; of what could not be attached, why."""
    files = {"营业执照.pdf": pdf(3), "开票资料.pdf": pdf(2), "其他.pdf": b"MZ" + PDF}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    made = make_application(session_of("am"), draft_of(NAME), ())
    dialog = dialog_of_application(open_window(MANAGER, "customers"), made, settle)
    dialog.attach([tmp_path / name for name in files])
    asked = dialog_of(AttachDialog)
    assert isinstance(asked, AttachDialog)
    assert shows(asked.viewer, files["营业执照.pdf"], qtbot)
    assert asked.viewer.name.text() == "营业执照.pdf"
    assert at(asked, asked.fields["0.kind"].editor)
    asked.activateWindow()
    for _step in range(7):  # as many stops has a block
        key(asked, "Tab")
    assert at(asked, asked.fields["1.kind"].editor)
    qtbot.waitUntil(lambda: asked.viewer.view.pages == 2, timeout=20_000)
    assert shows(asked.viewer, files["开票资料.pdf"], qtbot)
    key(asked, "F7")  # to look at the one before takes nobody out of the field
    assert shows(asked.viewer, files["营业执照.pdf"], qtbot)
    assert at(asked, asked.fields["1.kind"].editor)
    asked.fields["2.number"].focus()
    tells(asked.viewer, "PDF", qtbot)
    assert asked.viewer.name.text() == "其他.pdf"


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "是空的"), (pdf(password="x"), "已加密"), (b"%PDF-1.7 broken", "已损坏")],
)
def test_c7_1_what_the_service_would_refuse_is_not_shown_and_says_why(
    open_window: Open, settle: Settle, qtbot: QtBot, tmp_path: Path, data: bytes, told: str
) -> None:
    (tmp_path / "扫描.pdf").write_bytes(data)
    made = make_application(session_of("am"), draft_of(NAME), ())
    dialog = dialog_of_application(open_window(MANAGER, "customers"), made, settle)
    dialog.attach([tmp_path / "扫描.pdf"])
    asked = dialog_of(AttachDialog)
    assert isinstance(asked, AttachDialog)
    tells(asked.viewer, told, qtbot)


def undated() -> int:
    """A draft whose licence says not until when it is valid; its key."""
    return application(draft_of(NAME), valid_to=None, number="B-7")


def test_c15_1_a_stored_scan_stands_beside_what_is_said_of_it(
    open_window: Open, settle: Settle, qtbot: QtBot
) -> None:
    made = furnish(undated)
    dialog = dialog_of_application(open_window(MANAGER, "customers"), made, settle)
    dialog.papers.go_to(DocumentKind.BUSINESS_LICENCE)
    asked = dialog_of(DescribeDialog)
    assert isinstance(asked, DescribeDialog)
    qtbot.waitUntil(lambda: asked.viewer.view.pages > 0, timeout=20_000)
    (row,) = [each for each in dialog.documents.own if each.kind is DocumentKind.BUSINESS_LICENCE]
    assert asked.viewer.key == row.key and asked.viewer.name.text() == row.label
    assert at(asked, asked.fields["0.valid_to"].editor)


def test_c7_1_a_paper_that_is_edited_keeps_its_place_in_the_list(
    open_window: Open, settle: Settle
) -> None:
    made = furnish(undated)
    dialog = dialog_of_application(open_window(MANAGER, "customers"), made, settle)
    before = [row.kind for row in dialog.documents.own]
    assert before[0] is DocumentKind.BUSINESS_LICENCE and len(before) > 1
    dialog.papers.go_to(DocumentKind.BUSINESS_LICENCE)
    asked = dialog_of(DescribeDialog)
    assert isinstance(asked, DescribeDialog)
    asked.fields["0.valid_to"].set_text("20360930")
    key(asked, "Ctrl+Return")
    settle()
    assert [row.kind for row in dialog.documents.own] == before
    badges = [badge.text() for badge in dialog.documents.findChildren(Badge)]
    assert badges == [f"✓ {label(kind)}" for kind in before]


def test_c15_1_the_scan_of_a_licence_is_seen_as_soon_as_it_is_chosen(
    open_window: Open, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    """Dropped anywhere in the dialog; taken off it is gone; what is refused says why."""
    furnish(expiring)
    good, bad = tmp_path / "执照.pdf", tmp_path / "坏.pdf"
    good.write_bytes(scan("RENEWED"))
    bad.write_bytes(b"%PDF-1.7 broken")
    page = Stage(open_window(MANAGER)).page("licences")
    page.new_licence()  # type: ignore[attr-defined]
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    assert dialog.viewer.empty.label.text() == "请选择扫描件，或将文件拖到此处。"
    assert not dialog.viewer.tools.isVisible()
    assert at(dialog, dialog.form["customer"].editor)
    drop(dialog, [good])
    assert dialog.form["file"].value() == (str(good),)
    assert shows(dialog.viewer, good.read_bytes(), qtbot)
    assert at(dialog, dialog.form["customer"].editor)
    dialog.scan.remove_chosen()
    tells(dialog.viewer, "拖到此处", qtbot)
    drop(dialog, [bad])
    tells(dialog.viewer, "已损坏", qtbot)


def returned() -> int:
    """A renewal that the sales head sent back; its key."""
    made = record_paper(expiring()[3], paper("913701209", date(2036, 7, 1)))
    verdict(made, "sales", Verdict.RETURN)
    return made


def test_c15_1_a_licence_is_corrected_beside_its_scan_or_the_new_one(
    open_window: Open, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    made = furnish(returned)
    file = tmp_path / "新扫描.pdf"
    file.write_bytes(pdf(3))
    Stage(open_window(MANAGER)).page("licences").open(("correct", made))
    settle()
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    qtbot.waitUntil(lambda: dialog.viewer.view.pages == 1, timeout=20_000)
    assert dialog.viewer.key == made
    assert at(dialog, dialog.form["kind"].editor)
    drop(dialog, [file])
    qtbot.waitUntil(lambda: dialog.viewer.view.pages == 3, timeout=20_000)
    assert dialog.viewer.name.text() == "新扫描.pdf"
    dialog.scan.remove_chosen()
    qtbot.waitUntil(lambda: dialog.viewer.view.pages == 1, timeout=20_000)
    assert dialog.viewer.key == made


NAMED = ["application_attach", "application_describe", "licence_scan", "licence_correct"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("name", NAMED)
def test_form_and_scan_share_a_small_screen_and_large_letters(
    name: str, language: str, stage: Callable[..., Stage], qapp: QApplication
) -> None:
    """No field is cut, the scan has a third of the width, and reading and Tab go the same way."""
    theme.apply(qapp, "light", 150)
    [scene] = [each for each in scenes() if each.name == name]
    made = stage(scene, language=language, size=SIZE)
    dialog = scene.show(made)
    made.settle()
    assert isinstance(dialog, ScanFormDialog)
    assert dialog.width() <= SIZE[0] and dialog.height() <= SIZE[1]
    area = dialog.beside.widget(0)
    assert isinstance(area, QScrollArea)
    for field in dialog.fields.fields.values():
        left = field.mapTo(area.viewport(), QPoint(0, 0)).x()
        assert left >= 0 and left + field.width() <= area.viewport().width(), field.name
    assert dialog.viewer.width() > dialog.width() / 3
    assert problems(dialog) == []
    stops = tab_order.stops(dialog)
    form = [each for each in stops if area.isAncestorOf(each)]
    scanned = [each for each in stops if dialog.viewer.isAncestorOf(each)]
    assert stops.index(form[-1]) < stops.index(scanned[0])
    assert stops.index(scanned[-1]) < stops.index(dialog.cancel_button)


def test_how_form_and_scan_are_divided_is_kept(
    open_window: Open, settle: Settle, qtbot: QtBot
) -> None:
    furnish(expiring)
    page = Stage(open_window(MANAGER)).page("licences")
    page.new_licence()  # type: ignore[attr-defined]
    dialog = dialog_of(LicenceDialog)
    assert isinstance(dialog, LicenceDialog)
    handle = dialog.beside.handle(1)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(2, 50))
    QTest.mouseMove(handle, QPoint(72, 50))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(72, 50))
    qtbot.wait(PAUSE_MS + 50)
    drawn = dialog.beside.sizes()
    assert memory.recall(dialog.beside.key) == " ".join(map(str, drawn))
    dialog.reject()
    settle()
    page.new_licence()  # type: ignore[attr-defined]
    again = dialog_of(LicenceDialog)
    assert isinstance(again, LicenceDialog)
    assert again.beside.sizes() == drawn
