"""C8.1 on a server, by logins of persons: what ran goes along, and is the new manager's alone."""

from __future__ import annotations

import pytest

from chemsales.queries import application_blockers
from chemsales.queries.accreditation import application
from chemsales.queries.approval import queue
from chemsales.queries.handover import received_applications
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import ChemsalesError, Conflict, NotAllowed
from chemsales.rules.handover import Handover
from chemsales.rules.roles import Role
from chemsales.services import (
    accreditation,
    customer_change,
    disqualification,
    handover,
    licences,
    people,
)
from chemsales.services.session import Session, utc_now
from chemsales.storage.database import rows
from tests.conftest import opened
from tests.factory import (
    accredit,
    decide,
    draft_of,
    employ,
    make_application,
    session_of,
    submit,
    version_of,
)
from tests.factory_customer_change import change_version, judge, move_account, wanted
from tests.factory_disqualification import FORGED, case_version, give, propose, scans
from tests.factory_further import begin
from tests.factory_licences import licence_version, paper, record, verdict
from tests.security.conftest import signed_in
from tests.security.hostile import Hostile
from tests.security.test_hostile import attempt, person


def came_back(name: str, number: int) -> tuple[int, ...]:
    """A customer with a change, a paper, a proposal and an application, each returned."""
    customer = accredit(draft_of(name, number), utc_now)
    change = move_account(customer, utc_now)
    judge(change, "finance", Verdict.RETURN, "请核对账号", utc_now)
    licence = record(customer, paper(), utc_now)
    verdict(licence, "sales", Verdict.RETURN, utc_now)
    proposal = propose(customer, utc_now)
    give(proposal, "sales", Verdict.RETURN, "请补充证据", utc_now)
    application = begin(customer, session=session_of("am", utc_now))
    submit(session_of("am", utc_now), application)
    decide(session_of("sales", utc_now), application, Verdict.RETURN, "请补充")
    return customer, change, licence, proposal, application


def correct(session: Session, customer: int, change: int, licence: int, proposal: int) -> None:
    asked = wanted(customer, session.today(), account="5329010210310602", bank="招商银行青岛分行")
    customer_change.correct(session, change, change_version(change), asked)
    licences.correct(session, licence, licence_version(licence), paper("B-3"))
    version = case_version(proposal)
    disqualification.correct(session, proposal, version, FORGED, scans("补充说明"))


def titles(session: Session) -> list[str]:
    return [row.title for row in queue(session.actor)]


@pytest.mark.parametrize(("login", "number"), [("sales", 88), ("admin", 89)])
def test_c8_1_what_came_back_is_the_new_managers(server_url: str, login: str, number: int) -> None:
    name = f"移交化工{number}厂"
    with opened(server_url):
        customer, *made, application = came_back(name, number)
    with signed_in(server_url, login) as giving:
        given = Handover("am2", giving.today(), "岗位调整")
        handover.hand_over(giving, [customer], given)
    with signed_in(server_url, "am") as former:
        assert name not in titles(former)
        with pytest.raises(NotAllowed):
            correct(former, customer, *made)
        with pytest.raises(NotAllowed):
            submit(former, application)
    with signed_in(server_url, "am2") as heir:
        assert titles(heir) == [name] * 4
        correct(heir, customer, *made)
        submit(heir, application)
        assert titles(heir) == []


@pytest.mark.parametrize(("login", "number"), [("sales", 90), ("admin", 91)])
def test_c8_1_applications_of_new_customers_are_the_new_managers(
    server_url: str, login: str, number: int
) -> None:
    """One that came back and a draft, whose rows and lines are the new manager's to write."""
    name = f"移交新客户{number}厂"
    with opened(server_url):
        am = session_of("am", utc_now)
        returned = make_application(am, draft_of(name, number))
        submit(am, returned)
        decide(session_of("sales", utc_now), returned, Verdict.RETURN, "请补充")
        drafted = make_application(am, draft_of(f"{name}二", number + 10))
    with signed_in(server_url, login) as giving:
        given = Handover("am2", giving.today(), "离职")
        done = handover.hand_over(giving, (), given, (returned, drafted)).value
        assert (done.cases, done.applications) == (1, 2)
    with signed_in(server_url, "am") as former:
        assert name not in titles(former)
        for key in (returned, drafted):
            with pytest.raises(NotAllowed):
                submit(former, key)
    with signed_in(server_url, "am2") as heir:
        assert titles(heir) == [name]
        for key in (returned, drafted):
            draft = application(heir.actor, key).draft
            accreditation.save_draft(heir, draft, key, version_of(key))
            submit(heir, key)
    with opened(server_url):
        assert approved(drafted) == "am2"


