"""Passwords as they are kept: hashed by argon2, or given to a server that has logins of its own."""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING

from chemsales.config import resource
from chemsales.rules.errors import Invalid, Problem
from chemsales.rules.passwords import normalise, password_problems
from chemsales.storage.database import is_person
from chemsales.storage.security.install import verifier

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def unknown_hash() -> str:
    """The hash of no password: an unknown login takes as long to refuse as a known one."""
    return _hasher().hash(secrets.token_hex(16))


@cache
def _common() -> frozenset[str]:
    text = resource("security", "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def hash_of(password: str) -> str:
    """What is stored of a password in a file's own logins."""
    return _hasher().hash(normalise(password))


def kept(login: str, password: str) -> str:
    """What the database is given of a password: a hash, or what a server with logins of its own
    makes its SCRAM of (it puts that into the login and stores nothing in the table)."""
    return verifier(login, normalise(password)) if is_person() else hash_of(password)


def matches(stored: str, password: str) -> bool:
    """Whether the password is the one that this hash was made of."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(stored, normalise(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker costs than those of today."""
    return _hasher().check_needs_rehash(stored)


def check(password: str, login: str) -> None:
    """Invalid (at "password") for a password that is too easy for this login."""
    problems = password_problems(password, login, _common())
    if problems:
        raise Invalid(*(Problem("password", reason) for reason in problems))
