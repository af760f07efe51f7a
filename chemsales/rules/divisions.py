"""The cities of the country and what they lie in: the administrative divisions that the library of
standard numbers carries, as codes of identity cards are read by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from stdnum import numdb

_PEOPLES = (
    "朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|"
    "哈萨克|柯尔克孜"
)
_CITY_ENDING = re.compile(rf"(?:(?:{_PEOPLES})+自治州|地区|盟|市)$")
_PROVINCE_ENDING = re.compile(r"(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特別行政區|省|市)$")
_YEARS = re.compile(r"^\[\d*-(\d*)\]")
_NO_NAMES = ("市", "市辖区")


def bare(name: str) -> str:
    """The name of a city without its ending, where two signs are left of it."""
    short = _CITY_ENDING.sub("", name)
    return short if len(short) > 1 else name


@cache
def cities() -> Mapping[str, tuple[str, ...]]:
    """What each city lies in, by names without endings: the province, or prefecture and province.

    Prefectures (地级市, 自治州, 地区, 盟) and cities of a county's rank (县级市) as they are today.
    A name that is a province's, or that two cities of a rank have, is in it not at all.
    """
    found: dict[str, tuple[str, ...]] = {}
    provinces = [
        (_PROVINCE_ENDING.sub("", props["province"]), children)
        for _length, _low, _high, props, children in numdb.get("cn/loc").prefixes
    ]
    above: dict[str, str] = {}
    for of_prefectures in (True, False):
        met: dict[str, tuple[str, ...]] = {}
        for province, children in provinces:
            for _length, code, _high, props, _none in children:
                names = [name for name in _standing(props["county"]) if name not in _NO_NAMES]
                prefecture = code.endswith("00")
                if not names or code == "0000" or prefecture is not of_prefectures:
                    continue
                if not _CITY_ENDING.search(names[0]) or (not prefecture and names[0][-1] != "市"):
                    continue
                name, key = bare(names[0]), province + code[:2]
                if prefecture:
                    above[key] = name
                inside = (above[key], province) if not prefecture and key in above else (province,)
                met[name] = () if name in met else inside
        found = {**met, **found}
    named = {province for province, _children in provinces}
    return {name: inside for name, inside in found.items() if inside and name not in named}


def _standing(names: str) -> Iterator[str]:
    """Of names with the years in which they were in force those that are today."""
    for each in names.split(","):
        years = _YEARS.match(each)
        if years is None or not years[1]:
            yield each[years.end() :] if years else each
