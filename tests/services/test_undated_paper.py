"""C15.1: nothing is put up or approved of which nobody would know when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.applications import load_application, reviewed
from chemsales.queries.checks import CheckResult, checks
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.licences import dealing_blockers
from chemsales.queries.listing import whole
from chemsales.queries.undated import undated_on, unwatched
from chemsales.rules.approval import Verdict
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import Invalid, NotAllowed, NotFound, Problem, Reason
from chemsales.services import accreditation, audit
from chemsales.services.session import Session
from chemsales.storage.database import rows
from tests.factory import (
    PDF,
    accredit,
    approved_by_all,
    before_validity,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)
from tests.factory_further import begin
from tests.factory_licences import BUSINESS, paper, record, verdict

STAGES = ("sales", "finance", "gm")
HAZARD = DocumentKind.HAZARDOUS_LICENCE
LAST = date(2027, 6, 30)


def bare(name: str, number: int, *kinds: DocumentKind) -> int:
    """An application whose licence, and these papers, say not until when they are valid."""
    key = make_application(session_of("am"), draft_of(name, number), [DocumentKind.INVOICE_DATA])
    for kind in (BUSINESS, *kinds):
        attach(key, kind)
    return key


def attach(key: int, kind: DocumentKind, valid_to: date | None = None) -> int:
    data = PDF + f"{kind} {key} {valid_to}".encode()
    return accreditation.attach(
        session_of("am"), key, kind, "扫描件.pdf", data, valid_to=valid_to
    ).value


def paper_of(key: int, kind: DocumentKind = BUSINESS) -> int:
    """The key of the paper of a kind."""
    return next(each.id for each in load_application(key).documents if each.kind is kind)


def asked(kind: DocumentKind = BUSINESS) -> Reason:
    return Reason("reason.paper_undated", {"document": f"@DocumentKind.{kind}"}, "C15.1")


def put_up(session: Session, key: int) -> list[Problem]:
    """With what an application is refused that its manager puts up."""
    with pytest.raises(Invalid) as refusal:
        submit(session, key)
    return list(refusal.value.problems)


def blocked(session: Session, key: int, verdict: Verdict = Verdict.APPROVE) -> list[Reason]:
    return list(queries.blockers(session.actor, key, verdict, session.today()))


def wrong(session: Session, key: int) -> list[tuple[Reason, DocumentKind | None]]:
    """The checks of an application that fail, with the paper that shows it."""
    found = checks(session.actor, key, session.today())
    return [(row.reason, row.document) for row in found if row.result is CheckResult.WRONG]


def test_c15_1_a_watched_paper_without_a_validity_is_not_put_up(ready: str) -> None:
    """One problem for each of them at its paper; what refuses greys the button and stands on the
    form. Said on the paper that is there, it is watched from the approval on."""
    key, am = bare("无期化工有限公司", 3, HAZARD), session_of("am")
    found = [Problem(f"document.{kind}", asked(kind)) for kind in (BUSINESS, HAZARD)]
    assert put_up(am, key) == found
    assert blocked(am, key, Verdict.SUBMIT) == [each.reason for each in found]
    stored = load_application(key)
    assert list(
        queries.submission_problems(am.actor, stored.draft, stored.kinds, am.today(), key)
    ) == found  # fmt: skip
    accreditation.describe(am, paper_of(key), BUSINESS, "B-3", None, LAST)
    assert put_up(am, key) == found[1:]
    accreditation.describe(am, paper_of(key, HAZARD), HAZARD, long_term=True)
    assert blocked(am, key, Verdict.SUBMIT) == []
    made = approved_by_all(key)
    watched = "SELECT kind, number, valid_to, long_term FROM licence WHERE customer_id = ?"
    assert sorted(rows(watched, (made,))) == [
        ("business_licence", "B-3", "2027-06-30", 0), ("hazardous_licence", "", None, 1),
    ]  # fmt: skip
    assert audit.verify(session_of("auditor")).sound


def test_c15_1_an_invoice_sheet_has_no_validity(ready: str) -> None:
    key = make_application(session_of("am"), draft_of("开票资料有限公司", 4))
    assert [each.dated for each in load_application(key).documents] == [True, False]
    submit(session_of("am"), key)


def test_c15_1_one_of_two_scans_of_a_kind_will_do(ready: str) -> None:
    """The other may be its back."""
    key = bare("正反面有限公司", 5)
    attach(key, BUSINESS, LAST)
    made = approved_by_all(key)
    found = rows("SELECT valid_to FROM licence WHERE customer_id = ?", (made,))
    assert found == [("2027-06-30",)]


@pytest.mark.parametrize("stage", [0, 1, 2], ids=STAGES)
def test_c15_1_c7_2_what_was_put_up_before_is_not_approved(ready: str, stage: int) -> None:
    """The check says it in the words that refuse, beside the paper; the way back to the applicant
    is open, who says what lacks and puts it up again."""
    key = bare("从前提交有限公司", 6)
    with before_validity():
        submit(session_of("am"), key)
        for login in STAGES[:stage]:
            decide(session_of(login), key)
    signer = session_of(STAGES[stage])
    assert blocked(signer, key) == [asked()] and wrong(signer, key) == [(asked(), BUSINESS)]
    with pytest.raises(NotAllowed) as refusal:
        decide(signer, key)
    assert list(refusal.value.reasons) == [asked()]
    assert blocked(signer, key, Verdict.RETURN) == blocked(signer, key, Verdict.REJECT) == []
    decide(signer, key, Verdict.RETURN, "请补填有效期")
    accreditation.describe(session_of("am"), paper_of(key), BUSINESS, "B-6", None, LAST)
    approved_by_all(key)
    assert audit.verify(session_of("auditor")).sound


def test_c15_1_nor_is_it_approved_in_bulk(ready: str) -> None:
    key = bare("批量无期有限公司", 7)
    with before_validity():
        submit(session_of("am"), key)
    with pytest.raises(NotAllowed):
        accreditation.approve_in_bulk(session_of("sales"), key, version_of(key))


def undated(name: str, number: int) -> int:
    """A customer of before, of whose licence nobody said until when it is valid."""
    with before_validity():
        return approved_by_all(bare(name, number))


def test_c15_1_a_customer_of_before_stays_and_is_listed(ready: str) -> None:
    """Until a licence is recorded: then it waits for acceptance, and is nobody's to record."""
    made, other = undated("老客户有限公司", 8), accredit(draft_of("新客户有限公司", 9))
    head, listed = session_of("sales").actor, undated_on(session_of("sales").today())

    def found(request: Request) -> list[int]:
        return [row.customer_id for row in whole(head, listed, request)]

    assert found(Request()) == found(unwatched("am")) == [made] != [other]
    assert found(unwatched("am2")) == []
    key = record(made, paper("B-8", LAST))
    assert found(unwatched("am")) == []
    assert found(Request(filters=(Filter("waits", choices=("yes",)),))) == [made]
    for login in ("sales", "finance"):
        verdict(key, login)
    assert found(Request()) == []


