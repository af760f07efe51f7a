"""What every floor explains and refuses with: a reason with its article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

Param = str | int


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of an explanation or a refusal.

    `code` is the key of the sentence in the catalogue of words (always a literal that starts with
    "reason."), `params` fill its placeholders (text, whole numbers, ISO dates, or a `term()`), and
    `clause` is the id of the article it rests on (for example "C9.2"), "" where there is none.
    """

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    clause: str = ""

    def as_dict(self) -> dict[str, object]:
        """A JSON-able form, the one that is stored and exported."""
        return {"code": self.code, "params": dict(self.params), "clause": self.clause}

    @classmethod
    def from_dict(cls, stored: Mapping[str, object]) -> Reason:
        """The inverse of `as_dict`."""
        params = stored.get("params") or {}
        assert isinstance(params, Mapping)
        return cls(str(stored["code"]), dict(params), str(stored.get("clause", "")))


def term(member: object) -> str:
    """A parameter of a reason that is itself a word of the program, shown in the reader's language.

    `member` is a member of a StrEnum that has a label (see chemsales.labels).
    """
    return f"@{type(member).__name__}.{member}"


class ChemsalesError(Exception):
    """Base of every refusal that a person is told about; carries its reasons."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(f"{reason.code} {dict(reason.params)}" for reason in reasons))
        self.reasons: tuple[Reason, ...] = reasons


class NotAllowed(ChemsalesError):
    """A rule or a permission forbids the act."""


class Forbidden(NotAllowed):
    """The person's login or roles forbid the act, whatever state the record is in."""


class Conflict(ChemsalesError):
    """Another desk changed the record since it was read."""


class DoneBefore(Conflict):
    """What is asked for was done already, under the same key."""


class NotFound(ChemsalesError):
    """The record that was asked for does not exist."""


class DataError(ChemsalesError):
    """A file or a database that cannot be accepted; nothing was written."""


def unreadable(file: PurePath, error: Exception) -> DataError:
    """Why a file cannot be read: one that is not there is named with its whole path."""
    if isinstance(error, FileNotFoundError):
        return DataError(Reason("reason.file_missing", {"path": str(file)}))
    return DataError(Reason("reason.file_unreadable", {"file": file.name}))


class Unreachable(DataError):
    """The database cannot be reached; what was typed stays where it is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A field or cell that is missing or wrong: `place` is the field's name or "row:column"."""

    place: str
    reason: Reason
    warning: bool = False


class Invalid(ChemsalesError):
    """Input that does not pass; carries one problem per field or cell."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(problem.reason for problem in problems))
        self.problems: tuple[Problem, ...] = problems
