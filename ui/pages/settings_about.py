"""What runs here: versions, database, folders; to read out when asking for help."""

from __future__ import annotations

import platform
import sys

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication

from chemsales import __version__
from chemsales.config import data_dir, state_dir
from chemsales.words import _
from ui.actions import button
from ui.context import Context
from ui.forms.form import Form
from ui.pages.page import Page
from ui.widgets.labels import PlainLabel


class AboutSection(Page):
    """A list of facts and a button that copies them."""

    nested = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.facts = [
            (_("Program"), f"chemsales {__version__}"),
            ("Python", platform.python_version()),
            ("Qt", qVersion()),
            (_("System"), platform.platform()),
            (_("Database"), self._database()),
            (_("Data folder"), str(data_dir())),
            (_("Log folder"), str(state_dir() / "logs")),
            (_("Packaged"), _("yes") if getattr(sys, "frozen", False) else _("no")),
        ]
        form = Form()
        for number, (name, value) in enumerate(self.facts):
            text = PlainLabel(value, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.add(str(number), name, text)
        self.body.addWidget(form)
        copy = button(_("Copy"), self.copy, tip=_("Copy these facts, for a mail to the support"))
        self.body.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)

    def title(self) -> str:
        return _("About")

    def copy(self) -> None:
        """Put the facts on the clipboard."""
        lines = [f"{name}: {value}" for name, value in self.facts]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.context.said.emit(_("Copied."))

    def _database(self) -> str:
        url = self.context.config.database
        return "SQLite" if url.startswith("sqlite:") else "PostgreSQL"
