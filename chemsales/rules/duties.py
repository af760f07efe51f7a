"""Separation of duties (不相容职责分离): nobody stands at two stages of one case (C7.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chemsales.rules.approval import StageName, Verdict


@dataclass(frozen=True, slots=True)
class Signature:
    """One row of a case: the stage, what, by whom, on whose behalf ("" by the own role)."""

    case: int
    stage: StageName
    verdict: Verdict
    signer: str
    on_behalf_of: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """The logins for which it counts: a delegate's signature counts for both names."""
        return (self.signer, self.on_behalf_of) if self.on_behalf_of else (self.signer,)


@dataclass(frozen=True, slots=True)
class Breach:
    """Somebody who stands at several stages of one case, in the order of the chain."""

    case: int
    login: str
    stages: tuple[StageName, ...]


def breaches(
    signatures: Iterable[Signature], applicants: Iterable[tuple[int, str]] = ()
) -> tuple[Breach, ...]:
    """Who stands at two stages of one case, by case and login; empty where duties were separate.

    A signature that was taken back counts too: it was given. `applicants` are pairs of case and
    login that count at the applicant's stage without a row: who opened a case, and its owner.
    """
    held: dict[tuple[int, str], set[StageName]] = {}
    for row in signatures:
        for login in row.people:
            held.setdefault((row.case, login), set()).add(row.stage)
    for case, login in applicants:
        held.setdefault((case, login), set()).add(StageName.APPLICANT)
    order = list(StageName)
    return tuple(
        Breach(case, login, tuple(sorted(stages, key=order.index)))
        for (case, login), stages in sorted(held.items())
        if len(stages) > 1
    )
