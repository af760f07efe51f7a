"""The papers of all customers by their last day, and what is asked for of them (C15.1, C15.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from chemsales.queries import licence_states as states
from chemsales.queries.filtering import Filter, Kind, Request, Sort
from chemsales.queries.licences import load_licence, load_licences
from chemsales.queries.listing import ALL, Field, Listing, whole
from chemsales.queries.naming import customer_name, person_name
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.queries.searching import customers_or
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import Reason
from chemsales.rules.licences import (
    WATCHED,
    Band,
    Licence,
    LicenceState,
    Notice,
    band,
    rung,
    standing,
)
from chemsales.rules.roles import Actor
from chemsales.storage.database import is_sqlite
from chemsales.storage.days import days_between
from chemsales.storage.fields import instant_of


class PaperSort(StrEnum):
    """Whether a paper is a licence, or a proof that stands in for one."""

    LICENCE = "licence"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper of a customer as it stands on the day of the list.

    `days_left` counts to its last valid day (0: that is today, below 0: past), None of a long-term
    one; `step` is the one of the reminder ladder that it has reached, None before the first and
    where nothing has to be renewed; `since` is the first day of the suspension for want of it. A
    paper of a customer that is disqualified is in no band and has no days left: nobody follows it
    any more (C17.1).
    """

    id: int
    customer_id: int
    code: str
    name: str
    manager: str
    manager_name: str
    kind: DocumentKind
    number: str
    issuer: str
    valid_from: date | None
    valid_to: date | None
    proof: bool
    accepted_on: date | None
    recorded_at: datetime
    state: LicenceState
    days_left: int | None
    step: int | None
    band: Band | None
    since: date | None

    @property
    def sort(self) -> PaperSort:
        """Whether it is a licence or a proof."""
        return PaperSort.PROOF if self.proof else PaperSort.LICENCE


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_SORT = "CASE l.proof WHEN 1 THEN 'proof' ELSE 'licence' END"


def _paper_rows(day: date, notice: Notice, found: list[tuple[Any, ...]]) -> list[PaperRow]:
    made = []
    for (key, customer, code, name, manager, manager_name, kind, number, issuer, first, last, proof,
         accepted, recorded, state, since) in found:  # fmt: skip
        until, stands = _day(last), LicenceState(state)
        followed = stands is not LicenceState.DISQUALIFIED
        left = (until - day).days if until is not None and followed else None
        step = rung(until, day, notice.ladder) if stands in states.STANDING else None
        made.append(
            PaperRow(
                key, customer, code, name, manager, manager_name, DocumentKind(kind), number,
                issuer, _day(first), until, bool(proof), _day(accepted), instant_of(recorded),
                stands, left, step, band(left, notice.bands) if followed else None, _day(since),
            )
        )  # fmt: skip
    return made


def papers_of(day: date, notice: Notice, customer_id: int = 0) -> Listing[PaperRow]:
    """The list of papers as they stand on a day, those that end first at the top; with a customer
    of that one alone."""
    return _papers_of(day, notice, customer_id, is_sqlite())


