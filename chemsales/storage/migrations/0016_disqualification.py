"""A customer's qualification is cancelled by an approved proposal, for good (C17.1)."""

from chemsales.storage.columns import (
    ID,
    columns_of,
    day,
    flag,
    index,
    instant,
    name,
    one_of,
    references,
    whole,
)
from chemsales.storage.database import database, execute
from chemsales.storage.schema import audit, create_table, guard, guard_by_case

GROUNDS = ("dishonesty", "loss", "illegal")
STAGES = (
    ("disqualification", 1, "sales", "sales_head"),
    ("disqualification", 2, "finance", "finance"),
    ("disqualification", 3, "general_manager", "general_manager"),
)
SAID = ("ground", "facts", "occurred_on", "loss_fen", "effects")
KEPT = ("id", "number", "customer_id", "proposed_by", "proposed_at")


def up(migrator: object, db: object) -> None:
    create_table(
        "disqualification",
        [
            ID, name("number", 30) + " UNIQUE", references("customer_id", "customer (id)"),
            one_of("ground", *GROUNDS), name("facts", 2000), day("occurred_on"),
            whole("loss_fen", "CHECK (loss_fen >= 0)"), "effects TEXT NOT NULL",
            name("proposed_by"), instant("proposed_at"),
            references("case_id", "approval_case (id)", null=True), day("decided_on", True),
        ],
        ["CHECK (ground <> 'loss' OR loss_fen IS NOT NULL)"],
    )  # fmt: skip
    create_table(
        "disqualification_paper",
        [
            ID, references("disqualification_id", "disqualification (id)"),
            references("sha256", "document_blob (sha256)", "TEXT"), name("label", 200),
            flag("void", 0),
        ],
    )  # fmt: skip
    index("CREATE INDEX disqualification_customer ON disqualification (customer_id)")
    index("CREATE INDEX disqualification_papers ON disqualification_paper (disqualification_id)")
    for table in ("disqualification", "disqualification_paper"):
        audit(table, "id", columns_of(table))
    for stage in STAGES:
        execute("INSERT INTO chain_stage (chain, position, stage, role) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING", stage)  # fmt: skip
    # who was disqualified may come back by a new application, as another customer
    database.execute_sql("DROP INDEX customer_uscc")
    index("CREATE UNIQUE INDEX customer_uscc ON customer (uscc) "
          "WHERE uscc <> '' AND status <> 'disqualified'")  # fmt: skip
    guard_proposals()
    guard_customers()


def guard_proposals() -> None:
    """One proposal of a customer at a time, which changes only as its case does."""
    running = (
        "EXISTS (SELECT 1 FROM disqualification d LEFT JOIN approval_case c ON c.id = d.case_id "
        "WHERE d.customer_id = NEW.customer_id "
        "AND (c.id IS NULL OR c.outcome IN ('open', 'returned', 'approved')))"
    )
    guard("disqualification_begins", "INSERT", "disqualification",
          f"NEW.case_id IS NOT NULL OR NEW.decided_on IS NOT NULL OR {running}",
          "one proposal of a customer is put up at a time")  # fmt: skip
    guard_by_case("disqualification", SAID, KEPT, "decided_on",
                  "a proposal changes only as its case does")  # fmt: skip
    open_to = (
        "EXISTS (SELECT 1 FROM disqualification d LEFT JOIN approval_case c ON c.id = d.case_id "
        "WHERE d.id = NEW.disqualification_id AND (c.id IS NULL OR c.outcome = 'returned'))"
    )
    guard("disqualification_paper_begins", "INSERT", "disqualification_paper",
          f"NOT {open_to} OR NEW.void <> 0",
          "evidence comes with a proposal that is not under review")  # fmt: skip
    guard("disqualification_paper_frozen", "UPDATE", "disqualification_paper",
          f"NOT {open_to} OR OLD.void <> 0 OR NEW.void <> 1 "
          "OR NEW.disqualification_id <> OLD.disqualification_id OR NEW.sha256 <> OLD.sha256 "
          "OR NEW.label <> OLD.label OR NEW.id <> OLD.id",
          "evidence is voided once, while its proposal is not under review")  # fmt: skip


def guard_customers() -> None:
    """A customer is disqualified by its approved case alone, and for good."""
    decided = (
        "EXISTS (SELECT 1 FROM disqualification d JOIN approval_case c ON c.id = d.case_id "
        "WHERE d.customer_id = NEW.id AND d.decided_on IS NOT NULL AND c.outcome = 'approved')"
    )
    guard("customer_disqualified", "UPDATE OF status", "customer",
          f"NEW.status <> OLD.status AND NOT (OLD.status = 'accredited' "
          f"AND NEW.status = 'disqualified' AND {decided})",
          "a customer is disqualified by an approved case, for good")  # fmt: skip
    guard("customer_class_of_none", "INSERT", "customer_class",
          "EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
          "AND u.status = 'disqualified')",
          "a disqualified customer gets no class")  # fmt: skip
