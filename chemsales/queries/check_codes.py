"""What a check code on a paper stands for: which paper, in which state, and what changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from chemsales.queries.approval import DecisionRow, load_decisions
from chemsales.queries.audit import last_event
from chemsales.queries.evaluation import load_run
from chemsales.queries.policy import load_edition
from chemsales.queries.printed import Printed, papers, papers_of
from chemsales.queries.reading import query
from chemsales.queries.record_states import states
from chemsales.rules.calendar import company_day
from chemsales.rules.check_codes import PaperKind, number_of, read_typed
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import NotAllowed, Param, Reason, term
from chemsales.rules.periods import Period
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of
from chemsales.words import _, label


@dataclass(frozen=True, slots=True)
class Match:
    """The paper that a code stands on.

    `subject` is its number or period, `customer` the name on it ("" for the meeting's summary);
    `revision` that of an evaluation (0: none). `decisions` are the signatures that it shows,
    `since` says what changed afterwards, empty where a reprint is the same. `place` and `target`
    are where the window opens it; `day` is the one of a card or a letter ("": neither).
    """

    code: str
    kind: PaperKind
    subject: str
    customer: str
    revision: int
    inputs_hash: str
    edition: int
    event: int
    decisions: tuple[DecisionRow, ...]
    since: tuple[Reason, ...]
    place: str
    target: object
    day: str = ""


@query()
def check(actor: Actor, typed: str, today: date) -> Match | None:
    """The paper with this code, None where no paper of this database ever had it.

    Every state of every paper that can be printed is tried, first those of the number that was
    typed before the code: of letters and cards there are as many as days. Invalid for what is no
    code and where its check character shows a slip of the pen.
    """
    code, customer, day = read_typed(typed)
    wanted = number_of(code)
    for printed in chain(papers_of(customer, day, today), papers(today)):
        if printed.number == wanted:
            return _match(code, printed, today)
    return None


def title(match: Match) -> str:
    """Which paper it is, in words: kind, number or period with revision, customer."""
    subject = match.subject
    if match.revision > 1:
        subject += _(" (revision {number})", number=match.revision)
    as_on = _("As on {day}", day=match.day) if match.day else ""
    return "  ".join(filter(None, (label(match.kind), subject, match.customer, as_on)))


def signature(row: DecisionRow) -> str:
    """One decision in words: the day, the stage, what it was, and whose."""
    day = company_day(row.signed_at).isoformat()
    return f"{day}  {label(row.stage)}  {label(row.verdict)}  {row.signature}"


def _match(code: str, printed: Printed, today: date) -> Match:
    decisions = load_decisions(printed.case_id)
    later = tuple(_decided(row) for row in decisions[printed.shown :])
    if printed.kind is PaperKind.APPLICATION:
        since = (*later, *_application_since(printed, bool(later), today))
        place, revision, subject = "customers", 0, printed.subject
        target: object = ("application", printed.key)
    elif printed.kind is PaperKind.AGENT_LICENCE:
        since = tuple(_agent_since(printed, today))
        place, revision, subject = "licences", 0, printed.subject
        target = ("agents", printed.subject)
    elif printed.kind is PaperKind.DISQUALIFICATION:
        since = (*later, *_edition_since(printed, today))
        place, revision, subject = "customers", 0, printed.subject
        found = rows("SELECT customer_id FROM disqualification WHERE id = ?", (printed.key,))
        target = int(found[0][0])
    elif printed.kind is PaperKind.DISPATCH:
        since = tuple(_dispatched_since(printed.key))
        place, revision, subject = "filing", 0, printed.subject
        target = ("dispatch", printed.key)
    elif printed.kind is PaperKind.RENEWAL_LETTER:
        since = (*_letter_since(printed), *_edition_since(printed, today))
        place, revision, subject = "customers", 0, printed.subject
        target = ("licences", printed.key)
    elif printed.kind is PaperKind.FILE_CARD:
        since = tuple(_record_since(printed))
        place, revision, subject, target = "customers", 0, printed.subject, printed.key
    else:
        run = load_run(printed.key)
        since = (*later, *_run_since(printed, run.period, run.revision))
        subject, revision = run.period, run.revision
        place = "evaluation"
        target = ("meeting", subject) if printed.kind is PaperKind.MEETING else subject
    return Match(
        code, printed.kind, subject, printed.customer, revision,
        printed.inputs_hash, printed.edition, printed.event, tuple(decisions[: printed.shown]),
        since, place, target, printed.day,
    )  # fmt: skip


def _decided(row: DecisionRow) -> Reason:
    params: dict[str, Param] = {
        "stage": term(row.stage),
        "verdict": term(row.verdict),
        "name": row.signature,
        "day": company_day(row.signed_at).isoformat(),
    }
    return Reason("reason.code_later_decision", params)


def _agent_since(printed: Printed, today: date) -> Iterator[Reason]:
    """What ends the licence of an agent: its last day, or its class."""
    ((last, ended),) = rows(
        "SELECT l.to_day, k.to_day FROM agent_licence l JOIN customer_class k ON k.id = l.class_id "
        "WHERE l.id = ?",
        (printed.key,),
    )
    day = min(filter(None, (last, ended)))
    if day < today.isoformat():
        yield Reason("reason.agent_licence_ended", {"day": day}, "C10.5")
    yield from _edition_since(printed, today)


def _application_since(printed: Printed, decided: bool, today: date) -> Iterator[Reason]:
    """What else can change on an application: a code's override, the edition of the rules."""
    latest = last_event("accreditation", printed.key)
    if latest > printed.event and not decided:
        yield Reason("reason.code_later_event", {"event": latest})
    yield from _edition_since(printed, today)


def _record_since(printed: Printed) -> Iterator[Reason]:
    """That the customer's record was changed afterwards, by its latest event."""
    *_earlier, now = states(printed.key)
    if now.event > printed.event:
        yield Reason("reason.code_record_changed", {"event": now.event})


def _letter_since(printed: Printed) -> Iterator[Reason]:
    """What was changed after a letter, and which papers were accepted (C15.2)."""
    yield from _record_since(printed)
    for kind, number, day in rows(
        "SELECT l.kind, l.number, l.accepted_on FROM licence l WHERE l.customer_id = ? "
        "AND l.accepted_on >= ? AND EXISTS (SELECT 1 FROM change c JOIN event e ON e.key = c.event "
        "WHERE c.table_name = 'licence' AND c.row_key = CAST(l.id AS TEXT) AND e.id > ?) "
        "ORDER BY l.id",
        (printed.key, printed.day, printed.event),
    ):
        params: dict[str, Param] = {
            "document": term(DocumentKind(kind)), "number": number, "day": day,
        }  # fmt: skip
        yield Reason("reason.code_paper_accepted", params, "C15.2")


def _dispatched_since(key: int) -> Iterator[Reason]:
    """What was reported of the same customer to the same recipient afterwards."""
    for number, made in rows(
        "SELECT n.number, n.made_at FROM dispatch d JOIN dispatch n ON n.id > d.id "
        "AND n.customer_id = d.customer_id "
        "AND coalesce(n.office_code, '') = coalesce(d.office_code, '') "
        "WHERE d.id = ? ORDER BY n.id",
        (key,),
    ):
        day = company_day(instant_of(made)).isoformat()
        yield Reason("reason.code_later_dispatch", {"number": number, "day": day}, "C4.7")


def _run_since(printed: Printed, period: str, revision: int) -> Iterator[Reason]:
    """What else can change after an evaluation: a newer revision, months closed anew, the rules."""
    newest = rows("SELECT max(revision) FROM evaluation_run WHERE period = ?", (period,))[0][0]
    if newest > revision:
        params: dict[str, Param] = {"period": period, "revision": revision, "newest": newest}
        yield Reason("reason.code_newer_revision", params, "C16.1")
    for month in _months_since(_inputs(printed.key)):
        yield Reason("reason.code_month_reopened", {"month": month}, "C9.2")
    yield from _edition_since(printed, Period.parse(period).last_day)


def _inputs(run_id: int) -> Mapping[str, Sequence[int]]:
    frozen: Mapping[str, Sequence[int]] = json.loads(
        rows("SELECT inputs FROM evaluation_run WHERE id = ?", (run_id,))[0][0]
    )
    return frozen


def _months_since(frozen: Mapping[str, Sequence[int]]) -> list[str]:
    """The months whose closing that the run used was ended since."""
    used = set(frozen["closings"])
    return [
        str(month)
        for key, month in rows("SELECT id, month FROM closing WHERE active = 0 ORDER BY month")
        if key in used
    ]


def _edition_since(printed: Printed, day: date) -> Iterator[Reason]:
    try:
        standing = load_edition(day).number
    except NotAllowed:
        return
    if standing != printed.edition:
        params: dict[str, Param] = {"used": printed.edition, "edition": standing}
        yield Reason("reason.code_other_edition", params, "C18.1")
