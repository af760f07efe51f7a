"""The words by which customers and applications are found, renewed by every use case that writes
what they are made of."""

from __future__ import annotations

from chemsales.pinyin import search_words
from chemsales.rules.names import name_key
from chemsales.rules.search import Word
from chemsales.storage.database import execute, rows

NAME_KEY = 1000  # characters that are kept of it


def renew_words(owner: str, key: int) -> None:
    """Make the words of a "customer" or an "application" anew out of what is stored now."""
    number, kind, standing = _OF[owner]
    own, uscc, licence15, org9, mnemonic, phone, *names = rows(
        f"SELECT {number}, uscc, licence15, org9, mnemonic, invoice_phone, name, short_name, "
        f"former_name FROM {owner} WHERE id = ?",
        (key,),
    )[0]
    people = rows(
        f"SELECT name, phone FROM {owner}_contact WHERE {owner}_id = ?{standing} ORDER BY id",
        (key,),
    )
    codes = [
        (kind, own), (Word.USCC, uscc), (Word.LICENCE, licence15), (Word.LICENCE, org9),
    ]  # fmt: skip
    made = search_words(codes, names, mnemonic, [(who, at) for who, at in people], [phone])
    execute(
        f"INSERT INTO {owner}_words ({owner}_id, words, people, pinyin, name_key) "
        f"VALUES (?, ?, ?, ?, ?) ON CONFLICT ({owner}_id) DO UPDATE SET words = excluded.words, "
        "people = excluded.people, pinyin = excluded.pinyin, name_key = excluded.name_key",
        (key, made.words, made.people, made.pinyin, name_key(names[0])[:NAME_KEY]),
    )


_OF = {
    "customer": ("code", Word.CODE, " AND void = 0"),
    "application": ("number", Word.NUMBER, ""),
}
