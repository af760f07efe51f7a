"""The about box."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chemsales.words import _
from ui import theme
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.widgets.about import AboutFacts


class AboutDialog(Dialog):
    """Versions, database and folders."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("About the program"), parent)
        self.about = AboutFacts(context)
        self.body.addWidget(self.about, 1)
        self.close_only()
        self.setMinimumWidth(theme.scaled(720))
        self.resize(theme.fitting(760, 360, parent))
