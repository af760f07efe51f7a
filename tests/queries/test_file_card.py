"""The customer file card as on any day, and its check code (C8.1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chemsales.queries.check_codes import check, title
from chemsales.queries.evaluation import runs
from chemsales.queries.file_card import customer_key, file_card
from chemsales.reports import file_card as report
from chemsales.reports.content import Footer
from chemsales.rules.approval import Verdict
from chemsales.rules.check_codes import PaperKind
from chemsales.rules.errors import NotFound
from chemsales.rules.handover import Handover
from chemsales.rules.licences import LicenceState
from chemsales.rules.tiers import Level
from chemsales.services import evaluation, handover, offtake, tiers
from tests.factory import accredit, draft_of, session_of
from tests.factory_customer_change import judge, move_account
from tests.factory_licences import paper, renew
from tests.factory_offtake import a_riser, pick_up
from tests.reports import pdf
from ui.work.customers import card, card_on

ACTOR = session_of("auditor").actor
NAME = "青岛信诚化工有限公司"
ACCOUNT = "5329010210310601"


@pytest.fixture
def customer(ready, clock):
    clock.set(2026, 3, 2)
    return accredit(draft_of(NAME, 7), clock)


def test_c8_1_the_card_prints_a_customer_as_on_any_day(customer, clock):
    clock.set(2026, 7, 6)
    judge(move_account(customer, clock), clock=clock)
    today = date(2026, 7, 6)
    now, before = (file_card(ACTOR, customer, day) for day in (today, today - timedelta(days=1)))
    assert (now.facts.account, before.facts.account) == (ACCOUNT, draft_of(NAME, 7).facts.account)
    assert now.version > before.version
    text = pdf.text(report.render(now))
    for words in ("客户档案卡", NAME, ACCOUNT, "截至2026年7月6日", "开户许可证.pdf", "吴敏"):
        assert words in text, words
    assert report.render(now) == report.render(file_card(ACTOR, customer, today))
    with pytest.raises(NotFound):
        file_card(ACTOR, customer, date(2026, 3, 1))


def test_c15_1_the_card_says_how_each_licence_stands_on_its_day(customer, clock):
    clock.set(2026, 6, 1)
    renew(customer, paper("B-8", date(2027, 6, 30)), clock)
    renew(customer, paper("B-9", date(2036, 6, 30)), clock)
    card = file_card(ACTOR, customer, date(2026, 6, 1))
    assert {each.number: each.state for each in card.licences} == {
        "": LicenceState.IN_FORCE, "B-8": LicenceState.REPLACED, "B-9": LicenceState.REPLACED,
    }  # fmt: skip
    assert pdf.text(report.render(card)).count("已被替代") == 2
    before = file_card(ACTOR, customer, date(2026, 5, 31)).licences
    assert [each.state for each in before] == [LicenceState.IN_FORCE]


def test_the_check_code_names_the_card_and_says_that_the_file_changed_since(customer, clock):
    first = file_card(ACTOR, customer, date(2026, 3, 2)).footer
    clock.set(2026, 7, 6)
    found = check(ACTOR, first.code, date(2026, 7, 6))
    assert (found.kind, found.subject, found.customer) == (PaperKind.FILE_CARD, "C00001", NAME)
    assert (found.target, found.since) == (customer, ())
    judge(move_account(customer, clock), clock=clock)
    found = check(ACTOR, first.code, date(2026, 7, 6))
    assert [reason.code for reason in found.since] == ["reason.code_record_changed"]
    later = file_card(ACTOR, customer, date(2026, 7, 6)).footer
    assert later.code != first.code
    assert (found.day, "截至 2026-03-02" in title(found)) == ("2026-03-02", True)
    other = file_card(ACTOR, customer, date(2026, 7, 5)).footer  # the same but for the day
    assert other.code != first.code and other.inputs_hash != first.inputs_hash
    assert check(ACTOR, other.code, date(2026, 7, 6)).day == "2026-07-05"
    assert file_card(ACTOR, customer, date(2026, 3, 2)).footer == first


def test_a_card_of_the_morning_is_found_after_the_file_changed_in_the_afternoon(customer, clock):
    clock.set(2026, 7, 6)
    morning = file_card(ACTOR, customer, date(2026, 7, 6)).footer
    judge(move_account(customer, clock), clock=clock)
    found = check(ACTOR, morning.code, date(2026, 7, 6))
    assert found is not None and found.day == "2026-07-06"
    assert [reason.code for reason in found.since] == ["reason.code_record_changed"]


def test_a_customer_is_named_by_its_code(customer):
    assert customer_key(ACTOR, " c00001 ") == customer
    with pytest.raises(NotFound):
        customer_key(ACTOR, "C09999")


def test_c8_1_the_card_of_a_day_is_what_it_was_that_day_whatever_came_later(ready, clock):
    customer = a_riser(clock)  # on 6 July: May imported, closed and evaluated
    am, sales, kept = session_of("am", clock), session_of("sales", clock), {}

    def keep():
        day = am.today()
        kept[day] = (file_card(ACTOR, customer, day), card(ACTOR, customer, day))
        clock.advance(days=1)

    keep()
    (run,) = runs(ACTOR, "2026Q2")
    evaluation.sign(sales, run.run_id, run.version, Verdict.APPROVE)
    keep()
    tiers.reopen_month(sales, "2026-05", "补录")
    keep()
    pick_up(am, [(customer, "PP-T30S", "2026-05-29", 123_000)])
    tiers.close_month(sales, "2026-05")
    keep()
    evaluation.compute(am, "2026Q2")
    keep()
    june = pick_up(am, [(customer, "PP-T30S", "2026-06-05", 5_000)])
    tiers.close_month(sales, "2026-06")
    handover.hand_over(sales, [customer], Handover("am2", date(2026, 7, 7), "岗位调整"))
    keep()
    tiers.reopen_month(sales, "2026-06", "错了")
    offtake.undo_import(am, june, "错了")
    keep()
    before = file_card(ACTOR, customer, date(2026, 7, 5))
    assert (before.months, before.grades, before.level) == ((), (), Level.AUCTION)
    told = {repr((each.months, each.grades, each.events)) for each, _card in kept.values()}
    assert len(told) > 5, told
    proofs = [each.footer for each, _card in kept.values()]
    assert len({proof.inputs_hash for proof in proofs}) == len(proofs)
    found = [check(ACTOR, proof.code, am.today()).day for proof in proofs]
    assert found == [day.isoformat() for day in kept]
    for day, (printed, shown) in kept.items():
        assert file_card(ACTOR, customer, day) == printed, day
        later = card_on(ACTOR, customer, day)
        for part in ("detail", "takes", "levels", "evaluations", "owners", "files"):
            assert getattr(later, part) == getattr(shown, part), (day, part)


def test_what_is_imported_closed_and_signed_gives_the_card_of_the_same_day_another_code(
    ready, clock
):
    customer = a_riser(clock)
    am, sales = session_of("am", clock), session_of("sales", clock)
    day, proofs = am.today(), list[Footer]()

    def keep():
        proofs.append(file_card(ACTOR, customer, day).footer)

    keep()
    (run,) = runs(ACTOR, "2026Q2")
    evaluation.sign(sales, run.run_id, run.version, Verdict.APPROVE)
    keep()
    tiers.reopen_month(sales, "2026-05", "补录")
    keep()
    june = pick_up(am, [(customer, "PP-T30S", "2026-05-29", 123_000)])
    keep()
    offtake.undo_import(am, june, "错了")
    keep()
    assert len({proof.code for proof in proofs}) == len({p.inputs_hash for p in proofs}) == 5
    assert {check(ACTOR, proof.code, day).day for proof in proofs} == {day.isoformat()}
    since = [check(ACTOR, proof.code, day).since for proof in proofs]
    assert all(since[:-1]) and not since[-1]
