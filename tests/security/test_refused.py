"""C7.1, C17.1: where a server shows a manager the own records alone, what is shared with another's
refused party is told to the manager and to every reviewer, and nothing else of that party."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chemsales.queries.accreditation import duplicates
from chemsales.queries.checks import checks
from chemsales.queries.delegation import load_acting
from chemsales.queries.duplicates import duplicates as of
from chemsales.queries.duplicates import is_twin
from chemsales.rules.customer import Contact, ContactKind, Draft
from chemsales.rules.errors import Problem, Reason
from chemsales.rules.names import name_key
from chemsales.rules.roles import Role
from chemsales.services import delegation, settings
from chemsales.services.session import utc_now
from chemsales.storage.database import connected, rows
from chemsales.storage.security.refused import key_of
from tests.conftest import opened
from tests.factory import draft_of, make_application, session_of, submit
from tests.factory_refused import OUT, REJECTED, refused_parties
from tests.security.conftest import signed_in

OWN = draft_of(
    "宁波荣盛新材料贸易有限公司", 93, parent_company="", legal_person="周立", former_name="",
    account="88880093", registered_address="宁波市中山路 1 号", business_address="",
    invoice_address="", invoice_phone="",
)  # fmt: skip
SHARED = [
    {"uscc": OUT.facts.uscc},
    {"name": OUT.facts.name},
    {"name": "淄博恶意贸易有限责任公司"},
    {"name": "山东淄博旧恶贸易有限公司"},
    {"name": "淄博恶义贸易有限公司"},
    {"name": "淄博恶意贸场有限公司"},
    {"name": "旧恶控股集团"},
    {"former_name": " 淄博恶意贸易 有限公司"},
    {"former_name": "淄博旧恶贸易有限公司"},
    {"parent_company": "淄博恶意贸易有限公司"},
    {"parent_company": "旧恶控股集团"},
    {"account": OUT.facts.account},
    {"account": "9999 0091"},
    {"legal_person": "孙大新(小)"},
    {"legal_person": "孙二新"},
    {"business_address": "淄博市张店区１号"},
    {"registered_address": "淄博市 张店区 3号", "invoice_address": "淄博市张店区2号"},
    {"invoice_phone": "+86 533 7654321"},
    {"name": REJECTED.facts.name, "account": "99990092"},
    {"legal_person": "陈大立", "uscc": REJECTED.facts.uscc},
]


@pytest.fixture(scope="module")
def refused(server_url: str) -> str:
    with opened(server_url):
        refused_parties()
    return server_url


@pytest.fixture
def own_only(refused: str) -> Iterator[str]:
    with signed_in(refused, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "on")
    yield refused
    with signed_in(refused, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "")


def told(url: str, login: str, draft: Draft) -> list[Problem]:
    """What is shared with refused parties, with the places on the form."""
    with signed_in(url, login), connected():
        found = of(draft)
    assert all(map(is_twin, found))
    return sorted((each for each in found if each.reason.code == "reason.party_refused"), key=str)


@pytest.mark.parametrize("facts", SHARED, ids=lambda facts: " ".join(facts))
def test_c17_1_the_applicant_is_told_what_every_reviewer_is(
    own_only: str, facts: dict[str, str]
) -> None:
    draft = replace(OWN, facts=replace(OWN.facts, **facts))
    shown = told(own_only, "sales", draft)
    assert shown
    assert told(own_only, "am2", draft) == shown
    assert told(own_only, "am", draft) == shown  # whose party it was


def test_c17_1_a_phone_of_a_contact_is_told_at_its_place(own_only: str) -> None:
    people = (
        Contact(ContactKind.BUSINESS, "甲", phone="1"),
        Contact(ContactKind.FINANCE, "乙", phone="0533 7654321"),
    )
    draft = replace(OWN, contacts=people)
    (found,) = told(own_only, "am2", draft)
    assert found.place == "contacts.1.phone"
    assert told(own_only, "finance", draft) == [found]


def test_what_nobody_shares_is_not_told(own_only: str) -> None:
    assert told(own_only, "am2", OWN) == []
    near = {"name": "淄博善意商贸公司", "legal_person": "孙大", "account": "9999009"}
    assert told(own_only, "am2", replace(OWN, facts=replace(OWN.facts, **near))) == []


def test_c17_1_it_is_told_while_typing_and_the_rows_stay_hidden(own_only: str) -> None:
    draft = replace(OWN, facts=replace(OWN.facts, legal_person="孙二新"))
    with signed_in(own_only, "am2") as session:
        (reason,) = duplicates(session.actor, draft)
        assert isinstance(reason, Reason)
        assert (reason.params["name"], reason.params["same"]) == (
            OUT.facts.name, "@Sameness.legal_person",
        )  # fmt: skip
        for table in ("customer", "application", "customer_change", "application_contact"):
            assert rows(f"SELECT count(*) FROM {table}") == [(0,)]
        asked: list[dict[str, object]] = [
            {},
            {"name": "", "account": "", "person": "", "names": [""], "former": ""},
            {"phones": [["x", ""]], "addresses": {}, "parent": "", "spelling": ""},
        ]
        for each in asked:
            got = rows("SELECT * FROM chemsales_refused_unseen(?, 0, 0)", (json.dumps(each),))
            assert got == []
        shown = rows("SELECT * FROM chemsales_refused_unseen(?, 0, 0)",
                     (json.dumps({"person": name_key("孙二新")}),))  # fmt: skip
    ((_owner, _id, _number, name, state, shared),) = shown
    assert (name, state, shared) == (OUT.facts.name, "disqualified", "legal_person")


def test_c17_1_who_signs_for_another_reviews_with_it(own_only: str) -> None:
    """A manager who is shown the own records alone, and the case that is to be signed."""
    with opened(own_only):
        am = session_of("am", utc_now)
        made = make_application(
            am,
            draft_of(
                "宁波新荣盛化工有限公司", 94, account="99990092", legal_person="周立",
                registered_address="宁波市 1 号", business_address="", invoice_phone="0574-765432",
                invoice_address="宁波市 2 号",
            ),
        )  # fmt: skip
        submit(am, made)
        head = session_of("sales", utc_now)
        today = head.today()
    with signed_in(own_only, "sales") as head:
        delegation.delegate(head, "am2", Role.SALES_HEAD, today, today, "出差")

    def same(login: str) -> set[object]:
        with signed_in(own_only, login) as session, connected():
            actor = load_acting(session.actor, today)
            found = checks(actor, made, today)
        return {
            row.reason.params["same"] for row in found if row.reason.code == "reason.party_refused"
        }

    assert same("sales") == {"@Sameness.account"}
    assert same("am2") == same("finance") == {"@Sameness.account"}


def test_a_name_is_folded_by_the_server_as_by_the_program(refused: str) -> None:
    names = [
        "淄博（恶意） 贸易", "ＡＢＣ Plastics［中国］", "甲\u3000乙〔丙〕", "1 号\t楼①", "",
        "{x}【y】〖z〗〘a〙〚b〛｛c｝",
    ]  # fmt: skip
    with opened(refused):
        folded = [rows(f"SELECT {key_of('?')}", (name,))[0][0] for name in names]
    assert folded == [name_key(name) for name in names]
