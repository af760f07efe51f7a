"""Help of every place in every language, shown where F1 is pressed; the about box."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtGui import QGuiApplication

from chemsales import __version__, config
from chemsales.queries.engine import engine
from chemsales.rules.roles import Role
from chemsales.words import LANGUAGES, language
from tests.factory import session_of
from tests.scenes import Stage
from tests.ui.acting import button_of, key
from tests.ui.text_fit import missing_glyphs
from ui import theme
from ui.dialogs.about import AboutDialog
from ui.dialogs.application import ApplicationDialog
from ui.dialogs.help import GENERAL, HelpDialog, keys_of, text_of
from ui.dialogs.keys import KeysDialog
from ui.main_window import MainWindow
from ui.places import PLACES
from ui.verbs import VERBS

Open = Callable[..., MainWindow]
PAGES = [GENERAL, *(place.key for place in PLACES)]
KEY = re.compile(r"\*\*((?:Ctrl|Alt|Shift|F\d)[^*]*|F\d+)\*\*")
LATIN_WORDS = re.compile(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("place", PAGES)
def test_every_place_has_help_in_every_language(place: str, code: str, qapp: object) -> None:
    text = text_of(place, code)
    title, _rest = text.split("\n", 1)
    assert title.startswith("# ")
    assert len(text) > 120
    assert missing_glyphs(text.replace("\n", ""), theme.font()) == ""
    assert bool(LATIN_WORDS.search(text)) == (code == "en")
    assert not re.search(r"[<>]|!\[", text)  # words alone


@pytest.mark.parametrize("place", PAGES)
def test_the_languages_say_the_same(place: str) -> None:
    """As many steps and headings, and the same keys, in each."""
    shapes = {
        code: (
            re.findall(r"(?m)^(#|-|\d+\.)", text_of(place, code)),
            sorted(
                re.sub("[←→]|Left|Right", "", found) for found in KEY.findall(text_of(place, code))
            ),
        )
        for code in LANGUAGES
    }
    assert len({str(shape) for shape in shapes.values()}) == 1, shapes


def test_a_place_lists_its_own_keys() -> None:
    with language("en"):
        assert "**Ctrl+N** New application" in keys_of("customers")
        approve, *_others = keys_of("approvals").split("- ")[1:]
        assert approve.count("**") == 2  # either Enter, named once
        assert "**Ctrl+S** Save" in keys_of("settings")
        assert keys_of("today") == ""
    assert set(PAGES) >= {verb.place for verb in VERBS.values() if verb.place in PAGES}


@pytest.mark.parametrize("code", LANGUAGES)
def test_f1_shows_the_help_of_the_page(code: str, open_window: Open) -> None:
    window = open_window(Role.SALES_HEAD, "tiers", language=code)
    window.activateWindow()
    key(window, "F1")
    dialog = Stage(window).dialog(HelpDialog)
    assert isinstance(dialog, HelpDialog)
    heading = text_of("tiers", code).split("\n", 1)[0].removeprefix("# ")
    shown = dialog.text.toPlainText()
    assert shown.startswith(heading)
    assert "**" not in shown
    assert "Ctrl+I" in shown
    window.show_place("customers")
    window.acts["help"].trigger()
    assert Stage(window).dialog(HelpDialog) is dialog  # the same window turns
    assert dialog.place == "customers"
    dialog.general.click()
    assert dialog.place == GENERAL
    assert not dialog.general.isEnabled()


@pytest.mark.parametrize("code", LANGUAGES)
def test_f1_in_a_dialog_shows_the_help_of_its_place(code: str, open_window: Open) -> None:
    window = open_window(Role.ACCOUNT_MANAGER, "tiers", language=code)
    stage = Stage(window)
    window.acts["keys"].trigger()  # of whatever page is shown
    key(stage.dialog(KeysDialog), "F1")
    shown = stage.dialog(HelpDialog)
    assert isinstance(shown, HelpDialog) and shown.place == "tiers"
    key(shown, "F1")  # it is the help already
    assert stage.dialog(HelpDialog) is shown
    shown.reject()
    stage.clear()
    window.show_place("customers")
    window.page.acts["customers.new"].trigger()
    form = stage.dialog(ApplicationDialog)
    window.show_place("today")
    key(form, "F1")
    shown = stage.dialog(HelpDialog)
    assert isinstance(shown, HelpDialog) and shown.place == "customers"
    heading = text_of("customers", code).split("\n", 1)[0].removeprefix("# ")
    assert shown.text.toPlainText().startswith(heading)
    assert form.isVisible()


def test_the_about_box_tells_versions_and_copies_them(open_window: Open) -> None:
    window = open_window(Role.ACCOUNT_MANAGER)
    window.acts["about"].trigger()
    dialog = Stage(window).dialog(AboutDialog)
    button_of(dialog, "复制").click()
    copied = QGuiApplication.clipboard().text()
    found = engine(session_of("am").actor)
    for part in (__version__, "Python", "Qt", f"SQLite {found.version}", found.schema):
        assert part in copied
    assert str(config.data_dir()) in copied


def test_the_commit_is_read_from_the_files_of_a_checkout(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    git = Path(str(tmp_path)) / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (git / "packed-refs").write_text("# pack\n" + "b" * 40 + " refs/heads/main\n", encoding="utf-8")
    assert config._commit_of(git) == "b" * 40
    (git / "refs" / "heads" / "main").write_text("a" * 40 + "\n", encoding="utf-8")
    assert config._commit_of(git) == "a" * 40
    beside = Path(str(tmp_path)) / "tree.git"
    beside.write_text(f"gitdir: {git}\n", encoding="utf-8")
    assert config._commit_of(beside) == "a" * 40
    (git / "HEAD").write_text("c" * 40 + "\n", encoding="utf-8")
    assert config._commit_of(git) == "c" * 40
