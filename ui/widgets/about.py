"""Versions and folders in a list, with a button that copies them for a mail to the support."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.context import Context
from ui.forms.form import Form
from ui.widgets.labels import PlainLabel
from ui.work import about
from ui.work.about import Facts


class AboutFacts(QWidget):
    """Reads the facts when it is made."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.facts: Facts = []
        self.form: Form | None = None
        self.copy_button = button(
            _("Copy"), self.copy, tip=_("Copy these facts, for a mail to the support")
        )
        self.copy_button.setEnabled(False)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.scaled(12))
        self.column.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        context.read(about.facts, done=self._show, channel=id(self))

    def _show(self, facts: Facts) -> None:
        self.facts = facts
        form = Form()
        for number, (name, value) in enumerate(facts):
            text = PlainLabel(value, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.add(str(number), name, text)
        self.column.insertWidget(0, form)
        self.copy_button.setEnabled(True)

    def copy(self) -> None:
        """Put the facts on the clipboard."""
        lines = [f"{name}: {value}" for name, value in self.facts]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.context.said.emit(_("Copied."))
