"""Licences (证照) and proofs (受理回执): valid on which days, and who is suspended (C15.1, C15.2).

A paper counts from the day on which it was accepted; its last valid day is a valid one. A kind of
paper is watched from the first day on which an accepted one is valid, and a customer is suspended
on every later day that no accepted paper of a watched kind covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chemsales.rules.customer import DocumentKind, text_problem
from chemsales.rules.documents import validity_problem
from chemsales.rules.errors import Problem, Reason, term
from chemsales.rules.policy import DEFAULT, Policy

# the papers that a customer has to renew; a letter of authorisation is none (A.X 12, A.X 19)
WATCHED = (
    DocumentKind.BUSINESS_LICENCE,
    DocumentKind.HAZARDOUS_LICENCE,
    DocumentKind.NATIONAL_TAX,
    DocumentKind.LOCAL_TAX,
    DocumentKind.ORGANISATION_CODE,
)
LIMITS = {"number": 60, "issuer": 200}
_DAY = timedelta(days=1)


class Band(StrEnum):
    """How far a paper is from its last day, by the edition's `licence_bands`."""

    EXPIRED = "expired"  # 已过期
    SOON = "soon"  # 30 天内
    NEAR = "near"  # 90 天内
    VALID = "valid"  # 有效


class LicenceState(StrEnum):
    """How a paper stands on a day."""

    SUSPENDED = "suspended"  # the last of its kind has expired
    IN_FORCE = "in_force"
    WAITING = "waiting"  # before sales or finance
    RETURNED = "returned"
    RENEWED = "renewed"  # in force, and another one that is accepted continues it without a gap
    NEXT = "next"  # accepted: the one with which the days end that those before it cover
    LATER = "later"  # accepted, and valid from a later day on
    REPLACED = "replaced"  # another paper of its kind lasts longer
    REFUSED = "refused"  # rejected or withdrawn
    DISQUALIFIED = "disqualified"  # accepted, of a customer whose qualification is cancelled


@dataclass(frozen=True, slots=True)
class LicenceDraft:
    """A paper as it is recorded; `valid_to` is its last valid day, None of a long-term one."""

    kind: DocumentKind
    number: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    long_term: bool = False
    proof: bool = False


@dataclass(frozen=True, slots=True)
class Licence:
    """A paper of a customer; `accepted_on` None until sales and finance have accepted it."""

    kind: DocumentKind
    valid_to: date | None
    accepted_on: date | None
    valid_from: date | None = None
    proof: bool = False
    number: str = ""

    @property
    def first(self) -> date:
        """The first day on which it counts: accepted and valid; date.max before acceptance."""
        if self.accepted_on is None:
            return date.max
        return max(self.accepted_on, self.valid_from or self.accepted_on)

    @property
    def after(self) -> date:
        """The first day that it does not cover any more; date.max of a long-term one."""
        if self.valid_to is None or self.valid_to == date.max:
            return date.max
        return self.valid_to + _DAY


