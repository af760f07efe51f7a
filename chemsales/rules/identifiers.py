"""Check digits of companies' codes (C7.1): USCC (GB 32100), 15-digit licence, organisation code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.cn import uscc as uscc_number
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.iso7064 import mod_11_10

from chemsales.rules.errors import Reason, term
from chemsales.rules.text import half_width


class CodeKind(StrEnum):
    """The kinds of codes that a check digit guards."""

    USCC = "uscc"  # 统一社会信用代码
    LICENCE15 = "licence15"  # 15 位营业执照注册号
    ORG9 = "org9"  # 组织机构代码


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a code passes; `reason` says why not, `warnings` what a person should look at.

    `digit_only` is true where nothing but the check digit is wrong: that, and only that, a reviewer
    may override with a reason (C7.1: early pilot codes of real companies fail it).
    """

    valid: bool
    reason: Reason | None = None
    warnings: tuple[Reason, ...] = ()
    digit_only: bool = False


_LENGTHS = {CodeKind.USCC: 18, CodeKind.LICENCE15: 15, CodeKind.ORG9: 9}
_FORMATS = {
    CodeKind.USCC: re.compile(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}"),
    CodeKind.LICENCE15: re.compile(r"[0-9]{15}"),
    CodeKind.ORG9: re.compile(r"[0-9A-Z]{8}[0-9X]"),
}
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
# Provinces of GB/T 2260 (first two digits of the region), and 10 for the state's own registers
_PROVINCES = re.compile(r"1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normalise(code: str) -> str:
    """The code without spaces and hyphens, in upper case and half-width characters."""
    return _SEPARATORS.sub("", half_width(code)).upper()


def check(kind: str, code: str) -> Check:
    """Check a code of a kind ("uscc", "licence15", "org9"); ValueError for another kind (C7.1).

    A 15-digit tax number is not a licence number: do not check one here.
    """
    known = CodeKind(kind)
    text = normalise(code)
    if len(text) != _LENGTHS[known]:
        params: dict[str, str | int] = {
            "kind": term(known),
            "length": _LENGTHS[known],
            "found": len(text),
        }
        return Check(False, Reason("reason.code_length", params, "C7.1"))
    if not _FORMATS[known].fullmatch(text):
        return Check(False, Reason("reason.code_characters", {"kind": term(known)}, "C7.1"))
    warnings = _uscc_warnings(text) if known is CodeKind.USCC else ()
    if not _digit_passes(known, text):
        reason = Reason("reason.code_check_digit", {"kind": term(known), "code": text}, "C7.1")
        return Check(False, reason, warnings, digit_only=True)
    return Check(True, None, warnings)


def organisation_of(uscc: str, org9: str) -> str:
    """The organisation code of a company: its own, or the one inside its USCC; "" for neither."""
    return org9 or (uscc[8:17] if len(uscc) == _LENGTHS[CodeKind.USCC] else "")


def tax_agrees(number: str, uscc: str, org9: str) -> bool:
    """Whether a tax number is of the company of these codes (C5.1): it is the USCC, or 6 digits of
    the region before the organisation code."""
    organisation = organisation_of(uscc, org9)
    return bool(number) and (number == uscc or (bool(organisation) and number[6:] == organisation))


def _digit_passes(kind: CodeKind, text: str) -> bool:
    if kind is CodeKind.ORG9:
        return text[8] == organisation_digit(text[:8])
    try:
        (uscc_number if kind is CodeKind.USCC else mod_11_10).validate(text)
    except InvalidChecksum:
        return False
    except ValidationError as error:
        raise AssertionError(f"{kind} {text} passed the format") from error
    return True


def organisation_digit(body: str) -> str:
    """The check character of the 8 characters of an organisation code (GB 11714)."""
    total = sum(int(character, 36) * w for character, w in zip(body, _ORG_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def _uscc_warnings(text: str) -> tuple[Reason, ...]:
    """What the check digit does not guard: authority, region, and the organisation code inside."""
    found = []
    if text[0] == "0":
        found.append(Reason("reason.code_authority", {"authority": text[0]}, "C7.1"))
    if not _PROVINCES.fullmatch(text[2:4]):
        found.append(Reason("reason.code_region", {"region": text[2:8]}, "C7.1"))
    inner = text[8:17]
    if not _FORMATS[CodeKind.ORG9].fullmatch(inner) or not _digit_passes(CodeKind.ORG9, inner):
        found.append(Reason("reason.code_inner", {"code": inner}, "C7.1"))
    return tuple(found)
