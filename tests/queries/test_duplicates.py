"""Whom an application may be a second one of, each with its reason (C7.1, C5.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chemsales.queries import checks as checking
from chemsales.queries.accreditation import duplicates
from chemsales.queries.checks import CheckResult
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind, DocumentProfile, Draft
from chemsales.rules.errors import Reason
from chemsales.services import accreditation
from tests.factory import (
    accredit,
    decide,
    draft_of,
    make_application,
    organisation_code,
    session_of,
    submit,
)
from tests.factory_customer_change import change, judge
from tests.factory_disqualification import disqualify
from tests.furnishing import furnish

NAME = "青岛海科塑料制品有限公司"
OWN = draft_of("宁波荣盛新材料贸易有限公司", 9, parent_company="", legal_person="周立")


def _known() -> None:
    accredit(draft_of(NAME, 1, parent_company="海科控股集团"))


@pytest.fixture
def known(ready: str) -> None:
    """One customer, C00001."""
    furnish(_known)


def found(draft: Draft) -> list[Reason]:
    return list(duplicates(session_of("am2").actor, draft))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": "青岛海科塑料制品（有限）公司"}, "reason.duplicate_sound"),
        ({"name": " 青岛海科塑料制品 有限公司"}, "reason.duplicate_name"),
        ({"name": "青岛嗨科塑料制品有限公司"}, "reason.duplicate_sound"),
        ({"name": "青岛海科望料制品有限公司"}, "reason.duplicate_near"),
        ({"name": "青岛海科塑料制有限公司"}, "reason.duplicate_near"),
        ({"name": "青岛科海塑料制品有限公司"}, "reason.duplicate_near"),
        ({"name": "青岛%科塑料制品有限公司"}, "reason.duplicate_near"),
        ({"name": "青岛海科塑料制品有限责任公司"}, "reason.duplicate_form"),
        ({"name": "青岛海科塑料制品股份有限公司"}, "reason.duplicate_form"),
        ({"name": "山东青岛海科塑料制品有限公司"}, "reason.duplicate_form"),
        ({"name": "山东省青岛市海科塑料制品公司"}, "reason.duplicate_form"),
        ({"name": "江苏青岛海科塑料制品有限公司"}, None),
        ({"account": "37101986010051500001"}, "reason.duplicate_account"),
        ({"account": "3710 1986 0100 5150 ０００１"}, "reason.duplicate_account"),
        ({"invoice_phone": "（0532）8689 0001"}, "reason.duplicate_phone"),
        ({"invoice_phone": "138-0532-0001"}, "reason.duplicate_phone"),
        ({"invoice_phone": "+86 138 0532 0001"}, "reason.duplicate_phone"),
        ({"invoice_phone": "0086-13805320001"}, "reason.duplicate_phone"),
        ({"invoice_phone": "+86 532 8689 0001"}, "reason.duplicate_phone"),
        ({"parent_company": "海科控股集团"}, "reason.duplicate_group"),
        ({"parent_company": NAME}, "reason.duplicate_group"),
        ({"name": "海科控股集团"}, "reason.duplicate_group"),
        ({"legal_person": "陈立"}, None),
    ],
)
def test_c7_1_each_likeness_is_told_with_its_reason(
    known: None, facts: dict[str, str], code: str | None
) -> None:
    reasons = found(replace(OWN, facts=replace(OWN.facts, **facts)))
    assert [reason.code for reason in reasons] == ([code] if code else [])
    assert all(reason.params == {"number": "C00001", "name": NAME} for reason in reasons)


def test_c7_1_a_phone_of_a_contact_counts_too(known: None) -> None:
    contact = replace(OWN.contacts[0], phone="1380532 0001")
    assert [r.code for r in found(replace(OWN, contacts=(contact,)))] == ["reason.duplicate_phone"]


def test_nothing_is_like_an_empty_form_and_the_hits_have_an_end(ready: str) -> None:
    for number in range(1, 16):
        accredit(draft_of(f"第{number:02d}化工有限公司", number, account="11111111"))
    assert found(Draft()) == []
    assert len(found(replace(OWN, facts=replace(OWN.facts, account="11111111")))) == 12


def test_c7_1_what_is_shared_with_a_rejected_party_is_shown_to_every_reviewer(ready: str) -> None:
    am = session_of("am")
    refused = make_application(am, draft_of("沧州老赖化工有限公司", 3))
    submit(am, refused)
    decide(session_of("sales"), refused, Verdict.REJECT, "资信不良")
    shared = draft_of("沧州新生化工有限公司", 4, account="37101986010051500003")
    own = make_application(session_of("am2"), shared)
    submit(session_of("am2"), own)  # it keeps nobody from applying
    for login in ("sales", "finance", "gm"):
        reader = session_of(login)
        rows = checking.checks(reader.actor, own, reader.today())
        same = {
            row.reason.params["same"]: row.result
            for row in rows
            if row.reason.code == "reason.party_refused"
        }
        assert same == {
            "@Sameness.account": CheckResult.LOOK,
            "@Sameness.legal_person": CheckResult.LOOK,
            "@Sameness.address": CheckResult.LOOK,
        }
        assert rows[0].reason.params["what"] == "@ApplicationState.rejected"


def test_c17_1_a_disqualified_party_is_found_however_it_is_typed(ready: str) -> None:
    facts = {"legal_person": "陈立(大)", "invoice_address": "青岛市 海尔路 88 号 A 座"}
    disqualify(accredit(draft_of("沧州老赖化工有限公司", 3, **facts)))
    own = replace(OWN.facts, registered_address="宁波市中山路 1 号", invoice_address="")
    for typed, same in (
        ({"legal_person": " 陈 立（大）"}, {"@Sameness.legal_person"}),
        ({"business_address": "青岛市海尔路８８号a座"}, {"@Sameness.address"}),
        ({"account": "3710 1986 0100 5150 0003"}, {"@Sameness.account"}),
        ({"legal_person": "陈立"}, set[str]()),
        ({"business_address": "青岛市海尔路 89 号 A 座"}, set[str]()),
    ):
        reasons = found(replace(OWN, facts=replace(own, **typed)))
        assert {reason.code for reason in reasons} <= {"reason.party_refused"}
        assert {reason.params["same"] for reason in reasons} == same, typed


def test_c17_1_what_is_shared_with_a_refused_party_is_told_before_all_that_is_alike(
    ready: str,
) -> None:
    for number in range(21, 36):
        accredit(draft_of(f"第{number:02d}化工有限公司", number, parent_company="海科控股集团"))
    disqualify(accredit(draft_of("沧州老赖化工有限公司", 20, legal_person="陈大立")))
    facts = replace(OWN.facts, parent_company="海科控股集团", legal_person="陈大立")
    reasons = found(replace(OWN, facts=facts))
    assert reasons[0].code == "reason.party_refused"
    assert reasons[0].params["same"] == "@Sameness.legal_person"
    assert len(reasons) == 12


def test_c17_1_a_disqualified_party_is_found_by_what_is_like_it_and_what_it_was(
    ready: str,
) -> None:
    own = draft_of("淄博恶意贸易有限公司", 3, former_name="淄博旧恶贸易有限公司")
    customer = accredit(own)
    key = change(customer, account="99990001", legal_person="孙大新")
    assert key is not None
    judge(key)
    disqualify(customer)
    for typed, same in (
        ({"name": "淄博恶义贸易有限公司"}, {"@Sameness.like_name"}),
        ({"name": "淄博恶意贸易有限责任公司"}, {"@Sameness.name"}),
        ({"name": "山东淄博旧恶贸易有限公司"}, {"@Sameness.name"}),
        ({"former_name": "淄博恶意贸易有限公司"}, {"@Sameness.name"}),
        ({"parent_company": "淄博恶意贸易有限公司"}, {"@Sameness.group"}),
        ({"account": own.facts.account}, {"@Sameness.account"}),
        ({"account": "9999 0001"}, {"@Sameness.account"}),
        ({"legal_person": "孙大新"}, {"@Sameness.legal_person"}),
        ({"legal_person": own.facts.legal_person}, {"@Sameness.legal_person"}),
    ):
        facts = replace(
            OWN.facts, registered_address="宁波市中山路 1 号", invoice_address="", **typed
        )
        reasons = found(replace(OWN, facts=facts))
        assert {reason.code for reason in reasons} == {"reason.party_refused"}, typed
        assert {reason.params["same"] for reason in reasons} == same, typed


def test_c7_1_the_same_company_may_apply_again_after_a_rejection(ready: str) -> None:
    am = session_of("am")
    refused = make_application(am, draft_of("沧州老赖化工有限公司", 3))
    submit(am, refused)
    decide(session_of("sales"), refused, Verdict.REJECT, "资信不良")
    again = draft_of("沧州老赖化工有限公司", 3)
    same = {reason.params["same"] for reason in found(again)}
    assert {"@Sameness.code", "@Sameness.name"} <= same
    submit(am, make_application(am, again))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (f"370200{organisation_code(5)}", "reason.check_tax_agrees"),
        (f"370200{organisation_code(6)}", "reason.check_tax_differs"),
    ],
)
def test_c5_1_a_tax_number_is_of_the_company_of_the_codes(
    ready: str, number: str, code: str
) -> None:
    draft = draft_of(
        "旧证化工有限公司", 5, profile=DocumentProfile.LEGACY, uscc="", org9=organisation_code(5),
        national_tax_no=number,
    )  # fmt: skip
    key = accreditation.save_draft(session_of("am"), draft).value
    rows = checking.checks(session_of("finance").actor, key, session_of("am").today())
    row = next(row for row in rows if row.reason.code.startswith("reason.check_tax"))
    assert (row.reason.code, row.document) == (code, DocumentKind.NATIONAL_TAX)


def test_c5_1_an_account_that_another_customer_uses_is_no_pass(known: None) -> None:
    for number, passes in ((1, False), (2, True)):
        draft = draft_of("宁波荣盛新材料有限公司", 8, account=f"3710198601005150{number:04d}")
        key = accreditation.save_draft(session_of("am"), draft).value
        rows = checking.checks(session_of("finance").actor, key, session_of("am").today())
        codes = {row.reason.code for row in rows}
        assert ("reason.check_account_own" in codes) is passes
        assert ("reason.duplicate_account" in codes) is not passes
