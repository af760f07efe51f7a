"""Where lines end: Chinese rules as tables, and what holds for any text."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chemsales.reports.content import Opinion
from chemsales.reports.forms import history_rows
from chemsales.reports.grid import PAD_X
from chemsales.reports.lines import CLOSING, OPENING, boxes, break_lines
from chemsales.reports.style import MM
from chemsales.rules.approval import StageName, Verdict


def width(char: str) -> float:
    """One for a Chinese character, half of it for a Latin one."""
    return 1.0 if ord(char) > 0x2000 else 0.5


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("", 5, [""]),
        ("聚烯烃客户", 5, ["聚烯烃客户"]),
        ("聚烯烃客户名单", 5, ["聚烯烃客户", "名单"]),
        # closing punctuation takes the character before it along
        ("聚烯烃客户，名单", 5, ["聚烯烃客", "户，名单"]),
        ("聚烯烃客户。", 5, ["聚烯烃客", "户。"]),
        ("聚烯烃客》），名", 5, ["聚烯烃", "客》），名"]),
        ("聚烯烃客户…名", 5, ["聚烯烃客", "户…名"]),
        ("聚烯烃客户”名", 5, ["聚烯烃客", "户”名"]),
        ("聚烯烃客户;名", 5, ["聚烯烃客", "户;名"]),
        # opening punctuation goes with what follows
        ("聚烯烃客“户”", 5, ["聚烯烃客", "“户”"]),
        ("聚烯烃客《办法", 5, ["聚烯烃客", "《办法"]),
        ("聚烯烃“（【客户", 5, ["聚烯烃", "“（【客户"]),
        ("聚烯烃□客户", 4, ["聚烯烃", "□客户"]),
        # numbers, codes, days and Latin words stay whole
        ("提货量1,204.500吨", 6, ["提货量", "1,204.500吨"]),
        ("编号SQ2026-0017号", 5, ["编号", "SQ2026-001", "7号"]),
        ("编号SQ2026-0017号", 7, ["编号", "SQ2026-0017号"]),
        ("降幅为-12.5%了", 4, ["降幅为", "-12.5%了"]),
        ("价格为￥800.00元", 5, ["价格为", "￥800.00元"]),
        ("日期2026年7月6日止", 7, ["日期", "2026年7月6日止"]),
        ("the weighted mean", 6, ["the weighted", "mean"]),
        ("aaa bbb", 1.5, ["aaa", "bbb"]),
        ("aaa    bbb", 1.5, ["aaa", "bbb"]),
        # over-long words are broken
        ("a" * 10, 2, ["aaaa", "aaaa", "aa"]),
        ("名aaaaaaaaaa", 2, ["名", "aaaa", "aaaa", "aa"]),
        # the rules give way only where nothing else is possible
        ("，，，，，", 2, ["，，", "，，", "，"]),
        ("（（（（（", 2, ["（（", "（（", "（"]),
        # line feeds stay
        ("一\n二\n\n三", 5, ["一", "二", "", "三"]),
        ("  缩进", 5, ["  缩进"]),
    ],
)
def test_lines(text: str, room: float, expected: list[str]) -> None:
    assert break_lines(text, room, width) == expected


MIXED = st.text(st.sampled_from("客户管理办法，。；：！？…”》）】“《（【abc12.- ,%\n"), max_size=80)


@given(MIXED, st.integers(2, 20))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, room: int) -> None:
    lines = break_lines(text, room, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert sum(map(width, line)) <= room + 1e-3


@given(MIXED, st.integers(2, 20))
def test_ends_are_legal_where_the_parts_fit(text: str, room: int) -> None:
    for paragraph in text.replace(" ", "").split("\n"):
        if all(sum(map(width, box)) <= room for box in boxes(paragraph)):
            for before, after in pairwise(break_lines(paragraph, room, width)):
                assert before[-1] not in OPENING
                assert after[0] not in CLOSING


def test_long_text_is_broken_in_linear_time() -> None:
    for text in ("客" * 100_000, "a" * 100_000, "，" * 20_000):
        assert len(break_lines(text, 50, width)) > 300


def test_what_was_said_before_has_the_room_that_the_other_columns_leave() -> None:
    """An opinion of 460 signs is no strip; a short one leaves its row on one line."""
    said = "请补正营业执照复印件，并说明经营范围中危险化学品的品种。" * 17
    first = Opinion(StageName.SALES, Verdict.RETURN, "李强（代王芳）", "2026-07-01 10:00", said)
    last = Opinion(StageName.SALES, Verdict.APPROVE, "王芳", "2026-07-02 10:00", "", 2)
    for opinion, most in ((first, 19), (replace(first, comment="请补正"), 1)):
        head, row = history_rows((opinion, last))
        assert sum(cell.share for cell in row.cells) == pytest.approx(168.5)
        lines = [len(cell.text.lines(cell.share * MM - 2 * PAD_X)) for cell in row.cells]
        assert lines[:-1] == [1] * 5 and lines[-1] <= most
        assert [len(c.text.lines(c.share * MM - 2 * PAD_X)) for c in head.cells] == [1] * 6
