"""Ready-made records for tests, made through the real services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chemsales.rules.roles import Actor, Role
from chemsales.services import people, products, settings
from chemsales.services.session import Session
from chemsales.services.setup import set_up

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


PASSWORD = "seven grey barges at dawn"
COMPANY = "江海石化化工品销售有限公司"
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


def session_of(login: str, clock: Clock | None = None) -> Session:
    """The session of one of PEOPLE, without signing in."""
    name, role = next((name, role) for who, name, role in PEOPLE if who == login)
    return Session(Actor(login, name, frozenset({role})), clock or Clock())


def seed_department() -> None:
    """Edition 1, the calendars of 2024-2026, three groups with five products, and PEOPLE."""
    clock = Clock(datetime(2024, 1, 2, 1, 0, tzinfo=UTC))
    admin = people.create_first_administrator("孙丽", "admin", PASSWORD, clock)
    set_up(admin)
    for login, name, role in PEOPLE:
        if login != "admin":
            people.create_person(admin, login, name, {role}, PASSWORD, must_change=False)
    for code, name, english, polyolefin, hazardous in GROUPS:
        products.add_group(admin, code, name, english, polyolefin, hazardous)
    for code, name, english, group in PRODUCTS:
        products.add_product(admin, code, name, group, english)
    settings.set_value(admin, "company", COMPANY)
