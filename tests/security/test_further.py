"""C3.1, C7.2, C10.1 on a server: a further class comes by three signatures of three logins, and no
login comes to one otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries import applications as stored_applications
from chemsales.queries.delegation import load_acting
from chemsales.queries.dispatch import load_recipients
from chemsales.rules.approval import Verdict
from chemsales.rules.calendar import company_day
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.customer import DocumentKind as Kind
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.roles import Role
from chemsales.services import accreditation, applications, audit, further, settings
from chemsales.services.session import utc_now
from chemsales.storage.database import rows
from tests.conftest import opened
from tests.factory import PDF, accredit, decide, draft_of, session_of, submit, version_of
from tests.factory_customer_change import change
from tests.factory_disqualification import disqualify
from tests.factory_further import EG_DEALER, asked, begin
from tests.security import world
from tests.security.conftest import signed_in
from tests.security.hostile import STAMP, Hostile, _case, _decision, _moved, again
from tests.security.test_delegation import DEPUTY, give, take_back
from tests.security.test_hostile import attempt, digest, person

BENZENE = ClassRequest("BZ", CustomerClass.DEALER, "山东", 0, "贸易")
DIRECT = ClassRequest("PO", CustomerClass.DIRECT, "江苏", 0, "注塑")


def _classes(customer: int) -> list[tuple[object, ...]]:
    return rows(
        "SELECT group_code, customer_class, from_day = chemsales_today(), to_day IS NULL "
        "FROM customer_class WHERE customer_id = ? ORDER BY id", (customer,),
    )  # fmt: skip


def test_c3_1_c7_2_a_further_class_comes_by_three_logins(server_url: str) -> None:
    """With a class that takes the place of another, and a paper that is watched from then on."""
    with signed_in(server_url, "am") as am:
        customer = world.look().customers[0]
        key = begin(customer, DIRECT, BENZENE, session=am)
        accreditation.attach(am, key, Kind.HAZARDOUS_LICENCE, "危化.pdf", PDF + b"hz", "鲁危 7",
                             None, None, True)  # fmt: skip
        submit(am, key)
    with signed_in(server_url, "sales") as sales:
        decide(sales, key, comment="同意")
        given = queries.application(sales.actor, key).further_of
        assert given is not None and given.id == customer
    with signed_in(server_url, "finance") as finance:
        decide(finance, key, comment="同意")
    with signed_in(server_url, "gm") as gm:
        decide(gm, key, comment="同意")
    with opened(server_url):
        assert _classes(customer) == [
            ("PO", "dealer", False, False),
            ("PO", "direct", True, True),
            ("BZ", "dealer", True, True),
        ]
        assert rows("SELECT recorded_by FROM licence WHERE number = '鲁危 7' "
                    "AND accepted_on = chemsales_today()") == [("am",)]  # fmt: skip
    with signed_in(server_url, "auditor") as auditor:
        checked = audit.verify(auditor)
        assert checked.sound, checked.problems


def test_c7_2_who_signs_for_finance_and_the_general_manager_gives_the_class(
    server_url: str,
) -> None:
    """With an account manager's login that sees no customer of another beside what it signs."""
    with signed_in(server_url, "am") as am:
        customer = world.look().customers[0]
        key = begin(customer, session=am)
        submit(am, key)
    with signed_in(server_url, "sales") as sales:
        decide(sales, key, comment="同意")
    with signed_in(server_url, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "on")
    try:
        give(server_url, "finance", Role.FINANCE)
        with signed_in(server_url, DEPUTY) as deputy:
            acting = replace(deputy, actor=load_acting(deputy.actor, deputy.today()))
            shown = queries.application(acting.actor, key).further_of
            assert shown is not None and shown.id == customer
        with signed_in(server_url, "finance") as finance:
            decide(finance, key, comment="同意")
        give(server_url, "gm", Role.GENERAL_MANAGER)
        with signed_in(server_url, DEPUTY) as deputy:
            decide(deputy, key, comment="同意")
    finally:
        take_back(server_url)
        with signed_in(server_url, "admin") as admin:
            settings.set_value(admin, "am_sees_own_only", "")
    with opened(server_url):
        assert _classes(customer)[-1] == ("EG", "dealer", True, True)


@pytest.fixture(scope="module")
def waiting(server_url: str) -> Iterator[tuple[str, int, int]]:
    """The owner's URL, an application at the general manager's, its customer."""
    with opened(server_url):
        customer = world.look().customers[1]
        am = session_of("am", utc_now)
        key = begin(customer, session=am)
        submit(am, key)
        for login in ("sales", "finance"):
            decide(session_of(login, utc_now), key)
    yield server_url, key, customer


def _given(customer: int, group: str = "EG", wanted: str = "dealer") -> str:
    """SQL: the class as it was asked for, but for what is said otherwise."""
    return (
        "; INSERT INTO customer_class (customer_id, group_code, customer_class, region, purpose, "
        "production, capacity_kg, credit, no_resale, operation, funds, reputation, ability, "
        f"only_ours, from_day, clause, edition) SELECT {customer}, '{group}', '{wanted}', region, "
        "purpose, production, capacity_kg, credit, no_resale, operation, funds, reputation, "
        "ability, only_ours, '2020-01-01', 'C10.1', 1 FROM application_class "
        "WHERE application_id = {key}"
    )


