"""Regions of sale as people write them, and whether two of them overlap (C10.3)."""

from __future__ import annotations

import re
from functools import lru_cache

from chemsales.rules.divisions import bare, cities, districts
from chemsales.rules.names import name_key

# the usual parts of the country, and the provinces in them
PARTS: dict[str, tuple[str, ...]] = {
    "华北": ("北京", "天津", "河北", "山西", "内蒙古"),
    "东北": ("辽宁", "吉林", "黑龙江"),
    "华东": ("上海", "江苏", "浙江", "安徽", "福建", "江西", "山东"),
    "华中": ("河南", "湖北", "湖南"),
    "华南": ("广东", "广西", "海南"),
    "西南": ("重庆", "四川", "贵州", "云南", "西藏"),
    "西北": ("陕西", "甘肃", "青海", "宁夏", "新疆"),
}
PROVINCES = tuple(province for part in PARTS.values() for province in part)
EVERYWHERE = ("全国", "国内")
# the letters of the provinces in their order: alone (鲁), with others (苏浙沪), with a side (鲁西)
_IN_LETTERS = (
    "京 津 冀 晋 蒙 辽 吉 黑 沪申 苏江 浙 皖 闽 赣 鲁胶 豫 鄂 湘 粤 桂 琼 渝 川蜀 黔贵 滇云 藏 "
    "陕秦 甘陇 青 宁 新"
)
_LETTERS = {
    letter: province
    for province, letters in zip(PROVINCES, _IN_LETTERS.split(), strict=True)
    for letter in letters
}
_CALLED = {
    "长三角": ("上海", "江苏", "浙江", "安徽"),
    "长江三角洲": ("上海", "江苏", "浙江", "安徽"),
    "珠三角": ("广东",),
    "珠江三角洲": ("广东",),
    "大湾区": ("广东",),
    "东三省": PARTS["东北"],
    "两湖": ("湖北", "湖南"),
    "两广": ("广东", "广西"),
    "沪宁": ("上海", "南京"),  # 宁 is the letter of Nanjing too
    "宁沪": ("上海", "南京"),
    "沪宁杭": ("上海", "南京", "杭州"),
}
# 江 is the letter of Jiangsu before a neighbour's alone: 江南 and 黔江 are names of their own
_LETTER = f"[{''.join(_LETTERS).replace('江', '')}]"
_LETTERED = re.compile(f"(?:(?:{_LETTER}|江(?=[浙沪皖]))+|{_LETTER}[东西南北中])")
# districts and counties whose names are letters of provinces in which they do not lie
_OWN_NAMES = frozenset(
    ["宁晋", "宁津", "宁南", "宁陕", "晋宁", "新宁", "新津", "新北", "青川", "陇川"]
)
_ONE_AFTER_ANOTHER = re.compile(f"(?:{'|'.join(PROVINCES)})+")
# what a text leaves out: (不含上海), (上海除外), 不含上海, 除上海外
_WITHOUT = re.compile(
    r"\((?:不含|不包括|除)([^()]*?)(?:以外|之外|外)?\)|\(([^()]*?)(?:除外|以外)\)"
    r"|(?:不含|不包括)([^()]+)|[,;]([^(),;]+)除外|除([^()]+?)(?:以外|之外|外)的?"
)
_BRACKETED = re.compile(r"\([^()]*\)")
# 和 begins and ends names of its own: 和田, 和平, 呼和浩特, 云和
_BETWEEN = re.compile(
    r"[、,;/+&]|(?<![呼云])和(?!田|平|县|区|硕|静|龙|政|布克|顺县|林格尔|康县|安县|回族)|及|与"
)
_ENDING = re.compile(
    r"(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|地区|区域|全境|全省|全市|省|市|区)$"
)
_DISTRICT = ("区", "县", "旗")
_WHOLE = re.compile(r"(?:地区|区域|全境)$")  # what may follow letters: 江津区 is a name, not two
_PROVINCE = re.compile(r"^([^省]{2,3})省")


@lru_cache(maxsize=2_000)
def regions(text: str) -> tuple[str, ...]:
    """The regions that a text names, each without its ending: width, case and blanks do not count,
    and 山东省、青岛市 are 山东 and 青岛. One that would be less than two signs is left as it is. A
    district is told with what it lies in (黄岛区 is 青岛黄岛), where there is one of that name.

    What stands in brackets beside a name or is left out (华东（不含上海）) is not among them. The
    provinces that go by a letter (鲁, 苏浙沪, 鲁西) or together (长三角) are told by their names.
    """
    return _named(_WITHOUT.sub("", name_key(text)))


@lru_cache(maxsize=2_000)
def _left_out(text: str) -> tuple[str, ...]:
    """The regions that a text says it does without."""
    found = _WITHOUT.findall(name_key(text))
    return tuple(name for groups in found for name in _named("、".join(filter(None, groups))))


