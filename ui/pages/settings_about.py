"""What runs here: versions, database, folders; to read out when asking for help."""

from __future__ import annotations

from chemsales.words import _
from ui.context import Context
from ui.pages.page import Page
from ui.widgets.about import AboutFacts


class AboutSection(Page):
    """A list of facts and a button that copies them."""

    nested = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.about = AboutFacts(context)
        self.body.addWidget(self.about, 1)

    def title(self) -> str:
        return _("About")
