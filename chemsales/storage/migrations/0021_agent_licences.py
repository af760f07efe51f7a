"""The licence of an exclusive agent: numbered, for a term, never changed (C10.5)."""

from chemsales.storage.columns import (
    ID,
    columns_of,
    day,
    index,
    instant,
    name,
    references,
    whole,
)
from chemsales.storage.schema import audit, create_table, forbid, guard


def up(migrator: object, db: object) -> None:
    create_table(
        "agent_licence",
        [
            ID, name("number", 30) + " UNIQUE", references("customer_id", "customer (id)"),
            references("class_id", "customer_class (id)"), day("from_day"), day("to_day"),
            "shown TEXT NOT NULL", whole("edition"), name("issued_by"), instant("issued_at"),
        ],
        ["CHECK (from_day <= to_day)"],
    )  # fmt: skip
    index("CREATE INDEX agent_licence_class ON agent_licence (class_id, to_day)")
    index("CREATE INDEX agent_licence_customer ON agent_licence (customer_id)")
    audit("agent_licence", "id", columns_of("agent_licence"))
    forbid("agent_licence", ("UPDATE",))
    # it ends with the class that it is of, which ends with the qualification too
    agent = (
        "EXISTS (SELECT 1 FROM customer_class k JOIN customer u ON u.id = k.customer_id "
        "WHERE k.id = NEW.class_id AND k.customer_id = NEW.customer_id "
        "AND k.customer_class = 'agent' AND k.to_day IS NULL AND k.from_day <= NEW.from_day "
        "AND u.status <> 'disqualified')"
    )
    standing = (
        "EXISTS (SELECT 1 FROM agent_licence l WHERE l.class_id = NEW.class_id "
        "AND l.from_day <= NEW.to_day AND l.to_day >= NEW.from_day)"
    )
    guard("agent_licence_begins", "INSERT", "agent_licence", f"NOT {agent} OR {standing}",
          "an agent has one licence at a time, while it is one")  # fmt: skip
