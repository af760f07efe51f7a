"""The customer file card (客户档案卡, C8.1): all that is known of a customer, as on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chemsales import words
from chemsales.reports import values
from chemsales.reports.content import Footer
from chemsales.reports.forms import (
    VALUE,
    head_row,
    pair_row,
    signature,
    table_row,
    title_block,
    under_title,
)
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Cell, Grid, Row, legible
from chemsales.reports.paper import Block, Document, Gap, Progress
from chemsales.reports.style import MM, Align, para
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.complaints import ComplaintState, Severity
from chemsales.rules.customer import (
    Contact,
    CustomerFacts,
    CustomerStatus,
    DocumentKind,
    DocumentProfile,
)
from chemsales.rules.documents import ScanSource
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Grade
from chemsales.rules.licences import LicenceState
from chemsales.rules.tiers import Level
from chemsales.rules.visits import VisitWay
from chemsales.words import _, label, say
from chemsales.words import field as name_of

WIDTH = 168.5
IDENTITY = (
    "name", "profile", "uscc", "licence15", "org9", "national_tax_no", "local_tax_no",
    "legal_person", "short_name", "former_name", "enterprise_type", "established_on",
    "business_term", "registered_capital", "registered_address", "business_address", "industry",
    "parent_company", "business_scope",
)  # fmt: skip
INVOICE = (
    "bank", "account", "invoice_address", "invoice_phone", "taxpayer_kind", "invoice_type",
    "credit_note",
)  # fmt: skip
WIDE = frozenset(
    {
        "name", "registered_address", "business_address", "business_scope", "parent_company",
        "bank", "invoice_address", "credit_note",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """Who had the customer from when to when ("": still), and why it went there."""

    name: str
    first: str
    last: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in a product group from when to when ("": still)."""

    group: str
    customer_class: CustomerClass
    region: str
    first: str
    last: str = ""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """The take and the plan of a month in kilograms, and the level after it (None: not closed)."""

    month: str
    kg: int
    planned_kg: int
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class GradeLine:
    """A signed evaluation; `score` as it is written, "" where too little was known."""

    period: str
    group: str
    score: str
    grade: Grade
    signed_on: str


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit of a day: how, by whom and with whom."""

    day: str
    way: VisitWay
    visitor: str
    received_by: str


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """A paper that was accepted, and how it stands; days are ISO text, `last` "" where it never
    ends."""

    kind: DocumentKind
    number: str
    issuer: str
    first: str
    last: str
    accepted_on: str
    state: LicenceState = LicenceState.IN_FORCE


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """A complaint, how grave it is, and how it stands."""

    number: str
    received_on: str
    severity: Severity
    state: ComplaintState


@dataclass(frozen=True, slots=True)
class EventLine:
    """What happened on a day."""

    day: str
    what: Reason


@dataclass(frozen=True, slots=True)
class FileLine:
    """A scan: its kind, and what it came with."""

    kind: DocumentKind | None
    source: ScanSource
    name: str


@dataclass(frozen=True, slots=True)
class FileCard:
    """Everything on the card; days are ISO text."""

    company: str
    day: str
    code: str
    version: int
    facts: CustomerFacts
    status: CustomerStatus
    level: Level | None
    form: SalesForm | None
    manager: str
    accredited_on: str
    application: str
    owners: tuple[OwnerLine, ...] = ()
    contacts: tuple[Contact, ...] = ()
    classes: tuple[ClassLine, ...] = ()
    months: tuple[MonthLine, ...] = ()
    grades: tuple[GradeLine, ...] = ()
    visits: tuple[VisitLine, ...] = ()
    licences: tuple[LicenceLine, ...] = ()
    complaints: tuple[ComplaintLine, ...] = ()
    events: tuple[EventLine, ...] = ()
    files: tuple[FileLine, ...] = ()
    footer: Footer = field(default_factory=Footer)


def render(card: FileCard, language: str = "zh_CN", progress: Progress | None = None) -> bytes:
    """The card as PDF; the same card gives the same bytes. DataError for a missing glyph."""
    check_glyphs(card)
    with words.language(language):
        title = _("Customer file card")
        document = Document(title, card.company, progress=progress)
        running = f"{title}  {card.code}  {card.facts.name}"
        document.flow(_blocks(card, title), card.footer, running=running)
        return document.render()


def _blocks(card: FileCard, title: str) -> list[Block]:
    line = under_title(
        _("Customer code {code}", code=card.code),
        _("As on {day}", day=values.day(card.day)),
        _("Version {version}", version=card.version),
    )
    sections = [
        Grid(_standing(card), _("Standing"), keep=True),
        Grid(_facts(card.facts, IDENTITY), _("Identity")),
        Grid(_facts(card.facts, INVOICE), _("Invoice data"), keep=True),
        *_tables(card),
        Grid(legible(_signatures(), _("Checked by")), _("Checked by"), keep=True),
    ]
    return [*title_block(card.company, title), line, Gap(1 * MM), *sections]


def _standing(card: FileCard) -> list[Row]:
    level = label(card.level) if card.level else values.NONE
    if card.level and card.form:
        level = f"{level} · {label(card.form)}"
    return [
        pair_row((name_of("name"), card.facts.name)),
        pair_row((name_of("status"), label(card.status)), (_("Level"), level)),
        pair_row(
            (_("Accredited on"), values.day(card.accredited_on)),
            (_("Application"), card.application),
        ),
        pair_row((_("Account manager"), card.manager)),
    ]


def _facts(facts: CustomerFacts, names: Sequence[str]) -> list[Row]:
    """The facts that are known, short ones two in a row."""
    rows, waiting = list[Row](), list[tuple[str, str]]()
    for name in names:
        value = str(getattr(facts, name))
        if not value or name == "name":
            continue
        if name == "profile" and value in tuple(DocumentProfile):
            value = label(DocumentProfile(value))
        if name == "established_on":
            value = values.day(value)
        pair = (name_of(name), value)
        if name in WIDE:
            rows += [pair_row(*waiting)] if waiting else []
            waiting = []
            rows.append(pair_row(pair))
            continue
        waiting.append(pair)
        if len(waiting) == 2:
            rows.append(pair_row(*waiting))
            waiting = []
    return [*rows, *([pair_row(*waiting)] if waiting else [])] or [_none()]


def _none() -> Row:
    return Row([Cell(para(values.NONE, VALUE), 1)])


def _table(
    heads: Sequence[str],
    shares: tuple[float, ...],
    lines: Sequence[tuple[str, ...]],
    title: str,
    numbers: Sequence[int] = (),
) -> Grid:
    """A table with its head, the columns of `numbers` at the right; a dash where it has no line."""
    if not lines:
        return Grid(legible([_none()], title), title)
    head = head_row(*zip(heads, shares, strict=True))
    aligns: dict[int, Align] = dict.fromkeys(numbers, "right")
    rows = legible([head, *(table_row(line, shares, 8.5, aligns) for line in lines)], title)
    return Grid(rows, title, header=1)


def _until(last: str) -> str:
    return values.day(last) if last else values.NONE


def _tables(card: FileCard) -> list[Grid]:
    return [*_people(card), *_business(card), *_papers(card)]


def _people(card: FileCard) -> list[Grid]:
    contacts = [(label(c.kind), c.name, c.title, c.phone, c.email) for c in card.contacts]
    owners = [(o.name, values.day(o.first), _until(o.last), o.reason) for o in card.owners]
    classes = [
        (c.group, label(c.customer_class), c.region, values.day(c.first), _until(c.last))
        for c in card.classes
    ]
    return [
        _table((_("For"), _("Name"), _("Title"), _("Phone"), _("E-mail")),
               (26, 26, 26, 36, 54.5), contacts, _("Contacts")),
        _table((_("Account manager"), _("From"), _("To"), _("Reason")),
               (32, 30, 30, 76.5), owners, _("Managers")),
        _table((_("Product group"), _("Class"), _("Region"), _("From"), _("To")),
               (42, 30, 36.5, 30, 30), classes, _("Classes")),
    ]  # fmt: skip


def _business(card: FileCard) -> list[Grid]:
    months = [
        (values.month(m.month), values.tonnes(m.kg), values.tonnes(m.planned_kg),
         label(m.level) if m.level else values.NONE)
        for m in card.months
    ]  # fmt: skip
    grades = [
        (words.period(g.period), g.group, g.score or values.NONE, label(g.grade),
         values.day(g.signed_on))
        for g in card.grades
    ]  # fmt: skip
    visits = [(values.day(v.day), label(v.way), v.visitor, v.received_by) for v in card.visits]
    complaints = [
        (each.number, values.day(each.received_on), label(each.severity), label(each.state))
        for each in card.complaints
    ]
    return [
        _table((_("Month"), _("Taken (t)"), _("Planned (t)"), _("Level afterwards")),
               (40, 40, 40, 48.5), months, _("Offtake"), numbers=(1, 2)),
        _table((_("Period"), _("Product group"), _("Score"), _("Grade"), _("Signed on")),
               (38, 44, 20, 34.5, 32), grades, _("Grades"), numbers=(2,)),
        _table((_("Visited on"), _("Way"), _("Visited by"), _("Spoke with")),
               (34, 34, 40, 60.5), visits, _("Visits")),
        _table((_("Number"), _("Received on"), _("Severity"), _("State")),
               (48.5, 44, 38, 38), complaints, _("Complaints")),
    ]  # fmt: skip


def _papers(card: FileCard) -> list[Grid]:
    licences = [
        (label(each.kind), each.number, each.issuer, values.day(each.first) or values.NONE,
         values.day(each.last) if each.last else _("unlimited"), values.day(each.accepted_on),
         label(each.state))
        for each in card.licences
    ]  # fmt: skip
    files = [(label(each.kind or each.source), each.name) for each in card.files]
    events = [(values.day(each.day), say(each.what)) for each in card.events]
    return [
        _table((_("Licence name"), _("Number"), _("Issuer"), _("From"), _("To"), _("Accepted on"),
                _("State")),
               (24, 30, 22, 24, 25, 24, 19.5), licences, _("Licences")),
        _table((_("Date"), _("What happened")), (34, 134.5), events, _("Timeline")),
        _table((_("Kind of document"), _("File name")), (56, 112.5), files, _("Documents")),
    ]  # fmt: skip


def _signatures() -> list[Row]:
    blank = signature()
    return [pair_row((_("Account manager"), blank)), pair_row((_("Sales"), blank))]
