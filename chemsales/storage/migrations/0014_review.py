"""What a reviewer ticked is part of a signature; a paper says who issued it and in whose name; an
applicant urges a case on (C7.1, C7.2)."""

from chemsales.storage.columns import ID, columns_of, day, instant, name, references, text, whole
from chemsales.storage.database import database
from chemsales.storage.schema import audit, audit_anew, create_table, ddl, drop_audit, forbid, guard

PAPER = "application_document"


def up(migrator: object, db: object) -> None:
    database.execute_sql(ddl(f"ALTER TABLE decision ADD COLUMN {text('marks', 8000)}"))
    drop_audit(PAPER)
    for column in ("issuer", "holder"):
        database.execute_sql(ddl(f"ALTER TABLE {PAPER} ADD COLUMN {text(column, 200)}"))
    audit_anew(PAPER, "id", columns_of(PAPER))
    create_table(
        "case_urge",
        [
            ID, references("case_id", "approval_case (id)"), whole("round"), name("stage"),
            day("day"), name("urged_by"), instant("urged_at"),
        ],
        ["UNIQUE (case_id, day)"],
    )  # fmt: skip
    audit("case_urge", "id", columns_of("case_urge"))
    forbid("case_urge", ("UPDATE",))
    waits = (
        "EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id AND c.outcome = 'open' "
        "AND c.pending = NEW.stage AND c.round = NEW.round "
        "AND NEW.urged_by IN (c.opened_by, c.owner))"
    )
    guard("case_urge_begins", "INSERT", "case_urge", f"NOT {waits}",
          "an applicant urges the stage that a case waits at")  # fmt: skip
