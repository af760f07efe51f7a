"""Colours that everybody can read (WCAG: text 4.5, borders 3.0), and lengths that follow the
zoom."""

from __future__ import annotations

from itertools import product

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication

from chemsales import words
from chemsales.config import resource
from tests.ui.text_fit import missing_glyphs
from ui import theme
from ui.main_window import on_screen
from ui.theme import DARK, LIGHT, SIGNS, Tokens, Tone

SCHEMES = {"light": LIGHT, "dark": DARK}
TEXT = (
    ("text", "paper"),
    ("text", "window"),
    ("text", "raised"),
    ("quiet", "paper"),
    ("quiet", "window"),
    ("faint", "paper"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("accent", "paper"),
    ("danger", "paper"),
    ("on_selected", "selected"),
)


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_published_pairs() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("scheme", "pair"), list(product(SCHEMES, TEXT)))
def test_text_can_be_read(scheme: str, pair: tuple[str, str]) -> None:
    tokens: Tokens = SCHEMES[scheme]
    assert contrast(*(getattr(tokens, name) for name in pair)) >= 4.5


@pytest.mark.parametrize(("scheme", "tone"), list(product(SCHEMES, Tone)))
def test_badges_can_be_read_and_have_a_sign(scheme: str, tone: Tone) -> None:
    assert contrast(*SCHEMES[scheme].tones[tone]) >= 4.5
    assert SIGNS[tone]


@pytest.mark.parametrize(("scheme", "name"), list(product(SCHEMES, ("border", "accent"))))
def test_borders_can_be_seen(scheme: str, name: str) -> None:
    tokens = SCHEMES[scheme]
    assert contrast(getattr(tokens, name), tokens.paper) >= 3.0


def test_signs_are_in_the_programs_font(qapp: QApplication) -> None:
    assert missing_glyphs("".join(SIGNS.values()) + "▲▼−+…", theme.font()) == ""


@pytest.mark.parametrize("per_cent", theme.ZOOMS)
def test_lengths_and_letters_follow_the_zoom(per_cent: int, qapp: QApplication) -> None:
    before = QFontMetrics(theme.font()).height()
    theme.apply(qapp, "light", per_cent)
    assert theme.scaled(100) == per_cent
    assert qapp.font().pointSizeF() == pytest.approx(9.75 * per_cent / 100, abs=0.05)
    if per_cent > 110:
        assert QFontMetrics(theme.font()).height() > before
    sheet = qapp.styleSheet()
    assert "dp" not in sheet.split("*/")[1]
    assert "@" not in sheet.split("*/")[1]
    theme.apply(qapp)


def test_no_word_of_the_program_lacks_a_glyph(qapp: QApplication) -> None:
    """Every language's words, in the font that is shipped alone, in both weights."""
    for code in words.LANGUAGES:
        path = resource("i18n", code, "LC_MESSAGES", "chemsales.po")
        with path.open("rb") as file:
            said = "".join(str(message.string) for message in read_po(file, locale=code))
        for bold in (False, True):
            assert missing_glyphs(said.replace("\n", ""), theme.font(bold=bold)) == "", code


def test_the_shipped_font_stands_first_and_others_follow_for_rare_names(
    qapp: QApplication,
) -> None:
    families = theme.font().families()
    assert families[0] == theme.FAMILY
    assert QFontInfo(theme.font()).family() == theme.FAMILY
    assert {"Microsoft YaHei UI", "Noto Sans CJK SC", "Source Han Sans SC"} <= set(families)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (QRect(10, 40, 700, 500), QRect(10, 40, 700, 500)),
        (QRect(5000, 40, 700, 500), None),  # on a screen that is gone
        (QRect(10, -400, 700, 500), None),  # its head is above the screen
        (QRect(0, 0, 9000, 9000), None),  # larger than the screen
    ],
)
def test_a_window_comes_back_where_it_can_be_taken_hold_of(
    wanted: QRect, found: QRect | None, qapp: QApplication
) -> None:
    room = qapp.primaryScreen().availableGeometry()
    placed = on_screen(wanted)
    assert room.contains(placed)
    assert found is None or placed == found
