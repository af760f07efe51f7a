"""Regions of sale and their overlaps (C10.3, A.X 15)."""

from __future__ import annotations

import pytest

from chemsales.rules.regions import PARTS, overlaps, regions


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("山东省", ("山东",)),
        (" 山 东 ", ("山东",)),
        ("山东省青岛市", ("山东青岛",)),
        ("山东、江苏和浙江省", ("山东", "江苏", "浙江")),
        ("江苏/上海市；安徽", ("江苏", "上海", "安徽")),
        ("内蒙古自治区", ("内蒙古",)),
        ("内蒙古呼和浩特市和新疆和田地区", ("内蒙古呼和浩特", "新疆和田")),
        ("广西壮族自治区", ("广西",)),
        ("华东地区", ("华东",)),
        ("ＳＨＡＮＤＯＮＧ", ("shandong",)),
        ("市", ("市",)),
        ("", ()),
        ("、；", ()),
    ],
)
def test_names_without_their_endings(text: str, names: tuple[str, ...]) -> None:
    assert regions(text) == names


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("山东", "山东省", True),
        ("山东", "山 东", True),
        ("山东省青岛市", "山东", True),
        ("山东省青岛市", "青岛", True),
        ("青岛", "山东", False),
        ("华东", "山东省", True),
        ("华东", "山东青岛", True),
        ("华东", "河北", False),
        ("华东地区", "华北地区", False),
        ("江苏、浙江", "浙江省、福建", True),
        ("江苏、浙江", "山东", False),
        ("海南", "青海南部", False),
        ("全国", "西藏", True),
        ("江西", "江苏", False),
        ("", "山东", False),
        ("", "", False),
    ],
)
def test_overlaps_either_way(one: str, other: str, expected: bool) -> None:
    assert overlaps(one, other) is expected
    assert overlaps(other, one) is expected


def test_every_province_lies_in_one_part() -> None:
    named = [province for part in PARTS.values() for province in part]
    assert len(named) == len(set(named)) == 31
