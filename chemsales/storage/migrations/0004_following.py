"""States follow from decisions: guards that derive cases, applications and customers again."""

from chemsales.storage.columns import index, name, one_of, whole
from chemsales.storage.database import insert_rows
from chemsales.storage.schema import create_table, forbid, guard

STAGES = (
    # chain, position, stage, role
    ("accreditation", 1, "sales", "sales_head"),
    ("accreditation", 2, "finance", "finance"),
    ("accreditation", 3, "general_manager", "general_manager"),
    ("evaluation", 1, "sales", "sales_head"),
)
FACTS = (
    "name", "short_name", "former_name", "mnemonic", "profile", "uscc", "licence15", "org9",
    "national_tax_no", "local_tax_no", "enterprise_type", "established_on", "business_term",
    "registered_capital", "legal_person", "registered_address", "business_address",
    "business_scope", "industry", "parent_company", "bank", "account", "invoice_address",
    "invoice_phone", "taxpayer_kind", "invoice_type", "credit_note", "code_override",
)  # fmt: skip


def up(migrator: object, db: object) -> None:
    create_chains()
    guard_cases()
    guard_applications()
    guard_customers()
    guard_months()
    guard_once()


def create_chains() -> None:
    create_table(
        "chain_stage",
        [
            name("chain", 40), whole("position", "NOT NULL CHECK (position > 0)"),
            name("stage", 40),
            one_of("role", "account_manager", "sales_head", "finance", "general_manager",
                   "administrator", "auditor"),
        ],
        ["PRIMARY KEY (chain, position)", "UNIQUE (chain, stage)"],
    )  # fmt: skip
    insert_rows("chain_stage", ("chain", "position", "stage", "role"), STAGES)
    forbid("chain_stage", ("UPDATE", "DELETE"))


def changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


def guard_cases() -> None:
    """A case begins at its first stage and only moves to what its latest decision says (C7.2)."""
    index("CREATE UNIQUE INDEX decision_per_version ON decision (case_id, seen_version)")
    first = (
        "EXISTS (SELECT 1 FROM chain_stage s WHERE s.chain = NEW.chain AND s.position = 1 "
        "AND s.stage = NEW.pending)"
    )
    guard("approval_case_begins", "INSERT", "approval_case",
          f"NOT (NEW.round = 1 AND NEW.outcome = 'open' AND NEW.version = 1 AND {first})",
          "a case begins in round 1 at the first stage of its chain")  # fmt: skip
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
        f"(d.verdict = 'approve' AND d.stage = OLD.pending "
        f"AND NEW.pending IS NOT DISTINCT FROM {following} "
        "AND NEW.outcome = CASE WHEN NEW.pending IS NULL THEN 'approved' ELSE 'open' END)))"
    )
    identity = changed(
        "id", "chain", "subject", "subject_id", "opened_by", "owner", "opened_at", "clause",
        "edition",
    )  # fmt: skip
    latest = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = OLD.id "
        "AND d.seen_version = OLD.version AND d.seen_version > 0 "
        f"AND d.round = NEW.round AND ({moved}))"
    )
    guard("approval_case_follows", "UPDATE", "approval_case",
          f"{identity} OR NEW.version <> OLD.version + 1 OR NOT {latest}",
          "a case moves only as its latest decision says")  # fmt: skip
    guard_decisions()


def guard_decisions() -> None:
    """Every decision stands on the version of the case that it saw; the applicant submits and
    withdraws, a stage approves, or says why not."""
    own = "NEW.stage = 'applicant' AND NEW.signer IN (c.opened_by, c.owner)"
    seen = "NEW.seen_version = c.version"
    allowed = (
        f"({own} AND NEW.verdict = 'submit' AND c.outcome = 'open' AND c.version = 1 "
        "AND NEW.round = 1 AND NEW.seen_version = 0 AND NEW.snapshot_hash = c.snapshot_hash) OR "
        f"({own} AND NEW.verdict = 'submit' AND c.outcome = 'returned' AND {seen} "
        "AND NEW.round = c.round + 1) OR "
        f"({own} AND NEW.verdict = 'withdraw' AND c.outcome IN ('open', 'returned') AND {seen} "
        "AND NEW.round = c.round AND NEW.snapshot_hash = c.snapshot_hash) OR "
        f"(NEW.stage <> 'applicant' AND {seen} AND (NEW.verdict = 'approve' OR "
        "(NEW.verdict IN ('return', 'reject') AND trim(NEW.comment) <> '')))"
    )
    guard("decision_stands_on_case", "INSERT", "decision",
          f"NOT EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id AND ({allowed}))",
          "this decision does not follow from how the case stands")  # fmt: skip


