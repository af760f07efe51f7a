"""What customers and applications are found by: a mnemonic of their own, and words derived from
names, codes and contacts."""

from chemsales.pinyin import search_words, sort_key
from chemsales.rules.search import Word
from chemsales.storage.columns import columns_of, index, references, text
from chemsales.storage.database import database, execute, insert_rows, rows
from chemsales.storage.schema import audit_anew, create_table, ddl, drop_audit, guard_anew

OWNERS = ("customer", "application")
REVIEWED = (
    "name", "short_name", "former_name", "mnemonic", "profile", "uscc", "licence15", "org9",
    "national_tax_no", "local_tax_no", "enterprise_type", "established_on", "business_term",
    "registered_capital", "legal_person", "registered_address", "business_address",
    "business_scope", "industry", "parent_company", "bank", "account", "invoice_address",
    "invoice_phone", "taxpayer_kind", "invoice_type", "credit_note", "manager", "manager_opinion",
)  # fmt: skip
FROZEN = (
    "EXISTS (SELECT 1 FROM application a JOIN approval_case c ON c.id = a.case_id "
    "WHERE a.id = OLD.id AND c.outcome <> 'returned')"
)
FILLED = 1000  # rows that are read and written at a time


def up(migrator: object, db: object) -> None:
    add_mnemonic()
    create_words()
    for owner in OWNERS:
        fill(owner)


def add_mnemonic() -> None:
    """A mnemonic on both, the sorting keys anew; the words below take the place of the
    initials."""
    for owner in OWNERS:
        drop_audit(owner)
        database.execute_sql(ddl(f"ALTER TABLE {owner} ADD COLUMN {text('mnemonic', 40)}"))
    database.execute_sql("ALTER TABLE customer DROP COLUMN initials")
    # a name now stands before those that begin with it
    for key, name in rows("SELECT id, name FROM customer"):
        execute("UPDATE customer SET sort_key = ? WHERE id = ?", (sort_key(name), key))
    for owner in OWNERS:
        audit_anew(owner, "id", columns_of(owner))
    guard_anew("application_frozen", f"UPDATE OF {', '.join(REVIEWED)}", "application",
               FROZEN, "the application is under review or decided")  # fmt: skip


def create_words() -> None:
    """The derived words, in one narrow row for each record: a search reads all of them."""
    for owner in OWNERS:
        create_table(
            f"{owner}_words",
            [
                references(f"{owner}_id", f"{owner} (id)") + " PRIMARY KEY",
                text("words", 8000), text("people", 8000), text("pinyin", 8000),
            ],
        )  # fmt: skip
    index("CREATE INDEX application_open ON application (id) WHERE customer_id IS NULL")


def fill(owner: str) -> None:
    """The words of the records that there are; pinyin is loaded for these alone."""
    number, kind = ("code", Word.CODE) if owner == "customer" else ("number", Word.NUMBER)
    last = 0
    while True:
        found = rows(
            f"SELECT id, {number}, uscc, licence15, org9, name, short_name, former_name, "
            f"invoice_phone FROM {owner} WHERE id > ? ORDER BY id LIMIT {FILLED}",
            (last,),
        )
        if not found:
            return
        people = contacts_of(owner, last, found[-1][0])
        filled = []
        for key, own, uscc, licence, organisation, *names, phone in found:
            codes = [(kind, own), (Word.USCC, uscc)]
            codes += [(Word.LICENCE, licence), (Word.LICENCE, organisation)]
            made = search_words(codes, names, "", people.get(key, []), [phone])
            filled.append((key, made.words, made.people, made.pinyin))
        insert_rows(f"{owner}_words", (f"{owner}_id", "words", "people", "pinyin"), filled)
        last = found[-1][0]


def contacts_of(owner: str, first: int, last: int) -> dict[int, list[tuple[str, str]]]:
    """Name and phone of the people at the records after `first` up to `last`."""
    standing = " AND void = 0" if owner == "customer" else ""
    found: dict[int, list[tuple[str, str]]] = {}
    for key, name, phone in rows(
        f"SELECT {owner}_id, name, phone FROM {owner}_contact "
        f"WHERE {owner}_id > ? AND {owner}_id <= ?{standing} ORDER BY id",
        (first, last),
    ):
        found.setdefault(key, []).append((name, phone))
    return found
