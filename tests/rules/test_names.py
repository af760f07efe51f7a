"""Names compared: same, lookalike, near."""

from __future__ import annotations

import pytest

from chemsales.rules.names import KnownNames, look, name_key, one_apart

KNOWN = KnownNames(
    [
        ("恒力石化（大连）有限公司", 1),
        ("ABC塑料有限公司", 2),
        ("荣盛石化股份有限公司", 3),
        ("万华化学", 4),
    ]
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒力石化（大连）有限公司", "恒力石化(大连) 有限公司"),
        ("ABC 塑料有限公司", "ａｂｃ塑料有限公司"),
        ("万华\u3000化学", "万华化学"),
    ],
)
def test_width_case_and_spaces_do_not_count(one, other):
    assert name_key(one) == name_key(other)


def test_other_letters_are_another_name_that_looks_the_same():
    cyrillic = "АВС塑料有限公司"
    assert name_key(cyrillic) != name_key("ABC塑料有限公司")
    assert look(cyrillic) == look("ABC塑料有限公司")
    assert KNOWN.lookalike(cyrillic) == 2
    assert KNOWN.lookalike("万\u200b华化学") == 4


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("恒力石化(大连)有限责任公司", 1),
        ("恒力石化大连公司", 1),
        ("荣盛石化", 3),
        ("荣胜石化股份有限公司", 3),
        ("无此客户有限公司", None),
        ("有限公司", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_suggested(name, owner):
    assert KNOWN.near(name) == owner


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("荣盛石化", "荣胜石化", True),
        ("荣盛石化", "荣盛石", True),
        ("荣盛石化", "大荣盛石化", True),
        ("荣盛石化", "盛荣石化", True),
        ("荣盛石化", "荣盛石化", False),
        ("荣盛石化", "荣胜石油", False),
        ("荣盛石化", "荣石盛油", False),
        ("aa", "aaa", True),
        ("abab", "ab", False),
        ("", "荣", True),
    ],
)
def test_names_that_differ_by_one_sign(one, other, expected):
    assert one_apart(one, other) is expected
    assert one_apart(other, one) is expected
