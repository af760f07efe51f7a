"""SQL: how a paper stands on a day among those of its kind, what `rules.licences` says of them.

The conditions speak of a paper `l`, of its customer `u`, its case `c`, and of `k.day`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chemsales.queries.disqualification import cancelled
from chemsales.rules.licences import LicenceState
from chemsales.storage.days import days_from

# what a customer has to renew when it ends: what counts last without a gap, and what counted last
STANDING = (LicenceState.SUSPENDED, LicenceState.IN_FORCE, LicenceState.NEXT)
# the status alone is of today; it spares the others the look into the decisions
CANCELLED = f"(u.status = 'disqualified' AND {cancelled('u.id', 'k.day')})"


def begins(paper: str) -> str:
    """The first day on which an accepted paper counts."""
    return (
        f"CASE WHEN {paper}.valid_from > {paper}.accepted_on THEN {paper}.valid_from "
        f"ELSE {paper}.accepted_on END"
    )


def _ends(paper: str) -> str:
    return f"coalesce({paper}.valid_to, '9999-12-31')"


def _others(other: str, paper: str = "l") -> str:
    """FROM and WHERE: the papers of a paper's kind that were accepted by the day."""
    return (
        f"FROM licence {other} WHERE {other}.customer_id = {paper}.customer_id "
        f"AND {other}.kind = {paper}.kind AND {other}.accepted_on <= k.day"
    )


def _begun(other: str) -> str:
    return f"({other}.valid_from IS NULL OR {other}.valid_from <= k.day)"


def _longer(other: str, paper: str) -> str:
    return (
        f"({_ends(other)} > {_ends(paper)} "
        f"OR ({_ends(other)} = {_ends(paper)} AND {other}.id > {paper}.id))"
    )


def _continued(paper: str, other: str) -> str:
    """Whether an accepted paper lasts longer than this one and begins by the day after its last."""
    return (
        f"EXISTS (SELECT 1 {_others(other, paper)} AND {_longer(other, paper)} "
        f"AND ({_begun(other)} OR {other}.valid_from <= {days_from(f'{paper}.valid_to', 1)}))"
    )


def _cover_ends() -> str:
    """Whether the days that are covered without a gap end with a paper that has not begun: the day
    is one of them, and of the papers that none continues it is the first to end."""
    return (
        f"NOT {_continued('l', 'o')} "
        f"AND EXISTS (SELECT 1 {_others('o')} AND {_begun('o')} AND {_ends('o')} >= k.day) "
        f"AND NOT EXISTS (SELECT 1 {_others('m')} AND {_ends('m')} >= k.day "
        f"AND {_ends('m')} < {_ends('l')} AND NOT {_continued('m', 'n')})"
    )


def state() -> str:
    """The stored value of the LicenceState."""
    return (
        "CASE WHEN l.accepted_on IS NULL THEN CASE c.outcome WHEN 'open' THEN 'waiting' "
        "WHEN 'returned' THEN 'returned' ELSE 'refused' END "
        f"WHEN {CANCELLED} THEN 'disqualified' "
        f"WHEN {begins('l')} > k.day THEN CASE WHEN {_cover_ends()} THEN 'next' "
        "ELSE 'later' END "
        f"WHEN EXISTS (SELECT 1 {_others('o')} AND {_begun('o')} AND {_longer('o', 'l')}) "
        "THEN 'replaced' WHEN l.valid_to < k.day THEN 'suspended' "
        f"WHEN {_continued('l', 'o')} THEN 'renewed' ELSE 'in_force' END"
    )


def stands() -> str:
    """Whether it has to be renewed when it ends."""
    return f"{state()} IN ({', '.join(repr(str(each)) for each in STANDING)})"


def since() -> str:
    """The first day that no paper of the kind covered any more, of a suspended one."""
    after = days_from("o.valid_to", 1)
    return (
        f"CASE WHEN {state()} = 'suspended' THEN (SELECT coalesce("
        f"max(CASE WHEN o.valid_to >= {begins('o')} THEN {after} END), min({begins('o')})) "
        f"{_others('o')} AND {_begun('o')}) END"
    )


def step(day: date, ladder: Sequence[int]) -> str:
    """The step of the reminder ladder that a paper has reached which has to be renewed when it
    ends (`rules.licences.rung`); NULL before the first, and of the others."""
    cases = " ".join(
        f"WHEN l.valid_to <= '{day + timedelta(days=count)}' THEN {count:d}"
        for count in sorted(ladder)
    )
    first = day + timedelta(days=max(ladder))
    return f"CASE WHEN l.valid_to <= '{first}' AND {stands()} THEN CASE {cases} END END"


WATCHED_STILL = f"(l.accepted_on IS NULL OR NOT {CANCELLED})"
BAND = (
    f"CASE WHEN NOT {WATCHED_STILL} THEN NULL "
    "WHEN l.valid_to < k.day THEN 'expired' WHEN l.valid_to <= k.soon THEN 'soon' "
    "WHEN l.valid_to <= k.near THEN 'near' ELSE 'valid' END"
)
