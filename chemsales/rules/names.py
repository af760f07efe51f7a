"""Names compared: what counts as the same, what only looks the same, and what is near."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from chemsales.rules.text import without_hidden

# letters of other scripts, digits and signs, by the Latin letter they look like
_LOOKALIKES = {
    ord(sign): letter
    for letter, signs in {
        "a": "аα", "b": "вβ", "c": "сϲ", "d": "ԁ", "e": "еε", "h": "һнη", "i": "іι", "j": "ј",
        "k": "кκ", "m": "м", "n": "ν", "o": "оο0", "p": "рρ", "s": "ѕ", "t": "тτ", "u": "υ",
        "x": "хχ", "y": "у", "l": "1|ı",
    }.items()
    for sign in signs
}  # fmt: skip
# brackets that full width alone does not make one; people type whichever is at hand
BRACKETS = {
    **dict.fromkeys(map(ord, "[{〔【〖［｛〘〚"), "("),
    **dict.fromkeys(map(ord, "]}〕】〗］｝〙〛"), ")"),
}
_FORMS = re.compile("股份有限公司|有限责任公司|有限公司|集团公司|公司|集团|股份")
_SIGNS = re.compile(r"[\W_]+")
_NEAR = 0.7  # from this share of common characters on a name is worth suggesting
_TRIED = 12  # candidates that are compared in full


def name_key(text: str) -> str:
    """What two spellings of one name share: width, case, spaces and the form of brackets do not
    count. The one key of a name: stored (`*_words.name_key`), in imports, filters and duplicates.
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().translate(BRACKETS).split())


def one_apart(one: str, other: str) -> bool:
    """Whether two keys of names differ by one sign: another, one more or less, or two exchanged."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    shorter = min(len(one), len(other))
    begin = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    end = 0
    while end < shorter - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    mine, theirs = one[begin : len(one) - end], other[begin : len(other) - end]
    return max(len(mine), len(theirs)) <= 1 or (len(mine) == 2 and mine == theirs[::-1])


def look(text: str) -> str:
    """What two names share that look the same: no hidden characters, signs, lookalike letters."""
    return _SIGNS.sub("", name_key(without_hidden(text)).translate(_LOOKALIKES))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


class KnownNames:
    """The names that exist, to find the one that an unknown name may stand for."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        """Take (name, key of its owner); an owner may have several names."""
        self._owners: list[tuple[str, int]] = []
        self._by_look: dict[str, int] = {}
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        for name, owner in names:
            seen = look(name)
            if not seen:
                continue
            self._by_look.setdefault(seen, owner)
            core = _FORMS.sub("", seen) or seen
            for pair in _pairs(core):
                self._by_pair[pair].append(len(self._owners))
            self._owners.append((core, owner))

    def lookalike(self, name: str) -> int | None:
        """The owner of a name that only looks like this one."""
        return self._by_look.get(look(name))

    def near(self, name: str) -> int | None:
        """The owner of the name nearest to this one, None where none is near."""
        seen = look(name)
        core = _FORMS.sub("", seen) or seen
        votes: Counter[int] = Counter()
        for pair in _pairs(core):
            votes.update(self._by_pair.get(pair, ()))
        best, owner = _NEAR, None
        for place, _ in votes.most_common(_TRIED):
            known, whose = self._owners[place]
            ratio = SequenceMatcher(None, core, known, autojunk=False).ratio()
            if ratio > best:
                best, owner = ratio, whose
        return owner
