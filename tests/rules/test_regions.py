"""Regions of sale and their overlaps (C10.3, A.X 15)."""

from __future__ import annotations

import pytest

from chemsales.rules.divisions import cities
from chemsales.rules.regions import PARTS, PROVINCES, overlaps, regions


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
        ("鲁", ("山东",)),
        ("苏浙沪", ("江苏", "浙江", "上海")),
        ("江浙沪皖地区", ("江苏", "浙江", "上海", "安徽")),
        ("胶东", ("山东",)),
        ("湘西", ("湘西",)),
        ("江西", ("江西",)),
        ("云南", ("云南",)),
        ("长三角", ("上海", "江苏", "浙江", "安徽")),
        ("华东（不含上海）", ("华东",)),
        ("华东[除上海、江苏外]、湖北", ("华东", "湖北")),
        ("山东（青岛、烟台）", ("山东",)),
        ("（山东）", ("山东",)),
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
        ("青岛", "山东", True),
        ("青岛", "华东", True),
        ("青岛", "江苏", False),
        ("胶州", "山东省青岛市", True),
        ("昆山市", "苏州", True),
        ("昆山", "江苏苏州", True),
        ("昆山", "江苏无锡", False),
        ("延边州", "吉林省", True),
        ("延边朝鲜族自治州", "东北", True),
        ("恩施土家族苗族自治州", "湖北", True),
        ("锡林郭勒盟", "内蒙古自治区", True),
        ("北京朝阳区", "辽宁", False),
        ("朝阳市", "辽宁", True),
        ("济源", "河南", True),
        ("杭州", "浙江", True),
        ("青岛", "烟台", False),
        ("无名镇", "山东", False),
        ("华东", "山东省", True),
        ("华东", "山东青岛", True),
        ("华东", "河北", False),
        ("华东地区", "华北地区", False),
        ("江苏、浙江", "浙江省、福建", True),
        ("江苏、浙江", "山东", False),
        ("海南", "青海南部", False),
        ("全国", "西藏", True),
        ("江西", "江苏", False),
        ("华东（不含上海）", "山东", True),
        ("华东（不含上海）", "上海市", False),
        ("华东(上海除外)", "上海", False),
        ("华东不含上海、江苏", "苏州", False),
        ("除西藏外的全国", "西藏", False),
        ("全国，西藏除外", "拉萨", False),
        ("全国（不含西北）", "陕西西安", False),
        ("全国（不含西北）", "华东", True),
        ("华东（不含上海）", "华东（不含江苏）", True),
        ("江苏、上海", "华东（不含上海）", True),
        ("山东（除青岛外）", "山东省青岛市", False),
        ("山东（除青岛外）", "青岛", False),
        ("鲁", "山东", True),
        ("胶东", "青岛", True),
        ("鲁豫", "河南郑州", True),
        ("苏浙沪", "山东", False),
        ("长三角", "杭州", True),
        ("珠三角", "广西", False),
        ("湘西", "湖南", True),
        ("", "山东", False),
        ("", "", False),
    ],
)
def test_overlaps_either_way(one: str, other: str, expected: bool) -> None:
    assert overlaps(one, other) is expected
    assert overlaps(other, one) is expected


def test_the_divisions_are_those_of_today() -> None:
    found = cities()
    prefectures = [name for name, inside in found.items() if len(inside) == 1]
    assert {inside[-1] for inside in found.values()} <= set(PROVINCES)
    assert 340 <= len(prefectures) <= 365  # 333, and cities that a province has by itself
    for name, inside in (
        ("莱芜", None), ("襄樊", None), ("襄阳", ("湖北",)), ("吉林", None), ("海南", None),
        ("巢湖", ("合肥", "安徽")), ("三沙", ("海南",)),
    ):  # fmt: skip
        assert found.get(name) == inside, name
    assert all(len(name) > 1 for name in found)


def test_every_province_lies_in_one_part() -> None:
    named = [province for part in PARTS.values() for province in part]
    assert len(named) == len(set(named)) == 31
