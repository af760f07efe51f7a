"""The sample: made again from its seed it is what is shipped, it is whole, and it loads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from chemsales import demo
from chemsales.calc import calculate
from chemsales.config import resource
from chemsales.demo import customers, files, further, offtake, pools, visits
from chemsales.demo.people import SampleClock, session_of
from chemsales.queries import (
    accreditation,
    approval,
    evaluation,
    licence_lists,
    suspension_lists,
    tiers,
)
from chemsales.queries.agent_licences import agents_on
from chemsales.queries.complaints import complaints_of, open_complaints
from chemsales.queries.customer_day import customer_on
from chemsales.queries.customer_history import customer_history
from chemsales.queries.dispatch_lists import ITEMS
from chemsales.queries.filing import FILINGS, UNFILED, Unfiled, findings_of
from chemsales.queries.handover import owner_history
from chemsales.queries.listing import whole
from chemsales.queries.offtake import batches
from chemsales.queries.people import has_people
from chemsales.queries.resale import open_findings
from chemsales.queries.visits import visits as visits_on
from chemsales.rules.agent_licences import AgentState
from chemsales.rules.approval import ACCREDITATION
from chemsales.rules.complaints import ComplaintState
from chemsales.rules.dispatch import DispatchState
from chemsales.rules.errors import NotAllowed
from chemsales.rules.evaluation import Grade
from chemsales.rules.filing import FindingState
from chemsales.rules.roles import Actor
from chemsales.rules.tiers import Level, TierOutcome
from chemsales.services import people
from chemsales.storage.database import rows
from chemsales.words import label
from tests.conftest import opened

SAMPLES = resource("samples")


def cells(path: Path) -> list[list[object]]:
    """Every cell of a workbook's first sheet."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_the_shipped_files_are_what_the_generator_makes(tmp_path: Path) -> None:
    made = demo.generate(tmp_path)
    assert sorted(path.name for path in made) == sorted(path.name for path in SAMPLES.iterdir())
    for path in made:
        shipped = SAMPLES / path.name
        if path.suffix == ".xlsx":
            assert cells(path) == cells(shipped), path.name
        else:
            assert shipped.stat().st_size > 5_000
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 3_000_000


def test_sixty_customers_with_valid_codes_five_products_in_three_groups_eighteen_months() -> None:
    people = customers.accredited()
    names = {customer.name for customer in people + customers.waiting()}
    assert (len(people), len(names), len(offtake.MONTHS)) == (60, 70, 18)
    assert (offtake.MONTHS[0], offtake.MONTHS[-1]) == ("2025-04", "2026-09")
    assert sum(len(grades) for grades in offtake.GRADES.values()) == 5
    for customer in people + customers.waiting():
        facts = customer.draft.facts
        if facts.uscc:
            assert uscc.is_valid(facts.uscc), facts.uscc
            assert facts.uscc[8:17] == pools.organisation_code(1000 + customer.number - 1)
        else:
            assert mod_11_10.is_valid(facts.licence15) and len(facts.licence15) == 15


@pytest.mark.parametrize("kg", [999_999, 1_000_000, 1_999_999, 2_000_000, 2_999_999, 3_000_000])
def test_every_boundary_is_met_to_the_kilogram(kg: int) -> None:
    """C9.2: the thresholds and one kilogram below, as the sum of a month's rows net of returns."""
    first = customers.accredited()[0].name
    sums = {
        month: sum(row.kg for row in offtake.pickups(month) if row.customer == first)
        for month in offtake.MONTHS
    }
    assert kg in sums.values()


def test_months_sum_to_their_targets_and_notes_are_unique() -> None:
    notes: Counter[str] = Counter()
    for place, month in enumerate(offtake.MONTHS):
        rows = offtake.pickups(month)
        notes.update(row.note_no for row in rows)
        assert {row.month for row in rows} == {month}
        for customer in customers.accredited():
            asked = sum(
                offtake.month_take(customer, request.group_code, place)
                for request in customer.draft.classes
            )
            assert sum(row.kg for row in rows if row.customer == customer.name) == asked
    assert set(notes.values()) == {1}


