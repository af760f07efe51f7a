"""The automatic checks of an application as a reviewer reads them (C7.1, C15.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chemsales.queries.checks import CheckResult, CheckRow, checks
from chemsales.rules.customer import DocumentKind
from chemsales.services import accreditation
from tests.factory import (
    PDF,
    accredit,
    draft_of,
    make_application,
    session_of,
    submit,
    uscc_of,
    version_of,
)

LICENCE = DocumentKind.BUSINESS_LICENCE
TODAY = date(2026, 7, 6)
FAILING = "914403001922038217"  # a real company's early code
PASSED, LOOK, WRONG = CheckResult.PASSED, CheckResult.LOOK, CheckResult.WRONG


def found(application_id: int) -> dict[str, CheckRow]:
    """The lines by the code of what they say."""
    rows = checks(session_of("finance").actor, application_id, TODAY)
    return {row.reason.code: row for row in rows}


def test_c7_1_everything_in_order(ready: str) -> None:
    rows = found(make_application(session_of("am"), draft_of("恒力石化有限公司")))
    assert {code: row.result for code, row in rows.items()} == {
        "reason.check_fields_complete": PASSED,
        "reason.check_no_duplicate": PASSED,
        "reason.check_account_own": PASSED,
        "reason.check_code_passes": PASSED,
        "reason.check_holder_agrees": PASSED,
        "reason.check_papers_complete": PASSED,
    }
    assert rows["reason.check_code_passes"].document is LICENCE


def test_c7_1_what_is_missing_stands_first(ready: str) -> None:
    draft = draft_of("恒力石化有限公司", bank="", invoice_phone="")
    key = make_application(session_of("am"), draft, (DocumentKind.INVOICE_DATA,))
    rows = checks(session_of("sales").actor, key, TODAY)
    assert [row.result for row in rows[:3]] == [WRONG] * 3
    assert {row.reason.code for row in rows[:3]} == {
        "reason.field_required",
        "reason.document_missing",
    }


def test_c5_1_what_is_not_compared_for_want_of_a_holder_is_said_and_not_passed(ready: str) -> None:
    am = session_of("am")
    key = make_application(am, draft_of("恒力石化有限公司"), (LICENCE,))
    assert "reason.check_holder_unknown" not in found(key)  # the paper itself is missing
    accreditation.attach(am, key, DocumentKind.INVOICE_DATA, "开票.pdf", PDF)
    row = found(key)["reason.check_holder_unknown"]
    assert (row.result, row.document) == (LOOK, DocumentKind.INVOICE_DATA)
    permit = DocumentKind.ACCOUNT_PERMIT
    accreditation.attach(am, key, permit, "许可证.pdf", PDF, holder="恒力石化有限公司")
    rows = found(key)
    assert "reason.check_holder_unknown" not in rows
    assert rows["reason.check_holder_agrees"].result is PASSED


@pytest.mark.parametrize(
    ("last", "code", "result", "days"),
    [
        (date(2026, 7, 5), "reason.check_paper_expired", WRONG, 1),
        (date(2026, 7, 6), "reason.check_paper_valid", LOOK, 0),
        (date(2026, 10, 3), "reason.check_paper_valid", LOOK, 89),
        (date(2026, 10, 4), "reason.check_paper_valid", PASSED, 90),
    ],
)
def test_c15_2_validity(ready: str, last: date, code: str, result: CheckResult, days: int) -> None:
    draft = draft_of("恒力石化有限公司")
    key = make_application(session_of("am"), draft, (DocumentKind.INVOICE_DATA,))
    accreditation.attach(session_of("am"), key, LICENCE, "执照.pdf", PDF, valid_to=last)
    row = found(key)[code]
    assert (row.result, row.reason.params["days"], row.document) == (result, days, LICENCE)


def test_c7_1_a_failing_check_digit_is_accepted_with_a_reason(ready: str) -> None:
    draft = draft_of("恒力石化有限公司")
    draft = replace(draft, facts=replace(draft.facts, uscc=FAILING))
    key = make_application(session_of("am"), draft)
    submit(session_of("am"), key)
    row = found(key)["reason.code_check_digit"]
    assert (row.result, row.overridable) == (WRONG, True)
    accreditation.override_identifier(session_of("finance"), key, "原件如此", version_of(key))
    rows = found(key)
    assert (
        rows["reason.code_check_digit"].result,
        rows["reason.code_check_digit"].overridable,
    ) == (
        LOOK,
        False,
    )
    assert rows["reason.check_code_overridden"].reason.params["why"] == "原件如此"


def test_c7_1_another_customer_with_the_same_code(ready: str) -> None:
    accredit(draft_of("青岛海科有限公司", 5))
    key = make_application(session_of("am"), draft_of("恒力石化有限公司", 5))
    row = found(key)["reason.duplicate_customer"]
    assert (row.result, row.overridable) == (WRONG, False)
    same = make_application(session_of("am"), draft_of("青岛海科有限公司", 6, uscc=uscc_of(6)))
    assert found(same)["reason.duplicate_name"].result is LOOK
