"""Customers as they are listed and opened; the class on a day; how many statements it takes."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.queries import accreditation, approval
from chemsales.queries import customers as queries
from chemsales.queries.filtering import Filter, Request, Sort
from chemsales.queries.listing import count, whole
from chemsales.queries.people import people
from chemsales.queries.searching import contains
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.customer import ApplicationState, ClassRequest, DocumentKind
from chemsales.rules.errors import NotAllowed, NotFound
from chemsales.rules.roles import Role
from chemsales.rules.tiers import Level
from chemsales.services.offtake import undo_import
from chemsales.services.tiers import close_month, reopen_month
from chemsales.storage.database import rows
from tests.counting import counted
from tests.factory import accredit, decide, draft_of, make_application, session_of, submit
from tests.factory_offtake import pick_up

LICENCE, INVOICE, HAZARD = (
    DocumentKind.BUSINESS_LICENCE,
    DocumentKind.INVOICE_DATA,
    DocumentKind.HAZARDOUS_LICENCE,
)
TODAY = date(2026, 7, 6)
HELD = [("PO", "dealer"), ("BZ", "agent")]


@pytest.mark.parametrize(
    ("classes", "start", "clauses"),
    [
        # C9.3: a new dealer begins with auctions; C9.2: a direct customer is ordinary at once
        ([("PO", "dealer")], (Level.AUCTION, SalesForm.AUCTION), ["C9.3"]),
        ([("PO", "direct")], (Level.ORDINARY, SalesForm.PLAN), ["C9.2"]),
        # C10.1: other groups have a class and no level
        ([("BZ", "agent")], (None, None), ["C10.1"]),
        # C3.1: a class of its own per product group
        (
            [("PO", "dealer"), ("BZ", "agent"), ("EG", "direct")],
            (Level.AUCTION, SalesForm.AUCTION),
            ["C9.3", "C10.1", "C10.1"],
        ),
    ],
)
def test_the_last_approval_makes_the_file(reader, classes, start, clauses):
    wanted = [ClassRequest(g, CustomerClass(c), "山东", 1000, "生产") for g, c in classes]
    key = accredit(
        draft_of("青岛海洋塑料有限公司", 3, wanted), documents=(LICENCE, INVOICE, HAZARD)
    )
    found = queries.customer(reader, key)
    assert (found.code, found.facts.name, found.manager_name) == (
        "C00001",
        "青岛海洋塑料有限公司",
        "张伟",
    )
    assert (found.level, found.form) == start
    assert found.start_level == start[0]
    assert found.accredited_on == TODAY
    by_group = {row.group_code: row for row in found.classes}
    assert [by_group[g].customer_class for g, _ in classes] == [c for _, c in classes]
    assert [by_group[g].clause for g, _ in classes] == clauses
    assert {row.from_day for row in found.classes} == {TODAY}
    assert found.contacts[0].name == "吴敏"
    assert [paper.kind for paper in found.documents] == [LICENCE, INVOICE, HAZARD]
    assert found.application_number == "SQ2026-0001"


def test_no_file_without_its_approved_case(reader):
    key = accredit(draft_of("海洋塑料"))
    assert rows(
        "SELECT c.outcome FROM customer k JOIN approval_case c ON c.id = k.case_id WHERE k.id = ?",
        (key,),
    ) == [("approved",)]
    with pytest.raises(NotFound):
        queries.customer(reader, 99)


def test_the_list_is_in_the_order_of_pinyin(several, reader):
    assert [row.name for row in queries.customers(reader)] == [
        "ABC 塑料（中国）",
        "安庆石化",
        "重庆长风化工",
        "单县塑业",
        "曾氏新材料",
        "中国石化塑料",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zgsh", ["中国石化塑料"]),
        ("SXSY", ["单县塑业"]),
        ("dxsy", ["单县塑业"]),
        ("zs", ["曾氏新材料"]),
        ("长风", ["重庆长风化工"]),
        ("C00004", ["ABC 塑料（中国）"]),
        ("abc", ["ABC 塑料（中国）"]),
        ("100%", []),
        ("_", []),
        ("\\", []),
        ("'; DROP TABLE customer; --", []),
        ("石化", ["安庆石化", "中国石化塑料"]),
    ],
)
def test_search_by_name_initials_and_code(several, reader, text, found):
    assert [row.name for row in queries.customers(reader, text)] == found


def test_the_list_of_one_group(several, reader):
    accredit(draft_of("苯业", 9, [ClassRequest("EG", CustomerClass.DEALER, "江苏", 1, "x")]))
    assert [row.name for row in queries.customers(reader, group="EG")] == ["苯业"]
    (row,) = queries.customers(reader, group="EG")
    assert (row.classes, row.level, row.last_month, row.last_month_kg) == (
        "乙二醇 经销商",
        None,
        "",
        0,
    )
    assert len(queries.customers(reader, group="PO")) == 6


def test_level_and_take_of_the_last_month(ready, clock, reader):
    """The level after the last closed month (C9.2), the take of standing imports alone."""
    key = accredit(draft_of("海洋塑料"), clock)
    clock.set(2026, 8, 3)
    am, head = session_of("am", clock), session_of("sales", clock)

    def line():
        (row,) = queries.customers(reader)
        return row.last_month, row.last_month_kg, row.level, row.form

    july = pick_up(am, [(key, "PP-T30S", "2026-07-10", 1_200_000)])
    extra = pick_up(am, [(key, "PE-7042", "2026-07-11", 34)])
    assert line() == ("2026-07", 1_200_034, Level.AUCTION, SalesForm.AUCTION)
    undo_import(head, extra, "重复")
    assert line()[:2] == ("2026-07", 1_200_000)
    close_month(head, "2026-07")
    assert line()[2:] == (Level.ORDINARY, SalesForm.PLAN)
    assert queries.customer(reader, key).level is Level.ORDINARY
    assert queries.customer(reader, key).start_level is Level.AUCTION
    reopen_month(head, "2026-07", "更正")
    assert line()[2:] == (Level.AUCTION, SalesForm.AUCTION)
    undo_import(head, july, "重复")
    assert line()[:2] == ("", 0)


BY_CLASS = [
    (Filter("classes", choices=("agent",)), ["安达"]),
    (Filter("classes", choices=("direct", "dealer")), ["安达", "博远"]),
    (Filter("classes", "="), []),
    (Filter("classes", "<>"), ["安达", "博远"]),
    (Filter("groups", "苯"), ["安达"]),
    (Filter("groups", "!bz"), ["博远"]),
    (Filter("groups", "bz"), ["安达"]),
]


def test_customers_by_their_classes_in_several_groups(reader):
    """C3.1: a class in each product group; a customer is found by any of them."""
    both = [ClassRequest(g, CustomerClass(c), "山东", 1, "x") for g, c in HELD]
    accredit(draft_of("安达", 1, both), documents=(LICENCE, INVOICE, HAZARD))
    accredit(draft_of("博远", 2, both[:1]))
    for wanted, found in BY_CLASS:
        asked = Request(filters=(wanted,))
        assert [row.name for row in whole(reader, queries.CUSTOMERS, asked)] == found, wanted
        assert count(reader, queries.CUSTOMERS, asked) == len(found)
    by_group = Request(sorts=(Sort("classes"), Sort("groups", True)))
    assert [row.name for row in whole(reader, queries.CUSTOMERS, by_group)] == ["博远", "安达"]


def test_what_signs_of_search_stand_for():
    assert contains("  ", "a") == ("1 = 1", [])
    assert contains("5%_\\", "a") == ("(lower(a) LIKE ? ESCAPE '\\')", ["%5\\%\\_\\\\%"])


# queues


def test_everybody_sees_what_waits_for_them(reader):
    am, sales, finance = (session_of(login) for login in ("am", "sales", "finance"))
    keys = [make_application(am, draft_of(f"客户{n}", n)) for n in range(1, 4)]
    for key in keys:
        submit(am, key)
    decide(sales, keys[0])
    decide(sales, keys[1], Verdict.RETURN, "请补正")

    def waiting(session):
        found = approval.queue(session.actor)
        assert approval.waiting_count(session.actor) == len(found)
        return [(row.id, str(row.stage)) for row in found]

    assert waiting(sales) == [(keys[2], "sales")]
    assert waiting(finance) == [(keys[0], "finance")]
    assert waiting(am) == [(keys[1], "applicant")]
    for login in ("gm", "am2", "auditor"):
        assert waiting(session_of(login)) == []


def test_the_list_of_applications(reader):
    am = session_of("am")
    first, second = (make_application(am, draft_of(f"客户{n}", n)) for n in (1, 2))
    submit(am, second)
    found = {row.id: row for row in accreditation.applications(reader)}
    assert found[first].stage is None
    assert (found[second].stage, found[second].manager_name) == ("sales", "张伟")
    only = accreditation.applications(reader, "客户2", [ApplicationState.IN_REVIEW])
    assert [row.id for row in only] == [second]
    assert accreditation.applications(reader, "客户2", [ApplicationState.DRAFT]) == []


def test_lists_take_one_or_two_statements_whatever_their_length(several, as_role):
    actor, admin = as_role(Role.SALES_HEAD).actor, as_role(Role.ADMINISTRATOR).actor
    for number in range(11, 15):
        submit(
            session_of("am"), make_application(session_of("am"), draft_of(f"新{number}", number))
        )
    for most, read in (
        (2, lambda: queries.customers(actor)),
        (1, lambda: accreditation.applications(actor)),
        (1, lambda: approval.queue(actor)),
        (1, lambda: approval.waiting_count(actor)),
        (1, lambda: people(admin)),
        (4, lambda: queries.customer(actor, 1)),
        (11, lambda: accreditation.application(actor, 1)),
    ):
        with counted() as statements:
            read()
        assert len(statements) <= most, statements


# the form


def test_the_form_carries_what_was_signed(reader):
    accredit(draft_of("海洋塑料"))
    form = accreditation.application_form(reader, 1)
    assert (form.number, form.customer_code, form.applied_on) == (
        "SQ2026-0001",
        "C00001",
        "2026-07-06",
    )
    assert [(o.stage, o.signer, o.signed_at) for o in form.opinions] == [
        ("applicant", "张伟", "2026-07-06 12:00"),
        ("sales", "王芳", "2026-07-06 12:00"),
        ("finance", "李强", "2026-07-06 12:00"),
        ("general_manager", "赵敏", "2026-07-06 12:00"),
    ]
    assert (form.classes[0].level, form.classes[0].form) == (Level.AUCTION, SalesForm.AUCTION)
    lines = {line.kind: (line.attached, line.covered) for line in form.documents}
    assert lines[DocumentKind.NATIONAL_TAX] == (False, True)
    assert lines[LICENCE] == (True, False)
    hashed, last = rows("SELECT snapshot_hash FROM approval_case")[0][0], form.footer.last_event
    assert form.footer.inputs_hash == hashed
    assert rows("SELECT use_case, who FROM event WHERE id = ?", (last,)) == [
        ("accreditation.decide", "gm")
    ]
    with pytest.raises(NotAllowed):
        accreditation.application_form(session_of("admin").actor, 1)
