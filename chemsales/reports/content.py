"""What every form and report carries: proof at the foot, signatures, names of product groups."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.rules.approval import StageName, Verdict


@dataclass(frozen=True, slots=True)
class Footer:
    """The proof at the foot of each page.

    `inputs_hash` is the hash of the frozen inputs ("" on a blank form), `last_event` the number of
    the audit event of the last decision shown (0 = none), `edition` that of the rule edition,
    `citation` the ids of the articles the paper rests on, separated by blanks ("C7.1 C7.2"), `code`
    the check code ("" where there is nothing decided yet that it could be held against).
    """

    inputs_hash: str = ""
    last_event: int = 0
    edition: int = 0
    citation: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One signature of an approval case; `signed_at` is local, "2026-07-06 14:30" or a day alone.

    The account manager's own opinion is the row with stage APPLICANT and verdict SUBMIT.
    """

    stage: StageName
    verdict: Verdict
    signer: str
    signed_at: str
    comment: str = ""
    round: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """A product group: its name, and the English one where it has one."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """An item of dispatch (to finance without an `office`), or the filing: its number, and the ISO
    days on which it was sent and taken, "" before."""

    number: str
    sent_on: str = ""
    taken_on: str = ""
    receipt: str = ""
    office: str = ""
    office_en: str = ""
