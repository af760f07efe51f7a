"""What a person signed and what a person put up, over all chains, and what cases are called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from chemsales.queries.approval import (
    DECIDING,
    FIELDS,
    NUMBER,
    STANDS,
    SUBJECTS,
    TITLE,
    WORDS,
    run_words,
)
from chemsales.queries.case_names import titles
from chemsales.queries.filtering import Kind, Sort
from chemsales.queries.listing import Field, Listing
from chemsales.rules.approval import Outcome, StageName, Verdict
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """A signature that a person gave and has not taken back, and how its case stands now.

    `title` and `number` are words of what was reviewed, `period` is that of an evaluation ("" for
    an application); `owner_name` put it up.
    """

    id: int
    kind: str
    subject_id: int
    title: str
    number: str
    period: str
    stage: StageName
    round: int
    verdict: Verdict
    comment: str
    signed_at: datetime
    outcome: Outcome
    owner_name: str


def _decided_rows(found: list[tuple[Any, ...]]) -> list[DecidedRow]:
    return [
        DecidedRow(
            key, chain, subject, title, number, period, StageName(stage), round_,
            Verdict(verdict), comment, instant_of(at), Outcome(outcome), owner,
        )
        for key, chain, subject, title, number, period, stage, round_, verdict, comment, at,
        outcome, owner in found
    ]  # fmt: skip


def decided_by(actor: Actor) -> Listing[DecidedRow]:
    """The list of what this person signed over all chains and did not take back, the newest
    first."""
    return _decided_by(actor.login, run_words())


@lru_cache(maxsize=20)
def _decided_by(login: str, words: tuple[str, ...]) -> Listing[DecidedRow]:
    return Listing(
        name="decided",
        ctes=WORDS,
        given=words,
        source=f"FROM decision d JOIN approval_case c ON c.id = d.case_id {SUBJECTS}",
        key="d.id",
        select=f"c.chain, c.subject_id, {TITLE}, {NUMBER}, coalesce(e.period, ''), d.stage, "
        "d.round, d.verdict, d.comment, d.signed_at, c.outcome, coalesce(p.name, c.owner)",
        make=_decided_rows,
        fields={
            **FIELDS,
            "stage": Field("d.stage", Kind.CHOICE, choices=tuple(map(str, StageName))),
            "round": Field("d.round", Kind.NUMBER),
            "verdict": Field("d.verdict", Kind.CHOICE, choices=tuple(map(str, DECIDING))),
            "comment": Field("d.comment"),
            "signed": Field("d.signed_at", Kind.INSTANT),
            "outcome": Field("c.outcome", Kind.CHOICE, choices=tuple(map(str, Outcome))),
        },
        order=(Sort("signed", descending=True),),
        searched=(TITLE, NUMBER, "d.comment"),
        where=f"d.signer = ? AND d.stage <> '{StageName.APPLICANT}' AND {STANDS}",
        parameters=(login,),
    )


@dataclass(frozen=True, slots=True)
class OwnCaseRow:
    """A case that a person put up, or that came with a customer, and how it stands; `comment` is
    what a stage said on it last, `called` and `listed` as `case_names.titles` says."""

    id: int
    kind: str
    subject_id: int
    title: str
    number: str
    period: str
    round: int
    outcome: Outcome
    comment: str
    moved_at: datetime
    called: str
    listed: str


def _own_rows(found: list[tuple[Any, ...]]) -> list[OwnCaseRow]:
    return [
        OwnCaseRow(
            key, chain, subject, title, number, period, round_, Outcome(outcome), comment,
            instant_of(at), *names,
        )
        for key, chain, subject, title, number, period, round_, outcome, comment, at,
        *names in found
    ]  # fmt: skip


_SAID = (
    "coalesce((SELECT d.comment FROM decision d WHERE d.case_id = c.id "
    f"AND d.stage <> '{StageName.APPLICANT}' AND {STANDS} ORDER BY d.id DESC LIMIT 1), '')"
)


def put_up_by(actor: Actor) -> Listing[OwnCaseRow]:
    """The list of a person's own cases over all chains, running and ended, the newest first."""
    return _put_up_by(actor.login, run_words(), *titles(TITLE))


@lru_cache(maxsize=20)
def _put_up_by(login: str, words: tuple[str, ...], called: str, listed: str) -> Listing[OwnCaseRow]:
    return Listing(
        name="own",
        ctes=WORDS,
        given=words,
        source=f"FROM approval_case c {SUBJECTS}",
        key="c.id",
        select=f"c.chain, c.subject_id, {TITLE}, {NUMBER}, coalesce(e.period, ''), c.round, "
        f"c.outcome, {_SAID}, c.moved_at, {called}, {listed}",
        make=_own_rows,
        fields={
            **{name: field for name, field in FIELDS.items() if name != "owner"},
            "round": Field("c.round", Kind.NUMBER),
            "outcome": Field("c.outcome", Kind.CHOICE, choices=tuple(map(str, Outcome))),
            "comment": Field(_SAID),
            "moved": Field("c.moved_at", Kind.INSTANT),
        },
        order=(Sort("moved", descending=True),),
        searched=(TITLE, NUMBER),
        where="c.owner = ?",
        parameters=(login,),
    )


def case_titles(case_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """What cases are called and their numbers, by key, in the reader's language (inside queries;
    one statement)."""
    wanted = ", ".join(["?"] * len(case_ids)) or "NULL"
    found = rows(
        f"{WORDS} SELECT c.id, {TITLE}, {NUMBER} FROM approval_case c {SUBJECTS} "
        f"WHERE c.id IN ({wanted})",
        (*run_words(), *case_ids),
    )
    return {key: (title, number) for key, title, number in found}
