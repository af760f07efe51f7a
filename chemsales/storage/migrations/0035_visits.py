"""Visits to customers; a mistake is corrected by a further row that replaces the wrong one
(C11.2)."""

from chemsales.storage.columns import (
    ID,
    columns_of,
    day,
    index,
    instant,
    name,
    one_of,
    references,
)
from chemsales.storage.days import day_of
from chemsales.storage.schema import audit, create_table, forbid, guard


def up(migrator: object, db: object) -> None:
    create_table(
        "visit",
        [
            ID, references("customer_id", "customer (id)"), day("visited_on"),
            one_of("way", "on_site", "phone", "video", "message", "elsewhere"),
            name("received_by"), name("products", 2000), name("market", 2000),
            name("service", 2000), name("needs", 2000), day("next_on", True), name("visited_by"),
            name("noted_by"), instant("noted_at"),
            references("replaces", "visit (id)", null=True) + " UNIQUE",
        ],
        [
            "CHECK (next_on IS NULL OR next_on > visited_on)",
            "CHECK (replaces IS NOT NULL OR visited_by = noted_by)",
        ],
    )  # fmt: skip
    index("CREATE INDEX visit_customer ON visit (customer_id, visited_on)")
    audit("visit", "id", columns_of("visit"))
    forbid("visit", ("UPDATE",))
    guard("visit_made", "INSERT", "visit", f"NEW.visited_on > {day_of('NEW.noted_at')}",
          "a visit has been made when it is noted")  # fmt: skip
    same = (
        "EXISTS (SELECT 1 FROM visit v WHERE v.id = NEW.replaces "
        "AND v.customer_id = NEW.customer_id AND v.visited_by = NEW.visited_by)"
    )
    guard("visit_corrects", "INSERT", "visit", f"NEW.replaces IS NOT NULL AND NOT {same}",
          "a visit is corrected by one to the same customer of the same visitor")  # fmt: skip
