"""Several things done at once, each a use case of its own, off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chemsales.queries.review import Green
from chemsales.rules.errors import ChemsalesError, Unreachable
from chemsales.services import accreditation as services
from chemsales.services.changes import Changed, Subject
from chemsales.services.session import Session

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Approved:
    """The cases that were approved, and those that were refused with the reason."""

    done: tuple[Green, ...]
    refused: tuple[tuple[Green, ChemsalesError], ...]


@dataclass(frozen=True, slots=True)
class Written(Generic[T, R]):
    """What was done, what was refused and why, and the last event."""

    done: tuple[tuple[T, Changed[R]], ...]
    refused: tuple[tuple[T, ChemsalesError], ...]

    @property
    def event(self) -> str:
        """The key of the last event."""
        return self.done[-1][1].event if self.done else ""


def one_by_one(items: Iterable[T], write: Callable[[T], Changed[R]]) -> Written[T, R]:
    """Write each of these, a use case for each; one that is refused does not hold up the others."""
    done, refused = list[tuple[T, Changed[R]]](), list[tuple[T, ChemsalesError]]()
    for item in items:
        try:
            done.append((item, write(item)))
        except Unreachable:
            raise  # pressed again, what is done answers with its outcome
        except ChemsalesError as error:
            refused.append((item, error))
    return Written(tuple(done), tuple(refused))


def approve_all(session: Session, cases: Sequence[Green]) -> Changed[Approved]:
    """Approve each of these; one that is refused does not hold up the others."""
    written = one_by_one(
        cases, lambda case: services.approve_in_bulk(session, case.id, case.version)
    )
    told = Approved(tuple(case for case, _changed in written.done), written.refused)
    return Changed(told, frozenset({Subject.ACCREDITATION, Subject.CUSTOMER}), written.event)
