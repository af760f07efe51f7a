"""Product groups and products."""

from __future__ import annotations

from dataclasses import astuple
from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from chemsales.queries import products as query
from chemsales.queries.products import GroupRow, ProductRow
from chemsales.services import products as service
from chemsales.services.changes import Subject
from chemsales.words import _
from ui.actions import button_for
from ui.context import Context
from ui.dialogs.product import GroupDialog, ProductDialog
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.labels import PlainLabel


def _state(row: GroupRow | ProductRow) -> str:
    return _("Offered") if row.active else _("No longer offered")


def _tone(row: GroupRow | ProductRow) -> Tone:
    return Tone.OK if row.active else Tone.DRAFT


def _yes(flag: bool) -> str:
    return _("yes") if flag else "-"


class ProductsSection(Page):
    """Groups above, products below; each with its own buttons."""

    nested = True
    subjects = frozenset({Subject.PRODUCTS})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.groups = Grid(
            [
                Column(_("Code"), lambda row: row.code),
                Column(_("Designation"), lambda row: row.name),
                Column(_("English name"), lambda row: row.name_en),
                Column(_("State"), _state, tone=_tone),
                Column(_("Polyolefin"), lambda row: _yes(row.polyolefin)),
                Column(_("Hazardous"), lambda row: _yes(row.hazardous), stretch=True),
            ],
            key=lambda row: row.code,
            empty=_("No product group yet."),
            name=_("Product groups"),
        )
        self.products = Grid(
            [
                Column(_("Code"), lambda row: row.code),
                Column(_("Designation"), lambda row: row.name),
                Column(_("English name"), lambda row: row.name_en),
                Column(_("Product group"), lambda row: row.group_name),
                Column(_("State"), _state, tone=_tone, stretch=True),
            ],
            key=lambda row: row.code,
            empty=_("No product yet."),
            name=_("Products"),
        )
        self.new_group_button = button_for(self.act("settings.new_group", self.new_group))
        self.new_product_button = button_for(self.act("settings.new_product", self.new_product))
        self.group_button = button_for(self.act("settings.end_group", self._toggle_group))
        self.product_button = button_for(self.act("settings.end_product", self._toggle_product))
        self._part(_("Product groups"), self.groups, self.new_group_button, self.group_button, 2)
        self._part(_("Products"), self.products, self.new_product_button, self.product_button, 3)
        for table, name in (
            (self.groups, "settings.end_group"),
            (self.products, "settings.end_product"),
        ):
            table.chosen.connect(partial(self._choose, name))
            self._choose(name, None)

    def _part(self, title: str, table: Grid, new: object, state: object, share: int) -> None:
        row = QHBoxLayout()
        row.addWidget(PlainLabel(title, role="section"))
        row.addStretch(1)
        row.addWidget(state)  # type: ignore[arg-type]
        row.addWidget(new)  # type: ignore[arg-type]
        self.body.addLayout(row)
        self.body.addWidget(table, share)

    def title(self) -> str:
        return _("Products")

    def refresh(self) -> None:
        self.context.read(query.groups, done=self.groups.set_rows)
        self.context.read(query.products, done=self.products.set_rows)

    def new_group(self) -> None:
        """Ask for a new product group."""
        dialog = GroupDialog(self.window())
        dialog.given.connect(
            lambda draft: dialog.write(self.context, service.add_group, *astuple(draft))
        )
        dialog.open_in(self.context)

    def new_product(self) -> None:
        """Ask for a new product of a group that is offered."""
        active = [row for row in self.groups.rows() if row.active]
        dialog = ProductDialog(active, self.window())
        dialog.given.connect(
            lambda draft: dialog.write(self.context, service.add_product, *astuple(draft))
        )
        dialog.open_in(self.context)

    def _toggle_group(self) -> None:
        row = self.groups.row()
        if row is not None:
            self.context.write(service.set_active, row.code, not row.active, row.version, True)

    def _toggle_product(self) -> None:
        row = self.products.row()
        if row is not None:
            self.context.write(service.set_active, row.code, not row.active, row.version)

    def _choose(self, name: str, row: GroupRow | ProductRow | None) -> None:
        """Name what ends or renews the offer of the row chosen."""
        active = row is None or row.active
        group = name == "settings.end_group"
        if group:
            words = _("No longer offer the group") if active else _("Offer the group again")
        else:
            words = _("No longer offer the product") if active else _("Offer the product again")
        self.acts[name].setText(words)
        self.acts[name].block(_("Choose a row first.") if row is None else "")
