"""Check codes: the same for the same paper, and no slip of the pen passes."""

from __future__ import annotations

import itertools
import random
from datetime import date

import pytest

from chemsales.rules.check_codes import (
    ALPHABET,
    PaperKind,
    Typed,
    check_code,
    grouped,
    read_code,
    read_typed,
)
from chemsales.rules.errors import Invalid

PAPER = (PaperKind.EVALUATION, "2026Q3/1 C00007", "5d41" * 16, 2, 4321)
CODE = check_code(*PAPER)


def refusal(typed: str) -> str:
    with pytest.raises(Invalid) as refused:
        read_typed(typed)
    return refused.value.problems[0].reason.code


def test_is_twelve_characters_in_groups_and_pinned() -> None:
    """A code that is printed today has to be found in ten years."""
    assert CODE == "S7ZH-BK85-QV0J"
    assert read_code(CODE) == CODE == check_code(*PAPER)


@pytest.mark.parametrize(
    ("place", "other"),
    [(0, PaperKind.MEETING), (1, "2026Q3/1 C00008"), (2, "5d42" * 16), (3, 3), (4, 4322)],
)
def test_every_part_of_the_paper_is_in_it(place: int, other: object) -> None:
    parts = list(PAPER)
    parts[place] = other  # type: ignore[call-overload]
    assert check_code(*parts) != CODE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    [CODE.lower(), CODE.replace("-", ""), f" {CODE} ", CODE.replace("-", " "),
     CODE.replace("0", "O"), CODE.replace("1", "I").lower(), CODE.replace("1", "l"),
     CODE.translate({ord(c): ord(c) + 0xFEE0 for c in CODE}), CODE.replace("-", "—")],
)  # fmt: skip
def test_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    ("before", "customer", "day"),
    [
        ("", "", None),
        ("C00007 ", "C00007", None),
        ("c00007-20260706 ", "C00007", date(2026, 7, 6)),
        ("Ｃ00007－20260706　", "C00007", date(2026, 7, 6)),
        ("C00007-20260706, ", "C00007", date(2026, 7, 6)),
        ("C00007-20269999 ", "C00007", None),
        ("C123456 ", "C123456", None),
    ],
)
def test_the_number_of_a_paper_may_stand_before_its_code(
    before: str, customer: str, day: date | None
) -> None:
    for code in (CODE, CODE.replace("-", " ").lower()):
        assert read_typed(before + code) == Typed(CODE, customer, day)


def test_a_code_that_looks_like_a_number_is_a_code() -> None:
    code = next(
        code
        for first in range(100_000)
        for body in (f"C{first:05d}00000",)
        for last in ALPHABET
        if not _mistyped(code := body + last)
    )
    assert read_typed(f"{code[:6]} {code[6:]}") == Typed(grouped(code))


def _mistyped(code: str) -> bool:
    try:
        read_code(code)
    except Invalid:
        return True
    return False


@pytest.mark.parametrize(
    "typed", ["", "S7ZH", "C00007 S7ZH", CODE + "0", CODE.replace("S", "U"), "核验码", "?" * 12]
)
def test_what_is_no_code_is_told_apart(typed: str) -> None:
    assert refusal(typed) == "reason.check_code_shape"


def test_every_single_slip_and_every_exchange_of_two_is_caught() -> None:
    rng = random.Random(4)
    for number in range(40):
        plain = check_code(PaperKind.APPLICATION, f"SQ{number}", "", 1, rng.randrange(10**6))
        plain = plain.replace("-", "")
        for place, other in itertools.product(range(len(plain)), ALPHABET):
            if other != plain[place]:
                slipped = plain[:place] + other + plain[place + 1 :]
                assert refusal(slipped) == "reason.check_code_mistyped", slipped
        for one, two in itertools.combinations(range(len(plain)), 2):
            if plain[one] != plain[two]:
                turned = list(plain)
                turned[one], turned[two] = turned[two], turned[one]
                assert refusal("".join(turned)) == "reason.check_code_mistyped", turned


def test_ten_thousand_papers_have_ten_thousand_codes() -> None:
    codes = {
        check_code(PaperKind.EVALUATION, f"2026Q3/1 C{n:05d}", "", 1, 9) for n in range(10_000)
    }
    assert len(codes) == 10_000
    assert all(code == grouped(code.replace("-", "")) for code in codes)
