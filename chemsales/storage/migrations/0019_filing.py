"""Filings of customers with the parent sales department, and its inspections (C8.3)."""

from chemsales.storage.columns import (
    ID,
    columns_of,
    day,
    index,
    instant,
    name,
    references,
    text,
    whole,
)
from chemsales.storage.schema import audit, create_table, differs, forbid, guard

MADE = (
    "id", "number", "company", "made_by", "made_name", "made_at", "made_on", "edition",
    "customers", "sha256",
)  # fmt: skip
FOUND = ("id", "inspection_id", "customer_id", "words", "due_on", "responsible")


def up(migrator: object, db: object) -> None:
    create_table(
        "filing",
        [
            ID, name("number", 30) + " UNIQUE", text("company", 100), name("made_by"),
            name("made_name"), instant("made_at"), day("made_on"), whole("edition"),
            whole("customers", "NOT NULL CHECK (customers > 0)"),
            "sha256 TEXT NOT NULL CHECK (length(sha256) = 64)", day("received_on", True),
            text("receipt", 200), text("received_by", 100),
        ],
        [
            "CHECK ((received_on IS NULL) = (receipt = '') "
            "AND (received_on IS NULL) = (received_by = ''))"
        ],
    )  # fmt: skip
    create_table(
        "filing_customer",
        [
            ID, references("filing_id", "filing (id)"), references("customer_id", "customer (id)"),
            whole("version"), "file TEXT NOT NULL",
        ],
        ["UNIQUE (filing_id, customer_id)"],
    )  # fmt: skip
    create_table(
        "inspection",
        [
            ID, day("held_on"), name("inspector"), name("scope", 500),
            references("filing_id", "filing (id)", null=True), whole("findings"),
            name("recorded_by"), instant("recorded_at"),
        ],
    )  # fmt: skip
    create_table(
        "finding",
        [
            ID, references("inspection_id", "inspection (id)"),
            references("customer_id", "customer (id)", null=True), name("words", 1000),
            day("due_on"), references("responsible", "person (login)", "TEXT"),
            day("closed_on", True), text("closed_by", 100), text("closing", 500),
        ],
        [
            "CHECK ((closed_on IS NULL) = (closed_by = '') "
            "AND (closed_on IS NULL) = (closing = ''))"
        ],
    )  # fmt: skip
    index("CREATE INDEX filing_customer_of ON filing_customer (customer_id)")
    index("CREATE INDEX finding_of ON finding (inspection_id)")
    index("CREATE INDEX finding_open ON finding (due_on) WHERE closed_on IS NULL")
    for table in ("filing", "filing_customer", "inspection", "finding"):
        audit(table, "id", columns_of(table))
    guard_filings()


def guard_filings() -> None:
    """What was filed and found stands still; receipts and closings come once."""
    for table in ("filing_customer", "inspection"):
        forbid(table, ("UPDATE",))
    guard("filing_begins", "INSERT", "filing", "NEW.received_on IS NOT NULL",
          "a filing begins without a receipt")  # fmt: skip
    guard("filing_received", "UPDATE", "filing",
          f"{differs(*MADE)} OR OLD.received_on IS NOT NULL",
          "a filing stands still, and is received once")  # fmt: skip
    guard("finding_begins", "INSERT", "finding",
          "NEW.closed_on IS NOT NULL OR NEW.due_on < "
          "(SELECT i.held_on FROM inspection i WHERE i.id = NEW.inspection_id)",
          "a finding begins open, and is due after its inspection")  # fmt: skip
    guard("finding_closed", "UPDATE", "finding",
          f"{differs(*FOUND)} OR OLD.closed_on IS NOT NULL",
          "a finding stands still, and is closed once")  # fmt: skip
