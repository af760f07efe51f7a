"""The way of an application: draft, papers, submission, three stages, rounds (C7.1, C7.2, C5.1)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries import approval
from chemsales.queries.customers import customer
from chemsales.rules.accreditation import digest
from chemsales.rules.approval import Outcome, StageName, Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import (
    ApplicationState,
    ClassRequest,
    Contact,
    ContactKind,
    DocumentKind,
    DocumentProfile,
    Draft,
)
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from chemsales.rules.roles import Role
from chemsales.services import accreditation as service
from chemsales.services.changes import Subject
from chemsales.storage.database import rows
from tests.factory import (
    PDF,
    accredit,
    decide,
    draft_of,
    employ,
    make_application,
    organisation_code,
    submit,
    uscc_of,
    version_of,
)
from tests.papers import flood, pdf, picture

APPROVE, RETURN, REJECT = Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT
# a code of a real company's early pilot: 18 characters, the check digit fails
PILOT = uscc_of(7)[:17] + ("1" if uscc_of(7)[17] != "1" else "2")


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def places(refusal):
    return {problem.place for problem in refusal.value.problems}


@pytest.fixture
def am(ready, as_role):
    return as_role(Role.ACCOUNT_MANAGER)


@pytest.fixture
def people(as_role):
    """The three stages in order."""
    return [as_role(role) for role in (Role.SALES_HEAD, Role.FINANCE, Role.GENERAL_MANAGER)]


def state_of(application_id):
    return rows("SELECT state FROM application WHERE id = ?", (application_id,))[0][0]


# drafts


def test_an_empty_draft_is_saved_and_comes_back(am):
    changed = service.save_draft(am, Draft())
    assert changed.subjects == {Subject.ACCREDITATION}
    detail = queries.application(am.actor, changed.value)
    assert (detail.number, detail.state) == ("SQ2026-0001", ApplicationState.DRAFT)
    assert detail.draft == Draft()
    assert detail.manager_name == "张伟"


def test_a_draft_is_stored_as_typed_but_for_the_form_of_codes(am):
    draft = draft_of(
        "  青岛  海洋塑料有限公司 ",
        uscc=" ９1370200 ma000001-" + uscc_of(1)[16:],
        account="3710 1986 0100",
        classes=(
            ClassRequest("BZ", CustomerClass.AGENT, "山东", 12_345, "苯乙烯"),
            ClassRequest("PO", CustomerClass.DIRECT, "", 5, ""),
        ),
    )
    key = service.save_draft(am, draft).value
    stored = queries.application(am.actor, key).draft
    assert stored.facts.name == "青岛 海洋塑料有限公司"
    assert stored.facts.uscc == uscc_of(1)
    assert stored.facts.account == "371019860100"
    assert (stored.classes, stored.contacts) == (draft.classes, draft.contacts)
    again = replace(stored, classes=draft.classes[:1], contacts=())
    service.save_draft(am, again, key, 1)
    assert queries.application(am.actor, key).draft == again


@pytest.mark.parametrize(
    ("draft", "place"),
    [
        (draft_of("x" * 201), "name"),
        (draft_of("海\u202e洋"), "name"),
        (draft_of("海洋", bank="建\u200b行"), "bank"),
        (draft_of("海洋", business_scope="甲" * 1001), "business_scope"),
        (draft_of("海洋", classes=[ClassRequest("XX", CustomerClass.DEALER)]), "classes.XX"),
        (draft_of("海洋", classes=[ClassRequest("PO", CustomerClass.DEALER)] * 2), "classes.PO"),
        (
            Draft(contacts=(Contact(ContactKind.PRINCIPAL, "王\x00"),)),
            "contacts.0.name",
        ),
    ],
)
def test_what_cannot_be_stored_is_refused_by_field(am, draft, place):
    with pytest.raises(Invalid) as refusal:
        service.save_draft(am, draft)
    assert places(refusal) == {place}
    assert rows("SELECT count(*) FROM application") == [(0,)]


def test_a_manager_cannot_override_a_code_by_the_form(am):
    key = service.save_draft(am, draft_of("海洋塑料", code_override="我说可以")).value
    assert queries.application(am.actor, key).code_override == ""
    service.save_draft(am, draft_of("海洋塑料", code_override="我说可以"), key, 1)
    assert queries.application(am.actor, key).code_override == ""


def test_nobody_edits_the_application_of_another(am, as_role):
    key = make_application(am, draft_of("海洋塑料"))
    other = as_role(Role.ACCOUNT_MANAGER, "am2")
    document = queries.application(am.actor, key).documents[0].id
    for act in (
        lambda: service.save_draft(other, draft_of("山海塑料"), key, 1),
        lambda: service.attach(other, key, DocumentKind.OTHER, "a.pdf", PDF),
        lambda: service.detach(other, document),
        lambda: service.submit(other, key, 1),
        lambda: service.withdraw(other, key, 1),
    ):
        with pytest.raises(NotAllowed) as refusal:
            act()
        assert codes(refusal) == ["reason.application_of_another"]
    assert queries.application(am.actor, key).draft.facts.name == "海洋塑料"


def test_a_stale_draft_is_a_conflict(am):
    key = service.save_draft(am, draft_of("海洋塑料")).value
    service.save_draft(am, draft_of("海洋塑料二"), key, 1)
    with pytest.raises(Conflict) as refusal:
        service.save_draft(am, draft_of("海洋塑料三"), key, 1)
    assert codes(refusal) == ["reason.changed_elsewhere"]
    with pytest.raises(NotFound):
        service.save_draft(am, draft_of("无"), 99, 1)


def test_numbers_have_no_gaps_though_acts_are_refused(am, clock):
    for name in ("甲", "乙\u202e", "丙"):
        try:
            service.save_draft(am, draft_of(name))
        except Invalid:
            continue
    clock.set(2027, 1, 4)
    service.save_draft(am, draft_of("丁"))
    numbers = [row[0] for row in rows("SELECT number FROM application ORDER BY id")]
    assert numbers == ["SQ2026-0001", "SQ2026-0002", "SQ2027-0001"]


# papers


@pytest.mark.parametrize(
    ("data", "file_name", "mime", "label"),
    [
        (PDF, "营业执照.pdf", "application/pdf", "营业执照.pdf"),
        (picture("PNG"), "../../etc/passwd", "image/png", "passwd"),
        (picture("JPEG"), "C:\\scans\\税务.exe", "image/jpeg", "税务.exe"),
        (picture("TIFF"), "a\u202egpj.exe", "image/tiff", "agpj.exe"),
        (picture("TIFF"), "\x00\x01", "image/tiff", "-"),
        (PDF, "长" * 300 + ".pdf", "application/pdf", "长" * 179 + "…" + "长" * 16 + ".pdf"),
    ],
)
def test_papers_are_known_by_their_bytes(am, data, file_name, mime, label):
    key = service.save_draft(am, Draft()).value
    document = service.attach(
        am, key, DocumentKind.BUSINESS_LICENCE, file_name, data, " 37-1 ", None, date(2027, 1, 1)
    ).value
    row = queries.application(am.actor, key).documents[0]
    assert (row.id, row.mime, row.label, row.size) == (document, mime, label, len(data))
    assert (row.number, row.valid_to, row.long_term) == ("37-1", date(2027, 1, 1), False)
    assert queries.document_bytes(am.actor, ("application_document", document)) == (mime, data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "reason.file_empty"),
        (PDF + b"x" * (20 * 1024 * 1024), "reason.file_large"),
        (b"MZ\x90\x00", "reason.file_kind"),
        (b"<html>%PDF-1.4", "reason.file_kind"),
        (b"%PDF-1.7 broken", "reason.document_damaged"),
        (pdf(password="x"), "reason.document_locked"),
        (b"\x89PNG\r\n\x1a\nx", "reason.document_damaged"),
        (b"MM\x00*", "reason.document_damaged"),
        (flood(), "reason.document_bomb"),
        (flood(12_000), "reason.document_flood"),
    ],
)
def test_other_files_are_refused(am, data, code):
    key = service.save_draft(am, Draft()).value
    with pytest.raises(Invalid) as refusal:
        service.attach(am, key, DocumentKind.OTHER, "a.pdf", data)
    assert codes(refusal) == [code]
    assert rows("SELECT count(*) FROM document_blob") == [(0,)]


@pytest.mark.parametrize(
    "validity",
    [
        {"valid_from": date(2026, 2, 2), "valid_to": date(2026, 2, 1)},
        {"valid_to": date(2026, 2, 1), "long_term": True},
    ],
)
def test_impossible_validity_is_refused(am, validity):
    key = service.save_draft(am, Draft()).value
    with pytest.raises(Invalid) as refusal:
        service.attach(am, key, DocumentKind.OTHER, "a.pdf", PDF, **validity)
    assert places(refusal) == {"valid_to"}


def test_a_voided_paper_is_gone_from_the_form_but_kept(am):
    key = make_application(am, draft_of("海洋塑料"))
    document = queries.application(am.actor, key).documents[0].id
    service.detach(am, document)
    assert len(queries.application(am.actor, key).documents) == 1
    assert (
        queries.document_bytes(am.actor, ("application_document", document))[0] == "application/pdf"
    )
    with pytest.raises(NotFound):
        service.detach(am, document)
    with pytest.raises(Invalid) as refusal:
        submit(am, key)
    assert places(refusal) == {"document.business_licence"}


# submission


def test_everything_missing_is_listed_at_once(am):
    key = service.save_draft(am, Draft()).value
    with pytest.raises(Invalid) as refusal:
        service.submit(am, key, 1)
    assert places(refusal) == {
        "name", "uscc", "bank", "account", "invoice_address", "invoice_phone", "classes",
        "document.business_licence", "document.invoice_data",
    }  # fmt: skip
    assert state_of(key) == "draft"


@pytest.mark.parametrize("field", ["bank", "account", "invoice_address", "invoice_phone"])
def test_each_blank_invoice_field_is_refused(am, field):
    key = make_application(am, draft_of("海洋塑料", **{field: " "}))
    with pytest.raises(Invalid) as refusal:
        submit(am, key)
    assert places(refusal) == {field}


def test_hazardous_groups_and_old_papers_want_more(am):
    benzene = draft_of("苯业", classes=[ClassRequest("BZ", CustomerClass.DEALER, "山东")])
    key = make_application(am, benzene)
    with pytest.raises(Invalid) as refusal:
        submit(am, key)
    assert places(refusal) == {"document.hazardous_licence"}
    legacy = draft_of("旧照塑料", profile=DocumentProfile.LEGACY, uscc="")
    key = make_application(am, legacy)
    with pytest.raises(Invalid) as refusal:
        submit(am, key)
    assert places(refusal) == {
        "licence15", "org9", "national_tax_no", "local_tax_no", "document.national_tax",
        "document.local_tax", "document.organisation_code",
    }  # fmt: skip


def test_a_second_customer_with_the_code_is_refused_and_shown_the_first(am, as_role, clock):
    accredit(draft_of("海洋塑料", 5), clock)
    other = as_role(Role.ACCOUNT_MANAGER, "am2")
    key = make_application(other, draft_of("海洋塑料（青岛）", 5))
    with pytest.raises(Invalid) as refusal:
        submit(other, key)
    (problem,) = refusal.value.problems
    assert (problem.place, problem.reason.code) == ("uscc", "reason.duplicate_customer")
    assert problem.reason.params["number"] == "C00001"
    assert problem.reason.params["name"] == "海洋塑料"
    assert problem.reason.clause == "C7.1"


def test_a_code_in_progress_elsewhere_is_refused(am, as_role):
    submit(am, make_application(am, draft_of("海洋塑料", 5)))
    other = as_role(Role.ACCOUNT_MANAGER, "am2")
    key = make_application(other, draft_of("海洋塑料（青岛）", 5))
    with pytest.raises(Invalid) as refusal:
        submit(other, key)
    assert codes(refusal) == ["reason.duplicate_application"]
    draft = draft_of("海洋塑料", 6)
    reasons = queries.duplicates(other.actor, draft)
    assert [reason.code for reason in reasons] == ["reason.duplicate_name"]


def test_the_same_organisation_under_an_old_code_is_a_warning(am, clock):
    legacy = draft_of(
        "海洋塑料",
        profile=DocumentProfile.LEGACY,
        uscc="",
        licence15="110108000000016",
        org9=organisation_code(5),
        national_tax_no="370211MA0000051",
        local_tax_no="370211MA0000051",
    )
    papers = (
        DocumentKind.BUSINESS_LICENCE, DocumentKind.NATIONAL_TAX, DocumentKind.LOCAL_TAX,
        DocumentKind.ORGANISATION_CODE, DocumentKind.INVOICE_DATA,
    )  # fmt: skip
    accredit(legacy, clock, documents=papers)
    key = make_application(am, draft_of("海洋新材料", 5))
    detail = queries.application(am.actor, key)
    assert [(p.place, p.reason.code, p.warning) for p in detail.problems] == [
        ("uscc", "reason.duplicate_organisation", True)
    ]
    submit(am, key)
    assert state_of(key) == "in_review"


def test_what_is_under_review_stands_still(am, people):
    key = make_application(am, draft_of("海洋塑料"))
    document = queries.application(am.actor, key).documents[0].id
    submit(am, key)
    for act in (
        lambda: service.save_draft(am, draft_of("山海塑料"), key, version_of(key)),
        lambda: service.attach(am, key, DocumentKind.OTHER, "a.pdf", PDF),
        lambda: service.detach(am, document),
        lambda: submit(am, key),
    ):
        with pytest.raises(NotAllowed) as refusal:
            act()
        assert codes(refusal) == ["reason.application_frozen"]


# the three stages


def test_c7_2_the_chain_is_sales_then_finance_then_general_manager(am, people, clock):
    sales, finance, gm = people
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    for early, stage in ((finance, "sales"), (gm, "sales")):
        with pytest.raises(NotAllowed) as refusal:
            decide(early, key)
        assert codes(refusal) == ["reason.stage_not_yours"]
        assert refusal.value.reasons[0].params["stage"] == f"@StageName.{stage}"
    decide(sales, key)
    with pytest.raises(NotAllowed):
        decide(gm, key)
    with pytest.raises(NotAllowed):
        decide(sales, key)
    decide(finance, key)
    changed = service.decide(gm, key, version_of(key), APPROVE, "同意准入")
    assert changed.value is ApplicationState.ACCREDITED
    assert changed.subjects == {
        Subject.ACCREDITATION,
        Subject.CUSTOMER,
        Subject.DISPATCH,
        Subject.TIERS,
    }
    detail = queries.application(am.actor, key)
    assert (detail.outcome, detail.stage, detail.customer_code) == (
        Outcome.APPROVED,
        None,
        "C00001",
    )
    assert [(row.stage, row.verdict, row.signer_name) for row in detail.decisions] == [
        (StageName.APPLICANT, Verdict.SUBMIT, "张伟"),
        (StageName.SALES, APPROVE, "王芳"),
        (StageName.FINANCE, APPROVE, "李强"),
        (StageName.GENERAL_MANAGER, APPROVE, "赵敏"),
    ]
    assert detail.decisions[0].comment == "资料齐全，申请准入。"
    assert detail.decisions[3].comment == "同意准入"


def test_c4_2_a_qualification_is_filed_once_it_was_reviewed_with_what_was_reviewed(am, people):
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    for who in people:
        assert rows("SELECT count(*) FROM customer") == [(0,)]
        decide(who, key)
    stored = queries.application(am.actor, key)
    filed = rows("SELECT application_id, case_id, name FROM customer")
    assert filed == [(key, stored.case_id, "海洋塑料")]
    (snapshot,) = rows("SELECT snapshot FROM approval_case WHERE id = ?", (stored.case_id,))[0]
    assert {paper.sha256 for paper in stored.documents} == {
        sha for _kind, sha in json.loads(snapshot)["documents"]
    }


def test_c5_1_finance_does_not_sign_for_sales_nor_sales_for_finance(am, people):
    sales, finance, _gm = people
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    for wrong, right in ((finance, sales), (sales, finance)):
        with pytest.raises(NotAllowed) as refusal:
            decide(wrong, key)
        assert "reason.stage_not_yours" in codes(refusal)
        decide(right, key)


def test_a_return_opens_a_new_round_in_which_every_stage_decides_again(am, people):
    sales, finance, _ = people
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    first = queries.application(am.actor, key).snapshot_hash
    decide(sales, key)
    with pytest.raises(NotAllowed) as refusal:
        decide(finance, key, RETURN, "  ")
    assert codes(refusal) == ["reason.comment_required"]
    decide(finance, key, RETURN, "开户行与开户许可证不一致")
    assert state_of(key) == "returned"
    assert [row.id for row in approval.queue(am.actor)] == [key]
    service.save_draft(am, draft_of("海洋塑料", bank="中国工商银行青岛分行"), key, version_of(key))
    submit(am, key)
    detail = queries.application(am.actor, key)
    assert (detail.round, detail.stage) == (2, StageName.SALES)
    assert detail.snapshot_hash != first
    with pytest.raises(NotAllowed):
        decide(finance, key)
    for person in people:
        decide(person, key)
    hashes = rows("SELECT round, snapshot_hash FROM decision WHERE case_id = ?", (detail.case_id,))
    assert dict(hashes) == {1: first, 2: detail.snapshot_hash}
    assert state_of(key) == "accredited"


def test_one_person_holds_one_stage_over_all_rounds(am, people):
    sales, finance, _ = people
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    decide(sales, key)
    decide(finance, key, RETURN, "请补正")
    submit(am, key)
    decide(sales, key)  # the same stage again, in the next round
    # somebody signs as finance, then changes over to sales
    decide(employ("mover", Role.FINANCE), key, RETURN, "再补正")
    submit(am, key)
    moved = employ("mover", Role.SALES_HEAD)
    with pytest.raises(NotAllowed) as refusal:
        decide(moved, key)
    assert codes(refusal) == ["reason.signed_another_stage"]
    assert [r.code for r in queries.blockers(moved.actor, key, APPROVE, moved.today())] == codes(
        refusal
    )


def test_an_applicant_never_signs(ready):
    applicant = employ("both", Role.ACCOUNT_MANAGER)
    key = make_application(applicant, draft_of("海洋塑料"))
    submit(applicant, key)
    head = employ("both", Role.SALES_HEAD)
    with pytest.raises(NotAllowed) as refusal:
        decide(head, key)
    assert codes(refusal) == ["reason.applicant_cannot_sign"]


def test_a_rejection_ends_it(am, people):
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    decide(people[0], key, REJECT, "提供虚假资料")
    assert state_of(key) == "rejected"
    for act in (lambda: decide(people[1], key), lambda: submit(am, key)):
        with pytest.raises(NotAllowed):
            act()
    assert rows("SELECT count(*) FROM customer") == [(0,)]


@pytest.mark.parametrize("submitted", [False, True])
def test_the_manager_takes_an_application_back(am, people, submitted):
    key = make_application(am, draft_of("海洋塑料"))
    if submitted:
        submit(am, key)
    again = service.withdraw(am, key, version_of(key)).value
    assert state_of(key) == "withdrawn"
    assert (again is not None) is submitted
    with pytest.raises(NotAllowed):
        service.withdraw(am, key, version_of(key))
    with pytest.raises(NotAllowed):
        decide(people[0], key)


def test_too_late_says_who_was_faster(am, people, as_role):
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    seen = version_of(key)
    decide(people[0], key)
    with pytest.raises(Conflict) as refusal:
        service.decide(people[0], key, seen, APPROVE)
    (reason,) = refusal.value.reasons
    assert reason.code == "reason.decided_elsewhere"
    assert reason.params == {
        "name": "王芳",
        "stage": "@StageName.sales",
        "verdict": "@Verdict.approve",
    }


# codes whose check digit fails


def test_a_failing_check_digit_waits_for_a_reviewers_override(am, people):
    sales, _, gm = people
    key = make_application(am, draft_of("试点塑料", uscc=PILOT))
    submit(am, key)
    detail = queries.application(sales.actor, key)
    assert [reason.code for reason in detail.failing_codes] == ["reason.code_check_digit"]
    assert "uscc" in {problem.place for problem in detail.problems if problem.warning}
    with pytest.raises(NotAllowed) as refusal:
        decide(sales, key)
    assert codes(refusal) == ["reason.code_check_digit", "reason.identifier_not_overridden"]
    assert [r.code for r in queries.blockers(sales.actor, key, APPROVE, sales.today())] == codes(
        refusal
    )
    assert queries.blockers(sales.actor, key, RETURN, sales.today()) == ()
    for person in (am, gm):
        with pytest.raises(NotAllowed) as refusal:
            service.override_identifier(person, key, "试点代码", version_of(key))
        assert codes(refusal) == ["reason.role_lacks_action"]
    with pytest.raises(Invalid):
        service.override_identifier(sales, key, "  ", version_of(key))
    service.override_identifier(sales, key, "2015 年试点发放，已电话核实登记机关", version_of(key))
    for person in people:
        decide(person, key)
    assert customer(am.actor, 1).facts.code_override.startswith("2015 年试点")


def test_an_override_ends_when_the_code_changes(am, people):
    sales = people[0]
    key = make_application(am, draft_of("试点塑料", uscc=PILOT))
    submit(am, key)
    service.override_identifier(sales, key, "已核实", version_of(key))
    decide(sales, key, RETURN, "请核对代码")
    service.save_draft(am, draft_of("试点塑料", uscc=PILOT), key, version_of(key))
    assert queries.application(am.actor, key).code_override == "已核实"
    service.save_draft(am, draft_of("试点塑料", uscc=uscc_of(7)), key, version_of(key))
    assert queries.application(am.actor, key).code_override == ""


def test_there_is_nothing_to_override_in_good_codes_or_before_submission(am, people):
    key = make_application(am, draft_of("海洋塑料"))
    with pytest.raises(NotAllowed) as refusal:
        service.override_identifier(people[0], key, "x", version_of(key))
    assert codes(refusal) == ["reason.override_only_in_review"]
    submit(am, key)
    with pytest.raises(NotAllowed) as refusal:
        service.override_identifier(people[0], key, "x", version_of(key))
    assert codes(refusal) == ["reason.nothing_to_override"]


@pytest.mark.parametrize("code", ["91370200MA00000", "91370200MA0000I1XX"])
def test_a_code_that_is_no_code_is_not_a_case_for_overriding(am, code):
    key = make_application(am, draft_of("海洋塑料", uscc=code))
    with pytest.raises(Invalid) as refusal:
        submit(am, key)
    assert places(refusal) == {"uscc"}


# what is left behind


def test_the_snapshot_is_what_was_reviewed(am):
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    text, hashed = rows("SELECT snapshot, snapshot_hash FROM approval_case")[0]
    frozen = json.loads(text)
    assert digest(frozen) == hashed
    assert frozen["facts"]["name"] == "海洋塑料"
    assert frozen["classes"][0]["group_code"] == "PO"
    assert frozen["contacts"][0]["name"] == "吴敏"
    papers = {paper["sha256"] for paper in frozen["papers"]}
    assert papers == {row.sha256 for row in queries.application(am.actor, key).documents}


def test_every_act_and_every_refusal_leaves_an_event(am, people):
    key = make_application(am, draft_of("海洋塑料"))
    submit(am, key)
    with pytest.raises(NotAllowed):
        decide(people[1], key)
    decide(people[0], key)
    events = rows(
        "SELECT use_case, outcome, who, clause, edition FROM event "
        "WHERE use_case LIKE 'accreditation.%' ORDER BY id"
    )
    assert events == [
        ("accreditation.save_draft", "done", "am", "C7.1", None),
        ("accreditation.attach", "done", "am", "C7.1", None),
        ("accreditation.attach", "done", "am", "C7.1", None),
        ("accreditation.submit", "done", "am", "C7.1", 1),
        ("accreditation.decide", "refused", "finance", "C7.2", None),
        ("accreditation.decide", "done", "sales", "C7.2", 1),
    ]
    (detail,) = rows("SELECT detail FROM event WHERE outcome = 'refused'")[0]
    assert json.loads(detail) == {
        "kind": "not_allowed",
        "application_id": str(key),
        "seen_version": "2",
        "verdict": "approve",
    }


def test_nothing_is_submitted_before_the_regulation_is_in_force(am, clock):
    key = make_application(am, draft_of("海洋塑料"))
    clock.set(2019, 12, 31, hour=1)
    with pytest.raises(NotAllowed) as refusal:
        submit(am, key)
    assert codes(refusal) == ["reason.before_first_edition"]
    assert refusal.value.reasons[0].clause == "C20.1"


def test_nobody_reads_applications_without_a_business_role(am, as_role):
    key = make_application(am, draft_of("海洋塑料"))
    admin = as_role(Role.ADMINISTRATOR).actor
    for read in (
        lambda: queries.application(admin, key),
        lambda: approval.queue(admin),
        lambda: queries.applications(admin),
    ):
        with pytest.raises(NotAllowed):
            read()
    assert queries.application(as_role(Role.AUDITOR).actor, key).id == key


def test_a_code_is_accepted_as_it_was_seen_and_the_next_stage_sees_that(am, people):
    """C7.1: a correction in between, and a decision on what stood before, are conflicts."""
    sales, finance = people[:2]
    key = make_application(am, draft_of("试点塑料", uscc=PILOT))
    submit(am, key)
    seen = version_of(key)
    decide(sales, key, RETURN, "请核对代码")
    service.save_draft(am, draft_of("试点塑料", uscc=PILOT, bank="中国银行"), key, version_of(key))
    submit(am, key)
    with pytest.raises(Conflict):
        service.override_identifier(finance, key, "已核实", seen)
    assert queries.application(am.actor, key).code_override == ""
    before = version_of(key)
    service.override_identifier(finance, key, "已核实", before)
    with pytest.raises(Conflict):
        service.decide(sales, key, before, APPROVE)
    service.decide(sales, key, version_of(key), APPROVE)
