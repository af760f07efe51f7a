"""The report that duties were kept apart: signatures of a period, breaches, delegations (C7.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from chemsales.queries.decided import case_titles
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.queries.settings import value
from chemsales.rules.accreditation import digest
from chemsales.rules.approval import CHAINS, StageName, Verdict
from chemsales.rules.calendar import COMPANY_ZONE, company_day, company_minute
from chemsales.rules.duties import Breach, Signature, breaches
from chemsales.rules.periods import Period
from chemsales.rules.roles import Action, Actor, Role
from chemsales.storage.database import rows
from chemsales.storage.fields import InstantField, instant_of

if TYPE_CHECKING:
    from chemsales.reports.duties import BreachLine, ChainCount, DelegationLine, Duties, SignedLine

# a case of which some stage was signed in the period, whatever came of it
_CASES = (
    "SELECT DISTINCT d.case_id FROM decision d "
    "WHERE d.stage <> 'applicant' AND d.signed_at >= ? AND d.signed_at < ?"
)

# a delegation that stood on a day of the period
_DELEGATED = "first_day <= ? AND last_day >= ?"


def _days(period: Period) -> tuple[str, str]:
    return period.last_day.isoformat(), period.first_day.isoformat()


def _bounds(period: Period) -> tuple[str, str]:
    """The first instant of the period and the first after it, as they are stored."""
    first, after = (
        InstantField().db_value(datetime.combine(day, time(), COMPANY_ZONE))
        for day in (period.first_day, period.last_day + timedelta(days=1))
    )
    assert first is not None
    assert after is not None
    return first, after


@query(Action.DUTIES_REPORT)
def duties(actor: Actor, period: str, today: date) -> Duties:
    """Whether anybody stood at two stages of one case, of all cases signed in a period (C7.2).

    All rounds of such a case count, and those of earlier periods too. With every delegation that
    stood on a day of the period and every signature given by one. Invalid for no period.

    It is no record of its own but is drawn out of the records on the day, with the names of today,
    so that it has no check code: its foot has the hash of what it says and the last event by which
    a case or delegation of it was changed.
    """
    from chemsales.reports.content import Footer
    from chemsales.reports.duties import Duties

    wanted = Period.parse(period)
    bounds = _bounds(wanted)
    signed = _signatures(bounds)
    names = dict(rows("SELECT login, name FROM person"))
    titles = case_titles({row.case for row, _at in signed})
    found = breaches((row for row, _at in signed), _applicants(bounds))
    given = _given(signed, bounds)
    by_delegates = [(row, at) for row, at in given if row.on_behalf_of]
    chains = dict(rows(f"SELECT id, chain FROM approval_case WHERE id IN ({_CASES})", bounds))
    made = Duties(
        company=value("company"),
        period=str(wanted),
        day=today.isoformat(),
        finished=wanted.last_day < today,
        chains=_counts((row for row, _at in given), chains),
        breaches=tuple(_breach(each, titles, names) for each in found),
        delegations=_delegations(wanted, by_delegates, chains, names),
        signed=_by_delegates(by_delegates, titles, names),
    )
    edition = load_edition(today).number
    last = _last_event(wanted, bounds)
    return made.with_footer(Footer(digest(asdict(made)), last, edition, "C7.2 C5.1"))


def _last_event(period: Period, bounds: tuple[str, str]) -> int:
    """The number of the last event by which one of these cases or delegations was changed, 0 where
    there are none: what was done to others leaves the paper as it is."""
    found = rows(
        "SELECT coalesce(max(e.id), 0) FROM ("
        f"SELECT 'approval_case' AS part, CAST(t.case_id AS TEXT) AS row_key FROM ({_CASES}) t "
        f"UNION ALL SELECT 'delegation', CAST(id AS TEXT) FROM delegation WHERE {_DELEGATED}"
        ") t CROSS JOIN change c CROSS JOIN event e WHERE c.table_name = t.part "
        "AND c.row_key = t.row_key AND e.key = c.event",
        (*bounds, *_days(period)),
    )
    return int(found[0][0])


def _signatures(bounds: tuple[str, str]) -> list[tuple[Signature, str]]:
    """Every row of the cases, the applicant's too, with its instant, in order."""
    return [
        (Signature(case, StageName(stage), Verdict(verdict), signer, principal), at)
        for case, stage, verdict, signer, principal, at in rows(
            "SELECT d.case_id, d.stage, d.verdict, d.signer, d.on_behalf_of, d.signed_at "
            f"FROM decision d WHERE d.case_id IN ({_CASES}) ORDER BY d.id",
            bounds,
        )
    ]


