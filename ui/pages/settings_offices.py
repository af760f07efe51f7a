"""The resident offices at plants (驻厂办), to which customers of their products are reported."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout

from chemsales.queries import dispatch as query
from chemsales.queries import products
from chemsales.queries.dispatch import OfficeRow
from chemsales.queries.products import GroupRow
from chemsales.services import dispatch as service
from chemsales.services.changes import Subject
from chemsales.words import _, named
from ui.actions import button_for
from ui.context import Context
from ui.dialogs.office import OfficeDialog, OfficeDraft
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone


class OfficesSection(Page):
    """The offices with the product groups that each is attached to."""

    nested = True
    subjects = frozenset({Subject.PRODUCTS})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._groups: list[GroupRow] = []
        self.offices = Grid(
            [
                Column(_("Code"), lambda row: row.code),
                Column(_("Designation"), lambda row: row.name),
                Column(_("English name"), lambda row: row.name_en),
                Column(_("Product groups"), self._named, stretch=True),
                Column(
                    _("State"),
                    lambda row: _("Reported to") if row.active else _("No longer reported to"),
                    tone=lambda row: Tone.OK if row.active else Tone.DRAFT,
                ),
            ],
            key=lambda row: row.code,
            empty=_("No plant office yet: customers are reported to finance alone."),
            name=_("Plant offices"),
        )
        new = button_for(self.act("settings.new_office", self.new_office), "primary")
        groups = button_for(self.act("settings.office_groups", self.ask_groups))
        end = button_for(self.act("settings.end_office", self._toggle))
        row = QHBoxLayout()
        row.addStretch(1)
        for made in (end, groups, new):
            row.addWidget(made)
        self.body.addLayout(row)
        self.body.addWidget(self.offices, 1)
        self.offices.chosen.connect(self._choose)
        self._choose(None)

    def title(self) -> str:
        return _("Plant offices")

    def refresh(self) -> None:
        self.context.read(products.groups, done=self._show_groups)

    def _show_groups(self, found: Sequence[GroupRow]) -> None:
        self._groups = list(found)
        self.context.read(query.offices, done=self.offices.set_rows)

    def _named(self, row: OfficeRow) -> str:
        names = {group.code: named(group.name, group.name_en) for group in self._groups}
        return _(", ").join(names.get(code, code) for code in row.groups)

    def new_office(self) -> None:
        """Ask for a new office and its product groups."""
        dialog = OfficeDialog(self._groups, parent=self.window())

        def write(draft: OfficeDraft) -> None:
            given = (draft.code, draft.name, draft.name_en, dialog.groups())
            dialog.write(self.context, service.add_office, *given)

        dialog.given.connect(write)
        dialog.open_in(self.context)

    def ask_groups(self) -> None:
        """Ask for the name and the product groups of the chosen office."""
        row: OfficeRow = self.offices.row()
        dialog = OfficeDialog(self._groups, row, self.window())

        def write(draft: OfficeDraft) -> None:
            held = (row.code, dialog.groups(), row.active, row.version)
            given = (*held, draft.name, draft.name_en)
            dialog.write(self.context, service.set_office, *given)

        dialog.given.connect(write)
        dialog.open_in(self.context, row.code)

    def _toggle(self) -> None:
        row: OfficeRow = self.offices.row()
        given = (row.code, row.groups, not row.active, row.version)
        self.context.write(service.set_office, *given)

    def _choose(self, row: OfficeRow | None) -> None:
        """Name what ends or renews the reporting to the office chosen."""
        lacking = _("Choose a row first.") if row is None else ""
        for name in ("settings.office_groups", "settings.end_office"):
            self.acts[name].block(lacking)
        ended = row is not None and not row.active
        words = _("Report to the office again") if ended else _("No longer report to the office")
        self.acts["settings.end_office"].setText(words)
