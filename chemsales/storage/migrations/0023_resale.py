"""That a direct customer was found to sell on, until it is settled (C10.2)."""

from chemsales.storage.columns import ID, columns_of, day, index, instant, name, references, text
from chemsales.storage.schema import audit, create_table, guard

KEPT = ("id", "customer_id", "class_id", "found_on", "facts", "found_by", "found_at")


def up(migrator: object, db: object) -> None:
    create_table(
        "resale_finding",
        [
            ID, references("customer_id", "customer (id)"),
            references("class_id", "customer_class (id)"), day("found_on"), name("facts", 1000),
            name("found_by"), instant("found_at"), day("closed_on", True), text("closing", 1000),
            text("closed_by", 100), instant("closed_at", True),
        ],
        [
            "CHECK ((closed_on IS NULL) = (closing = '') "
            "AND (closed_on IS NULL) = (closed_at IS NULL) AND (closed_on IS NULL "
            "OR closed_on >= found_on))"
        ],
    )  # fmt: skip
    index("CREATE INDEX resale_finding_customer ON resale_finding (customer_id)")
    index("CREATE UNIQUE INDEX resale_finding_open ON resale_finding (class_id) "
          "WHERE closed_on IS NULL")  # fmt: skip
    audit("resale_finding", "id", columns_of("resale_finding"))
    direct = (
        "EXISTS (SELECT 1 FROM customer_class k WHERE k.id = NEW.class_id "
        "AND k.customer_id = NEW.customer_id AND k.customer_class = 'direct' AND k.to_day IS NULL)"
    )
    standing = (
        "EXISTS (SELECT 1 FROM resale_finding f WHERE f.class_id = NEW.class_id "
        "AND f.closed_on IS NULL)"
    )
    guard("resale_begins", "INSERT", "resale_finding",
          f"NEW.closed_on IS NOT NULL OR NOT {direct} OR {standing}",
          "a direct customer has one finding at a time")  # fmt: skip
    kept = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in KEPT)
    guard("resale_closes", "UPDATE", "resale_finding",
          f"{kept} OR OLD.closed_on IS NOT NULL OR NEW.closed_on IS NULL",
          "a finding is closed once, and says the same for good")  # fmt: skip
