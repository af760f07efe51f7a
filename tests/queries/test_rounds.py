"""What of a case is new since it was returned last (C7.2), on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chemsales.queries.applications import load_application
from chemsales.queries.rounds import since_return
from chemsales.rules.approval import ACCREDITATION, Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, Contact, ContactKind, DocumentKind, Draft
from chemsales.rules.history import FieldChange
from chemsales.rules.rounds import News, PaperNews
from chemsales.services import accreditation
from chemsales.storage.database import rows
from tests.factory import (
    PDF,
    Clock,
    answered,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)
from tests.factory_cases import CORRECTED, KINDS, furnished, put_up_again
from tests.factory_customer_change import WHY
from tests.factory_disqualification import FORGED
from tests.furnishing import furnish

LICENCE, INVOICE = DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA
PERMIT = DocumentKind.ACCOUNT_PERMIT


def told(made: int) -> News | None:
    """What is new, as finance reads it."""
    return since_return(session_of("finance").actor, ACCREDITATION.name, made)


def save(made: int, draft: Draft) -> None:
    accreditation.save_draft(session_of("am"), draft, made, version_of(made))


def attach(made: int, kind: DocumentKind, data: bytes, **facts: object) -> int:
    return accreditation.attach(session_of("am"), made, kind, "s.pdf", PDF + data, **facts).value  # type: ignore[arg-type]


def back() -> int:
    """An application that finance returned."""
    made = make_application(session_of("am"), draft_of("恒力石化有限公司"))
    submit(session_of("am"), made)
    decide(session_of("sales"), made)
    decide(session_of("finance"), made, Verdict.RETURN, "开户行不一致")
    return made


def test_nothing_is_new_in_the_first_round(ready: str) -> None:
    made = make_application(session_of("am"), draft_of("恒力石化有限公司"))
    assert told(made) is None
    submit(session_of("am"), made)
    assert told(made) is None


def test_c7_2_fields_classes_contacts_and_papers_since_the_return(ready: str) -> None:
    made = back()
    assert told(made) == News(1)
    stored = load_application(made)
    before = stored.draft
    papers = {paper.kind: paper.id for paper in stored.documents}
    dealer, contact = before.classes[0], before.contacts[0]
    solvent = answered(ClassRequest("EG", CustomerClass.DEALER, "山东", 50_000))
    finance = Contact(ContactKind.FINANCE, "周倩", phone="0532-1")
    save(
        made,
        replace(
            before,
            facts=replace(before.facts, bank="中国银行青岛分行"),
            classes=(replace(dealer, monthly_kg=300_000), solvent),
            contacts=(replace(contact, phone="13900000000"), finance),
            manager_opinion="开户行已更正。",
        ),
    )
    accreditation.detach(session_of("am"), papers[INVOICE])
    renewed, permit = attach(made, INVOICE, b"renewed"), attach(made, PERMIT, b"permit")
    found = told(made)
    assert found is not None and found.round == 1 and found.gone == ()
    assert found.papers == {renewed: PaperNews.REPLACED, permit: PaperNews.NEW}
    assert found.fields[:3] == (
        FieldChange("bank", before.facts.bank, "中国银行青岛分行"),
        FieldChange("manager_opinion", before.manager_opinion, "开户行已更正。"),
        FieldChange("monthly_kg", "600000", "300000", "PO"),
    )
    assert FieldChange("customer_class", "", "dealer", "EG") in found.fields
    assert FieldChange("contacts", "", "周倩  0532-1", "finance") in found.fields
    assert {each.field for each in found.fields if each.of == "business"} == {"contacts"}
    submit(session_of("am"), made)
    assert told(made) == found  # put up again, and read by every stage of the round
    decide(session_of("sales"), made)
    assert told(made) == found


def test_saved_several_times_it_is_compared_with_what_was_returned(ready: str) -> None:
    made = back()
    before = load_application(made).draft
    for monthly in (100_000, 200_000):
        save(made, replace(before, classes=(replace(before.classes[0], monthly_kg=monthly),)))
    found = told(made)
    assert found is not None
    assert found.fields == (FieldChange("monthly_kg", "600000", "200000", "PO"),)
    save(made, before)  # as it was
    assert told(made) == News(1)


def test_a_class_and_a_paper_that_went(ready: str) -> None:
    made = make_application(
        session_of("am"),
        draft_of("恒力石化有限公司", classes=(
            ClassRequest("PO", CustomerClass.DEALER, "山东", 1),
            ClassRequest("EG", CustomerClass.DEALER, "山东", 1),
        )),
        (LICENCE, INVOICE, PERMIT),
    )  # fmt: skip
    submit(session_of("am"), made)
    decide(session_of("sales"), made, Verdict.RETURN, "不需要")
    stored = load_application(made)
    save(made, replace(stored.draft, classes=stored.draft.classes[:1]))
    accreditation.detach(session_of("am"), stored.documents[2].id)
    found = told(made)
    assert found == News(1, (FieldChange("customer_class", "dealer", "", "EG"),), {}, (PERMIT,))


def test_the_same_paper_attached_again_is_no_news_and_one_with_other_facts_is(ready: str) -> None:
    made = back()
    paper = load_application(made).documents[0]
    data = f"{LICENCE} 恒力石化有限公司".encode()
    accreditation.detach(session_of("am"), paper.id)
    same = attach(made, LICENCE, data, long_term=True)
    again = load_application(made).documents[0]  # in the place that it had
    assert (again.id, again.sha256) == (same, paper.sha256)
    assert told(made) == News(1)
    accreditation.detach(session_of("am"), same)
    assert told(made) == News(1, gone=(LICENCE,))
    other = attach(made, LICENCE, data, number="370200")
    assert told(made) == News(1, papers={other: PaperNews.REPLACED})


def test_a_return_that_was_taken_back_counts_for_nothing(ready: str) -> None:
    made = back()
    before = load_application(made).draft
    save(made, replace(before, manager_opinion="已更正。"))
    submit(session_of("am"), made)
    decide(session_of("sales"), made, Verdict.RETURN, "看错了")
    accreditation.undo(session_of("sales"), made, version_of(made))
    found = told(made)
    assert found is not None and found.round == 1
    assert [each.field for each in found.fields] == ["manager_opinion"]
    decide(session_of("sales"), made, Verdict.RETURN, "仍不一致")
    assert told(made) == News(2)


@pytest.fixture
def department(ready: str) -> None:
    """A department with customers and a computed quarter."""
    furnish(furnished)


def news_of(name: str, key: int) -> News | None:
    """What is new of a case of this kind, as its first stage reads it."""
    return since_return(session_of(KINDS[name].signers[0]).actor, name, key)


def _papers(key: int) -> list[int]:
    return [
        int(paper)
        for (paper,) in rows(
            "SELECT id FROM disqualification_paper WHERE disqualification_id = ? AND void = 0 "
            "ORDER BY id",
            (key,),
        )
    ]


@pytest.mark.parametrize("name", [*CORRECTED, "evaluation"])
def test_nothing_of_another_kind_is_new_in_the_first_round(department: None, name: str) -> None:
    key = KINDS[name].put_up()
    assert news_of(name, key) is None


def test_c15_1_what_is_new_of_a_paper(department: None, clock: Clock) -> None:
    key = put_up_again("licence")
    today = clock().date()
    assert news_of("licence", key) == News(
        1,
        (
            FieldChange("number", "B-2", "B-9"),
            FieldChange("valid_from", "", today.isoformat()),
            FieldChange("valid_to", "unlimited", (today + timedelta(days=400)).isoformat()),
        ),
        {key: PaperNews.REPLACED},
    )


def test_c8_1_what_is_new_of_a_change_of_a_file(department: None) -> None:
    key = put_up_again("customer_change")
    found = news_of("customer_change", key)
    assert found is not None
    assert found.papers == {key: PaperNews.REPLACED}
    before = {each.field: each.before for each in found.fields}
    assert list(before) == ["bank", "account", "reason", "changed_on"]
    assert (before["account"], before["reason"]) == ("5329010210310601", WHY)
    assert found.fields[1].after == "5329010210310609"
    KINDS["customer_change"].give(key, "finance")
    assert news_of("customer_change", key) == found  # what came in force was not moved by it


def test_c17_1_what_is_new_of_a_proposal(department: None) -> None:
    key = put_up_again("disqualification")
    reply, losses = _papers(key)
    assert news_of("disqualification", key) == News(
        1,
        (
            FieldChange("ground", "dishonesty", "loss"),
            FieldChange("matter", FORGED.facts, "提交的许可证系伪造，已造成损失。"),
            FieldChange("loss_fen", "", "12500000"),
        ),
        {reply: PaperNews.REPLACED, losses: PaperNews.NEW},
    )


@pytest.mark.parametrize("name", CORRECTED)
def test_another_kind_is_compared_with_the_last_return_that_stands(
    department: None, name: str
) -> None:
    key, first = put_up_again(name), KINDS[name].signers[0]
    found = news_of(name, key)
    assert found is not None and found.fields and found.papers
    KINDS[name].give(key, first, Verdict.RETURN)
    assert news_of(name, key) == News(2)
    KINDS[name].take_back(key, first)
    assert news_of(name, key) == found
    KINDS[name].give(key, first, Verdict.RETURN)
    KINDS[name].correct(session_of("am"), key)
    again = news_of(name, key)
    assert again is not None and again.round == 2
    assert again != replace(found, round=2)
