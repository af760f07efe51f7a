"""Colours, type sizes and spacing of the window, light and dark, at every zoom."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from chemsales.config import resource

FAMILY = "Noto Sans SC"  # shipped, so that every machine shows the same
# for characters of names that it lacks: what Windows and Linux desktops have
FALLBACKS = ("Microsoft YaHei UI", "Noto Sans CJK SC", "Source Han Sans SC", "SimSun-ExtB")
FONTS = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")
SIZES = {
    "body": 9.75,
    "helper": 9.0,
    "section": 11.0,
    "record": 14.0,
    "title": 16.0,
    "figure": 20.0,
}
SCHEMES = ("light", "dark", "system")
ZOOMS = (90, 100, 110, 125, 150)
ROW_HEIGHT = 28  # pixels at 100 %


class Tone(StrEnum):
    """What a badge says; always with its sign and a word, never by colour alone."""

    DRAFT = "draft"
    REVIEW = "review"
    OK = "ok"
    SOON = "soon"
    PROBLEM = "problem"
    STRATEGIC = "strategic"


SIGNS = {
    Tone.DRAFT: "○",
    Tone.REVIEW: "…",
    Tone.OK: "✓",
    Tone.SOON: "△",
    Tone.PROBLEM: "!",
    Tone.STRATEGIC: "★",
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme."""

    text: str
    quiet: str
    faint: str
    window: str
    paper: str
    raised: str
    line: str
    handle: str
    border: str
    accent: str
    accent_hover: str
    on_accent: str
    danger: str
    selected: str
    on_selected: str
    check: str  # the file of a tick that shows on the accent colour
    tones: dict[Tone, tuple[str, str]]


LIGHT = Tokens(
    text="#1F2933",
    quiet="#52606D",
    faint="#6B7785",
    window="#F4F6F8",
    paper="#FFFFFF",
    raised="#FFFFFF",
    line="#DDE3E9",
    handle="#C3CCD5",
    border="#7B8794",
    accent="#0B5CAD",
    accent_hover="#094C90",
    on_accent="#FFFFFF",
    danger="#B42318",
    selected="#CFE4FA",
    on_selected="#0F172A",
    check="check-on-dark.png",
    tones={
        Tone.DRAFT: ("#334155", "#E2E8F0"),
        Tone.REVIEW: ("#1D4ED8", "#DBEAFE"),
        Tone.OK: ("#166534", "#DCFCE7"),
        Tone.SOON: ("#92400E", "#FEF3C7"),
        Tone.PROBLEM: ("#991B1B", "#FEE2E2"),
        Tone.STRATEGIC: ("#6B21A8", "#F3E8FF"),
    },
)
DARK = Tokens(
    text="#E4E7EB",
    quiet="#A9B4C0",
    faint="#8B97A4",
    window="#15181C",
    paper="#1B1F24",
    raised="#22272E",
    line="#333B45",
    handle="#4A5563",
    border="#7B8794",
    accent="#6CB2F7",
    accent_hover="#8CC4FA",
    on_accent="#0B1220",
    danger="#FDA29B",
    selected="#1E4E7E",
    on_selected="#FFFFFF",
    check="check-on-light.png",
    tones={
        Tone.DRAFT: ("#CBD5E1", "#334155"),
        Tone.REVIEW: ("#BFDBFE", "#1E3A8A"),
        Tone.OK: ("#BBF7D0", "#14532D"),
        Tone.SOON: ("#FDE68A", "#78350F"),
        Tone.PROBLEM: ("#FECACA", "#7F1D1D"),
        Tone.STRATEGIC: ("#E9D5FF", "#581C87"),
    },
)
_now = {"tokens": LIGHT, "zoom": 100}


def tokens() -> Tokens:
    """The colours in force."""
    return _now["tokens"]  # type: ignore[return-value]


def zoom() -> int:
    """The zoom in force, per cent."""
    return _now["zoom"]  # type: ignore[return-value]


def scaled(pixels: int) -> int:
    """A length of the design in pixels at the zoom in force."""
    return round(pixels * zoom() / 100)


def fitting(width: int, height: int, parent: QWidget | None = None) -> QSize:
    """A size of the design that still fits on the screen (or over its parent's window)."""
    room = QGuiApplication.primaryScreen().availableSize() * 0.92
    if parent is not None:
        room = room.expandedTo(parent.window().size())
    return QSize(scaled(width), scaled(height)).boundedTo(room)


def mark(widget: QWidget, name: str, value: object) -> None:
    """Give a widget a property that the style sheet knows; it is polished anew only where that
    changes and it was polished before."""
    if (widget.property(name) or False) == (value or False):
        return  # what was never said counts as not so
    widget.setProperty(name, value)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else it is still to come
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def font(size: str = "body", bold: bool = False) -> QFont:
    """The program's font in one of the sizes of SIZES."""
    made = QFont([FAMILY, *FALLBACKS])
    made.setPointSizeF(SIZES[size] * zoom() / 100)
    made.setBold(bold)
    return made


def register_fonts() -> None:
    """Load the font that is shipped, so that Chinese shows on every machine."""
    if FAMILY not in QFontDatabase.families():
        for file in FONTS:
            QFontDatabase.addApplicationFont(str(resource("fonts", file)))


def resolved(scheme: str) -> Tokens:
    """The colours of a scheme; of "system" those that the system has now."""
    dark = scheme == "dark" or (
        scheme == "system" and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    )
    return DARK if dark else LIGHT


def apply(app: QApplication, scheme: str = "light", per_cent: int = 100) -> None:
    """Put colours, font and the few styled parts in force for the whole program."""
    _now["tokens"] = resolved(scheme)
    _now["zoom"] = per_cent
    if not app.styleSheet():  # else it is there, behind the style sheet's own
        app.setStyle("Fusion")
    app.setPalette(_palette(tokens()))
    app.setFont(font())
    app.setStyleSheet(_style(tokens()))


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    plain = {
        role.Window: t.window,
        role.WindowText: t.text,
        role.Base: t.paper,
        role.AlternateBase: t.window,
        role.Text: t.text,
        role.PlaceholderText: t.faint,
        role.Button: t.raised,
        role.ButtonText: t.text,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.text,
        role.Highlight: t.accent,
        role.HighlightedText: t.on_accent,
        role.Link: t.accent,
        role.LinkVisited: t.accent,
        role.Light: t.raised,
        role.Midlight: t.line,
        role.Mid: t.line,
        role.Dark: t.border,
        role.Shadow: t.line,
    }
    for key, value in plain.items():
        palette.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(t.faint))
    return palette


def _style(t: Tokens) -> str:
    """The style sheet with this scheme's colours and the zoom's lengths put in."""
    colours = {field.name: getattr(t, field.name) for field in fields(t) if field.name != "tones"}
    colours["check"] = resource("style", t.check).as_posix()
    colours["down"] = resource("style", "down.png").as_posix()  # seen on light and dark alike
    colours |= {str(tone): front for tone, (front, _back) in t.tones.items()}
    colours |= {f"{tone}_back": back for tone, (_front, back) in t.tones.items()}
    sheet = resource("style", "window.qss").read_text(encoding="utf-8")
    sheet = re.sub(r"@(\w+)", lambda found: colours[found[1]], sheet)
    return re.sub(r"(\d+)dp(-1)?", lambda m: f"{scaled(int(m[1])) - bool(m[2])}px", sheet)
