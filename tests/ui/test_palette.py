"""The search of everything: places, actions, records; with an input method composing; keys that act
on what is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from chemsales.rules.roles import Role
from tests import factory
from tests.factory import session_of
from tests.furnishing import furnish, waiting
from tests.scenes import Stage
from tests.ui.acting import key
from tests.ui.reviewing import page_of
from tests.waiting import run_events
from ui.dialogs.person import PersonDialog
from ui.main_window import MainWindow
from ui.pages.settings import SettingsPage
from ui.palette import Palette
from ui.tables.frame import GridFrame
from ui.work import finding
from ui.work.finding import Entry

Open = Callable[..., MainWindow]
Settle = Callable[[], None]


def compose(field: QWidget, letters: str) -> None:
    """Type letters that an input method composes: they come one by one, as its preedit."""
    for number in range(1, len(letters) + 1):
        event = QInputMethodEvent("'".join(letters[:number]), [])
        QGuiApplication.sendEvent(field, event)


def commit(field: QWidget, text: str) -> None:
    """What the input method gives in place of what was composed."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QGuiApplication.sendEvent(field, event)


def titles(palette: Palette) -> list[str]:
    return [entry.title for entry in palette.entries]


def opened(window: MainWindow) -> Palette:
    window.activateWindow()
    key(window, "Ctrl+K")
    assert window.palette_box.isVisible()
    return window.palette_box


def wait(settle: Settle, palette: Palette) -> None:
    """Until what was typed is searched and shown."""
    run_events(200)
    settle()
    assert not palette.field.waiting


