"""Whom rule parameters that are only typed would move, worked out beside the typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries import policy_effects as query
from chemsales.queries.policy_effects import Moved
from chemsales.words import _, label
from ui import theme
from ui.context import Context
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.widgets.labels import PlainLabel

AFTER_MS = 400  # of quiet typing
LEAST_HEIGHT, MOST_HEIGHT = 64, 120


class MovesView(QWidget):
    """A sentence, and the customers with the level or grade that stands and the one that would.

    `parameters()` gives what is typed, None while it makes no sense.
    """

    def __init__(
        self, context: Context, parameters: Callable[[], Mapping[str, object] | None]
    ) -> None:
        super().__init__()
        self.context, self.parameters = context, parameters
        self.text = PlainLabel("", role="section", wrap=True)
        self.grid = Grid(
            [
                Column(_("Code"), lambda row: row.customer),
                Column(_("Customer"), lambda row: row.name, stretch=True),
                Column(_("Computed for"), lambda row: row.what),
                Column(_("Stands"), lambda row: label(row.stands)),
                Column(_("Would be"), lambda row: label(row.would)),
            ],
            key=lambda row: (row.customer, row.what),
            name=_("Whom it would move"),
        )
        self.grid.setMinimumHeight(theme.scaled(LEAST_HEIGHT))
        self.grid.setMaximumHeight(theme.scaled(MOST_HEIGHT))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addWidget(self.grid)
        self._clock = QTimer(self, interval=AFTER_MS, singleShot=True)
        self._clock.timeout.connect(self.ask)
        self._say(_("Working out whom it would move …"))

    def look(self) -> None:
        """Work it out anew, once the typing rests."""
        self._clock.start()

    def ask(self) -> None:
        """Work it out now."""
        self._clock.stop()
        parameters = self.parameters()
        if parameters is None:
            self._say(_("Whom it would move is worked out once the parameters make sense."))
            return
        self.context.read(
            query.moved,
            parameters,
            done=self._show,
            failed=lambda error: self._say(str(error)),
            channel="edition moves",
        )

    def _say(self, sentence: str) -> None:
        self.text.setText(sentence)
        self.grid.hide()

    def _show(self, moved: list[Moved]) -> None:
        if not moved:
            self._say(
                _("It would move nobody: the last closed month and the last evaluation come out "
                  "the same.")
            )  # fmt: skip
            return
        self.text.setText(
            _("Levels and grades of the last closed month and evaluation that would move: {count}",
              count=len(moved))
        )  # fmt: skip
        self.grid.set_rows(moved)
        self.grid.show()