@dataclass(frozen=True, slots=True)
class Suspension:
    """That dealings were suspended for want of a kind of paper, from the first to the last day,
    both included; `last` None while it goes on."""

    kind: DocumentKind
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a customer stands on a day.

    `reasons` are why it is suspended, empty where it is not. `next_expiry` is the last day that is
    covered without a break, of the watched kind that ends first, and `days_left` how many days
    lie between (below 0 when past); both None where nothing is watched or nothing ever ends.
    """

    suspended: bool
    reasons: tuple[Reason, ...]
    next_expiry: date | None
    days_left: int | None
    band: Band


@dataclass(frozen=True, slots=True)
class Notice:
    """From when an edition gives notice of a paper that ends: the bands (the wider one first) and
    the ladder of reminders, down to 0, both in days before its last one."""

    bands: tuple[int, int] = DEFAULT.licence_bands
    ladder: tuple[int, ...] = DEFAULT.licence_reminders

    @classmethod
    def of(cls, policy: Policy) -> Notice:
        """That of an edition."""
        return cls(policy.licence_bands, policy.licence_reminders)

    @property
    def ahead(self) -> int:
        """How many days before the last one a paper is reminded of first."""
        return self.ladder[0]

    @property
    def late(self) -> int:
        """From how many days before the last one it is late: the last step but that day itself."""
        return self.ladder[-2]


def draft_problems(draft: LicenceDraft, day: date) -> tuple[Problem, ...]:
    """What is missing or wrong in a paper that is recorded on a day, by field, also that it has
    ended before (C15.1)."""
    found = []
    if draft.kind not in WATCHED:
        params = {"document": term(draft.kind)}
        found.append(Problem("kind", Reason("reason.licence_kind", params, "C15.1")))
    if not draft.number.strip():
        found.append(Problem("number", Reason("reason.field_required", {}, "C15.1")))
    for name, limit in LIMITS.items():
        reason = text_problem(getattr(draft, name), limit)
        if reason:
            found.append(Problem(name, reason))
    if draft.proof and draft.valid_to is None:
        found.append(Problem("valid_to", Reason("reason.proof_deadline", {}, "C15.2")))
    elif draft.valid_to is None and not draft.long_term:
        found.append(Problem("valid_to", Reason("reason.licence_deadline", {}, "C15.1")))
    elif wrong := validity_problem(draft.valid_from, draft.valid_to, draft.long_term):
        found.append(Problem("valid_to", wrong))
    elif draft.valid_to and draft.valid_to < day:
        ended = {"day": draft.valid_to.isoformat()}
        found.append(Problem("valid_to", Reason("reason.licence_ended", ended, "C15.1")))
    return tuple(found)


def suspensions(licences: Iterable[Licence], until: date) -> tuple[Suspension, ...]:
    """Every suspension that began by a day, in order; one that goes on that day has no end."""
    found = []
    for kind, papers in _by_kind(licences):
        for first, after in _gaps(papers):
            if first <= until:
                last = after - _DAY if after <= until else None
                found.append(Suspension(kind, first, last))
    return tuple(sorted(found, key=lambda each: (each.first, WATCHED.index(each.kind))))


def standing(
    licences: Iterable[Licence], day: date, bands: tuple[int, int] = DEFAULT.licence_bands
) -> Standing:
    """How a customer with these papers stands on a day (C15.1, C15.2)."""
    reasons, ends = [], []
    for _kind, papers in _by_kind(licences):
        begun = [paper for paper in papers if paper.first <= day]
        if not begun:
            continue
        gap = next((first for first, after in _gaps(papers) if after > day), date.max)
        if gap < date.max:
            ends.append(gap - _DAY)
        if gap <= day:
            reasons.append(suspended_for(max(begun, key=lambda paper: paper.after)))
    if not ends:
        return Standing(False, (), None, None, Band.VALID)
    left = (min(ends) - day).days
    return Standing(bool(reasons), tuple(reasons), min(ends), left, band(left, bands))


def suspended_for(paper: Licence) -> Reason:
    """Why dealings are suspended: the last paper of its kind has expired (C15.2)."""
    params = {
        "document": term(paper.kind),
        "number": paper.number or "@Paper.unnumbered",
        "day": paper.valid_to.isoformat() if paper.valid_to else "-",
    }
    return Reason("reason.suspended", params, "C15.2")


def band(days_left: int | None, bands: tuple[int, int] = DEFAULT.licence_bands) -> Band:
    """The band of a paper with so many days left (0: its last day; None: it never ends)."""
    near, soon = bands
    if days_left is None or days_left > near:
        return Band.VALID
    if days_left < 0:
        return Band.EXPIRED
    return Band.SOON if days_left <= soon else Band.NEAR


def rung(
    valid_to: date | None, day: date, ladder: Sequence[int] = DEFAULT.licence_reminders
) -> int | None:
    """The step of the reminder ladder that a paper has reached on a day: the smallest count of days
    that is not below those left, the last one of an expired paper; None before the first (C15.1).
    """
    if valid_to is None:
        return None
    left = (valid_to - day).days
    reached = [step for step in ladder if left <= step]
    return min(reached) if reached else None


def _by_kind(licences: Iterable[Licence]) -> Iterator[tuple[DocumentKind, list[Licence]]]:
    """The accepted papers of each watched kind that has any."""
    accepted = [paper for paper in licences if paper.accepted_on is not None]
    for kind in WATCHED:
        papers = [paper for paper in accepted if paper.kind is kind]
        if papers:
            yield kind, papers


def _gaps(papers: Sequence[Licence]) -> Iterator[tuple[date, date]]:
    """The runs of days that the papers of one kind do not cover once it is watched: the first day
    of each and the first day after it, date.max where there is none."""
    covered = min(paper.first for paper in papers)
    for paper in sorted(papers, key=lambda each: each.first):
        if paper.after <= paper.first:
            continue  # it had expired when it was accepted
        if paper.first > covered:
            yield covered, paper.first
        covered = max(covered, paper.after)
    if covered < date.max:
        yield covered, date.max