def test_c15_1_it_is_listed_until_a_paper_that_was_accepted_ahead_begins(ready: str) -> None:
    """Nobody watches it before; dealings go on, as with who has none on record: what has not begun
    has not expired (A.X 12)."""
    made, session = undated("预换证照有限公司", 12), session_of("am")
    begins = session.today() + timedelta(days=30)
    key = record(made, replace(paper("B-12", LAST), valid_from=begins))
    for login in ("sales", "finance"):
        verdict(key, login)
    eve = begins - timedelta(days=1)
    for day in (session.today(), eve):
        (row,) = whole(session.actor, undated_on(day), unwatched("am"))
        assert (row.customer_id, row.kind, row.valid_from) == (made, BUSINESS, begins)
        assert dealing_blockers(session.actor, made, day) == ()
    assert whole(session.actor, undated_on(begins)) == []
    later = Request(filters=(Filter("from", f">={begins}"),))
    assert len(whole(session.actor, undated_on(eve), later)) == 1


@pytest.mark.parametrize("how", ["with the application", "recorded and accepted"])
def test_c15_1_its_further_class_asks_for_the_validity(ready: str, how: str) -> None:
    made, am = undated("老客户增报有限公司", 10), session_of("am")
    draft = queries.further_application(am.actor, made, am.today()).draft
    new = queries.submission_problems(am.actor, draft, (), am.today(), customer_id=made)
    assert Problem(f"document.{BUSINESS}", asked()) in new  # before anything is saved
    key = begin(made)
    assert put_up(am, key) == [Problem(f"document.{BUSINESS}", asked())]
    if how == "with the application":
        attach(key, BUSINESS, LAST)
    else:
        licence = record(made, paper("B-10", LAST))
        assert blocked(am, key, Verdict.SUBMIT) == [asked()]  # not accepted yet
        for login in ("sales", "finance"):
            verdict(licence, login)
    assert approved_by_all(key) == made
    found = rows("SELECT valid_to FROM licence WHERE customer_id = ?", (made,))
    assert found == [("2027-06-30",)]
    assert audit.verify(session_of("auditor")).sound


