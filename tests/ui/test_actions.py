"""The registry of actions: keys that no other program takes and that mean one thing in every
window, words, tips and reasons for each, and the list of keys made from it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

import ui
from chemsales.rules.roles import PERMISSIONS, Action, Role
from chemsales.words import LANGUAGES, _, language
from tests.scenes import Stage
from tests.ui import shortcuts
from tests.ui.acting import button_of, key
from ui import i18n
from ui.actions import Act, button_for, key_text, make
from ui.dialogs.keys import KeysDialog
from ui.main_window import MainWindow
from ui.pages.page import Page
from ui.pages.settings import SettingsPage
from ui.places import PLACES
from ui.tables import rowmenu
from ui.verbs import DIALOGS, KEPT, OPINIONS, PAPERS, TABLES, TAKEN, VERBS, WINDOW, Verb
from ui.widgets.labels import PlainLabel

Open = Callable[..., MainWindow]
VERB = pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.id)
SEARCHED = {place.key for place in PLACES} | {WINDOW}  # what is searched for explains itself
INSIDE = Qt.ShortcutContext.WidgetWithChildrenShortcut


@VERB
def test_each_has_a_word_a_tip_and_a_place(verb: Verb) -> None:
    places = {place.key for place in PLACES} | {WINDOW, PAPERS, TABLES, DIALOGS, OPINIONS}
    assert verb.place in places
    for code in ("zh_CN", "zh_TW", "en"):
        with language(code):
            assert _(verb.text)
            assert _(verb.tip) or not verb.search or verb.place not in SEARCHED
    assert verb.permission is None or PERMISSIONS[verb.permission]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_key_is_called_what_stands_on_it(code: str, qapp: QApplication) -> None:
    i18n.speak(code)
    wanted = {"Ctrl+Return": "Ctrl+Enter", "Ctrl+Enter": "Ctrl+Enter", "Alt+Left": "Alt+←",
              "Up": "↑", "Ctrl++": "Ctrl++", "Ctrl+K": "Ctrl+K", "": ""}  # fmt: skip
    assert {keys: key_text(keys) for keys in wanted} == wanted


@VERB
def test_keys_can_be_read_and_are_not_taken_by_others(verb: Verb) -> None:
    for keys in verb.keys:
        assert QKeySequence(keys).toString() == keys
        assert keys not in TAKEN
        assert keys not in dict(KEPT)


@pytest.mark.parametrize("keys", sorted({*TAKEN, *dict(KEPT)}))
def test_taken_and_kept_keys_are_written_as_qt_writes_them(keys: str) -> None:
    assert QKeySequence(keys).toString() == keys


@VERB
def test_a_key_means_one_thing_in_its_place(verb: Verb) -> None:
    others = [
        other.id
        for other in VERBS.values()
        if other is not verb
        and set(other.keys) & set(verb.keys)
        and (WINDOW in (other.place, verb.place) or other.place == verb.place)
    ]
    assert not others


def test_every_action_of_the_window_is_live(open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD)
    assert set(window.acts) == {verb.id for verb in VERBS.values() if verb.place == WINDOW}


def live_acts(page: Page) -> dict[str, Act]:
    """What can be done in a page, of the settings in each of its sections."""
    found = dict(page.acts)
    for section in page.sections if isinstance(page, SettingsPage) else ():
        page.open(section.key)
        assert all(VERBS[name].part == section.key for name in page.acts)
        found |= page.acts
    return found


@pytest.mark.parametrize("place", [place.key for place in PLACES])
def test_every_action_of_a_place_is_live_in_its_page(place: str, open_window: Open) -> None:
    role = Role.ADMINISTRATOR if place == "settings" else Role.SALES_HEAD
    acts = live_acts(Stage(open_window(role)).page(place))
    assert set(acts) == {verb.id for verb in VERBS.values() if verb.place == place}
    for act in acts.values():
        assert act.text()
        assert act.toolTip()
        assert act.statusTip()


def test_a_greyed_action_says_why_and_its_button_too(qapp: QApplication) -> None:
    owner = QWidget()
    done: list[int] = []
    act = make("tiers.close", owner, lambda: done.append(1))
    shown = button_for(act)
    act.block("Nothing is there.")
    assert not shown.isEnabled()
    assert "Nothing is there." in shown.toolTip()
    assert shown.statusTip() == "Nothing is there."
    act.block("")
    assert shown.isEnabled()
    shown.click()
    assert done == [1]
    assert shown.accessibleName() == act.text()


def test_what_the_roles_forbid_says_so_whatever_else_is_wrong(open_window: Open) -> None:
    window = open_window(Role.FINANCE)
    act = Stage(window).page("tiers").acts["tiers.close"]
    act.block("")
    assert not act.isEnabled()
    assert act.why == "\n".join(_said(window, Action.MONTH_CLOSE))


def _said(window: MainWindow, action: Action) -> list[str]:
    from chemsales.words import say

    return [say(reason) for reason in window.context.blockers(action)]


# -- no key means two things at once (every scene is looked at in test_scenes) ----


def test_the_scan_finds_what_it_is_there_for(qapp: QApplication) -> None:
    window = QWidget()
    part = PlainLabel("", parent=window)
    QShortcut(QKeySequence("Ctrl+P"), window)
    make("papers.print", part, lambda: None)
    action = QAction("taken", window)
    action.setShortcut(QKeySequence("Alt+A"))
    window.addAction(action)
    window.show()
    assert len(shortcuts.ambiguous(window)) == 2
    window.close()


# -- the list of keys and the menu ----------------------------------------


def test_the_list_of_keys_has_every_key_of_the_persons_places(open_window: Open) -> None:
    window = open_window(Role.ADMINISTRATOR)
    window.activateWindow()
    key(window, "Ctrl+/")
    dialog = Stage(window).dialog(KeysDialog)
    assert isinstance(dialog, KeysDialog)
    listed = {row.text for row in dialog.table.rows()}
    for verb in VERBS.values():
        here = verb.place in (WINDOW, PAPERS, TABLES, DIALOGS, OPINIONS)
        here = here or verb.place in window.places
        assert (_(verb.text) in listed) == bool(verb.keys and here), verb.id
    dialog.close()


def test_the_menu_has_what_the_page_can_do_and_says_why_not(open_window: Open) -> None:
    window = open_window(Role.FINANCE, "customers")
    window.top.menu.aboutToShow.emit()
    found = {act.verb.id: act for act in window.top.menu.actions() if isinstance(act, Act)}
    assert {"customers.new", "refresh", "keys", "lock", "logout"} <= set(found)
    assert not found["customers.new"].isEnabled()
    assert found["customers.new"].why
    assert window.top.menu.toolTipsVisible()
    assert button_of(window, _("New application")).toolTip()


def test_the_menu_of_a_row_has_what_the_page_does_with_it(open_window: Open) -> None:
    window = open_window(Role.FINANCE, "customers")
    page = Stage(window).page("customers")
    menu = rowmenu.made(page.customers, page.acts["customers.print"], page.acts["customers.new"])  # type: ignore[attr-defined]
    texts = [action.text().split("\t") for action in menu.actions() if action.text()]
    assert ["新建申请"] in texts
    assert ["复制（含表头）", "Ctrl+Shift+C"] in texts
    new = next(action for action in menu.actions() if action.text() == "新建申请")
    assert not new.isEnabled()
    assert new.toolTip()
    assert menu.toolTipsVisible()


# -- nothing is made beside the registry ----------------------------------

# what makes a key or an action of its own: the registry's, the numbers of the places (a row of
# `places` each), the keys of KEPT, and the sign inside a field of a date
MAKERS = {
    "ui/actions.py": {"Act(QAction)"},
    "ui/main_window.py": {"QShortcut"},
    "ui/widgets/document_viewer.py": {"QAction"},
    "ui/forms/date_field.py": {"QAction"},
}


def made_beside(source: str) -> set[str]:
    """The keys and actions that a module makes of its own, and its own kinds of them."""
    kinds = {"QAction", "QShortcut"}
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            found |= {called} & kinds
        elif isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
            found |= {f"{node.name}({base})" for base in bases & kinds}
    return found


def lines_beside(source: str) -> list[str]:
    """Lines and titles of menus that a module words itself: `addAction`, `addMenu`, `QMenu` and
    `addSection` with anything but an action or a menu that was made already."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        text = called in {"addAction", "addMenu", "addSection", "QMenu", "CheckMenu"}
        made = isinstance(node.args[0], ast.Name | ast.Attribute | ast.Subscript)
        if text and not made:
            found.append(ast.unparse(node))
    return found


