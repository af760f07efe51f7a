"""How a Chinese name sorts and which initials find it; computed when it is stored."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Any

from chemsales.config import resource

READINGS = 16  # most combinations of initials that are kept
LONGEST = 24  # characters of a name that initials are made of
LIMIT = 400  # characters of a stored key


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
    """The key by which a name sorts alike on every machine: syllables with tones, then the name.

    Latin letters and digits stand for themselves in lower case; at most 400 characters.
    """
    syllables = " ".join(readings[0] for readings in _readings(name))
    return f"{syllables[: LIMIT - 120]}|{name}"[:LIMIT]


def initials(name: str) -> str:
    """The initials under which a name is found, all readings (at most 16), separated by spaces.

    The likeliest stands first: "重庆长风" gives "cqcf ...".
    """
    letters = [list(dict.fromkeys(r[0] for r in found)) for found in _readings(name)][:LONGEST]
    words = {"".join(choice): None for choice in islice(product(*letters), READINGS * 4)}
    return " ".join(islice(words, READINGS))[:LIMIT]


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
