"""What a refusal says of where: the field's word, row and column of a file, nothing internal."""

from __future__ import annotations

import pytest

from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.words import language, say_all, worded

REQUIRED = Reason("reason.field_required", {}, "C7.1")


@pytest.mark.parametrize(
    ("place", "chinese", "english"),
    [
        ("uscc", "统一社会信用代码：", "Unified social credit code: "),
        ("classes.PO.region", "销售区域：", "Region: "),
        ("contacts.0.phone", "电话：", "Phone: "),
        ("", "", ""),
        ("document.business_licence", "", ""),
        ("no_such_place", "", ""),
    ],
)
def test_a_problem_names_its_field_in_words(place: str, chinese: str, english: str) -> None:
    refusal = Invalid(Problem(place, REQUIRED))
    for code, before in (("zh_CN", chinese), ("en", english)):
        with language(code):
            assert say_all(refusal) == before + say_all([REQUIRED])


def test_a_problem_of_a_file_names_row_and_column() -> None:
    refusal = Invalid(Problem("3:提货量", REQUIRED), Problem("4:", REQUIRED))
    with language("zh_CN"):
        first, second = say_all(refusal).splitlines()
    assert "3" in first and "提货量" in first and "4" in second


@pytest.mark.parametrize(
    ("name", "stored", "said"),
    [
        ("customer_class", "agent", "Exclusive agent"),
        ("status", "suspended", "Suspended"),
        ("profile", "merged", "Merged 18-character licence"),
        ("kind", "finance", "Finance contact"),
        ("kind", "of old", "of old"),
        ("capacity_kg", "12500", "12.500"),
        ("capacity_kg", "", ""),
        ("phone", "0571-1", "0571-1"),
    ],
)
def test_a_stored_value_is_said_as_it_is_read(name: str, stored: str, said: str) -> None:
    with language("en"):
        assert worded(name, stored) == said
