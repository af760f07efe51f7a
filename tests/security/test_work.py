"""The department's whole work on a server, each person with an own login of the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from chemsales.queries import application_blockers, closing, evaluation_inputs
from chemsales.queries.course import course
from chemsales.queries.rounds import since_return
from chemsales.queries.tiers import results
from chemsales.queries.verification import Verification
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.periods import month_days
from chemsales.rules.roles import Action
from chemsales.services import accreditation, audit, cooperation, evaluation, tiers
from chemsales.services.session import utc_now
from chemsales.storage import chain
from chemsales.storage.database import connected, execute, rows, transaction
from tests import factory_offtake
from tests.conftest import opened
from tests.factory import (
    Clock,
    case_of,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)
from tests.factory_licences import accredit_dated
from tests.security import world
from tests.security.conftest import signed_in
from tests.security.deeds import DEEDS


def verified(url: str) -> Verification:
    with signed_in(url, "auditor") as auditor:
        return audit.verify(auditor)


def test_a_department_works(server_url):
    """An application with a return, a quarter with ratings, a closing and a reopening, a signed
    evaluation, and the edits around them; afterwards everything follows from the decisions."""
    with signed_in(server_url, "am") as am:
        key = make_application(am, draft_of("滨海塑料", 80))
        submit(am, key)
    with signed_in(server_url, "sales") as sales:
        decide(sales, key, Verdict.RETURN, "退错了")
        accreditation.undo(sales, key, version_of(key))
        decide(sales, key)
        accreditation.undo(sales, key, version_of(key))
        decide(sales, key, Verdict.RETURN, "开户行有误")
    with signed_in(server_url, "am") as am:
        draft = draft_of("滨海塑料", 80, bank="中国银行青岛分行")
        accreditation.save_draft(am, draft, key, version_of(key))
        submit(am, key)
        stands = course(am.actor, case_of(key), am.today())
        assert [step.turn for step in stands.steps] == [True, False, False]
    for login in ("sales", "finance", "gm"):
        with signed_in(server_url, login) as session:
            new = since_return(session.actor, "accreditation", key)
            assert new is not None and [each.field for each in new.fields] == ["bank"]
            decide(session, key, comment="同意")
    with signed_in(server_url, "am") as am:
        found = world.look()
        for action in (Action.OFFTAKE_IMPORT, Action.MNEMONIC_EDIT, Action.APPLICATION_WITHDRAW,
                       Action.OFFTAKE_UNDO, Action.COOPERATION_RATE):  # fmt: skip
            DEEDS[action](am, found)
        rating = rows("SELECT max(id) FROM cooperation_rating")[0][0]
    with signed_in(server_url, "sales") as sales:
        DEEDS[Action.MONTH_CLOSE](sales, found)
        month = world.quarter()[1][0]
        tiers.reopen_month(sales, month, "补录磅单")
        cooperation.confirm(sales, rating, 1)
    with signed_in(server_url, "am") as am:
        factory_offtake.pick_up(am, [(found.customers[1], "PP-T30S", f"{month}-05", 1_200_000)])
    with signed_in(server_url, "sales") as sales:
        assert tiers.close_month(sales, month).value.recomputed
        for action in (Action.CALENDAR_EDIT, Action.POLICY_EDIT, Action.PRODUCT_EDIT):
            DEEDS[action](sales, found)
        with pytest.raises(Exception, match="evaluation_outdated"):
            sign(sales, found.run, Verdict.APPROVE)
        sign(sales, found.run, Verdict.RETURN, "数据已更正")
    with signed_in(server_url, "am") as am:
        run = evaluation.compute(am, world.quarter()[0]).value
    with signed_in(server_url, "sales") as sales:
        assert sign(sales, run, Verdict.APPROVE) is Outcome.APPROVED
        DEEDS[Action.CLASS_CHANGE](sales, found)
    with signed_in(server_url, "admin") as admin:
        DEEDS[Action.SETTINGS_EDIT](admin, found)
    checked = verified(server_url)
    assert checked.sound, checked.problems
    with opened(server_url):
        code, on = rows("SELECT code, accredited_on FROM customer WHERE name = '滨海塑料'")[0]
        assert (code, on) == ("C00006", rows("SELECT chemsales_today()")[0][0])


def test_a_return_is_not_undone_over_a_correction(server_url, monkeypatch):
    """Whatever the program of the person says."""
    with signed_in(server_url, "am") as am:
        key = make_application(am, draft_of("渤西塑料", 81))
        submit(am, key)
    with signed_in(server_url, "sales") as sales:
        decide(sales, key, Verdict.RETURN, "开户行有误")
    with signed_in(server_url, "am") as am:
        draft = draft_of("渤西塑料", 81, bank="中国银行青岛分行")
        accreditation.save_draft(am, draft, key, version_of(key))
    monkeypatch.setattr(application_blockers, "stands_as_reviewed", lambda _stored: True)
    with signed_in(server_url, "sales") as sales:
        with pytest.raises(ChemsalesError) as refusal:
            accreditation.undo(sales, key, version_of(key))
        assert refusal.value.reasons[0].code == "reason.server_not_as_reviewed"
    with signed_in(server_url, "am") as am:
        accreditation.save_draft(am, draft_of("渤西塑料", 81), key, version_of(key))
    with signed_in(server_url, "sales") as sales:
        accreditation.undo(sales, key, version_of(key))
        decide(sales, key, comment="同意")


def sign(session, run, verdict, comment=""):
    version = rows(
        "SELECT c.version FROM evaluation_run r JOIN approval_case c ON c.id = r.case_id "
        "WHERE r.id = ?", (run,),
    )[0][0]  # fmt: skip
    return evaluation.sign(session, run, version, verdict, comment).value


def test_the_server_seals_as_the_program_does(server_url):
    with signed_in(server_url, "am") as am:
        DEEDS[Action.APPLICATION_EDIT](am, world.look())
        assert audit.seal() > 0
        assert audit.seal() == 0
    with opened(server_url):
        with connected():
            assert not chain.check(lambda sql, p: rows(sql, p), {"": b""}, ordered=False).broken
        with transaction():
            execute("ALTER TABLE event DISABLE TRIGGER event_refuse_update")
            execute("UPDATE event SET detail = '{}' WHERE id = 5")
            execute("ALTER TABLE event ENABLE ALWAYS TRIGGER event_refuse_update")
    problems = verified(server_url).problems
    assert [(p.place, p.reason.code) for p in problems] == [("event 5", "reason.seal_row_altered")]


def test_the_server_counts_a_month_of_a_suspension_as_missing(server_url, monkeypatch):
    """A.X 12: what the program computes for customers who were suspended is what the server does,
    and a closing that says less of who was is refused."""
    months = world.quarter()[1]
    begun = month_days(months[0])[0]  # after the months that stay closed
    then = Clock(datetime(begun.year, begun.month, 2, 4, tzinfo=UTC))
    last = month_days(months[1])[0] + timedelta(days=4)  # suspended from the second month on
    plans = {"1500 2000 0": "missing", "1500 0 0": "missing", "1500 2500 2600": "raised",
             "0 0 3": "auction_exit"}  # fmt: skip
    with opened(server_url):
        sales, am = session_of("sales", utc_now), session_of("am", utc_now)
        for month in reversed(months):
            tiers.reopen_month(sales, month, "补录磅单")
        keys = {}
        for number, tonnes in enumerate(plans):
            keys[tonnes] = accredit_dated(f"停牌{number}塑料", 40 + number, last, then)
            factory_offtake.pick_up(am, [
                (keys[tonnes], "PP-T30S", f"{month}-15", int(kg) * 1000)
                for month, kg in zip(months, tonnes.split(), strict=True) if kg != "0"
            ])  # fmt: skip
            factory_offtake.plan(am, [
                (keys[tonnes], "PP-T30S", month, 1_700_000, 100_000) for month in months
            ])  # fmt: skip
    with signed_in(server_url, "sales") as sales:
        for month in months:
            tiers.close_month(sales, month)
        found = {row.customer_id: row.outcome for row in results(sales.actor, months[-1])}
        assert {tonnes: found[key] for tonnes, key in keys.items()} == plans
        stored = rows("SELECT inputs FROM closing WHERE active = 1 AND month = ?", (months[-1],))
        held = json.loads(stored[0][0])["customers"]["suspended"]
        assert held == sorted(keys.values())
    with signed_in(server_url, "am") as am, monkeypatch.context() as lying:
        lying.setattr(evaluation_inputs, "suspended_days", lambda months: {m: {} for m in months})
        with pytest.raises(ChemsalesError) as refusal:
            evaluation.compute(am, world.quarter()[0])
    assert [reason.code for reason in refusal.value.reasons] == ["reason.server_score_wrong"]
    with signed_in(server_url, "am") as am:
        evaluation.compute(am, world.quarter()[0])
    places = [problem.place for problem in verified(server_url).problems]
    assert not [place for place in places if place.startswith("closing")]


@pytest.mark.parametrize("said", [(), None])
def test_a_closing_says_who_was_suspended(server_url, said, monkeypatch):
    """None is that of a program that asks for no suspension."""
    month = world.quarter()[1][-1]
    real = closing.compute

    def lying(*given):
        made = real(*given) if said is not None else real(*given, suspends=False)
        if said is not None:
            made.customers["suspended"] = list(said)
        return made

    with signed_in(server_url, "sales") as sales:
        tiers.reopen_month(sales, month, "补录磅单")
        monkeypatch.setattr(closing, "compute", lying)
        with pytest.raises(ChemsalesError) as refusal:
            tiers.close_month(sales, month)
        assert [reason.code for reason in refusal.value.reasons] == ["reason.server_level_wrong"]
        monkeypatch.undo()
        tiers.close_month(sales, month)
