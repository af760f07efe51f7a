"""Phrases to begin an opinion with: those of the stage, and a person's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from chemsales.rules.approval import StageName
from chemsales.words import N_, _
from ui import memory
from ui.actions import Button, plain_button

MOST, LONGEST = 20, 60  # own phrases that are kept; characters of one in the menu
PHRASES = {
    StageName.SALES: (
        N_("The documents are complete and genuine; approved."),
        N_("Visited on the spot; the use stated is true."),
        N_("Approved; the monthly tonnes to be looked at after three months."),
    ),
    StageName.FINANCE: (
        N_("Tax registration and invoice data checked; no objection."),
        N_("Checked; payment before pick-up."),
        N_("The invoice data were confirmed by telephone."),
    ),
    StageName.GENERAL_MANAGER: (
        N_("Approved."),
        N_("Approved on the opinions of sales and finance."),
        N_("Approved; report on the take after six months."),
    ),
}


class PhraseButton(Button):
    """`chosen(text)`; `written` tells what stands in the opinion, to be kept as an own phrase."""

    chosen = Signal(str)

    def __init__(self, written: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(_("Phrases"), parent)
        self.setAutoDefault(False)
        self.stage = StageName.SALES
        self._written = written
        menu = QMenu(self)
        self.forgetting = QMenu(menu)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def own(self) -> list[str]:
        """The person's own phrases, the oldest first."""
        try:
            stored = json.loads(memory.recall(memory.own("phrases"), "[]"))
        except ValueError:
            return []
        return [str(text) for text in stored] if isinstance(stored, list) else []

    def _keep(self, phrases: list[str]) -> None:
        memory.remember(memory.own("phrases"), json.dumps(phrases[-MOST:], ensure_ascii=False))

    def _choose(self, text: str, _checked: bool = False) -> None:
        self.chosen.emit(text)

    def _forget(self, text: str, _checked: bool = False) -> None:
        self._keep([other for other in self.own() if other != text])

    def _fill(self) -> None:
        menu, own, written = self.menu(), self.own(), self._written()
        menu.clear()
        self.forgetting.deleteLater()
        for text in (*map(_, PHRASES.get(self.stage, ())), *own):
            menu.addAction(_short(text)).triggered.connect(partial(self._choose, text))
        menu.addSeparator()
        keep = menu.addAction(_("Keep what is written as a phrase"))
        keep.setEnabled(bool(written) and written not in own)
        keep.triggered.connect(lambda: self._keep([*own, written]))
        self.forgetting = QMenu(_("Forget a phrase"), menu)
        menu.addMenu(self.forgetting)
        self.forgetting.setEnabled(bool(own))
        for text in own:
            self.forgetting.addAction(_short(text)).triggered.connect(partial(self._forget, text))


def _short(text: str) -> str:
    """A phrase as a line of the menu."""
    line = " ".join(text.split())
    return plain_button(line if len(line) <= LONGEST else f"{line[:LONGEST]}…")
