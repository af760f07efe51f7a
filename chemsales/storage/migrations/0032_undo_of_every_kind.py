"""A decision on a case of any kind can be taken back until somebody has acted on it (C7.2)."""

from chemsales.storage.schema import guard_anew

# what a stage signs: the snapshot that was put up, or with it the acceptance that came to it
SIGNED = (
    "coalesce((SELECT t.hash FROM code_acceptance t WHERE t.case_id = c.id "
    "AND t.round = c.round), c.snapshot_hash)"
)


def up(migrator: object, db: object) -> None:
    """The guard of decisions as before, but that an undo stands on a case of every chain."""
    own = "NEW.stage = 'applicant' AND NEW.signer IN (c.opened_by, c.owner)"
    seen, same = "NEW.seen_version = c.version", f"NEW.snapshot_hash = {SIGNED}"
    undone = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = c.id AND d.round = c.round "
        "AND d.seen_version = c.version - 1 AND d.stage = NEW.stage AND d.signer = NEW.signer "
        "AND d.on_behalf_of = NEW.on_behalf_of "
        "AND ((d.verdict = 'approve' AND c.outcome = 'open') OR "
        "(d.verdict = 'return' AND c.outcome = 'returned'))) AND NOT EXISTS (SELECT 1 "
        "FROM code_acceptance t JOIN application a ON a.case_id = t.case_id WHERE t.case_id = c.id "
        "AND t.round = c.round AND t.reason <> a.code_override)"  # it can be given once in a round
    )
    allowed = (
        f"({own} AND NEW.verdict = 'submit' AND c.outcome = 'open' AND c.version = 1 "
        f"AND NEW.round = 1 AND NEW.seen_version = 0 AND {same}) OR "
        f"({own} AND NEW.verdict = 'submit' AND c.outcome = 'returned' AND {seen} "
        "AND NEW.round = c.round + 1) OR "
        f"({own} AND NEW.verdict = 'withdraw' AND c.outcome IN ('open', 'returned') AND {seen} "
        f"AND NEW.round = c.round AND {same}) OR "
        f"(NEW.stage <> 'applicant' AND {seen} AND (NEW.verdict = 'approve' OR "
        "(NEW.verdict IN ('return', 'reject') AND trim(NEW.comment) <> ''))) OR "
        f"(NEW.stage <> 'applicant' AND NEW.verdict = 'undo' AND {seen} "
        f"AND NEW.round = c.round AND {same} AND {undone})"
    )
    guard_anew("decision_stands_on_case", "INSERT", "decision",
               f"NOT EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id "
               f"AND ({allowed}))",
               "this decision does not follow from how the case stands")  # fmt: skip
