"""The cities and districts of the country and what they lie in: the administrative divisions that
the library of standard numbers carries, as codes of identity cards are read by them."""

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
_DISTRICT_ENDING = ("区", "县", "旗")


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


@cache
def districts() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Where each district and county (区, 县, 旗) of today lies, by its name with the ending: the
    prefecture, "" in a municipality or right under a province, and the province, both without
    endings. One name can be that of several."""
    found: dict[str, set[tuple[str, str]]] = {}
    for _length, _low, _high, props, children in numdb.get("cn/loc").prefixes:
        names = {
            code: next((name for name in _standing(inner["county"]) if name not in _NO_NAMES), "")
            for _size, code, _last, inner, _none in children
        }
        province = _PROVINCE_ENDING.sub("", props["province"])
        for code, name in names.items():
            if not code.endswith("00") and name.endswith(_DISTRICT_ENDING):
                above = names.get(f"{code[:2]}00", "")
                prefecture = bare(above) if _CITY_ENDING.search(above) else ""
                found.setdefault(name, set()).add((prefecture, province))
    return {name: tuple(sorted(places)) for name, places in found.items()}


def _standing(names: str) -> Iterator[str]:
    """Of names with the years in which they were in force those that are today."""
    for each in names.split(","):
        years = _YEARS.match(each)
        if years is None or not years[1]:
            yield each[years.end() :] if years else each
