"""A decision can be taken back until somebody has acted on it: by a row of its own (C7.2)."""

from chemsales.storage.columns import (
    ID,
    columns_of,
    index,
    instant,
    name,
    one_of,
    references,
    text,
    whole,
)
from chemsales.storage.database import database, is_sqlite
from chemsales.storage.schema import create_table, ddl, forbid, guard

VERDICTS = ("submit", "approve", "return", "reject", "withdraw", "undo")
ATTEMPT = whole("attempt", "NOT NULL DEFAULT 0 CHECK (attempt >= 0)")


def up(migrator: object, db: object) -> None:
    if is_sqlite():
        rebuild()
    else:
        alter()
    for verb in ("<>", "="):
        which = "once" if verb == "<>" else "undone_once"
        index(
            f"CREATE UNIQUE INDEX decision_{which} ON decision (case_id, round, stage, attempt) "
            f"WHERE stage <> 'applicant' AND verdict {verb} 'undo'"
        )
    guard_decisions()
    guard_cases()


def rebuild() -> None:
    """The table anew, row by row as it was; what stood on the old one goes with it."""
    database.execute_sql('DROP TRIGGER "approval_case_follows"')
    kept = ", ".join(columns_of("decision"))
    create_table(
        "decision_anew",
        [
            ID, references("case_id", "approval_case (id)"), whole("round"), name("stage", 40),
            one_of("verdict", *VERDICTS), name("signer"), name("signer_name"),
            instant("signed_at"), text("comment", 2000), whole("seen_version"),
            name("snapshot_hash", 64), whole("edition"), ATTEMPT,
        ],
    )  # fmt: skip
    database.execute_sql(
        f"INSERT INTO decision_anew ({kept}) SELECT {kept} FROM decision ORDER BY id"
    )
    database.execute_sql("DROP TABLE decision")
    database.execute_sql("ALTER TABLE decision_anew RENAME TO decision")
    index("CREATE UNIQUE INDEX decision_per_version ON decision (case_id, seen_version)")
    forbid("decision", ("UPDATE", "DELETE"))


def alter() -> None:
    listed = ", ".join(f"'{verdict}'" for verdict in VERDICTS)
    for statement in (
        f"ADD COLUMN {ddl(ATTEMPT)}",
        "DROP CONSTRAINT decision_verdict_check",
        f"ADD CONSTRAINT decision_verdict_check CHECK (verdict IN ({listed}))",
    ):
        database.execute_sql(f"ALTER TABLE decision {statement}")
    index("DROP INDEX decision_once")
    for trigger in ("decision_two_stages", "decision_out_of_turn", "decision_stands_on_case"):
        database.execute_sql(f'DROP TRIGGER "{trigger}" ON decision')
        database.execute_sql(f'DROP FUNCTION "{trigger}"()')
    database.execute_sql('DROP TRIGGER "approval_case_follows" ON approval_case')
    database.execute_sql('DROP FUNCTION "approval_case_follows"()')


