"""C8.3: the export of a filing is a format of its own, the same byte for byte."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from chemsales import words
from chemsales.exchange.filing import _FACTS, digest, export
from chemsales.rules.dispatch import FACTS
from chemsales.rules.filing import Batch, Filed

FILE = {
    "code": "C00001",
    "status": "accredited",
    "accredited_on": "2026-07-06",
    "manager": "am",
    "manager_name": "张伟",
    "facts": dict.fromkeys(FACTS, "") | {"name": "finance", "profile": "merged"},
    "classes": [
        {"group_code": "PO", "group_name": "聚烯烃", "customer_class": "dealer", "region": "山东",
         "from_day": "2026-07-06"}
    ],
    "contacts": [{"kind": "business", "name": "吴敏", "title": "", "phone": "1", "email": ""}],
    "papers": [],
}  # fmt: skip
BATCH = Batch("BA2026-0001", "江海石化", "2026-07-06", "王芳", 1, (Filed(1, FILE),))


def test_c8_3_the_bytes_of_a_batch_are_fixed() -> None:
    """Another edition of the program or of the library that writes workbooks gives these bytes, or
    no batch that was filed before could be exported as it was."""
    assert (
        digest(export(BATCH)) == "4ff52716522711ce199239007db59c3e8495dd14cd033c5583a299244405acfb"
    )


def test_c8_3_the_system_it_is_written_on_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Desks run Windows, and a server that verifies what they filed does not."""
    exports = set()
    for system in ("linux", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        exports.add(export(BATCH))
    assert len(exports) == 1


def test_c8_3_the_language_of_the_window_does_not_matter() -> None:
    exports = set()
    for language in ("zh_CN", "zh_TW", "en"):
        with words.language(language):
            exports.add(export(BATCH))
    assert len(exports) == 1


def test_c8_3_everything_that_is_published_is_filed() -> None:
    assert set(_FACTS) == set(FACTS)


def test_c8_3_another_batch_has_other_bytes() -> None:
    assert export(replace(BATCH, made_by="李强")) != export(BATCH)
    assert export(replace(BATCH, customers=(Filed(2, FILE),))) != export(BATCH)
