"""A paper's check code: equal on reprints, found again in the state that was printed, with all
that changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from chemsales.queries import check_codes
from chemsales.queries.application_form import application_form
from chemsales.queries.approval import queue
from chemsales.queries.check_codes import Match
from chemsales.queries.disqualification_form import disqualification_form
from chemsales.queries.evaluation import runs
from chemsales.queries.evaluation_reports import meeting, sheets, subject_of
from chemsales.queries.file_card import file_card
from chemsales.queries.renewal_letters import renewal_letters
from chemsales.reports import application_form as form_report
from chemsales.reports import evaluation_sheet, operating_meeting
from chemsales.reports.content import Footer
from chemsales.reports.renewal_letter import RenewalLetter
from chemsales.rules.approval import Verdict
from chemsales.rules.check_codes import PaperKind, check_code
from chemsales.rules.errors import Forbidden
from chemsales.rules.roles import Role
from chemsales.services import accreditation, audit, evaluation, policy, review, tiers
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests import factory_licences
from tests.factory import (
    Clock,
    accredit,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)
from tests.factory_disqualification import give, propose
from tests.factory_offtake import close, pick_up, plan, weekdays
from tests.factory_transitions import case_of
from tests.furnishing import expiring, furnish
from tests.reports.pdf import text
from tests.services.test_audit import tamper

AsRole = Callable[..., Session]
TODAY = date(2026, 7, 6)


def look_up(as_role: AsRole, code: str) -> Match | None:
    return check_codes.check(as_role(Role.AUDITOR).actor, code, TODAY)


def since(match: Match | None) -> list[str]:
    assert match is not None
    return [reason.code for reason in match.since]


@pytest.fixture
def application(ready: str, as_role: AsRole) -> int:
    key = make_application(as_role(Role.ACCOUNT_MANAGER), draft_of("核验码有限公司", 1))
    submit(as_role(Role.ACCOUNT_MANAGER), key)
    return key


def code_of(as_role: AsRole, key: int) -> str:
    return application_form(as_role(Role.AUDITOR).actor, key).footer.code


def test_a_draft_has_no_code(ready: str, as_role: AsRole) -> None:
    key = make_application(as_role(Role.ACCOUNT_MANAGER), draft_of("草稿有限公司", 1))
    footer = application_form(as_role(Role.AUDITOR).actor, key).footer
    assert (footer.code, footer.inputs_hash) == ("", "")


def test_each_state_of_an_application_has_its_code_that_is_found_later(
    application: int, as_role: AsRole
) -> None:
    codes = [code_of(as_role, application)]
    for login in ("sales", "finance", "gm"):
        decide(session_of(login), application, comment="同意")
        codes.append(code_of(as_role, application))
    assert len(set(codes)) == 4
    found = [look_up(as_role, code.lower().replace("-", "")) for code in codes]
    assert [len(match.decisions) for match in found if match] == [1, 2, 3, 4]
    assert [len(since(match)) for match in found] == [3, 2, 1, 0]
    assert set(since(found[0])) == {"reason.code_later_decision"}
    last = found[-1]
    assert last is not None
    assert (last.kind, last.customer) == (PaperKind.APPLICATION, "核验码有限公司")
    assert (last.place, last.target) == ("customers", ("application", application))


def test_a_form_edited_after_a_return_has_none_until_it_is_put_up_again(
    application: int, as_role: AsRole
) -> None:
    decide(as_role(Role.SALES_HEAD), application, Verdict.RETURN, "补资料")
    returned = code_of(as_role, application)
    assert returned
    accreditation.save_draft(
        as_role(Role.ACCOUNT_MANAGER), draft_of("核验码有限公司", 1, bank="中国银行青岛分行"),
        application, version_of(application),
    )  # fmt: skip
    assert code_of(as_role, application) == ""
    assert since(look_up(as_role, returned)) == ["reason.code_later_event"]
    submit(as_role(Role.ACCOUNT_MANAGER), application)
    again = look_up(as_role, code_of(as_role, application))
    assert again is not None and [d.round for d in again.decisions] == [1, 1, 2]
    assert since(look_up(as_role, returned)) == ["reason.code_later_decision"]


def test_an_overridden_code_is_another_state(ready: str, as_role: AsRole) -> None:
    draft = draft_of("试点有限公司", 1, uscc="913702005555555555")
    key = make_application(as_role(Role.ACCOUNT_MANAGER), draft)
    submit(as_role(Role.ACCOUNT_MANAGER), key)
    before = code_of(as_role, key)
    accreditation.override_identifier(
        as_role(Role.SALES_HEAD), key, "早期试点代码，已核对原件", version_of(key)
    )
    assert code_of(as_role, key) not in ("", before)
    assert since(look_up(as_role, before)) == ["reason.code_later_event"]
    assert since(look_up(as_role, code_of(as_role, key))) == []


@pytest.fixture
def run(ready: str, clock: Clock) -> int:
    clock.set(2026, 7, 6)
    return furnish(_run)


def _run() -> int:
    clock = Clock()
    clock.set(2026, 3, 2)
    customers = [accredit(draft_of(f"评审{n}有限公司", n), clock) for n in (1, 2)]
    clock.set(2026, 7, 6)
    am = session_of("am", clock)
    for customer in customers:
        pick_up(am, weekdays("2026-05", 50_000, customer))
        plan(am, [(customer, "PP-T30S", "2026-05", 900_000, 0)])
    close(session_of("sales", clock), "2026-05")
    return evaluation.compute(am, "2026Q2").value


def test_reprints_carry_equal_codes_and_every_customer_an_own_one(
    run: int, as_role: AsRole
) -> None:
    actor = as_role(Role.AUDITOR).actor
    first, again = sheets(actor, run), sheets(actor, run)
    assert first == again
    codes = [sheet.footer.code for sheet in first] + [meeting(actor, run).footer.code]
    assert len(set(codes)) == 3 and all(codes)
    assert evaluation_sheet.render(first) == evaluation_sheet.render(again)
    one = look_up(as_role, codes[0])
    assert one is not None and one.kind is PaperKind.EVALUATION
    assert (one.subject, one.customer, one.revision) == ("2026Q2", first[0].customer_name, 1)
    summary = look_up(as_role, codes[2])
    assert summary is not None and summary.kind is PaperKind.MEETING


def test_it_stands_on_every_page_of_every_paper(run: int, as_role: AsRole) -> None:
    actor = as_role(Role.AUDITOR).actor
    form = application_form(actor, 1)
    papers = [
        (form_report.render(form), form.footer.code),
        (operating_meeting.render(meeting(actor, run)), meeting(actor, run).footer.code),
        (evaluation_sheet.render(sheets(actor, run)[:1]), sheets(actor, run)[0].footer.code),
    ]
    for data, code in papers:
        assert f"核验码{code}" in text(data)
    assert "核验码" not in text(form_report.render(form_report.blank_form("公司", 1)))


def test_what_changed_since_a_sheet_was_printed_is_told(
    run: int, as_role: AsRole, clock: Clock
) -> None:
    auditor, sales = as_role(Role.AUDITOR), as_role(Role.SALES_HEAD)
    unsigned = sheets(auditor.actor, run)[0].footer.code
    evaluation.sign(sales, run, runs(auditor.actor)[0].version, Verdict.APPROVE)
    signed = sheets(auditor.actor, run)[0].footer.code
    assert since(look_up(as_role, unsigned)) == ["reason.code_later_decision"]
    assert since(look_up(as_role, signed)) == []
    tiers.reopen_month(sales, "2026-05", "补录")
    pick_up(as_role(Role.ACCOUNT_MANAGER), [(1, "PP-T30S", "2026-05-30", 1_000)])
    close(sales, "2026-05")
    evaluation.compute(as_role(Role.ACCOUNT_MANAGER), "2026Q2")
    assert since(look_up(as_role, signed)) == [
        "reason.code_newer_revision", "reason.code_month_reopened",
    ]  # fmt: skip


def test_c7_2_an_urge_changes_no_paper_and_signs_none(
    run: int, as_role: AsRole, clock: Clock
) -> None:
    """What was printed before it, after it, and with its number in the foot, is one state."""
    auditor, am = as_role(Role.AUDITOR).actor, session_of("am", clock)
    application, proposal = make_application(am, draft_of("核验码有限公司", 7)), propose(2, clock)
    submit(am, application)
    printed: dict[str, Callable[[], Footer]] = {
        "accreditation": lambda: application_form(auditor, application).footer,
        "disqualification": lambda: disqualification_form(auditor, proposal).footer,
        "evaluation": lambda: meeting(auditor, run).footer,
    }
    keys = {"accreditation": application, "disqualification": proposal, "evaluation": run}
    before = {chain: foot() for chain, foot in printed.items()}
    for chain, key in keys.items():
        review.urge(am, case_of(chain, key))
    assert {chain: foot() for chain, foot in printed.items()} == before
    urged = dict(rows("SELECT subject, id FROM event WHERE use_case = 'review.urge'"))
    subjects = {
        "disqualification": disqualification_form(auditor, proposal).number,
        "evaluation": subject_of("2026Q2", 1),
    }
    kinds = {"disqualification": PaperKind.DISQUALIFICATION, "evaluation": PaperKind.MEETING}
    with_it = [
        _footed(kinds[chain], subject, before[chain], urged[chain])
        for chain, subject in subjects.items()
    ]
    codes = [foot.code for foot in before.values()] + with_it
    assert [since(look_up(as_role, code)) for code in codes] == [[]] * 5
    decide(session_of("sales"), application)
    give(proposal, "sales")
    evaluation.sign(session_of("sales"), run, runs(auditor)[0].version, Verdict.APPROVE)
    for code in codes:
        match = look_up(as_role, code)
        assert since(match) == ["reason.code_later_decision"]
        assert match is not None and len(match.decisions) == 1
    for chain, foot in printed.items():
        assert since(look_up(as_role, foot().code)) == [], chain


def _footed(kind: PaperKind, subject: str, foot: Footer, event: int) -> str:
    """The code of the same paper where its foot names another event."""
    return check_code(kind, subject, foot.inputs_hash, foot.edition, event)


def test_another_edition_in_force_is_told(application: int, as_role: AsRole) -> None:
    code = code_of(as_role, application)
    policy.add_edition(as_role(Role.SALES_HEAD), date(2026, 7, 7), {"plan_day": 20}, "纪要")
    later = check_codes.check(as_role(Role.AUDITOR).actor, code, date(2026, 7, 8))
    assert since(later) == ["reason.code_other_edition"]


@pytest.fixture
def reminded(ready: str) -> int:
    """A customer whose licence expired on 20 June 2026, and whose renewal waits for sales."""
    return furnish(expiring)[6]


def letter_of(as_role: AsRole, customer: int, day: date = TODAY) -> RenewalLetter:
    (letter,) = renewal_letters(as_role(Role.ACCOUNT_MANAGER).actor, day, [customer])
    return letter


def test_c15_1_a_renewal_letter_is_found_by_its_code_and_what_came_since_is_told(
    reminded: int, as_role: AsRole, clock: Clock
) -> None:
    letter = letter_of(as_role, reminded)
    assert letter_of(as_role, reminded) == letter
    tomorrow = letter_of(as_role, reminded, date(2026, 7, 7))
    assert len({letter.footer.code, letter_of(as_role, 1).footer.code, tomorrow.footer.code}) == 3
    match = look_up(as_role, letter.footer.code)
    assert match is not None and match.since == ()
    assert (match.kind, match.subject) == (PaperKind.RENEWAL_LETTER, letter.number)
    assert letter.number == f"{letter.customer_code}-20260706"
    assert (match.customer, match.inputs_hash) == (letter.customer_name, letter.footer.inputs_hash)
    assert (match.place, match.target) == ("customers", ("licences", reminded))
    assert look_up(as_role, tomorrow.footer.code) is None  # nobody has printed that one yet
    clock.set(2026, 7, 6)
    ((_subject, waiting),) = [row.key for row in queue(session_of("sales").actor)]
    factory_licences.verdict(waiting, "sales", clock=clock)
    assert since(look_up(as_role, letter.footer.code)) == []  # nothing is accepted yet
    factory_licences.verdict(waiting, "finance", clock=clock)
    assert since(look_up(as_role, letter.footer.code)) == [
        "reason.code_record_changed", "reason.code_paper_accepted",
    ]  # fmt: skip
    policy.add_edition(as_role(Role.SALES_HEAD), TODAY, {"plan_day": 20}, "纪要")
    assert since(look_up(as_role, letter.footer.code))[2:] == ["reason.code_other_edition"]


def test_a_letter_or_a_card_is_looked_for_under_its_number_first(
    reminded: int, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is tried then; under another number it is found among all."""
    letter = letter_of(as_role, reminded)
    card = file_card(as_role(Role.AUDITOR).actor, reminded, TODAY)
    typed = (
        f"{letter.number} {letter.footer.code}", f"{letter.customer_code} {letter.footer.code}",
        f"{letter.customer_code} {card.footer.code}",
    )  # fmt: skip
    among_all = look_up(as_role, letter.footer.code)
    for wrong in (
        "C99999-20260706",
        f"{letter.customer_code}-20260707",
        letter_of(as_role, 1).number,
    ):
        assert look_up(as_role, f"{wrong} {letter.footer.code}") == among_all
    monkeypatch.setattr(check_codes, "papers", lambda _today: iter(()))
    assert look_up(as_role, letter.footer.code) is None
    found = [look_up(as_role, each) for each in typed]
    assert found[:2] == [among_all, among_all]
    assert found[2] is not None and found[2].kind is PaperKind.FILE_CARD


