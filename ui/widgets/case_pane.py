"""The case open on the approvals page: what it is, what is reviewed, opinion and verdicts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from chemsales.rules.approval import CHAINS, StageName, Verdict
from chemsales.words import _
from ui.actions import Act, button, button_for
from ui.context import Context
from ui.forms.keeper import DraftKeeper
from ui.widgets.cases import Cases
from ui.widgets.decision_bar import DecisionBar
from ui.widgets.labels import EmptyState, PlainLabel
from ui.wording import stands
from ui.work.approvals import Loaded, Waiting


class CasePane(QStackedWidget):
    """`show_case(found)` until `show_nothing()`. What is written on a case is kept for it while
    another is looked at, and as a draft; `forget(row)` once it is signed."""

    def __init__(self, context: Context, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._card: object = None
        self.nothing = EmptyState(empty)
        self.name = PlainLabel("", role="record", wrap=True)
        self.where = PlainLabel("", role="quiet", wrap=True)
        self.cases = Cases(context)
        self.bar = DecisionBar()
        self.cases.marked.connect(self._say_left)
        self.keeper = DraftKeeper(context, self.bar.fields, self.bar.draft, "opinion", "")
        self._opinions: dict[tuple[str, int], str] = {}
        self.shown = QWidget()
        self._column = QVBoxLayout(self.shown)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.name)
        under = QHBoxLayout()
        under.addWidget(self.where, 1)
        self.card = button(_("Open the card"), self._open_card, "link")
        under.addWidget(self.card)
        self._column.addLayout(under)
        self._column.addWidget(self.cases, 1)
        self._column.addWidget(self.bar)
        self.addWidget(self.nothing)
        self.addWidget(self.shown)

    def add_correct(self, act: Act) -> None:
        """Put the way to where a case that came back is corrected below the case."""
        self._correct = act
        self.correct = button_for(act, "primary")
        self._column.addWidget(self.correct, 0, Qt.AlignmentFlag.AlignRight)

    def show_nothing(self) -> None:
        """No case is open."""
        self.setCurrentWidget(self.nothing)

    def show_case(self, found: Loaded, again: bool) -> None:
        """Show a case; `again` says that it is the one that is shown already, whose opinion is
        being typed."""
        row = found.waiting
        self.name.setText(row.called)
        self.where.setText(stands(row, found.waited))
        self._card = found.card
        self.card.setVisible(found.card is not None)
        self.cases.show_case(found)
        own = row.stage is StageName.APPLICANT
        self._correct.setVisible(own)
        renewed = _("Compute again") if found.run else _("Correct and submit again")
        self._correct.setText(renewed)
        self.bar.setVisible(not own)
        self.bar.phrases.stage = row.stage
        self.bar.name_return(_("Return to {name}", name=row.owner_name))
        self.bar.show_blockers(found.blocked, found.unexplained)
        last = not own and CHAINS[row.kind].after(row.stage) is None
        self.bar.show_final(last and not found.blocked.get(Verdict.APPROVE))
        self._say_left()
        if not again:
            self.keeper.turn_to(_subject(row))
            self.bar.set_opinion(self._opinions.get(row.key, ""))
        self.setCurrentWidget(self.shown)

    def _open_card(self) -> None:
        self._context.go.emit("customers", self._card)

    def _say_left(self) -> None:
        """Say before it is sent which own lines an approval would leave unticked."""
        self.bar.show_left(*self.cases.left())

    # -- the opinions ------------------------------------------------------------------------------

    def keep(self, row: Waiting, opinion: str) -> None:
        """Keep what is written on a case until it is shown again."""
        self._opinions[row.key] = opinion

    def forget(self, row: Waiting) -> None:
        """A case is signed: what was written and ticked on it is not wanted any longer."""
        self._opinions.pop(row.key, None)
        self.cases.forget(row)
        if self.keeper.place.subject == _subject(row):
            self.bar.set_opinion("")
            self.keeper.forget()
        self.keeper.forget_kept(_subject(row))


def _subject(row: Waiting) -> str:
    """The name of a case among the drafts."""
    return " ".join(map(str, row.key))
