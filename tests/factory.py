"""Ready-made records for tests, made through the real services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chemsales.rules.roles import Action, Actor, Role
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.session import Session
from chemsales.storage.models.people import Person, PersonRole
from chemsales.storage.models.policy import RuleEdition
from chemsales.storage.models.products import Product, ProductGroup

NOON = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)  # Monday 2026-07-06 12:00 in Shanghai


class Clock:
    """A clock that tests set; calling it gives the instant in UTC."""

    def __init__(self, instant: datetime = NOON) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        """The instant now."""
        return self.instant

    def set(self, year: int, month: int, day: int, hour: int = 4, minute: int = 0) -> None:
        """Put the clock to an instant in UTC (hour 4 is noon in Shanghai)."""
        self.instant = datetime(year, month, day, hour, minute, tzinfo=UTC)

    def advance(self, **spans: float) -> None:
        """Move on, for example by days=1."""
        self.instant += timedelta(**spans)


PASSWORD = "correct horse battery staple"
PEOPLE = (
    ("am", "张伟", Role.ACCOUNT_MANAGER),
    ("am2", "刘洋", Role.ACCOUNT_MANAGER),
    ("sales", "王芳", Role.SALES_HEAD),
    ("finance", "李强", Role.FINANCE),
    ("gm", "赵敏", Role.GENERAL_MANAGER),
    ("admin", "孙丽", Role.ADMINISTRATOR),
    ("auditor", "周杰", Role.AUDITOR),
)
GROUPS = (
    # code, name, English name, polyolefin, hazardous
    ("PO", "聚烯烃", "Polyolefins", True, False),
    ("BZ", "纯苯", "Benzene", False, True),
    ("EG", "乙二醇", "Ethylene glycol", False, False),
)
PRODUCTS = (
    ("PP-T30S", "聚丙烯 T30S", "Polypropylene T30S", "PO"),
    ("PE-7042", "线型聚乙烯 7042", "LLDPE 7042", "PO"),
    ("PE-5000S", "高密度聚乙烯 5000S", "HDPE 5000S", "PO"),
    ("BZ-545", "石油苯 545", "Benzene 545", "BZ"),
    ("MEG", "乙二醇 优等品", "Ethylene glycol, fibre grade", "EG"),
)


@use_case(Action.OWN_PASSWORD)
def _seed(op: Operation) -> None:
    for login, name, role in PEOPLE:
        Person.insert(login=login, name=name, created_at=op.now).execute()
        PersonRole.insert(login=login, role=role).execute()
    RuleEdition.insert(
        number=1,
        effective_from="2020-01-01",
        parameters={},
        decided_by="admin",
        decided_at=op.now,
    ).execute()
    for code, name, english, polyolefin, hazardous in GROUPS:
        ProductGroup.insert(
            code=code, name=name, name_en=english, polyolefin=polyolefin, hazardous=hazardous
        ).execute()
    for code, name, english, group in PRODUCTS:
        Product.insert(code=code, name=name, name_en=english, group_code=group).execute()
    op.record(Subject.PEOPLE, "seed")


def seed_department() -> None:
    """Edition 1, the calendars of 2024-2026, three groups with five products, and PEOPLE."""
    _seed(Session(Actor("admin", "孙丽", frozenset({Role.ADMINISTRATOR})), Clock()))