def test_every_line_of_a_menu_comes_from_the_registry() -> None:
    root = Path(ui.__file__).parent
    found = {
        path.relative_to(root.parent).as_posix(): lines
        for path in root.rglob("*.py")
        if (lines := lines_beside(path.read_text(encoding="utf-8")))
    }
    assert set(found) == {"ui/actions.py"}  # `add` and `branch`
    assert len(found["ui/actions.py"]) == 2


def test_lines_beside_the_registry_are_found() -> None:
    planted = """
menu = QMenu(_("Views"), self)
menu.addAction(plain_button(name)).triggered.connect(act)
menu.addMenu("More")
menu.addAction(f"{name}")
menu.addAction(self.acts["lock"])
inside = QMenu(self)
menu.addMenu(inside)
"""
    assert len(lines_beside(planted)) == 4


def test_verbs_of_menus_are_used_and_are_there() -> None:
    """A row of what a table or an opinion offers stands in the window, and no other is asked."""
    texts = [path.read_text(encoding="utf-8") for path in Path(ui.__file__).parent.rglob("*.py")]
    asked = {
        node.value
        for text in texts
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant)
        if isinstance(node.value, str)
        if node.value.partition(".")[0] in (TABLES, OPINIONS)
        if "." in node.value
    }
    assert {name for name, verb in VERBS.items() if verb.place in (TABLES, OPINIONS)} == asked


def test_actions_and_keys_are_made_from_the_registry() -> None:
    root = Path(ui.__file__).parent
    found = {
        path.relative_to(root.parent).as_posix(): made_beside(path.read_text(encoding="utf-8"))
        for path in root.rglob("*.py")
    }
    assert {path: made for path, made in found.items() if made} == MAKERS


def test_what_is_made_beside_the_registry_is_found() -> None:
    assert made_beside("QtGui.QShortcut(key, self)") == {"QShortcut"}
    assert made_beside("QAction(self)") == {"QAction"}
    assert made_beside("class Own(QAction): ...") == {"Own(QAction)"}
    assert made_beside("actions.make('find', self, slot)") == set()
