"""The form of clause C7.1 in sections: a Draft goes in, a Draft comes out, problems stand under
their fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
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
from chemsales.words import N_, _, label, say
from ui import theme
from ui.widgets.class_rows import ClassRows
from ui.widgets.contact_rows import ContactRows
from ui.widgets.date_field import DateField
from ui.widgets.form import Form, FormField
from ui.widgets.labels import PlainLabel

OPINION = "manager_opinion"


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
            Spec("profile", N_("Papers"), "profile", wide=True),
            Spec("uscc", N_("Unified social credit code"), wide=True, only=MERGED),
            Spec("licence15", N_("Business licence no."), only=LEGACY),
            Spec("org9", N_("Organisation code"), only=LEGACY),
            Spec("national_tax_no", N_("National tax no."), only=LEGACY),
            Spec("local_tax_no", N_("Local tax no."), only=LEGACY),
            Spec("legal_person", N_("Legal person")),
            Spec("short_name", N_("Short name")),
            Spec("former_name", N_("Former name")),
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
        edit = QPlainTextEdit()
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(theme.scaled(64))
        return edit
    if kind == "profile":
        combo = QComboBox()
        for profile in DocumentProfile:
            combo.addItem(label(profile), str(profile))
        return combo
    line = QLineEdit()
    if isinstance(kind, tuple):
        completer = QCompleter(list(kind), line)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        line.setCompleter(completer)
        line.setPlaceholderText(" / ".join(kind))
    return line


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
        self.fields: dict[str, FormField] = {}
        self._touched: set[str] = set()
        self._loading = False
        for key, title, specs in SECTIONS:
            self._column.addWidget(self._fact_section(key, _(title), specs))
        self.classes = ClassRows(groups)
        self._column.addWidget(self._section("classes", _("Class per product group"), self.classes))
        self.contacts = ContactRows()
        self._column.addWidget(self._section("contacts", _("Contacts"), self.contacts))
        self._column.addWidget(self._opinion_section())
        self._column.addStretch(1)
        self.setWidget(inner)
        self._pause = QTimer(self, singleShot=True, interval=300)
        self._pause.timeout.connect(self.settled)
        self.classes.edited.connect(self._on_edit)
        self.contacts.edited.connect(self._on_edit)
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
        form = Form(columns=2, labels_above=True)
        for spec in specs:
            profile = spec.only or MERGED
            required = spec.name in required_fields(profile)
            field = form.add(
                spec.name,
                _(spec.label),
                editor_for(spec.kind, self._today),
                required,
                wide=spec.wide,
            )
            self._watch(field)
        self.fields["profile"].edited.connect(self._show_profile)
        return self._section(key, title, form)

    def _opinion_section(self) -> QFrame:
        form = Form(labels_above=True)
        field = form.add(
            OPINION, _("Account manager's opinion"), editor_for("text", self._today), wide=True
        )
        self._watch(field)
        return self._section("opinion", _("Opinion"), form)

    def _watch(self, field: FormField) -> None:
        self.fields[field.name] = field
        field.edited.connect(self._on_edit)
        field.editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field that was left shows its problem from then on."""
        if event.type() == QEvent.Type.FocusOut and not self._loading:
            name = next((n for n, f in self.fields.items() if f.editor is watched), "")
            if name and name not in self._touched:
                self._touched.add(name)
                self._pause.start()
        return super().eventFilter(watched, event)

    def _on_edit(self) -> None:
        if not self._loading:
            self.edited.emit()
            self._pause.start()

    def _show_profile(self) -> None:
        profile = self.fields["profile"].text()
        for _key, _title, specs in SECTIONS:
            for spec in specs:
                if spec.only is not None:
                    field = self.fields[spec.name]
                    field.setVisible(spec.only == profile)
                    field.label.setVisible(spec.only == profile)

    def draft(self) -> Draft:
        """What the form holds."""
        facts = {name: self.fields[name].text() for name in NAMES}
        return Draft(
            CustomerFacts(**facts),
            self.classes.requests(),
            self.contacts.contacts(),
            self.fields[OPINION].text(),
        )

    def set_draft(self, draft: Draft) -> None:
        """Fill the form."""
        self._loading = True
        for name in NAMES:
            self.fields[name].set_text(getattr(draft.facts, name))
        self.fields[OPINION].set_text(draft.manager_opinion)
        self.classes.set_requests(draft.classes)
        self.contacts.set_contacts(draft.contacts)
        self._loading = False
        self._show_profile()

    def set_read_only(self, read_only: bool) -> None:
        """Forbid or allow editing everywhere."""
        for field in self.fields.values():
            if isinstance(field.editor, QLineEdit | QPlainTextEdit):
                field.editor.setReadOnly(read_only)
            else:
                field.editor.setEnabled(not read_only)
        self.classes.setEnabled(not read_only)
        self.contacts.setEnabled(not read_only)

    def touch_all(self) -> None:
        """From now on every problem is shown, also under fields that were not visited."""
        self._touched.update(self.fields)
        self._touched.update(("classes", "contacts"))

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem under its field; a missing one only once its field was left."""
        by_place: dict[str, list[Problem]] = {}
        for problem in problems:
            by_place.setdefault(problem.place, []).append(problem)
        for name, field in self.fields.items():
            here = by_place.get(name, [])
            if here and name not in self._touched and not field.text():
                here = []
            text = "\n".join(say(problem.reason) for problem in here)
            field.set_message(text, all(problem.warning for problem in here))
        shown = "classes" in self._touched
        self.classes.show_problems(by_place, shown)
        self.contacts.show_problems(by_place, shown)

    def go_to(self, place: str) -> None:
        """Scroll to the field of a problem and put the cursor there."""
        field = self.fields.get(place)
        if field is not None:
            self.ensureWidgetVisible(field, 0, theme.scaled(60))
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        head = place.partition(".")[0]
        if head in self.sections:
            self.ensureWidgetVisible(self.sections[head])
            rows = self.classes if head == "classes" else self.contacts
            rows.focus(place)
