"""Finds text that a person could not read: elided, clipped, or with signs that the font lacks.

`problems(window)` walks every visible widget below it.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetrics, QRawFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

from ui.tables.delegate import chip_width

TOLERANCE = 1  # pixels


@cache
def _raw(family: str, bold: bool) -> QRawFont:
    font = QFont(family)
    font.setBold(bold)
    return QRawFont.fromFont(font)


def missing_glyphs(text: str, font: QFont) -> str:
    """The characters of `text` that the font itself (not a fallback) cannot draw."""
    info = QFontInfo(font)
    raw = _raw(info.family(), info.bold())
    return "".join(
        sorted({c for c in text if c.isprintable() and not raw.supportsCharacter(ord(c))})
    )


def problems(window: QWidget) -> list[str]:
    """What cannot be read in this window, one sentence each; empty when all is well."""
    found: list[str] = []
    for widget in [window, *window.findChildren(QWidget)]:
        if widget.isVisible() and not widget.visibleRegion().isEmpty():
            for words, why in _look(widget):
                found.append(f"{_path(widget)}: {why}: {words!r}")
    return found


def _look(widget: QWidget) -> list[tuple[str, str]]:
    found = []
    for text in _texts(widget):
        lacking = missing_glyphs(text, widget.font())
        if lacking:
            found.append((text, f"no glyph for {lacking!r}"))
    for kind, check in _CHECKS:
        if isinstance(widget, kind):
            found += check(widget)
            break
    return found


def _texts(widget: QWidget) -> list[str]:
    if isinstance(widget, QTableView):
        model = widget.model()
        rows = min(model.rowCount(), 200)
        return [
            str(model.index(row, column).data() or "")
            for row in range(rows)
            for column in range(model.columnCount())
        ]
    texts = []
    for name in ("text", "title", "placeholderText", "currentText", "windowTitle"):
        value = getattr(widget, name, None)
        if callable(value) and not isinstance(widget, QPlainTextEdit):
            texts.append(str(value()))
    return [text for text in texts if text]


def _bare(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _width(widget: QWidget, text: str) -> int:
    metrics = widget.fontMetrics()
    return max((metrics.horizontalAdvance(line) for line in text.split("\n")), default=0)


def _label(label: QLabel) -> list[tuple[str, str]]:
    text = label.text()
    if not text:
        return []
    room = label.contentsRect()
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if needed > label.height() + TOLERANCE:
            return [(text, f"needs {needed} px of height, has {label.height()}")]
        longest = max((_width(label, word) for word in text.split()), default=0)
        if text.isascii() and longest > room.width() + TOLERANCE:
            return [(text, f"a word needs {longest} px, has {room.width()}")]
        return []
    found = []
    hint = label.sizeHint()
    if hint.width() > label.width() + TOLERANCE:
        found.append((text, f"needs {hint.width()} px of width, has {label.width()}"))
    if hint.height() > label.height() + TOLERANCE:
        found.append((text, f"needs {hint.height()} px of height, has {label.height()}"))
    return found


def _button(button: QAbstractButton) -> list[tuple[str, str]]:
    text = _bare(button.text())
    if not text or (isinstance(button, QToolButton) and not button.icon().isNull()):
        return []  # an icon whose text is only its name
    room = _button_room(button)
    found = []
    if _width(button, text) > room.width() + TOLERANCE:
        found.append((text, f"needs {_width(button, text)} px, has {room.width()}"))
    if button.fontMetrics().height() > button.height() + TOLERANCE:
        found.append((text, f"height {button.height()} px"))
    if _outside(button):
        found.append((text, "sticks out of what it stands in"))
    return found


def _button_room(button: QAbstractButton) -> QRect:
    option = QStyleOptionButton()
    option.initFrom(button)
    style = button.style()
    element = QStyle.SubElement.SE_PushButtonContents
    if isinstance(button, QCheckBox):
        element = QStyle.SubElement.SE_CheckBoxContents
    elif isinstance(button, QRadioButton):
        element = QStyle.SubElement.SE_RadioButtonContents
    elif isinstance(button, QPushButton):
        button.initStyleOption(option)
    room = style.subElementRect(element, option, button)
    for child in button.findChildren(QLabel):  # a number beside the word
        if child.isVisible():
            room.setRight(min(room.right(), child.geometry().left()))
    return room


def _outside(widget: QWidget) -> bool:
    """Whether a part of the widget lies outside its parent (and no scroll area shows it)."""
    parent = widget.parentWidget()
    if parent is None or isinstance(parent.parentWidget(), QAbstractScrollArea):
        return False
    return not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry())


def _combo(combo: QComboBox) -> list[tuple[str, str]]:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    style = combo.style()
    room = style.subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    text = combo.currentText()
    if _width(combo, text) > room.width() + TOLERANCE:
        return [(text, f"needs {_width(combo, text)} px, has {room.width()}")]
    return []


def _group(box: QGroupBox) -> list[tuple[str, str]]:
    text = _bare(box.title())
    if _width(box, text) > box.width():
        return [(text, f"needs {_width(box, text)} px, has {box.width()}")]
    return []


def _header(header: QHeaderView) -> list[tuple[str, str]]:
    if header.orientation() != Qt.Orientation.Horizontal:
        return []
    found = []
    model = header.model()
    for section in range(header.count()):
        if header.isSectionHidden(section):
            continue  # nothing of it is on the window
        text = str(model.headerData(section, header.orientation()) or "")
        needed = header.sectionSizeFromContents(section)
        if text and needed.width() > header.sectionSize(section) + TOLERANCE:
            has = header.sectionSize(section)
            found.append((text, f"needs {needed.width()} px, has {has}"))
        lacking = missing_glyphs(text, header.font())
        if lacking:
            found.append((text, f"no glyph for {lacking!r}"))
    return found


def _table(table: QTableView) -> list[tuple[str, str]]:
    """Columns that end outside where nothing is scrolled to at the side, and badges that are
    cut."""
    return _beyond(table) + _badges(table)


def _badges(table: QTableView) -> list[tuple[str, str]]:
    """Badges in sight that are shortened, or end outside though their column begins inside."""
    found = []
    port = table.viewport().rect()
    for row in range(max(0, table.rowAt(0)), table.model().rowCount()):
        for column in range(table.model().columnCount()):
            index = table.model().index(row, column)
            place = table.visualRect(index)
            if not place.intersects(port):
                continue
            needed = chip_width(index, table.fontMetrics())
            inside = place.intersected(port).width() if place.left() >= 0 else place.width()
            if needed > inside + TOLERANCE:
                found.append((str(index.data()), f"a badge needs {needed} px, has {inside}"))
        if table.visualRect(table.model().index(row, 0)).top() > port.bottom():
            break
    return found


def _beyond(table: QTableView) -> list[tuple[str, str]]:
    """Columns that end outside where nothing is scrolled to at the side, or so little that the
    room around a text would have had it."""
    fixed = table.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    beyond = table.horizontalHeader().length() - table.viewport().width()
    slight = table.fontMetrics().horizontalAdvance("0")
    if (fixed or beyond <= slight) and beyond > TOLERANCE and table.model().rowCount():
        return [(table.accessibleName(), f"columns go on for {beyond} px at the side")]
    return []


def _tabs(bar: QTabBar) -> list[tuple[str, str]]:
    found = []
    for index in range(bar.count()):
        text = _bare(bar.tabText(index))
        room = bar.tabRect(index)
        needed = bar.fontMetrics().horizontalAdvance(text)
        if needed > room.width() or not bar.rect().contains(room):
            found.append((text, f"needs {needed} px, has {room.width()} of {bar.width()}"))
    return found


def _list(view: QListWidget) -> list[tuple[str, str]]:
    found = []
    for row in range(view.count()):
        item = view.item(row)
        needed = view.sizeHintForColumn(0)
        if view.wordWrap():
            found += _wrapped(view, item)
        elif (
            needed > view.viewport().width() + TOLERANCE
            and not view.horizontalScrollBar().isVisible()
        ):
            found.append((item.text(), f"needs {needed} px, has {view.viewport().width()}"))
        lacking = missing_glyphs(item.text(), view.font())
        if lacking:
            found.append((item.text(), f"no glyph for {lacking!r}"))
    return found


def _sideways(area: QScrollArea) -> list[tuple[str, str]]:
    """A form or card goes on below, never at the side; a strip does, which has buttons for that."""
    bar = area.horizontalScrollBar()
    if not bar.maximum() or area.objectName() == "strip":
        return []
    return [(area.accessibleName(), f"goes on for {bar.maximum()} px at the side")]


def _wrapped(view: QListWidget, item: QListWidgetItem) -> list[tuple[str, str]]:
    """An entry of several lines in the room that the style leaves it."""
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    option.rect = view.visualItemRect(item)
    option.text = item.text()
    option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
    style = view.style()
    room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, view)
    margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, view) + 1
    inside = QRect(0, 0, room.width() - 2 * margin, 9999)
    lines = view.fontMetrics().boundingRect(inside, Qt.TextFlag.TextWordWrap, item.text())
    outside = margin + lines.width() + room.left() > view.viewport().width() + TOLERANCE
    if outside or lines.height() > room.height() + TOLERANCE:
        return [(item.text(), f"needs {lines.size()}, has {room.size()}")]
    return []


def _line_edit(edit: QLineEdit) -> list[tuple[str, str]]:
    if isinstance(edit.parentWidget(), QComboBox):
        return []
    text = edit.text() or edit.placeholderText()
    margins = edit.textMargins()
    shown = edit.contentsRect().width() - margins.left() - margins.right() - 8
    plain = text if edit.echoMode() == QLineEdit.EchoMode.Normal else ""
    if edit.text() == "" and QFontMetrics(edit.font()).horizontalAdvance(plain) > shown:
        return [(text, f"the hint needs more than {shown} px")]
    if edit.height() + TOLERANCE < min(edit.sizeHint().height(), QSize(0, 24).height()):
        return [(text, f"height {edit.height()} px")]
    return []


_CHECKS = (
    (QLabel, _label),
    (QAbstractButton, _button),
    (QComboBox, _combo),
    (QGroupBox, _group),
    (QHeaderView, _header),
    (QTableView, _table),
    (QTabBar, _tabs),
    (QListWidget, _list),
    (QScrollArea, _sideways),
    (QLineEdit, _line_edit),
)


def _path(widget: QWidget) -> str:
    names = []
    at: QWidget | None = widget
    while at is not None and len(names) < 4:
        names.append(type(at).__name__ + (f"#{at.objectName()}" if at.objectName() else ""))
        at = at.parentWidget()
    return " < ".join(names)