def test_the_sample_has_month_ends_returns_zero_months_and_company_shortfalls() -> None:
    rows = [row for month in offtake.MONTHS for row in offtake.pickups(month)]
    last_days = {row.day for row in rows if row.day.isoformat()[8:] in ("28", "30", "31")}
    assert len(last_days) >= 18
    assert any(row.kg < 0 for row in rows) and any(row.day.weekday() == 6 for row in rows)
    gaps = customers.accredited()[5]
    assert [offtake.month_take(gaps, "PO", place) for place in (1, 3, 4, 5)] == [0, 0, 0, 0]
    lines = [line for month in offtake.MONTHS for line in offtake.plans(month)]
    assert any(line.short_kg for line in lines) and any(line.kg == 0 for line in lines)
    assert all(0 <= line.short_kg <= line.kg for line in lines)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> demo.Made:
    """The whole main job, done once."""
    out = tmp_path_factory.mktemp("out")
    with opened(f"sqlite:///{out / 'elsewhere.db'}"):
        return demo.run(out)


@pytest.fixture
def department(made: demo.Made) -> Iterator[Actor]:
    """The database of the run, open, and its general manager."""
    with opened(f"sqlite:///{made.files[-1]}"):
        yield session_of("gm", SampleClock()).actor


def test_the_main_job_prints_its_papers_and_verifies(made: demo.Made) -> None:
    assert made.verification.problems == ()
    names = [path.name for path in made.files]
    assert names[:2] == ["evaluation-2026Q3.pdf", "meeting-2026Q3.pdf"]
    for path in made.files:
        if path.suffix == ".pdf":
            assert path.read_bytes().startswith(b"%PDF") and path.stat().st_size > 50_000


def test_every_level_outcome_and_grade_occurs(department: Actor) -> None:
    results = [row for month in offtake.MONTHS for row in tiers.results(department, month)]
    assert {row.level_after for row in results} == set(Level)
    assert {row.outcome for row in results} >= set(TierOutcome) - {TierOutcome.MISSING}
    graded = [
        row.grade
        for run in evaluation.runs(department)
        for row in evaluation.evaluations(department, run.run_id)
    ]
    assert set(graded) == set(Grade)
    assert len({run.edition for run in evaluation.runs(department)}) == 2


def test_c15_2_a_suspension_its_lifting_and_what_ends_next(department: Actor) -> None:
    """Seen the Monday after the history: 5, 25 and 80 days are left, one customer is suspended, one
    was lifted on the day of the renewal, one goes on by a proof."""
    people, day = customers.accredited(), date(2026, 10, 12)
    found = licence_lists.papers(department, day, licence_lists.due_within())
    assert [(row.name, row.days_left, row.proof) for row in found] == [
        (people[customers.EXPIRED].name, -7, False),
        (people[4].name, 5, False),
        (people[10].name, 25, False),
        (people[customers.PROVEN].name, 39, True),
        (people[16].name, 80, False),
    ]
    noted = whole(department, suspension_lists.suspensions_of(day))
    assert [(row.name, row.first, row.last) for row in noted] == [
        (people[customers.EXPIRED].name, date(2026, 10, 6), None),
        (people[customers.RENEWED].name, date(2026, 9, 20), date(2026, 9, 21)),
    ]


def test_c10_2_c10_3_c10_5_c10_7_one_of_each_class_and_agents_with_and_without_a_licence(
    department: Actor,
) -> None:
    """Each admitted on its conditions; a resale that was settled, one to be looked into."""
    admitted = rows(
        "SELECT customer_class, count(*), min(length(credit || operation)) FROM customer_class "
        "WHERE group_code <> 'PO' GROUP BY customer_class"
    )
    assert {kind for kind, _count, _shortest in admitted} == {"direct", "agent", "dealer"}
    assert all(shortest > 0 for _kind, _count, shortest in admitted)
    agents = agents_on(department, date(2026, 10, 12))
    assert {row.state for row in agents} == {AgentState.MISSING, AgentState.LICENSED}
    found = open_findings(department)
    assert len(found) == 1 and rows("SELECT count(*) FROM resale_finding") == [(2,)]


def test_c11_2_visits_of_two_customers_one_of_which_was_corrected(department: Actor) -> None:
    people, keys = customers.accredited(), dict(rows("SELECT name, id FROM customer"))
    often, once = (keys[people[at].name] for at in (visits.OFTEN, visits.ONCE))
    found = visits_on(department, often, date(2026, 10, 12))
    assert [row.replaced and row.noted_on for row in found] == [None, date(2026, 7, 23), None]
    assert found[1].products == visits.CORRECTED and found[0].next_on is not None
    assert [row.visitor for row in visits_on(department, once, date(2026, 10, 12))] == ["王芳"]


def test_c12_one_complaint_was_answered_after_a_meeting_one_waits(department: Actor) -> None:
    (waiting,) = open_complaints(department, date(2026, 10, 12))
    assert waiting.state is ComplaintState.OVERDUE and waiting.number == "T-2026-0002"
    ((answered,),) = rows("SELECT customer_id FROM complaint WHERE closed_at IS NOT NULL")
    (row,) = complaints_of(department, answered, date(2026, 10, 12))
    assert row.closed is not None and row.closed.chair == "赵敏"
    assert (row.state, len(row.regrades)) == (ComplaintState.CLOSED, 1)


