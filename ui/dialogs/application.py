"""The application for accreditation (C7.1): fill in, drop the scans, save at any moment, submit.

What the person does: Ctrl+N, types, drops the scans, Ctrl+Enter submits; Ctrl+S saves before that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.queries.accreditation import ApplicationDetail, Further
from chemsales.queries.application_papers import is_undated, kind_of
from chemsales.queries.course import course
from chemsales.queries.products import GroupRow
from chemsales.queries.readmission import Readmission
from chemsales.rules.customer import ApplicationState, DocumentKind, Draft
from chemsales.rules.errors import ChemsalesError, Conflict, Problem
from chemsales.rules.roles import Action
from chemsales.services.changes import Changed
from chemsales.words import _, say
from ui import actions, files, theme
from ui.actions import button, set_blocked
from ui.context import Context
from ui.dialogs import message
from ui.dialogs.application_papers import ApplicationPapers
from ui.dialogs.base import Dialog
from ui.dialogs.conflict import resolve
from ui.forms.application import ApplicationForm, place_name
from ui.forms.keeper import DraftBar, DraftKeeper
from ui.forms.merging import Newer
from ui.text import when
from ui.turns import Turns
from ui.widgets.applicant_verbs import ApplicantVerbs
from ui.widgets.application_head import EDITABLE, ApplicationHead
from ui.widgets.documents_pane import DocumentsPane
from ui.widgets.labels import PlainLabel
from ui.widgets.scans import ScanReader
from ui.work import application as work
from ui.work.application import Judgement


class ApplicationDialog(Dialog):
    """One application, new (`detail` None) or stored; closes itself after submitting. A new one for
    a further class, or for who is to be admitted anew, `begins` with what its file says."""

    help_place = "customers"

    def __init__(
        self,
        context: Context,
        groups: Sequence[GroupRow],
        detail: ApplicationDetail | None = None,
        parent: QWidget | None = None,
        begins: Further | Readmission | None = None,
    ) -> None:
        further = begins if isinstance(begins, Further) else None
        self.of = detail.further_of if detail else further.of if further else None
        self.filed = detail.filed if detail else further.filed if further else ()
        title = _("Application for a further class") if self.of else ""
        super().__init__(title or _("Application for accreditation"), parent)
        self.context = context
        self.detail = detail
        self.keeper: DraftKeeper | None = None
        self.problems: tuple[Problem, ...] = ()
        self._told = ""
        self.turns = Turns(context, self._show_busy, self)
        self.setAcceptDrops(True)
        self.bar = DraftBar()
        self.head = ApplicationHead()
        self.head.twins.opened.connect(self._look_at)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.head)
        self.form = ApplicationForm(groups, context.session.today())
        self.documents = DocumentsPane(context.session.today())
        ScanReader(self.documents.viewer, context)
        row = QHBoxLayout()
        row.addWidget(self.form, 1)
        row.addWidget(self.documents)
        self.body.addLayout(row, 1)
        self._make_verbs()
        self.form.edited.connect(self._on_edit)
        self.form.settled.connect(self._judge)
        self.documents.viewed.connect(self._make_room)
        self.papers = ApplicationPapers(self, self)
        self.resize(theme.fitting(1080, 760, parent))
        self.form.set_draft(detail.draft if detail else begins.draft if begins else Draft())
        again = begins if isinstance(begins, Readmission) else None
        if again is not None:
            self.head.show_again(again)
        if self.of is not None:
            self.head.show_further(self.of)
            self.form.begin_with_classes()
            self.form.classes.hold(self.of.classes)
        if self.editable:
            new = f"again {again.customer_id}" if again else ""
            new = f"further {self.of.id}" if self.of else new
            subject = str(detail.id) if detail else new
            self.keeper = DraftKeeper(context, self.form.set, self.bar, "application", subject)
        self._show_detail()
        if detail is not None and detail.state is ApplicationState.RETURNED:
            self.form.touch_all()
        self._judge()
        self.form.first().setFocus()

    def _make_verbs(self) -> None:
        self.cancel_button.setText(_("Close"))
        self.why = PlainLabel("", role="quiet", wrap=True)
        self.to_first = button(_("Go to the first one"), self._go_to_first, "link")
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.why)
        left.addWidget(self.to_first, 0, Qt.AlignmentFlag.AlignLeft)
        self.verbs.insertLayout(0, left, 20)
        self.applicant = ApplicantVerbs(self.context, self.turns, self.refuse)
        self.applicant.said.connect(self._tell)
        self.verbs.insertWidget(self.verbs.count() - 1, self.applicant)
        self.save_button = self.add_verb(_("Save draft"), self.save, "")
        actions.make("dialogs.save", self, self.save)
        self.submit_button = self.add_verb(_("Submit"), self.submit)

    @property
    def editable(self) -> bool:
        """Whether this person may change this application now."""
        if not self.context.may(Action.APPLICATION_EDIT):
            return False
        return self.detail is None or (
            self.detail.state in EDITABLE and self.detail.manager == self.context.actor.login
        )

    @property
    def customer(self) -> int | None:
        """The customer for whose further class it is."""
        return self.of.id if self.of else None

    def _show_detail(self) -> None:
        """Show what is stored beside the fields, in which the person may be typing."""
        detail, editable = self.detail, self.editable
        self.head.show_detail(detail)
        self.form.set_read_only(not editable, self.of is not None)
        self.documents.set_editable(editable)
        self.save_button.setVisible(editable)
        self.submit_button.setVisible(editable)
        self.applicant.show_detail(detail)
        if detail is not None and detail.case_id is not None:
            today = self.context.session.today()
            self.context.read(course, detail.case_id, today, done=self.head.show_course)
        self._show_documents()

    def _show_documents(self) -> None:
        wrong = [
            problem
            for problem in self.problems
            if problem.place.startswith("document.") and not problem.warning
        ]
        rows = self.detail.documents if self.detail else ()
        there = {row.kind for row in rows}  # one that has expired says so itself
        kinds = [DocumentKind(problem.place.partition(".")[2]) for problem in wrong]
        missing = [kind for kind in kinds if kind not in there]
        undated = [kind_of(each.reason) for each in wrong if is_undated(each)]
        self.documents.show_documents(rows, missing, self.filed, undated)

    @property
    def dirty(self) -> bool:
        """Whether something is typed that the database does not hold."""
        return self.editable and self.form.set.dirty

    def _on_edit(self) -> None:
        self.head.saved.setText(_("Not saved yet"))

    def _judge(self) -> None:
        """Ask what is wrong with the form as it stands now."""
        if not self.editable:
            self._show_judgement(Judgement(()))
            return
        kinds = [row.kind for row in self.detail.documents] if self.detail else []
        self.context.read(
            work.judge,
            self.form.draft(),
            kinds,
            self.context.session.today(),
            self.detail.id if self.detail else None,
            self.customer,
            done=self._show_judgement,
            channel=(id(self), "judge"),
        )

    def _show_judgement(self, found: Judgement) -> None:
        self.problems = found.problems
        self.form.show_problems(found.problems)
        self.head.show_twins(found.twins)
        self._show_documents()
        errors = [problem for problem in found.problems if not problem.warning]
        text = self.form.lacking(errors)
        ready = _("Nothing is missing. Ctrl+Enter submits.") if self.editable else self._told
        self.why.setText(text or ready)
        self.to_first.setVisible(bool(errors))
        reasons = [
            _("{field}: {text}", field=place_name(p.place), text=say(p.reason)) for p in errors
        ]
        if not self.turns.busy:
            set_blocked(self.submit_button, "\n".join(reasons) or text)

    def _tell(self, told: str) -> None:
        """Say what was done about what is under review, beside the verb that was pressed."""
        self._told = told
        self.why.setText(told)

    def _go_to_first(self) -> None:
        errors = [problem for problem in self.problems if not problem.warning]
        self.form.touch_all()
        self.form.show_problems(self.problems)
        if not errors:
            return
        place = errors[0].place
        if place.startswith("document."):
            self.papers.go_to(DocumentKind(place.partition(".")[2]))
        else:
            self.form.go_to(place)

    # -- writing -----------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the draft as it stands, complete or not."""
        self.turns.take(self._save)

    def _save(self, then: Callable[[], object] | None = None) -> None:
        if not self.editable:
            return
        self.show_note("")
        detail = self.detail
        self.turns.write(
            work.save,
            self.form.draft(),
            detail.id if detail else None,
            detail.version if detail else 0,
            self.customer,
            done=partial(self._saved, self.form.set.texts(), then),
            failed=self.refuse,
            title=_("Saving"),
        )

    def _saved(
        self,
        texts: dict[str, str] | None,
        then: Callable[[], object] | None,
        changed: Changed[ApplicationDetail],
    ) -> None:
        self.show_stored(changed.value, texts)
        if then is not None:
            then()

    def submit(self) -> None:
        """Save, then put the application before the reviewers."""
        self.turns.take(self._save_and_submit)

    def _save_and_submit(self) -> None:
        self._save(then=self._submit_saved)

    def _submit_saved(self) -> None:
        assert self.detail is not None
        self.turns.write(
            work.submit,
            self.detail.id,
            self.detail.version,
            done=self._submitted,
            failed=self.refuse,
            title=_("Submitting"),
        )

    def _submitted(self, changed: Changed[ApplicationDetail]) -> None:
        self.show_stored(changed.value, None)
        self.context.said.emit(_("Submitted: {name}", name=self.form.fields["name"].text()))
        self.accept()

    def show_stored(self, detail: ApplicationDetail, texts: dict[str, str] | None) -> None:
        """Show what is stored now; these texts (None: none) were saved with it."""
        self.detail = detail
        if texts is not None:
            self.form.set.mark_clean(texts)  # what was typed since is new
            if self.keeper is not None:
                self.keeper.saved_as(str(detail.id))
        self._show_detail()
        if not self.dirty:
            self.head.saved.setText(_("Saved {when}", when=when(self.context.session.now())))
        self._judge()

    def refuse(self, error: ChemsalesError) -> None:
        """Say why a write was refused; of one that another desk stored the person chooses."""
        self.turns.forget()
        self._on_edit()
        if isinstance(error, Conflict) and self.detail is not None:
            newer = partial(work.newer, self.detail.id)
            resolve(self.context, self.form.binder, newer, self._save_merged, self)
        else:
            self.show_refusal(error)

    def _save_merged(self, newer: Newer) -> None:
        """Save what the person chose over what another desk stored."""
        assert isinstance(newer.seen, ApplicationDetail)
        self.detail = newer.seen
        self._show_detail()
        self.save()

    def _show_busy(self, busy: bool) -> None:
        self.save_button.setEnabled(not busy)
        if busy:
            self.submit_button.setEnabled(False)
        else:
            self._judge()

    # -- documents ---------------------------------------------------------------------------------

    def attach(self, paths: Sequence[Path]) -> None:
        """Ask what these files are, then attach them."""
        self.papers.attach(paths)

    def _make_room(self) -> None:
        """A scan stands beside the form, so that it can be typed from."""
        self.resize(self.size().expandedTo(theme.fitting(1300, 860, self.parentWidget())))

    # -- leaving -----------------------------------------------------------------------------------

    def _look_at(self, customer: int) -> None:
        """Leave for the card of a customer that this one may repeat."""
        self.turns.take(partial(self._leave_for, customer))

    def _leave_for(self, customer: int) -> None:
        if self.keeper is not None and self.dirty:
            self.keeper.flush()
            text = _("What you typed is kept, and offered when you open this again.")
            self.context.said.emit(text)
        self.turns.forget()
        super().reject()
        self.context.go.emit("customers", customer)

    def reject(self) -> None:
        """Close; what is not saved is asked about, never thrown away silently."""
        if not self.dirty:
            super().reject()
            return
        question = message.Message(
            _("Save the draft before closing?"), _("You changed the application."), self
        )
        question.add_verb(_("Do not save"), lambda: (question.accept(), self._throw_away()), "")
        question.add_verb(_("Save draft"), lambda: (question.accept(), self._save_and_close()))
        question.open()

    def _save_and_close(self) -> None:
        self.turns.take(partial(self._save, self.accept))

    def _throw_away(self) -> None:
        self.form.set.mark_clean()
        self.accept()

    def accept(self) -> None:
        """Close; nothing that was typed is wanted any longer or it is stored."""
        self.turns.forget()
        if self.keeper is not None:
            self.keeper.forget()
        super().accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.editable and files.dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = files.dropped(event)
        if self.editable and paths:
            event.acceptProposedAction()
            self.attach(paths)