def test_c15_1_a_renewal_that_comes_along_says_until_when(ready: str) -> None:
    """Else it would be approved, and the former one go on being watched."""
    made = accredit(draft_of("随附新照有限公司", 11))
    key = begin(made)
    attach(key, BUSINESS)
    assert put_up(session_of("am"), key) == [Problem(f"document.{BUSINESS}", asked())]


def test_c7_1_what_stands_on_a_paper_is_said_anew(ready: str) -> None:
    """The scan stays; the row of before is voided, and its own history."""
    key, am = bare("改填有限公司", 12), session_of("am")
    before = paper_of(key)
    ((digest, label),) = rows(
        "SELECT sha256, label FROM application_document WHERE id = ?", (before,)
    )
    made = accreditation.describe(am, before, HAZARD, " H-12 ", None, LAST, issuer="应急局").value
    assert rows(
        "SELECT kind, number, valid_to, issuer, sha256, label, void FROM application_document "
        "WHERE id IN (?, ?) ORDER BY id", (before, made),
    ) == [
        ("business_licence", "", None, "", digest, label, 1),
        ("hazardous_licence", "H-12", "2027-06-30", "应急局", digest, label, 0),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        accreditation.describe(am, before, BUSINESS)
    with pytest.raises(NotFound):
        accreditation.describe(am, 999, BUSINESS)
    with pytest.raises(Invalid):
        accreditation.describe(am, made, HAZARD, "", LAST, date(2027, 6, 1))
    with pytest.raises(NotAllowed):
        accreditation.describe(session_of("am2"), made, HAZARD)
    attach(key, BUSINESS, LAST)
    submit(am, key)
    with pytest.raises(NotAllowed):
        accreditation.describe(am, made, HAZARD)
    assert audit.verify(session_of("auditor")).sound


def test_c7_1_a_paper_keeps_its_place_when_it_is_described_anew(ready: str) -> None:
    """However often; two papers of one scan stay beside each other, and one that is attached comes
    last. What the stages sign names the papers in the order of their rows, as ever."""
    key, am = bare("原位有限公司", 14, HAZARD), session_of("am")
    invoice, licence, hazard = (each.id for each in load_application(key).documents)
    for number in ("B-1", "B-2"):
        licence = accreditation.describe(am, licence, BUSINESS, number, None, LAST).value
    assert [each.id for each in load_application(key).documents] == [invoice, licence, hazard]
    both = [attach_same(key, kind) for kind in (BUSINESS, DocumentKind.OTHER)]
    last = attach(key, DocumentKind.OTHER)
    again = accreditation.describe(am, both[0], BUSINESS, "B-3", None, LAST).value
    found = [each.id for each in load_application(key).documents]
    assert found[:3] == [invoice, licence, hazard]
    assert ({*found[3:5]}, found[5:]) == ({again, both[1]}, [last])
    papers = reviewed(load_application(key))["papers"]
    kinds = dict(rows("SELECT id, kind FROM application_document WHERE void = 0"))
    assert [each["kind"] for each in papers] == [kinds[each] for each in sorted(found)]  # type: ignore[attr-defined]


def attach_same(key: int, kind: DocumentKind) -> int:
    """One scan attached as a paper of this kind."""
    return accreditation.attach(session_of("am"), key, kind, "合一.pdf", PDF + b"both").value