def _named(key: str) -> tuple[str, ...]:
    found: list[str] = []
    for part in _BETWEEN.split(_BRACKETED.sub("", key) or key.strip("()")):
        if part:
            found += _spelled(_PROVINCE.sub(r"\1", part))
    return tuple(dict.fromkeys(found))


def _spelled(part: str) -> tuple[str, ...]:
    """A name without its ending, or the provinces that it stands for by their letters."""
    letters, short = _WHOLE.sub("", part), _ENDING.sub("", part)
    for name in (part, letters):
        if name in _CALLED:
            return _CALLED[name]
    if district := _district(part) if part.endswith(_DISTRICT) else "":
        return (district,)
    if _ONE_AFTER_ANOTHER.fullmatch(letters):
        return tuple(re.findall("|".join(PROVINCES), letters))
    known = letters in PARTS or letters in cities() or letters in _OWN_NAMES
    if known or not _LETTERED.fullmatch(letters):
        return (short if len(short) > 1 else part,)
    return tuple(_LETTERS[letter] for letter in letters if letter in _LETTERS)


def _district(part: str) -> str:
    """The name of a district or county behind that of what it lies in (江津区 is 重庆江津), where
    the text tells which one it is: one of several, and one that is called as another place is
    (鼓楼区, 河北区, 朝阳区), stays as it is typed. "" for what is none."""
    for start in range(len(part) - 1):
        head, tail = part[:start], part[start:]
        places = [each for each in districts().get(tail, ()) if head in _heads(*each)]
        short = _ENDING.sub("", tail)
        short = short if len(short) > 1 else tail
        if not head and places and (len(places) > 1 or _elsewhere(short)):
            return part
        if len(places) == 1:
            ((prefecture, province),) = places
            return f"{prefecture if prefecture in cities() else province}{short}"
    return ""


def _heads(prefecture: str, province: str) -> set[str]:
    """What may stand before the name of a district, so that it is this one's."""
    cities_of = ("", prefecture, f"{prefecture}市") if prefecture else ("",)
    return {f"{of}{city}" for of in ("", province, f"{province}市") for city in cities_of}


def _elsewhere(name: str) -> bool:
    """Whether a name without its ending is that of a place of another rank."""
    return name in PROVINCES or name in PARTS or name in cities()


def differ(one: str, other: str) -> bool:
    """Whether two texts name other regions, in whatever order and spelling."""
    return set(regions(one)) != set(regions(other))


@lru_cache(maxsize=20_000)
def overlaps(one: str, other: str) -> bool:
    """Whether two regions of sale have something in common (A.X 15).

    They do where a name of one is a name of the other, or begins or ends it (山东, 山东青岛),
    where it lies in what the other is (青岛 in 山东, 昆山 in 苏州, 江津区 in 重庆), or is the whole
    country. A name that `divisions` does not have lies in nothing but what it begins with. An empty
    region overlaps with none, nor does what the other leaves out (上海 with 华东（不含上海）).
    """
    here, there = (
        [each for each in regions(mine) if not any(_covers(out, each) for out in _left_out(theirs))]
        for mine, theirs in ((one, other), (other, one))
    )
    return any(_overlap(mine, theirs) for mine in here for theirs in there)


def _covers(whole: str, part: str) -> bool:
    """Whether a region lies in another as a whole."""
    inside = (*PARTS.get(whole, ()), whole)
    return (
        part.startswith(inside)
        or _split(part)[1] == whole
        or not set(inside).isdisjoint(_within(part))
    )


def _overlap(one: str, other: str) -> bool:
    if one in EVERYWHERE or other in EVERYWHERE:
        return True
    shorter, longer = sorted((one, other), key=len)
    behind = shorter not in PROVINCES or _split(longer)[0] in ("", shorter)  # 天津河北
    if longer.startswith(shorter) or (behind and longer.endswith(shorter)):
        return True
    return _lies_in(one, other) or _lies_in(other, one)


def _lies_in(one: str, other: str) -> bool:
    province, city = _split(other)
    called = other if province and city in PROVINCES else city or province  # 天津河北
    whole = PARTS.get(other) or (called,)
    return not set(whole).isdisjoint(_within(one))


def _within(name: str) -> tuple[str, ...]:
    """The provinces and prefectures that a name begins with or lies in."""
    province, city = _split(name)
    inside = cities().get(city, ())
    if not inside:  # what a city's name stands before lies in it: 青岛黄岛
        rest = name.removeprefix(province)
        ahead = next((rest[:n] for n in range(len(rest) - 2, 1, -1) if rest[:n] in cities()), "")
        inside = (ahead, *cities()[ahead]) if ahead else ()
    if province and inside and inside[-1] != province:  # a place of the same name elsewhere
        inside = ()
    return tuple(filter(None, (province, *inside)))


def _split(name: str) -> tuple[str, str]:
    """The province that a name begins with, "" where with none, and the city after it."""
    province = next((each for each in PROVINCES if name.startswith(each)), "")
    city = bare(name.removeprefix(province))
    if city not in cities() and city[:-1] in cities() and city[-1:] == "州":  # 延边州
        city = city[:-1]
    return province, city
