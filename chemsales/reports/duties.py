"""The report on the separation of duties (不相容职责分离): nobody signed two stages (C7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chemsales import words
from chemsales.reports import values
from chemsales.reports.content import Footer
from chemsales.reports.forms import head_row, signature_row, title_block, under_title, value_row
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Grid, Row
from chemsales.reports.paper import Beside, Block, Document, Gap, Progress
from chemsales.reports.style import MM, Align, TextStyle, para
from chemsales.rules.approval import StageName, Verdict
from chemsales.rules.roles import Role
from chemsales.words import _, label


@dataclass(frozen=True, slots=True)
class ChainCount:
    """What was signed of one chain: cases, signatures of the period, those by delegates, undone."""

    chain: str
    cases: int
    signatures: int
    delegated: int
    undone: int


@dataclass(frozen=True, slots=True)
class BreachLine:
    """A person who stands at several stages of a case."""

    title: str
    number: str
    person: str
    stages: tuple[StageName, ...]


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """A delegation of the period and how many signatures rest on it; days and instants local."""

    principal: str
    delegate: str
    role: Role
    first: str
    last: str
    reason: str
    made_at: str
    revoked_at: str
    used: int


@dataclass(frozen=True, slots=True)
class SignedLine:
    """A signature that was given on behalf of another."""

    title: str
    number: str
    stage: StageName
    verdict: Verdict
    signer: str
    principal: str
    signed_at: str


@dataclass(frozen=True, slots=True)
class Duties:
    """The whole report; `period` is "2026Q3", `day` when it was drawn, `finished` whether the
    period had ended by then."""

    company: str
    period: str
    day: str
    finished: bool
    chains: tuple[ChainCount, ...]
    breaches: tuple[BreachLine, ...] = ()
    delegations: tuple[DelegationLine, ...] = ()
    signed: tuple[SignedLine, ...] = ()
    footer: Footer = field(default_factory=Footer)

    def with_footer(self, footer: Footer) -> Duties:
        """The same report with its proof."""
        return replace(self, footer=footer)


HEADING = TextStyle(10.5, bold=True, spacing=1.8)
FOUND = TextStyle(11, bold=True, spacing=1.6)
TEXT = TextStyle(8, spacing=1.3, whole=True)
Column = tuple[float, Align]
COUNTS: tuple[Column, ...] = (
    (50, "left"), (30, "right"), (30, "right"), (30, "right"), (28, "right"),
)  # fmt: skip
BREACHES: tuple[Column, ...] = ((64, "left"), (32, "left"), (28, "left"), (44, "left"))
DELEGATIONS: tuple[Column, ...] = (
    (22, "left"), (22, "left"), (22, "left"), (34, "left"), (28, "left"), (26, "left"),
    (14, "right"),
)  # fmt: skip
SIGNED: tuple[Column, ...] = (
    (46, "left"), (26, "left"), (24, "left"), (14, "left"), (20, "left"), (20, "left"),
    (26, "left"),
)  # fmt: skip


def render(duties: Duties, language: str = "zh_CN", progress: Progress | None = None) -> bytes:
    """The report as PDF; the same report gives the same bytes. DataError: missing glyph."""
    check_glyphs(duties)
    with words.language(language):
        title = _("Report on the separation of duties")
        document = Document(title, duties.company, progress=progress)
        running = f"{title}  {words.period(duties.period)}"
        document.flow(_blocks(duties, title), duties.footer, bookmark=title, running=running)
        return document.render()


def _blocks(duties: Duties, title: str) -> list[Block]:
    state = "" if duties.finished else _("The period is not over yet.")
    drawn = _("As of {day}", day=values.day(duties.day))
    return [
        *title_block(duties.company, title),
        under_title(words.period(duties.period), state, drawn),
        Gap(1 * MM),
        Beside(((para(_verdict(duties), FOUND), 1),)),
        _heading(_("Cases and signatures of the period")),
        _counts(duties.chains),
        *_breaches(duties.breaches),
        *_delegations(duties.delegations),
        *_signed(duties.signed),
        Gap(4 * MM),
        Grid([signature_row((), [(None, _("Drawn up by")), (None, _("Audit")),
                                 (StageName.GENERAL_MANAGER, _("General manager"))])]),
    ]  # fmt: skip


def _verdict(duties: Duties) -> str:
    """The one sentence that the report is for."""
    cases = sum(each.cases for each in duties.chains)
    if duties.breaches:
        number = len(duties.breaches)
        return _("Somebody stands at two stages of one case: {number} times.", number=number)
    if not cases:
        return _("No case was signed in this period.")
    return _("In none of the {number} cases did a person stand at two stages.", number=cases)


def _heading(text: str) -> Beside:
    return Beside(((para(text, HEADING), 1),), leads=True)


def _table(heads: Sequence[str], columns: Sequence[Column], lines: Sequence[Sequence[str]]) -> Grid:
    shares = [share for share, _align in columns]
    rows: list[Row] = [head_row(*zip(heads, shares, strict=True), size=8)]
    for line in lines:
        cells = zip(line, columns, strict=True)
        rows.append(value_row([(text, *column) for text, column in cells], TEXT))
    return Grid(rows, header=1, border=0.5)


def _counts(chains: Sequence[ChainCount]) -> Grid:
    heads = (_("Case"), _("Cases"), _("Signed"), _("Signed for another"), _("Taken back"))
    lines = [
        (
            words.chain(each.chain), str(each.cases), str(each.signatures), str(each.delegated),
            str(each.undone),
        )
        for each in chains
    ]  # fmt: skip
    return _table(heads, COUNTS, lines)


def _breaches(found: Sequence[BreachLine]) -> list[Block]:
    if not found:
        return []
    lines = [
        (each.title, each.number, each.person, values.listed(map(label, each.stages)))
        for each in found
    ]
    heads = (_("Case"), _("Number"), _("Person"), _("Stages"))
    return [_heading(_("Who stands at two stages")), _table(heads, BREACHES, lines)]


def _delegations(given: Sequence[DelegationLine]) -> list[Block]:
    heading = _heading(_("Delegations of the period: {number}", number=len(given)))
    if not given:
        return [heading, Beside(((para(_("Nobody delegated a signature."), TEXT), 1),))]
    heads = (
        _("Delegated by"), _("Delegate"), _("Role"), _("Delegated for"), _("Why"),
        _("Revoked at"), _("Signed"),
    )  # fmt: skip
    lines = [
        (
            each.principal, each.delegate, label(each.role), f"{each.first} – {each.last}",
            each.reason, each.revoked_at or values.NONE, str(each.used),
        )
        for each in given
    ]  # fmt: skip
    return [heading, _table(heads, DELEGATIONS, lines)]


def _signed(signed: Sequence[SignedLine]) -> list[Block]:
    if not signed:
        return []
    heads = (
        _("Case"), _("Number"), _("Stage"), _("Decision"), _("Signed by"), _("On behalf of"),
        _("Signed at"),
    )  # fmt: skip
    lines = [
        (
            each.title, each.number, label(each.stage), label(each.verdict), each.signer,
            each.principal, each.signed_at,
        )
        for each in signed
    ]  # fmt: skip
    return [_heading(_("Signatures given for another")), _table(heads, SIGNED, lines)]
