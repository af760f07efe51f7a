"""The names that stand on printed forms."""

from __future__ import annotations

from PySide6.QtCore import Qt

from chemsales.queries import settings as query
from chemsales.services import settings as service
from chemsales.services.changes import Changed, Subject
from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.context import Context
from ui.forms.form import Form
from ui.pages.page import Page


def _read() -> dict[str, str]:
    return {key: query.value(key) for key in service.KEYS}


class CompanySection(Page):
    """Company and department."""

    nested = True
    subjects = frozenset({Subject.SETTINGS})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._stored: dict[str, str] = {}
        self.form = Form(labels_above=True)
        self.form.add("company", _("Company"), hint=_("Stands at the head of printed forms."))
        self.form.add("department", _("Department"))
        self.form.setFixedWidth(theme.scaled(460))
        self.body.addWidget(self.form, 0, Qt.AlignmentFlag.AlignLeft)
        save = button(_("Save"), self.save, "primary")
        self.body.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)

    def title(self) -> str:
        return _("Company")

    def refresh(self) -> None:
        self.context.jobs.read(_read, done=self._show)

    def save(self) -> None:
        """Store what was changed."""
        for key, value in self.form.values().items():
            if value != self._stored.get(key, ""):
                self.context.write(
                    service.set_value,
                    key,
                    value,
                    done=self._saved,
                    failed=self.form.show_problems,  # type: ignore[arg-type]
                )

    def _saved(self, _changed: Changed[None]) -> None:
        self.context.said.emit(_("Saved."))

    def _show(self, stored: dict[str, str]) -> None:
        self._stored = stored
        self.form.set_values(stored)
