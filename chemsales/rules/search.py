"""What people search with, made comparable, and by what a record was found.

A record's words stand in one text, a line each: a capital letter that says what the word is, then
the word in the form of `fold`, which has no capitals; so no search finds the letter itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from chemsales.rules.errors import Reason
from chemsales.rules.names import name_key

LONGEST = 400  # characters; nothing that is stored is longer
MOST_PARTS = 6  # words of one search that are looked at
SHORTEST_PINYIN = 3  # letters from which the inside of a name's full pinyin is searched
_COUNTRY = "86"
PHONE_BEGINS = ("", "0", _COUNTRY, f"+{_COUNTRY}", f"00{_COUNTRY}")
_SHORTEST_PHONE = 6
_ABROAD = 12  # digits from which a phone that begins with the country's code begins with it indeed
_DROPPED = frozenset("'’‘`´ʼ\"“”()[]{}【】〔〕《》〈〉「」·•・‧-‐‑‒–—―_/\\,，、。;；:：")


class Word(StrEnum):
    """What a word of a record is; the value is the letter that stands before it."""

    CODE = "C"
    USCC = "U"
    LICENCE = "L"  # the older codes of a company
    NUMBER = "A"  # an application's
    NAME = "N"
    MNEMONIC = "M"
    INITIALS = "I"
    PINYIN = "F"
    PERSON = "P"  # the name of a contact; the lines up to the next one are about the same person
    PERSON_INITIALS = "Q"
    PERSON_PINYIN = "R"
    PHONE = "T"


class Rank(IntEnum):
    """How good a hit is, the best first."""

    EXACT = 0  # the whole code, number or USCC
    NAME = 1  # the beginning of a name
    INITIALS = 2  # the beginning of the mnemonic or of the initials
    PINYIN = 3  # the beginning of the full pinyin
    INSIDE = 4  # anywhere in one of these
    CONTACT = 5
    PHONE = 6
    NONE = 9


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody searches: `whole` without blanks, and its `parts`, which all have to be found.

    `nothing`: an empty search, which every record answers; `impossible`: one that none can.
    """

    whole: str
    parts: tuple[str, ...]
    nothing: bool
    impossible: bool


@dataclass(frozen=True, slots=True)
class Match:
    """By what a record was found, how well, and the sentence that says so."""

    rank: Rank
    why: Reason


def fold(text: str) -> str:
    """The form in which texts are searched: `name_key` without marks and brackets."""
    return "".join(
        sign
        for sign in name_key(text[: LONGEST * 10])
        if sign not in _DROPPED and unicodedata.category(sign)[0] != "C"
    )


def phone_ending(text: str) -> str:
    """How every way in which a phone may be stored ends, in the form that is searched: PHONE_BEGINS
    may stand before it; "" for what is too short for a phone."""
    digits = fold(text).replace("+", "").removeprefix("00")
    if digits.startswith(_COUNTRY) and len(digits) >= _ABROAD:
        digits = digits.removeprefix(_COUNTRY)
    own = digits.removeprefix("0")
    return own if len(own) >= _SHORTEST_PHONE else ""


def wanted(text: str) -> Wanted:
    """What a typed text searches for."""
    typed = text[: LONGEST * 10].split()
    parts = tuple(part for part in map(fold, typed) if part)
    whole = "".join(parts)
    nothing = not typed
    return Wanted(whole, parts[:MOST_PARTS], nothing, not nothing and not 0 < len(whole) <= LONGEST)


def latin(part: str) -> bool:
    """Whether a part can be in a full pinyin."""
    return part.isascii() and any(sign.isalpha() for sign in part)


def spelt_inside(part: str) -> bool:
    """Whether a part is long enough to be looked for in the middle of a full pinyin."""
    return len(part) >= SHORTEST_PINYIN and latin(part)


