"""The answers to the conditions of a class, asked for and given (C10.2, C10.3, C10.7)."""

from chemsales.storage.columns import columns_of, text, whole
from chemsales.storage.database import database
from chemsales.storage.schema import audit_anew, ddl, drop_audit

ANSWERS = (
    text("production", 200), whole("capacity_kg", "NOT NULL DEFAULT 0 CHECK (capacity_kg >= 0)"),
    text("credit", 200), text("no_resale", 200), text("operation", 200), text("funds", 200),
    text("reputation", 200), text("ability", 200), text("only_ours", 200),
)  # fmt: skip


def up(migrator: object, db: object) -> None:
    for table, columns, deletes in (
        ("application_class", ANSWERS, True),
        ("customer_class", (text("purpose", 300), *ANSWERS), False),
    ):
        drop_audit(table)
        for column in columns:
            database.execute_sql(ddl(f"ALTER TABLE {table} ADD COLUMN {column}"))
        audit_anew(table, "id", columns_of(table), deletes)
