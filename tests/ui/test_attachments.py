"""Hostile files attached through the window: what is no scan is refused by name, nothing hangs
(C7.1)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from chemsales.rules.approval import Verdict
from chemsales.rules.documents import LARGEST
from chemsales.rules.roles import Role
from chemsales.services import scans
from chemsales.storage.database import rows
from tests import furnishing
from tests.factory import (
    NOON,
    PDF,
    Clock,
    before_validity,
    draft_of,
    make_application,
    session_of,
    submit,
)
from tests.papers import flood, pdf
from tests.ui.acting import Person, dialog_of, is_open, key
from tests.ui.reviewing import NAME, dialog_of_application, page_of, texts
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.attach import AttachDialog, DescribeDialog
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def _symlink(path: Path) -> None:
    target = path.with_name("target.pdf")
    target.write_bytes(PDF)
    path.symlink_to(target)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(PDF)
        file.truncate(3 * 1024 * LARGEST)  # 60 GB by its name, nothing on the disk


HOSTILE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "nothing": ("空.pdf", lambda path: path.write_bytes(b""), "是空的"),
    "large": ("大.pdf", _sparse, "20 MB"),
    "a program": ("执照.pdf", lambda path: path.write_bytes(b"MZ\x90\x00" + PDF), "PDF"),
    "a page that is a PDF": ("x.pdf", lambda path: path.write_bytes(b"<html>" + PDF), "PDF"),
    "locked": ("密.pdf", lambda path: path.write_bytes(pdf(password="x")), "已加密"),
    "damaged": ("坏.pdf", lambda path: path.write_bytes(b"%PDF-1.7 broken"), "已损坏"),
    "a flood": ("CON.png", lambda path: path.write_bytes(flood()), "尺寸过大"),
    "a link": ("link.pdf", _symlink, "link.pdf"),
    "a pipe": ("pipe.pdf", os.mkfifo, "pipe.pdf"),
    "a folder": ("folder.pdf", Path.mkdir, "folder.pdf"),
    "gone": ("gone.pdf", lambda path: None, "gone.pdf"),
    "no name": ("a\0b.pdf", lambda path: None, "b.pdf"),
}


def attach(window: MainWindow, made: int, paths: list[Path], settle: Settle) -> ApplicationDialog:
    """Attach files to an application as a person does."""
    dialog = dialog_of_application(window, made, settle)
    dialog.attach(paths)
    key(dialog_of(AttachDialog), "Ctrl+Return")
    settle()
    return dialog


def test_c7_1_what_is_no_scan_is_refused_by_name_and_does_not_hold_up_the_others(
    open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    made = make_application(session_of("am"), draft_of(NAME), ())
    window = open_window(Role.ACCOUNT_MANAGER, "customers")
    dialog = dialog_of_application(window, made, settle)
    for number, (name, make, told) in enumerate(HOSTILE.values(), 1):
        make(tmp_path / name)
        good = tmp_path / f"好{number}.pdf"
        good.write_bytes(pdf(number))
        dialog.attach([tmp_path / name, good])
        key(dialog_of(AttachDialog), "Ctrl+Return")
        settle()
        assert told in dialog.note.text()
        assert dialog.note.isVisible()
        ((label, count),) = rows(
            "SELECT label, (SELECT count(*) FROM application_document) "
            "FROM application_document ORDER BY id DESC LIMIT 1"
        )
        assert (label, count) == (good.name, number)


def test_c7_1_all_scans_are_judged_before_any_is_attached(
    open_window: Open, settle: Settle, tmp_path: Path
) -> None:
    """A second one that would end before it begins holds back the first, and nothing is lost."""
    made = make_application(session_of("am"), draft_of(NAME), ())
    dialog = dialog_of_application(open_window(Role.ACCOUNT_MANAGER, "customers"), made, settle)
    paths = [tmp_path / "营业执照.pdf", tmp_path / "开票资料.pdf"]
    for pages, path in enumerate(paths, 1):
        path.write_bytes(pdf(pages))
    dialog.attach(paths)
    asked = dialog_of(AttachDialog)
    assert isinstance(asked, AttachDialog)
    for name, text in (("0.valid_to", "2036-09-30"), ("1.number", "K-1"),
                       ("1.valid_from", "2026-05-02"), ("1.valid_to", "2026-05-01")):  # fmt: skip
        asked.fields[name].set_text(text)
    key(asked, "Ctrl+Return")
    settle()
    assert is_open(AttachDialog) and asked.verb.isEnabled()
    assert not rows("SELECT 1 FROM application_document")
    last = asked.fields["1.valid_to"]
    assert last.wrong and not asked.fields["0.valid_to"].wrong
    assert asked.focusWidget() in (last.editor, *last.editor.findChildren(QWidget))
    last.set_text("2027-05-01")
    key(asked, "Ctrl+Return")
    settle()
    assert not is_open(AttachDialog), asked.note.text()
    assert rows("SELECT number, valid_from, valid_to FROM application_document ORDER BY id") == [
        ("", None, "2036-09-30"), ("K-1", "2026-05-02", "2027-05-01")]  # fmt: skip


@pytest.mark.parametrize(("data", "told"), [(pdf(password="x"), "已加密"), (flood(), "尺寸过大")])
def test_c7_1_a_scan_that_cannot_be_shown_is_told_to_applicant_and_reviewer(
    open_window: Open,
    settle: Settle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    told: str,
) -> None:
    """A locked PDF, a flood of pixels in the records: neither harms, and both see why there is no
    picture."""
    monkeypatch.setattr(scans, "unreadable", lambda data, mime: None)
    path = tmp_path / "CON.pdf"
    path.write_bytes(data)
    made = make_application(session_of("am"), draft_of(NAME))
    window = open_window(Role.ACCOUNT_MANAGER, "customers")
    dialog = attach(window, made, [path], settle)
    assert dialog.detail is not None
    newest = dialog.detail.documents[-1]
    dialog.documents.view(newest)
    _told(dialog.documents.viewer, told, settle)
    dialog.reject()
    submit(session_of("am"), made)
    case = page_of(open_window(Role.SALES_HEAD, "approvals")).accreditation
    case.viewer.choose(newest.key)
    _told(case.viewer, told, settle)


def _told(viewer: object, told: str, settle: Settle) -> None:
    for _ in range(200):
        settle()
        if told in viewer.empty.label.text():  # type: ignore[attr-defined]
            break
    assert told in viewer.empty.label.text()  # type: ignore[attr-defined]
    assert viewer.empty.isVisible()  # type: ignore[attr-defined]


def test_c15_2_an_expired_paper_is_told_to_its_applicant_and_stands_first_for_reviewers(
    open_window: Open, settle: Settle
) -> None:
    """It was put up while it was valid; had it not been, the manager were told so (C7.1)."""
    then = Clock(NOON - timedelta(days=20))
    made = furnishing.application(draft_of(NAME), clock=then, valid_to=date(2026, 6, 25))
    dialog = dialog_of_application(open_window(Role.ACCOUNT_MANAGER, "customers"), made, settle)
    assert "已过期 11 天" in texts(dialog.documents)
    assert "内容齐全" not in dialog.why.text() and "营业执照" in dialog.why.text()
    assert not dialog.submit_button.isEnabled()
    assert "2026-06-25" in dialog.submit_button.toolTip()
    dialog.reject()
    submit(session_of("am", then), made)
    sections = page_of(open_window(Role.SALES_HEAD, "approvals")).accreditation.sections
    assert "2026-06-25" in texts(sections["checks"])[1]
    assert sections["checks"].y() < sections["lines"].y()


def undated() -> int:
    """A draft of which only the validity of the licence is lacking; its key."""
    return furnishing.application(draft_of(NAME), valid_to=None, number="B-7")


def test_c15_1_the_last_day_of_a_paper_is_asked_for_and_said_where_it_lacks(
    open_window: Open, settle: Settle
) -> None:
    """Two strokes beside the day: to the first thing that lacks, and out of the dialog again."""
    made = furnishing.furnish(undated)
    dialog = dialog_of_application(open_window(Role.ACCOUNT_MANAGER, "customers"), made, settle)
    assert "请补填有效期截止日，或注明长期有效。" in texts(dialog.documents)
    assert not dialog.submit_button.isEnabled()
    assert "营业执照既未填写有效期截止日" in dialog.submit_button.toolTip()
    Person().click(dialog.to_first)
    asked = dialog_of(DescribeDialog)
    assert isinstance(asked, DescribeDialog)
    assert asked.fields["0.number"].text() == "B-7"
    last = asked.fields["0.valid_to"].editor
    assert asked.focusWidget() in (last, *last.findChildren(QWidget))
    QTest.keyClicks(asked.focusWidget(), "20360930")
    key(asked, "Ctrl+Return")
    settle()
    assert not is_open(DescribeDialog), asked.note.text()
    assert "有效期至 2036-09-30" in " ".join(texts(dialog.documents))
    assert "请补填" not in " ".join(texts(dialog.documents))
    assert dialog.why.text() == "内容齐全，按 Ctrl+Enter 提交。"
    key(dialog, "Ctrl+Return")
    settle()
    assert not is_open(ApplicationDialog), dialog.note.text()
    assert rows("SELECT valid_to, sha256 = (SELECT min(sha256) FROM application_document b "
                "WHERE b.void = 1) FROM application_document "
                "WHERE void = 0 AND kind = 'business_licence'") == [("2036-09-30", 1)]  # fmt: skip


def put_up_before() -> int:
    """Such an application under review, put up before a validity was asked for."""
    made = undated()
    with before_validity():
        submit(session_of("am"), made)
    return made


def test_c15_1_the_reviewer_reads_that_nobody_would_watch_a_paper(
    open_window: Open, settle: Settle
) -> None:
    furnishing.furnish(put_up_before)
    page = page_of(open_window(Role.SALES_HEAD, "approvals"))
    approve, back = (page.bar.acts[each] for each in (Verdict.APPROVE, Verdict.RETURN))
    assert not approve.isEnabled() and back.isEnabled()
    told = "营业执照既未填写有效期截止日，也未注明长期有效"
    assert told in approve.toolTip()
    assert told in texts(page.accreditation.sections["checks"])[1]