def guard_applications() -> None:
    """An application stands where its case stands, and keeps its case and its customer (C7.2)."""
    guard("application_begins", "INSERT", "application",
          "NEW.state <> 'draft' OR NEW.case_id IS NOT NULL OR NEW.customer_id IS NOT NULL "
          "OR NEW.code_override <> '' OR NEW.version <> 1",
          "an application begins as a draft")  # fmt: skip
    by_outcome = (
        "CASE c.outcome WHEN 'open' THEN 'in_review' WHEN 'approved' THEN 'accredited' "
        "ELSE c.outcome END"
    )
    case = "coalesce(OLD.case_id, NEW.case_id)"
    stands = (
        f"CASE WHEN {case} IS NULL THEN NEW.state = OLD.state OR "
        "(OLD.state = 'draft' AND NEW.state = 'withdrawn') "
        f"ELSE EXISTS (SELECT 1 FROM approval_case c WHERE c.id = {case} "
        f"AND NEW.state = {by_outcome}) END"
    )
    own_case = (
        "OLD.case_id IS NOT NULL OR NEW.case_id IS NULL OR EXISTS (SELECT 1 FROM approval_case c "
        "WHERE c.id = NEW.case_id AND c.chain = 'accreditation' AND c.subject = 'accreditation' "
        "AND c.subject_id = NEW.id AND c.owner = NEW.manager)"
    )
    own_customer = (
        "NEW.customer_id IS NOT DISTINCT FROM OLD.customer_id OR (OLD.customer_id IS NULL AND "
        "EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
        "AND u.application_id = NEW.id))"
    )
    kept = changed("id", "number", "created_by", "created_at")
    guard("application_state_follows",
          "UPDATE OF id, number, created_by, created_at, state, case_id, customer_id",
          "application",
          f"{kept} OR NOT ({stands}) OR NOT ({own_case}) OR NOT ({own_customer})",
          "an application stands where its case stands")  # fmt: skip


def guard_customers() -> None:
    """A customer comes out of the approved case of its own application, just as approved (C8.1)."""
    same = " AND ".join(f"a.{fact} = NEW.{fact}" for fact in (*FACTS, "manager"))
    guard("customer_from_approval", "INSERT", "customer",
          "NOT EXISTS (SELECT 1 FROM application a JOIN approval_case c ON c.id = a.case_id "
          "WHERE a.id = NEW.application_id AND c.id = NEW.case_id AND c.outcome = 'approved' "
          f"AND c.chain = 'accreditation' AND a.customer_id IS NULL AND {same})",
          "a customer comes out of an approved application, as approved")  # fmt: skip
    index("CREATE UNIQUE INDEX customer_application ON customer (application_id)")
    guard("customer_origin_kept", "UPDATE OF id, code, case_id, application_id, accredited_on",
          "customer", changed("id", "code", "case_id", "application_id", "accredited_on"),
          "where a customer came from stays")  # fmt: skip
    guard("numbering_begins", "INSERT", "numbering", "NEW.last <> 1", "a series begins at 1")
    guard("numbering_counts_up", "UPDATE", "numbering",
          "NEW.series <> OLD.series OR NEW.last <> OLD.last + 1",
          "a series counts up by one")  # fmt: skip
    forbid("numbering", ("DELETE",))
    guard("rule_edition_next", "INSERT", "rule_edition",
          "NEW.number <> (SELECT coalesce(max(e.number), 0) + 1 FROM rule_edition e) OR EXISTS "
          "(SELECT 1 FROM rule_edition e WHERE e.effective_from >= NEW.effective_from)",
          "an edition is the next one and takes effect after all others")  # fmt: skip


