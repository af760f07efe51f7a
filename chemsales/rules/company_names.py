"""A company's name taken apart (place, trade name, legal form), and how else it may be written."""

from __future__ import annotations

import re

from chemsales.rules.divisions import cities
from chemsales.rules.regions import PROVINCES

FORMS = (
    "有限公司", "有限责任公司", "责任有限公司", "股份有限公司", "集团有限公司", "(集团)有限公司",
    "集团股份有限公司", "公司",
)  # fmt: skip
_FORM = re.compile(f"(?:{'|'.join(re.escape(form) for form in sorted(FORMS, key=len)[::-1])})$")
_AUTONOMOUS = "(?:壮族|回族|维吾尔)?自治区"
_PROVINCE = re.compile(f"^({'|'.join(PROVINCES)})(?:{_AUTONOMOUS}|省|市)?")
_LONGEST_CITY = 6
_SHORTEST_TRADE = 2  # signs that have to be left of a name


def other_spellings(key: str) -> tuple[str, ...]:
    """The keys (`names.name_key`) of what the company of a key may be called elsewhere: with
    another legal form, with the province in front of the city, with 省 and 市 or without."""
    form = _FORM.search(key)
    bare = key[: form.start()] if form else key
    places, trade = _places(bare)
    if len(trade) < _SHORTEST_TRADE:
        return ()
    found = (place + trade + each for place in places for each in (FORMS if form else ("",)))
    return tuple(name for name in found if name != key)


def _places(name: str) -> tuple[tuple[str, ...], str]:
    """How the place at the beginning of a name may be written, and what follows it."""
    begins = _PROVINCE.match(name)
    province, rest = (begins[1], name[begins.end() :]) if begins else ("", name)
    city = _city(rest, province)
    if city:
        trade = rest.removeprefix(city)
        trade = trade.removeprefix("市") if len(trade) > _SHORTEST_TRADE else trade
        province = province or cities()[city][-1]
        before = ("", province, f"{province}省", f"{province}自治区")
        return tuple(f"{each}{city}{end}" for each in before for end in ("", "市")), trade
    if province:
        return tuple(f"{province}{end}" for end in ("", "省", "市")), rest
    return ("",), name


def _city(name: str, province: str) -> str:
    """The longest city that a name begins with, "" for none or one of another province."""
    for length in range(_LONGEST_CITY, 1, -1):
        inside = cities().get(name[:length], ())
        if inside and (not province or inside[-1] == province):
            return name[:length]
    return ""
