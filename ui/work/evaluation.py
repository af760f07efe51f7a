"""What the evaluation page asks of queries and reports, off the window's thread."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Event

from chemsales.queries import evaluation as queries
from chemsales.queries import evaluation_reports as papers
from chemsales.queries.duties import duties as duties_of
from chemsales.queries.evaluation import RunRow
from chemsales.queries.evaluation_inputs import Missing
from chemsales.queries.evaluation_scores import grade_counts
from chemsales.queries.offtake import begun
from chemsales.rules import roles
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Grade
from chemsales.rules.periods import Period, PeriodKind, last_finished_quarter
from chemsales.rules.roles import Action, Actor
from chemsales.words import _, current
from ui.work.approvals import group_names
from ui.work.papers import Paper, Part, Progress, file_name, watched

YEARS_BACK = 2
FOUND_PERIODS = 6  # periods whose papers the search of everything finds


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """Everything that the page shows of a period; `run` is None where nothing was computed, `begun`
    (the first month with data) where nothing was imported."""

    period: str
    run: RunRow | None
    grades: Mapping[Grade, int]
    missing: Sequence[Missing]
    groups: Mapping[str, str]
    compute_blockers: tuple[Reason, ...]
    sign_blockers: tuple[Reason, ...]
    begun: str | None


def periods(today: date) -> list[Period]:
    """The periods to choose from: the last finished quarter first, then newest first."""
    found = [
        Period.parse(f"{year}{part}")
        for year in range(today.year, today.year - YEARS_BACK - 1, -1)
        for part in ("Q1", "Q2", "Q3", "Q4", "H1", "H2", "")
    ]
    begun = [period for period in found if period.first_day <= today]
    first = last_finished_quarter(today)
    order = {PeriodKind.QUARTER: 0, PeriodKind.HALF_YEAR: 1, PeriodKind.YEAR: 2}
    rest = sorted(begun, key=lambda p: (p.last_day, -order[p.kind]), reverse=True)
    return [first, *(period for period in rest if str(period) != str(first))]


def offered(today: date, month: str | None, chosen: str) -> list[Period]:
    """The periods to choose from where data begin with this month (None: there are none), and the
    one that is chosen."""
    return [
        period
        for period in periods(today)
        if str(period) == chosen or (month is not None and str(period.last_day) >= month)
    ]


def inside(actor: Actor, today: date) -> list[tuple[str, str, object]]:
    """The papers of the latest periods, for the search of everything."""
    found: list[tuple[str, str, object]] = []
    for period in map(str, periods(today)[:FOUND_PERIODS]):
        found.append((_("Report"), _("Evaluation sheets {period}", period=period), period))
        meeting_title = _("Operating meeting {period}", period=period)
        found.append((_("Report"), meeting_title, ("meeting", period)))
        if not roles.blockers(actor, Action.DUTIES_REPORT):
            duties_title = _("Separation of duties {period}", period=period)
            found.append((_("Report"), duties_title, ("duties", period)))
    return found


def period_facts(actor: Actor, period: str, today: date) -> PeriodFacts:
    """A period's standing run with its grades, who is missing, why it cannot be signed, and why it
    need not or cannot be computed."""
    run = next((found for found in queries.runs(actor, period) if found.active), None)
    blockers: tuple[Reason, ...] = ()
    if run is not None and run.outcome is Outcome.OPEN:
        blockers = queries.blockers(actor, run.run_id, Verdict.APPROVE, today)
    missing, unready = queries.outlook(actor, period, today)
    return PeriodFacts(
        period,
        run,
        grade_counts(actor, run.run_id) if run else {},
        missing,
        group_names(actor),
        unready,
        blockers,
        begun(actor),
    )


def sheets(
    actor: Actor,
    run: RunRow,
    customer_ids: Collection[int] | None,
    *,
    cancel: Event,
    progress: Progress,
) -> Paper:
    """The evaluation sheets of a run, of all its customers or of these."""
    from chemsales.reports import evaluation_sheet as report

    data = papers.sheets(actor, run.run_id, customer_ids)
    language = current()
    name = file_name(_("Evaluation sheets {period}", period=run.period))
    parts = [
        Part(
            f"{run.period} {sheet.customer_code} {sheet.customer_name}",
            partial(report.render, [sheet], language),
        )
        for sheet in data
    ]
    return Paper(name, report.render(data, language, watched(cancel, progress)), parts)


def meeting(actor: Actor, run: RunRow, *, cancel: Event, progress: Progress) -> Paper:
    """The summary of a run for the operating meeting."""
    from chemsales.reports import operating_meeting as report

    data = papers.meeting(actor, run.run_id)
    name = file_name(_("Operating meeting {period}", period=run.period))
    return Paper(name, report.render(data, current(), watched(cancel, progress)))


def duties(actor: Actor, period: str, today: date, *, cancel: Event, progress: Progress) -> Paper:
    """The report on the separation of duties in a period."""
    from chemsales.reports import duties as report

    name = file_name(_("Separation of duties {period}", period=period))
    data = duties_of(actor, period, today)
    return Paper(name, report.render(data, current(), watched(cancel, progress)))