def test_a_letter_of_the_day_on_which_the_rules_changed_is_found(
    reminded: int, as_role: AsRole, clock: Clock
) -> None:
    clock.set(2026, 7, 6)
    policy.add_edition(session_of("sales", clock), date(2026, 7, 1), {"plan_day": 20}, "纪要")
    letter = letter_of(as_role, reminded)
    match = look_up(as_role, letter.footer.code)
    assert match is not None and (match.edition, match.since) == (letter.footer.edition, ())
    assert letter.footer.edition == 2


def test_an_unknown_code_and_who_may_ask(application: int, as_role: AsRole) -> None:
    assert look_up(as_role, "0000-0000-0000") is None
    with pytest.raises(Forbidden):
        check_codes.check(as_role(Role.ADMINISTRATOR).actor, "0000-0000-0000", TODAY)


def held(as_role: AsRole, anchor: str) -> tuple[bool, str]:
    found = audit.verify(as_role(Role.AUDITOR), anchor)
    anchored = [p for p in found.problems if p.reason.code.startswith("reason.anchor")]
    assert len(anchored) == 1, found.problems
    return anchored[0].warning, f"{anchored[0].place}: {anchored[0].reason.code}"


def test_the_foot_of_a_form_is_held_against_the_chain(application: int, as_role: AsRole) -> None:
    footer = application_form(as_role(Role.AUDITOR).actor, application).footer
    for anchor in (
        f"{footer.inputs_hash}@{footer.last_event}",
        f"{footer.inputs_hash[:16]} … event {footer.last_event}",
        f"{footer.inputs_hash[:16].upper()} @ {footer.last_event}",
    ):
        assert held(as_role, anchor) == (True, "event: reason.anchor_paper_stands")
    missing = (False, "seal: reason.anchor_position_missing")
    assert held(as_role, f"{footer.inputs_hash}@{footer.last_event + 90}") == missing
    assert held(as_role, f"{'0' * 16}@{footer.last_event}") == missing


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("UPDATE decision SET comment = 'x' WHERE id = 1", "decision"),
        ("UPDATE event SET who = 'x' WHERE id = {event}", "event"),
        ("UPDATE decision SET snapshot_hash = '" + "0" * 64 + "' WHERE id = 1", "decision"),
    ],
)
def test_a_changed_row_behind_a_form_is_named(
    application: int, as_role: AsRole, sql: str, table: str
) -> None:
    footer = application_form(as_role(Role.AUDITOR).actor, application).footer
    audit.seal()
    tamper(sql.format(event=footer.last_event), table)
    warning, said = held(as_role, f"{footer.inputs_hash}@{footer.last_event}")
    assert not warning and said.endswith("reason.anchor_row_changed")


def test_the_head_of_the_chain_is_held_with_its_position(application: int, as_role: AsRole) -> None:
    audit.seal()
    decide(as_role(Role.SALES_HEAD), application)
    noted = audit.verify(as_role(Role.AUDITOR))
    decide(session_of("finance"), application)
    anchor = f"{noted.head}@{noted.links}"
    assert held(as_role, anchor) == (True, "seal: reason.anchor_stands")
    tamper("UPDATE decision SET comment = 'x' WHERE id = 2", "decision")  # the last that was sealed
    assert held(as_role, anchor) == (False, "decision 2: reason.anchor_row_changed")