def test_shows_where_the_person_was_of_late(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    places = ["审批", "客户", "证照", "报送备案", "销量与分级", "评审与报告", "设置"]
    assert titles(palette) == places
    key(window, "Esc")
    assert not palette.isVisible()
    for place in ("customers", "tiers", "customers", "settings"):
        window.show_place(place)
    assert titles(opened(window)) == ["客户", "销量与分级", "今日"]


@pytest.mark.parametrize("typed", ["设置", "sz", "shez", "SZ"])
def test_finds_a_place_by_its_word_and_its_pinyin(
    typed: str, open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.FINANCE)
    palette = opened(window)
    QTest.keyClicks(palette.field, typed) if typed.isascii() else palette.field.setText(typed)
    key(window, "Return")
    settle()
    assert window.place == "settings"
    assert not palette.isVisible()


def test_sections_reports_and_actions_are_found(open_window: Open, settle: Settle) -> None:
    window = open_window(Role.ADMINISTRATOR)
    palette = opened(window)
    palette.field.setText("备份")
    key(window, "Return")
    settle()
    assert window.place == "settings"
    assert window.page.list.currentItem().text() == "备份"  # type: ignore[attr-defined]
    palette = opened(window)
    palette.field.setText("快捷键")
    wait(settle, palette)
    assert [entry.verb for entry in palette.entries] == ["keys"]


def test_a_greyed_action_says_why_and_is_not_done(open_window: Open, settle: Settle) -> None:
    window = open_window(Role.FINANCE)
    palette = opened(window)
    key(window, "Ctrl+N")  # lists what has this key
    verbs = [entry.verb for entry in palette.entries]
    assert verbs == ["customers.new", "licences.new", "filing.make"]
    assert palette.entries[0].why == "您不能编辑申请。"
    key(window, "Return")
    settle()
    assert palette.isVisible()
    assert palette.note.text() == palette.entries[0].why
    assert window.place == "today"


def test_what_the_list_in_sight_offers_is_found(
    open_window: Open, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view by its name, and the formats of the export: menus of data are searched too."""
    window = open_window(Role.SALES_HEAD, "customers")
    settle()
    frame = next(f for f in window.page.findChildren(GridFrame) if f.isVisible())
    frame.grid.search("石化")
    settle()
    frame.views.save("大客户 & 新")
    frame.grid.clear_filters()
    settle()
    palette = opened(window)
    palette.field.setText("大客户")
    wait(settle, palette)
    assert titles(palette) == ["显示视图：大客户 & 新"]
    key(window, "Return")
    settle()
    assert frame.grid.request.text == "石化"
    exported: list[str] = []
    monkeypatch.setattr(GridFrame, "export", lambda _self, suffix=".xlsx": exported.append(suffix))
    for typed in ("export to csv", "导出 excel"):
        palette = opened(window)
        palette.field.setText(typed)
        wait(settle, palette)
        assert len(palette.entries) == 1
        key(window, "Return")
        settle()
    assert exported == [".csv", ".xlsx"]
    opened(window)
    key(window, "Ctrl+E")
    assert [entry.verb for entry in palette.entries] == ["tables.export"]


def test_what_is_on_no_page_in_sight_is_not_found(open_window: Open, settle: Settle) -> None:
    window = open_window(Role.SALES_HEAD, "customers")
    window.show_place("today")
    palette = opened(window)
    palette.field.setText("csv")
    wait(settle, palette)
    assert palette.entries == []


def test_a_phrase_is_put_in_from_the_search(open_window: Open, settle: Settle) -> None:
    furnish(waiting)
    window = open_window(Role.SALES_HEAD, "approvals")
    settle()
    bar = page_of(window).bar
    palette = opened(window)
    palette.field.setText("同意")
    wait(settle, palette)
    phrases = [entry for entry in palette.entries if entry.verb == "opinions.phrase"]
    assert phrases[0].title == "填入常用语：资料齐全、真实，同意。"
    palette._choose(palette.entries.index(phrases[0]))
    key(window, "Return")
    settle()
    assert bar.opinion() == "资料齐全、真实，同意。"
    palette = opened(window)
    palette.field.setText("将所写内容存为常用语")
    wait(settle, palette)
    key(window, "Return")
    settle()
    assert bar.phrases.own() == []
    assert palette.note.text() == "该内容已是常用语。"


def test_keys_of_actions_list_them_and_do_not_act(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    key(window, "Ctrl+P")
    verbs = [entry.verb for entry in palette.entries]
    assert verbs == ["evaluation.print", "customers.print", "licences.letters", "filing.notes"]
    key(window, "Ctrl+Shift+P")
    assert palette.isVisible()


def test_letters_that_are_keys_of_a_document_are_typed(open_window: Open, settle: Settle) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    QTest.keyClicks(palette.field, "wp1rz+-=")
    wait(settle, palette)
    assert palette.field.text() == "wp1rz+-="
    key(window, "Ctrl+,")
    assert [entry.verb for entry in palette.entries] == ["open_settings"]


def test_an_action_waits_until_its_page_has_read(open_window: Open, settle: Settle) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    palette.field.setText("打印客户评审表")
    key(window, "Return")
    settle()
    run_events(10)
    assert window.place == "evaluation"  # nothing is computed: it says so
    assert "尚未计算" in window.statusBar().currentMessage()


def test_what_a_section_of_the_settings_can_do_is_done_there(
    open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.ADMINISTRATOR, "settings")
    palette = opened(window)
    QTest.keyClicks(palette.field, "xjzh")  # 新建账号
    wait(settle, palette)
    assert palette.entries[0].title == "新建账号"
    key(window, "Enter")
    dialog = Stage(window).dialog(PersonDialog)
    page = window.page
    assert isinstance(page, SettingsPage)
    assert page.stack.currentWidget() is page.shown["people"]
    dialog.close()


@pytest.mark.parametrize("keys", ["Ctrl+K", "Esc"])
def test_closes_and_gives_the_focus_back(keys: str, open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD, "customers")
    search = window.page.search  # type: ignore[attr-defined]
    search.setFocus()
    palette = opened(window)
    key(window, keys)
    assert not palette.isVisible()
    assert window.focusWidget() is search


def test_arrows_choose_while_the_field_keeps_the_focus(open_window: Open, settle: Settle) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    for keys in ("Down", "Down", "Up"):
        QTest.keyClick(palette.field, getattr(Qt.Key, f"Key_{keys}"))
    assert palette.field.hasFocus()
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.place == "customers"


def test_a_click_opens_and_a_click_beside_closes(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    where = palette.list.visualRect(palette.model.index(4, 1)).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert window.place == "tiers"
    palette = opened(window)
    window.page.months.setFocus()  # type: ignore[attr-defined]
    assert not palette.isVisible()


def test_composed_letters_are_searched_before_a_word_is_chosen(
    open_window: Open, settle: Settle, sqlite_ready: str
) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    compose(palette.field, "sz")
    wait(settle, palette)
    assert palette.field.text() == ""
    assert "设置" in titles(palette)
    commit(palette.field, "设置")
    wait(settle, palette)
    assert palette.isVisible()  # a chosen word is no Enter
    assert titles(palette)[0] == "设置"


def test_the_enter_that_an_input_method_keeps_opens_places_but_does_no_action(
    open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    compose(palette.field, "sz")
    commit(palette.field, "sz")
    settle()
    assert window.place == "settings"
    palette = opened(window)
    compose(palette.field, "kjjyl")  # 快捷键一览
    commit(palette.field, "kjjyl")
    settle()
    assert palette.isVisible()
    assert palette.entries[0].verb == "keys"


def test_hostile_names_are_shown_letter_by_letter(open_window: Open, settle: Settle) -> None:
    window = open_window(Role.SALES_HEAD)
    palette = opened(window)
    name = "<img src='x.png'><b>厂</b>"
    palette._show([Entry("客户", name, "<i>1</i>")])
    assert palette.model.item(0, 1).text() == name
    assert palette.list.model().index(0, 1).data() == name


def test_records_stay_out_for_who_may_not_read_business(sqlite_ready: str) -> None:
    manager = session_of("am")
    factory.make_application(manager, factory.draft_of("海河化工一厂", 1))
    admin = session_of("admin").actor
    assert finding.search(admin, "海河", ()) == []


def test_known_places_are_found_without_a_database(
    sqlite_ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chemsales.rules.errors import Reason, Unreachable

    def unreachable(*_args: object) -> None:
        raise Unreachable(Reason("reason.database_unreachable", {}))

    monkeypatch.setattr(finding, "find", unreachable)
    known = [Entry("Place", "设置", place="settings")]
    assert finding.search(session_of("sales").actor, "sz", known) == known


def test_back_and_forward_go_over_places_and_records(open_window: Open, settle: Settle) -> None:
    window = open_window(Role.SALES_HEAD)
    assert not window.acts["back"].isEnabled()
    window.show_place("customers")
    window.go("tiers", "2026-06")
    window.show_place("evaluation")
    settle()
    key(window, "Alt+Left")
    assert window.place == "tiers"
    window.top.back.click()
    settle()
    assert window.place == "tiers" or window.place == "customers"
    while window.acts["back"].isEnabled():
        key(window, "Alt+Left")
    assert window.place == "today"
    key(window, "Alt+Right")
    assert window.place == "customers"
    assert Stage(window).page("today")
    assert not window.acts["forward"].isEnabled()


@pytest.mark.parametrize(
    ("typed", "verb"),
    [("深色", "scheme_dark"), ("dark", "scheme_dark"), ("qs", "scheme_light"),
     ("english", "language_en"), ("繁體", "language_zh_TW"), ("缩放", "zoom_in"),
     ("zoom", "zoom_in")],
)  # fmt: skip
def test_colours_language_and_size_are_a_few_letters_away(
    typed: str, verb: str, open_window: Open, settle: Settle
) -> None:
    window = open_window(Role.FINANCE)
    asked: list[tuple[object, ...]] = []
    window.context.appearance_wanted.connect(lambda *wanted: asked.append(wanted))
    window.context.language_wanted.connect(lambda *wanted: asked.append(wanted))
    palette = opened(window)
    palette.field.setText(typed)
    wait(settle, palette)
    assert verb in [entry.verb for entry in palette.entries]
    window.perform(verb)
    settle()
    kind, _under, what = verb.partition("_")
    now = "light" if kind == "scheme" and what == "light" else ""  # as it is: nothing to do
    wanted = {"scheme": (what, 100), "language": (what,), "zoom": ("light", 110)}[kind]
    assert asked == ([] if now else [wanted])
