"""The words by which a record is found, derived from it whenever it is written."""

from __future__ import annotations

from chemsales.storage.fields import NameField
from chemsales.storage.models.base import Table


class Words(Table):
    """Columns of chemsales.pinyin.SearchWords, and the name as `rules.names.name_key` has it."""

    words = NameField(default="")
    people = NameField(default="")
    pinyin = NameField(default="")
    name_key = NameField(default="")
