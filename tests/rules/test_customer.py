"""What an application needs (C7.1, C9.1, C10.2, C10.3, C10.7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chemsales.articles import clauses
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import (
    ClassRequest,
    Contact,
    ContactKind,
    CustomerFacts,
    DocumentKind,
    DocumentProfile,
    Draft,
    GroupInfo,
    check_draft,
    normalise_facts,
    required_documents,
    required_fields,
    text_problem,
)
from chemsales.words import say
from tests.factory import answered

GROUPS = {
    "PO": GroupInfo(polyolefin=True, hazardous=False),
    "BZ": GroupInfo(polyolefin=False, hazardous=True),
    "EG": GroupInfo(polyolefin=False, hazardous=False),
}
FACTS = CustomerFacts(
    name="恒力塑料有限公司",
    uscc="91350100M000100Y43",
    bank="中国工商银行大连分行",
    account="3400 2012 0902 4950 001",
    invoice_address="大连市长兴岛1号",
    invoice_phone="0411-12345678",
)
DRAFT = Draft(FACTS, (ClassRequest("PO", CustomerClass.DEALER),))
PAPERS = (DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA)
LEGACY_FACTS = replace(
    FACTS,
    profile=DocumentProfile.LEGACY,
    uscc="",
    licence15="310117003171688",
    org9="D2143569-X",
    national_tax_no="310117003171688",
    local_tax_no="310117D2143569X",
)


def errors(draft: Draft, papers: tuple[DocumentKind, ...] = PAPERS) -> list[str]:
    return [p.place for p in check_draft(draft, papers, GROUPS) if not p.warning]


def with_facts(**changes: str) -> Draft:
    return replace(DRAFT, facts=replace(FACTS, **changes))


def with_class(group: str, customer_class: CustomerClass, **more: str) -> Draft:
    return replace(DRAFT, classes=(answered(ClassRequest(group, customer_class, **more)),))


def test_a_complete_application_passes() -> None:
    assert check_draft(DRAFT, PAPERS, GROUPS) == ()


def test_an_empty_application_is_told_everything_at_once() -> None:
    assert errors(Draft(), ()) == [
        "name",
        "uscc",
        "bank",
        "account",
        "invoice_address",
        "invoice_phone",
        "classes",
        "document.business_licence",
        "document.invoice_data",
    ]


@pytest.mark.parametrize("place", required_fields(DocumentProfile.MERGED))
@pytest.mark.parametrize("blank", ["", "  ", "\u3000"])
def test_each_required_field_alone(place: str, blank: str) -> None:
    """C7.1: each of the four invoice fields blank is refused, as are name and code."""
    assert errors(with_facts(**{place: blank})) == [place]


def test_the_legacy_profile_wants_all_papers_and_codes() -> None:
    """A.X 19: only the merged licence stands for tax registrations and organisation code."""
    draft = replace(DRAFT, facts=LEGACY_FACTS)
    papers = required_documents(DocumentProfile.LEGACY, hazardous=False)
    assert papers == (
        DocumentKind.BUSINESS_LICENCE,
        DocumentKind.NATIONAL_TAX,
        DocumentKind.LOCAL_TAX,
        DocumentKind.ORGANISATION_CODE,
        DocumentKind.INVOICE_DATA,
    )
    assert errors(draft, papers) == []
    assert errors(draft, PAPERS) == [
        "document.national_tax",
        "document.local_tax",
        "document.organisation_code",
    ]
    for place in required_fields(DocumentProfile.LEGACY):
        assert errors(replace(draft, facts=replace(LEGACY_FACTS, **{place: ""})), papers) == [place]


def test_a_hazardous_group_wants_its_licence() -> None:
    draft = with_class("BZ", CustomerClass.DEALER, region="华东")
    assert errors(draft) == ["document.hazardous_licence"]
    assert errors(draft, (*PAPERS, DocumentKind.HAZARDOUS_LICENCE)) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"uscc": "91350100M000100Y44"}, "uscc"),
        ({"uscc": "91350100M000100Y4"}, "uscc"),
        ({"licence15": "310117003171689"}, "licence15"),
        ({"org9": "D2143569Y"}, "org9"),
        ({"account": "12345"}, "account"),
        ({"account": "6222ABCD0001"}, "account"),
        ({"invoice_phone": "call me"}, "invoice_phone"),
        ({"invoice_phone": "12345"}, "invoice_phone"),
        ({"national_tax_no": "123"}, "national_tax_no"),
        ({"established_on": "2026-02-30"}, "established_on"),
        ({"name": "x" * 201}, "name"),
        ({"name": "恒力\u202e塑料"}, "name"),
        ({"name": "恒力\u200b塑料"}, "name"),
        ({"bank": "工行\x00"}, "bank"),
        ({"profile": "other"}, "profile"),
    ],
)
def test_wrong_fields(changes: dict[str, str], place: str) -> None:
    assert errors(with_facts(**changes)) == [place]


@pytest.mark.parametrize(
    "phone",
    ["0411-12345678", "13912345678", "+86 411 1234 5678", "(0411)1234567", "0411-8765432转801"],
)
def test_phones(phone: str) -> None:
    assert errors(with_facts(invoice_phone=phone)) == []


def test_a_failing_check_digit_is_overridden_by_a_reason_and_nothing_else_is() -> None:
    pilot = "91350100M0001TGQXM"
    assert errors(with_facts(uscc=pilot)) == ["uscc"]
    problems = check_draft(with_facts(uscc=pilot, code_override="执照原件核对无误"), PAPERS, GROUPS)
    assert (problems[0].place, problems[0].warning) == ("uscc", True)
    assert all(problem.warning for problem in problems)
    assert errors(with_facts(uscc=pilot[:-1], code_override="执照原件核对无误")) == ["uscc"]


def test_what_only_a_person_can_judge_is_a_warning() -> None:
    body = "91990100M000100Y4"  # 99 is no province
    problems = check_draft(with_facts(uscc=body + digit(body)), PAPERS, GROUPS)
    assert [(p.place, p.reason.code, p.warning) for p in problems] == [
        ("uscc", "reason.code_region", True)
    ]


def digit(body: str) -> str:
    from stdnum.cn import uscc

    return str(uscc.calc_check_digit(body))


@pytest.mark.parametrize(
    ("draft", "places"),
    [
        (with_class("PO", CustomerClass.DIRECT), []),
        (with_class("PO", CustomerClass.AGENT), ["classes.PO.customer_class"]),
        (with_class("EG", CustomerClass.AGENT), ["classes.EG.region"]),
        (with_class("EG", CustomerClass.AGENT, region="华东"), []),
        (with_class("EG", CustomerClass.DEALER), ["classes.EG.region"]),
        (with_class("EG", CustomerClass.DEALER, region="  "), ["classes.EG.region"]),
        (with_class("EG", CustomerClass.DIRECT), ["classes.EG.purpose"]),
        (with_class("EG", CustomerClass.DIRECT, purpose="聚酯切片"), []),
        (with_class("XX", CustomerClass.DEALER, region="华东"), ["classes.XX"]),
        (replace(DRAFT, classes=()), ["classes"]),
        (replace(DRAFT, classes=DRAFT.classes * 2), ["classes.PO"]),
        (
            replace(DRAFT, classes=(ClassRequest("PO", CustomerClass.DEALER, monthly_kg=-1),)),
            ["classes.PO.monthly_kg"],
        ),
    ],
)
def test_classes(draft: Draft, places: list[str]) -> None:
    """One class per product group (C10.1); polyolefins have dealers and direct customers (C9.1)."""
    assert errors(draft) == places


def test_a_customer_may_be_a_dealer_here_and_an_agent_there() -> None:
    """C3.1: the class is one of a product group."""
    classes = (
        ClassRequest("PO", CustomerClass.DEALER),
        answered(ClassRequest("EG", CustomerClass.AGENT, region="华东")),
    )
    assert errors(replace(DRAFT, classes=classes)) == []


def test_contacts() -> None:
    contacts = (
        Contact(ContactKind.BUSINESS, "张"),
        Contact(ContactKind.PICKUP, " ", phone="1\x07"),
    )
    assert errors(replace(DRAFT, contacts=contacts)) == ["contacts.1.name", "contacts.1.phone"]


def test_facts_are_normalised() -> None:
    typed = replace(
        FACTS,
        name="  恒力　塑料  有限公司 ",
        uscc=" 9135 0100-m000100y43",
        account="３４００ 2012-0902 4950 001",
        org9="D2143569-x",
    )
    facts = normalise_facts(typed)
    assert facts.name == "恒力 塑料 有限公司"
    assert facts.uscc == "91350100M000100Y43"
    assert facts.account == "3400201209024950001"
    assert facts.org9 == "D2143569X"
    assert normalise_facts(facts) == facts


def test_text_that_can_be_kept() -> None:
    assert text_problem("𠮷田（大连）· Müller & Co. <b>", 200) is None
    assert text_problem("𠮷" * 5, 5) is None


def test_every_problem_has_words_and_an_article() -> None:
    drafts = (Draft(), with_facts(uscc="1", account="x", invoice_phone="x", established_on="x"))
    for draft in drafts:
        for problem in check_draft(draft, (), GROUPS):
            assert say(problem.reason) != problem.reason.code
            assert not problem.reason.clause or problem.reason.clause in clauses()
