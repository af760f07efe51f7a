"""At the start a window says what came of commits that the program was never told about."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog

from chemsales.drafts import KeptDoubts, database_name
from chemsales.rules.roles import Role
from chemsales.services.acts import new_key
from chemsales.storage.database import rows
from tests.factory import draft_of, make_application, session_of
from ui.dialogs.message import Message
from ui.main_window import MainWindow
from ui.widgets.labels import PlainLabel

DOUBTS = KeptDoubts(database_name("sqlite:///test"), "am")


def test_what_landed_and_what_did_not(
    open_window: Callable[..., MainWindow],
    dialogs: Callable[[], list[QDialog]],
    settle: Callable[[], None],
) -> None:
    make_application(session_of("am"), draft_of("海洋"), ())
    ((landed,),) = rows("SELECT key FROM event WHERE use_case = 'accreditation.save_draft'")
    lost = new_key()
    DOUBTS.note(str(landed), "accreditation.save_draft")
    DOUBTS.note(lost, "accreditation.submit")
    open_window(Role.ACCOUNT_MANAGER, login="am")
    settle()
    (message,) = dialogs()
    assert isinstance(message, Message)
    said = [label.text() for label in message.findChildren(PlainLabel)]
    assert any("已保存" in text and "未保存" in text for text in said), said
    assert rows("SELECT outcome FROM event WHERE key = ?", (lost,)) == [("refused",)]
    assert len(DOUBTS.noted()) == 2  # the program may end before the person has read it
    message.accept()
    settle()
    assert DOUBTS.noted() == []


def test_a_window_made_anew_before_it_was_read_tells_it_again(
    open_window: Callable[..., MainWindow],
    dialogs: Callable[[], list[QDialog]],
    settle: Callable[[], None],
) -> None:
    lost = new_key()
    DOUBTS.note(lost, "accreditation.submit")
    for _time in range(2):
        window = open_window(Role.ACCOUNT_MANAGER, login="am")
        settle()
        (message,) = dialogs()
        said = [label.text() for label in message.findChildren(PlainLabel)]
        assert any("未保存" in text for text in said), said
        window.discard()
        settle()
    assert rows("SELECT outcome FROM event WHERE key = ?", (lost,)) == [("refused",)]


def test_without_a_doubt_nothing_is_said(
    open_window: Callable[..., MainWindow],
    dialogs: Callable[[], list[QDialog]],
    settle: Callable[[], None],
) -> None:
    DOUBTS.note(new_key(), "accreditation.submit")  # somebody else's
    open_window(Role.SALES_HEAD, login="sales")
    settle()
    assert dialogs() == []
