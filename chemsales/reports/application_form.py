"""The customer's application form (附件1 客户开户审批表, F1, C7.1, C7.2), filled or blank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from chemsales import words
from chemsales.reports import values
from chemsales.reports.content import Footer, Group, Opinion, Reported
from chemsales.reports.forms import (
    VALUE,
    earlier,
    head_row,
    history_rows,
    last_round,
    opinion_row,
    options,
    pair_row,
    table_row,
    taken,
    tick,
    title_block,
    under_title,
)
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Cell, Grid, Row
from chemsales.reports.paper import Block, Document, Gap, Progress
from chemsales.reports.style import MM, TextStyle, para
from chemsales.rules.admission import ANSWERS, CLAUSES, CONDITIONS, Answer
from chemsales.rules.approval import StageName
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.customer import (
    Contact,
    ContactKind,
    CustomerFacts,
    DocumentKind,
    DocumentProfile,
)
from chemsales.rules.tiers import Level
from chemsales.words import _, label
from chemsales.words import field as name_of

HAND = 7.0 * MM  # the height of a row that is filled by hand


@dataclass(frozen=True, slots=True)
class ClassLine:
    """The class asked for in one product group; level and form: polyolefins, once accredited."""

    group: Group
    customer_class: CustomerClass
    region: str = ""
    monthly_kg: int = 0
    purpose: str = ""
    level: Level | None = None
    form: SalesForm | None = None
    answers: tuple[Answer, ...] = ()  # to the conditions of the class


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One paper of the checklist; days are ISO text, "" where unknown.

    `attached` False is a required paper that is missing; `covered` says that the merged licence
    stands for it (A.X 19), `filed` that it is in the customer's file: it need not be attached.
    """

    kind: DocumentKind
    label: str = ""
    number: str = ""
    valid_from: str = ""
    valid_to: str = ""
    long_term: bool = False
    attached: bool = True
    covered: bool = False
    filed: bool = False


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """Everything on the form; the default values print the blank form, to be filled by hand.

    `applied_on` and `filed_on` are ISO days; `opinions` are all decisions of all rounds in order
    (those of the last round stand in the boxes, the others in a list of earlier ones). `held` are
    the classes of the customer for whose further class it is; None for a first application.
    `reported` are the items that its approval made, `filing` the first filing after it.
    """

    company: str = ""
    number: str = ""
    applied_on: str = ""
    facts: CustomerFacts = field(default_factory=CustomerFacts)
    classes: tuple[ClassLine, ...] = ()
    contacts: tuple[Contact, ...] = ()
    documents: tuple[DocumentLine, ...] = ()
    manager: str = ""
    manager_opinion: str = ""
    opinions: tuple[Opinion, ...] = ()
    customer_code: str = ""
    filed_on: str = ""
    held: tuple[ClassLine, ...] | None = None
    reported: tuple[Reported, ...] = ()
    filing: Reported | None = None
    footer: Footer = field(default_factory=Footer)

    @property
    def blank(self) -> bool:
        """Whether this is the form to be filled by hand."""
        return not self.number and not self.facts.name


def blank_form(company: str, edition: int) -> ApplicationForm:
    """The form to be filled by hand, under this rule edition."""
    return ApplicationForm(company, footer=Footer(edition=edition, citation="C7.1 C7.2"))


def render(
    form: ApplicationForm, language: str = "zh_CN", progress: Progress | None = None
) -> bytes:
    """The form as PDF; the same form gives the same bytes. DataError for a missing glyph."""
    check_glyphs(form)
    with words.language(language):
        title = _("Application for opening a customer account")
        document = Document(title, form.company, progress=progress)
        running = "  ".join((title, form.number, form.facts.name)).strip()
        document.flow(_blocks(form, title), form.footer, running=running)
        return document.render()


def _blocks(form: ApplicationForm, title: str) -> list[Block]:
    number = _("No. {number}", number=form.number or "________________")
    applied = values.day(form.applied_on) if form.applied_on else _("____-__-__")
    line = under_title(
        number,
        _("Applied on {day}", day=applied),
        _("Account manager: {name}", name=form.manager or "____________"),
    )
    sections = [
        Grid(_facts(form), _("Identity")),
        Grid(_classes(form), _("Classes"), header=1, keep=True),
        *_admissions(form),
        Grid(_contacts(form.contacts), _("Contacts"), header=1, keep=True),
        Grid(_invoice(form.facts), _("Invoicing"), keep=True),
        Grid(_documents(form), _("Papers"), header=1, keep=True),
        Grid(_declaration(form), _("Statement"), keep=True),
        Grid(_opinions(form), _("Approval"), keep=True),
    ]
    if earlier(form.opinions):
        sections.append(Grid(history_rows(form.opinions), _("Earlier"), header=1))
    sections.append(Grid(_filing(form), _("Filing"), keep=True))
    if form.blank:
        sections = [replace(grid, rows=list(map(_taller, grid.rows))) for grid in sections]
    return [*title_block(form.company, title, _("Annex 1")), line, Gap(1 * MM), *sections]


