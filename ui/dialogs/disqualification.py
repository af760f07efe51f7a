"""Proposing to cancel a customer's qualification: ground, what happened, evidence, what it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from chemsales.rules.disqualification import PAPERS_LIMIT, Ground, Proposal, proposal_problems
from chemsales.rules.errors import Problem, Reason
from chemsales.words import _, label, say
from ui import theme
from ui.dialogs.form_dialog import FormDialog
from ui.forms.choice import Choice
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.number_field import MoneyField
from ui.forms.scans_field import ScansField
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class DisqualificationDraft:
    """What is typed: the key of the ground, the facts, the day, the loss in fen, paths of scans."""

    ground: str = ""
    facts: str = ""
    occurred_on: date | None = None
    loss_fen: int | None = None
    papers: tuple[str, ...] = ()

    @classmethod
    def of(cls, proposal: Proposal) -> DisqualificationDraft:
        """A proposal that came back, as it is typed; its papers stay where they are."""
        ground = str(proposal.ground or "")
        return cls(ground, proposal.facts, proposal.occurred_on, proposal.loss_fen)

    def proposal(self) -> Proposal:
        """As the rules and the service take it."""
        ground = Ground(self.ground) if self.ground else None
        return Proposal(ground, self.facts, self.occurred_on, self.loss_fen)


class DisqualificationDialog(FormDialog):
    """`given(DisqualificationDraft)`; what cancelling would end stands above the verb.

    `kept` papers of a proposal that came back are there already.
    """

    def __init__(
        self,
        name: str,
        effects: Sequence[Reason],
        today: date,
        kept: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Propose disqualification"), parent, labels_above=True)
        self.setMinimumWidth(theme.scaled(560))
        self._today, self._kept = today, kept
        column = self.column(_("Propose disqualification"))
        column.addWidget(PlainLabel(name, role="record", wrap=True))
        ground = Choice()
        for each in Ground:
            ground.add(str(each), label(each))
        self.form.add("ground", _("Ground"), ground, required=True)
        self.form.add("facts", _("Facts of the matter"), text_box(theme.scaled(96)), required=True)
        self.form.add("occurred_on", _("Happened on"), DateField(today), required=True)
        hint = _("Required for a loss; 0 where the reputation alone suffered.")
        self.form.add("loss_fen", _("Loss (yuan)"), MoneyField(), hint=hint)
        scans = ScansField(_("Evidence papers"), PAPERS_LIMIT)
        held = _("Attached already: {count}", count=kept) if kept else ""
        self.form.add("papers", _("Evidence papers"), scans, required=not kept, hint=held)
        column.addWidget(self.form)
        column.addWidget(PlainLabel(_("What it ends"), role="section"))
        for effect in effects:
            column.addWidget(PlainLabel(say(effect), wrap=True))
        column.addWidget(ArticleButton("C17.1"))
        self.bind(DisqualificationDraft())
        self.fill(DisqualificationDraft())
        self.verb = self.add_giving(_("Propose"), "danger")

    def judge(self, draft: DisqualificationDraft) -> tuple[Problem, ...]:
        """What the service would refuse."""
        return proposal_problems(draft.proposal(), len(draft.papers) + self._kept, self._today)
