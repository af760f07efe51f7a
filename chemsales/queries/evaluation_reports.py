"""Evaluations as papers: one sheet per customer, and the operating meeting's summary (C16.2)."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chemsales.queries.approval import opinions
from chemsales.queries.audit import last_event
from chemsales.queries.evaluation import EvaluationRow, RunRow, load_evaluations, load_run
from chemsales.queries.reading import query
from chemsales.rules.accreditation import digest
from chemsales.rules.check_codes import PaperKind, check_code
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Indicator
from chemsales.rules.periods import Period
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows

if TYPE_CHECKING:
    from chemsales.reports.content import Footer, Group, Opinion
    from chemsales.reports.evaluation_data import GroupPart, MonthLine, Sheet
    from chemsales.reports.operating_meeting import Meeting


@dataclass(frozen=True, slots=True)
class _Paper:
    """What all papers of one run share."""

    run: RunRow
    frozen: Mapping[str, Any]
    groups: Mapping[str, Group]
    opinions: tuple[Opinion, ...]
    last_event: int

    def footer(self, kind: PaperKind, customer: str, inputs_hash: str, citation: str) -> Footer:
        from chemsales.reports.content import Footer

        run = self.run
        subject = subject_of(run.period, run.revision, customer)
        code = check_code(kind, subject, inputs_hash, run.edition, self.last_event)
        return Footer(inputs_hash, self.last_event, run.edition, citation, code)


def _paper(run_id: int) -> _Paper:
    from chemsales.reports.content import Group

    run = load_run(run_id)
    frozen = json.loads(rows("SELECT inputs FROM evaluation_run WHERE id = ?", (run_id,))[0][0])
    groups = {code: Group(code, name, name_en) for code, name, name_en in frozen["groups"]}
    signed = opinions(run.case_id)
    return _Paper(run, frozen, groups, signed, last_event("evaluation", run_id))


@query(Action.REPORT_PRINT)
def sheets(actor: Actor, run_id: int, customer_ids: Collection[int] | None = None) -> list[Sheet]:
    """The evaluation sheet of every customer of a run, or of the customers named; one per customer,
    with a part per product group, by the names' sort key (C16.1).

    Everything on them is frozen with the run, except the signatures: a reprint is the same.
    """
    return sheets_of(run_id, load_evaluations(run_id), customer_ids)


def sheets_of(
    run_id: int, evaluated: Sequence[EvaluationRow], customer_ids: Collection[int] | None = None
) -> list[Sheet]:
    """The sheets of a run out of these rows of it (inside queries)."""
    from chemsales.reports.evaluation_data import Sheet

    paper = _paper(run_id)
    ranks = _ranks(evaluated)
    by_customer: dict[int, list[EvaluationRow]] = {}
    for row in evaluated:
        if customer_ids is None or row.customer_id in customer_ids:
            by_customer.setdefault(row.customer_id, []).append(row)
    made = []
    for held in by_customer.values():
        hashes = [row.inputs_hash for row in held]
        made.append(
            Sheet(
                company=paper.frozen["company"],
                period=paper.run.period,
                customer_code=held[0].code,
                customer_name=held[0].name,
                manager=held[0].manager,
                parts=tuple(_part(paper, row, ranks) for row in held),
                revision=paper.run.revision,
                opinions=paper.opinions,
                footer=paper.footer(
                    PaperKind.EVALUATION, held[0].code, joined_hash(hashes), "C16.1"
                ),
            )
        )
    return made


def subject_of(period: str, revision: int, customer: str = "") -> str:
    """What a paper of a run is about, as its check code names it."""
    return f"{period}/{revision} {customer}".strip()


def joined_hash(hashes: Sequence[str]) -> str:
    """The hash of a sheet's inputs: that of its one part, or one over those of its parts."""
    return hashes[0] if len(hashes) == 1 else digest(list(hashes))


