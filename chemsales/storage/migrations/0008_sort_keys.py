"""The names of applications and of people sort by a stored key, as those of customers do."""

from chemsales.pinyin import sort_key
from chemsales.storage.columns import columns_of, index, sorted_text
from chemsales.storage.database import database, execute, rows
from chemsales.storage.schema import audit_anew, ddl, drop_audit

OWNERS = {"application": "id", "person": "login"}
LIMIT = 400
UNHEARD = ("password_hash",)


def up(migrator: object, db: object) -> None:
    for table, key in OWNERS.items():
        drop_audit(table)
        database.execute_sql(
            ddl(f"ALTER TABLE {table} ADD COLUMN {sorted_text('sort_key', LIMIT)}")
        )
        for of, name in rows(f"SELECT {key}, name FROM {table}"):
            execute(f"UPDATE {table} SET sort_key = ? WHERE {key} = ?", (sort_key(name), of))
        audit_anew(table, key, [name for name in columns_of(table) if name not in UNHEARD])
    index("CREATE INDEX application_sort ON application (sort_key)")
