"""What an application asks for beside the customers of the same class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from chemsales.queries.peers import Peer, Peers
from chemsales.rules.numbers import format_tonnes
from chemsales.words import _, label
from ui import theme
from ui.text import dotted
from ui.widgets.facts import clear
from ui.widgets.labels import PlainLabel


class PeersView(QWidget):
    """`show_peers(peers, groups)`: for each class the figures, and the nearest by name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.scaled(4))

    def show_peers(self, peers: Sequence[Peers], groups: Mapping[str, str]) -> None:
        """Show these; `groups` are the names of product groups by code."""
        clear(self._column)
        for each in peers:
            self._column.addWidget(PlainLabel(_figures(each, groups), wrap=True))
            if each.unusual:
                asked, usual = format_tonnes(each.asked_kg), format_tonnes(each.median_kg)
                said = _("{asked} t a month is unusual: half of them take at most {usual} t.",
                         asked=asked, usual=usual)  # fmt: skip
                self._column.addWidget(PlainLabel(said, role="warning", wrap=True))
            if each.nearest:
                self._column.addWidget(_table(each.nearest))


def _figures(each: Peers, groups: Mapping[str, str]) -> str:
    which = [groups.get(each.group_code, each.group_code), label(each.customer_class), each.region]
    words = dotted(which)
    if not each.count:
        return _("{which}: there is no such customer yet", which=words)
    return _(
        "{which}: {count} customers, median {tonnes} t a month",
        which=words,
        count=each.count,
        tonnes=format_tonnes(each.median_kg),
    )


def _table(peers: Sequence[Peer]) -> QWidget:
    """The nearest peers: name; take a month, level, grade. Either wraps in its half of the room, so
    that a long level leaves the name as much."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.scaled(8))
    grid.setVerticalSpacing(theme.scaled(2))
    top = Qt.AlignmentFlag.AlignTop
    for row, peer in enumerate(peers):
        words = (
            _("{tonnes} t", tonnes=format_tonnes(peer.monthly_kg)),
            label(peer.level) if peer.level else "",
            label(peer.grade) if peer.grade else "",
        )
        figures = dotted(words)
        for column, (text, role) in enumerate(((peer.name, "quiet"), (figures, ""))):
            grid.addWidget(PlainLabel(text, role=role, wrap=True), row, column, top)
            grid.setColumnStretch(column, 1)
    return made
