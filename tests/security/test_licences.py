"""C15.2 on a server: no login plans with a suspended customer or gives it a class, whatever the
program thinks; a weighed pick-up comes in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chemsales.queries import application_papers
from chemsales.queries import licences as queries
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.periods import month_of
from chemsales.services import accreditation, filing
from chemsales.services import licences as services
from chemsales.services.session import utc_now
from chemsales.words import say
from tests.conftest import opened
from tests.factory import (
    PDF,
    Clock,
    accredit,
    before_validity,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
)
from tests.factory_disqualification import disqualify
from tests.factory_licences import (
    accredit_dated,
    dated_application,
    licence_version,
    paper,
    record,
    verdict,
)
from tests.factory_offtake import pick_up
from tests.security.conftest import signed_in
from tests.security.hostile import STAMP, ZERO, Hostile
from tests.security.test_hostile import attempt, person

# why nothing is dealt, the refusal of a plan, and that of another class: the classes of who is
# disqualified have ended already, and end once
WHY = {"expired": ("CS021", "CS021"), "disqualified": ("CS023", "CS012")}


@pytest.fixture(scope="module", params=WHY)
def why(request):
    return request.param


@pytest.fixture(scope="module")
def suspended(server_url, why):
    """The owner's URL, and a customer whose licence ended ten days ago, or that is disqualified."""
    then = Clock(utc_now() - timedelta(days=400))
    with opened(server_url):
        if why == "expired":
            yield server_url, accredit_dated("丁塑料", 63, today() - timedelta(days=10), then)
        else:
            customer = accredit(draft_of("戊塑料", 64), then)
            disqualify(customer, utc_now)
            yield server_url, customer


def today():
    """The company's day, as the server has it."""
    return session_of("am", utc_now).today()


def planned(customer: int, month: str) -> str:
    batch = (
        "INSERT INTO import_batch (kind, file_name, sha256, months, row_count, rejected, total_kg, "
        f"rows_digest, imported_by, imported_at) VALUES ('plans', 'x', '{ZERO}', '{month}', 1, 0, "
        f"1000, '{ZERO}', 'x', '{STAMP}')"
    )
    return (
        f"{batch}; INSERT INTO plan_line (batch_id, customer_id, product_code, month, kg, short_kg)"
        f" SELECT max(id), {customer}, 'PP-T30S', '{month}', 1000, 0 FROM import_batch"
    )


@pytest.mark.parametrize("login", ["am", "am2", "sales"])
def test_no_login_plans_with_a_suspended_customer(suspended, login, why):
    url, customer = suspended
    with person(url, login) as link:
        assert attempt(link, Hostile(planned(customer, month_of(today())))) == WHY[why][0]


def test_no_login_gives_a_suspended_customer_another_class(suspended, why):
    url, customer = suspended
    given = (
        f"UPDATE customer_class SET to_day = '{today() - timedelta(days=1)}' "
        f"WHERE customer_id = {customer}; INSERT INTO customer_class (customer_id, group_code, "
        "customer_class, from_day, edition) VALUES "
        f"({customer}, 'PO', 'direct', '{today()}', 1)"
    )
    with person(url, "sales") as link:
        assert attempt(link, Hostile(given)) == WHY[why][1]


def test_a_weighed_pickup_comes_in(suspended):
    url, customer = suspended
    with signed_in(url, "am") as am:
        assert pick_up(am, [(customer, "PP-T30S", today().isoformat(), 1_000)])


@pytest.mark.parametrize("late", [0, 1], ids=["its last day", "the day after"])
def test_c7_1_nobody_approves_a_paper_that_has_ended(server_url, late, monkeypatch):
    """Whatever the programs of those who sign think of it."""
    monkeypatch.setattr(application_papers, "expired_papers", lambda *_given: ())
    with opened(server_url):
        ended = today() - timedelta(days=late)
        key = dated_application(f"到期化工{late}厂", 65 + late, ended, utc_now)
        submit(session_of("am", utc_now), key)
        for login in ("sales", "finance"):
            decide(session_of(login, utc_now), key)
    with signed_in(server_url, "gm") as gm:
        if not late:
            decide(gm, key, comment="同意")
            return
        with pytest.raises(ChemsalesError) as refusal:
            decide(gm, key, comment="同意")
    assert [reason.code for reason in refusal.value.reasons] == ["reason.server_suspended"]


def test_c15_1_nobody_approves_a_paper_without_its_validity(server_url):
    """Whatever the programs of those who put it up and sign think of it."""
    with before_validity():
        with opened(server_url):
            session = session_of("am", utc_now)
            key = make_application(session, draft_of("无期化工", 69), [DocumentKind.INVOICE_DATA])
            accreditation.attach(session, key, DocumentKind.BUSINESS_LICENCE, "执照.pdf", PDF)
            submit(session, key)
            for login in ("sales", "finance"):
                decide(session_of(login, utc_now), key)
        with signed_in(server_url, "gm") as gm, pytest.raises(ChemsalesError) as refusal:
            decide(gm, key, comment="同意")
    assert [reason.code for reason in refusal.value.reasons] == ["reason.server_not_as_decided"]


