"""The report on the separation of duties: what it counts, finds and prints, on both engines."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.queries.duties import duties
from chemsales.reports.duties import render
from chemsales.rules.approval import StageName, Verdict
from chemsales.rules.errors import Forbidden, Invalid
from chemsales.rules.roles import Role
from chemsales.services import accreditation, delegation
from chemsales.storage.database import connected, rows, transaction
from tests.factory import accredit, decide, draft_of, make_application, submit, version_of
from tests.reports import pdf
from tests.services.test_audit import tamper

SALES, FINANCE, GM = Role.SALES_HEAD, Role.FINANCE, Role.GENERAL_MANAGER
TODAY = date(2026, 7, 6)


@pytest.fixture
def signed(ready, as_role, clock):
    """A case of June approved by all; one of July signed for the sales head by the general
    manager, its first signature taken back; and a delegation that was revoked unused."""
    clock.set(2026, 6, 10)
    accredit(draft_of("六月化工有限公司", 1), clock)
    clock.set(2026, 7, 6)
    sales = as_role(SALES)
    unused = delegation.delegate(sales, "am2", SALES, TODAY, TODAY, "误选").value
    delegation.revoke(sales, unused)
    delegation.delegate(sales, "gm", SALES, TODAY, date(2026, 7, 10), "赴大连石化参加调度会")
    am = as_role(Role.ACCOUNT_MANAGER)
    key = make_application(am, draft_of("七月化工有限公司", 2))
    submit(am, key)
    lent = as_role(GM)
    decide(lent, key, Verdict.APPROVE)
    accreditation.undo(lent, key, version_of(key))
    decide(lent, key, Verdict.APPROVE)
    decide(as_role(FINANCE), key, Verdict.APPROVE)
    return key


def test_c7_2_the_report_counts_signatures_and_delegations(signed, as_role):
    report = duties(as_role(GM).actor, "2026Q3", TODAY)
    counted = {each.chain: each for each in report.chains}
    july = counted["accreditation"]
    assert (july.cases, july.signatures, july.delegated, july.undone) == (1, 4, 3, 1)
    assert counted["evaluation"].cases == 0
    assert report.breaches == ()
    assert not report.finished
    assert [(row.delegate, row.used, bool(row.revoked_at)) for row in report.delegations] == [
        ("刘洋", 0, True), ("赵敏", 3, False),
    ]  # fmt: skip
    assert {(row.title, row.principal) for row in report.signed} == {("七月化工有限公司", "王芳")}
    june = duties(as_role(GM).actor, "2026Q2", TODAY)
    assert (june.chains[0].cases, june.chains[0].signatures) == (1, 3)
    assert june.finished
    assert june.delegations == june.signed == ()


def test_a_signature_forged_into_the_database_is_found(signed, as_role):
    sql = (
        "UPDATE decision SET signer = 'finance' WHERE stage = 'sales' AND verdict = 'approve' "
        f"AND case_id = (SELECT case_id FROM application WHERE id = {signed})"
    )
    with connected(), transaction():
        tamper(sql, "decision")
    found = duties(as_role(GM).actor, "2026Q3", TODAY).breaches
    assert [(each.title, each.stages) for each in found] == [
        ("七月化工有限公司", (StageName.SALES, StageName.FINANCE))
    ]


def test_it_prints_in_each_language_the_same_at_every_time(signed, as_role):
    actor = as_role(Role.AUDITOR).actor
    report = duties(actor, "2026Q3", TODAY)
    assert render(report) == render(duties(actor, "2026Q3", TODAY))
    text = pdf.text(render(report))
    for words in ("不相容职责分离", "2026年第三季度", "赴大连石化参加调度会", "七月化工有限公司"):
        assert words in text, words
    assert "stand at two stages" in " ".join(pdf.texts(render(report, "en"))[0].split())


def test_its_foot_has_the_hash_of_what_it_says_and_the_last_event_that_it_rests_on(signed, as_role):
    """What is done to others leaves the paper as it is; a signature, and a delegation, do not."""
    actor = as_role(Role.AUDITOR).actor
    report, june = duties(actor, "2026Q3", TODAY), duties(actor, "2026Q2", TODAY)
    foot = report.footer
    assert foot.last_event == newest_event()
    assert 0 < june.footer.last_event < foot.last_event
    text = pdf.text(render(report)).replace("\n", "")
    assert foot.inputs_hash in text
    assert str(foot.last_event) in text
    assert foot.code == ""
    other = make_application(as_role(Role.ACCOUNT_MANAGER), draft_of("八月化工有限公司", 3))
    submit(as_role(Role.ACCOUNT_MANAGER), other)
    assert newest_event() > foot.last_event
    assert render(duties(actor, "2026Q3", TODAY)) == render(report)
    accreditation.undo(as_role(FINANCE), signed, version_of(signed))
    after = duties(actor, "2026Q3", TODAY).footer
    assert after.last_event == newest_event()
    assert after.inputs_hash != foot.inputs_hash
    delegation.delegate(as_role(SALES), "am2", SALES, date(2026, 8, 1), date(2026, 8, 2), "出差")
    assert duties(actor, "2026Q3", TODAY).footer.last_event == newest_event()
    assert duties(actor, "2026Q2", TODAY) == june
    assert duties(actor, "2025Q1", TODAY).footer.last_event == 0


def newest_event() -> int:
    with connected():
        return int(rows("SELECT max(id) FROM event")[0][0])


def test_who_sees_only_own_cases_and_what_is_no_period_is_refused(ready, as_role):
    with pytest.raises(Forbidden):
        duties(as_role(Role.ACCOUNT_MANAGER).actor, "2026Q3", TODAY)
    with pytest.raises(Invalid):
        duties(as_role(GM).actor, "2026X", TODAY)