def _tries(key: int, customer: int) -> Iterator[Hostile]:
    year = company_day(utc_now()).year
    series = f"series = 'application-{year}'"
    number = (
        f"UPDATE numbering SET last = last + 1 WHERE {series}; INSERT INTO application "
        "(number, state, customer_id, further, manager, created_by, created_at, name) SELECT "
        f"'SQ{year}-' || lpad(last::text, 4, '0'), 'draft', {{}}, {{}}, 'am', 'am', '{STAMP}', "
        f"'x' FROM numbering WHERE {series}"
    )
    yield Hostile(number.format(customer, 1), "am skip; am2 CS003; * 42501")
    yield Hostile(number.format(customer, 0), "am P0001; am2 P0001; * 42501")
    yield Hostile(number.format("NULL", 1), "am CS003; am2 CS003; * 42501")
    yield Hostile(f"UPDATE application SET further = 1 - further WHERE id = {key}")
    yield Hostile(f"UPDATE application SET customer_id = 1, version = version + 1 WHERE id = {key}",
                  "gm P0001; * 42501")  # fmt: skip
    yield Hostile(
        f"UPDATE customer SET version = version + 1 WHERE id = {customer}",
        "am skip; am2 none; sales skip; finance CS004; gm CS004; admin CS004; * 42501",
    )
    early = _given(customer).format(key=key).removeprefix("; ")
    yield Hostile(early, "gm CS002; sales CS012; * 42501")
    signed = _decision(_case(key), "general_manager", "approve", "signer='gm'")
    approved = signed + _moved(key, "NULL", "approved")
    accredited = (
        f"; UPDATE application SET state = 'accredited', version = version + 1 WHERE id = {key}"
    )
    last = "gm {}; sales CS002; finance CS002; am CS002; am2 CS002; * 42501"
    yield Hostile(approved + accredited, last.format("CS004"))  # without the class
    whole = approved + _given(customer).format(key=key) + accredited
    yield Hostile(whole, last.format("CS004"))  # told to nobody
    for group, wanted in (("EG", "agent"), ("BZ", "dealer"), ("PO", "direct")):
        yield Hostile(approved + _given(customer, group, wanted).format(key=key) + accredited,
                      last.format("CS012"))  # fmt: skip
    yield Hostile(approved + _given(1).format(key=key) + accredited, last.format("CS002"))
    level = (
        "; INSERT INTO tier_start (customer_id, level, form, from_day, edition) VALUES "
        f"({customer}, 'three_star', 'plan', '2020-01-01', 1)"
    )
    yield Hostile(approved + level, last.format("CS008"))


@pytest.mark.parametrize("login", ["am", "am2", "sales", "finance", "gm", "admin", "auditor"])
def test_c3_1_c7_2_no_login_comes_to_a_class_otherwise(
    waiting: tuple[str, int, int], login: str
) -> None:
    url, key, customer = waiting
    before, wrong = digest(url), []
    with person(url, login) as link:
        for each in _tries(key, customer):
            expected = each.refusal(login)
            happened = expected if expected == "skip" else attempt(link, each)
            if happened != expected:
                wrong.append(f"{happened} instead of {expected}: {each.sql}")
    assert not wrong, "\n".join(wrong)
    assert digest(url) == before


def test_c4_7_a_further_class_is_told_to_finance_and_every_office(
    waiting: tuple[str, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, key, customer = waiting
    for told in (("",), ("QD",)):
        monkeypatch.setattr("chemsales.services.dispatch.load_recipients", lambda _key, to=told: to)
        with signed_in(url, "gm") as gm, pytest.raises(ChemsalesError):
            decide(gm, key, comment="同意")
    with opened(url):
        assert ("EG", "dealer", True, True) not in _classes(customer)
        assert rows("SELECT state FROM application WHERE id = ?", (key,)) == [("in_review",)]
        assert load_recipients(customer) == ("", "QD")  # so that either was lacking


def test_c7_2_what_is_put_up_names_the_customer_and_says_what_its_file_says(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the program of the account manager shows the reviewers."""
    with signed_in(server_url, "am") as am:
        customer = world.look().customers[1]
        monkeypatch.setattr(further, "further_reasons", lambda *_given: ())
        monkeypatch.setattr(further, "put_up_reasons", lambda *_given: ())
        for module in (applications, accreditation, stored_applications):
            monkeypatch.setattr(module, "of_file", lambda draft, _customer: draft)
        key = accreditation.save_draft(am, asked(EG_DEALER), customer_id=customer).value
        monkeypatch.setattr(accreditation, "stored_problems", lambda _stored: ())
        with pytest.raises(ChemsalesError) as refusal:
            accreditation.submit(am, key, version_of(key))
        assert refusal.value.reasons[0].code == "reason.server_not_as_reviewed"


@pytest.mark.parametrize(
    ("happens", "number", "refusal"),
    [
        (lambda _customer: None, 90, "done"),
        (lambda customer: change(customer, clock=utc_now, industry="化工"), 91, "CS005"),
        (lambda customer: disqualify(customer, utc_now), 92, "CS023"),
    ],
    ids=["as before", "changed", "disqualified"],
)
def test_c7_2_what_was_returned_is_put_up_again_as_its_customer_is_by_then(
    server_url: str, happens: Callable[[int], object], number: int, refusal: str
) -> None:
    """Also by an account manager with psql, who shows the reviewers what they saw before."""
    with opened(server_url):
        customer = accredit(draft_of(f"退回化工{number}厂", number), utc_now)
        key = begin(customer, session=session_of("am", utc_now))
        submit(session_of("am", utc_now), key)
        decide(session_of("sales", utc_now), key, Verdict.RETURN, "补充资料")
        happens(customer)
    with person(server_url, "am") as link:
        assert attempt(link, Hostile(again(key))) == refusal