def lines(words: Iterable[tuple[Word, str]]) -> str:
    """The stored text of these words, without those that another of its kind begins with."""
    made: list[str] = []
    for kind, word in words:
        line = f"{kind}{fold(word)}"
        known = kind not in _OF_A_PERSON and any(other.startswith(line) for other in made)
        if len(line) > 1 and not known:
            made.append(line)
    return "".join(f"{line}\n" for line in made)


def match(search: Wanted, words: str) -> Match | None:
    """The best that a record's words (all its texts, joined) say to a search; None for nothing."""
    found: Match | None = None
    left = set(search.parts)
    person = ""
    for kind, word in _read(words):
        person = word if kind is Word.PERSON else person
        left = {part for part in left if not _answers(part, kind, word)}
        rank = _rank(search, kind, word)
        if rank is not Rank.NONE and (found is None or rank < found.rank):
            found = Match(rank, _why(search.whole, kind, word, person))
    if found is None and not left and len(search.parts) > 1:
        return Match(Rank.INSIDE, Reason("reason.found_parts", {"text": " ".join(search.parts)}))
    return found


def _read(words: str) -> Iterator[tuple[Word, str]]:
    for line in words.splitlines():
        yield Word(line[0]), line[1:]


NUMBERS = (Word.CODE, Word.USCC, Word.LICENCE, Word.NUMBER)
PINYIN = (Word.PINYIN, Word.PERSON_PINYIN)
_OF_A_PERSON = (Word.PERSON, Word.PERSON_INITIALS, Word.PERSON_PINYIN, Word.PHONE)
BEGINNINGS = {
    Word.NAME: Rank.NAME,
    Word.MNEMONIC: Rank.INITIALS,
    Word.INITIALS: Rank.INITIALS,
    Word.PINYIN: Rank.PINYIN,
}
_PERSON = (Word.PERSON, Word.PERSON_INITIALS, Word.PERSON_PINYIN)


def _answers(part: str, kind: Word, word: str) -> bool:
    """Whether a part is in a word; in a full pinyin as its beginning, or long enough."""
    if kind in PINYIN and not spelt_inside(part):
        return word.startswith(part)
    return part in word


def _rank(search: Wanted, kind: Word, word: str) -> Rank:
    """How well one word answers the whole search."""
    if not _answers(search.whole, kind, word):
        return Rank.NONE
    if kind in NUMBERS and word == search.whole:
        return Rank.EXACT
    if kind in BEGINNINGS and word.startswith(search.whole):
        return BEGINNINGS[kind]
    if kind in _PERSON:
        return Rank.CONTACT
    return Rank.PHONE if kind is Word.PHONE else Rank.INSIDE


def _why(text: str, kind: Word, word: str, person: str) -> Reason:
    """The sentence that shows the matched part; a long code or number only where it matches."""
    if kind is Word.CODE:
        return Reason("reason.found_code", {"text": word.upper()})
    if kind is Word.NUMBER:
        return Reason("reason.found_number", {"text": word.upper()})
    if kind is Word.LICENCE:
        return Reason("reason.found_licence", {"text": _part(word, text).upper()})
    if kind is Word.USCC:
        return Reason("reason.found_uscc", {"text": _part(word, text).upper()})
    if kind is Word.NAME:
        return Reason("reason.found_name", {"text": text})
    if kind is Word.MNEMONIC:
        return Reason("reason.found_mnemonic", {"text": word})
    if kind in (Word.INITIALS, Word.PINYIN):
        return Reason("reason.found_pinyin", {"text": text})
    if kind is Word.PERSON:
        return Reason("reason.found_contact", {"name": person})
    if kind is Word.PHONE:
        return Reason("reason.found_phone", {"text": _part(word, text)})
    return Reason("reason.found_contact_pinyin", {"name": person, "text": text})


def _part(word: str, text: str) -> str:
    """The matched part of a number with "…" for what is left out."""
    before, found, after = word.partition(text)
    return f"{'…' if before else ''}{found}{'…' if after else ''}"
