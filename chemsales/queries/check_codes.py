"""What a check code on a paper stands for: which paper, in which state, and what changed since."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from chemsales.queries.agent_licences import printed_hash
from chemsales.queries.application_form import CASE_EVENTS
from chemsales.queries.approval import DecisionRow, load_decisions
from chemsales.queries.audit import last_event
from chemsales.queries.dispatch_notes import load_proofs
from chemsales.queries.evaluation import load_run
from chemsales.queries.evaluation_reports import joined_hash, subject_of
from chemsales.queries.file_card import card_hash, states
from chemsales.queries.policy import load_edition
from chemsales.queries.reading import query
from chemsales.rules.calendar import company_day
from chemsales.rules.check_codes import PaperKind, code_number, number_of, read_code
from chemsales.rules.errors import NotAllowed, Param, Reason, term
from chemsales.rules.periods import Period
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of
from chemsales.words import _, label

_CASES = """
SELECT a.id, a.number, a.name, c.id, c.edition FROM application a
JOIN approval_case c ON c.id = a.case_id ORDER BY a.id DESC
"""
_CASE_EVENTS = (
    "SELECT id, subject_id, use_case, detail FROM event WHERE subject = 'accreditation' "
    f"AND outcome = 'done' AND use_case IN ({CASE_EVENTS}) ORDER BY id"
)
_OVERRIDE = "accreditation.override_identifier"
_SHEETS = """
SELECT e.run_id, c.id, c.code, c.name, e.inputs_hash FROM evaluation e
JOIN customer c ON c.id = e.customer_id ORDER BY e.id
"""


@dataclass(frozen=True, slots=True)
class Match:
    """The paper that a code stands on.

    `subject` is its number or period, `customer` the name on it ("" for the meeting's summary);
    `revision` that of an evaluation (0: none). `decisions` are the signatures that it shows,
    `since` says what changed afterwards, empty where a reprint is the same. `place` and `target`
    are where the window opens it; `day` is that as on which a card was printed ("": no card).
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


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper in one state, as it may have been printed; `key` is the application's or the run's,
    `shown` how many decisions stand on it."""

    kind: PaperKind
    subject: str
    customer: str
    inputs_hash: str
    edition: int
    event: int
    key: int
    case_id: int
    shown: int
    day: str = ""

    @property
    def number(self) -> int:
        """What its code writes."""
        return code_number(self.kind, self.subject, self.inputs_hash, self.edition, self.event)


@query()
def check(actor: Actor, typed: str, today: date) -> Match | None:
    """The paper with this code, None where no paper of this database ever had it.

    Every state of every paper that can be printed is tried. Invalid for what is no code and where
    its check character shows a slip of the pen.
    """
    code = read_code(typed)
    wanted = number_of(code)
    for printed in papers(today):
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


def papers(today: date) -> Iterator[Printed]:
    """Every paper in every state that it can have been printed in by a day (inside queries)."""
    yield from _applications()
    yield from _disqualifications()
    yield from _agent_licences()
    yield from _dispatches()
    yield from _evaluations()
    yield from _file_cards(today)  # last: there are as many as days


def _applications() -> Iterator[Printed]:
    """Each application after each event of its case, with the snapshot that stood then.

    Every event but the override of a code wrote one decision; that one says what is signed since.
    """
    events: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for event, subject, use_case, detail in rows(_CASE_EVENTS):
        accepted = json.loads(detail).get("accepted", "") if use_case == _OVERRIDE else ""
        events[subject].append((int(event), str(use_case), accepted))
    hashes = _hashes()
    for key, number, name, case_id, edition in rows(_CASES):
        shown = 0
        for event, use_case, accepted in events[str(key)]:
            shown = min(shown + (use_case != _OVERRIDE), len(hashes[case_id]))
            if shown:
                hashed = accepted or hashes[case_id][shown - 1]
                where = (key, case_id, shown)
                yield Printed(PaperKind.APPLICATION, number, name, hashed, edition, event, *where)


def _file_cards(today: date) -> Iterator[Printed]:
    """The card of every customer as on every day, in each state in which what it rests on was."""
    customers = {
        key: (code, name, case_id, edition)
        for key, code, name, case_id, edition in rows(
            "SELECT u.id, u.code, u.name, c.id, c.edition FROM customer u "
            "JOIN approval_case c ON c.id = u.case_id"
        )
    }
    shown = {case_id: len(each) for case_id, each in _hashes().items()}
    for state, later in pairwise((*states(), None)):
        assert state is not None
        code, name, case_id, edition = customers[state.customer_id]
        where = (state.customer_id, case_id, shown[case_id])
        last = today
        if later is not None and later.customer_id == state.customer_id:
            last = later.day - timedelta(days=1)
        for number in range(max(0, (last - state.day).days) + 1):
            day = state.day + timedelta(days=number)
            yield Printed(
                PaperKind.FILE_CARD, code, name, card_hash(state, day), edition, state.event,
                *where, day.isoformat(),
            )  # fmt: skip


def _disqualifications() -> Iterator[Printed]:
    """Each proposal after each event of it; every one of these wrote one decision."""
    events = _done("disqualification")
    hashes = _hashes()
    for key, number, name, case_id, edition in rows(
        "SELECT d.id, d.number, u.name, c.id, c.edition FROM disqualification d "
        "JOIN customer u ON u.id = d.customer_id JOIN approval_case c ON c.id = d.case_id "
        "ORDER BY d.id DESC"
    ):
        signed = zip(events[str(key)], hashes[case_id], strict=False)
        for shown, (event, hashed) in enumerate(signed, start=1):
            where = (key, case_id, shown)
            kind = PaperKind.DISQUALIFICATION
            yield Printed(kind, number, name, hashed, edition, event, *where)


def _agent_licences() -> Iterator[Printed]:
    """Each licence of an exclusive agent, which has one state."""
    events = _done("agent_licence")
    for key, number, first, last, shown, edition in rows(
        "SELECT id, number, from_day, to_day, shown, edition FROM agent_licence ORDER BY id DESC"
    ):
        for event in events[str(key)]:
            hashed, name = printed_hash(number, first, last, shown), json.loads(shown)
            kind, told = PaperKind.AGENT_LICENCE, str(name["customer_name"])
            yield Printed(kind, number, told, hashed, edition, event, key, 0, 0)


def _dispatches() -> Iterator[Printed]:
    """Each item of dispatch: what it says stands still, and nobody decides it."""
    for proof in load_proofs():
        yield Printed(
            PaperKind.DISPATCH, proof.number, proof.name, proof.hashed, proof.edition,
            proof.event, proof.id, 0, 0,
        )  # fmt: skip


def _done(subject: str) -> dict[str, list[int]]:
    """The numbers of the events of a subject by its keys, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    for event, key in rows(
        "SELECT id, subject_id FROM event WHERE subject = ? AND outcome = 'done' ORDER BY id",
        (subject,),
    ):
        found[key].append(int(event))
    return found


def _hashes() -> dict[int, list[str]]:
    """What each decision signed, by case, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for case_id, hashed in rows("SELECT case_id, snapshot_hash FROM decision ORDER BY id"):
        found[case_id].append(str(hashed))
    return found


def _evaluations() -> Iterator[Printed]:
    """The summary and every customer's sheet of each run, after each event of the run."""
    events = _done("evaluation")
    sheets: dict[int, dict[int, tuple[str, str, list[str]]]] = defaultdict(dict)
    for run_id, customer_id, code, name, hashed in rows(_SHEETS):
        sheets[run_id].setdefault(customer_id, (code, name, []))[2].append(str(hashed))
    for run_id, period, revision, hashed, edition, case_id in rows(
        "SELECT id, period, revision, inputs_hash, edition, case_id FROM evaluation_run "
        "ORDER BY id DESC"
    ):
        for shown, event in enumerate(events[str(run_id)], start=1):
            summary = Printed(
                PaperKind.MEETING, subject_of(period, revision), "", hashed, edition, event,
                run_id, case_id, shown,
            )  # fmt: skip
            yield summary
            for code, name, parts in sheets[run_id].values():
                subject, own = subject_of(period, revision, code), joined_hash(parts)
                yield replace(
                    summary, kind=PaperKind.EVALUATION, subject=subject, customer=name,
                    inputs_hash=own,
                )  # fmt: skip


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
    elif printed.kind is PaperKind.FILE_CARD:
        *_earlier, now = states(printed.key)
        place, revision, subject, target = "customers", 0, printed.subject, printed.key
        changed = Reason("reason.code_later_event", {"event": now.event})
        since = (changed,) if now.event > printed.event else ()
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
