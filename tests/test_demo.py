"""The sample: made again from its seed it is what is shipped, it is whole, and it loads."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from chemsales import demo
from chemsales.config import resource
from chemsales.demo import customers, offtake, pools

SAMPLES = resource("samples")


def cells(path: Path) -> list[list[object]]:
    """Every cell of a workbook's first sheet."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_the_shipped_files_are_what_the_generator_makes(tmp_path: Path) -> None:
    made = demo.generate(tmp_path)
    assert sorted(path.name for path in made) == sorted(path.name for path in SAMPLES.iterdir())
    for path in made:
        shipped = SAMPLES / path.name
        if path.suffix == ".xlsx":
            assert cells(path) == cells(shipped), path.name
        else:
            assert shipped.stat().st_size > 5_000
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 3_000_000


def test_sixty_customers_with_valid_codes_five_products_in_three_groups_eighteen_months() -> None:
    people = customers.accredited()
    names = {customer.name for customer in people + customers.waiting()}
    assert (len(people), len(names), len(offtake.MONTHS)) == (60, 70, 18)
    assert (offtake.MONTHS[0], offtake.MONTHS[-1]) == ("2025-04", "2026-09")
    assert sum(len(grades) for grades in offtake.GRADES.values()) == 5
    for customer in people + customers.waiting():
        facts = customer.draft.facts
        if facts.uscc:
            assert uscc.is_valid(facts.uscc), facts.uscc
            assert facts.uscc[8:17] == pools.organisation_code(1000 + customer.number - 1)
        else:
            assert mod_11_10.is_valid(facts.licence15) and len(facts.licence15) == 15


@pytest.mark.parametrize("kg", [999_999, 1_000_000, 1_999_999, 2_000_000, 2_999_999, 3_000_000])
def test_every_boundary_is_met_to_the_kilogram(kg: int) -> None:
    """C9.2: the thresholds and one kilogram below, as the sum of a month's rows net of returns."""
    first = customers.accredited()[0].name
    sums = {
        month: sum(row.kg for row in offtake.pickups(month) if row.customer == first)
        for month in offtake.MONTHS
    }
    assert kg in sums.values()


def test_months_sum_to_their_targets_and_notes_are_unique() -> None:
    notes: Counter[str] = Counter()
    for place, month in enumerate(offtake.MONTHS):
        rows = offtake.pickups(month)
        notes.update(row.note_no for row in rows)
        assert {row.month for row in rows} == {month}
        for customer in customers.accredited():
            asked = sum(
                offtake.month_take(customer, request.group_code, place)
                for request in customer.draft.classes
            )
            assert sum(row.kg for row in rows if row.customer == customer.name) == asked
    assert set(notes.values()) == {1}


def test_the_sample_has_month_ends_returns_zero_months_and_company_shortfalls() -> None:
    rows = [row for month in offtake.MONTHS for row in offtake.pickups(month)]
    last_days = {row.day for row in rows if row.day.isoformat()[8:] in ("28", "30", "31")}
    assert len(last_days) >= 18
    assert any(row.kg < 0 for row in rows) and any(row.day.weekday() == 6 for row in rows)
    gaps = customers.accredited()[5]
    assert [offtake.month_take(gaps, "PO", place) for place in (1, 3, 4, 5)] == [0, 0, 0, 0]
    lines = [line for month in offtake.MONTHS for line in offtake.plans(month)]
    assert any(line.short_kg for line in lines) and any(line.kg == 0 for line in lines)
    assert all(0 <= line.short_kg <= line.kg for line in lines)
