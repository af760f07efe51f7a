"""The note that reports a customer to finance or a resident office (客户信息报送单, C4.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chemsales import words
from chemsales.reports import values
from chemsales.reports.content import Footer, Group
from chemsales.reports.forms import (
    head_row,
    pair_row,
    signature,
    table_row,
    title_block,
    under_title,
)
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Grid, Row
from chemsales.reports.paper import Block, Document, Gap, Progress
from chemsales.reports.style import MM
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import Contact, CustomerFacts
from chemsales.rules.dispatch import What
from chemsales.rules.history import FieldChange
from chemsales.rules.roles import Role
from chemsales.words import _, label, named, worded
from chemsales.words import field as name_of


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class of the customer; `from_day` is ISO text."""

    group: Group
    customer_class: CustomerClass
    region: str
    from_day: str


@dataclass(frozen=True, slots=True)
class DispatchNote:
    """One note for one recipient, finance where `office_code` is ""; days are ISO text, "" while
    something is not sent or not acknowledged. `facts` are those of the file as it was reported."""

    company: str
    number: str
    what: What
    office_code: str
    office: str
    office_en: str
    made_on: str
    made_by: str
    sent_on: str
    sent_by: str
    acknowledged_on: str
    receipt: str
    customer_code: str
    accredited_on: str
    manager: str
    facts: CustomerFacts
    classes: tuple[ClassLine, ...]
    contacts: tuple[Contact, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    footer: Footer = field(default_factory=Footer)

    @property
    def recipient(self) -> str:
        """To whom it goes, in words."""
        return named(self.office, self.office_en) if self.office_code else label(Role.FINANCE)


def render(
    notes: Sequence[DispatchNote], language: str = "zh_CN", progress: Progress | None = None
) -> bytes:
    """The notes as one PDF with an entry of its table of contents for each; the same notes give the
    same bytes. DataError for a missing glyph."""
    for note in notes:
        check_glyphs(note)
    with words.language(language):
        title = _("Customer information")
        document = Document(title, notes[0].company if notes else "", progress=progress)
        for note in notes:
            name = f"{note.number}  {note.recipient}  {note.facts.name}"
            document.flow(
                _blocks(note, title), note.footer, bookmark=name, running=f"{title}  {name}"
            )
        return document.render()


def _blocks(note: DispatchNote, title: str) -> list[Block]:
    sections = [Grid(_reason(note), _("Reported"))]
    if note.changes:
        sections.append(Grid(_changes(note), _("Changed"), header=1))
    sections += [
        Grid(_customer(note), _("Customer")),
        Grid(_invoice(note), _("Invoice data"), keep=True),
        Grid(_classes(note), _("Classes"), header=1),
    ]
    if note.contacts:
        sections.append(Grid(_contacts(note), _("Contacts"), header=1))
    sections.append(Grid(_receipt(note), _("Receipt"), keep=True))
    return [
        *title_block(note.company, title),
        under_title(
            _("No. {number}", number=note.number),
            _("To: {name}", name=note.recipient),
            _("Date: {day}", day=values.day(note.made_on)),
        ),
        Gap(1 * MM),
        *sections,
    ]


def _reason(note: DispatchNote) -> list[Row]:
    cited = values.cited(["C4.7", "C8.2"])
    return [
        pair_row((_("Reported"), label(note.what)), (_("Recipient"), note.recipient)),
        pair_row((_("Basis"), cited), (_("Made by"), note.made_by)),
    ]


def _changes(note: DispatchNote) -> list[Row]:
    groups = {each.group.code: values.group_name(each.group) for each in note.classes}
    shares = (42, 63.25, 63.25)
    heads = (_("Field"), _("Before"), _("After"))
    return [
        head_row(*zip(heads, shares, strict=True)),
        *(
            table_row(
                (
                    "  ".join(filter(None, (name_of(each.field), groups.get(each.of, each.of)))),
                    worded(each.field, each.before) or values.NONE,
                    worded(each.field, each.after) or values.NONE,
                ),
                shares,
            )
            for each in note.changes
        ),
    ]


def _pairs(note: DispatchNote, *names: str) -> Row:
    return pair_row(*((name_of(name), getattr(note.facts, name) or values.NONE) for name in names))


def _customer(note: DispatchNote) -> list[Row]:
    return [
        _pairs(note, "name"),
        pair_row(
            (name_of("customer_code"), note.customer_code),
            (_("Accredited on"), values.day(note.accredited_on)),
        ),
        _pairs(note, "uscc", "legal_person"),
        _pairs(note, "registered_address"),
        _pairs(note, "business_address"),
        pair_row((_("Account manager"), note.manager)),
    ]


def _invoice(note: DispatchNote) -> list[Row]:
    return [
        _pairs(note, "bank"),
        _pairs(note, "account", "invoice_phone"),
        _pairs(note, "invoice_address"),
        _pairs(note, "taxpayer_kind", "invoice_type"),
    ]


def _classes(note: DispatchNote) -> list[Row]:
    shares = (52, 40, 40, 36.5)
    heads = (_("Product group"), _("Class"), _("Sales region"), _("From"))
    return [
        head_row(*zip(heads, shares, strict=True)),
        *(
            table_row(
                (
                    named(each.group.name, each.group.name_en),
                    label(each.customer_class),
                    each.region or values.NONE,
                    values.day(each.from_day),
                ),
                shares,
            )
            for each in note.classes
        ),
    ]


def _contacts(note: DispatchNote) -> list[Row]:
    shares = (34, 34, 26, 34, 40.5)
    heads = (_("For"), _("Name"), _("Title"), _("Phone"), _("E-mail"))
    return [
        head_row(*zip(heads, shares, strict=True)),
        *(
            table_row((label(each.kind), each.name, each.title, each.phone, each.email), shares)
            for each in note.contacts
        ),
    ]


def _receipt(note: DispatchNote) -> list[Row]:
    """Room to sign, and for the recipient's seal."""
    received = signature(note.receipt, note.acknowledged_on) + "    " + _("(seal)")
    return [
        replace(pair_row((_("Sent"), signature(note.sent_by, note.sent_on))), least=12 * MM),
        replace(pair_row((_("Received"), received)), least=26 * MM),
    ]
