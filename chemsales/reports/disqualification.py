"""The form for cancelling a customer's qualification (取消客户资格审批表, C17.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from chemsales import words
from chemsales.articles import article
from chemsales.reports import values
from chemsales.reports.content import Footer, Opinion
from chemsales.reports.forms import (
    VALUE,
    earlier,
    history_rows,
    last_round,
    opinion_row,
    pair_row,
    signature,
    tick,
    title_block,
    under_title,
)
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Cell, Grid, Row
from chemsales.reports.paper import Block, Document, Gap, Progress
from chemsales.reports.style import MM, para
from chemsales.rules.approval import StageName
from chemsales.rules.disqualification import Ground
from chemsales.rules.errors import Reason
from chemsales.rules.numbers import format_money
from chemsales.words import _, label, say
from chemsales.words import field as name_of


@dataclass(frozen=True, slots=True)
class DisqualificationForm:
    """Everything on the form; days are ISO text, `decided_on` "" before the decision, `loss_fen`
    None where no loss is named."""

    company: str
    number: str
    proposed_on: str
    proposer: str
    customer_code: str
    customer_name: str
    uscc: str
    legal_person: str
    accredited_on: str
    manager: str
    ground: Ground
    facts: str
    occurred_on: str
    loss_fen: int | None
    papers: tuple[str, ...]
    effects: tuple[Reason, ...]
    opinions: tuple[Opinion, ...] = ()
    decided_on: str = ""
    footer: Footer = field(default_factory=Footer)


def render(
    form: DisqualificationForm, language: str = "zh_CN", progress: Progress | None = None
) -> bytes:
    """The form as PDF; the same form gives the same bytes. DataError for a missing glyph."""
    check_glyphs(form)
    with words.language(language):
        title = _("Cancelling a customer's qualification")
        document = Document(title, form.company, progress=progress)
        running = f"{title}  {form.number}  {form.customer_name}"
        document.flow(_blocks(form, title), form.footer, running=running)
        return document.render()


def _blocks(form: DisqualificationForm, title: str) -> list[Block]:
    line = under_title(
        _("No. {number}", number=form.number),
        _("Proposed on {day}", day=values.day(form.proposed_on)),
        _("Proposed by {name}", name=form.proposer),
    )
    sections = [
        Grid(_customer(form), _("Customer")),
        Grid(_reasons(form), _("Reason")),
        Grid(_opinions(form), _("Approval"), keep=True),
    ]
    if earlier(form.opinions):
        sections.append(Grid(history_rows(form.opinions), _("Earlier"), header=1))
    sections.append(Grid(_decision(form), _("Decision"), keep=True))
    return [*title_block(form.company, title), line, Gap(1 * MM), *sections]


def _customer(form: DisqualificationForm) -> list[Row]:
    return [
        pair_row((name_of("name"), form.customer_name)),
        pair_row((name_of("customer_code"), form.customer_code), (name_of("uscc"), form.uscc)),
        pair_row(
            (name_of("legal_person"), form.legal_person), (_("Account manager"), form.manager)
        ),
        pair_row((_("Accredited on"), values.day(form.accredited_on))),
    ]


def _reasons(form: DisqualificationForm) -> list[Row]:
    grounds = "\n".join(tick(label(each), each is form.ground) for each in Ground)
    loss = values.NONE if form.loss_fen is None else format_money(form.loss_fen)
    papers = "\n".join(f"{number}. {name}" for number, name in enumerate(form.papers, 1))
    effects = "\n".join(map(say, form.effects)) or values.NONE
    return [
        pair_row((_("Ground ({article})", article=article("C17.1").citation), grounds)),
        pair_row((_("Facts of the matter"), form.facts)),
        pair_row((_("Happened on"), values.day(form.occurred_on)), (_("Loss (yuan)"), loss)),
        pair_row((_("Evidence papers"), papers)),
        pair_row((_("What it ends"), effects)),
    ]


def _opinions(form: DisqualificationForm) -> list[Row]:
    last = last_round(form.opinions)
    stages = (StageName.SALES, StageName.FINANCE, StageName.GENERAL_MANAGER)
    seal = _("(Company's seal)") + "    "
    return [
        opinion_row(
            label(stage),
            "",
            last.get(stage),
            seal=seal if stage is StageName.GENERAL_MANAGER else "",
        )
        for stage in stages
    ]


def _decision(form: DisqualificationForm) -> list[Row]:
    if form.decided_on:
        said = _(
            "From {day} on the qualification is cancelled: nothing is dealt with this customer any "
            "more. It comes back only by a new application.",
            day=values.day(form.decided_on),
        )
    else:
        said = _("Not decided.")
    received = signature()
    return [
        Row([Cell(para(said, VALUE), 1)]),
        pair_row((_("Sent to finance"), received)),
        pair_row((_("Sent to the plant office"), received)),
        pair_row((_("Told to the customer"), received)),
    ]
