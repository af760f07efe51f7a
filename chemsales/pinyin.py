"""How a Chinese name sorts, which initials and which pinyin find it; computed when it is stored."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, islice
from typing import Any

from chemsales.config import resource
from chemsales.rules.search import Word, lines

READINGS = 16  # most combinations of initials that are kept
SPELLINGS = 6  # most spellings in full pinyin that are kept
LONGEST = 24  # characters of a name that initials and pinyin are made of
PERSON = 4  # readings of a contact's name that are kept
SHORT = 6  # of these in a spelling that is not the likeliest one
LIMIT = 400  # characters of a stored key
WORDS = 8000  # characters of the words of a record


@dataclass(frozen=True, slots=True)
class _Lists:
    """The own readings, where the library's are wrong for names of companies."""

    surnames: dict[str, str]  # at the beginning of a name
    not_surnames: tuple[str, ...]  # words that begin with such a character
    words: dict[str, str]  # places and words anywhere
    alone: dict[str, str]  # characters that the library leaves open
    longest: int


@cache
def _lists() -> _Lists:
    stored = json.loads(resource("pinyin", "readings.json").read_text(encoding="utf-8"))
    return _Lists(
        stored["surnames"],
        tuple(stored["not_surnames"]),
        stored["words"],
        stored["alone"],
        max(map(len, stored["words"])),
    )


def sort_key(name: str) -> str:
    """The key by which a name sorts alike on every machine: syllables with tones, a tab, the name.

    Latin letters and digits stand for themselves in lower case; at most 400 characters. The tab
    sorts before everything, so that a name stands before those that begin with it.
    """
    syllables = " ".join(readings[0] for readings in _readings(name))
    return f"{syllables[: LIMIT - 120]}\t{name}"[:LIMIT]


def initials(name: str) -> str:
    """The initials under which a name is found, all readings (at most 16), separated by spaces.

    The likeliest stands first: "重庆长风" gives "cqcf ...".
    """
    letters = [list(dict.fromkeys(r[0] for r in found)) for found in _readings(name)][:LONGEST]
    words = dict.fromkeys("".join(choice) for choice in islice(_choices(letters), READINGS * 2))
    return " ".join(islice(words, READINGS))[:LIMIT]


def spellings(name: str) -> tuple[str, ...]:
    """The full pinyin of a name without tones and blanks, the likeliest first, at most 6.

    "重庆长风" gives "chongqingchangfeng" first; ü is v, as it is typed. All but the likeliest are
    cut after 6 characters.
    """
    syllables = [
        list(dict.fromkeys(reading.rstrip("12345") for reading in found))
        for found in _readings(name)
    ][:LONGEST]
    whole = "".join(found[0] for found in syllables)
    others = ("".join(choice) for choice in islice(_choices(syllables[:SHORT]), 1, SPELLINGS * 2))
    return tuple(islice(dict.fromkeys((whole, *others)), SPELLINGS)) if whole else ()


@dataclass(frozen=True, slots=True)
class SearchWords:
    """What finds a record, in the form of `rules.search.lines`: its own words, the people and
    phones at it, the full pinyin of its names and of theirs."""

    words: str
    people: str
    pinyin: str


def search_words(
    codes: Sequence[tuple[Word, str]],
    names: Sequence[str],
    mnemonic: str,
    people: Sequence[tuple[str, str]],
    phones: Sequence[str] = (),
) -> SearchWords:
    """The words of a record: its codes and numbers, its names (the first one foremost), its
    mnemonic, its contacts as (name, phone), other phones."""
    own = [*codes, *((Word.NAME, name) for name in names), (Word.MNEMONIC, mnemonic)]
    own += [(Word.INITIALS, word) for name in names for word in _cut(initials(name).split())]
    spelt = [(Word.PINYIN, word) for name in names for word in spellings(name)]
    at_it = [(Word.PHONE, phone) for phone in phones]
    for name, phone in people:
        readings = initials(name).split()[:PERSON]
        at_it += [(Word.PERSON, name), *((Word.PERSON_INITIALS, word) for word in readings)]
        at_it.append((Word.PHONE, phone))
        spelt.append((Word.PERSON, name))
        spelt += [(Word.PERSON_PINYIN, word) for word in spellings(name)[:PERSON]]
    return SearchWords(*(_fitting(lines(found)) for found in (own, at_it, spelt)))


def _fitting(words: str) -> str:
    """As many lines as the column holds."""
    return words if len(words) <= WORDS else words[: words.rindex("\n", 0, WORDS) + 1]


def _cut(readings: list[str]) -> list[str]:
    """The likeliest initials whole, of the others the beginning."""
    return [*readings[:1], *(letters[: SHORT + 2] for letters in readings[1:])]


def _choices(options: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """One of each option: the first ones, then one other at a time from the left, then two."""
    likeliest = [found[0] for found in options]
    yield likeliest
    changes = [(place, other) for place, found in enumerate(options) for other in found[1:]]
    for one in changes:
        yield _changed(likeliest, one)
    for one, two in combinations(changes, 2):
        if one[0] != two[0]:
            yield _changed(likeliest, one, two)


def _changed(likeliest: list[str], *changes: tuple[int, str]) -> list[str]:
    made = list(likeliest)
    for place, other in changes:
        made[place] = other
    return made


@lru_cache(maxsize=64)  # a stored name is asked for its order, its initials and its spellings
def _readings(name: str) -> list[list[str]]:
    """The readings of every character (or Latin word) of a name, the likeliest first."""
    text = unicodedata.normalize("NFKC", name).casefold()
    found: list[list[str]] = []
    rest = ""
    position = 0
    while position < len(text):
        word, reading = _known_word(text, position)
        if word:
            found += _by_library(rest)
            rest = ""
            for character, syllable in zip(word, reading.split(), strict=True):
                found.append([syllable, *_other_readings(character, syllable)])
            position += len(word)
        else:
            rest += text[position]
            position += 1
    return found + _by_library(rest)


def _known_word(text: str, position: int) -> tuple[str, str]:
    """The word of the own lists that begins here, and its reading; ("", "") where there is none."""
    lists = _lists()
    for length in range(min(lists.longest, len(text) - position), 1, -1):
        word = text[position : position + length]
        if word in lists.words:
            return word, lists.words[word]
    if position == 0 and not text.startswith(lists.not_surnames):
        for length in (2, 1):
            if text[:length] in lists.surnames:
                return text[:length], lists.surnames[text[:length]]
    return "", ""


def _other_readings(character: str, known: str) -> list[str]:
    return [reading for found in _by_library(character) for reading in found if reading != known]


def _by_library(text: str) -> list[list[str]]:
    """The readings by pypinyin, which knows words; signs that are no letters are left out."""
    letters = "".join(character for character in text if character.isalnum())
    if not letters:
        return []
    from pypinyin import Style, pinyin

    split: Any = list  # what the library does not know comes back letter by letter
    found: list[list[str]] = pinyin(letters, style=Style.TONE3, heteronym=True, errors=split)
    for character, readings in zip(letters, found, strict=True):
        likeliest = _lists().alone.get(character)
        if likeliest in readings[1:]:
            readings.remove(likeliest)
            readings.insert(0, likeliest)
    return found
