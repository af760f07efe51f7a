"""Papers that expire, accepted by sales and finance, and the suspensions that follow (C15.2).

The papers of the applications of customers that are there become their first accepted licences.
"""

from datetime import UTC, datetime

from chemsales.storage.columns import (
    ID,
    columns_of,
    day,
    flag,
    index,
    instant,
    name,
    one_of,
    references,
    text,
)
from chemsales.storage.database import database, execute, is_sqlite, rows
from chemsales.storage.days import day_of, days_from
from chemsales.storage.fields import InstantField, canonical_json
from chemsales.storage.schema import audit, create_table, guard, guard_by_case

STAGES = (("licence", 1, "sales", "sales_head"), ("licence", 2, "finance", "finance"))
KINDS = (
    "business_licence", "hazardous_licence", "national_tax", "local_tax", "organisation_code",
)  # fmt: skip
PAPER = ("kind", "number", "issuer", "valid_from", "valid_to", "long_term", "proof", "sha256",
         "label")  # fmt: skip
KEPT = ("id", "customer_id", "recorded_by", "recorded_at")
WHO, KEY = "migration", "migration-0015-licences"


def up(migrator: object, db: object) -> None:
    create_table(
        "licence",
        [
            ID, references("customer_id", "customer (id)"), one_of("kind", *KINDS),
            text("number", 60), text("issuer", 200), day("valid_from", True),
            day("valid_to", True), flag("long_term", 0), flag("proof", 0),
            references("sha256", "document_blob (sha256)", "TEXT"), name("label", 200),
            name("recorded_by"), instant("recorded_at"),
            references("case_id", "approval_case (id)", null=True), day("accepted_on", True),
        ],
        [
            "CHECK ((long_term = 1) = (valid_to IS NULL) AND (long_term = 0 OR proof = 0) "
            "AND (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to))"
        ],
    )  # fmt: skip
    create_table(
        "suspension",
        [
            ID, references("customer_id", "customer (id)"), one_of("kind", *KINDS),
            day("from_day"), day("to_day", True), name("noted_by"), instant("noted_at"),
            text("lifted_by", 100), instant("lifted_at", True),
        ],
        ["UNIQUE (customer_id, kind, from_day)", "CHECK ((to_day IS NULL) = (lifted_at IS NULL))"],
    )  # fmt: skip
    index("CREATE INDEX licence_customer ON licence (customer_id, kind)")
    index("CREATE INDEX licence_valid_to ON licence (valid_to)")
    index("CREATE INDEX licence_number ON licence (number)")
    index("CREATE INDEX suspension_open ON suspension (customer_id) WHERE to_day IS NULL")
    for table in ("licence", "suspension"):
        audit(table, "id", columns_of(table))
    for stage in STAGES:
        execute("INSERT INTO chain_stage (chain, position, stage, role) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING", stage)  # fmt: skip
    guard_licences()
    guard_suspensions()
    take_over()


def guard_licences() -> None:
    """A paper is accepted by its own case or with its customer, and stands still but for a case
    that came back."""
    accredited = (
        "EXISTS (SELECT 1 FROM customer u JOIN approval_case c ON c.id = u.case_id "
        "JOIN application_document d ON d.application_id = u.application_id "
        "WHERE u.id = NEW.customer_id AND u.case_id = NEW.case_id AND c.outcome = 'approved' "
        "AND u.accredited_on = NEW.accepted_on AND d.void = 0 AND d.kind = NEW.kind "
        "AND d.sha256 = NEW.sha256 AND d.number = NEW.number AND d.label = NEW.label "
        "AND d.long_term = NEW.long_term AND d.valid_from IS NOT DISTINCT FROM NEW.valid_from "
        "AND d.valid_to IS NOT DISTINCT FROM NEW.valid_to AND d.issuer = NEW.issuer "
        "AND NEW.proof = 0)"
    )
    guard("licence_begins", "INSERT", "licence",
          f"NOT ((NEW.case_id IS NULL AND NEW.accepted_on IS NULL) OR {accredited})",
          "a paper is put up for acceptance, or accepted with its customer")  # fmt: skip
    guard_by_case("licence", PAPER, KEPT, "accepted_on",
                  "a paper changes only as its case does")  # fmt: skip


def begun(when: str) -> str:
    """SQL: the licence `l` counts from this day at the latest."""
    return f"l.accepted_on <= {when} AND (l.valid_from IS NULL OR l.valid_from <= {when})"


