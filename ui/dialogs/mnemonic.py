"""Letters of one's own to find a customer by (助记码)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from chemsales.rules.customer import LIMITS
from chemsales.words import _
from ui import theme
from ui.dialogs.form_dialog import FormDialog
from ui.forms.editors import line
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class MnemonicDraft:
    """A mnemonic as typed, "" for none."""

    mnemonic: str = ""


class MnemonicDialog(FormDialog):
    """`given(MnemonicDraft)`."""

    def __init__(self, customer: str, mnemonic: str, parent: QWidget | None = None) -> None:
        super().__init__(_("Mnemonic"), parent)
        self.setMinimumWidth(theme.scaled(440))
        self.body.addWidget(PlainLabel(customer, role="section", wrap=True))
        hint = _("Found like the initials, whatever the name is")
        self.form.add("mnemonic", _("Mnemonic"), line(LIMITS["mnemonic"]), hint=hint)
        self.body.addWidget(self.form)
        self.bind(MnemonicDraft())
        self.fill(MnemonicDraft(mnemonic))
        self.add_giving(_("Save"))
