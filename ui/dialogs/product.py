"""A new product group, a new product."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from chemsales.queries.products import GroupRow
from chemsales.words import _
from ui import theme
from ui.dialogs.base import Dialog
from ui.widgets.form import Form


def _edit(longest: int) -> QLineEdit:
    edit = QLineEdit()
    edit.setMaxLength(longest)
    return edit


class GroupDialog(Dialog):
    """`given(code, name, name_en, polyolefin, hazardous)`."""

    given = Signal(str, str, str, bool, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("New product group"), parent)
        self.setMinimumWidth(theme.scaled(440))
        self.form = Form()
        self.form.add("code", _("Code"), _edit(20), True, _("Capital letters and digits"))
        self.form.add("name", _("Designation"), _edit(100), True)
        self.form.add("name_en", _("English name"), _edit(100))
        self.polyolefin = QCheckBox(_("Polyolefin: its customers have levels"))
        self.hazardous = QCheckBox(_("Hazardous: its customers need a licence"))
        self.body.addWidget(self.form)
        self.body.addWidget(self.polyolefin)
        self.body.addWidget(self.hazardous)
        self.add_verb(_("Create the group"), self._give)

    def _give(self) -> None:
        if self.form.check_required():
            values = self.form.values()
            flags = self.polyolefin.isChecked(), self.hazardous.isChecked()
            self.given.emit(values["code"], values["name"], values["name_en"], *flags)


class ProductDialog(Dialog):
    """`given(code, name, group_code, name_en)`."""

    given = Signal(str, str, str, str)

    def __init__(self, groups: Sequence[GroupRow], parent: QWidget | None = None) -> None:
        super().__init__(_("New product"), parent)
        self.setMinimumWidth(theme.scaled(440))
        self.form = Form()
        self.form.add("code", _("Code"), _edit(20), True, _("Capital letters and digits"))
        self.form.add("name", _("Designation"), _edit(100), True)
        self.form.add("name_en", _("English name"), _edit(100))
        group = QComboBox()
        for row in groups:
            group.addItem(f"{row.code} {row.name}", row.code)
        self.form.add("group", _("Product group"), group, True)
        self.body.addWidget(self.form)
        self.add_verb(_("Create the product"), self._give)

    def _give(self) -> None:
        if self.form.check_required():
            v = self.form.values()
            self.given.emit(v["code"], v["name"], v["group"], v["name_en"])
