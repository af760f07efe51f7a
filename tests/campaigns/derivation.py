"""The states of cases out of the signed rows alone, by a derivation that knows nothing of the
program's rules: what the campaign `model` holds after every act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chemsales.storage.database import rows

# by position: who signs a stage, as the regulation has it (C7.2), and what the login's role is
STAGES = {
    "accreditation": ("sales", "finance", "general_manager"),
    "evaluation": ("sales",),
    "licence": ("sales", "finance"),
    "disqualification": ("sales", "finance", "general_manager"),
    "customer_change": ("finance",),
}
# the day from which an approved one counts, of those with a row that says so
COUNTS_FROM = {
    "licence": "accepted_on", "disqualification": "decided_on", "customer_change": "decided_on",
}  # fmt: skip
SIGNERS = {"sales": "sales", "finance": "finance", "general_manager": "gm"}


def derived() -> Iterator[str]:
    """What does not follow from the decisions, by a derivation that knows nothing of the rules."""
    made = Counter(key for (key,) in rows("SELECT case_id FROM customer"))
    states = dict(rows("SELECT case_id, state FROM application WHERE case_id IS NOT NULL"))
    counting = {
        case for chain, column in COUNTS_FROM.items()
        for (case,) in rows(f"SELECT case_id FROM {chain} WHERE {column} IS NOT NULL")
    }  # fmt: skip
    signed: dict[int, list[tuple[int, str, str, str]]] = {}
    for case, *row in rows("SELECT case_id, round, stage, verdict, signer FROM decision "
                           "ORDER BY case_id, id"):  # fmt: skip
        signed.setdefault(case, []).append(tuple(row))
    for case, chain, pending, outcome, opened_by, owner in rows(
        "SELECT id, chain, pending, outcome, opened_by, owner FROM approval_case"
    ):
        stages, left = STAGES[chain], list[tuple[int, str, str, str]]()
        for row in signed[case]:
            if row[2] != "undo":
                left.append(row)
            elif not left or (left[-1][1], left[-1][3]) != (row[1], row[3]):
                yield f"case {case}: undone by another"
            else:
                left.pop()
        last_round = [row for row in left if row[0] == left[-1][0] and row[1] != "applicant"]
        if [row[1] for row in last_round] != list(stages[: len(last_round)]):
            yield f"case {case}: a stage was skipped"
        yield from _people(case, signed[case], {opened_by, owner})
        verdict, count = left[-1][2], len(last_round)
        stands = {
            "submit": ("open", stages[0]),
            "approve": ("open", stages[count]) if count < len(stages) else ("approved", None),
        }.get(
            verdict, ({"return": "returned", "reject": "rejected"}.get(verdict, "withdrawn"), None)
        )
        if stands != (outcome, pending):
            yield f"case {case}: stands at {outcome}, {pending}, not at {stands}"
        ended = {"open": "in_review", "approved": "accredited"}.get(str(stands[0]), stands[0])
        if chain == "accreditation" and states[case] != ended:
            yield f"case {case}: its application is {states[case]}"
        if chain in COUNTS_FROM and (case in counting) != (stands[0] == "approved"):
            yield f"case {case}: what it decides counts, or does not"
        if made[case] != (chain == "accreditation" and stands[0] == "approved"):
            yield f"case {case}: {made[case]} customers"


def _people(case: int, signed: list[tuple[int, str, str, str]], own: set[str]) -> Iterator[str]:
    """Each stage by who may sign it, none by the applicant."""
    for _round, stage, _verdict, signer in signed:
        if stage == "applicant" and signer not in own:
            yield f"case {case}: {signer} acted as the applicant"
        if stage != "applicant" and (signer != SIGNERS[stage] or signer in own):
            yield f"case {case}: {signer} signed for {stage}"
