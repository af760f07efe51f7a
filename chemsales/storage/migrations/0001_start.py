"""People, audit, rules, calendar, products, cases, applications and customers."""

from chemsales.storage import schema
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
    sorted_text,
    text,
    whole,
)
from chemsales.storage.database import database, is_sqlite
from chemsales.storage.schema import audit, create_table, forbid, guard

FACTS = {
    "name": 200, "short_name": 100, "former_name": 200, "profile": 30, "uscc": 30, "licence15": 30,
    "org9": 30, "national_tax_no": 30, "local_tax_no": 30, "enterprise_type": 100,
    "established_on": 30, "business_term": 60, "registered_capital": 60, "legal_person": 100,
    "registered_address": 300, "business_address": 300, "business_scope": 1000, "industry": 100,
    "parent_company": 200, "bank": 200, "account": 40, "invoice_address": 300, "invoice_phone": 40,
    "taxpayer_kind": 40, "invoice_type": 40, "credit_note": 1000, "code_override": 500,
}  # fmt: skip
CLASSES = ("direct", "agent", "dealer")
FORMS = ("auction", "plan", "")
LEVELS = ("auction", "ordinary", "one_star", "two_star", "three_star")


def up(migrator: object, db: object) -> None:
    create_audit()
    create_people()
    create_rules()
    create_products()
    create_cases()
    create_applications()
    create_customers()


def create_audit() -> None:
    create_table(
        "event",
        [
            ID, "key TEXT NOT NULL UNIQUE", instant("at"), name("who"), name("use_case", 60),
            one_of("outcome", "done", "refused"), text("subject", 60), text("subject_id", 100),
            text("clause", 40), whole("edition", ""), "reasons TEXT NOT NULL",
            "detail TEXT NOT NULL",
        ],
    )  # fmt: skip
    create_table(
        "change",
        [
            ID, "event TEXT NOT NULL REFERENCES event (key) DEFERRABLE INITIALLY DEFERRED",
            instant("at"), name("who"), name("table_name", 60), name("row_key", 200),
            one_of("action", "INSERT", "UPDATE", "DELETE"), "old TEXT", '"new" TEXT',
        ],
    )  # fmt: skip
    create_table(
        "seal",
        [
            ID,
            one_of("source", "event", "change", "decision", "rule_edition", "cooperation_evidence"),
            whole("source_id"), name("hash", 64), text("key_id", 16), instant("at"),
        ],
        ["UNIQUE (source, source_id)"],
    )  # fmt: skip
    index("CREATE INDEX change_row ON change (table_name, row_key)")
    index("CREATE INDEX event_subject ON event (subject, subject_id)")
    if is_sqlite():
        create_table(
            "acting", ["only_row {int} PRIMARY KEY CHECK (only_row = 1)", "who TEXT", "event TEXT"]
        )
    else:
        for function in schema.AUDIT_FUNCTIONS_POSTGRES:
            database.execute_sql(function)
    for table in ("event", "change", "seal"):
        forbid(table, ("UPDATE", "DELETE"))


def create_people() -> None:
    create_table(
        "person",
        [
            "login TEXT PRIMARY KEY CHECK (length(login) BETWEEN 1 AND 64)", name("name"),
            text("password_hash", 300), flag("must_change", 0), flag("active", 1),
            whole("failures", "NOT NULL DEFAULT 0"), instant("locked_until", True),
            instant("created_at"), VERSION,
        ],
    )  # fmt: skip
    create_table(
        "person_role",
        [
            ID, references("login", "person (login)", "TEXT"),
            one_of("role", "account_manager", "sales_head", "finance", "general_manager",
                   "administrator", "auditor"),
        ],
        ["UNIQUE (login, role)"],
    )  # fmt: skip
    create_table("setting", ["key TEXT PRIMARY KEY", text("value", 4000), VERSION])
    create_table(
        "numbering", ["series TEXT PRIMARY KEY CHECK (length(series) <= 40)", whole("last")]
    )
    audit("person", "login", [c for c in columns_of("person") if c != "password_hash"])
    audit("person_role", "id", columns_of("person_role"), deletes=True)
    audit("setting", "key", columns_of("setting"))


