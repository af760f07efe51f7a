"""The letter that reminds of papers that end: what stands on it, one for each customer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chemsales.queries.renewal_letters import renewal_letters
from chemsales.reports.renewal_letter import render
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Actor, Role
from chemsales.words import LANGUAGES
from tests.factory import COMPANY, session_of
from tests.furnishing import EXPIRING, expiring
from tests.reports import pdf

HEAD = session_of("sales").actor
TODAY = session_of("sales").today()
NAMED = list(EXPIRING)


@pytest.fixture
def keys(sqlite_ready: str) -> list[int]:
    """The customers of `expiring`."""
    return expiring()


def test_c15_1_a_letter_names_the_papers_their_last_days_and_what_follows(keys: list[int]) -> None:
    letters = renewal_letters(HEAD, TODAY, keys)
    assert len(letters) == 6  # not the renewed one, nor the one without a validity
    first = next(letter for letter in letters if letter.customer_name == NAMED[3])
    data = render([first])
    assert len(pdf.texts(data)) == 1
    page = pdf.text(data)
    for said in (COMPANY, "证照到期提醒函", NAMED[3], "913701003", "2026年6月20日", "已过期16天",
                 "第十五条", "张伟", "目前业务往来已暂停", "第1页共1页",
                 f"编号：{first.customer_code}-20260706", f"核验码{first.footer.code}",
                 f"（SHA-256）{first.footer.inputs_hash}"):  # fmt: skip
        assert said in page, said
    assert "尽快办理换证" in page and "交我公司客户经理张伟" in page
    assert "请于到期前办理换证" not in page and "其余证照" not in page


def test_c15_2_what_has_ended_and_what_ends_are_told_apart(keys: list[int]) -> None:
    (letter,) = renewal_letters(HEAD, TODAY, [keys[0]])
    page = pdf.text(render([letter]))
    assert "请于到期前办理换证" in page and "交我公司客户经理张伟" in page
    assert "业务往来暂停至" not in page
    ended = replace(letter.papers[0], valid_to="2026-07-05", days_left=-1)
    page = pdf.text(render([replace(letter, papers=(ended, *letter.papers))]))
    assert "业务往来暂停至换发的证照" in page and "其余证照请在到期前" in page
    assert "请于到期前办理换证" not in page


def test_of_the_chosen_customers_alone_each_with_its_entry(keys: list[int]) -> None:
    letters = renewal_letters(HEAD, TODAY, keys[:2])
    data = render(letters)
    assert data == render(letters)
    assert pdf.bookmarks(data) == [
        f"{each.customer_code}  {each.customer_name}" for each in letters
    ]
    assert {each.customer_name for each in letters} == set(NAMED[:2])
    assert "业务往来已暂停" not in pdf.text(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(keys: list[int], language: str) -> None:
    (letter,) = renewal_letters(HEAD, TODAY, [keys[0]])
    data = render([letter], language)
    assert len(pdf.texts(data)) == 1
    page = pdf.text(data)
    assert NAMED[0] in page
    assert ("Reminderoflicences" in page) is (language == "en")


def test_who_may_not_print_gets_none(keys: list[int]) -> None:
    with pytest.raises(NotAllowed):
        renewal_letters(Actor("admin", "孙丽", frozenset({Role.ADMINISTRATOR})), TODAY, keys)
