"""What is reported of a customer, one item for each recipient; the resident offices (C4.7)."""

from chemsales.storage.columns import (
    ID,
    VERSION,
    columns_of,
    day,
    flag,
    index,
    instant,
    name,
    one_of,
    references,
    text,
    whole,
)
from chemsales.storage.schema import audit, create_table, differs, guard

WHAT = ("accreditation", "change")
SAID = (
    "id", "number", "customer_id", "what", "office_code", "version", "file", "changes", "edition",
    "made_by", "made_at",
)  # fmt: skip
SENT = ("sent_by", "sent_at")
ACKNOWLEDGED = ("acknowledged_by", "acknowledged_on", "receipt")


def up(migrator: object, db: object) -> None:
    create_table(
        "office",
        [
            "code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 20)", name("name"),
            text("name_en", 100), flag("active", 1), VERSION,
        ],
    )  # fmt: skip
    create_table(
        "office_group",
        [
            ID, references("office_code", "office (code)", "TEXT"),
            references("group_code", "product_group (code)", "TEXT"), flag("active", 1),
        ],
        ["UNIQUE (office_code, group_code)"],
    )  # fmt: skip
    create_table(
        "dispatch",
        [
            ID, name("number", 30) + " UNIQUE", references("customer_id", "customer (id)"),
            one_of("what", *WHAT), references("office_code", "office (code)", "TEXT", null=True),
            whole("version"), "file TEXT NOT NULL", "changes TEXT NOT NULL", whole("edition"),
            name("made_by"), instant("made_at"), text("sent_by", 100), instant("sent_at", True),
            text("acknowledged_by", 100), day("acknowledged_on", True), text("receipt", 200),
        ],
        [
            "CHECK ((sent_at IS NULL) = (sent_by = '') "
            "AND (acknowledged_on IS NULL) = (acknowledged_by = '') "
            "AND (acknowledged_on IS NULL) = (receipt = '') "
            "AND (acknowledged_on IS NULL OR sent_at IS NOT NULL))"
        ],
    )  # fmt: skip
    index("CREATE INDEX dispatch_customer ON dispatch (customer_id)")
    index("CREATE INDEX dispatch_open ON dispatch (sent_at) WHERE acknowledged_on IS NULL")
    for table, key in (("office", "code"), ("office_group", "id"), ("dispatch", "id")):
        audit(table, key, columns_of(table))
    attached = (
        "EXISTS (SELECT 1 FROM office o JOIN office_group g ON g.office_code = o.code "
        "JOIN customer_class k ON k.group_code = g.group_code AND k.to_day IS NULL "
        "WHERE o.code = NEW.office_code AND o.active = 1 AND g.active = 1 "
        "AND k.customer_id = NEW.customer_id)"
    )
    guard("dispatch_begins", "INSERT", "dispatch",
          "NEW.sent_at IS NOT NULL OR NEW.acknowledged_on IS NOT NULL "
          f"OR (NEW.office_code IS NOT NULL AND NOT {attached})",
          "an item begins unsent, for finance or an office of its products")  # fmt: skip
    guard("dispatch_marked", "UPDATE", "dispatch",
          f"{differs(*SAID)} OR (OLD.sent_at IS NOT NULL AND ({differs(*SENT)})) "
          f"OR (OLD.acknowledged_on IS NOT NULL AND ({differs(*ACKNOWLEDGED)})) "
          "OR (NEW.acknowledged_on IS NOT NULL AND OLD.sent_at IS NULL)",
          "an item is sent once, and then acknowledged once")  # fmt: skip
