"""Typed text is never lost: closing, locking, another language, a killed process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chemsales import drafts
from chemsales.drafts import Place
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import Contact, ContactKind
from chemsales.rules.roles import Role
from tests.scenes import Stage
from tests.scenes.frame import section
from tests.ui.acting import button_of, dialog_of
from tests.ui.forms.typing_process import NAME, SCOPE
from tests.waiting import run_events
from ui.context import Context
from ui.dialogs.person import PersonDialog
from ui.dialogs.reason import ReasonDialog
from ui.forms.application import ApplicationForm
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def reason(make_context: Callable[..., Context], settle: Callable[[], None]):  # type: ignore[no-untyped-def]
    """`reason()`: asks for a reason, as one person asks again and again."""
    context = make_context(Role.SALES_HEAD)

    def ask(subject: str = "undo 7", text: str = "") -> ReasonDialog:
        dialog = ReasonDialog("撤销导入", "", "撤销导入", lambda _text, _dialog: None, text)
        dialog.open_in(context, subject)
        settle()
        return dialog

    return ask


def test_esc_keeps_the_text_and_it_is_offered_again(
    reason: Callable[..., ReasonDialog], settle: Callable[[], None]
) -> None:
    first = reason()
    assert not first.bar.isVisible()
    first.edit.setPlainText("文件选错了")
    first.reject()
    settle()
    assert not reason(subject="undo 8").bar.isVisible()  # another record
    again = reason()
    assert again.bar.isVisible()
    assert "12:00" in again.bar.text.text()
    assert again.edit.toPlainText() == ""  # nothing is put in before it is asked for
    again.bar.restore.click()
    assert again.edit.toPlainText() == "文件选错了"
    assert not again.bar.isVisible()
    again.accept()  # it was written
    settle()
    assert not reason().bar.isVisible()


def test_a_draft_that_is_discarded_is_gone(
    reason: Callable[..., ReasonDialog], settle: Callable[[], None]
) -> None:
    first = reason()
    first.edit.setPlainText("一")
    first.reject()
    settle()
    again = reason()
    again.bar.discard.click()
    again.reject()
    settle()
    assert not reason().bar.isVisible()


def test_typing_before_answering_loses_neither_text(
    reason: Callable[..., ReasonDialog], settle: Callable[[], None]
) -> None:
    first = reason()
    first.edit.setPlainText("旧的")
    first.reject()
    settle()
    second = reason()
    second.edit.setPlainText("新的")
    second.reject()
    settle()
    third = reason()
    third.bar.restore.click()
    texts = {third.edit.toPlainText()}
    third.accept()
    settle()
    fourth = reason()
    fourth.bar.restore.click()
    assert texts | {fourth.edit.toPlainText()} == {"旧的", "新的"}


def test_what_was_put_back_to_how_it_was_is_no_draft(
    reason: Callable[..., ReasonDialog], settle: Callable[[], None]
) -> None:
    first = reason(text="已有的说明")
    first.edit.setPlainText("改了")
    first.keeper.flush()
    first.edit.setPlainText("已有的说明")
    first.reject()
    settle()
    assert not reason(text="已有的说明").bar.isVisible()


def test_typing_is_kept_without_any_pause(
    reason: Callable[..., ReasonDialog], settle: Callable[[], None]
) -> None:
    """The clock runs from the first stroke on: whoever types on and on is not left unkept."""
    dialog = reason()
    dialog.edit.setPlainText("一")
    pause = dialog.keeper._pause
    pause.setInterval(200)
    before = pause.remainingTime()
    run_events(50)
    dialog.edit.setPlainText("一二")
    assert pause.isActive()
    assert pause.remainingTime() <= before - 40


def test_passwords_are_never_kept(open_window: Open, settle: Callable[[], None]) -> None:
    page = section(Stage(open_window(Role.SALES_HEAD)), "password")
    page.form["old"].set_text("seven grey barges")  # type: ignore[attr-defined]
    assert page.form.set.texts() == {}  # type: ignore[attr-defined]


def test_a_person_types_esc_and_comes_back(open_window: Open, settle: Callable[[], None]) -> None:
    stage = Stage(open_window(Role.ADMINISTRATOR))
    page = section(stage, "people")
    button_of(page, "新建账号").click()
    dialog = dialog_of(PersonDialog)
    assert isinstance(dialog, PersonDialog)
    dialog.form["name"].set_text("吴越")
    dialog.boxes[Role.AUDITOR].setChecked(True)
    dialog.reject()
    stage.settle()
    button_of(page, "新建账号").click()
    stage.settle()
    again = dialog_of(PersonDialog)
    assert isinstance(again, PersonDialog)
    again.bar.restore.click()
    assert again.form["name"].text() == "吴越"
    assert again.boxes[Role.AUDITOR].isChecked()


def test_locking_keeps_at_once(
    open_window: Open, settle: Callable[[], None], reason: Callable[..., ReasonDialog]
) -> None:
    dialog = reason()
    dialog.edit.setPlainText("锁屏前")
    dialog.keeper.context.keep_now.emit()
    settle()
    kept = drafts.newest(dialog.keeper.place)
    assert kept is not None
    assert kept.texts == {"reason": "锁屏前"}


def test_an_opinion_is_kept_for_its_case(open_window: Open, settle: Callable[[], None]) -> None:
    from tests.ui.reviewing import waiting

    waiting()
    window = open_window(Role.SALES_HEAD, "approvals")
    bar = window.page.bar  # type: ignore[attr-defined]
    bar.set_opinion("证照齐全")
    window.context.keep_now.emit()
    settle()
    again = open_window(Role.SALES_HEAD, "approvals").page
    settle()
    assert again.bar.opinion() == ""  # type: ignore[attr-defined]
    assert again.bar.draft.isVisible()  # type: ignore[attr-defined]
    again.bar.draft.restore.click()  # type: ignore[attr-defined]
    assert again.bar.opinion() == "证照齐全"  # type: ignore[attr-defined]
    again.bar.buttons[Verdict.APPROVE].click()  # type: ignore[attr-defined]
    settle()
    assert drafts.newest(again.case.keeper.place) is None  # type: ignore[attr-defined]


def test_text_survives_a_killed_process(sqlite_ready: str, tmp_path: Path) -> None:
    home = tmp_path / "killed"
    home.mkdir()
    database = home / "sales.db"
    shutil.copyfile(sqlite_ready.removeprefix("sqlite:///"), database)
    url = f"sqlite:///{database}"
    environment = {**os.environ, "CHEMSALES_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.ui.forms.typing_process"]
    place = Place(drafts.database_name(url), "am", "application", "")
    typing = subprocess.Popen([*command, "type", url], cwd=ROOT, env=environment)
    try:
        limit = time.monotonic() + 120
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CHEMSALES_HOME", str(home))
            while drafts.newest(place) is None:
                assert typing.poll() is None, "the process ended by itself"
                assert time.monotonic() < limit, "nothing was kept"
                time.sleep(0.1)
    finally:
        typing.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        typing.wait(30)
    told = subprocess.run(
        [*command, "look", url], cwd=ROOT, env=environment, capture_output=True, timeout=120
    )
    assert told.returncode == 0, told.stderr.decode()
    found = json.loads(told.stdout.decode().splitlines()[-1])
    assert found["asked"].startswith(f"恢复“{NAME}”未保存的草稿")
    assert found["before"] == ""
    assert (found["name"], found["scope"]) == (NAME, SCOPE)
    assert (found["phone"], found["dirty"]) == ("13805320001", "True")


def test_a_choice_that_another_version_kept_is_left_out(qtbot: QtBot) -> None:
    form = ApplicationForm((), date(2026, 7, 6))
    qtbot.addWidget(form)
    before = form.fields["profile"].text()
    row = f"contacts.{len(ContactKind)}"
    old = {f"{row}.kind": "fax", f"{row}.name": "吴敏", "profile": "old", "bank": "工行"}
    form.set.set_texts(old)
    draft = form.draft()
    assert draft.contacts == (Contact(ContactKind.BUSINESS, "吴敏"),)
    assert (form.fields["profile"].text(), draft.facts.bank) == (before, "工行")