def create_rules() -> None:
    create_table(
        "rule_edition",
        [
            "number {int} PRIMARY KEY", day("effective_from"), text("basis"),
            "parameters TEXT NOT NULL", name("decided_by"), instant("decided_at"),
        ],
    )  # fmt: skip
    forbid("rule_edition", ("UPDATE", "DELETE"))
    create_table(
        "calendar_year", ["year {int} PRIMARY KEY", text("notice"), flag("official", 0), VERSION]
    )
    create_table(
        "calendar_day",
        [
            "day TEXT PRIMARY KEY CHECK (length(day) = 10)",
            references("year", "calendar_year (year)"), one_of("kind", "off", "work"),
            text("name", 60),
        ],
    )  # fmt: skip
    audit("calendar_year", "year", columns_of("calendar_year"))
    audit("calendar_day", "day", columns_of("calendar_day"), deletes=True)


def create_products() -> None:
    create_table(
        "product_group",
        [
            "code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 20)", name("name"),
            text("name_en", 100), flag("polyolefin", 0), flag("hazardous", 0), flag("active", 1),
            VERSION,
        ],
    )  # fmt: skip
    create_table(
        "product",
        [
            "code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 20)", name("name"),
            text("name_en", 100), references("group_code", "product_group (code)", "TEXT"),
            flag("active", 1), VERSION,
        ],
    )  # fmt: skip
    for table in ("product_group", "product"):
        audit(table, "code", columns_of(table))


def create_cases() -> None:
    create_table(
        "approval_case",
        [
            ID, name("chain", 40), name("subject", 40), whole("subject_id"),
            whole("round", "NOT NULL DEFAULT 1"), "pending TEXT", name("outcome", 20),
            name("opened_by"), name("owner"), instant("opened_at"), instant("moved_at"),
            "snapshot TEXT NOT NULL", name("snapshot_hash", 64), text("clause", 40),
            whole("edition"), VERSION,
        ],
        ["CHECK ((pending IS NULL) = (outcome <> 'open'))"],
    )  # fmt: skip
    index(
        "CREATE UNIQUE INDEX approval_case_one_live ON approval_case (chain, subject, subject_id) "
        "WHERE outcome IN ('open', 'returned')"
    )
    index("CREATE INDEX approval_case_pending ON approval_case (pending, moved_at)")
    create_table(
        "decision",
        [
            ID, references("case_id", "approval_case (id)"), whole("round"), name("stage", 40),
            one_of("verdict", "submit", "approve", "return", "reject", "withdraw"), name("signer"),
            name("signer_name"), instant("signed_at"), text("comment", 2000), whole("seen_version"),
            name("snapshot_hash", 64), whole("edition"),
        ],
    )  # fmt: skip
    index(
        "CREATE UNIQUE INDEX decision_once ON decision (case_id, round, stage) "
        "WHERE stage <> 'applicant'"
    )
    forbid("decision", ("UPDATE", "DELETE"))
    audit("approval_case", "id", [c for c in columns_of("approval_case") if c != "snapshot"])
    create_decision_guard()


def create_decision_guard() -> None:
    """A stage signs in its turn on what is put up, never the applicant, nobody twice (C7.2)."""
    other = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = NEW.case_id AND d.signer = NEW.signer "
        "AND d.stage <> NEW.stage AND d.stage <> 'applicant')"
    )
    in_turn = (
        "EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id AND c.outcome = 'open' "
        "AND c.pending = NEW.stage AND c.round = NEW.round AND c.snapshot_hash = NEW.snapshot_hash "
        "AND NEW.signer <> c.opened_by AND NEW.signer <> c.owner)"
    )
    for trigger, condition, message in (
        ("decision_two_stages", other, "one person, two stages"),
        (
            "decision_out_of_turn",
            f"NOT {in_turn}",
            "not this stage, not this person, or not this snapshot",
        ),
    ):
        guard(trigger, "INSERT", "decision", f"NEW.stage <> 'applicant' AND {condition}", message)


