"""What was applied for of a customer is found without a look at every application (C8.1)."""

from chemsales.storage.columns import index


def up(migrator: object, db: object) -> None:
    index("CREATE INDEX application_customer ON application (customer_id) "
          "WHERE customer_id IS NOT NULL")  # fmt: skip
