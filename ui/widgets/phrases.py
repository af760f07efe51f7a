"""Phrases to begin an opinion with: those of the stage, and a person's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from chemsales.rules.approval import StageName
from chemsales.words import N_, _
from ui import actions, memory
from ui.actions import Button, word
from ui.verb import Offer

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
        super().__init__(word("opinions.phrases"), parent)
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

    def _forget(self, text: str) -> None:
        self._keep([other for other in self.own() if other != text])

    def offers(self) -> list[Offer]:
        """The phrases to begin with, and keeping what is written as one."""
        if not self.isEnabled():
            return []
        own, written = self.own(), self._written()
        phrases = [*map(_, PHRASES.get(self.stage, ())), *own]
        why = "" if written else _("Nothing is written yet.")
        why = _("This phrase is kept already.") if written in phrases else why
        put = self.chosen.emit
        return [
            *(Offer("opinions.phrase", partial(put, text), _short(text)) for text in phrases),
            Offer("opinions.keep", partial(self._keep, [*own, written]), why=why),
        ]

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        self.forgetting.deleteLater()
        *phrases, keep = self.offers()
        for offer in phrases:
            actions.add(menu, offer)
        menu.addSeparator()
        actions.add(menu, keep)
        forgetting = [
            Offer("opinions.forget", partial(self._forget, text), _short(text))
            for text in self.own()
        ]
        self.forgetting = actions.branch(menu, "opinions.forget", forgetting)


def _short(text: str) -> str:
    """A phrase as one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
