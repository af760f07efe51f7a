"""A new product group, a new product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QWidget

from chemsales.queries.products import GroupRow
from chemsales.words import _
from ui import theme
from ui.dialogs.form_dialog import FormDialog
from ui.forms.picker import Picker
from ui.wording import shown_name


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A product group as typed."""

    code: str = ""
    name: str = ""
    name_en: str = ""
    polyolefin: bool = False
    hazardous: bool = False


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as typed."""

    code: str = ""
    name: str = ""
    group: str = ""
    name_en: str = ""


class GroupDialog(FormDialog):
    """`given(GroupDraft)`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("New product group"), parent)
        self.setMinimumWidth(theme.scaled(440))
        self.form.add("code", _("Code"), required=True, hint=_("Capital letters and digits"))
        self.form.add("name", _("Designation"), required=True)
        self.form.add("name_en", _("English name"))
        self.polyolefin = QCheckBox(_("Polyolefin: its customers have levels"))
        self.hazardous = QCheckBox(_("Hazardous: its customers need a licence"))
        self.form.add("polyolefin", _("Kind"), self.polyolefin)
        self.form.add("hazardous", "", self.hazardous)
        self.body.addWidget(self.form)
        self.bind(GroupDraft())
        self.add_giving(_("Create the group"))


class ProductDialog(FormDialog):
    """`given(ProductDraft)`."""

    def __init__(self, groups: Sequence[GroupRow], parent: QWidget | None = None) -> None:
        super().__init__(_("New product"), parent)
        self.setMinimumWidth(theme.scaled(440))
        self.form.add("code", _("Code"), required=True, hint=_("Capital letters and digits"))
        self.form.add("name", _("Designation"), required=True)
        self.form.add("name_en", _("English name"))
        group = Picker((row.code, f"{row.code} {shown_name(row)}") for row in groups)
        self.form.add("group", _("Product group"), group, True)
        self.body.addWidget(self.form)
        self.bind(ProductDraft())
        self.add_giving(_("Create the product"))