def test_c4_7_c8_3_the_sample_has_all_that_is_reported_filed_and_found(department: Actor) -> None:
    states = {row.state for row in whole(department, ITEMS)}
    assert states == set(DispatchState)
    assert {row.office for row in whole(department, ITEMS)} == {"", "青岛驻厂办", "大连驻厂办"}
    (batch,) = whole(department, FILINGS)
    assert batch.received_on is not None
    new = [row for row in whole(department, UNFILED) if row.why is Unfiled.NEW]
    assert len(new) == 60 - batch.customers > 0
    found = {row.state for row in whole(department, findings_of(date(2026, 10, 12)))}
    assert found == {FindingState.OVERDUE, FindingState.CLOSED}


def test_c8_1_an_address_an_account_and_an_account_manager_that_changed(
    department: Actor,
) -> None:
    keys = dict(rows("SELECT name, id FROM customer"))
    moved, relocated, handed = (keys[each.name] for each in files.late())
    day = date(2026, 9, 8)
    accounts = [customer_on(department, moved, at).facts.account for at in (date(2026, 9, 7), day)]
    assert accounts[0] != accounts[1] == "532905380110888"
    newest = customer_history(department, relocated)[0]
    assert newest.reason.startswith("客户迁址")
    first, second = owner_history(department, handed)
    assert (first.last, second.first) == (date(2026, 9, 13), date(2026, 9, 14))


def test_something_waits_in_every_queue(department: Actor) -> None:
    clock = SampleClock()
    for login in ("sales", "finance", "gm"):
        found = approval.queue(session_of(login, clock).actor)
        assert len([row for row in found if row.kind == ACCREDITATION.name]) >= 2
    first = {key for (key,) in rows("SELECT id FROM application WHERE further = 0")}
    applications = accreditation.applications(department)
    states = Counter(str(row.state) for row in applications if row.id in first)
    assert states == {
        "accredited": 60, "in_review": 6, "draft": 2, "returned": 1, "rejected": 1,
    }  # fmt: skip
    undone = [batch for batch in batches(department) if batch.undone_at is not None]
    assert len(undone) == 1
    assert rows("SELECT count(*) FROM closing WHERE active = 0") == [(1,)]


def test_c3_1_c10_1_a_further_class_that_was_given_and_one_before_the_general_manager(
    department: Actor,
) -> None:
    people = customers.accredited()
    asked = rows("SELECT name, state FROM application WHERE further = 1 ORDER BY id")
    assert asked == [
        (people[further.GIVEN].name, "accredited"), (people[further.ASKED].name, "in_review"),
    ]  # fmt: skip
    key = dict(rows("SELECT name, id FROM customer"))[people[further.GIVEN].name]
    card = customer_on(department, key, date(2026, 10, 12))
    held = {row.group_code: row.from_day for row in card.classes}
    assert held["EG"] == further.DAY
    gm = session_of("gm", SampleClock()).actor
    assert people[further.ASKED].name in [row.title for row in approval.queue(gm)]


def test_the_take_in_the_database_is_that_of_the_generator_to_the_kilogram(
    department: Actor,
) -> None:
    stored = rows(
        "SELECT month, sum(kg) FROM pickup WHERE batch_id IN "
        "(SELECT id FROM import_batch WHERE undone_at IS NULL) GROUP BY month ORDER BY month"
    )
    assert stored == [
        (month, sum(row.kg for row in offtake.pickups(month))) for month in offtake.MONTHS
    ]


def test_the_exported_inputs_recompute_to_the_printed_grades(made: demo.Made) -> None:
    exported = next(path for path in made.files if path.suffix == ".json")
    document = json.loads(exported.read_text(encoding="utf-8"))
    results = calculate("score", document)["results"]
    assert len(results) >= 60
    for case, result in zip(document["cases"], results, strict=True):
        assert result["grade"] == label(Grade(case["expect"]["grade"])), case["id"]


def test_the_printed_logins_open_the_database(department: Actor) -> None:
    clock = SampleClock()
    for login, password, name, _role in demo.logins():
        signed_in = people.authenticate(login, password, clock)
        assert (signed_in.actor.name, signed_in.must_change) == (name, False)


def test_the_sample_is_loaded_into_an_empty_database_alone(sqlite_ready: str) -> None:
    assert has_people()
    with pytest.raises(NotAllowed):
        demo.load()
