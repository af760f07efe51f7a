"""The red line of the backups: failed, overdue, restored; and what an administrator does then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from chemsales import config
from chemsales.queries.backup import standing
from chemsales.rules.roles import Role
from chemsales.services import backup
from chemsales.services.session import Session
from chemsales.storage import database as storage
from tests.factory import session_of
from tests.ui.acting import Person, button_of, dialog_of, key
from ui.dialogs.message import Message
from ui.main_window import MainWindow
from ui.widgets.backup_banner import BackupBanner
from ui.work import backup as work

Open = Callable[..., MainWindow]
Settle = Callable[[], None]


@pytest.fixture
def banner(settle: Settle) -> Callable[[MainWindow], BackupBanner]:
    """`banner(window)`: its banner, once nothing is under way."""

    def look(window: MainWindow) -> BackupBanner:
        settle()
        return window.banner

    return look


Look = Callable[[MainWindow], BackupBanner]


def buttons(shown: BackupBanner) -> list[str]:
    """The buttons of the banner that can be pressed."""
    return [b.text() for b in shown.findChildren(QPushButton) if b.isVisible()]


def test_nothing_stands_there_while_all_is_well(open_window: Open, banner: Look) -> None:
    assert banner(open_window(Role.ACCOUNT_MANAGER)).isHidden()


def fail(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("no folder")
    config.save(config.Config(second_backup_folder=str(other)))
    with pytest.raises(backup.DataError):
        backup.back_up(session_of("admin"))


def test_a_failed_backup_is_red_until_one_succeeds(
    open_window: Open, banner: Look, tmp_path: Path
) -> None:
    fail(tmp_path)
    window = open_window(Role.ADMINISTRATOR)
    red = banner(window)
    assert red.isVisible() and str(tmp_path / "other") in red.text.text()
    assert buttons(banner(window)) == ["立即备份"]
    (tmp_path / "other").unlink()
    red.back_up_button.click()
    assert banner(window).isHidden()
    assert backup.failure() is None


def test_who_may_not_back_up_is_told_all_the_same(
    open_window: Open, banner: Look, tmp_path: Path
) -> None:
    fail(tmp_path)
    window = open_window(Role.FINANCE)
    assert banner(window).isVisible() and buttons(banner(window)) == []


def test_an_overdue_backup_is_red(
    open_window: Open, banner: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = work.utc_now() + timedelta(days=4)
    monkeypatch.setattr(work, "utc_now", lambda: later)
    window = open_window(Role.ADMINISTRATOR)
    assert banner(window).isVisible()
    window.acts["back_up"].trigger()
    assert banner(window).isHidden()


def test_restored_data_is_confirmed(
    open_window: Open, banner: Look, as_role: Callable[..., Session]
) -> None:
    admin = as_role(Role.ADMINISTRATOR)
    backup.note_restored(admin, "chemsales-1.db", "0" * 64, "2026-07-01", "", 0)
    window = open_window(Role.ADMINISTRATOR)
    assert "chemsales-1.db" in banner(window).text.text() and buttons(banner(window)) == [
        "数据无误"
    ]
    banner(window).confirm_button.click()
    assert banner(window).isHidden()
    assert standing(admin.actor).restored_from == ""


def test_the_menu_backs_up(open_window: Open, banner: Look) -> None:
    assert not open_window(Role.SALES_HEAD).acts["back_up"].isEnabled()
    window = open_window(Role.ADMINISTRATOR)
    window.top.menu.aboutToShow.emit()
    act = window.acts["back_up"]
    assert act in window.top.menu.actions()
    act.trigger()
    banner(window)
    assert storage.rows("SELECT count(*) FROM event WHERE use_case = 'backup._note'") == [(1,)]


def test_a_backup_that_was_just_made_is_chosen_and_not_one_key_from_being_restored(
    open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.ADMINISTRATOR)
    window.go("settings", "backup")
    settle()
    page = window.page.stack.currentWidget()  # type: ignore[attr-defined]
    assert page.table.row() is None
    page.make_button.click()
    settle()
    assert page.table.row().file == backup.found(config.backup_dir())[0].file
    page.table.set_rows([replace(page.table.row(), rows=32320, links=1204)])
    shown = [page.table.model().index(0, column).data() for column in (3, 4)]
    assert shown == ["32,320", "1,204"]
    page.refresh()
    settle()
    wanted: list[str] = []
    window.context.restore_wanted.connect(lambda path, _owner: wanted.append(path))
    page.acts["settings.restore_backup"].trigger()
    question = dialog_of(Message)
    key(question, "Ctrl+Return")
    assert question.isVisible() and not wanted
    Person().click(button_of(question, "恢复"))
    assert len(wanted) == 1


def test_a_second_folder_is_chosen_and_given_up(
    open_window: Open, banner: Look, tmp_path: Path
) -> None:
    window = open_window(Role.ADMINISTRATOR)
    window.go("settings", "backup")
    page = window.page.stack.currentWidget()  # type: ignore[attr-defined]
    page.set_second(str(tmp_path / "second"))
    page.make()
    banner(window)
    assert len(backup.found(tmp_path / "second")) == 1
    page.none_button.click()
    stored = config.load()
    assert stored is not None and stored.second_backup_folder == ""
