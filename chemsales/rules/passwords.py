"""What a password may not be: short, common, or made of the login (NIST SP 800-63B-4); how guesses
are slowed down."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import timedelta

from chemsales.rules.errors import Reason

SHORTEST = 15
LONGEST = 256
FREE_FAILURES, MANY_FAILURES = 5, 100
LONGEST_WAIT, MANY_WAIT = timedelta(seconds=30), timedelta(hours=1)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
)


def normalise(password: str) -> str:
    """The form of a password that is hashed: NFKC, so that every keyboard gives the same."""
    return unicodedata.normalize("NFKC", password)


def wait_after(failures: int) -> timedelta:
    """How long a login is locked after so many failures in a row.

    1, 2, 4 ... 30 seconds from the fifth on; an hour from the hundredth on (24 guesses a day).
    """
    if failures < FREE_FAILURES:
        return timedelta(0)
    if failures >= MANY_FAILURES:
        return MANY_WAIT
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - FREE_FAILURES, 10)))


def plain(password: str) -> str:
    """Letters and digits only, in lower case: the form in which common ones are listed."""
    return "".join(c for c in normalise(password).casefold() if c.isalnum())


def password_problems(password: str, login: str, common: Collection[str]) -> tuple[Reason, ...]:
    """Why this password may not be chosen; empty when it may.

    At least 15 characters, at most 256; nothing is demanded of its composition. `common` holds
    known passwords in `plain` form; repetitions, rows of the keyboard and the login repeated count
    as known.
    """
    text = normalise(password)
    if len(text) < SHORTEST:
        return (Reason("reason.password_short", {"least": SHORTEST}),)
    if len(text) > LONGEST:
        return (Reason("reason.password_long", {"most": LONGEST}),)
    if _is_known(plain(text), plain(login), common):
        return (Reason("reason.password_common"),)
    return ()


def _is_known(text: str, login: str, common: Collection[str]) -> bool:
    without_digits = text.rstrip("0123456789")
    return (
        text in common
        or without_digits in common
        or len(set(text)) < 5
        or any(_repeats(text, length) for length in range(1, len(text) // 2 + 1))
        or any(text in row * 3 or text in (row * 3)[::-1] for row in _ROWS)
        or len(text.replace(login, "") if login else text) < 5
    )


def _repeats(text: str, length: int) -> bool:
    """Whether the text is one block of `length` over and over (the last one may be cut)."""
    return text == (text[:length] * (len(text) // length + 1))[: len(text)]
