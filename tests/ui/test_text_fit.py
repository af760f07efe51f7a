"""The scanner of readable text finds each fault that it is there for, and none in what is well."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGroupBox,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QTabBar,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.text_fit import problems
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.labels import PlainLabel

LONG = "聚丙烯与聚乙烯产品的经销商"


def _narrow(widget: QWidget) -> QWidget:
    widget.setFixedWidth(60)
    return widget


def _label() -> QWidget:
    return _narrow(QLabel(LONG))


def _wrapped() -> QWidget:
    label = _narrow(PlainLabel(LONG, wrap=True))
    label.setFixedHeight(20)
    return label


def _button() -> QWidget:
    return _narrow(QPushButton(LONG))


def _box() -> QWidget:
    return _narrow(QCheckBox(LONG))


def _combo() -> QWidget:
    combo = QComboBox()
    combo.addItem(LONG)
    return _narrow(combo)


def _group() -> QWidget:
    return _narrow(QGroupBox(LONG))


def _tabs() -> QWidget:
    bar = QTabBar()
    bar.addTab(LONG)
    bar.addTab(LONG)
    return _narrow(bar)


def _list() -> QListWidget:
    view = QListWidget()
    view.addItem(LONG)
    view.setHorizontalScrollBarPolicy(view.horizontalScrollBarPolicy().ScrollBarAlwaysOff)
    view.setFixedWidth(60)
    return view


def _lines() -> QWidget:
    view = _list()
    view.setWordWrap(True)
    view.setStyleSheet("QListWidget::item { padding: 2px 12px }")  # measured without
    return view


def _sideways() -> QWidget:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(QLabel(LONG))
    return _narrow(area)


def _header() -> QWidget:
    table = Grid([Column(LONG, lambda row: row)])
    table.widths.own[table.names[0]] = 40  # as a person may draw it
    table.widths.forget()
    return table


def _columns() -> QWidget:
    table = Grid([Column(LONG, lambda row: row)])
    table.horizontalHeader().hide()
    table.setHorizontalScrollBarPolicy(table.horizontalScrollBarPolicy().ScrollBarAlwaysOff)
    table.set_rows([LONG])
    table.setFixedWidth(60)
    table.setMinimumHeight(60)
    return table


def _badge() -> QWidget:
    table = Grid([Column("X", lambda row: row, tone=lambda _row: Tone.OK)])
    table.set_rows([LONG])
    table.widths.own[table.names[0]] = 60  # as a person may draw it
    table.widths.forget()
    table.setMinimumHeight(90)
    return table


def _badge_at_the_edge() -> QWidget:
    table = Grid([Column("X", lambda row: row, tone=lambda _row: Tone.OK)])
    table.set_rows([LONG])
    table.setFixedSize(90, 90)
    return table


def _glyph() -> QWidget:
    return QLabel("\U0001f600 x")


FAULTS = [
    _label, _wrapped, _button, _box, _combo, _group,
    _tabs, _list, _lines, _sideways, _header, _columns, _badge, _badge_at_the_edge, _glyph,
]  # fmt: skip


def _shown(qtbot: QtBot, made: QWidget) -> QWidget:
    window = QWidget()
    QVBoxLayout(window).addWidget(made)
    qtbot.addWidget(window)
    window.resize(500, 300)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.mark.parametrize("make", FAULTS, ids=lambda make: make.__name__)
def test_finds(make: Callable[[], QWidget], qtbot: QtBot) -> None:
    assert problems(_shown(qtbot, make()))


@pytest.mark.parametrize("make", FAULTS[:-1], ids=lambda make: make.__name__)
def test_is_content_with_room(make: Callable[[], QWidget], qtbot: QtBot) -> None:
    made = make()
    made.setMinimumSize(0, 0)
    made.setMaximumSize(5000, 5000)
    made.setMinimumWidth(400)
    if isinstance(made, Grid):
        made.widths.own.clear()
        made.widths.forget()
    assert problems(_shown(qtbot, made)) == []
