"""The form of clause C7.1 in sections: a Draft goes in, a Draft comes out, problems stand under
their fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chemsales.queries.products import GroupRow
from chemsales.rules.customer import (
    CustomerFacts,
    DocumentKind,
    DocumentProfile,
    Draft,
    required_fields,
)
from chemsales.rules.errors import Problem
from chemsales.words import N_, _, label
from ui import theme
from ui.forms.binder import Binder
from ui.forms.class_rows import ClassRows
from ui.forms.contact_rows import ContactRows
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.field import FieldSet
from ui.forms.form import Form
from ui.forms.picker import Picker
from ui.forms.suggested import SuggestedLine
from ui.widgets.labels import PlainLabel

OPINION = "manager_opinion"
NAMED = 5  # missing fields at most


@dataclass(frozen=True, slots=True)
class Spec:
    """One field of CustomerFacts on the form: `kind` is line, text, day, profile or a list of
    words to complete (data, never translated); `only` names the document profile that it
    belongs to."""

    name: str
    label: str
    kind: str | tuple[str, ...] = "line"
    wide: bool = False
    only: DocumentProfile | None = None


LEGACY, MERGED = DocumentProfile.LEGACY, DocumentProfile.MERGED
TAXPAYERS = ("一般纳税人", "小规模纳税人")
INVOICES = ("增值税专用发票", "增值税普通发票")
SECTIONS: tuple[tuple[str, str, tuple[Spec, ...]], ...] = (
    (
        "identity",
        N_("Identity"),
        (
            Spec("name", N_("Customer name"), wide=True),
            Spec("profile", N_("Set of papers"), "profile", wide=True),
            Spec("uscc", N_("Unified social credit code"), wide=True, only=MERGED),
            Spec("licence15", N_("Business licence no."), only=LEGACY),
            Spec("org9", N_("Organisation code"), only=LEGACY),
            Spec("national_tax_no", N_("National tax no."), only=LEGACY),
            Spec("local_tax_no", N_("Local tax no."), only=LEGACY),
            Spec("legal_person", N_("Legal representative")),
            Spec("short_name", N_("Short name")),
            Spec("former_name", N_("Former name")),
            Spec("mnemonic", N_("Mnemonic")),
            Spec("enterprise_type", N_("Type of enterprise")),
            Spec("established_on", N_("Established on"), "day"),
            Spec("business_term", N_("Term of operation")),
            Spec("registered_capital", N_("Registered capital")),
        ),
    ),
    (
        "addresses",
        N_("Addresses and business"),
        (
            Spec("registered_address", N_("Registered address"), wide=True),
            Spec("business_address", N_("Business address"), wide=True),
            Spec("industry", N_("Industry")),
            Spec("parent_company", N_("Parent company")),
            Spec("business_scope", N_("Scope of business"), "text", wide=True),
        ),
    ),
    (
        "invoice",
        N_("Invoice data"),
        (
            Spec("bank", N_("Bank"), wide=True),
            Spec("account", N_("Account no.")),
            Spec("invoice_phone", N_("Phone")),
            Spec("invoice_address", N_("Postal address"), wide=True),
            Spec("taxpayer_kind", N_("Kind of taxpayer"), TAXPAYERS),
            Spec("invoice_type", N_("Kind of invoice"), INVOICES),
            Spec("credit_note", N_("Credit and risk"), "text", wide=True),
        ),
    ),
)
NAMES = {spec.name: spec.label for _key, _title, specs in SECTIONS for spec in specs}
PAPERS = {spec.name: spec.only for _key, _title, specs in SECTIONS for spec in specs if spec.only}


def add_facts(form: Form, specs: Sequence[Spec], today: date) -> None:
    """Add the fields of a section."""
    for spec in specs:
        required = spec.name in required_fields(spec.only or MERGED)
        editor = editor_for(spec.kind, today)
        form.add(spec.name, _(spec.label), editor, required, wide=spec.wide)


def of_other_papers(fields: FieldSet) -> set[str]:
    """The fields of the set of papers that is not chosen."""
    return {name for name, only in PAPERS.items() if only != fields["profile"].text()}


def show_papers(fields: FieldSet) -> None:
    """Show the fields of the set of papers that is chosen, and no others."""
    hidden = of_other_papers(fields)
    for name in PAPERS:
        fields[name].setVisible(name not in hidden)
        fields[name].label.setVisible(name not in hidden)


def without_hidden(facts: CustomerFacts, fields: FieldSet) -> CustomerFacts:
    """The facts without what belongs to the other set of papers."""
    return replace(facts, **dict.fromkeys(of_other_papers(fields), ""))


def place_name(place: str) -> str:
    """What the place of a problem is called on the form."""
    head, _dot, rest = place.partition(".")
    if head == "document":
        return label(DocumentKind(rest))
    if head == "classes":
        return _("Class per product group")
    if head == "contacts":
        return _("Contacts")
    if head == OPINION:
        return _("Account manager's opinion")
    return _(NAMES[head]) if head in NAMES else ""


def editor_for(kind: str | tuple[str, ...], today: date) -> QWidget:
    """The editor of one kind of field."""
    if kind == "day":
        return DateField(today)
    if kind == "text":
        return text_box(theme.scaled(64))
    if kind == "profile":
        return Picker((str(profile), label(profile)) for profile in DocumentProfile)
    return SuggestedLine(kind) if isinstance(kind, tuple) else QLineEdit()


class ApplicationForm(QScrollArea):
    """All sections one under the other. `edited` comes at once, `settled` a moment after the last
    stroke."""

    edited = Signal()
    settled = Signal()

    def __init__(
        self, groups: Sequence[GroupRow], today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._today = today
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.scaled(12), 0)
        self._column.setSpacing(theme.scaled(16))
        self.sections: dict[str, QWidget] = {}
        self.set = FieldSet(self)
        self.fields = self.set.fields
        for key, title, specs in SECTIONS:
            self._column.addWidget(self._fact_section(key, _(title), specs))
        facts = Binder(self.set, CustomerFacts())
        facts.bind_all(self.fields)
        self.classes = ClassRows(self.set, groups)
        self._column.addWidget(self._section("classes", _("Class per product group"), self.classes))
        self.contacts = ContactRows(self.set)
        self._column.addWidget(self._section("contacts", _("Contacts"), self.contacts))
        self._column.addWidget(self._opinion_section())
        self._column.addStretch(1)
        self.binder = Binder(self.set, Draft())
        self.binder.bind("facts", facts)
        self.binder.bind("classes", self.classes)
        self.binder.bind("contacts", self.contacts)
        self.binder.bind(OPINION, self.fields[OPINION])
        self.setWidget(inner)
        self._pause = QTimer(self, singleShot=True, interval=300)
        self._pause.timeout.connect(self.settled)
        self.set.edited.connect(self._on_edit)
        self.set.left.connect(self._pause.start)
        for child in inner.findChildren(QWidget):
            child.setAcceptDrops(False)  # a dropped file is a scan, not its path as text
        self._show_profile()

    def _section(self, key: str, title: str, content: QWidget) -> QFrame:
        frame = QFrame()
        frame.setProperty("card", True)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(PlainLabel(title, role="section"))
        layout.addWidget(content)
        self.sections[key] = frame
        return frame

    def _fact_section(self, key: str, title: str, specs: Sequence[Spec]) -> QFrame:
        form = Form(columns=2, labels_above=True, fields=self.set)
        add_facts(form, specs, self._today)
        if "profile" in (spec.name for spec in specs):
            self.fields["profile"].edited.connect(self._show_profile)
        return self._section(key, title, form)

    def _opinion_section(self) -> QFrame:
        form = Form(labels_above=True, fields=self.set)
        editor = editor_for("text", self._today)
        form.add(OPINION, _("Account manager's opinion"), editor, wide=True)
        return self._section("opinion", _("Opinion"), form)

    def _on_edit(self) -> None:
        self.edited.emit()
        self._pause.start()

    def _show_profile(self) -> None:
        show_papers(self.set)

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut at the side: there is no bar to scroll there."""
        bar = self.verticalScrollBar().sizeHint().width()
        width = self.widget().minimumSizeHint().width() + bar + 2 * self.frameWidth()
        return QSize(width, super().minimumSizeHint().height())

    def draft(self) -> Draft:
        """What the form holds; what belongs to the other set of papers is hidden, and left out."""
        draft = self.binder.value()
        return replace(draft, facts=without_hidden(draft.facts, self.set))

    def set_draft(self, draft: Draft) -> None:
        """Fill the form with what is stored."""
        self.set.blockSignals(True)
        self.binder.set_value(draft)
        self.set.blockSignals(False)
        self._show_profile()

    def set_read_only(self, read_only: bool, filed: bool = False) -> None:
        """Forbid or allow editing everywhere; of a customer that has a file, only what is asked."""
        self.set.set_read_only(read_only)
        if filed:
            for name, field in self.fields.items():
                if name in NAMES or name.startswith("contacts."):
                    field.set_read_only(True)
        self.classes.judge()
        self.contacts.set_read_only(read_only or filed)

    def begin_with_classes(self) -> None:
        """Put what is asked for above what stands in the file; the cursor is there first."""
        for at, key in enumerate(("classes", "opinion")):
            self._column.insertWidget(at, self.sections[key])

    def first(self) -> QWidget:
        """The editor that stands first."""
        row = next(iter(self.classes.rows.values()), None)
        begins = self._column.indexOf(self.sections["classes"]) == 0
        return row["customer_class"].editor if begins and row else self.fields["name"].editor

    def touch_all(self) -> None:
        """From now on every problem is shown, also under fields that were not visited."""
        self.set.touch_all()

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem under its field; a missing one only once its field was left."""
        placed = [replace(p, place=self.contacts.place_on_form(p.place)) for p in problems]
        self.set.show_problems(placed, untouched=False)

    def lacking(self, errors: Sequence[Problem]) -> str:
        """What is missing or wrong, counted and named; "" where nothing is."""
        names = [place_name(problem.place) for problem in errors]
        names += [_("Monthly tonnes")] * bool(self.classes.unreadable())
        shown = _(", ").join(dict.fromkeys(names[:NAMED]))
        text = _("Missing or wrong ({count}): {names}", count=len(names), names=shown)
        return f"{text} …" if len(names) > NAMED else text if names else ""

    def go_to(self, place: str) -> None:
        """Scroll to the field of a problem and put the cursor there."""
        place = self.contacts.place_on_form(place)
        names = [name for name in self.fields if name == place or name.startswith(f"{place}.")]
        if names:
            self.fields[names[0]].focus()
