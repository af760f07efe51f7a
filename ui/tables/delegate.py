"""Paints a table cell that has a tone as a badge: sign, word and colour, also in a selected row;
and one whose end has to be read however narrow its column is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ui import theme
from ui.tables.columns import Column
from ui.theme import Tone

ToneRole, EndRole = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
PAD, GAP = 7, 4  # beside the words of a badge, and beside the badge


def chip_width(index: QModelIndex | QPersistentModelIndex, metrics: QFontMetrics) -> int:
    """The width in pixels that the badge of a cell needs with the gaps beside it, 0 without one."""
    tone, text = index.data(ToneRole), index.data()
    if tone is None or not text:
        return 0
    return _width(f"{theme.SIGNS[Tone(tone)]} {text}", metrics)


def _width(words: str, metrics: QFontMetrics) -> int:
    return metrics.horizontalAdvance(words) + 2 * theme.scaled(PAD) + 2 * theme.scaled(GAP)


class ToneDelegate(QStyledItemDelegate):
    """The delegate of the columns that have a tone."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        # a cell is asked for its texts once: each answer is a way out of Qt and back
        self.initStyleOption(option, index)
        text = option.text
        told = index.data(ToneRole) if text else None
        option.text = "" if told is not None else text
        style = option.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if told is None:
            return
        tone = Tone(told)
        front, back = theme.tokens().tones[tone]
        pad, gap = theme.scaled(PAD), theme.scaled(GAP)
        metrics, words = option.fontMetrics, f"{theme.SIGNS[tone]} {text}"
        width = min(_width(words, metrics), option.rect.width()) - 2 * gap
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


class EndDelegate(QStyledItemDelegate):
    """The delegate of the columns of which the end stays when the rest is shortened."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.initStyleOption(option, index)
        style = option.widget.style()
        option.text = self.shortened(option, index.data(EndRole) or "")
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, option.widget)

    def shortened(self, option: QStyleOptionViewItem, end: str) -> str:
        """What of the text of a cell is seen: the beginning gives way to the end, down to a third
        of the cell."""
        style, metrics, text = option.widget.style(), option.fontMetrics, option.text
        place = style.subElementRect(style.SubElement.SE_ItemViewItemText, option, option.widget)
        beside = style.pixelMetric(style.PixelMetric.PM_FocusFrameHMargin, option, option.widget)
        room = place.width() - 2 * (beside + 1)
        if not end or not text.endswith(end) or metrics.horizontalAdvance(text) <= room:
            return text
        left = max(room - metrics.horizontalAdvance(end), room // 3)
        right = Qt.TextElideMode.ElideRight
        begun = metrics.elidedText(text.removesuffix(end), right, left)
        return begun + metrics.elidedText(end, right, room - metrics.horizontalAdvance(begun))


def set_delegates(view: QTableView, columns: Sequence[Column], delegate: ToneDelegate) -> None:
    """Have badges and ends painted where there can be any; Qt paints all other cells, which is
    faster."""
    for number, column in enumerate(columns):
        if column.tone is not None:
            view.setItemDelegateForColumn(number, delegate)
        elif column.end is not None:
            view.setItemDelegateForColumn(number, EndDelegate(view))
