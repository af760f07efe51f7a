"""What stands in a grid without rows: that there is nothing yet and what to do, or that nothing
matches and how to see all again."""

from __future__ import annotations

from chemsales.queries.filtering import Request
from chemsales.words import _
from ui.actions import button
from ui.tables.base import BaseGrid
from ui.widgets.labels import EmptyState


class Emptiness(EmptyState):
    """The empty state over a grid."""

    def __init__(self, text: str, grid: BaseGrid) -> None:
        self.clear = button(_("Show all"), role="link")
        super().__init__(text, self.clear, grid.viewport())
        self.grid = grid
        self.text = text
        self.clear.clicked.connect(lambda _checked=False: self._clear())

    def set_text(self, text: str) -> None:
        self.text = text
        self.judge()

    def judge(self) -> None:
        """Stand there where no row is, and say why."""
        source = self.grid.source
        nothing = not source.count() and not source.pending
        narrowed = source.request.narrowed
        self.clear.setVisible(narrowed)
        self.setVisible(nothing)
        self.label.setText(_("Nothing matches.") if narrowed else self.text)
        self.place()
        if nothing and narrowed:
            source.counted(Request(), self._tell)

    def _tell(self, count: int) -> None:
        if not self.grid.source.request.narrowed:
            return
        said = _("Nothing matches. Rows without the filter: {count}.", count=count)
        self.label.setText(said if count else self.text)
        self.clear.setVisible(count > 0)

    def place(self) -> None:
        """Cover the whole room of the rows."""
        self.setGeometry(self.grid.viewport().rect())

    def _clear(self) -> None:
        self.grid.clear_filters()
        self.grid.setFocus()