def test_c15_1_no_second_renewal_of_a_paper_is_put_up(server_url, monkeypatch):
    """Whatever the program of who records it thinks of it; nor one that came back, put up again."""
    for module in (services, queries):
        monkeypatch.setattr(module, "waiting_reasons", lambda *_given: ())
    with opened(server_url):
        customer = accredit(draft_of("双份化工", 70), utc_now)
        first = record(customer, paper("R-70"), utc_now)
        verdict(first, "sales", Verdict.RETURN, utc_now)
    with signed_in(server_url, "am") as am:
        services.record(am, customer, paper("R-71"), "证照.pdf", PDF + b"71")
        for again in (
            lambda: services.record(am, customer, paper("R-72"), "证照.pdf", PDF + b"72"),
            lambda: services.correct(am, first, licence_version(first), paper("R-73")),
        ):
            with pytest.raises(ChemsalesError) as refusal:
                again()
            found = [reason.code for reason in refusal.value.reasons]
            assert found == ["reason.server_not_as_decided"]


def test_c15_1_no_return_is_undone_beside_another_renewal(server_url, monkeypatch):
    """Whatever the program of who returned it thinks of it."""
    for module in (services, queries):
        monkeypatch.setattr(module, "waiting_reasons", lambda *_given: ())
    with opened(server_url):
        customer = accredit(draft_of("双证化工", 7011), utc_now)
        keys = [
            record(customer, paper("R-75"), utc_now),
            record(customer, paper("R-76", kind=DocumentKind.HAZARDOUS_LICENCE), utc_now),
        ]
    with signed_in(server_url, "sales") as sales:
        for key in keys:
            services.decide(sales, key, licence_version(key), Verdict.RETURN, "请核对")
    with signed_in(server_url, "am") as am:
        as_other = paper("R-77", kind=DocumentKind.HAZARDOUS_LICENCE)
        services.correct(am, keys[0], licence_version(keys[0]), as_other)
    with signed_in(server_url, "sales") as sales, pytest.raises(ChemsalesError) as refusal:
        services.undo(sales, keys[1], licence_version(keys[1]))
    assert [reason.code for reason in refusal.value.reasons] == ["reason.server_not_as_decided"]


def test_c8_3_no_program_files_a_disqualified_customer(server_url, monkeypatch):
    with opened(server_url):
        customer = accredit(draft_of("己塑料", 165), Clock(utc_now() - timedelta(days=400)))
        disqualify(customer, utc_now)
    with signed_in(server_url, "sales") as session:
        with pytest.raises(ChemsalesError) as refusal:
            filing.make(session, [customer])
        assert [reason.code for reason in refusal.value.reasons] == ["reason.filing_disqualified"]
        monkeypatch.setattr(filing, "disqualified_on", lambda _day: {})
        with pytest.raises(ChemsalesError) as refusal:
            filing.make(session, [customer])
    assert [reason.code for reason in refusal.value.reasons] == ["reason.server_disqualified"]
    assert say(refusal.value.reasons[0]) == "服务器拒绝：客户资格已取消，不再办理任何业务。"


def test_c7_1_nothing_is_approved_on_a_paper_that_is_not_valid_yet(server_url, monkeypatch):
    """Whatever the programs of those who put it up and sign think of it."""
    monkeypatch.setattr(application_papers, "unbegun_papers", lambda *_given: ())
    with opened(server_url):
        session = session_of("am", utc_now)
        key = make_application(session, draft_of("未生效化工", 74), [DocumentKind.INVOICE_DATA])
        first, last = today() + timedelta(days=1), today() + timedelta(days=400)
        accreditation.attach(
            session, key, DocumentKind.BUSINESS_LICENCE, "执照.pdf", PDF, "B-74", first, last
        )
        submit(session, key)
        for login in ("sales", "finance"):
            decide(session_of(login, utc_now), key)
    with signed_in(server_url, "gm") as gm, pytest.raises(ChemsalesError) as refusal:
        decide(gm, key, comment="同意")
    assert [reason.code for reason in refusal.value.reasons] == ["reason.server_not_as_decided"]


def test_c15_1_nobody_accepts_a_paper_that_has_ended(server_url, monkeypatch):
    monkeypatch.setattr(queries, "_past", lambda *_given: ())
    with opened(server_url):
        then = Clock(utc_now() - timedelta(days=2))
        customer = accredit(draft_of("过期换证化工", 75), then)
        key = record(customer, paper("R-75", today() - timedelta(days=1)), then)
        verdict(key, "sales", clock=then)
    with signed_in(server_url, "finance") as finance, pytest.raises(ChemsalesError) as refusal:
        services.decide(finance, key, licence_version(key), Verdict.APPROVE)
    assert [reason.code for reason in refusal.value.reasons] == ["reason.server_not_as_decided"]


def test_c17_1_no_paper_of_who_is_disqualified_is_recorded_or_accepted(server_url, monkeypatch):
    monkeypatch.setattr(queries, "load_reasons", lambda *_given: ())
    with opened(server_url):
        customer = accredit(draft_of("取消证照化工", 86), utc_now)
        key = record(customer, paper("R-76"), utc_now)
        verdict(key, "sales", clock=utc_now)
        disqualify(customer, utc_now)
    other = paper("R-77", kind=DocumentKind.HAZARDOUS_LICENCE)
    attempts = {
        "am": lambda am: services.record(am, customer, other, "证照.pdf", PDF + b"77"),
        "finance": lambda signer: services.decide(
            signer, key, licence_version(key), Verdict.APPROVE
        ),
    }
    for login, attempted in attempts.items():
        with signed_in(server_url, login) as session, pytest.raises(ChemsalesError) as refusal:
            attempted(session)
        assert [reason.code for reason in refusal.value.reasons] == ["reason.server_disqualified"]