def _taller(row: Row) -> Row:
    """Room to write by hand."""
    return replace(row, least=max(row.least, HAND))


def _pairs(form: CustomerFacts, *names: str) -> Row:
    """A row of facts by the names of their fields."""
    return pair_row(*((name_of(name), getattr(form, name)) for name in names))


def _profile(facts: CustomerFacts) -> DocumentProfile | None:
    return next((profile for profile in DocumentProfile if profile == facts.profile), None)


def _facts(form: ApplicationForm) -> list[Row]:
    facts = form.facts
    further = form.held is not None
    kinds = (
        (_("New account"), not form.blank and not further),
        (_("Change"), further),
        (_("Resumption"), False),
    )
    kind = "  ".join(tick(word, ticked) for word, ticked in kinds)
    profile = None if form.blank else _profile(facts)
    rows = [
        pair_row((name_of("name"), facts.name)),
        pair_row((_("Kind of application"), kind)),
        pair_row((name_of("profile"), options(DocumentProfile, profile))),
    ]
    if form.held is not None:
        rows.insert(2, pair_row((_("Further class"), _further(form.customer_code, form.held))))
    if profile is not DocumentProfile.LEGACY:
        rows.append(_pairs(facts, "uscc"))
    if profile is not DocumentProfile.MERGED:
        rows.append(_pairs(facts, "licence15", "org9"))
        rows.append(_pairs(facts, "national_tax_no", "local_tax_no"))
    if facts.code_override:
        rows.append(_pairs(facts, "code_override"))
    return [
        *rows,
        _pairs(facts, "short_name", "former_name"),
        pair_row(
            (name_of("enterprise_type"), facts.enterprise_type),
            (name_of("established_on"), values.day(facts.established_on)),
        ),
        _pairs(facts, "registered_capital", "business_term"),
        _pairs(facts, "legal_person", "industry"),
        _pairs(facts, "registered_address"),
        _pairs(facts, "business_address"),
        _pairs(facts, "business_scope"),
        _pairs(facts, "parent_company"),
        _pairs(facts, "credit_note"),
    ]


def _further(code: str, held: Iterable[ClassLine]) -> str:
    """Of which customer, and the classes that it has."""
    lines = (
        " ".join(
            filter(None, (values.group_name(each.group), label(each.customer_class), each.region))
        )
        for each in held
    )
    return _("{code} has: {classes}", code=code, classes=_("; ").join(lines))


def _classes(form: ApplicationForm) -> list[Row]:
    shares = (24, 30, 24, 27, 32, 31.5)
    heads = (
        _("Product group"),
        _("Class"),
        name_of("region"),
        _("Expected t per month"),
        name_of("purpose"),
        _("Starting level and form"),
    )
    rows = [head_row(*zip(heads, shares, strict=True))]
    for line in form.classes:
        texts = (
            values.group_name(line.group),
            label(line.customer_class),
            line.region,
            values.tonnes(line.monthly_kg) if line.monthly_kg else "",
            line.purpose,
            "\n".join(label(member) for member in (line.level, line.form) if member),
        )
        rows.append(table_row(texts, shares, aligns={3: "centre"}))
    if not form.classes:
        choice = "\n".join(options([member]) for member in CustomerClass)
        forms = "\n".join(options([member]) for member in SalesForm)
        rows += [table_row(("", choice, "", "", "", forms), shares, 8.5)] * 2
    return rows


def _admissions(form: ApplicationForm) -> list[Grid]:
    """The conditions of each class with their answers; on the blank form, to be ticked."""
    title = _("Admission")
    if form.blank:
        return [Grid([_to_be_ticked(each) for each in CustomerClass], title, keep=True)]
    return [
        Grid([_admitted(each), *_answers(each.answers)], title, keep=True)
        for each in form.classes
        if each.answers
    ]


def _admitted(line: ClassLine) -> Row:
    """What the conditions are of, with their article."""
    said = f"{values.group_name(line.group)}  {label(line.customer_class)}"
    said += values.bracketed(values.cited([CLAUSES[line.customer_class]]))
    # a label is repeated on both sides of a page's end, so that it has to be short
    return Row([Cell(para(said, TextStyle(VALUE.size, max_lines=3)), 1, label=True)])


