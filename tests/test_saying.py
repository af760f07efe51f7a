"""What a refusal says of where: the field's word, row and column of a file, nothing internal."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import Invalid, Problem, Reason, term
from chemsales.rules.licences import Licence, suspended_for
from chemsales.words import _, language, say, say_all, worded

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


def test_a_name_that_is_kept_with_its_english_one_is_said_in_the_language_that_is_spoken() -> None:
    dealer = term(CustomerClass.DEALER)
    params = {"group": "聚烯烃", "group_en": "Polyolefins", "customer_class": dealer}
    both, alone = Reason("reason.effect_class", params), {**params, "group_en": ""}
    with language("en"):
        assert say(both) == "Polyolefins: the class Dealer ends"
        assert say(Reason("reason.effect_class", alone)) == "聚烯烃: the class Dealer ends"
    with language("zh_CN"):
        assert say(both) == "聚烯烃：经销商类别终止"


def test_a_paper_without_a_number_is_said_to_have_none() -> None:
    paper = Licence(DocumentKind.BUSINESS_LICENCE, date(2026, 6, 30), date(2025, 1, 1))
    with language("zh_CN"):
        assert "营业执照（无编号）有效期至 2026-06-30" in say(suspended_for(paper))


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 days left"), (1, "1 day left"), (2, "2 days left")]
)
def test_a_word_after_a_number_is_in_its_number(count: int, said: str) -> None:
    with language("en"):
        assert _("{days} days left", days=count) == said
        assert _("{file}: {count} rows", file="a", count="1") == "a: 1 row"
    with language("zh_CN"):
        assert _("{days} days left", days=count) == f"剩 {count} 天"
