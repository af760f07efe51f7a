"""Check digits of companies' codes (C7.1, section G)."""

from __future__ import annotations

import pytest

from chemsales.rules.identifiers import check, normalise, organisation_digit


@pytest.mark.parametrize(
    ("kind", "code", "reason", "digit_only"),
    [
        ("uscc", "91350100M000100Y44", "check_digit", True),
        ("uscc", "91350100M0001TGQXM", "check_digit", True),  # a real pilot code
        ("uscc", "91350100M000100Y4", "length", False),
        ("uscc", "91350100M000100I43", "characters", False),
        ("uscc", "9135010ZM000100Y43", "characters", False),
        ("licence15", "310117003171689", "check_digit", True),
        ("licence15", "31011700317168X", "characters", False),
        ("org9", "192203812", "check_digit", True),
        ("org9", "19220381Y", "characters", False),
        ("org9", "1922038", "length", False),
    ],
)
def test_why_a_code_fails(kind: str, code: str, reason: str, digit_only: bool) -> None:
    found = check(kind, code)
    assert not found.valid
    assert found.reason is not None and found.reason.code == f"reason.code_{reason}"
    assert found.reason.clause == "C7.1"
    assert found.digit_only is digit_only


@pytest.mark.parametrize("body", ["D2143569", "19220382", "12345678", "00000000", "ZZZZZZZZ"])
def test_one_check_character_passes(body: str) -> None:
    passing = [end for end in "0123456789X" if check("org9", body + end).valid]
    assert passing == [organisation_digit(body)]


@pytest.mark.parametrize("position", range(17))
def test_every_single_error_in_a_uscc_is_found(position: int) -> None:
    code = "91350100M000100Y43"
    wrong = "0" if code[position] != "0" else "1"
    assert not check("uscc", code[:position] + wrong + code[position + 1 :]).valid


def test_what_a_check_digit_does_not_guard_is_a_warning() -> None:
    assert check("uscc", "91350100M000100Y43").warnings == ()
    # 99 is no province; the organisation code inside does not fit
    codes = {warning.code for warning in check("uscc", with_digit("01990100123456789")).warnings}
    assert codes == {"reason.code_authority", "reason.code_region", "reason.code_inner"}


def with_digit(body: str) -> str:
    from stdnum.cn import uscc

    return body + uscc.calc_check_digit(body)


def test_unknown_kind() -> None:
    with pytest.raises(ValueError):
        check("passport", "1")


def test_normalise() -> None:
    assert normalise(" ９１-35 0100—m000100y43\u3000") == "91350100M000100Y43"
