"""Regions of sale and their overlaps (C10.3, A.X 15)."""

from __future__ import annotations

import pytest
from stdnum import numdb

from chemsales.rules.divisions import _standing, cities, districts
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
        ("长三角地区", ("上海", "江苏", "浙江", "安徽")),
        ("粤港澳", ("粤港澳",)),
        ("大湾区", ("广东",)),
        ("鲁地区", ("山东",)),
        ("江苏浙江", ("江苏", "浙江")),
        ("天津河北区", ("天津河北",)),
        ("沪江浙", ("上海", "江苏", "浙江")),
        ("江浙", ("江苏", "浙江")),
        ("江南", ("江南",)),
        ("江南地区", ("江南",)),
        ("江津", ("江津",)),
        ("江津区", ("重庆江津",)),
        ("山东省青岛市黄岛区", ("青岛黄岛",)),
        ("山东黄岛区、浦东新区", ("青岛黄岛", "上海浦东新")),
        ("德州市宁津县", ("德州宁津县",)),
        ("鼓楼区", ("鼓楼区",)),
        ("南京鼓楼区", ("南京鼓楼",)),
        ("江苏鼓楼区", ("江苏鼓楼",)),
        ("河北区", ("河北区",)),
        ("朝阳区", ("朝阳区",)),
        ("晋宁", ("晋宁",)),
        ("新北", ("新北",)),
        ("沪宁", ("上海", "南京")),
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
        ("江津区", "天津", False),
        ("江津区", "重庆", True),
        ("江津区", "西南", True),
        ("江津区", "重庆市江津区", True),
        ("黄岛区", "山东", True),
        ("黄岛区", "青岛", True),
        ("黄岛区", "山东青岛市黄岛区", True),
        ("黄岛区", "烟台", False),
        ("黄岛区", "华东（不含山东）", False),
        ("山东（除黄岛区外）", "青岛黄岛区", False),
        ("青岛黄岛区", "山东", True),
        ("河北区", "天津", False),  # one is in Tianjin, and it may be the province that is meant
        ("天津河北区", "河北", False),
        ("鼓楼区", "江苏", False),
        ("鼓楼区", "鼓楼区", True),
        ("南京鼓楼区", "江苏", True),
        ("南京鼓楼区", "徐州鼓楼区", False),
        ("朝阳区", "辽宁", False),
        ("西安区", "陕西", False),
        ("西安市", "陕西", True),
        ("重庆江津区", "天津", False),
        ("重庆江津区", "重庆", True),
        ("沪宁", "无锡", False),
        ("沪宁", "江苏", True),
        ("沪宁", "宁夏", False),
        ("江浙沪", "苏州", True),
        ("", "山东", False),
        ("", "", False),
    ],
)
def test_overlaps_either_way(one: str, other: str, expected: bool) -> None:
    assert overlaps(one, other) is expected
    assert overlaps(other, one) is expected


@pytest.mark.parametrize(
    "district",
    ["江津区", "江北区", "黔江区", "新北区", "晋宁区", "江宁区", "湘江新区", "江南区", "江川区",
     "新津区", "宁江区", "宁津县", "新宁县", "青川县", "晋江市", "渝中区"],
)  # fmt: skip
def test_a_district_is_its_own_name(district: str) -> None:
    assert len(regions(district)) == 1
    assert set(regions(district)).isdisjoint(PROVINCES)


def test_no_division_is_read_as_letters_of_other_provinces() -> None:
    """Those that are called as parts of a province are (湘东, 桂东) mean the part when they stand
    without their ending, and the district or county with it."""
    read = 0
    for _length, _low, _high, props, children in numdb.get("cn/loc").prefixes:
        for name in (each for child in children for each in _standing(child[3]["county"])):
            own = name[:-1] in PROVINCES or name.endswith("自治区")  # 河北区
            if own or not name.endswith(("区", "县")):
                continue
            read += 1
            assert set(regions(name)).isdisjoint(PROVINCES), name
            if len(name) > 2 and name[-2] not in "东西南北中":
                others = set(regions(name[:-1])) & set(PROVINCES)
                assert all(props["province"].startswith(each) for each in others), name
    assert read > 2000


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


def test_a_district_of_one_place_alone_lies_in_it() -> None:
    """Every one of today whose name is not that of several, nor that of a city or a province."""
    told = 0
    for name, places in districts().items():
        clash = name[-1] == "区" and name[:-1] in (*PROVINCES, *cities())
        for prefecture, province in places:
            alone = len(places) == 1 and not clash
            assert overlaps(name, province) is (alone or name[:-1] == province), name
            if prefecture:
                assert overlaps(f"{province}{prefecture}市{name}", province), name
            told += alone
    assert told > 2000


def test_every_province_lies_in_one_part() -> None:
    named = [province for part in PARTS.values() for province in part]
    assert len(named) == len(set(named)) == 31
