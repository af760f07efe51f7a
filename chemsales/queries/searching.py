"""Text that people search with, as a condition of SQL."""

from __future__ import annotations

from collections.abc import Sequence

from chemsales.rules.search import Word, latin, spelt_inside, wanted
from chemsales.rules.text import searched_for
from chemsales.storage.database import finds


def contains(text: str, *columns: str) -> tuple[str, list[object]]:
    """The condition that a column contains the text, whatever its case, and its parameters.

    %, _ and \\ in the text stand for themselves; an empty text is in every row, one of hidden signs
    alone in none. Customers and
    applications are searched with `customers_with` and `applications_with`.
    """
    if not text.strip():
        return "1 = 1", []
    wanted = searched_for(text)
    if not wanted:
        return "1 = 0", []
    for sign in ("\\", "%", "_"):
        wanted = wanted.replace(sign, "\\" + sign)
    likes = " OR ".join(f"lower({column}) LIKE ? ESCAPE '\\'" for column in columns)
    return f"({likes})", [f"%{wanted}%"] * len(columns)


def customers_with(text: str, key: str = "c.id") -> tuple[str, list[object]]:
    """The condition that the customer of this key is found by a text, and its parameters.

    By name, initials, pinyin, mnemonic, code, USCC, contact or phone, as `queries.search.find`
    does; every word of the text has to be found. An empty text finds every customer.
    """
    return _with("customer", text, key)


def customers_or(text: str, *columns: str, key: str = "c.id") -> tuple[str, list[object]]:
    """The condition that the customer of this key is found by a text or that a column contains
    it."""
    found, parameters = customers_with(text, key)
    contained, values = contains(text, *columns)
    return f"({found} OR {contained})", [*parameters, *values]


def applications_with(text: str, key: str = "a.id") -> tuple[str, list[object]]:
    """The same of applications, which have a number in the place of the code."""
    return _with("application", text, key)


def by_name(owner: str, key: str) -> str:
    """For `Field.within`: the records of this key whose name's key meets a condition."""
    return f"{key} IN (SELECT {owner}_id FROM {owner}_words WHERE {{name_key}})"


def spelt(owner: str, key: str, text: str) -> tuple[str, list[object]]:
    """The condition that the name of the "customer" or "application" of this key begins so in
    pinyin, or its initials or mnemonic do, and its parameters; nothing is spelt in Chinese."""
    part = wanted(text).whole
    if not latin(part):
        return "1 = 0", []
    condition, parameters = any_of(
        [
            ("w.words", Word.INITIALS + part),
            ("w.words", Word.MNEMONIC + part),
            ("w.pinyin", Word.PINYIN + part),
        ]
    )
    return f"{key} IN (SELECT w.{owner}_id FROM {owner}_words w WHERE {condition})", parameters


def _with(owner: str, text: str, key: str) -> tuple[str, list[object]]:
    search = wanted(text)
    if search.nothing:
        return "1 = 1", []
    if search.impossible:
        return "1 = 0", []
    condition, parameters = words_with(search.parts)
    return f"{key} IN (SELECT w.{owner}_id FROM {owner}_words w WHERE {condition})", parameters


def words_with(parts: tuple[str, ...]) -> tuple[str, list[object]]:
    """The condition that a row `w` of words has all these parts in it, and its parameters."""
    conditions: list[str] = []
    parameters: list[object] = []
    for part in parts:
        places = [("w.words", part), ("w.people", part)]
        if spelt_inside(part):
            places.append(("w.pinyin", part))
        elif latin(part):
            places += [("w.pinyin", Word.PINYIN + part), ("w.pinyin", Word.PERSON_PINYIN + part)]
        condition, values = any_of(places)
        conditions.append(f"({condition})")
        parameters += values
    return " AND ".join(conditions), parameters


def any_of(places: Sequence[tuple[str, str]]) -> tuple[str, list[object]]:
    """The condition that one of these columns has the text beside it, and its parameters."""
    found = [finds(column, text) for column, text in places]
    return " OR ".join(condition for condition, _ in found), [text for _, text in found]
