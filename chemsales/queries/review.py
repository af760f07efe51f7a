"""What a reviewer of an application goes through and has marked, and what an applicant urges."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from chemsales.queries.application_blockers import verdict_blockers
from chemsales.queries.applications import StoredApplication, load_application
from chemsales.queries.approval import DecisionRow, StoredCase, load_decisions, load_stored, queue
from chemsales.queries.calendar import load_calendar
from chemsales.queries.checks import CheckResult, load_checks
from chemsales.queries.products import load_groups
from chemsales.queries.reading import query
from chemsales.queries.settings import value
from chemsales.rules import review, roles
from chemsales.rules.admission import Answer, answers_of
from chemsales.rules.approval import ACCREDITATION, Verdict, standing
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import Param, Problem, Reason
from chemsales.rules.review import UNMARKED, Line, Marked, Marks, ReviewItem
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows

BULK, ALLOWED = "bulk_approval", "1"  # the setting, and its value
LOOKED_AT = 50  # of the cases that wait, for those that are approved at once


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A line of the checklist: whether this stage ticks it, and whether it is ticked (None: its
    stage has not signed in this round); `answers` are what it looks at, by product group."""

    line: Line
    own: bool
    ticked: bool | None
    answers: tuple[tuple[str, tuple[Answer, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Green:
    """A case of which every automatic check has passed, as it was seen."""

    id: int
    version: int
    number: str
    title: str


def lines_of(stored: StoredApplication) -> tuple[Line, ...]:
    """The checklist of an application (inside services and queries)."""
    groups = load_groups()
    asked = [each.group_code for each in stored.draft.classes]
    hazardous = any(groups[code].hazardous for code in asked if code in groups)
    admitted = [each.customer_class for each, _answers in _admissions(stored)]
    return review.checklist(stored.draft.facts.profile, hazardous, admitted)


def _admissions(stored: StoredApplication) -> list[tuple[ClassRequest, tuple[Answer, ...]]]:
    """The classes asked for that have conditions, with the answers to these."""
    groups = load_groups()
    found = [
        (each, answers_of(each.customer_class, groups[each.group_code].polyolefin, asdict(each)))
        for each in stored.draft.classes
        if each.group_code in groups
    ]
    return [(each, answers) for each, answers in found if answers]


@query()
def review_lines(actor: Actor, application_id: int) -> tuple[ReviewLine, ...]:
    """The checklist of all stages, with what those that signed in this round have ticked (A.X 21).

    Lines of other stages than the one whose turn it is are read-only.
    """
    stored = load_application(application_id)
    case = stored.case
    signed = load_decisions(case.id) if case else []
    now = case.case.round if case else 1
    said = _said([row for row in standing(signed) if row.round == now])
    stage = case.case.pending if case else None
    answers: dict[ReviewItem, list[tuple[str, tuple[Answer, ...]]]] = defaultdict(list)
    for asked, given in _admissions(stored):
        answers[review.ADMITTED[asked.customer_class]].append((asked.group_code, given))
    return tuple(
        ReviewLine(line, line.stage is stage, said.get(line.item), tuple(answers[line.item]))
        for line in lines_of(stored)
    )


def _said(decisions: list[DecisionRow]) -> dict[ReviewItem, bool]:
    found: dict[ReviewItem, bool] = {}
    for row in decisions:
        found |= dict.fromkeys(row.marked.left, False) | dict.fromkeys(row.marked.ticked, True)
    return found


def mark(stored: StoredApplication, marks: Marks, verdict: Verdict, today: date) -> Marked:
    """What stands with this verdict (inside services): the stage's lines ticked and left, the
    automatic checks as they come out on the day. NotAllowed as `rules.review.check_marks`."""
    assert stored.case is not None
    lines, case = lines_of(stored), stored.case.case
    review.check_marks(marks, lines, case, verdict)
    if verdict not in (Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT):
        return UNMARKED
    own = review.own_lines(lines, case.pending)
    return Marked(
        tuple(item for item in own if item in marks.ticked),
        tuple(item for item in own if item not in marks.ticked),
        marks.reasons,
        tuple((row.reason.code, str(row.result)) for row in load_checks(stored, today)),
    )


def problems() -> Iterator[Problem]:
    """Signatures with which stands something else than what their audit events say, or anything
    where none marks: undoing, applicants, other chains (inside services and queries)."""
    told: dict[tuple[int, int, str], list[str]] = {}
    for key, detail in rows(
        "SELECT subject_id, detail FROM event WHERE outcome = 'done' AND use_case IN "
        "('accreditation.decide', 'accreditation.approve_in_bulk') ORDER BY id"
    ):
        said = json.loads(detail)
        place = (int(key), int(said["round"]), str(said["stage"]))
        told.setdefault(place, []).append(said.get("marks", ""))
    for number, key, round_, stage, marks, marking in rows(
        "SELECT d.id, c.subject_id, d.round, d.stage, d.marks, c.chain = 'accreditation' "
        "AND d.stage <> 'applicant' AND d.verdict <> 'undo' "
        "FROM decision d JOIN approval_case c ON c.id = d.case_id ORDER BY d.id"
    ):
        known = told.get((key, round_, stage)) if marking else None
        if review.hash_of(marks) != (known.pop(0) if known else ""):
            yield Problem(f"decision {number}", Reason("reason.marks_altered", {}, "C7.2"))


def bulk_reasons(stored: StoredApplication, today: date) -> tuple[Reason, ...]:
    """Why this application is not approved together with others (inside services and queries)."""
    if value(BULK) != ALLOWED:
        return (Reason("reason.bulk_off", {}, "C7.2"),)
    results = [row.result for row in load_checks(stored, today)]
    count = len(results) - results.count(CheckResult.PASSED)
    if count:
        params: dict[str, Param] = {"number": stored.number, "count": count}
        return (Reason("reason.bulk_not_green", params, "C7.2"),)
    return ()


@query()
def green_cases(actor: Actor, today: date) -> tuple[Green, ...]:
    """What this person may approve at once with others, among the first that wait; nothing where
    the administrator does not allow it."""
    if value(BULK) != ALLOWED:
        return ()
    found = []
    waiting = [row for row in queue(actor) if row.kind == ACCREDITATION.name]
    for row in waiting[:LOOKED_AT]:
        stored = load_application(row.id)
        blocked = verdict_blockers(actor, stored, Verdict.APPROVE, today)
        if not blocked and not bulk_reasons(stored, today):
            found.append(Green(row.id, stored.version, row.number, row.title))
    return tuple(found)


def urge_reasons(actor: Actor, stored: StoredCase, today: date) -> tuple[Reason, ...]:
    """Why this person may not urge a case on now (inside services and queries)."""
    forbidden = roles.blockers(actor, Action.CASE_URGE)
    if forbidden:
        return forbidden
    urged = [
        date.fromisoformat(day)
        for (day,) in rows("SELECT day FROM case_urge WHERE case_id = ?", (stored.id,))
    ]
    return review.urge_blockers(stored.case, actor, urged, today, load_calendar())


@query()
def urge_blockers(actor: Actor, case_id: int, today: date) -> tuple[Reason, ...]:
    """Why this person may not urge a case on now; empty where it may. NotFound."""
    return urge_reasons(actor, load_stored(case_id), today)