def create_applications() -> None:
    create_table(
        "document_blob",
        [
            "sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64)",
            whole("size", "NOT NULL CHECK (size BETWEEN 1 AND 20971520)"), name("mime", 60),
            "data {blob} NOT NULL",
        ],
    )  # fmt: skip
    forbid("document_blob", ("UPDATE", "DELETE"))
    create_table(
        "application",
        [
            ID, name("number", 40) + " UNIQUE", name("state", 20),
            references("case_id", "approval_case (id)", null=True),
            whole("customer_id", ""), *[text(fact, limit) for fact, limit in FACTS.items()],
            name("manager"), text("manager_opinion", 2000), name("created_by"),
            instant("created_at"), VERSION,
        ],
    )  # fmt: skip
    create_table(
        "application_class",
        [
            ID, references("application_id", "application (id)"),
            references("group_code", "product_group (code)", "TEXT"),
            one_of("customer_class", *CLASSES),
            one_of("form", *FORMS), text("region", 100), whole("monthly_kg", "NOT NULL DEFAULT 0"),
            text("purpose", 300),
        ],
        ["UNIQUE (application_id, group_code)"],
    )  # fmt: skip
    create_table(
        "application_contact",
        [
            ID, references("application_id", "application (id)"), name("kind", 20),
            text("name", 200),
            text("title", 60), text("phone", 40), text("email", 100),
        ],
    )  # fmt: skip
    create_table(
        "application_document",
        [
            ID, references("application_id", "application (id)"), name("kind", 40),
            references("sha256", "document_blob (sha256)", "TEXT"), name("label", 200),
            text("number", 60),
            "valid_from TEXT", "valid_to TEXT", flag("long_term", 0), flag("void", 0),
        ],
    )  # fmt: skip
    for table in ("application_class", "application_contact"):
        audit(table, "id", columns_of(table), deletes=True)
    for table in ("application", "application_document"):
        audit(table, "id", columns_of(table))
    # two managers who submit the same customer at once: the second is refused
    index("CREATE UNIQUE INDEX application_uscc ON application (uscc) "
          "WHERE state = 'in_review' AND uscc <> ''")  # fmt: skip
    create_freeze()


def create_freeze() -> None:
    """What was put up for decision stands still; only a returned case may be edited (C7.2)."""

    def frozen(application: str) -> str:
        return (
            "EXISTS (SELECT 1 FROM application a JOIN approval_case c ON c.id = a.case_id "
            f"WHERE a.id = {application} AND c.outcome <> 'returned')"
        )

    message = "the application is under review or decided"
    reviewed = [fact for fact in FACTS if fact != "code_override"] + ["manager", "manager_opinion"]
    guard("application_frozen", f"UPDATE OF {', '.join(reviewed)}", "application",
          frozen("OLD.id"), message)  # fmt: skip
    guard("application_case_kept", "UPDATE OF case_id", "application",
          "OLD.case_id IS NOT NULL AND (NEW.case_id IS NULL OR NEW.case_id <> OLD.case_id)",
          message)  # fmt: skip
    for table in ("application_class", "application_contact", "application_document"):
        for action, images in (
            ("INSERT", ["NEW"]),
            ("UPDATE", ["OLD", "NEW"]),
            ("DELETE", ["OLD"]),
        ):
            condition = " OR ".join(frozen(f"{image}.application_id") for image in images)
            guard(f"{table}_frozen_{action.lower()}", action, table, condition, message)


def create_customers() -> None:
    create_table(
        "customer",
        [
            ID, name("code", 20) + " UNIQUE", *[text(fact, limit) for fact, limit in FACTS.items()],
            sorted_text("sort_key", 400), text("initials", 400), name("status", 20),
            name("manager"),
            references("case_id", "approval_case (id)"),
            references("application_id", "application (id)"),
            day("accredited_on"), VERSION,
        ],
    )  # fmt: skip
    index("CREATE UNIQUE INDEX customer_uscc ON customer (uscc) WHERE uscc <> ''")
    index("CREATE INDEX customer_sort ON customer (sort_key)")
    create_table(
        "customer_class",
        [
            ID, references("customer_id", "customer (id)"),
            references("group_code", "product_group (code)", "TEXT"),
            one_of("customer_class", *CLASSES),
            text("region", 100), day("from_day"), day("to_day", True), text("clause", 40),
            whole("edition"),
        ],
        ["UNIQUE (customer_id, group_code, from_day)"],
    )  # fmt: skip
    create_table(
        "customer_contact",
        [
            ID, references("customer_id", "customer (id)"), name("kind", 20), name("name", 200),
            text("title", 60), text("phone", 40), text("email", 100), flag("void", 0),
        ],
    )  # fmt: skip
    create_table(
        "tier_start",
        [
            references("customer_id", "customer (id)") + " PRIMARY KEY", one_of("level", *LEVELS),
            one_of("form", *FORMS), day("from_day"), text("clause", 40), whole("edition"),
        ],
    )  # fmt: skip
    for table in ("customer", "customer_class", "customer_contact"):
        audit(table, "id", columns_of(table))
    audit("tier_start", "customer_id", columns_of("tier_start"))