@lru_cache(maxsize=100)
def _papers_of(day: date, notice: Notice, customer_id: int, _engine: bool) -> Listing[PaperRow]:
    near, soon = (day + timedelta(days=count) for count in notice.bands)
    return Listing(
        name="papers",
        ctes="WITH asked (day, soon, near) AS "
        "(VALUES (CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT)))",
        given=(day.isoformat(), soon.isoformat(), near.isoformat()),
        source="FROM asked k CROSS JOIN licence l JOIN customer u ON u.id = l.customer_id "
        "LEFT JOIN approval_case c ON c.id = l.case_id LEFT JOIN person p ON p.login = u.manager",
        key="l.id",
        select="l.customer_id, u.code, u.name, u.manager, coalesce(p.name, u.manager), l.kind, "
        "l.number, l.issuer, l.valid_from, l.valid_to, l.proof, l.accepted_on, l.recorded_at, "
        f"{states.state()}, {states.since()}",
        make=partial(_paper_rows, day, notice),
        fields={
            "name": customer_name("u"),
            "code": Field("u.code"),
            "kind": Field("l.kind", Kind.CHOICE, choices=tuple(map(str, WATCHED))),
            "number": Field("l.number"),
            "issuer": Field("l.issuer"),
            "sort": Field(_SORT, Kind.CHOICE, choices=tuple(map(str, PaperSort))),
            "from": Field("l.valid_from", Kind.DAY),
            "to": Field("l.valid_to", Kind.DAY),
            "left": Field(
                f"CASE WHEN {states.WATCHED_STILL} THEN {days_between('l.valid_to', 'k.day')} END",
                Kind.NUMBER,
            ),
            "step": Field(states.step(day, notice.ladder), Kind.NUMBER),
            "band": Field(states.BAND, Kind.CHOICE, choices=tuple(map(str, Band))),
            "state": Field(states.state(), Kind.CHOICE, choices=tuple(map(str, LicenceState))),
            "since": Field(states.since(), Kind.DAY),
            "accepted": Field("l.accepted_on", Kind.DAY),
            "recorded": Field("l.recorded_at", Kind.INSTANT),
            "manager": person_name("u.manager"),
            "login": Field("u.manager"),
        },
        order=(Sort("to"), Sort("name")),
        finding=lambda text: customers_or(text, "l.number", key="u.id"),
        where="l.customer_id = ?" if customer_id else "",
        parameters=(customer_id,) if customer_id else (),
    )


# within the wider band
DUE = (Band.EXPIRED, Band.SOON, Band.NEAR)


def due_within(bands: Sequence[Band] = DUE, login: str = "") -> Request:
    """What is asked for the standing papers of these bands, of the customers of this login or of
    all."""
    own = (Filter("login", choices=(login,)),) if login else ()
    stands = Filter("state", choices=tuple(map(str, states.STANDING)))
    return Request(filters=(stands, Filter("band", choices=tuple(map(str, bands))), *own))


def reminded(notice: Notice, login: str = "") -> Request:
    """What is asked for the papers that have reached a step of the ladder and have not ended."""
    own = (Filter("login", choices=(login,)),) if login else ()
    ahead = tuple(str(each) for each in states.STANDING if each is not LicenceState.SUSPENDED)
    step = Filter("step", f"<={notice.ahead}")
    return Request(filters=(step, Filter("state", choices=ahead), *own))


def suspended_now(login: str = "") -> Request:
    """What is asked for the papers for want of which dealings are suspended."""
    own = (Filter("login", choices=(login,)),) if login else ()
    return Request(filters=(Filter("state", choices=(str(LicenceState.SUSPENDED),)), *own))


@query()
def notice_on(actor: Actor, day: date) -> Notice:
    """From when the edition of a day gives notice of a paper that ends."""
    return Notice.of(load_edition(day).policy)


def papers(actor: Actor, day: date, request: Request = ALL, customer_id: int = 0) -> list[PaperRow]:
    """The papers that a request lets through as they stand on a day; for lists that are not
    long."""
    return whole(actor, papers_of(day, notice_on(actor, day), customer_id), request)


@query()
def lifted_by(actor: Actor, licence_id: int, day: date) -> tuple[Reason, ...]:
    """The reasons for which the customer is suspended on a day that accepting a paper on it would
    take away (C15.2)."""
    stored = load_licence(licence_id)
    kept = load_licences(stored.customer_id)
    draft = stored.draft
    with_it = Licence(draft.kind, draft.valid_to, day, draft.valid_from, draft.proof, draft.number)
    after = {reason.params["document"] for reason in standing([*kept, with_it], day).reasons}
    before = standing(kept, day).reasons
    return tuple(reason for reason in before if reason.params["document"] not in after)
