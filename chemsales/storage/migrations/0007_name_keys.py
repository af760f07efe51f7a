"""What two spellings of a customer's name share, beside the words by which it is found."""

from chemsales.rules.names import name_key
from chemsales.storage.columns import index, text
from chemsales.storage.database import database, execute, rows
from chemsales.storage.schema import ddl

OWNERS = ("customer", "application")
LIMIT = 1000


def up(migrator: object, db: object) -> None:
    for owner in OWNERS:
        words = f"{owner}_words"
        database.execute_sql(ddl(f"ALTER TABLE {words} ADD COLUMN {text('name_key', LIMIT)}"))
        for key, name in rows(f"SELECT id, name FROM {owner}"):
            execute(
                f"UPDATE {words} SET name_key = ? WHERE {owner}_id = ?",
                (name_key(name)[:LIMIT], key),
            )
        index(f"CREATE INDEX {owner}_name ON {words} (name_key, {owner}_id)")
