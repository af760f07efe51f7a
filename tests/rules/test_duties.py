"""C7.2: nobody stands at two stages of one case, neither by an own name nor by another's."""

from __future__ import annotations

import pytest

from chemsales.rules.approval import StageName, Verdict
from chemsales.rules.duties import Breach, Signature, breaches

APPLICANT, SALES, FINANCE, GM = (
    StageName.APPLICANT, StageName.SALES, StageName.FINANCE, StageName.GENERAL_MANAGER,
)  # fmt: skip


def signed(case: int, stage: StageName, signer: str, behalf: str = "", verdict=Verdict.APPROVE):
    return Signature(case, stage, verdict, signer, behalf)


SEPARATE = [
    signed(1, APPLICANT, "am", verdict=Verdict.SUBMIT),
    signed(1, SALES, "sales"),
    signed(1, SALES, "sales"),  # the same stage in another round
    signed(1, FINANCE, "finance"),
    signed(2, SALES, "finance"),  # another case
    signed(1, GM, "am2", "gm"),
]


def test_separate_duties_have_no_breach():
    assert breaches(SEPARATE, [(1, "am"), (2, "am")]) == ()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (signed(1, GM, "sales"), Breach(1, "sales", (SALES, GM))),
        (signed(1, FINANCE, "sales", "cfo"), Breach(1, "sales", (SALES, FINANCE))),
        (signed(1, FINANCE, "deputy", "sales"), Breach(1, "sales", (SALES, FINANCE))),
        (signed(1, FINANCE, "am2"), Breach(1, "am2", (FINANCE, GM))),
        (signed(1, FINANCE, "gm"), Breach(1, "gm", (FINANCE, GM))),
        (signed(1, FINANCE, "am"), Breach(1, "am", (APPLICANT, FINANCE))),
        (signed(1, GM, "finance", "", Verdict.UNDO), Breach(1, "finance", (FINANCE, GM))),
    ],
)
def test_a_name_at_two_stages_is_a_breach(more, expected):
    assert breaches([*SEPARATE, more], [(1, "am")]) == (expected,)


def test_an_owner_counts_as_the_applicant_without_a_row():
    assert breaches([signed(3, SALES, "owner")], [(3, "owner")]) == (
        Breach(3, "owner", (APPLICANT, SALES)),
    )


def test_breaches_stand_in_the_order_of_cases_and_logins():
    rows = [
        signed(case, stage, who) for case in (2, 1) for who in ("b", "a") for stage in (GM, SALES)
    ]
    assert [(each.case, each.login) for each in breaches(rows)] == [
        (1, "a"), (1, "b"), (2, "a"), (2, "b"),
    ]  # fmt: skip