def _applicants(bounds: tuple[str, str]) -> list[tuple[int, str]]:
    found = rows(f"SELECT id, opened_by, owner FROM approval_case WHERE id IN ({_CASES})", bounds)
    return [(case, login) for case, *logins in found for login in logins]


def _given(
    signed: Iterable[tuple[Signature, str]], bounds: tuple[str, str]
) -> list[tuple[Signature, str]]:
    """The signatures of stages that were given in the period itself."""
    return [
        (row, at)
        for row, at in signed
        if row.stage is not StageName.APPLICANT and bounds[0] <= at < bounds[1]
    ]


def _counts(given: Iterable[Signature], chains: Mapping[int, str]) -> tuple[ChainCount, ...]:
    from chemsales.reports.duties import ChainCount

    cases = Counter(chains.values())
    signed = [(chains[row.case], row) for row in given]
    signatures = Counter(chain for chain, _row in signed)
    delegated = Counter(chain for chain, row in signed if row.on_behalf_of)
    undone = Counter(chain for chain, row in signed if row.verdict is Verdict.UNDO)
    return tuple(
        ChainCount(chain, cases[chain], signatures[chain], delegated[chain], undone[chain])
        for chain in CHAINS
    )


def _breach(
    found: Breach, titles: Mapping[int, tuple[str, str]], names: Mapping[str, str]
) -> BreachLine:
    from chemsales.reports.duties import BreachLine

    return BreachLine(*titles[found.case], names.get(found.login, found.login), found.stages)


def _by_delegates(
    given: Iterable[tuple[Signature, str]],
    titles: Mapping[int, tuple[str, str]],
    names: Mapping[str, str],
) -> tuple[SignedLine, ...]:
    from chemsales.reports.duties import SignedLine

    return tuple(
        SignedLine(
            *titles[row.case],
            row.stage,
            row.verdict,
            names.get(row.signer, row.signer),
            names.get(row.on_behalf_of, row.on_behalf_of),
            company_minute(instant_of(at)),
        )
        for row, at in given
    )


def _delegations(
    period: Period,
    given: Sequence[tuple[Signature, str]],
    chains: Mapping[int, str],
    names: Mapping[str, str],
) -> tuple[DelegationLine, ...]:
    """Every delegation with a day in the period, revoked ones too, the earliest first."""
    from chemsales.reports.duties import DelegationLine

    found = []
    for principal, delegate, role, first, last, reason, made, revoked in rows(
        "SELECT principal, delegate, role, first_day, last_day, reason, made_at, revoked_at "
        f"FROM delegation WHERE {_DELEGATED} ORDER BY first_day, id",
        _days(period),
    ):
        used = sum(
            (row.signer, row.on_behalf_of) == (delegate, principal)
            and CHAINS[chains[row.case]].stage(row.stage).role == role
            and first <= company_day(instant_of(at)).isoformat() <= last
            and made <= at <= (revoked or at)
            for row, at in given
        )
        found.append(
            DelegationLine(
                names.get(principal, principal),
                names.get(delegate, delegate),
                Role(role),
                first,
                last,
                reason,
                company_minute(instant_of(made)),
                company_minute(instant_of(revoked)) if revoked else "",
                used,
            )
        )
    return tuple(found)