def covers(when: str) -> str:
    """SQL: the licence `l` covers this day."""
    return f"{begun(when)} AND (l.long_term = 1 OR l.valid_to >= {when})"


def lacking(when: str) -> str:
    """SQL: the kind is watched on this day, and nothing covers it."""
    same = "SELECT 1 FROM licence l WHERE l.customer_id = NEW.customer_id AND l.kind = NEW.kind AND"
    return f"(EXISTS ({same} {begun(when)}) AND NOT EXISTS ({same} {covers(when)}))"


def guard_suspensions() -> None:
    """A suspension says what the accepted papers say: its first day, every day of it, its end."""
    starts = "(CASE WHEN l.valid_from > l.accepted_on THEN l.valid_from ELSE l.accepted_on END)"
    through = f"coalesce(NEW.to_day, {day_of('NEW.noted_at')})"
    within = (
        "EXISTS (SELECT 1 FROM licence l WHERE l.customer_id = NEW.customer_id "
        f"AND l.kind = NEW.kind AND {starts} > NEW.from_day AND {starts} <= {through} "
        f"AND (l.long_term = 1 OR l.valid_to >= {starts}))"
    )
    true = (
        f"{lacking('NEW.from_day')} AND NOT {lacking(days_from('NEW.from_day', -1))} "
        f"AND NEW.from_day <= {day_of('NEW.noted_at')} AND NOT {within}"
    )
    ended = (
        f"(NEW.to_day >= NEW.from_day AND NEW.to_day < {day_of('NEW.lifted_at')} "
        f"AND NOT {lacking(days_from('NEW.to_day', 1))})"
    )
    guard("suspension_begins", "INSERT", "suspension",
          f"NOT ({true}) OR (NEW.to_day IS NOT NULL AND NOT {ended})",
          "a suspension says what the accepted papers say")  # fmt: skip
    kept = " OR ".join(
        f"NEW.{column} <> OLD.{column}"
        for column in ("id", "customer_id", "kind", "from_day", "noted_by", "noted_at")
    )
    guard("suspension_ends", "UPDATE", "suspension",
          f"{kept} OR OLD.to_day IS NOT NULL OR NEW.to_day IS NULL OR {within} OR NOT {ended}",
          "a suspension ends once, when a paper covers the day after")  # fmt: skip


def take_over() -> None:
    """The papers with a validity of the customers that are there, accepted on the day of their
    accreditation, by an event of its own."""
    marks = ", ".join(f"'{kind}'" for kind in KINDS)
    found = (
        "FROM customer u JOIN application_document d ON d.application_id = u.application_id "
        f"WHERE d.void = 0 AND d.kind IN ({marks}) AND (d.long_term = 1) = (d.valid_to IS NULL) "
        "AND (d.valid_from IS NULL OR d.valid_to IS NULL OR d.valid_from <= d.valid_to)"
    )
    count = int(rows(f"SELECT count(*) {found}")[0][0])
    if not count:
        return
    now = InstantField().db_value(datetime.now(UTC))
    execute(
        "INSERT INTO event (key, at, who, use_case, outcome, subject, clause, reasons, detail) "
        "VALUES (?, ?, ?, 'licences.take_over', 'done', 'licence', 'C15.1', '[]', ?)",
        (KEY, now, WHO, canonical_json({"count": count})),
    )
    act(WHO, KEY)
    execute(
        "INSERT INTO licence (customer_id, kind, number, issuer, valid_from, valid_to, long_term, "
        "sha256, label, recorded_by, recorded_at, case_id, accepted_on) SELECT u.id, d.kind, "
        "d.number, d.issuer, d.valid_from, d.valid_to, d.long_term, d.sha256, d.label, "
        f"u.manager, ?, u.case_id, u.accredited_on {found} ORDER BY u.id, d.id",
        (now,),
    )
    act("", "")


def act(who: str, key: str) -> None:
    """Tell the triggers of the audit who acts ("": nobody), as a use case does."""
    if not is_sqlite():
        database.execute_sql(
            "SELECT set_config('chemsales.who', %s, true), "
            "set_config('chemsales.event', %s, true)", (who, key),
        )  # fmt: skip
        return
    execute("DELETE FROM acting")
    if who:
        execute("INSERT INTO acting VALUES (1, ?, ?)", (who, key))
