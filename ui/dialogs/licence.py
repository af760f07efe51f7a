"""Recording a licence or a proof: whose, which, from when until when, with its scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from chemsales.queries.licences import LicenceDetail
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import Problem
from chemsales.rules.licences import LicenceDraft, draft_problems
from chemsales.words import _, say_all
from ui import files, theme
from ui.actions import set_blocked
from ui.context import Context
from ui.dialogs.scan_form import ScanFormDialog
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.picker import Picker
from ui.forms.scans_field import ScansField
from ui.widgets.article import ArticleButton
from ui.widgets.customer_picker import CustomerPicker, Picked
from ui.widgets.document_viewer import Item
from ui.widgets.labels import PlainLabel
from ui.widgets.licence_lists import kinds
from ui.work import licences as work

PAUSE_MS = 300


@dataclass(frozen=True, slots=True)
class LicenceForm:
    """What is typed; `file` has the path of the scan."""

    customer: Picked | None = None
    kind: str = ""
    number: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    long_term: bool = False
    proof: bool = False
    file: tuple[str, ...] = ()
    opinion: str = ""

    def draft(self) -> LicenceDraft:
        """As the rules and the service take it."""
        return LicenceDraft(
            DocumentKind(self.kind), self.number, self.issuer, self.valid_from, self.valid_to,
            self.long_term, self.proof,
        )  # fmt: skip

    @property
    def subject(self) -> str:
        """What is recorded, as drafts are told apart: of whom, and which paper."""
        return f"{self.customer.id} {self.kind}" if self.customer else ""

    @property
    def path(self) -> Path | None:
        """The scan, None where none is given."""
        return Path(self.file[0]) if self.file else None


def form_of(found: LicenceDetail) -> LicenceForm:
    """What the form shows of a paper that came back."""
    stored = found.licence
    draft = stored.draft
    return LicenceForm(
        Picked(stored.customer_id, stored.customer_name), str(draft.kind), draft.number,
        draft.issuer, draft.valid_from, draft.valid_to, draft.long_term, draft.proof,
    )  # fmt: skip


class LicenceDialog(ScanFormDialog):
    """A new paper as far as it is known from `start`; or with `returned` one that came back, which
    is put up again. The scan that is chosen stands beside, or the one that came back."""

    help_place = "licences"

    def __init__(
        self,
        context: Context,
        start: LicenceForm,
        returned: LicenceDetail | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = _("Correct a licence") if returned else _("Record a licence")
        super().__init__(context, title, "licence_form", work.scan, parent)
        self.setAcceptDrops(True)
        self._reader, self._returned = context, returned
        self._say_why()
        self._make_fields(context)
        self.warning = PlainLabel("", role="warning", wrap=True)
        self.warning.hide()
        self.area.addWidget(self.form)
        self.area.addWidget(self.warning)
        note = _("It counts from the day on which finance accepts it.")
        self.area.addWidget(PlainLabel(note, role="quiet", wrap=True))
        self.area.addWidget(ArticleButton("C15.2"))
        self.area.addStretch(1)
        self.bind(LicenceForm())
        self.fill(LicenceForm() if returned is None else form_of(returned))
        if returned is None:
            self.start_with(start)
        self.verb = self.add_giving(_("Submit again") if returned else _("Record and submit"))
        self.given.connect(self._write)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.fields.edited.connect(self._pause.start)
        self.form["long_term"].edited.connect(self._judge_end)
        self.form["file"].edited.connect(self._show_scan)
        self._judge_end()
        self._show_scan()
        self._look()

    def _say_why(self) -> None:
        """What the stage wrote that sent the paper back."""
        if self._returned is not None:
            last = self._returned.decisions[-1]
            said = _("Returned by {name}: {why}", name=last.signature, why=last.comment)
            self.area.addWidget(PlainLabel(said, role="warning", wrap=True))

    def _make_fields(self, context: Context) -> None:
        today, form = context.session.today(), self.form
        form.add("customer", _("Customer"), CustomerPicker(context), required=True)
        form.add("kind", _("Licence name"), Picker(kinds()), required=True)
        form.add("proof", "", QCheckBox(_("A proof that stands in until the licence is renewed")))
        hint = _("The scan stays as it was where none is chosen.") if self._returned else ""
        self.scan = ScansField(_("Scan"), 1)
        form.add("file", _("Scan"), self.scan, required=self._returned is None, hint=hint)
        form.add("number", _("Number"), required=True)
        form.add("issuer", _("Issuer"))
        form.add("valid_from", _("Valid from"), DateField(today))
        form.add("valid_to", _("Valid to"), DateField(today))
        form.add("long_term", "", QCheckBox(_("Valid for an unlimited time")))
        form.add("opinion", _("Opinion"), text_box(theme.scaled(56)))
        form["customer"].set_read_only(self._returned is not None)

    def start_with(self, start: LicenceForm) -> None:
        """Show what is known as if it had been typed."""
        assert self.binder is not None
        self.fields.set_texts(self.binder.texts_of(start))

    def _judge_end(self) -> None:
        """One that never ends has no last day."""
        endless = bool(self.form["long_term"].value())
        if endless:
            self.form["valid_to"].set_value(None)
        self.form["valid_to"].set_read_only(endless)

    def _show_scan(self) -> None:
        """The file that is chosen, else the scan of the paper that came back."""
        chosen = self.form["file"].value()
        assert isinstance(chosen, tuple)
        items = [Item(Path(each), "", Path(each).name) for each in chosen]
        if not items and self._returned is not None:
            stored = self._returned.licence
            items = [Item(stored.id, "", stored.label)]
        self.viewer.show_items(items, None, _("Choose the scan, or drop it here."))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files.dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A scan is taken wherever in the dialog it is dropped."""
        self.scan.add(files.dropped(event))
        event.acceptProposedAction()

    def judge(self, draft: LicenceForm) -> tuple[Problem, ...]:
        """What the service would refuse."""
        return draft_problems(draft.draft(), self._reader.session.today())

    def _look(self) -> None:
        """Say what is strange about the paper as it is typed, and what keeps it from being put
        up."""
        assert self.binder is not None
        typed: LicenceForm = self.binder.value()
        if typed.customer is None or not typed.kind:
            self._warn(work.UNSUSPICIOUS)
            return
        returned = self._returned.licence.id if self._returned else 0
        self._reader.read(
            work.looked,
            typed.customer.id,
            typed.draft(),
            returned,
            done=self._warn,
            failed=lambda _error: None,
            channel=("licence", id(self)),
        )

    def _warn(self, found: work.Looked) -> None:
        told = say_all((*found.waiting, *found.warnings))
        self.warning.setText(told)
        self.warning.setVisible(bool(told))
        set_blocked(self.verb, say_all(found.waiting))

    def _write(self, typed: LicenceForm) -> None:
        context, returned = self._reader, self._returned
        assert typed.customer is not None
        name, number = typed.customer.name, typed.number
        told = _("Waits for acceptance: {name} · {number}", name=name, number=number)
        said = partial(context.said.emit, told)
        if returned is not None:
            stored = returned.licence
            assert stored.case is not None
            given = (stored.id, stored.case.version, typed.draft(), typed.path, typed.opinion)
            self.write(context, work.correct, *given, done=lambda _changed: said())
            return
        assert typed.path is not None
        self.write(
            context, work.record, typed.customer.id, typed.draft(), typed.path, typed.opinion,
            done=lambda _changed: said(),
        )  # fmt: skip
