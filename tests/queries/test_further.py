"""What is printed and read of an application for a further class (C7.1, C7.2, C10.1)."""

from __future__ import annotations

from datetime import date

from chemsales.queries.application_form import application_form
from chemsales.queries.check_codes import check
from chemsales.queries.file_card import file_card
from chemsales.reports.application_form import render
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.customer import DocumentKind as Kind
from chemsales.words import language
from tests import factory
from tests.factory import accredit, approved_by_all, draft_of, session_of
from tests.factory_further import EG_DEALER, begin
from tests.reports.pdf import text

DIRECT = ClassRequest("PO", CustomerClass.DIRECT, "江苏", 0, "注塑")


def test_c7_1_the_form_says_whose_further_class_it_is_and_which_papers_are_on_file(
    ready: str,
) -> None:
    clock = factory.Clock()
    clock.advance(days=-1)
    customer = accredit(draft_of("江苏华东化工有限公司", 3), clock)
    key = begin(customer, DIRECT, EG_DEALER)
    actor = session_of("am").actor
    before = application_form(actor, key)
    assert before.held is not None and before.filed_on == "2026-07-05"
    assert [(each.group.code, each.customer_class) for each in before.held] == [
        ("PO", CustomerClass.DEALER)
    ]
    assert before.classes[0].level is None  # it has one from before
    filed = {line.kind for line in before.documents if line.filed}
    assert filed == {Kind.BUSINESS_LICENCE, Kind.INVOICE_DATA}
    approved_by_all(key)
    after = application_form(actor, key)
    assert after.filed_on == before.filed_on  # that of its file
    assert after.held == before.held and after.customer_code == "C00001"
    said = text(render(after))
    for part in ("增报类别", "C00001 现有类别：聚烯烃 经销商", "档案中已有"):
        assert part.replace(" ", "") in said, part
    with language("en"):
        after = application_form(actor, key)
        assert "has:Polyolefins" in text(render(after, "en"))


def test_c8_1_the_code_on_a_printed_card_is_found_before_and_after_a_further_class(
    ready: str,
) -> None:
    """The card lists the papers of a further class from the day of its approval on."""
    customer = accredit(draft_of("江苏华东化工有限公司", 3))
    auditor, today = session_of("auditor").actor, date(2026, 7, 6)
    before = file_card(auditor, customer, today)
    key = begin(customer, EG_DEALER, documents=[Kind.AUTHORISATION])
    while_open = file_card(auditor, customer, today)
    approved_by_all(key)
    after = file_card(auditor, customer, today)
    assert len(after.files) == len(while_open.files) + 1 == len(before.files) + 1
    codes = [card.footer.code for card in (before, while_open, after)]
    assert all(check(auditor, code, today) is not None for code in codes)
    assert codes[0] != codes[2]
