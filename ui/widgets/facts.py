"""The facts of a customer to read: label and value, sections without empty lines."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from chemsales.rules.customer import CustomerFacts, DocumentProfile
from chemsales.words import _, label
from ui import theme
from ui.forms.application import SECTIONS
from ui.widgets.labels import PlainLabel

Pair = tuple[str, str]
NAME = 110  # of a label at most, at 100 %: the credit code's name in one line


class Pairs(QWidget):
    """Labels at the left, which go on in a next line where they are long, values at the right, both
    selectable and plain."""

    def __init__(self, pairs: Iterable[Pair] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        pairs = list(pairs)
        measure = self.fontMetrics().horizontalAdvance
        widest = max((measure(name) for name, _value in pairs), default=0) + 2
        for row, (name, value) in enumerate(pairs):
            named = PlainLabel(name, role="quiet", wrap=True)
            named.setFixedWidth(min(theme.scaled(NAME), widest))
            grid.addWidget(named, row, 0, top)
            shown = PlainLabel(value, wrap=True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(shown, row, 1, top)


def clear(layout: QBoxLayout) -> None:
    """Take everything out of a row or column."""
    while (item := layout.takeAt(0)) is not None:
        if item.widget() is not None:
            item.widget().hide()
            item.widget().deleteLater()


def fact_sections(facts: CustomerFacts) -> list[tuple[str, list[Pair]]]:
    """Titles and filled-in facts of the form's sections."""
    found = []
    for _key, title, specs in SECTIONS:
        pairs = []
        for spec in specs:
            value = str(getattr(facts, spec.name))
            if spec.name == "profile" and value:
                value = label(DocumentProfile(value))
            if value:
                pairs.append((_(spec.label), value))
        if pairs:
            found.append((_(title), pairs))
    if facts.code_override:
        pair = (_("Failing check digit accepted because"), facts.code_override)
        found[0][1].append(pair) if found else found.append((_("Identity"), [pair]))
    return found


class FactsView(QWidget):
    """`show_facts(facts)`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_facts(self, facts: CustomerFacts) -> None:
        """Show these in place of those before."""
        clear(self._column)
        for title, pairs in fact_sections(facts):
            self._column.addWidget(PlainLabel(title, role="section"))
            self._column.addWidget(Pairs(pairs))
        self._column.addStretch(1)
