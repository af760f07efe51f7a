"""The licence of an exclusive agent (独家代理许可证): given every year, for a term (C10.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chemsales.rules.accreditation import digest
from chemsales.rules.errors import Reason
from chemsales.rules.policy import Policy

AHEAD = 92  # days before the end of a licence from which the next one may be given
ONE_YEAR = "one_year"  # of the parameter agent_licence_term


class AgentState(StrEnum):
    """How it stands with the licence of an agent on a day."""

    MISSING = "missing"  # 无有效许可证
    ENDING = "ending"  # 即将到期，尚未续发
    LICENSED = "licensed"  # 有效


@dataclass(frozen=True, slots=True)
class Term:
    """From the first to the last day, both included."""

    first: date
    last: date


def next_term(policy: Policy, today: date, since: date, standing: date | None) -> Term:
    """The term of the licence that is given today to an agent since a day, of whose standing
    licence `standing` is the last day (None: without one).

    It begins today, or the day after the standing one, never before the agent is one; it ends with
    the calendar year it begins in, or a year after by the edition's parameter (C10.5).
    """
    first = max(today, since)
    if standing is not None and standing >= first:
        first = standing + timedelta(days=1)
    if policy.agent_licence_term != ONE_YEAR:
        return Term(first, date(first.year, 12, 31))
    try:
        following = first.replace(year=first.year + 1)
    except ValueError:  # 29 February
        following = date(first.year + 1, 3, 1)
    return Term(first, following - timedelta(days=1))


def issue_blockers(today: date, standing: tuple[str, date] | None) -> tuple[Reason, ...]:
    """Why the next licence is not given today: the number and the last day of the last one tell."""
    if standing is None or (standing[1] - today).days <= AHEAD:
        return ()
    number, last = standing
    params = {
        "number": number,
        "last": last.isoformat(),
        "day": (last - timedelta(days=AHEAD)).isoformat(),
    }
    return (Reason("reason.agent_licence_stands", params, "C10.5"),)


def licence_hash(number: str, term: Term, shown: Mapping[str, object]) -> str:
    """The hash of everything that a licence says."""
    days = {"from_day": term.first.isoformat(), "to_day": term.last.isoformat()}
    return digest({"number": number, **days, **shown})
