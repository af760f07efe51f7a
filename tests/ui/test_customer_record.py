"""What a customer took and how it was evaluated, as its card shows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt

from chemsales.queries.customer_record import Evaluated, Take
from chemsales.rules.classification import CustomerClass
from chemsales.rules.evaluation import Grade
from chemsales.words import _
from ui.widgets.customer_record import CustomerTakes

EXACT = Decimal("63.22686220527566767207748777")


def cell(grid, title, role=Qt.ItemDataRole.DisplayRole):
    model = grid.model()
    titles = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    return model.index(0, titles.index(_(title))).data(role)


def test_scores_have_two_decimals_and_numbers_stand_at_the_right(qtbot):
    view = CustomerTakes()
    qtbot.addWidget(view)
    evaluated = Evaluated(
        "2026Q2", 1, "PE", CustomerClass.DEALER, EXACT, Grade.PASS, date(2026, 7, 5)
    )
    view.show_takes([Take("2026-06", 999_999, 1_000_000)], [evaluated])
    assert cell(view.evaluations, "Score") == "63.23"
    assert cell(view.months, "Taken (t)") == "999.999"
    for grid, title in (
        (view.months, "Taken (t)"),
        (view.months, "Planned (t)"),
        (view.evaluations, "Score"),
    ):
        assert cell(grid, title, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
