"""The letter that reminds a customer of papers that end (证照到期提醒函, C15.1, C15.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chemsales import words
from chemsales.reports import values
from chemsales.reports.content import Footer
from chemsales.reports.forms import head_row, title_block, under_title, value_row
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Grid, Row
from chemsales.reports.paper import Beside, Block, Document, Gap, Progress
from chemsales.reports.style import MM, Align, TextStyle, para
from chemsales.rules.customer import DocumentKind
from chemsales.words import _, label

BODY = TextStyle(10.5, spacing=1.7, max_lines=8)
RIGHT = TextStyle(10.5, align="right", spacing=1.7, max_lines=2)
SHARES = (46, 60, 36, 36)
ALIGNS: tuple[Align, ...] = ("left", "left", "centre", "centre")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper; `valid_to` is ISO text, `days_left` below 0 once it is past."""

    kind: DocumentKind
    number: str
    valid_to: str
    days_left: int
    proof: bool = False


@dataclass(frozen=True, slots=True)
class RenewalLetter:
    """A letter to one customer; `written_on` is an ISO day, `manager` whom it is answered to."""

    company: str
    number: str
    customer_code: str
    customer_name: str
    address: str
    manager: str
    written_on: str
    papers: tuple[PaperLine, ...]
    footer: Footer = field(default_factory=Footer)


def render(
    letters: Sequence[RenewalLetter], language: str = "zh_CN", progress: Progress | None = None
) -> bytes:
    """The letters as one PDF with an entry of its table of contents for each; the same letters
    give the same bytes. DataError for a missing glyph."""
    for letter in letters:
        check_glyphs(letter)
    with words.language(language):
        title = _("Reminder of licences that end")
        document = Document(title, letters[0].company if letters else "", progress=progress)
        for letter in letters:
            name = f"{letter.customer_code}  {letter.customer_name}"
            running = f"{title}  {name}"
            blocks = _blocks(letter, title)
            document.flow(blocks, letter.footer, bookmark=name, running=running)
        return document.render()


def _blocks(letter: RenewalLetter, title: str) -> list[Block]:
    return [
        *title_block(letter.company, title),
        under_title(
            _("No. {number}", number=letter.number),
            _("Customer: {code}", code=letter.customer_code),
            _("Date: {day}", day=values.day(letter.written_on)),
        ),
        Gap(5 * MM),
        *_text(_("To: {name}", name=letter.customer_name), letter.address),
        *_text(_("These papers of your company, of which we hold copies, end soon or have ended:")),
        Gap(2 * MM),
        Grid(_table(letter), header=1),
        Gap(3 * MM),
        *_text(*_what_follows(letter)),
        Gap(10 * MM),
        Beside(((para(letter.company, RIGHT), 1),)),
        Beside(((para(_("(seal)"), RIGHT), 1),)),
        Beside(((para(values.day(letter.written_on), RIGHT), 1),)),
    ]


def _text(*lines: str) -> list[Block]:
    return [Beside(((para(line, BODY), 1),)) for line in lines if line]


def _table(letter: RenewalLetter) -> list[Row]:
    heads = (_("Licence name"), _("Number"), _("Last day"), _("Days left"))
    rows = [head_row(*zip(heads, SHARES, strict=True))]
    for paper in letter.papers:
        kind = label(paper.kind)
        named = _("{paper} (proof of renewal)", paper=kind) if paper.proof else kind
        texts = (named, paper.number, values.day(paper.valid_to), _left(paper.days_left))
        rows.append(value_row(list(zip(texts, SHARES, ALIGNS, strict=True))))
    return rows


def _left(days: int) -> str:
    if days < 0:
        return _("expired {days} days ago", days=-days)
    return _("{days} days left", days=days) if days else _("ends today")


def _what_follows(letter: RenewalLetter) -> tuple[str, ...]:
    cited = values.cited_of_regulation(["C15.1", "C15.2"])
    gone = [paper.days_left < 0 for paper in letter.papers]
    asked = _renewing(letter.manager, gone)
    follows = _(
        "By {articles}, dealings are suspended from the day after the last one of a paper that was "
        "neither renewed nor proved to be under renewal; they are taken up again on the day on "
        "which the renewed paper has been accepted by sales and finance, and the level stays.",
        articles=cited,
    )
    now = _("Dealings are suspended at present for the papers that have ended.")
    return (*asked, follows) if not any(gone) else (now, *asked, follows)


def _renewing(manager: str, gone: Sequence[bool]) -> tuple[str, ...]:
    """What the customer is asked for, by whether each of its papers has ended already."""
    if not any(gone):
        return (
            _(
                "Please renew them before their last day and hand a scan of the renewed paper, or "
                "the authority's proof that its renewal is under way, to our account manager "
                "{name}.",
                name=manager,
            ),
        )
    again = _(
        "They stay suspended until the renewed paper has been accepted. Please renew what has "
        "ended without delay and hand a scan of the renewed paper, or the authority's proof that "
        "its renewal is under way, to our account manager {name}.",
        name=manager,
    )
    others = _("Please renew the other papers before their last day and hand them in likewise.")
    return (again,) if all(gone) else (again, others)
