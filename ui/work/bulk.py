"""Several approvals at once, each its own decision, off the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chemsales.queries.review import Green
from chemsales.rules.errors import ChemsalesError, Unreachable
from chemsales.services import accreditation as services
from chemsales.services.changes import Changed, Subject
from chemsales.services.session import Session


@dataclass(frozen=True, slots=True)
class Approved:
    """The cases that were approved, and those that were refused with the reason."""

    done: tuple[Green, ...]
    refused: tuple[tuple[Green, ChemsalesError], ...]


def approve_all(session: Session, cases: Sequence[Green]) -> Changed[Approved]:
    """Approve each of these; one that is refused does not hold up the others."""
    done, refused, event = list[Green](), list[tuple[Green, ChemsalesError]](), ""
    for case in cases:
        try:
            event = services.approve_in_bulk(session, case.id, case.version).event
            done.append(case)
        except Unreachable:
            raise  # pressed again, what is done answers with its outcome
        except ChemsalesError as error:
            refused.append((case, error))
    subjects = frozenset({Subject.ACCREDITATION, Subject.CUSTOMER})
    return Changed(Approved(tuple(done), tuple(refused)), subjects, event)
