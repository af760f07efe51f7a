"""The application form (附件1, F1): what C7.1 and C7.2 want on it, filled, blank, and very long."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from chemsales.reports.application_form import ApplicationForm, ClassLine, blank_form, render
from chemsales.reports.content import Reported
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import CustomerFacts, DocumentKind, DocumentProfile
from chemsales.words import field as name_of
from chemsales.words import label
from tests.reports import pdf, samples

NUMBERED = {f.name: f"值{n:02d}项" for n, f in enumerate(fields(CustomerFacts))}


@pytest.mark.parametrize("profile", DocumentProfile)
def test_every_fact_of_the_customer_is_on_it(profile: DocumentProfile) -> None:
    facts = CustomerFacts(**{**NUMBERED, "profile": profile, "established_on": "2015-04-18"})
    text = pdf.text(render(replace(samples.form(), facts=facts)))
    merged = profile is DocumentProfile.MERGED
    absent = {"licence15", "org9", "national_tax_no", "local_tax_no"} if merged else {"uscc"}
    absent = absent | {"mnemonic"}  # for finding the customer in the window, no fact of the form
    for name, value in NUMBERED.items():
        if name in ("profile", "established_on"):
            continue
        assert name_of(name) in text or name in absent, name
        if name not in absent:
            assert value in text, name
    assert "2015年4月18日" in text
    assert f"☑{label(profile)}".replace("☑", "□") in text.replace("✓", "")


def test_the_forms_own_parts_are_on_it() -> None:
    """C7.1: classes, contacts, invoice data, papers; C7.2: opinions with signatures and days."""
    pages = pdf.texts(render(samples.form()))
    text = "".join("".join(pages).split())
    for words in (
        "石油销售公司化工品销售部", "化工品客户开户审批表", "附件1", "SQ2026-0017",
        "经销商", "独家代理商", "1,200.000", "网拍客户", "陈志远", "13800000001",
        "营业执照.pdf", "长期", "由三证合一执照涵盖", "2026年1月1日至", "2026年12月31日",
        "客户声明", "客户盖章", "公司盖章", "渠道稳定,建议准入。", "资质齐全、真实、有效。",
        "开票资料与税务登记一致。", "签名：王芳", "签名：李强", "签名：赵敏",
        "日期：2026年7月2日", "K0017", "报送财务部", "报送驻厂办", "产品经销公司备案",
    ):  # fmt: skip
        assert words in text or "".join(reversed(words)) in text, words


def test_c4_7_c8_3_what_was_reported_and_filed_stands_in_the_last_lines() -> None:
    """With room to sign where nobody has taken it; the plant offices one under the other."""
    told = (
        Reported("BS2026-0001", "2026-07-03", "2026-07-04", "财务部 周敏"),
        Reported("BS2026-0002", "2026-07-03", "", "", "青岛驻厂办", "Qingdao office"),
        Reported("BS2026-0003", office="大连驻厂办"),
    )
    filing = Reported("BA2026-0001", "2026-07-06", "2026-07-09", "化工品销售部 郑凯")
    form = replace(samples.form(), reported=told, filing=filing)
    text = "".join("".join(pdf.texts(render(form))).split())
    for words in (
        "BS2026-0001", "2026年7月3日", "2026年7月4日", "财务部周敏", "青岛驻厂办BS2026-0002",
        "大连驻厂办BS2026-0003", "BA2026-0001", "2026年7月9日", "化工品销售部郑凯",
    ):  # fmt: skip
        assert words in text, words
    english = "".join("".join(pdf.texts(render(form, "en"))).split())
    assert "QingdaoofficeBS2026-0002" in english


def test_ticks_stand_where_they_belong() -> None:
    """A ticked box is drawn as the box with a tick over it: □ and ✓ in the text."""
    text = pdf.text(render(samples.form()))
    ticked = text.count("✓")
    # new account, profile, two papers attached, one covered, three approvals
    assert ticked == 1 + 1 + 2 + 1 + 3
    assert pdf.text(render(ApplicationForm())).count("✓") == 0


def test_earlier_rounds_are_listed_and_the_last_stands_in_the_boxes() -> None:
    text = pdf.text(render(samples.form()))
    assert "缺开户许可证。" in text
    assert "轮次" in text
    once = replace(samples.form(), opinions=samples.form().opinions[2:])
    assert "轮次" not in pdf.text(render(once))
    withdrawn = (*once.opinions[:1], replace(once.opinions[0], verdict=Verdict.WITHDRAW))
    assert "撤回" in pdf.text(render(replace(once, opinions=withdrawn)))


@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_the_blank_form_has_all_labels_and_room_to_write(code: str) -> None:
    pages = pdf.texts(render(blank_form("石油销售公司", 3), code))
    assert len(pages) == 2
    text = "".join("".join(pages).split())
    assert "____" in text
    assert ("版本3" if code == "zh_CN" else "edition3") in text
    if code == "zh_CN":
        for kind in DocumentKind:
            assert label(kind).replace(" ", "") in text
        for kind in CustomerClass:
            assert label(kind) in text
        for name in ("uscc", "licence15", "org9", "bank", "account", "invoice_phone"):
            assert name_of(name) in text


def test_long_names_and_many_papers_flow_on() -> None:
    form = samples.form()
    many = replace(
        samples.filled(form, samples.LONG),
        documents=form.documents * 15,
        classes=(ClassLine(samples.PO, CustomerClass.DEALER, samples.LONG, 1, samples.LONG),) * 9,
        manager_opinion="荐" * 1500,
    )
    pages = pdf.texts(render(many))
    assert len(pages) > 4
    # each page says which form it is, and a table that goes on has its head again
    for page in pages[1:]:
        assert "SQ2026-0017" in page
    assert sum("原件核对人" in page for page in pages) >= 2
    assert "".join("".join(pages).split()).count("荐") == 1500