def guard_decisions() -> None:
    """As before, and: who decided last takes that back, while the case stands as it left it."""
    other = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = NEW.case_id AND d.signer = NEW.signer "
        "AND d.stage <> NEW.stage AND d.stage <> 'applicant')"
    )
    guard("decision_two_stages", "INSERT", "decision",
          f"NEW.stage <> 'applicant' AND {other}", "one person, two stages")  # fmt: skip
    in_turn = (
        "EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id AND c.outcome = 'open' "
        "AND c.pending = NEW.stage AND c.round = NEW.round AND c.snapshot_hash = NEW.snapshot_hash "
        "AND NEW.signer <> c.opened_by AND NEW.signer <> c.owner)"
    )
    guard("decision_out_of_turn", "INSERT", "decision",
          f"NEW.stage <> 'applicant' AND NEW.verdict <> 'undo' AND NOT {in_turn}",
          "not this stage, not this person, or not this snapshot")  # fmt: skip
    guard("decision_attempt", "INSERT", "decision",
          "NEW.attempt <> (SELECT count(*) FROM decision u WHERE u.case_id = NEW.case_id "
          "AND u.round = NEW.round AND u.stage = NEW.stage AND u.verdict = 'undo')",
          "a stage counts how often it took its decision back")  # fmt: skip
    own = "NEW.stage = 'applicant' AND NEW.signer IN (c.opened_by, c.owner)"
    seen = "NEW.seen_version = c.version"
    undone = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = c.id AND d.round = c.round "
        "AND d.seen_version = c.version - 1 AND d.stage = NEW.stage AND d.signer = NEW.signer "
        "AND ((d.verdict = 'approve' AND c.outcome = 'open') OR "
        "(d.verdict = 'return' AND c.outcome = 'returned')))"
    )
    allowed = (
        f"({own} AND NEW.verdict = 'submit' AND c.outcome = 'open' AND c.version = 1 "
        "AND NEW.round = 1 AND NEW.seen_version = 0 AND NEW.snapshot_hash = c.snapshot_hash) OR "
        f"({own} AND NEW.verdict = 'submit' AND c.outcome = 'returned' AND {seen} "
        "AND NEW.round = c.round + 1) OR "
        f"({own} AND NEW.verdict = 'withdraw' AND c.outcome IN ('open', 'returned') AND {seen} "
        "AND NEW.round = c.round AND NEW.snapshot_hash = c.snapshot_hash) OR "
        f"(NEW.stage <> 'applicant' AND {seen} AND (NEW.verdict = 'approve' OR "
        "(NEW.verdict IN ('return', 'reject') AND trim(NEW.comment) <> ''))) OR "
        f"(NEW.stage <> 'applicant' AND NEW.verdict = 'undo' AND c.chain = 'accreditation' "
        f"AND {seen} AND NEW.round = c.round AND NEW.snapshot_hash = c.snapshot_hash AND {undone})"
    )
    guard("decision_stands_on_case", "INSERT", "decision",
          f"NOT EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id AND ({allowed}))",
          "this decision does not follow from how the case stands")  # fmt: skip


def guard_cases() -> None:
    """As before, and: after an undo the case is open again at the stage that took it back."""
    first = (
        "EXISTS (SELECT 1 FROM chain_stage s WHERE s.chain = NEW.chain AND s.position = 1 "
        "AND s.stage = NEW.pending)"
    )
    following = (
        "(SELECT n.stage FROM chain_stage s JOIN chain_stage n ON n.chain = s.chain "
        "AND n.position = s.position + 1 WHERE s.chain = OLD.chain AND s.stage = d.stage)"
    )
    ended = "NEW.pending IS NULL AND NEW.outcome ="
    moved = (
        f"(d.verdict = 'submit' AND OLD.outcome = 'returned' AND NEW.round = OLD.round + 1 "
        f"AND NEW.outcome = 'open' AND {first} AND NEW.snapshot_hash = d.snapshot_hash) OR "
        "(NEW.round = OLD.round AND NEW.snapshot_hash = OLD.snapshot_hash "
        "AND NEW.snapshot = OLD.snapshot AND ("
        f"(d.verdict = 'return' AND {ended} 'returned') OR "
        f"(d.verdict = 'reject' AND {ended} 'rejected') OR "
        f"(d.verdict = 'withdraw' AND {ended} 'withdrawn') OR "
        "(d.verdict = 'undo' AND OLD.outcome IN ('open', 'returned') "
        "AND NEW.pending = d.stage AND NEW.outcome = 'open') OR "
        f"(d.verdict = 'approve' AND d.stage = OLD.pending "
        f"AND NEW.pending IS NOT DISTINCT FROM {following} "
        "AND NEW.outcome = CASE WHEN NEW.pending IS NULL THEN 'approved' ELSE 'open' END)))"
    )
    identity = " OR ".join(
        f"NEW.{column} IS DISTINCT FROM OLD.{column}"
        for column in ("id", "chain", "subject", "subject_id", "opened_by", "owner", "opened_at",
                       "clause", "edition")
    )  # fmt: skip
    latest = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = OLD.id "
        "AND d.seen_version = OLD.version AND d.seen_version > 0 "
        f"AND d.round = NEW.round AND ({moved}))"
    )
    guard("approval_case_follows", "UPDATE", "approval_case",
          f"{identity} OR NEW.version <> OLD.version + 1 OR NOT {latest}",
          "a case moves only as its latest decision says")  # fmt: skip
