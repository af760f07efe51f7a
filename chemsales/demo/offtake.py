"""Eighteen months of the sample: daily pick-ups, returns and monthly plans, to the kilogram."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from chemsales.demo.customers import SEED, SampleCustomer, accredited
from chemsales.rules.classification import CustomerClass

MONTHS = tuple(f"{2025 + (3 + n) // 12}-{(3 + n) % 12 + 1:02d}" for n in range(18))
NEXT_MONTH = "2026-10"
GRADES = {"PO": ("PP-T30S", "PE-7042", "PE-5000S"), "BZ": ("BZ-545",), "EG": ("MEG",)}
WAREHOUSES = {"PO": ("一号成品库", "二号成品库"), "BZ": ("苯罐区 T-301",), "EG": ("乙二醇罐区",)}
TONNE = 1000

# kilograms month by month: what the levels of C9.2 turn on
BOUNDARIES = (
    999_999, 1_000_000, 999_999, 1_000_000, 1_999_999, 2_000_000, 1_999_999, 2_000_000, 2_999_999,
    3_000_000, 2_999_999, 3_000_000, 3_000_001, 2_000_000, 1_000_000, 999_999, 1_000_000, 2_000_000,
)  # fmt: skip
PATTERNS: dict[str, tuple[int, ...]] = {
    "climb": tuple(300_000 + 190_000 * n for n in range(18)),
    "fall": tuple(3_400_000 - 180_000 * n for n in range(18)),
    "three": (3_250_000,) * 18,
    "two": (2_350_000,) * 18,
    "one": (1_450_000,) * 18,
    "swing": (3_200_000, 200_000) * 9,
    "gaps": (900_000, 0, 1_100_000, 0, 0, 0, 1_300_000, 0, 800_000) * 2,
    "late": (0,) * 9 + (700_000,) * 9,
    "never": (0,) * 18,
    "small": (420_000,) * 18,
    "boundary": BOUNDARIES,
    "jump": (200_000,) * 8 + (3_600_000,) * 10,
}
# the first customers each show one thing; the rest are ordinary, one and two stars in turn
SHOWN = (
    "boundary", "climb", "fall", "three", "swing", "gaps", "late", "never", "jump", "one",
    "boundary", "two", "three", "climb", "gaps",
)  # fmt: skip
EXACT = {0, 10}  # every kilogram as in the pattern; the others move by a few per cent
RETURNS = {0, 3, 12, 25, 41}  # customers who sometimes bring goods back
STYLES = ("even", "even", "even", "month_end", "burst")


@dataclass(frozen=True, slots=True)
class SamplePickup:
    """One row of the pick-up workbook; `kg` is negative for goods returned."""

    day: date
    customer: str
    product: str
    kg: int
    note_no: str
    warehouse: str

    @property
    def month(self) -> str:
        """The natural month of the pick-up."""
        return self.day.isoformat()[:7]


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """One row of the plan workbook; `short_kg` of it the company could not deliver."""

    month: str
    customer: str
    product: str
    kg: int
    short_kg: int


def _pattern(customer: SampleCustomer, group: str) -> tuple[int, ...]:
    index = customer.number - 1
    if group != "PO":
        return (650_000,) * 18 if index % 3 else (280_000,) * 18
    if customer.class_in("PO") is CustomerClass.DIRECT:
        return (4_500_000,) * 18 if index == 38 else (800_000,) * 18
    name = SHOWN[index] if index < len(SHOWN) else ("small", "one", "small", "two")[index % 4]
    return PATTERNS[name]


def month_take(customer: SampleCustomer, group: str, place: int) -> int:
    """Net kilograms of a customer in a product group in month number `place` (0 is 2025-04)."""
    month = MONTHS[place]
    if month <= customer.applied_on.isoformat()[:7]:
        return 0
    kg = _pattern(customer, group)[place]
    if customer.number - 1 in EXACT and group == "PO":
        return kg
    rng = Random(f"{SEED}-take-{customer.number}-{group}-{month}")
    moved = kg * rng.randrange(86, 115) // 100
    return moved // 50 * 50 + rng.randrange(50) if kg else 0


def _days(month: str) -> list[date]:
    """Every weekday of the month, the last day in any case, and now and then a Sunday."""
    year, number = int(month[:4]), int(month[5:])
    last = calendar.monthrange(year, number)[1]
    every = [date(year, number, day) for day in range(1, last + 1)]
    return [day for day in every if day.weekday() < 5 or day.day in (7, last)]


def _shares(style: str, days: list[date], rng: Random) -> list[tuple[date, int]]:
    """The days of the month on which goods are fetched, with their weights."""
    if style == "month_end":
        chosen = days[-6:]
        return [(day, 1 + 3 * place) for place, day in enumerate(chosen)]
    if style == "burst":
        start = rng.randrange(0, max(1, len(days) - 5))
        return [(day, rng.randrange(60, 140)) for day in days[start : start + 4]]
    return [(day, rng.randrange(85, 116)) for day in days if rng.randrange(100) < 62]


def _split(kg: int, shares: list[tuple[date, int]]) -> Iterator[tuple[date, int]]:
    """Whole kilograms by weight, the rest on the last day, so that the sum is exact."""
    total = sum(weight for _, weight in shares)
    given = 0
    for day, weight in shares[:-1]:
        part = kg * weight // total // 10 * 10
        given += part
        yield day, part
    yield shares[-1][0], kg - given


def _month_rows(customer: SampleCustomer, group: str, place: int) -> Iterator[SamplePickup]:
    net = month_take(customer, group, place)
    if not net:
        return
    month = MONTHS[place]
    rng = Random(f"{SEED}-days-{customer.number}-{group}-{month}")
    index = customer.number - 1
    days = _days(month)
    returned = 501 if index in RETURNS and group == "PO" and place % 3 == 2 else 0
    shares = _shares(STYLES[index % len(STYLES)], days, rng) or [(days[0], 1)]
    grades = GRADES[group]
    code = f"{customer.number:02d}{group[0]}"
    number = 0
    for day, kg in _split(net + returned, shares):
        if kg <= 0:
            continue
        number += 1
        product = grades[(index + number) % len(grades)]
        warehouse = WAREHOUSES[group][number % len(WAREHOUSES[group])]
        note = f"TH{month[2:4]}{month[5:]}-{code}{number:02d}"
        yield SamplePickup(day, customer.name, product, kg, note, warehouse)
    if returned:
        product = grades[(index + 1) % len(grades)]
        note = f"TK{month[2:4]}{month[5:]}-{code}01"
        yield SamplePickup(days[-1], customer.name, product, -returned, note, WAREHOUSES[group][0])


@cache
def pickups(month: str) -> tuple[SamplePickup, ...]:
    """All pick-ups and returns of a month, by day and note."""
    place = MONTHS.index(month)
    rows = [
        row
        for customer in accredited()
        for request in customer.draft.classes
        for row in _month_rows(customer, request.group_code, place)
    ]
    return tuple(sorted(rows, key=lambda row: (row.day, row.note_no)))


def _plan_kg(customer: SampleCustomer, group: str, place: int) -> int:
    """The confirmed plan: near the usual take, for some far above it, so that grades differ."""
    index = customer.number - 1
    usual = _pattern(customer, group)[place]
    if month_take(customer, group, place) == 0 and index % 2:
        usual = 300_000
    stretch = (100, 104, 97, 110, 100, 185, 102)[index % 7]
    return usual * stretch // 100 // 1000 * 1000


@cache
def plans(month: str) -> tuple[SamplePlan, ...]:
    """All plan lines of a month, by customer and product; the month after the last has those of
    the last."""
    place = MONTHS.index(month) if month in MONTHS else len(MONTHS) - 1
    found = []
    for customer in accredited():
        if month <= customer.applied_on.isoformat()[:7]:
            continue
        for request in customer.draft.classes:
            group = request.group_code
            total = _plan_kg(customer, group, place)
            grades = GRADES[group]
            part = total // len(grades) // 1000 * 1000
            short = part // 10 // 1000 * 1000 if (customer.number + place) % 11 == 0 else 0
            for grade in grades[:-1]:
                found.append(SamplePlan(month, customer.name, grade, part, short))
            rest = total - part * (len(grades) - 1)
            found.append(SamplePlan(month, customer.name, grades[-1], rest, 0))
    return tuple(found)


@cache
def next_pickups() -> tuple[SamplePickup, ...]:
    """The first ten days of the month after: something to import by hand."""
    shift = {row.day.day: row.day.replace(year=2026, month=10) for row in pickups("2026-09")}
    return tuple(
        SamplePickup(
            shift[row.day.day], row.customer, row.product, row.kg,
            row.note_no.replace("TH2609", "TH2610"), row.warehouse,
        )
        for row in pickups("2026-09")
        if row.day.day <= 10 and row.kg > 0
    )  # fmt: skip