def _answers(answers: Iterable[Answer]) -> list[Row]:
    """Two in a row; region and use stand with the class."""
    own = [(label(condition), text) for condition, text in answers if condition in ANSWERS]
    return [pair_row(*own[at : at + 2]) for at in range(0, len(own), 2)]


def _to_be_ticked(wanted: CustomerClass) -> Row:
    own = [each for each in CONDITIONS[wanted] if each in ANSWERS]
    ticks = "  ".join(tick(label(each), False) for each in own)
    evidence = _("Evidence: {line}", line="_" * 50)
    return pair_row((label(wanted), f"{ticks}\n{evidence}"))


def _contacts(contacts: tuple[Contact, ...]) -> list[Row]:
    shares = (25, 30, 30, 35, 48.5)
    heads = (_("Contact"), _("Name"), name_of("title"), name_of("phone"), name_of("email"))
    shown = contacts or tuple(Contact(kind, "") for kind in ContactKind)
    return [
        head_row(*zip(heads, shares, strict=True)),
        *(
            table_row((label(one.kind), one.name, one.title, one.phone, one.email), shares)
            for one in shown
        ),
    ]


def _invoice(facts: CustomerFacts) -> list[Row]:
    return [
        _pairs(facts, "bank", "account"),
        _pairs(facts, "invoice_address"),
        _pairs(facts, "invoice_phone", "taxpayer_kind"),
        pair_row(
            (_("Tax number"), facts.uscc or facts.national_tax_no),
            (name_of("invoice_type"), facts.invoice_type),
        ),
    ]


def _documents(form: ApplicationForm) -> list[Row]:
    shares = (53, 37, 40, 14, 24.5)
    heads = (_("Paper"), name_of("number"), _("Valid"), _("Copies"), _("Original checked by"))
    rows = [head_row(*zip(heads, shares, strict=True))]
    lines = form.documents or tuple(DocumentLine(kind, attached=False) for kind in DocumentKind)
    for line in lines:
        name = tick(label(line.kind), line.attached or line.covered or line.filed)
        number = _("(covered by the merged licence)") if line.covered else line.number
        number = _("(in the customer's file)") if line.filed else number
        copies = "1" if line.attached and not line.covered else ""
        texts = (f"{name}\n{line.label}".strip("\n"), number, _validity(line), copies, "")
        rows.append(table_row(texts, shares, 8.5, aligns={3: "centre"}))
    return rows


def _validity(line: DocumentLine) -> str:
    if line.long_term:
        return _("Long term")
    if not line.valid_to:
        return _("from {day}", day=values.day(line.valid_from)) if line.valid_from else ""
    if not line.valid_from:
        return _("until {day}", day=values.day(line.valid_to))
    return _("{first} to {last}", first=values.day(line.valid_from), last=values.day(line.valid_to))


def _declaration(form: ApplicationForm) -> list[Row]:
    statement = _(
        "We declare that everything stated above and every paper handed in is true, complete and "
        "valid, and that we shall report any change in writing at once."
    )
    seal = _(
        "(Customer's seal)    Person in charge: {line}    Date: {day}",
        line="____________",
        day=_("____-__-__"),
    )
    foot = para(seal, TextStyle(9, align="right"))
    return [Row([Cell(para(statement, VALUE), 1, foot=foot)], 22 * MM)]


def _opinions(form: ApplicationForm) -> list[Row]:
    last = last_round(form.opinions)
    boxes = (
        (StageName.APPLICANT, _("Account manager's opinion"), ""),
        (StageName.SALES, "", _("(complete, true and valid)")),
        (StageName.FINANCE, "", _("(tax registration, invoice data)")),
        (StageName.GENERAL_MANAGER, "", ""),
    )
    return [
        opinion_row(
            name or label(stage),
            hint,
            last.get(stage),
            comment=form.manager_opinion if stage is StageName.APPLICANT else None,
            seal=_("(Company's seal)") + "    " if stage is StageName.GENERAL_MANAGER else "",
            least=26 * MM,  # the blank form has two pages
        )
        for stage, name, hint in boxes
    ]


def _filing(form: ApplicationForm) -> list[Row]:
    filed = values.day(form.filed_on) if form.filed_on else ""
    finance = [each for each in form.reported if not each.office]
    offices = [each for each in form.reported if each.office]
    filing = [form.filing] if form.filing else []
    return [
        pair_row((name_of("customer_code"), form.customer_code), (_("File opened on"), filed)),
        pair_row((_("Sent to finance"), taken(finance)), label_share=42),
        pair_row((_("Sent to the plant office"), taken(offices)), label_share=42),
        pair_row((_("Filed with the distribution company"), taken(filing)), label_share=42),
    ]
