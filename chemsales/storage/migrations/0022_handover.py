"""Customers are handed over from one account manager to another, from a day on, with a reason."""

from chemsales.storage.columns import ID, columns_of, day, index, instant, name, references
from chemsales.storage.schema import audit, create_table, forbid, guard


def up(migrator: object, db: object) -> None:
    create_table(
        "handover",
        [
            ID, references("customer_id", "customer (id)"),
            name("from_manager"), name("to_manager"),
            day("from_day"), name("reason", 500), name("given_by"), instant("given_at"),
        ],
        ["CHECK (to_manager <> from_manager)"],
    )  # fmt: skip
    index("CREATE INDEX handover_customer ON handover (customer_id)")
    audit("handover", "id", columns_of("handover"))
    forbid("handover", ("UPDATE",))
    manages = (
        "EXISTS (SELECT 1 FROM person p JOIN person_role r ON r.login = p.login "
        "AND r.role = 'account_manager' WHERE p.login = NEW.to_manager AND p.active = 1)"
    )
    held = (
        "EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
        "AND u.manager = NEW.from_manager AND u.accredited_on <= NEW.from_day)"
    )
    later = (
        "EXISTS (SELECT 1 FROM handover h WHERE h.customer_id = NEW.customer_id "
        "AND h.from_day > NEW.from_day)"
    )
    guard("handover_begins", "INSERT", "handover", f"NOT {manages} OR NOT {held} OR {later}",
          "a customer goes from its manager to another one, not before it came")  # fmt: skip
    newest = (
        "EXISTS (SELECT 1 FROM handover h WHERE h.id = (SELECT max(x.id) FROM handover x "
        "WHERE x.customer_id = NEW.id) AND h.from_manager = OLD.manager "
        "AND h.to_manager = NEW.manager)"
    )
    guard("customer_manager_moves", "UPDATE OF manager", "customer",
          f"NEW.manager <> OLD.manager AND NOT {newest}",
          "a customer is handed over to another manager")  # fmt: skip