def guard_months() -> None:
    """Nothing comes into a closed month, and nothing in one is undone (C9.2)."""
    for table in ("pickup", "plan_line"):
        guard(f"{table}_month_open", "INSERT", table,
              "EXISTS (SELECT 1 FROM closing c WHERE c.month = NEW.month AND c.active = 1)",
              "the month is closed")  # fmt: skip
    fixed = changed(
        "id", "kind", "file_name", "sha256", "months", "row_count", "rejected", "total_kg",
        "rows_digest", "imported_by", "imported_at",
    )  # fmt: skip
    guard("import_batch_undone_once", "UPDATE", "import_batch",
          f"{fixed} OR OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL "
          "OR NEW.undone_by IS NULL OR EXISTS (SELECT 1 FROM closing c WHERE c.active = 1 "
          "AND replace(NEW.months, c.month, '') <> NEW.months)",
          "an import is undone once, while its months are open")  # fmt: skip


def guard_once() -> None:
    """A closing ends once, a run is replaced once, a rating is confirmed once by somebody else."""
    fixed = changed(
        "id", "month", "revision", "edition", "closed_by", "closed_at", "results_digest", "inputs"
    )
    guard("closing_ends_once", "UPDATE", "closing",
          f"{fixed} OR OLD.active = 0 OR NEW.active = 1 OR NEW.ended_by IS NULL "
          "OR NEW.ended_at IS NULL",
          "a closing ends once")  # fmt: skip
    guard("closing_begins", "INSERT", "closing",
          "NEW.active <> 1 OR NEW.ended_by IS NOT NULL OR NEW.ended_at IS NOT NULL OR "
          "NEW.revision <> (SELECT coalesce(max(c.revision), 0) + 1 FROM closing c "
          "WHERE c.month = NEW.month)",
          "a closing begins as the next revision of its month")  # fmt: skip
    fixed = changed(
        "id", "period", "revision", "edition", "computed_by", "computed_at", "inputs_hash",
        "results_digest", "inputs",
    )  # fmt: skip
    own_case = (
        "NEW.case_id IS NOT DISTINCT FROM OLD.case_id OR (OLD.case_id IS NULL AND EXISTS (SELECT 1 "
        "FROM approval_case c WHERE c.id = NEW.case_id AND c.chain = 'evaluation' "
        "AND c.subject = 'evaluation' AND c.subject_id = NEW.id))"
    )
    guard("evaluation_run_follows", "UPDATE", "evaluation_run",
          f"{fixed} OR NEW.active > OLD.active OR NOT ({own_case}) OR (NEW.active < OLD.active "
          "AND EXISTS (SELECT 1 FROM approval_case c WHERE c.id = OLD.case_id "
          "AND c.outcome IN ('open', 'returned')))",
          "a run gets its case once and is replaced when that has ended")  # fmt: skip
    guard("evaluation_run_begins", "INSERT", "evaluation_run",
          "NEW.active <> 1 OR NEW.case_id IS NOT NULL OR "
          "NEW.revision <> (SELECT coalesce(max(r.revision), 0) + 1 FROM evaluation_run r "
          "WHERE r.period = NEW.period)",
          "a run begins as the next revision of its period")  # fmt: skip
    fixed = changed("id", "customer_id", "month", "score", "rated_by", "rated_at")
    guard("cooperation_rating_begins", "INSERT", "cooperation_rating",
          "NEW.void <> 0 OR NEW.confirmed_by IS NOT NULL OR NEW.confirmed_at IS NOT NULL",
          "a rating begins unconfirmed")  # fmt: skip
    guard("cooperation_rating_follows", "UPDATE", "cooperation_rating",
          f"{fixed} OR OLD.void = 1 OR NEW.version <> OLD.version + 1 "
          "OR (NEW.confirmed_by IS NULL) <> (NEW.confirmed_at IS NULL) OR ("
          f"({changed('confirmed_by', 'confirmed_at')}) AND (OLD.confirmed_by IS NOT NULL "
          "OR NEW.confirmed_by IS NULL OR NEW.confirmed_by = NEW.rated_by))",
          "a rating is confirmed once, by somebody else")  # fmt: skip
