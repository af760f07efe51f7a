"""A reviewer's acceptance of a failing check digit is a row of its own, and part of what the next
stages sign (C7.1, C7.2)."""

from chemsales.storage.columns import ID, columns_of, instant, name, references, whole
from chemsales.storage.schema import audit, create_table, forbid, guard, guard_anew

# what a stage signs: the snapshot that was put up, or with it the acceptance that came to it
SIGNED = (
    "coalesce((SELECT t.hash FROM code_acceptance t WHERE t.case_id = c.id "
    "AND t.round = c.round), c.snapshot_hash)"
)


def up(migrator: object, db: object) -> None:
    create_table(
        "code_acceptance",
        [
            ID, references("case_id", "approval_case (id)"), whole("round"), name("reason", 500),
            name("accepted_by"), instant("accepted_at"), name("snapshot_hash", 64),
            name("hash", 64),
        ],
        ["UNIQUE (case_id, round)"],
    )  # fmt: skip
    audit("code_acceptance", "id", columns_of("code_acceptance"))
    forbid("code_acceptance", ("UPDATE",))
    guard_acceptances()
    guard_decisions()


def guard_acceptances() -> None:
    """A code is accepted once in a round, before the first stage approves, never by the applicant;
    the application says what was accepted."""
    waits = (
        "EXISTS (SELECT 1 FROM approval_case c JOIN application a ON a.case_id = c.id "
        "JOIN chain_stage s ON s.chain = c.chain AND s.position = 1 AND s.stage = c.pending "
        "WHERE c.id = NEW.case_id AND c.chain = 'accreditation' AND c.outcome = 'open' "
        "AND c.round = NEW.round AND c.snapshot_hash = NEW.snapshot_hash "
        "AND NEW.accepted_by <> c.opened_by AND NEW.accepted_by <> c.owner "
        "AND a.code_override = '')"
    )
    guard("code_acceptance_begins", "INSERT", "code_acceptance", f"NOT {waits}",
          "a code is accepted before the first stage approves, never by the applicant")  # fmt: skip
    accepted = (
        "EXISTS (SELECT 1 FROM code_acceptance t JOIN approval_case c ON c.id = t.case_id "
        "AND c.round = t.round WHERE t.case_id = OLD.case_id AND t.reason = NEW.code_override)"
    )
    guard("application_code_accepted", "UPDATE OF code_override", "application",
          "NEW.code_override <> '' AND NEW.code_override <> OLD.code_override "
          f"AND NOT {accepted}",
          "a code is accepted by a row of its own")  # fmt: skip


def guard_decisions() -> None:
    """As before, and: what is signed covers the acceptance."""
    in_turn = (
        "EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id AND c.outcome = 'open' "
        f"AND c.pending = NEW.stage AND c.round = NEW.round AND {SIGNED} = NEW.snapshot_hash "
        "AND NEW.signer <> c.opened_by AND NEW.signer <> c.owner)"
    )
    guard_anew("decision_out_of_turn", "INSERT", "decision",
               f"NEW.stage <> 'applicant' AND NEW.verdict <> 'undo' AND NOT {in_turn}",
               "not this stage, not this person, or not this snapshot")  # fmt: skip
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
        f"(NEW.stage <> 'applicant' AND NEW.verdict = 'undo' AND c.chain = 'accreditation' "
        f"AND {seen} AND NEW.round = c.round AND {same} AND {undone})"
    )
    guard_anew("decision_stands_on_case", "INSERT", "decision",
               f"NOT EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id "
               f"AND ({allowed}))",
               "this decision does not follow from how the case stands")  # fmt: skip
