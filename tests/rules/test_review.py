"""What is gone through at each stage, and when a case is urged (C7.2, A.X 21)."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.rules.approval import ACCREDITATION, Case, Outcome, StageName
from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.customer import DocumentKind, DocumentProfile
from chemsales.rules.review import (
    UNMARKED,
    Marked,
    ReturnReason,
    ReviewItem,
    checklist,
    median_kg,
    own_lines,
    unusual_quantity,
    urge_blockers,
)
from chemsales.rules.roles import Actor, Role

AM = Actor("am", "张伟", frozenset({Role.ACCOUNT_MANAGER}))
HOLIDAYS = WorkCalendar(
    {2026: {"off": {date(2026, 10, day) for day in range(1, 9)}, "work": set()}}
)


@pytest.mark.parametrize(
    ("profile", "hazardous", "sales", "finance"),
    [
        (
            DocumentProfile.MERGED,
            False,
            ["licence_genuine", "scope_covers"],
            ["invoice_agrees", "account_holder", "tax_paper"],
        ),
        (
            DocumentProfile.MERGED,
            True,
            ["licence_genuine", "scope_covers", "hazard_covers"],
            ["invoice_agrees", "account_holder", "tax_paper"],
        ),
        (
            DocumentProfile.LEGACY,
            False,
            ["licence_genuine", "scope_covers", "organisation_paper"],
            ["invoice_agrees", "account_holder", "tax_paper"],
        ),
    ],
)
def test_sales_goes_through_the_papers_and_finance_through_invoice_data_and_tax(
    profile: str, hazardous: bool, sales: list[str], finance: list[str]
) -> None:
    lines = checklist(profile, hazardous)
    assert list(own_lines(lines, StageName.SALES)) == sales
    assert list(own_lines(lines, StageName.FINANCE)) == finance
    assert own_lines(lines, StageName.GENERAL_MANAGER) == ()
    assert len(lines) == len(sales) + len(finance)


def test_the_old_papers_are_what_proves_the_old_lines() -> None:
    shown = {line.item: line.document for line in checklist(DocumentProfile.LEGACY, True)}
    assert shown[ReviewItem.TAX_PAPER] is DocumentKind.NATIONAL_TAX
    assert shown[ReviewItem.ORGANISATION_PAPER] is DocumentKind.ORGANISATION_CODE
    assert shown[ReviewItem.HAZARD_COVERS] is DocumentKind.HAZARDOUS_LICENCE


def test_what_is_marked_is_read_as_it_was_written() -> None:
    marked = Marked(
        (ReviewItem.TAX_PAPER,),
        (ReviewItem.ACCOUNT_HOLDER,),
        (ReturnReason.NAME_DIFFERS,),
        (("reason.check_code_passes", "passed"),),
    )
    assert Marked.read(marked.text()) == marked
    assert Marked.read("") == UNMARKED


@pytest.mark.parametrize(
    ("today", "urged", "allowed"),
    [
        (date(2026, 9, 30), (), True),
        (date(2026, 9, 30), (date(2026, 9, 29),), True),
        (date(2026, 9, 30), (date(2026, 9, 30),), False),
        (date(2026, 10, 5), (date(2026, 9, 30),), False),  # a holiday: no new working day
        (date(2026, 10, 5), (date(2026, 9, 29),), True),
        (date(2026, 10, 6), (date(2026, 10, 5),), False),
        (date(2026, 10, 9), (date(2026, 10, 5),), True),
    ],
)
def test_once_in_a_working_day(today: date, urged: tuple[date, ...], allowed: bool) -> None:
    case = Case(ACCREDITATION, 1, StageName.SALES, Outcome.OPEN, "am", "am")
    reasons = urge_blockers(case, AM, urged, today, HOLIDAYS)
    assert (not reasons) is allowed
    assert [reason.code for reason in reasons] == ([] if allowed else ["reason.urged_today"])


@pytest.mark.parametrize(
    ("asked", "taken", "expected"),
    [
        (301, (0, 100, 100, 100), True),
        (300, (0, 100, 100, 100), False),
        (301, (100, 100), False),
        (301, (0, 0, 0, 100), False),
        (301, (50, 100, 900), True),
        (450, (50, 100, 200, 900), False),
        (451, (50, 100, 200, 900), True),
        (0, (), False),
    ],
)
def test_more_than_three_times_the_median_is_unusual(
    asked: int, taken: tuple[int, ...], expected: bool
) -> None:
    assert unusual_quantity(asked, taken) is expected


@pytest.mark.parametrize(
    ("kilograms", "expected"),
    [((), 0), ((7,), 7), ((9, 1, 5), 5), ((1, 4), 3), ((4, 2), 3), ((0, 900, 101, 200), 151)],
)
def test_the_median_is_the_mean_of_the_middle_two_rounded_half_up(
    kilograms: tuple[int, ...], expected: int
) -> None:
    assert median_kg(kilograms) == expected
