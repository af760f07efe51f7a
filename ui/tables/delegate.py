"""Paints a table cell that has a tone as a badge: sign, word and colour, also in a selected row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ui import theme
from ui.tables.columns import Column
from ui.theme import Tone

ToneRole = Qt.ItemDataRole.UserRole + 1


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
        words, option.text = option.text, ""
        style = option.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        front, back = theme.tokens().tones[Tone(tone)]
        words = f"{theme.SIGNS[Tone(tone)]} {words}"
        pad, gap = theme.scaled(7), theme.scaled(4)
        metrics = option.fontMetrics
        width = min(metrics.horizontalAdvance(words) + 2 * pad, option.rect.width() - 2 * gap)
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
