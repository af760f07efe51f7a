"""Who put up the revisions that an evaluation came in the place of (C7.2)."""

from __future__ import annotations

from chemsales.rules.approval import EVALUATION
from chemsales.storage.database import rows


def put_up_before(run: str) -> str:
    """SQL: who computed the revisions in the place of which this row of `evaluation_run` came since
    the last that was decided: what came back, and what was taken back."""
    return (
        "SELECT x.computed_by FROM evaluation_run x JOIN approval_case y ON y.id = x.case_id "
        f"WHERE x.period = {run}.period AND x.revision < {run}.revision "
        "AND y.outcome IN ('returned', 'withdrawn') AND NOT EXISTS (SELECT 1 "
        "FROM evaluation_run z JOIN approval_case w ON w.id = z.case_id WHERE z.period = x.period "
        f"AND z.revision > x.revision AND z.revision < {run}.revision "
        "AND w.outcome IN ('approved', 'rejected'))"
    )


_BEFORE = (
    "SELECT DISTINCT b.computed_by FROM evaluation_run e JOIN evaluation_run b "
    f"ON b.computed_by IN ({put_up_before('e')}) WHERE e.case_id = ?"
)


def applied_before(chain: str, case_id: int) -> frozenset[str]:
    """The logins that put up what the case of a run came in the place of; of another chain none
    (inside services and queries)."""
    found = rows(_BEFORE, (case_id,)) if chain == EVALUATION.name else []
    return frozenset(login for (login,) in found)
