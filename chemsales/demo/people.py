"""The people, products and sessions of the fictional department, with their fixed passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.roles import Actor, Role
from chemsales.services import dispatch, people, products, settings
from chemsales.services.session import Session
from chemsales.services.setup import set_up

COMPANY = "澜江石化化工品销售有限公司"
FIRST_DAY = date(2025, 1, 1)
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
    ("PO", "聚烯烃", "Polyolefins", True, False),
    ("BZ", "纯苯", "Benzene", False, True),
    ("EG", "乙二醇", "Ethylene glycol", False, False),
)
PRODUCTS = (
    ("PP-T30S", "聚丙烯 T30S", "PO", "Polypropylene T30S"),
    ("PE-7042", "线型聚乙烯 7042", "PO", "LLDPE 7042"),
    ("PE-5000S", "高密度聚乙烯 5000S", "PO", "HDPE 5000S"),
    ("BZ-545", "石油苯 545", "BZ", "Benzene 545"),
    ("MEG", "乙二醇 优等品", "EG", "Ethylene glycol, fibre grade"),
)
OFFICES = (
    ("QD", "青岛驻厂办", "Qingdao plant office", ("PO",)),
    ("DL", "大连驻厂办", "Dalian plant office", ("BZ", "EG")),
)


@dataclass(slots=True)
class SampleClock:
    """The clock of the department's history; calling it gives the instant in UTC."""

    instant: datetime = datetime(2025, 1, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The instant now; every look at it takes a second, so that nothing happens at once."""
        self.instant += timedelta(seconds=1)
        return self.instant

    def go_to(self, day: date, hour: int, minute: int = 0) -> None:
        """Put the clock to a local time, never backwards."""
        local = datetime.combine(day, time(hour, minute), COMPANY_ZONE)
        self.instant = max(self.instant, local.astimezone(UTC))


def password_of(login: str) -> str:
    """The fixed password of a sample login."""
    return f"sample-{login}-please-replace"


def session_of(login: str, clock: SampleClock) -> Session:
    """A person of the department at work, without signing in."""
    name, role = next((name, role) for who, name, role in PEOPLE if who == login)
    return Session(Actor(login, name, frozenset({role})), clock)


def found_department(clock: SampleClock) -> None:
    """Logins, edition 1 of the rules, calendars, product groups, products: an empty department."""
    name = next(name for login, name, _ in PEOPLE if login == "admin")
    admin = people.create_first_administrator(name, "admin", password_of("admin"), clock)
    set_up(admin, FIRST_DAY)
    for login, name, role in PEOPLE:
        if login != "admin":
            password = password_of(login)
            people.create_person(admin, login, name, {role}, password, must_change=False)
    for code, name, english, polyolefin, hazardous in GROUPS:
        products.add_group(admin, code, name, english, polyolefin, hazardous)
    for code, name, group, english in PRODUCTS:
        products.add_product(admin, code, name, group, english)
    for code, name, english, groups in OFFICES:
        dispatch.add_office(admin, code, name, english, groups)
    settings.set_value(admin, "company", COMPANY)
