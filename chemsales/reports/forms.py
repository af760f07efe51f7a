"""The pieces that forms are made of: labelled rows, tick boxes, signature boxes, a form's head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from chemsales.reports import values
from chemsales.reports.content import Opinion, Reported
from chemsales.reports.grid import PAD_X, Cell, Row
from chemsales.reports.paper import Beside, Block, Gap
from chemsales.reports.style import MM, TICKED, UNTICKED, Align, Para, TextStyle, para
from chemsales.rules.approval import StageName, Verdict, standing
from chemsales.words import _, field, label, named

LABEL = TextStyle(8.5, align="centre", spacing=1.3, whole=True, max_lines=4)
VALUE = TextStyle(9)
HEAD = TextStyle(8.5, bold=True, align="centre", spacing=1.3, whole=True, max_lines=3)
SIGNATURE = TextStyle(9, align="right")
TITLE = TextStyle(17, bold=True, align="centre", spacing=1.45)
COMPANY = TextStyle(11, align="centre", spacing=1.4, max_lines=2)
BLANK_DAY = "____________"
LEFT: Mapping[int, Align] = MappingProxyType({})
HISTORY_SIZE = 8.5
HISTORY_MOST = (15, 30, 18, 25, 33)  # millimetres of round, stage, decision, signer and date
VERDICTS = (Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT)


def title_block(company: str, title: str, annex: str = "") -> list[Block]:
    """Company, title, and at the left the number of the annex."""
    corner = (para(annex, TextStyle(9)), 1)
    above = Beside((corner, (para(company, COMPANY), 6), (para("", COMPANY), 1)))
    return [above, Beside(((para(title, TITLE), 1),)), Gap(1 * MM)]


def under_title(left: str, middle: str, right: str) -> Beside:
    """The line between title and table."""
    texts: Iterable[tuple[str, Align]] = ((left, "left"), (middle, "centre"), (right, "right"))
    return Beside(
        tuple((para(text, TextStyle(9, align=align, max_lines=2)), 1) for text, align in texts)
    )


def head_row(*columns: tuple[str, float], size: float = HEAD.size) -> Row:
    """The head of a table: words and shares of the width."""
    style = HEAD.scaled(size / HEAD.size)
    return Row([Cell(para(text, style), share, label=True) for text, share in columns])


def pair_row(*pairs: tuple[str, str], label_share: float = 29, width: float = 168.5) -> Row:
    """Labels with their values side by side, the values sharing what the labels leave."""
    share = width / len(pairs) - label_share
    cells: list[Cell] = []
    for name, value in pairs:
        cells.append(Cell(para(name, LABEL), label_share, label=True))
        cells.append(Cell(para(value, VALUE), share))
    return Row(cells)


def value_row(columns: Sequence[tuple[str, float, Align]], style: TextStyle = VALUE) -> Row:
    """A row of a table: texts, shares of the width, alignment."""
    return Row(
        [
            Cell(para(text, TextStyle(style.size, align=align, spacing=style.spacing)), share)
            for text, share, align in columns
        ]
    )


def options(members: Iterable[StrEnum], chosen: StrEnum | None = None) -> str:
    """Tick boxes for a choice: □直销客户 ☑经销商."""
    return "  ".join(
        (TICKED if member is chosen else UNTICKED) + label(member) for member in members
    )


def tick(name: str, ticked: bool) -> str:
    """One tick box with its word."""
    return (TICKED if ticked else UNTICKED) + name


def signature(name: str = "", at: str = "") -> str:
    """Who signed and when; lines to write on where nobody has."""
    return _(
        "Signature: {name}    Date: {day}",
        name=name or "________________",
        day=values.day(at) if at else _("____-__-__"),
    )


def opinion_row(
    name: str,
    hint: str,
    opinion: Opinion | None,
    *,
    comment: str | None = None,
    seal: str = "",
    least: float = 27 * MM,
    style: TextStyle = VALUE,
) -> Row:
    """A box for one stage: the verdicts with the one given ticked, the words, signature and day.

    With a `comment` (an applicant's opinion) there are no verdicts to choose from. `seal` is
    printed before the signature.
    """
    text = comment or ""
    if comment is None:
        given = opinion.verdict if opinion else None
        text = options(VERDICTS, given) + ("\n" + opinion.comment if opinion else "")
    signed = seal + (signature(opinion.signer, opinion.signed_at) if opinion else signature())
    named = Cell(para(f"{name}\n{hint}".strip("\n"), LABEL.scaled(style.size / 9)), 32, label=True)
    foot = para(signed, TextStyle(style.size, align="right", max_lines=3))
    return Row([named, Cell(para(text, style), 136.5, foot=foot)], least)


def signature_row(
    opinions: Iterable[Opinion], boxes: Sequence[tuple[StageName | None, str]]
) -> Row:
    """Boxes side by side; those of stages without a decision, and of no stage, are to be signed by
    hand."""
    given = {one.stage: one for one in standing(opinions) if one.verdict is not Verdict.WITHDRAW}
    style = TextStyle(8 if len(boxes) <= 4 else 6.5, align="right", max_lines=3)  # a date in a line
    cells = []
    for stage, name in boxes:
        one = given.get(stage) if stage else None
        text = name
        if one and stage is not StageName.APPLICANT:
            text += "\n" + options([one.verdict], one.verdict)
        if one and one.comment:
            text += "\n" + one.comment
        signed = signature(one.signer, one.signed_at) if one else signature("________")
        foot = para(signed.replace("    ", "\n"), style)
        cells.append(Cell(para(text, TextStyle(8.5, max_lines=5)), 1, foot=foot))
    return Row(cells, 28 * MM)


def table_row(
    texts: tuple[str, ...],
    shares: tuple[float, ...],
    size: float = 9,
    aligns: Mapping[int, Align] = LEFT,
) -> Row:
    """A row of texts, at the left but for the columns that `aligns` names."""
    return value_row(
        [
            (text, share, aligns.get(index, "left"))
            for index, (text, share) in enumerate(zip(texts, shares, strict=True))
        ],
        TextStyle(size),
    )


def last_round(opinions: tuple[Opinion, ...]) -> dict[StageName, Opinion]:
    """What stands in the boxes: the last round's signatures, without a withdrawal or an undo."""
    last = max((opinion.round for opinion in opinions), default=0)
    return {
        opinion.stage: opinion
        for opinion in standing(opinions)
        if opinion.round == last and opinion.verdict is not Verdict.WITHDRAW
    }


def earlier(opinions: tuple[Opinion, ...]) -> list[Opinion]:
    """The decisions that stand in no box: of earlier rounds, taken back, withdrawn."""
    shown = list(last_round(opinions).values())
    return [opinion for opinion in opinions if opinion not in shown]


def history_rows(opinions: tuple[Opinion, ...]) -> list[Row]:
    """The table of the decisions that stand in no box; what was said has the room that the other
    columns leave."""
    heads = (_("Round"), _("Stage"), _("Decision"), field("signer"), _("Date"))
    facts = [
        (
            str(one.round), label(one.stage), label(one.verdict), one.signer,
            values.day(one.signed_at),
        )
        for one in earlier(opinions)
    ]  # fmt: skip
    named = [para(text, HEAD) for text in heads]
    columns = zip(named, zip(*facts, strict=True), HISTORY_MOST, strict=True)
    needed = tuple(_needed(head, texts, most) for head, texts, most in columns)
    shares = (*needed, 168.5 - sum(needed))
    said = [one.comment for one in earlier(opinions)]
    return [
        head_row(*zip((*heads, _("Remarks")), shares, strict=True)),
        *(
            table_row((*fact, words), shares, HISTORY_SIZE)
            for fact, words in zip(facts, said, strict=True)
        ),
    ]


def _needed(head: Para, texts: Iterable[str], most: float) -> float:
    """The millimetres of a column that its longest line fills, at most so many."""
    lines = [line for text in texts for line in text.split("\n")]
    paras = (head, *(para(line, TextStyle(HISTORY_SIZE)) for line in lines))
    widest = max(each.natural_width() for each in paras)
    return min(most, (widest + 2 * PAD_X) / MM + 0.2)


def taken(reported: Sequence[Reported]) -> str:
    """What was sent and who took it, one under the other; room for a signature where that lacks."""
    return "\n".join(map(_taken_line, reported)) or signature()


def _taken_line(each: Reported) -> str:
    office = named(each.office, each.office_en)
    sent = _("sent on {day}", day=values.day(each.sent_on)) if each.sent_on else ""
    day, by = values.day(each.taken_on) if each.taken_on else "", each.receipt
    received = _("taken on {day}: {receipt}", day=day, receipt=by) if day else ""
    told = "  ".join(filter(None, (office, each.number, sent, received)))
    return told if day else f"{told}\n{signature()}"
