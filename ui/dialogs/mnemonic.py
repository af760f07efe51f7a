"""Letters of one's own to find a customer by (助记码)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from chemsales.queries import customers as query
from chemsales.queries.audit import last_change
from chemsales.queries.customers import CustomerDetail
from chemsales.rules.roles import Actor
from chemsales.services.changes import Subject
from chemsales.services.customers import set_mnemonic
from chemsales.words import _
from ui import theme
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.forms.merging import Newer, newer_by
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class MnemonicDraft:
    """A mnemonic as typed, "" for none."""

    mnemonic: str = ""


def newer(customer_id: int, actor: Actor) -> Newer:
    """The mnemonic as another desk left it."""
    detail = query.customer(actor, customer_id)
    changed = last_change(actor, Subject.CUSTOMER, customer_id)
    return newer_by(MnemonicDraft(detail.facts.mnemonic), detail.version, changed)


class MnemonicDialog(FormDialog):
    """`given(MnemonicDraft)`."""

    def __init__(self, detail: CustomerDetail, parent: QWidget | None = None) -> None:
        super().__init__(_("Mnemonic"), parent)
        self.setMinimumWidth(theme.scaled(440))
        self.body.addWidget(PlainLabel(detail.facts.name, role="section", wrap=True))
        hint = _("Found like the initials, whatever the name is")
        self.form.add("mnemonic", _("Mnemonic"), hint=hint)
        self.body.addWidget(self.form)
        self.bind(MnemonicDraft())
        self.fill(MnemonicDraft(detail.facts.mnemonic))
        self.resolve_by(detail.version, partial(newer, detail.id))
        self.add_giving(_("Save"))


def ask_mnemonic(context: Context, detail: CustomerDetail, over: QWidget) -> None:
    """Ask for another mnemonic of a customer, and write it."""
    dialog = MnemonicDialog(detail, over)
    dialog.given.connect(
        lambda draft: dialog.write(context, set_mnemonic, detail.id, draft.mnemonic, dialog.seen)
    )
    dialog.open_in(context, detail.id)
