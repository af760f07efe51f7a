"""Resident offices and items of dispatch for tests."""

from __future__ import annotations

from datetime import date

from chemsales.services import dispatch
from chemsales.storage.database import rows
from tests.factory import Clock, session_of

OFFICES = (("QD", "青岛驻厂办", "Qingdao office", ("PO",)), ("DL", "大连驻厂办", "", ("BZ", "PO")))


def open_offices(clock: Clock | None = None, count: int = len(OFFICES)) -> None:
    """Offices at plants, attached to product groups."""
    for code, name, english, groups in OFFICES[:count]:
        dispatch.add_office(session_of("sales", clock), code, name, english, groups)


def items(customer: int) -> dict[str, int]:
    """The keys of the newest items of a customer by their office, "" of finance."""
    return {
        office or "": int(key)
        for office, key in rows(
            "SELECT office_code, max(id) FROM dispatch WHERE customer_id = ? GROUP BY office_code",
            (customer,),
        )
    }


def send(customer: int, clock: Clock | None = None, login: str = "am") -> None:
    """All newest items of a customer are sent."""
    dispatch.send(session_of(login, clock), list(items(customer).values()))


def acknowledge(key: int, login: str, clock: Clock | None = None, day: date | None = None) -> None:
    """An item is acknowledged, today unless another day is said."""
    session = session_of(login, clock)
    dispatch.acknowledge(session, [key], day or session.today(), "收发室 刘工")
