"""Paints a table cell that has a tone as a badge: sign, word and colour, also in a selected row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ui import theme
from ui.tables.columns import Column
from ui.theme import Tone

ToneRole = Qt.ItemDataRole.UserRole + 1
PAD, GAP = 7, 4  # beside the words of a badge, and beside the badge


def _words(index: QModelIndex | QPersistentModelIndex) -> str:
    return f"{theme.SIGNS[Tone(index.data(ToneRole))]} {index.data()}"


def chip_width(index: QModelIndex | QPersistentModelIndex, metrics: QFontMetrics) -> int:
    """The width in pixels that the badge of a cell needs with the gaps beside it, 0 without one."""
    if index.data(ToneRole) is None or not index.data():
        return 0
    return metrics.horizontalAdvance(_words(index)) + 2 * theme.scaled(PAD) + 2 * theme.scaled(GAP)


class ToneDelegate(QStyledItemDelegate):
    """The delegate of the columns that have a tone."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tone = index.data(ToneRole)
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if tone is None or not text:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        front, back = theme.tokens().tones[Tone(tone)]
        pad, gap = theme.scaled(PAD), theme.scaled(GAP)
        metrics, words = option.fontMetrics, _words(index)
        width = min(chip_width(index, metrics), option.rect.width()) - 2 * gap
        height = min(metrics.height() + theme.scaled(2), option.rect.height() - 2)
        top = option.rect.center().y() - height / 2 + 1
        chip = QRectF(option.rect.left() + gap, top, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(back))
        painter.drawRoundedRect(chip, theme.scaled(4), theme.scaled(4))
        painter.setPen(QColor(front))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(chip.width()) - pad)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()


def set_delegates(view: QTableView, columns: Sequence[Column], delegate: ToneDelegate) -> None:
    """Have badges painted where there can be any; Qt paints all other cells, which is faster."""
    for number, column in enumerate(columns):
        if column.tone is not None:
            view.setItemDelegateForColumn(number, delegate)