def test_c8_1_what_was_rejected_is_applied_for_again_by_the_new_managers_login(
    server_url: str,
) -> None:
    """With its papers, of a new customer and of one that exists; the former manager's does not."""
    with opened(server_url):
        am, head = session_of("am", utc_now), session_of("sales", utc_now)
        customer = accredit(draft_of("移交老客户92厂", 92), utc_now)
        fresh = make_application(am, draft_of("移交被拒93厂", 93))
        further = begin(customer, session=am)
        for key in (fresh, further):
            submit(am, key)
            decide(head, key, Verdict.REJECT, "暂不准入")
    with signed_in(server_url, "sales") as giving:
        given = Handover("am2", giving.today(), "离职")
        assert handover.hand_over(giving, [customer], given, [fresh]).value.applications == 1
    with signed_in(server_url, "am") as former:
        for key in (fresh, further):
            with pytest.raises(NotAllowed):
                accreditation.apply_again(former, key)
        with pytest.raises(Conflict) as late:
            accreditation.withdraw(former, fresh, version_of(fresh) - 1)
    assert [each.code for each in late.value.reasons] == ["reason.handed_elsewhere"]
    with signed_in(server_url, "am2") as heir:
        (received,) = received_applications(heir.actor, heir.today())
        assert received.id == fresh
        for key in (fresh, further):
            again = accreditation.apply_again(heir, key).value
            assert len(application(heir.actor, again).documents) == len(
                application(heir.actor, key).documents
            )
            submit(heir, again)
    for login in ("am", "finance", "gm", "auditor"):
        with person(server_url, login) as link:
            taken = "UPDATE application SET manager = 'am', version = version + 1"
            assert attempt(link, Hostile(f"{taken} WHERE id = {fresh}")) == "42501"


def approved(key: int) -> str:
    for login in ("sales", "finance", "gm"):
        decide(session_of(login, utc_now), key)
    ((manager,),) = rows("SELECT manager FROM customer WHERE application_id = ?", (key,))
    return str(manager)


@pytest.mark.parametrize(
    ("login", "refused", "number"),
    [("sales", "CS004", 121), ("admin", "CS004", 122), ("finance", "42501", 123),
     ("am", "42501", 124), ("gm", "42501", 125), ("auditor", "42501", 126)],
)  # fmt: skip
def test_c8_1_no_login_takes_an_application_without_its_case(
    server_url: str, login: str, refused: str, number: int
) -> None:
    with opened(server_url):
        am = session_of("am", utc_now)
        key = make_application(am, draft_of(f"半途移交{login}厂", number))
        submit(am, key)
    half = "UPDATE application SET manager = 'am2', version = version + 1"
    with person(server_url, login) as link:
        assert attempt(link, Hostile(f"{half} WHERE id = {key}")) == refused


def test_c8_1_a_server_gives_no_customer_to_who_has_left(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the general manager's program lets through."""
    with opened(server_url):
        leaver = employ("leaver", Role.ACCOUNT_MANAGER, clock=utc_now)
        key = make_application(leaver, draft_of("离任经理的客户", 140))
        submit(leaver, key)
        for login in ("sales", "finance"):
            decide(session_of(login, utc_now), key)
        ((version,),) = rows("SELECT version FROM person WHERE login = 'leaver'")
        people.set_active(session_of("admin", utc_now), "leaver", False, version)
    monkeypatch.setattr(application_blockers, "target_reason", lambda _login: None)
    with signed_in(server_url, "gm") as gm, pytest.raises(ChemsalesError) as refused:
        decide(gm, key, comment="同意")
    assert [each.code for each in refused.value.reasons] == ["reason.server_not_yours"]
    with opened(server_url):
        assert rows("SELECT state FROM application WHERE id = ?", (key,)) == [("in_review",)]
