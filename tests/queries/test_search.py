"""Finding customers and applications by anything they are known by, on both engines."""

from __future__ import annotations

import pytest

from chemsales.queries.accreditation import applications
from chemsales.queries.customers import CUSTOMERS, customers
from chemsales.queries.filtering import Filter, Kind, Request, read
from chemsales.queries.listing import ids
from chemsales.queries.search import HitKind, find
from chemsales.queries.searching import contains
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Role
from chemsales.storage.database import rows
from chemsales.words import say
from tests.factory import draft_of, make_application, session_of, uscc_of
from tests.factory_disqualification import propose
from tests.factory_filing import file
from tests.furnishing import run


def shown(reader, text):
    return [(hit.title, say(hit.why)) for hit in find(reader, text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zgsh", [("中国石化塑料", "拼音 zgsh")]),
        ("SXSY", [("单县塑业", "拼音 sxsy")]),
        ("dxsy", [("单县塑业", "拼音 dxsy")]),
        ("长风", [("重庆长风化工", "名称 长风")]),
        ("c00004", [("ABC 塑料（中国）", "编码 C00004")]),
        (uscc_of(3).lower(), [("单县塑业", f"统一社会信用代码 {uscc_of(3)}")]),
        ("石化", [("安庆石化", "名称 石化"), ("中国石化塑料", "名称 石化")]),
        ("100%", []),
        ("_", []),
        ("\\", []),
        ("'; DROP TABLE customer; --", []),
        ("<img src='file:///etc/passwd'>", []),
        ("", []),
        ("  ", []),
        ("字" * 10_000, []),
        ("\x00", []),
    ],
)
def test_customers_are_found_with_the_reason(several, reader, text, found):
    assert shown(reader, text) == found


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "字%" * 60_000, "庚\0", "庚\ud800", "\ud800\0", "\0", "\u200b \u200b"],
)
def test_no_text_breaks_a_list(several, reader, text):
    """Neither one without an end nor one that an engine cannot take."""
    assert find(reader, text) == ()
    assert customers(reader, text) == applications(reader, text) == []
    for asked in (Filter("name", text), Filter("name", f"={text}"), Filter("code", text)):
        assert ids(reader, CUSTOMERS, Request().filtered(asked)) == [], asked.text[:20]
        assert not read(Kind.TEXT, asked).holds("海洋塑料") and not read(Kind.TEXT, asked).holds("")
    all_others = Request().filtered(Filter("name", f"!{text}"))
    assert len(ids(reader, CUSTOMERS, all_others)) == len(customers(reader, "")) > 0
    assert contains(text, "c.name")[0] != "1 = 1"


def test_where_a_hit_leads(several, reader):
    (hit,) = find(reader, "安庆")
    assert (hit.kind, hit.place, hit.target, hit.detail) == (
        HitKind.CUSTOMER, "customers", hit.key, "C00006 · 刘洋",
    )  # fmt: skip


def test_an_application_is_found_until_it_is_a_customer(reader):
    key = make_application(session_of("am"), draft_of("海洋塑料", 7))
    for text, why in (
        ("hysl", "拼音 hysl"), ("海洋", "名称 海洋"), ("SQ2026-0001", "申请编号 SQ20260001"),
    ):  # fmt: skip
        (hit,) = find(reader, text)
        assert (hit.kind, hit.key, hit.title) == (HitKind.APPLICATION, key, "海洋塑料")
        assert (hit.place, hit.target) == ("customers", ("application", key))
        assert (say(hit.why), hit.detail) == (why, "SQ2026-0001 · 草稿")


def test_no_more_than_were_wanted(several, reader):
    assert len(find(reader, "s")) > 2
    assert find(reader, "s", 2) == find(reader, "s")[:2]


def test_a_login_without_business_finds_nothing(several, as_role):
    with pytest.raises(NotAllowed):
        find(as_role(Role.ADMINISTRATOR).actor, "zgsh")


def test_dispatches_and_filings_are_found_by_their_whole_number(several, reader):
    key = rows("SELECT id FROM customer WHERE name = '单县塑业'")[0][0]
    item, number = rows("SELECT id, number FROM dispatch WHERE customer_id = ?", (key,))[0]
    (hit,) = find(reader, number.lower())
    assert (hit.kind, hit.title, hit.place, hit.target) == (
        HitKind.DISPATCH, "单县塑业", "filing", ("dispatch", item),
    )  # fmt: skip
    batch = file([key])
    (hit,) = find(reader, "ba2026-0001")
    assert (hit.kind, hit.place, hit.target) == (HitKind.FILING, "filing", ("filings", batch))


def test_a_disqualification_is_found_by_its_whole_number(several, reader):
    key = rows("SELECT id FROM customer WHERE name = '单县塑业'")[0][0]
    propose(key)
    (hit,) = find(reader, "qx2026-０001")
    assert (hit.kind, hit.title, hit.place, hit.target) == (
        HitKind.DISQUALIFICATION, "单县塑业", "customers", key,
    )  # fmt: skip
    assert find(reader, "qx2026-0002") == ()
    assert find(reader, "qx") == ()


def test_a_period_before_a_customers_words_finds_its_evaluation(ready, reader):
    run()
    text = "2026q2 hlsh"
    (hit,) = [hit for hit in find(reader, text) if hit.kind is HitKind.EVALUATION]
    assert (hit.title[:4], hit.detail, hit.place, hit.target) == (
        "恒力石化", "2026Q2", "evaluation", "2026Q2",
    )  # fmt: skip
    assert not [hit for hit in find(reader, "2026Q1 hlsh") if hit.kind is HitKind.EVALUATION]
