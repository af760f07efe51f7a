"""Changing the file of a customer: facts and contacts as applied for, why, and since when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from chemsales.queries import customer_change as query
from chemsales.queries.audit import last_change
from chemsales.queries.in_force import InForce
from chemsales.rules.customer import Contact, CustomerFacts
from chemsales.rules.customer_change import (
    ELSEWHERE,
    GUARDED,
    FileChange,
    change_problems,
    changed_facts,
    differences,
)
from chemsales.rules.errors import Problem, Reason
from chemsales.rules.roles import Actor
from chemsales.services.changes import Subject
from chemsales.services.customer_change import PAPER
from chemsales.words import _, say_all
from ui import theme
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.forms.application import (
    NAMES,
    PAPERS,
    SECTIONS,
    add_facts,
    place_name,
    show_papers,
    without_hidden,
)
from ui.forms.binder import Binder
from ui.forms.contact_rows import ContactRows
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.merging import Newer, newer_by
from ui.forms.scans_field import ScansField
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel
from ui.work.customer_change import Changing

PAUSE_MS = 300


@dataclass(frozen=True, slots=True)
class FileForm:
    """What is typed; `scan` has the path of the paper."""

    facts: CustomerFacts
    contacts: tuple[Contact, ...] = ()
    reason: str = ""
    changed_on: date | None = None
    holder: str = ""
    scan: tuple[str, ...] = ()


def form_of(found: Changing, today: date) -> FileForm:
    """What the dialog begins with."""
    file, waiting = found.file, found.waiting
    if not found.correcting or waiting is None:
        return FileForm(file.facts, file.contacts, changed_on=today)
    stored = waiting.stored
    asked = {name: getattr(stored.after, name) for name in GUARDED}
    facts = replace(file.facts, **asked)
    return FileForm(facts, file.contacts, stored.reason, stored.changed_on, stored.holder)


def newer(customer_id: int, today: date, actor: Actor) -> Newer:
    """The file as another desk left it."""
    file = query.in_force(actor, customer_id)
    changed = last_change(actor, Subject.CUSTOMER, customer_id)
    return newer_by(form_of(Changing(file), today), file.version, changed)


class CustomerChangeDialog(FormDialog):
    """`given(FileForm)`; what waits for finance is named as soon as it is typed."""

    help_place = "customers"

    def __init__(self, context: Context, found: Changing, parent: QWidget | None = None) -> None:
        title = _("Correct a change") if found.correcting else _("Change the file")
        super().__init__(title, parent, columns=2, labels_above=True)
        self.setMinimumWidth(theme.scaled(680))
        self._reader, self.found = context, found
        self._today = context.session.today()
        column = self.column(title)
        column.addWidget(PlainLabel(found.file.facts.name, role="record", wrap=True))
        self._say_why(column)
        self._make_why()
        self._make_facts()
        self._make_contacts()
        column.addWidget(self.form)
        self.waits = PlainLabel("", role="quiet", wrap=True)
        self.warning = PlainLabel("", role="warning", wrap=True)
        column.addWidget(ArticleButton("C8.1"))
        self.body.addWidget(self.waits)
        self.body.addWidget(self.warning)
        self.warning.hide()
        self._bind()
        self.verb = self.add_giving(_("Submit again") if found.correcting else _("Change the file"))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.fields.edited.connect(self._judge_waits)
        self.fields.edited.connect(self._pause.start)
        self._judge_waits()

    def _say_why(self, column: QWidget) -> None:
        """What finance wrote that sent it back, or that something waits already."""
        waiting = self.found.waiting
        if waiting is None:
            return
        if self.found.correcting:
            last = waiting.decisions[-1]
            said = _("Returned by {name}: {why}", name=last.signature, why=last.comment)
            rest = _("Only what waits for finance is corrected here; the rest on the card.")
            column.addWidget(PlainLabel(rest, role="quiet", wrap=True))
        else:
            names = _(", ").join(_(NAMES[each.field]) for each in waiting.stored.differences)
            said = _("Waits for finance: {names}. The rest can be changed.", names=names)
        column.addWidget(PlainLabel(said, role="warning", wrap=True))

    def _make_why(self) -> None:
        form = self.form
        editor = text_box(theme.scaled(48))
        form.add("reason", _("Reason for the change"), editor, required=True, wide=True)
        form.add("changed_on", _("Changed on"), DateField(self._today), required=True)
        form.add("holder", _("Account in the name of"))
        hint = _("Required where name, codes, legal person, bank or account change.")
        if self.found.correcting and self.found.waiting is not None:
            hint = _("Attached now: {name}", name=self.found.waiting.stored.label)
        scan = ScansField(_("Paper that shows it"), 1)
        form.add("scan", _("Paper that shows it"), scan, hint=hint, wide=True)

    def _make_facts(self) -> None:
        for _key, title, specs in SECTIONS:
            self.form.add_row(PlainLabel(_(title), role="section"))
            wanted = [spec for spec in specs if spec.name not in ELSEWHERE]
            add_facts(self.form, wanted, self._today)
        for name in PAPERS:  # what lacks of the set of papers that is chosen is judged
            self.form[name].required = False
        self.form["profile"].edited.connect(lambda: show_papers(self.fields))
        waits = self.found.waiting is not None
        if self.found.correcting:
            fixed = [name for name in NAMES if name not in (*GUARDED, *ELSEWHERE)]
        else:
            fixed = list(GUARDED) if waits else []
        for name in fixed:
            self.form[name].set_read_only(True)

    def _make_contacts(self) -> None:
        self.contacts = ContactRows(self.fields)
        self.form.add_row(PlainLabel(_("Contacts"), role="section"))
        self.form.add_row(self.contacts)
        if self.found.correcting:
            self.contacts.setEnabled(False)

    def _bind(self) -> None:
        start = form_of(self.found, self._today)
        facts = Binder(self.fields, start.facts)
        facts.bind_all(self.fields.fields)
        binder = self.bind(start)
        binder.bind("facts", facts)
        binder.bind("contacts", self.contacts)
        self.fill(start)
        show_papers(self.fields)
        if not self.found.correcting:
            file = self.found.file
            self.resolve_by(file.version, partial(newer, file.customer_id, self._today))

    def change_of(self, typed: FileForm) -> FileChange:
        """As the rules and the service take it."""
        facts = without_hidden(typed.facts, self.fields)
        return FileChange(facts, typed.contacts, typed.reason, typed.changed_on, typed.holder)

    def judge(self, typed: FileForm) -> tuple[Problem, ...]:
        """What the service would refuse."""
        file, change = self.found.file, self.change_of(typed)
        found = list(change_problems(file.facts, file.contacts, change, self._today))
        if self._waiting(change, file) and not (typed.scan or self.found.correcting):
            found.append(PAPER)
        return tuple(replace(each, place=self.contacts.place_on_form(each.place)) for each in found)

    @staticmethod
    def _waiting(change: FileChange, file: InForce) -> list[str]:
        moved = differences(file.facts, changed_facts(file.facts, change.facts))
        return [place_name(each.field) for each in moved]

    def _judge_waits(self) -> None:
        """Name what does not count before finance has accepted it."""
        assert self.binder is not None
        names = self._waiting(self.change_of(self.binder.value()), self.found.file)
        said = _("Only once finance has accepted it: {names}", names=_(", ").join(names))
        self.waits.setText(said if names else _("All that is changed is in force at once."))

    def _look(self) -> None:
        """Say what is strange about the change as it is typed."""
        assert self.binder is not None
        self._reader.read(
            query.warnings,
            self.found.file.customer_id,
            self.change_of(self.binder.value()),
            self._today,
            done=self._warn,
            failed=lambda _error: None,
            channel=("customer_change", id(self)),
        )

    def _warn(self, reasons: tuple[Reason, ...]) -> None:
        self.warning.setText(say_all(reasons))
        self.warning.setVisible(bool(reasons))
