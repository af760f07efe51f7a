"""Every paper with a check code, in every state in which it can have been printed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from chemsales.queries.agent_licences import printed_hash
from chemsales.queries.application_form import CASE_EVENTS
from chemsales.queries.audit import URGE
from chemsales.queries.dispatch_notes import load_proofs
from chemsales.queries.evaluation_reports import joined_hash, subject_of
from chemsales.queries.policy import editions_known_on
from chemsales.queries.record_states import State, state_hash, states
from chemsales.queries.renewal_letters import load_told, number_on
from chemsales.rules.check_codes import PaperKind, code_number
from chemsales.storage.database import rows

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


def papers(today: date) -> Iterator[Printed]:
    """Every paper in every state that it can have been printed in by a day (inside queries)."""
    yield from _applications()
    yield from _disqualifications()
    yield from _agent_licences()
    yield from _dispatches()
    yield from _evaluations()
    yield from _renewal_letters(today)
    yield from _file_cards(today)  # last: there are as many as days


def papers_of(code: str, day: date | None, today: date) -> Iterator[Printed]:
    """The letters, of this day alone where given, and the cards of the customer with a code, in
    every state as `papers` (inside queries); none where there is no such customer."""
    for (customer_id,) in rows("SELECT id FROM customer WHERE code = ?", (code,)):
        yield from _renewal_letters(today, customer_id, day)
        if day is None:
            yield from _file_cards(today, customer_id)


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


def _stood(today: date, customer_id: int) -> Iterator[tuple[State, date]]:
    """Each state of the record of a customer (0: of every one), with the last day on whose papers
    it can be: that of the next one, which may have come after the paper was printed."""
    for state, later in pairwise((*states(customer_id), None)):
        assert state is not None
        followed = later is not None and later.customer_id == state.customer_id
        yield state, later.day if followed and later else max(state.day, today)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _renewal_letters(
    today: date, customer_id: int = 0, only: date | None = None
) -> Iterator[Printed]:
    """The letter to every customer of each day on which it may have had a paper to be reminded of,
    in each state in which its record was; to one alone, of one day, where these are given."""
    told, known_on = load_told(today, customer_id), cache(editions_known_on)
    names = {key: (code, name) for key, code, name in rows("SELECT id, code, name FROM customer")}
    for state, last in _stood(today, customer_id):
        spans = told.get(state.customer_id, ())
        days = {day for first, end in spans for day in _days(max(first, state.day), min(end, last))}
        for day in sorted(days if only is None else days & {only}):
            code, name = names[state.customer_id]
            number = number_on(code, day)
            hashed = state_hash(state, number)
            for edition in known_on(day):
                yield Printed(
                    PaperKind.RENEWAL_LETTER, number, name, hashed, edition, state.event,
                    state.customer_id, 0, 0, day.isoformat(),
                )  # fmt: skip


def _file_cards(today: date, customer_id: int = 0) -> Iterator[Printed]:
    """The card of every customer as on every day, in each state in which its record was; of one
    alone where it is given."""
    customers = {
        key: (code, name, case_id, edition)
        for key, code, name, case_id, edition in rows(
            "SELECT u.id, u.code, u.name, c.id, c.edition FROM customer u "
            "JOIN approval_case c ON c.id = u.case_id"
        )
    }
    shown = {case_id: len(each) for case_id, each in _hashes().items()}
    for state, last in _stood(today, customer_id):
        code, name, case_id, edition = customers[state.customer_id]
        where = (state.customer_id, case_id, shown[case_id])
        for day in map(date.isoformat, _days(state.day, last)):
            yield Printed(
                PaperKind.FILE_CARD, code, name, state_hash(state, day), edition, state.event,
                *where, day,
            )  # fmt: skip


def _disqualifications() -> Iterator[Printed]:
    """Each proposal after each event of it, with what the last of the decisions signed."""
    events = _done("disqualification")
    hashes = _hashes()
    for key, number, name, case_id, edition in rows(
        "SELECT d.id, d.number, u.name, c.id, c.edition FROM disqualification d "
        "JOIN customer u ON u.id = d.customer_id JOIN approval_case c ON c.id = d.case_id "
        "ORDER BY d.id DESC"
    ):
        for event, decided in events[str(key)]:
            if shown := min(decided, len(hashes[case_id])):
                hashed, where = hashes[case_id][shown - 1], (key, case_id, shown)
                kind = PaperKind.DISQUALIFICATION
                yield Printed(kind, number, name, hashed, edition, event, *where)


def _agent_licences() -> Iterator[Printed]:
    """Each licence of an exclusive agent, which has one state."""
    events = _done("agent_licence")
    for key, number, first, last, shown, edition in rows(
        "SELECT id, number, from_day, to_day, shown, edition FROM agent_licence ORDER BY id DESC"
    ):
        for event, _shown in events[str(key)]:
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


def _done(subject: str) -> dict[str, list[tuple[int, int]]]:
    """The numbers of the events of a subject by its keys, in order, each with how many decisions
    stood then: every event but an urge wrote one."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for event, key, use_case in rows(
        "SELECT id, subject_id, use_case FROM event WHERE subject = ? AND outcome = 'done' "
        "ORDER BY id",
        (subject,),
    ):
        stood = found[key][-1][1] if found[key] else 0
        found[key].append((int(event), stood + (use_case != URGE)))
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
        for event, shown in events[str(run_id)]:
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
