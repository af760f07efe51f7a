"""The licence of an exclusive agent (独家代理许可证, C10.3, C10.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chemsales import words
from chemsales.reports import values
from chemsales.reports.content import Footer, Group
from chemsales.reports.forms import pair_row, title_block, under_title
from chemsales.reports.glyphs import check_glyphs
from chemsales.reports.grid import Grid
from chemsales.reports.paper import Beside, Block, Document, Gap, Progress
from chemsales.reports.style import MM, TextStyle, para
from chemsales.rules.errors import Reason
from chemsales.words import _, say
from chemsales.words import field as name_of

BODY = TextStyle(12, spacing=1.9, max_lines=10)
NAME = TextStyle(14.5, bold=True, align="centre", spacing=1.45, max_lines=4)
ENDED = TextStyle(13, bold=True, align="centre", spacing=1.7, max_lines=4)
RIGHT = TextStyle(12, align="right", spacing=1.9, max_lines=3)


@dataclass(frozen=True, slots=True)
class AgentLicence:
    """One licence; days are ISO text, the term includes both of its days. `ended` says that it
    ended before its last day, and why; empty where it did not."""

    company: str
    number: str
    customer_code: str
    customer_name: str
    uscc: str
    group: Group
    region: str
    from_day: str
    to_day: str
    issued_on: str
    ended: tuple[Reason, ...] = ()
    footer: Footer = field(default_factory=Footer)


def render(
    licences: Sequence[AgentLicence], language: str = "zh_CN", progress: Progress | None = None
) -> bytes:
    """The licences as one PDF with an entry of its table of contents for each; the same licences
    give the same bytes. DataError for a missing glyph."""
    for licence in licences:
        check_glyphs(licence)
    with words.language(language):
        title = _("Exclusive agent's licence")
        document = Document(title, licences[0].company if licences else "", progress=progress)
        for licence in licences:
            name = f"{licence.number}  {licence.customer_name}"
            blocks = _blocks(licence, title)
            document.flow(blocks, licence.footer, bookmark=name, running=f"{title}  {name}")
        return document.render()


def _blocks(licence: AgentLicence, title: str) -> list[Block]:
    group = values.group_name(licence.group)
    said = _(
        "By {articles} your company is the exclusive agent of {company} for {group} in the region "
        "{region}. In this region it sells of such products those of {company} alone.",
        articles=values.cited_of_regulation(["C10.3", "C10.5"]),
        company=licence.company,
        group=group,
        region=licence.region,
    )
    held = _(
        "The licence holds from {first} to {last}. It ends earlier on the day on which the class "
        "of exclusive agent ends or the qualification is cancelled; it is given anew every year.",
        first=values.day(licence.from_day),
        last=values.day(licence.to_day),
    )
    return [
        Gap(6 * MM),
        *title_block(licence.company, title),
        under_title(
            _("No. {number}", number=licence.number),
            "",
            _("Customer: {code}", code=licence.customer_code),
        ),
        *(Beside(((para(say(each), ENDED), 1),)) for each in licence.ended),
        Gap(8 * MM),
        Beside(((para(licence.customer_name, NAME), 1),)),
        Gap(4 * MM),
        *(Beside(((para(text, BODY), 1),)) for text in (said, held)),
        Gap(6 * MM),
        Grid(
            [
                pair_row((name_of("name"), licence.customer_name)),
                pair_row((name_of("uscc"), licence.uscc), (_("Product group"), group)),
                pair_row((_("Sales region"), licence.region)),
                pair_row(
                    (_("Valid from"), values.day(licence.from_day)),
                    (_("Valid to"), values.day(licence.to_day)),
                ),
            ]
        ),
        Gap(22 * MM),
        Beside(((para(licence.company, RIGHT), 1),)),
        Beside(((para(_("(Company's seal)"), RIGHT), 1),)),
        Beside(((para(values.day(licence.issued_on), RIGHT), 1),)),
    ]
