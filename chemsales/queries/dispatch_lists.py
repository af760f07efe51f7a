"""The list of what was reported of customers, item by item, and what is asked of it (C4.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.listing import Field, Listing
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.searching import customers_or
from chemsales.rules.dispatch import DispatchState, What
from chemsales.rules.roles import Actor, Role
from chemsales.storage.fields import instant_of
from chemsales.words import named


class Recipient(StrEnum):
    """To whom an item goes."""

    FINANCE = "finance"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as it stands; `office` is the name of the resident office, "" of finance."""

    id: int
    number: str
    customer_id: int
    code: str
    name: str
    manager: str
    manager_name: str
    what: What
    recipient: Recipient
    office: str
    state: DispatchState
    made_at: datetime
    sent_at: datetime | None
    acknowledged_on: date | None
    receipt: str


_STATE = (
    "CASE WHEN d.acknowledged_on IS NOT NULL THEN 'acknowledged' "
    "WHEN d.sent_at IS NOT NULL THEN 'sent' ELSE 'unsent' END"
)
_RECIPIENT = "CASE WHEN d.office_code IS NULL THEN 'finance' ELSE 'office' END"


def _rows(found: list[tuple[Any, ...]]) -> list[ItemRow]:
    return [
        ItemRow(
            key, number, customer, code, name, manager, shown, What(what), Recipient(recipient),
            named(office, english), DispatchState(state), instant_of(made),
            instant_of(sent) if sent else None,
            date.fromisoformat(taken) if taken else None, receipt,
        )
        for (key, number, customer, code, name, manager, shown, what, recipient, office, english,
             state, made, sent, taken, receipt) in found
    ]  # fmt: skip


ITEMS: Listing[ItemRow] = Listing(
    name="dispatches",
    source="FROM dispatch d JOIN customer u ON u.id = d.customer_id "
    "LEFT JOIN office o ON o.code = d.office_code LEFT JOIN person p ON p.login = u.manager",
    key="d.id",
    select="d.number, d.customer_id, u.code, u.name, u.manager, coalesce(p.name, u.manager), "
    f"d.what, {_RECIPIENT}, coalesce(o.name, ''), coalesce(o.name_en, ''), {_STATE}, d.made_at, "
    "d.sent_at, d.acknowledged_on, d.receipt",
    make=_rows,
    fields={
        "number": Field("d.number"),
        "name": customer_name("u"),
        "code": Field("u.code"),
        "what": Field("d.what", Kind.CHOICE, choices=tuple(map(str, What))),
        "recipient": Field(_RECIPIENT, Kind.CHOICE, choices=tuple(map(str, Recipient))),
        "office": Field("coalesce(o.name, '') || ' ' || coalesce(o.name_en, '')",
                        sort="coalesce(o.code, '')"),
        "state": Field(_STATE, Kind.CHOICE, choices=tuple(map(str, DispatchState))),
        "made": Field("d.made_at", Kind.INSTANT),
        "sent": Field("d.sent_at", Kind.INSTANT),
        "acknowledged": Field("d.acknowledged_on", Kind.DAY),
        "receipt": Field("d.receipt"),
        "manager": person_name("u.manager"),
        "login": Field("u.manager"),
    },
    order=(Sort("state"), Sort("number", descending=True)),
    finding=lambda text: customers_or(text, "d.number", key="u.id"),
)  # fmt: skip


def items_asked(*states: DispatchState, actor: Actor | None = None) -> Request:
    """What is asked for the items in these states; of an actor those that they have to see to:
    finance its own, an account manager those of the own customers."""
    filters = [Filter("state", choices=tuple(map(str, states)))]
    if actor is not None and actor.holds(Role.FINANCE):
        filters.append(Filter("recipient", choices=(str(Recipient.FINANCE),)))
    elif actor is not None and not actor.holds(Role.SALES_HEAD):
        filters.append(Filter("login", choices=(actor.login,)))
    return Request(filters=tuple(filters))


still_open = partial(items_asked, DispatchState.UNSENT, DispatchState.SENT)