def _part(
    paper: _Paper, row: EvaluationRow, ranks: Mapping[int, tuple[int | None, int]]
) -> GroupPart:
    from chemsales.reports.evaluation_data import GroupPart, IndicatorLine

    rank, ranked = ranks[row.evaluation_id]
    return GroupPart(
        group=paper.groups[row.group_code],
        customer_class=row.customer_class,
        months=tuple(_months(paper, row)),
        lines=tuple(
            IndicatorLine(line.indicator, line.weight, line.value, line.points, (), line.reasons)
            for line in row.lines
        ),
        score=row.score,
        grade=row.grade,
        available_weight=row.available_weight,
        region=row.region,
        level=row.level_before,
        suggested_level=row.level_after,
        suggestion=row.level_reasons,
        previous_score=row.previous_score,
        rank=rank,
        ranked=ranked,
    )


def _months(paper: _Paper, row: EvaluationRow) -> list[MonthLine]:
    """The months of the period; those before the admission are left out, open ones have no take."""
    from chemsales.reports.evaluation_data import MonthLine

    known = {month["month"]: month for month in row.months}
    lines = []
    for month in Period.parse(paper.run.period).months:
        if month in known:
            each = known[month]
            lines.append(MonthLine(month, each["take_kg"], each["plan_kg"], each["short_kg"]))
        elif month not in paper.frozen["closed"]:
            lines.append(MonthLine(month, None, None))
    return lines


def _ranks(evaluated: Sequence[EvaluationRow]) -> dict[int, tuple[int | None, int]]:
    """Rank and number of ranked per row, among those of its product group that have a score."""
    scores: dict[str, list[Decimal]] = {}
    for row in evaluated:
        if row.score is not None:
            scores.setdefault(row.group_code, []).append(row.score)
    for each in scores.values():
        each.sort()
    found: dict[int, tuple[int | None, int]] = {}
    for row in evaluated:
        held = scores.get(row.group_code, [])
        above = None if row.score is None else len(held) - bisect_right(held, row.score)
        rank = None if above is None else 1 + above
        found[row.evaluation_id] = (rank, len(held))
    return found


@query(Action.REPORT_PRINT)
def meeting(actor: Actor, run_id: int) -> Meeting:
    """The summary of a run for the operating meeting: months, every customer's result, and who is
    missing (C16.2). Only product groups in which somebody is evaluated or took goods are shown."""
    from chemsales.reports.operating_meeting import Meeting, MeetingRow, MissingRow, MonthTotal

    paper = _paper(run_id)
    evaluated = load_evaluations(run_id)
    totals: Mapping[str, Mapping[str, int]] = paper.frozen["totals"]
    shown = {row.group_code for row in evaluated} | {g for each in totals.values() for g in each}
    groups = tuple(group for code, group in paper.groups.items() if code in shown)
    return Meeting(
        company=paper.frozen["company"],
        period=paper.run.period,
        groups=groups,
        months=tuple(
            MonthTotal(
                month,
                month in paper.frozen["closed"],
                tuple(kilograms.get(group.code, 0) for group in groups),
            )
            for month, kilograms in sorted(totals.items())
        ),
        rows=tuple(
            MeetingRow(
                row.code,
                row.name,
                paper.groups[row.group_code],
                row.customer_class,
                row.take_kg,
                row.plan_kg,
                row.grade,
                row.score,
                row.raw_completion,  # above 100 too (A.X 23)
                row.value(Indicator.EVENNESS),
                row.value(Indicator.COOPERATION),
                row.level_before,
                row.level_after,
            )
            for row in evaluated
        ),
        missing=tuple(
            MissingRow(
                each["code"],
                each["name"],
                tuple(Reason.from_dict(reason) for reason in each["reasons"]),
            )
            for each in paper.frozen["missing"]
        ),
        revision=paper.run.revision,
        opinions=paper.opinions,
        footer=paper.footer(PaperKind.MEETING, "", paper.run.inputs_hash, "C16.1 C16.2"),
    )
