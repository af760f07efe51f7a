"""The list of keys: every key of the program and what it does, by the place where it does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from chemsales.words import N_, _
from ui import theme
from ui.actions import key_text
from ui.dialogs.base import Dialog
from ui.places import Place
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.verbs import DIALOGS, KEPT, PAPERS, TABLES, VERBS, WINDOW

PARTS = {
    WINDOW: N_("Everywhere"),
    TABLES: N_("In a table"),
    PAPERS: N_("Where a document is shown"),
    DIALOGS: N_("In a dialog"),
}


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One line of the list."""

    where: str
    keys: str
    text: str
    tip: str


def rows(places: Sequence[Place]) -> list[KeyRow]:
    """Every key that this person can use: those of the window, of the places, of their parts."""
    everywhere = _(PARTS[WINDOW])
    found = [
        KeyRow(everywhere, key_text(f"Ctrl+{number}"), _(place.title), _("Go to this place"))
        for number, place in enumerate(places[:9], start=1)
    ]
    titles = {place.key: place.title for place in places}
    for verb in VERBS.values():
        title = PARTS.get(verb.place) or titles.get(verb.place)
        if verb.keys and title:
            keys = "  ".join(dict.fromkeys(map(key_text, verb.keys)))
            found.append(KeyRow(_(title), keys, _(verb.text), _(verb.tip)))
    found += [KeyRow(_("In a field or a dialog"), key_text(key), _(text), "") for key, text in KEPT]
    return found


class KeysDialog(Dialog):
    """Shows the list."""

    def __init__(self, places: Sequence[Place], parent: QWidget | None = None) -> None:
        super().__init__(_("List of keys"), parent)
        self.table = Grid(
            [
                Column(_("Where"), lambda row: row.where),
                Column(_("Key"), lambda row: row.keys),
                Column(_("What it does"), lambda row: row.text),
                Column(_("In detail"), lambda row: row.tip, stretch=True),
            ],
            sortable=False,
            name=_("List of keys"),
        )
        self.table.set_rows(rows(places))
        self.body.addWidget(self.table, 1)
        self.close_only()
        self.resize(theme.fitting(860, 620, parent))
        self.setMinimumWidth(theme.scaled(420))
