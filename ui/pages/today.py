"""Today: what waits for this person."""

from __future__ import annotations

from chemsales.words import _
from ui.context import Context
from ui.pages.page import Page
from ui.widgets.labels import EmptyState


class TodayPage(Page):
    """Cards of what waits; grows with the queries."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.body.addWidget(EmptyState(self.empty_text()), 1)

    def title(self) -> str:
        return _("Today")

    def empty_text(self) -> str:
        return _("Nothing waits for you today.")
