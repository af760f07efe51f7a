"""What the check code of a paper stands for: which paper, with whose signatures, what changed."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.queries import check_codes
from chemsales.queries.check_codes import Match
from chemsales.rules.errors import ChemsalesError
from chemsales.words import _
from ui import theme
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.forms.form import Form
from ui.theme import Tone
from ui.widgets.decisions import DecisionsView
from ui.widgets.facts import Pairs, clear
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.reasons import ReasonsLabel


class CheckCodeDialog(Dialog):
    """Takes a code, says what it found, and takes the next one."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Check a code"), parent)
        self.context = context
        self.match: Match | None = None
        self.setMinimumWidth(theme.scaled(520))
        hint = _(
            "It stands at the foot of the paper. Of a reminder letter or a file card type the "
            "number first, so that it is found at once: C00007-20260706 8K2M-Q0ZT-4XWA."
        )
        self.body.addWidget(PlainLabel(hint, role="quiet", wrap=True))
        self.form = Form()
        self.edit = QLineEdit()
        self.edit.returnPressed.connect(self.check)
        self.form.add("code", _("Check code"), self.edit)
        self.form.edited.connect(self._forget)
        self.body.addWidget(self.form)
        self.found = self.column(_("What was found"))
        self.found.setSpacing(theme.scaled(8))
        self.close_only()
        self.open_button = self.add_verb(_("Go there"), self._go, "")
        self.open_button.hide()
        self.verb = self.add_verb(_("Check"), self.check)

    def check(self) -> None:
        """Look for the paper with the code that is typed."""
        self._forget()
        self.context.read(
            check_codes.check,
            self.form["code"].text(),
            self.context.session.today(),
            done=self._show,
            failed=self._refused,
            channel="check code",
        )

    def _forget(self) -> None:
        """What stood here was about another code."""
        self.match = None
        self.show_note("")
        self.open_button.hide()
        clear(self.found)

    def _refused(self, error: ChemsalesError) -> None:
        self.show_refusal(error, self.form)

    def _show(self, match: Match | None) -> None:
        self._forget()
        self.match = match
        if match is None:
            self._badge(_("Unknown"), Tone.PROBLEM)
            text = _(
                "No paper of this database ever had this check code: it was not printed from "
                "these records, or the code is that of another paper."
            )
            self.found.addWidget(PlainLabel(text, wrap=True))
            return
        changed = bool(match.since)
        self._badge(_("Matches, changed since") if changed else _("Matches"),
                    Tone.SOON if changed else Tone.OK)  # fmt: skip
        self.found.addWidget(PlainLabel(check_codes.title(match), role="section", wrap=True))
        facts = [
            (_("Check code"), match.code),
            *([(_("As on"), match.day)] if match.day else []),
            (_("Rule edition"), str(match.edition)),
            (_("Last decision"), _("event {number}", number=match.event)),
            (_("Inputs SHA-256"), match.inputs_hash[:16] + " …"),
        ]
        self.found.addWidget(Pairs(facts))
        if match.decisions:
            self.found.addWidget(PlainLabel(_("Signatures on the paper"), role="quiet"))
            signed = DecisionsView()
            signed.show_decisions(match.decisions)
            self.found.addWidget(signed)
        if changed:
            self.found.addWidget(PlainLabel(_("Changed since it was printed"), role="quiet"))
            self.found.addWidget(ReasonsLabel(match.since))
        self.open_button.show()

    def _badge(self, text: str, tone: Tone) -> None:
        self.found.addWidget(Badge(text, tone))

    def _go(self) -> None:
        assert self.match is not None
        place, target = self.match.place, self.match.target
        self.accept()
        self.context.go.emit(place, target)
