"""The file of a customer changes with a reason; whom an invoice names waits for finance (C8.1)."""

from chemsales.storage.columns import (
    ID,
    columns_of,
    day,
    index,
    instant,
    name,
    references,
    text,
)
from chemsales.storage.database import execute
from chemsales.storage.schema import audit, create_table, guard, guard_by_case

LIMITS = {
    "name": 200, "profile": 30, "uscc": 30, "licence15": 30, "org9": 30, "national_tax_no": 30,
    "local_tax_no": 30, "legal_person": 100, "bank": 200, "account": 40,
}  # fmt: skip
SAID = (*LIMITS, "reason", "changed_on", "holder", "sha256", "label")
KEPT = ("id", "customer_id", "proposed_by", "proposed_at")
CONTACT = ("id", "customer_id", "kind", "name", "title", "phone", "email")


def up(migrator: object, db: object) -> None:
    create_table(
        "customer_change",
        [
            ID, references("customer_id", "customer (id)"),
            *(text(column, limit) for column, limit in LIMITS.items()),
            name("reason", 500), day("changed_on"), text("holder", 200),
            references("sha256", "document_blob (sha256)", "TEXT"), name("label", 200),
            name("proposed_by"), instant("proposed_at"),
            references("case_id", "approval_case (id)", null=True), day("decided_on", True),
        ],
    )  # fmt: skip
    index("CREATE INDEX customer_change_customer ON customer_change (customer_id)")
    audit("customer_change", "id", columns_of("customer_change"))
    execute("INSERT INTO chain_stage (chain, position, stage, role) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING", ("customer_change", 1, "finance", "finance"))  # fmt: skip
    running = (
        "EXISTS (SELECT 1 FROM customer_change d LEFT JOIN approval_case c ON c.id = d.case_id "
        "WHERE d.customer_id = NEW.customer_id "
        "AND (c.id IS NULL OR c.outcome IN ('open', 'returned')))"
    )
    guard("customer_change_begins", "INSERT", "customer_change",
          f"NEW.case_id IS NOT NULL OR NEW.decided_on IS NOT NULL OR {running}",
          "one change of a file waits at a time")  # fmt: skip
    guard_by_case("customer_change", SAID, KEPT, "decided_on",
                  "a change of a file changes only as its case does")  # fmt: skip
    guard_customers()


def guard_customers() -> None:
    """Whom an invoice names is what finance accepted last; a contact is voided, never changed."""
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in LIMITS)
    accepted = " AND ".join(f"d.{column} = NEW.{column}" for column in LIMITS)
    newest = (
        "d.id = (SELECT max(x.id) FROM customer_change x WHERE x.customer_id = NEW.id "
        "AND x.decided_on IS NOT NULL)"
    )
    guard("customer_fact_waits", f"UPDATE OF {', '.join((*LIMITS, 'code_override'))}", "customer",
          f"(NEW.code_override <> OLD.code_override AND NEW.code_override <> '') OR (({changed}) "
          "AND NOT EXISTS (SELECT 1 FROM customer_change d JOIN approval_case c "
          "ON c.id = d.case_id AND c.outcome = 'approved' WHERE d.customer_id = NEW.id "
          f"AND {newest} AND {accepted}))",
          "name, codes and account change as finance accepted them")  # fmt: skip
    other = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in CONTACT)
    guard("customer_contact_frozen", "UPDATE", "customer_contact",
          f"OLD.void <> 0 OR NEW.void <> 1 OR {other}",
          "a contact is voided once, never changed")  # fmt: skip
