"""The opinion and the three verdicts of a reviewer, with the reasons why one is greyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Reason
from chemsales.words import _, say_all
from ui import actions, theme
from ui.actions import Act, button_for, key_text, plain_button, plain_tip
from ui.forms.editors import text_box
from ui.forms.field import FieldSet, FormField
from ui.forms.keeper import DraftBar
from ui.widgets.article import ArticleButton
from ui.widgets.facts import clear
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import PlainLabel
from ui.widgets.phrases import PhraseButton

VERBS_OF = {
    Verdict.APPROVE: "approvals.approve",
    Verdict.RETURN: "approvals.return",
    Verdict.REJECT: "approvals.reject",
}
HIGH, ONE_LINE = 52, 32
Blocked = Mapping[Verdict, Sequence[Reason]]


class DecisionBar(QWidget):
    """`wanted(verdict)` comes from a button or its key; `opinion()` is what the person wrote.

    Where an approval needs an opinion (`show_blockers`) it is greyed until one is written;
    `show_left` says what it would leave open, `show_final` that it is the last one, `show_marked`
    that more cases are marked than the one that is decided.
    """

    wanted = Signal(object)  # Verdict

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = FieldSet(self)
        self.draft = DraftBar()
        self.edit = text_box(theme.scaled(HIGH))
        self.field = self.fields.add(FormField("opinion", _("Opinion"), self.edit))
        self._blocked: Blocked = {}
        self._unexplained: tuple[Reason, ...] = ()
        self._held = False
        self.edit.textChanged.connect(self._retype)
        self.why = PlainLabel("", role="quiet", wrap=True)
        self.left = PlainLabel("", role="warning", wrap=True)
        self.left.hide()
        self.marked = PlainLabel("", role="warning", wrap=True)
        self.marked.hide()
        self.articles = QHBoxLayout()
        self.articles.setSpacing(4)
        reasons = QVBoxLayout()
        reasons.setSpacing(0)
        reasons.addWidget(self.why)
        reasons.addLayout(self.articles)
        reasons.addWidget(self.left)
        reasons.addWidget(self.marked)
        self.acts: dict[Verdict, Act] = {}
        self.buttons: dict[Verdict, QPushButton] = {}
        self.phrases = PhraseButton(self.opinion)
        self.phrases.chosen.connect(self._insert)
        self.phrases.setMinimumHeight(theme.scaled(36))
        said = _("Last approval: it takes effect and cannot be taken back")
        self.final = PlainLabel(said, role="warning")
        self.final.setMinimumHeight(theme.scaled(36))
        self.final.hide()
        row = FlowLayout(theme.scaled(8), right=True)
        row.addWidget(self.final)
        row.addWidget(self.phrases)
        for verdict, role in (
            (Verdict.REJECT, "danger"),
            (Verdict.RETURN, ""),
            (Verdict.APPROVE, "primary"),
        ):
            self.buttons[verdict] = self._button(verdict, role)
            row.addWidget(self.buttons[verdict])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.draft)
        layout.addWidget(self.field)
        layout.addLayout(reasons)
        layout.addLayout(row)

    def _button(self, verdict: Verdict, role: str) -> QPushButton:
        act = actions.make(VERBS_OF[verdict], self, partial(self.wanted.emit, verdict))
        act.setText(_named(act.text(), act))
        self.acts[verdict] = act
        made = button_for(act, role)
        made.setMinimumHeight(theme.scaled(36))
        return made

    def fold(self, low: bool) -> None:
        """In a low window the box for the opinion shows one line at a time."""
        self.edit.setFixedHeight(theme.scaled(ONE_LINE if low else HIGH))

    def opinion(self) -> str:
        """What is written, trimmed."""
        return self.field.text()

    def set_opinion(self, text: str) -> None:
        """Put this into the box."""
        self.field.set_text(text)

    def _insert(self, phrase: str) -> None:
        """Put a phrase where the cursor is."""
        self.edit.insertPlainText(phrase)
        self.edit.setFocus()

    def name_return(self, text: str) -> None:
        """Name whom a return goes to."""
        act = self.acts[Verdict.RETURN]
        act.setText(_named(plain_button(text), act))

    def show_left(self, text: str, tip: str) -> None:
        """Say what an approval would leave open, "" where nothing is; `tip` names each."""
        self.left.setText(text)
        self.left.setToolTip(plain_tip(tip))
        self.left.setVisible(bool(text))

    def show_final(self, final: bool) -> None:
        """Say beside the verdicts whether an approval would be the last one."""
        self.final.setVisible(final)

    def show_marked(self, count: int, verb: str) -> None:
        """Say that of so many marked cases the shown one is decided alone; `verb` approves several
        at once, "" where that is not to be had."""
        told = [_("{count} cases are marked; only the one shown here is decided.", count=count)]
        if verb:
            told.append(
                _(
                    "Applications of which every check has passed are approved at once by: {verb}",
                    verb=verb,
                )
            )
        self.marked.setText("\n".join(told))
        self.marked.setVisible(count > 1)

    def show_blockers(self, blocked: Blocked, unexplained: Sequence[Reason] = ()) -> None:
        """Grey each verdict that has reasons; the reasons are its tooltip and stand beside.
        `unexplained` are those for which an approval needs an opinion."""
        self._blocked, self._unexplained, self._held = blocked, tuple(unexplained), False
        hint = _("Opinion (a return or a rejection needs a reason)")
        if unexplained:
            hint = _("Your reason (an approval needs it too, see below)")
        self.edit.setPlaceholderText(hint)
        self._judge()

    def _reasons(self, verdict: Verdict) -> Sequence[Reason]:
        """Why a verdict may not be given with what is written now."""
        reasons = self._blocked.get(verdict, ())
        if verdict is Verdict.APPROVE and not reasons and not self.opinion():
            return self._unexplained
        return reasons

    def _retype(self) -> None:
        """What is written counts where an approval needs it."""
        if self._unexplained:
            self._judge()

    def _judge(self) -> None:
        """Grey what may not be given now; while a verdict is written none is."""
        if self._held:
            return
        shown: dict[tuple[str, str], Reason] = {}
        for verdict, act in self.acts.items():
            reasons = self._reasons(verdict)
            act.block(say_all(reasons))
            for reason in reasons:
                shown.setdefault((reason.code, str(sorted(reason.params.items()))), reason)
        self._show_reasons(list(shown.values()))
        explained = bool(self._unexplained) and not self._blocked.get(Verdict.APPROVE)
        self.edit.setEnabled(explained or any(act.isEnabled() for act in self.acts.values()))
        self.phrases.setEnabled(self.edit.isEnabled())

    def _show_reasons(self, reasons: Sequence[Reason]) -> None:
        """The sentences, and below them each article once."""
        self.why.setText(say_all(reasons, " "))
        self.why.setVisible(bool(reasons))
        clear(self.articles)
        for clause in dict.fromkeys(reason.clause for reason in reasons if reason.clause):
            self.articles.addWidget(ArticleButton(clause))
        self.articles.addStretch(1)

    def hold(self) -> None:
        """Take no further verdict while one is being written."""
        self._held = True
        for act in self.acts.values():
            act.setEnabled(False)


def _named(text: str, act: Act) -> str:
    """The verdict with the key that gives it."""
    return f"{text}  {key_text(act.verb.keys[0])}" if act.verb.keys else text
