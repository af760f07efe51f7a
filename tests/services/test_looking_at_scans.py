"""C7.1: whether anybody can look at a scan is found before the database is locked for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import Forbidden, Invalid, NotAllowed, Reason
from chemsales.services import accreditation, customer_change, disqualification, licences, scans
from chemsales.services.session import Session
from chemsales.storage import database as storage
from chemsales.storage.database import database, rows
from tests.factory import PDF, accredit, draft_of, make_application, session_of
from tests.factory_customer_change import change_version, judge, move_account, wanted
from tests.factory_disqualification import FORGED, case_version, give, propose
from tests.factory_licences import licence_version, paper, record, verdict
from tests.papers import pdf

Deed = Callable[[Session, bytes], object]


def _attach(number: int) -> Deed:
    key = make_application(session_of("am"), draft_of("附件化工", number))
    kind = DocumentKind.OTHER
    return lambda am, data: accreditation.attach(am, key, kind, "附件.pdf", data)


def _record(customer: int) -> Deed:
    return lambda am, data: licences.record(am, customer, paper("B-6"), "证照.pdf", data)


def _correct_paper(customer: int) -> Deed:
    key = record(customer, paper("B-6"))
    verdict(key, "sales", Verdict.RETURN)
    seen = licence_version(key)
    return lambda am, data: licences.correct(am, key, seen, paper("B-7"), "证照.pdf", data)


def _propose(customer: int) -> Deed:
    return lambda am, data: disqualification.propose(am, customer, FORGED, [("函.pdf", data)])


def _correct_proposal(customer: int) -> Deed:
    key = propose(customer)
    give(key, "sales", Verdict.RETURN)
    seen, added = case_version(key), "回函二.pdf"
    return lambda am, data: disqualification.correct(am, key, seen, FORGED, [(added, data)])


def _change(customer: int) -> Deed:
    asked = wanted(customer, session_of("am").today(), legal_person="陈晓东")
    return lambda am, data: customer_change.change(am, customer, 1, asked, ("证明.pdf", data))


def _correct_change(customer: int) -> Deed:
    key = move_account(customer)
    judge(key, verdict=Verdict.RETURN)
    seen = change_version(key)
    asked = wanted(customer, session_of("am").today(), legal_person="陈晓明")
    return lambda am, data: customer_change.correct(am, key, seen, asked, ("证明.pdf", data))


DEEDS = {
    "attach": lambda: _attach(8),
    **{
        each.__name__: lambda each=each: each(accredit(draft_of("东营胜华化工有限公司", 5)))
        for each in (
            _record, _correct_paper, _propose, _correct_proposal, _change, _correct_change,
        )
    },
}  # fmt: skip


@pytest.fixture(params=DEEDS)
def deed(request: pytest.FixtureRequest, ready: str) -> Deed:
    """What takes a scan, each of the use cases that do."""
    return DEEDS[request.param]()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the database was locked at each look at a scan."""
    found: list[bool] = []
    true = scans.unreadable

    def look(data: bytes, mime: str) -> Reason | None:
        found.append(database.in_transaction())
        return true(data, mime)

    monkeypatch.setattr(scans, "unreadable", look)
    return found


def test_c7_1_a_scan_is_looked_at_before_anything_is_locked(deed: Deed, looks: list[bool]) -> None:
    deed(session_of("am"), PDF + b"looked at")
    assert looks == [False]


def test_c7_1_one_that_nobody_can_open_is_refused_in_the_record(
    deed: Deed, looks: list[bool]
) -> None:
    kept = rows("SELECT count(*) FROM document_blob")
    with pytest.raises(Invalid) as refusal:
        deed(session_of("am"), pdf(password="x"))
    assert [each.reason.code for each in refusal.value.problems] == ["reason.document_locked"]
    assert looks == [False]
    assert rows("SELECT count(*) FROM document_blob") == kept
    ((outcome, said),) = rows("SELECT outcome, reasons FROM event ORDER BY id DESC LIMIT 1")
    assert outcome == "refused" and "reason.document_locked" in said


def test_c7_1_who_may_not_attach_is_told_that_first(deed: Deed) -> None:
    with pytest.raises((Forbidden, NotAllowed)):
        deed(session_of("finance"), pdf(password="x"))


def test_another_desk_writes_while_a_scan_waits_for_a_drawing(
    ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed, waits, done, true = _attach(8), threading.Event(), threading.Event(), scans.unreadable

    def look(data: bytes, mime: str) -> Reason | None:
        waits.set()
        return true(data, mime)

    def attach() -> None:
        deed(session_of("am"), PDF + b"waits")
        done.set()
        storage.close()

    monkeypatch.setattr(scans, "unreadable", look)
    thread = threading.Thread(target=attach)
    with scans.PDFIUM:  # a page is drawn
        thread.start()
        assert waits.wait(10)
        accreditation.save_draft(session_of("am"), draft_of("另一家化工", 9))
        assert not done.is_set()
    thread.join(20)
    assert done.is_set()
