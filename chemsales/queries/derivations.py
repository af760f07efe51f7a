"""Customers, ratings, numbers and editions derived again from what they rest on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from datetime import date, timedelta
from typing import Any

from chemsales.queries.in_force import FACTS
from chemsales.queries.offtake import MONTHS_SERIES
from chemsales.queries.products import load_groups
from chemsales.rules.accreditation import digest, start
from chemsales.rules.admission import ANSWERS
from chemsales.rules.calendar import company_day
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, GroupInfo
from chemsales.rules.customer_change import GUARDED
from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.evaluation import Aspect, cooperation_score
from chemsales.rules.policy import Policy
from chemsales.rules.tiers import TierState
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

CHANGED = "C3.3"  # the clause of a class that came by a change
# the tables whose numbers run from 1 in every year
NUMBERED = (
    "application", "disqualification", "dispatch", "filing", "agent_licence", "complaint",
)  # fmt: skip
# given in the file itself, or by a reviewer while the application is under review
_OWN = frozenset({"mnemonic", "code_override"})


def problems() -> Iterator[Problem]:
    """Everything here, in this order."""
    yield from _further()
    yield from _customers()
    yield from _ratings()
    yield from _numbers()
    yield from _editions()


def _further() -> Iterator[Problem]:
    """Every application is for a further class of the customer that its reviewers were shown, or
    for none (C7.2)."""
    for key, customer_id, further, text in rows(
        "SELECT a.id, a.customer_id, a.further, c.snapshot FROM application a "
        "JOIN approval_case c ON c.id = a.case_id ORDER BY a.id"
    ):
        if json.loads(text).get("customer_id") != (customer_id if further else None):
            reason = Reason("reason.further_differs_from_case", {}, "C7.2")
            yield Problem(f"application {key}", reason)


def _customers() -> Iterator[Problem]:
    """Every customer has the facts, classes and starting level that were approved, with it or for
    it later, but for what its file and its classes were changed to since; every approved
    application made one customer, or gave one its further classes (C8.1, C9.2, C9.3, C10.1)."""
    groups = load_groups(active=False)
    classes: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for customer_id, *row in rows(
        "SELECT customer_id, group_code, customer_class, from_day, to_day, clause, region, "
        f"purpose, {', '.join(ANSWERS)} FROM customer_class "
        "ORDER BY customer_id, group_code, from_day"
    ):
        classes[customer_id].append(tuple(row))
    starts = {key: (level, form) for key, level, form in rows(
        "SELECT customer_id, level, form FROM tier_start")}  # fmt: skip
    made: set[int] = set()
    changed, accepted = _changed_facts(), _accepted_facts()
    given = _given_classes()
    ended = dict(rows("SELECT customer_id, decided_on FROM disqualification "
                      "WHERE decided_on IS NOT NULL"))  # fmt: skip
    for customer_id, case_id, accredited_on, text in rows(
        "SELECT u.id, u.case_id, u.accredited_on, c.snapshot FROM customer u "
        "JOIN approval_case c ON c.id = u.case_id ORDER BY u.id"
    ):
        approved, place = json.loads(text), f"customer {customer_id}"
        if case_id in made:
            yield Problem(place, Reason("reason.customer_twice", {}, "C8.1"))
        made.add(case_id)
        facts = {**approved["facts"], **accepted.get(customer_id, {})}
        if not _has_facts(customer_id, facts, changed[str(customer_id)]):
            yield Problem(place, Reason("reason.customer_differs_from_case", {}, "C8.1"))
        held, end = classes[customer_id], ended.get(customer_id)
        admitted = [(accredited_on, approved["classes"]), *given[customer_id]]
        if not _has_classes(held, admitted, end):
            yield Problem(place, Reason("reason.classes_differ_from_case", {}, "C3.3"))
        first = next(filter(None, (_start(asked, groups) for _day, asked in admitted)), None)
        if starts.get(customer_id) != (first and (str(first.level), str(first.form))):
            yield Problem(place, Reason("reason.start_differs_from_case", {}, "C9.2"))
    for (case_id,) in rows(
        "SELECT c.id FROM approval_case c JOIN application a ON a.id = c.subject_id "
        "WHERE c.chain = 'accreditation' AND c.outcome = 'approved' AND a.further = 0 "
        "ORDER BY c.id"
    ):
        if case_id not in made:
            reason = Reason("reason.approved_without_customer", {}, "C8.1")
            yield Problem(f"approval_case {case_id}", reason)


def _given_classes() -> dict[int | None, list[tuple[str, list[Mapping[str, Any]]]]]:
    """The further classes that were approved, by customer, with the day of the last signature."""
    found: dict[int | None, list[tuple[str, list[Mapping[str, Any]]]]] = defaultdict(list)
    for moved, text in rows(
        "SELECT c.moved_at, c.snapshot FROM approval_case c JOIN application a "
        "ON a.id = c.subject_id WHERE c.chain = 'accreditation' AND c.outcome = 'approved' "
        "AND a.further = 1 ORDER BY c.moved_at, c.id"
    ):
        approved, day = json.loads(text), company_day(instant_of(moved)).isoformat()
        found[approved.get("customer_id")].append((day, approved["classes"]))
    return found


def _start(asked: list[Mapping[str, Any]], groups: Mapping[str, GroupInfo]) -> TierState | None:
    wanted = [
        ClassRequest(each["group_code"], CustomerClass(each["customer_class"])) for each in asked
    ]
    return start(wanted, groups)


def _changed_facts() -> dict[str, set[str]]:
    """The fields that were changed at once since, by customer; what made them so is the history of
    their rows."""
    found: dict[str, set[str]] = defaultdict(set)
    for customer_id, detail in rows(
        "SELECT subject_id, detail FROM event WHERE use_case = 'customer_change.change' "
        "AND outcome = 'done'"
    ):
        found[customer_id].update(json.loads(detail)["fields"])
    return found


def _accepted_facts() -> dict[int, dict[str, Any]]:
    """What finance accepted last, by customer (C8.1)."""
    return {
        customer_id: dict(zip(GUARDED, asked, strict=True))
        for customer_id, *asked in rows(
            f"SELECT customer_id, {', '.join(GUARDED)} FROM customer_change "
            "WHERE decided_on IS NOT NULL ORDER BY id"
        )
    }


def _has_facts(customer_id: int, approved: Mapping[str, Any], changed: Set[str]) -> bool:
    names = [
        name for name in FACTS if name in approved and name not in _OWN and name not in changed
    ]
    if "name" not in names:
        return False
    listed = ", ".join(f'"{name}"' for name in names)
    stored = rows(f"SELECT {listed} FROM customer WHERE id = ?", (customer_id,))[0]
    return list(stored) == [approved[name] for name in names]


def _has_classes(
    held: list[tuple[Any, ...]],
    admitted: list[tuple[str, list[Mapping[str, Any]]]],
    ended: str | None,
) -> bool:
    """The first class of each group is an approved one, as is each that stands on the clause of its
    admission, on the same answers, from the approval on; each later one begins the day after; the
    last has no end but that of the qualification; none that was approved is left out."""
    wanted = {(each["group_code"], day): each for day, asked in admitted for each in asked}
    last: dict[str, str | None] = {}
    for group, customer_class, from_day, to_day, clause, *admitted_on in held:
        asked = wanted.pop((group, from_day), None)
        if group in last and _after(last[group] or from_day) != from_day:
            return False
        if asked is None and (group not in last or clause != CHANGED):
            return False
        if asked is not None and not _as_asked(asked, customer_class, admitted_on):
            return False
        last[group] = to_day
    return not wanted and set(last.values()) <= {ended}


def _as_asked(asked: Mapping[str, Any], customer_class: str, admitted_on: list[Any]) -> bool:
    names = ("region", "purpose", *ANSWERS)  # one of before they were asked for has none
    return asked["customer_class"] == customer_class and (
        ANSWERS[0] not in asked or admitted_on == [asked[name] for name in names]
    )


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _ratings() -> Iterator[Problem]:
    """Every rating is the mean of its evidence by the edition it was given by, has no evidence but
    that, and was confirmed by another person (A.X 24)."""
    points: dict[int, dict[Aspect, int]] = defaultdict(dict)
    lines: dict[int, list[list[object]]] = defaultdict(list)
    for rating_id, *line in rows(
        "SELECT rating_id, aspect, points, evidence FROM cooperation_evidence ORDER BY id"
    ):
        points[rating_id][Aspect(line[0])] = line[1]
        lines[rating_id].append(line)
    editions, digests = {}, {}
    for subject, number, detail in rows(
        "SELECT subject_id, edition, detail FROM event WHERE use_case = 'cooperation.rate' "
        "AND outcome = 'done'"
    ):
        editions[str(subject)] = int(number)
        # events of earlier versions have no digest
        digests[str(subject)] = json.loads(detail).get("evidence")
    policies = _policies()
    for rating_id, score, rated_by, confirmed_by in rows(
        "SELECT id, score, rated_by, confirmed_by FROM cooperation_rating ORDER BY id"
    ):
        policy = policies.get(editions.get(str(rating_id), 0))
        try:
            follows = policy is not None and cooperation_score(points[rating_id], policy) == score
        except Invalid:
            follows = False
        given = lines[rating_id]
        whole = len(points[rating_id]) == len(given)
        told = digests.get(str(rating_id)) in (None, digest(given))
        if not (follows and whole and told) or confirmed_by == rated_by:
            place = f"cooperation_rating {rating_id}"
            yield Problem(place, Reason("reason.rating_differs_from_evidence", {}, "C16.1"))


def _policies() -> dict[int, Policy]:
    found = {}
    for number, text in rows("SELECT number, parameters FROM rule_edition ORDER BY number"):
        try:
            found[int(number)] = Policy.from_parameters(json.loads(text))
        except (Invalid, ValueError):
            continue  # named by _editions
    return found


def _numbers() -> Iterator[Problem]:
    """Customers' codes, and the numbers of applications, proposals, dispatches, filings, agents'
    licences and complaints, run from 1 without a gap, up to the series' last number."""
    given: dict[str, list[int]] = defaultdict(list)
    for (code,) in rows("SELECT code FROM customer"):
        given["customer"].append(_number(str(code)[1:]))
    for series in NUMBERED:
        for (number,) in rows(f"SELECT number FROM {series}"):
            given[f"{series}-{str(number)[2:6]}"].append(_number(str(number)[7:]))
    last = dict(rows("SELECT series, last FROM numbering"))
    last.pop(MONTHS_SERIES, None)  # a lock, which counts nothing
    for series in sorted({*given, *last}):
        if sorted(given[series]) != list(range(1, last.get(series, 0) + 1)):
            yield Problem(f"numbering {series}", Reason("reason.numbers_with_gaps", {}, "C7.1"))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _editions() -> Iterator[Problem]:
    """Editions are numbered from 1, each begins after the one before, can be read, and has the
    event of the person who decided it (C18.1)."""
    policies = _policies()
    events: set[tuple[int, str]] = set()
    numbers = {int(number) for (number,) in rows("SELECT number FROM rule_edition")}
    for event, number, who in rows(
        "SELECT id, edition, who FROM event WHERE outcome = 'done' "
        "AND use_case IN ('policy.add_edition', 'setup.set_up') ORDER BY id"
    ):
        if number not in numbers or number in {told for told, _who in events}:
            params = {"what": "policy.add_edition"}
            yield Problem(f"event {event}", Reason("reason.event_without_trace", params))
        events.add((number, str(who)))
    before = ""
    for place, (number, day, by) in enumerate(
        rows("SELECT number, effective_from, decided_by FROM rule_edition ORDER BY number"), 1
    ):
        fits = number == place and day > before and number in policies and (number, by) in events
        before = day
        if not fits:
            reason = Reason("reason.edition_out_of_order", {}, "C18.1")
            yield Problem(f"rule_edition {number}", reason)
