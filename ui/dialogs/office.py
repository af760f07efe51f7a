"""A resident office: a new one, or another name and other product groups for one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QWidget

from chemsales.queries.dispatch import OfficeRow
from chemsales.queries.products import GroupRow
from chemsales.words import _
from ui import theme
from ui.actions import plain_button
from ui.dialogs.form_dialog import FormDialog
from ui.widgets.article import ArticleButton
from ui.wording import shown_name


@dataclass(frozen=True, slots=True)
class OfficeDraft:
    """An office as typed, but for its product groups, which are ticked (`OfficeDialog.groups`)."""

    code: str = ""
    name: str = ""
    name_en: str = ""


class OfficeDialog(FormDialog):
    """`given(OfficeDraft)`; of an office that is there its code stays."""

    help_place = "filing"

    def __init__(
        self,
        groups: Sequence[GroupRow],
        office: OfficeRow | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = _("Change the office") if office else _("New plant office")
        super().__init__(title, parent)
        self.setMinimumWidth(theme.scaled(440))
        self.form.add("code", _("Code"), required=True, hint=_("Capital letters and digits"))
        self.form.add("name", _("Designation"), required=True)
        self.form.add("name_en", _("English name"))
        self._codes = [row.code for row in groups]
        for at, row in enumerate(groups):
            box = QCheckBox(plain_button(f"{row.code} {shown_name(row)}"))
            self.form.add(f"group.{row.code}", "" if at else _("Product groups"), box)
        self.body.addWidget(self.form)
        self.body.addWidget(ArticleButton("C4.7"))
        self.bind(OfficeDraft())
        if office is not None:
            self.fill(OfficeDraft(office.code, office.name, office.name_en))
            self.form["code"].set_read_only(True)
            for code in office.groups:
                self.form[f"group.{code}"].set_value(True)
            self.fields.mark_clean()
        self.verb = self.add_giving(_("Save") if office else _("Create the office"))

    def groups(self) -> list[str]:
        """The codes of the groups that are ticked."""
        return [code for code in self._codes if self.form[f"group.{code}"].value()]
