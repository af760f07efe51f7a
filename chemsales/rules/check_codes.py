"""Check codes (核验码): twelve characters that stand on a paper and that its reader types."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.identifiers import normalise
from chemsales.rules.text import half_width

# Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12  # eleven characters of the hash (55 bits) and the check character
_NUMBERED = re.compile(r"\s*(C\d{5,})(?:-(\d{8}))?[\s,;:]+(.+)")
_READ_AS = str.maketrans("ILO", "110")
_FIELD = 0b100101  # x^5 + x^2 + 1: the 32 values as a field, in which 2 generates all but 0


class PaperKind(StrEnum):
    """The papers that carry a code."""

    APPLICATION = "application"  # 客户开户审批表
    EVALUATION = "evaluation"  # 客户评审表
    MEETING = "meeting"  # 经营例会汇总
    AGENT_LICENCE = "agent_licence"  # 独家代理许可证
    FILE_CARD = "file_card"  # 客户档案卡
    DISQUALIFICATION = "disqualification"  # 取消客户资格审批表
    RENEWAL_LETTER = "renewal_letter"  # 证照到期提醒函
    DISPATCH = "dispatch"  # 客户信息报送单


def check_code(kind: PaperKind, subject: str, inputs_hash: str, edition: int, event: int) -> str:
    """The code of a paper, "8K2M-Q0ZT-4XWA": of its kind and subject as they are printed, the hash
    of its frozen inputs, the rule edition and the number of the event of the last decision on it.

    The same paper has the same code at every reprint, another state of it has another.
    """
    number = code_number(kind, subject, inputs_hash, edition, event)
    body = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH - 1))
    return grouped(body + ALPHABET[_weighted(body)])


def code_number(kind: PaperKind, subject: str, inputs_hash: str, edition: int, event: int) -> int:
    """The number of 55 bits that the code of a paper writes; comparing it is quicker."""
    text = "\x1f".join((kind, subject, inputs_hash, str(edition), str(event)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big") >> 1


def number_of(code: str) -> int:
    """The number that a code of `read_code` writes."""
    body = code.replace("-", "")[: LENGTH - 1]
    return sum(ALPHABET.index(character) << 5 * place for place, character in enumerate(body))


def _weighted(body: str) -> int:
    """The sum of the characters, the n-th times 2^n: no other character in one place, and no
    exchange of two, gives the same."""
    total, weight = 0, 1
    for character in body:
        weight = _times(weight, 2)
        total ^= _times(weight, ALPHABET.index(character))
    return total


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        product ^= one if other & 1 else 0
        one <<= 1
        one ^= _FIELD if one & 32 else 0
        other >>= 1
    return product


def grouped(code: str) -> str:
    """Twelve characters in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


class Typed(NamedTuple):
    """A code as it is printed, and what was typed before it: the customer's code that is the number
    of a file card or begins that of a reminder letter, and the letter's day ("", None: nothing)."""

    code: str
    customer: str = ""
    day: date | None = None


def read_typed(typed: str) -> Typed:
    """What a person typed, a code alone or after the number of its paper; Invalid as `read_code`.

    "C00007-20260706 8K2M-Q0ZT-4XWA" is the code of the letter of that day.
    """
    numbered = _NUMBERED.fullmatch(half_width(typed).upper())
    if len(normalise(typed)) == LENGTH or numbered is None:
        return Typed(read_code(typed))
    customer, day, code = numbered.groups()
    try:
        return Typed(read_code(code), customer, date.fromisoformat(day) if day else None)
    except ValueError:  # no day
        return Typed(read_code(code), customer)


def read_code(typed: str) -> str:
    """A code as a person types it (any case, blanks, full width, O for 0), as it is printed.

    Invalid for what is no code, and where the check character shows a slip.
    """
    code = normalise(typed).translate(_READ_AS)
    if len(code) != LENGTH or set(code) - set(ALPHABET):
        raise Invalid(Problem("code", Reason("reason.check_code_shape", {"length": LENGTH})))
    if ALPHABET.index(code[-1]) != _weighted(code[:-1]):
        raise Invalid(Problem("code", Reason("reason.check_code_mistyped", {})))
    return grouped(code)
