"""C4.7, C8.2: the note that goes with an item, for finance and for each office."""

from __future__ import annotations

from datetime import date

import pytest

from chemsales.queries import check_codes
from chemsales.queries.dispatch_notes import dispatch_notes
from chemsales.reports.dispatch_note import render
from chemsales.rules.check_codes import PaperKind
from chemsales.rules.classification import CustomerClass
from chemsales.rules.errors import NotAllowed, NotFound
from chemsales.rules.roles import Actor, Role
from chemsales.services import customers
from chemsales.storage.database import rows
from chemsales.words import LANGUAGES
from tests.counting import counted
from tests.factory import COMPANY, accredit, draft_of, session_of
from tests.factory_dispatch import acknowledge, items, open_offices, send
from tests.reports import pdf

HEAD = session_of("sales").actor
NAME = "青岛信诚化工有限公司"


@pytest.fixture
def changed(ready, clock):
    """A customer that was accredited, reported, and then given another class; its items."""
    open_offices(clock)
    key = accredit(draft_of(NAME, 7), clock)
    send(key, clock)
    acknowledge(items(key)["QD"], "am", clock)
    clock.advance(days=1)
    day = clock().date()
    customers.change_class(
        session_of("sales", clock), key, "PO", CustomerClass.DIRECT, day, "合同", 1
    )
    return [int(item) for (item,) in rows("SELECT id FROM dispatch ORDER BY id")]


def test_c4_7_a_note_tells_the_file_and_who_signed(changed):
    (note,) = dispatch_notes(HEAD, [changed[2]])
    page = pdf.text(render([note]))
    for said in (COMPANY, "客户信息报送单", "致：青岛驻厂办", NAME, "中国建设银行青岛分行",
                 "37101986010051500007", "经销商", "吴敏", "张伟", "收发室刘工", "2026年7月6日",
                 "第四条(七)", note.footer.code.replace("-", "-"), "第1页共1页"):  # fmt: skip
        assert said in page, said


def test_c8_2_a_note_of_a_change_tells_old_and_new(changed):
    (note,) = dispatch_notes(HEAD, [changed[3]])
    page = pdf.text(render([note]))
    for said in ("致：财务部", "变更内容", "客户类别聚烯烃经销商直销客户"):
        assert said in page, said


def test_many_notes_are_read_with_the_statements_of_one(changed):
    asked = []
    for some in (changed[:1], changed):
        with counted() as statements:
            assert len(dispatch_notes(HEAD, some)) == len(some)
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_notes_of_one_recipient_come_together(changed):
    notes = dispatch_notes(HEAD, changed)
    assert [(note.office_code, note.number[-2:]) for note in notes] == [
        ("", "01"), ("", "04"), ("DL", "02"), ("DL", "05"), ("QD", "03"), ("QD", "06"),
    ]  # fmt: skip
    data = render(notes)
    assert data == render(dispatch_notes(HEAD, changed))
    assert len(pdf.bookmarks(data)) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language_on_one_page(changed, language):
    (note,) = dispatch_notes(HEAD, [changed[5]])
    data = render([note], language)
    assert len(pdf.texts(data)) == 1
    assert ("Qingdaooffice" in pdf.text(data)) is (language == "en")


def test_c4_7_the_code_of_a_note_is_found_with_what_came_after(changed):
    first, later = dispatch_notes(HEAD, [changed[0], changed[3]])
    actor = session_of("auditor").actor
    match = check_codes.check(actor, first.footer.code, date(2026, 7, 8))
    assert match is not None
    assert (match.kind, match.subject, match.customer) == (
        PaperKind.DISPATCH, "BS2026-0001", NAME,
    )  # fmt: skip
    assert (match.place, match.target) == ("filing", ("dispatch", changed[0]))
    (since,) = match.since
    assert (since.code, since.params["number"]) == ("reason.code_later_dispatch", later.number)
    newest = check_codes.check(actor, later.footer.code, date(2026, 7, 8))
    assert newest is not None and newest.since == ()


def test_who_may_not_print_gets_none(changed):
    with pytest.raises(NotAllowed):
        dispatch_notes(Actor("admin", "孙丽", frozenset({Role.ADMINISTRATOR})), changed)
    with pytest.raises(NotFound):
        dispatch_notes(HEAD, [999])
