"""The first schema: people, audit, rule editions, calendar, products, applications, customers, offtake,
closings, cooperation and evaluations."""

from chemsales.storage import schema
from chemsales.storage.database import database, is_sqlite
from chemsales.storage.schema import audit, create_table, ddl, forbid, guard

NAME = "TEXT NOT NULL CHECK (length({0}) BETWEEN 1 AND {1})"
FACTS = {
    "name": 200, "short_name": 100, "former_name": 200, "profile": 30, "uscc": 30, "licence15": 30,
    "org9": 30, "national_tax_no": 30, "local_tax_no": 30, "enterprise_type": 100,
    "established_on": 30, "business_term": 60, "registered_capital": 60, "legal_person": 100,
    "registered_address": 300, "business_address": 300, "business_scope": 1000, "industry": 100,
    "parent_company": 200, "bank": 200, "account": 40, "invoice_address": 300, "invoice_phone": 40,
    "taxpayer_kind": 40, "invoice_type": 40, "credit_note": 1000, "code_override": 500,
}  # fmt: skip


def name(column: str, limit: int = 100) -> str:
    return f"{column} " + NAME.format(column, limit)


def text(column: str, limit: int = 1000) -> str:
    return f"{column} TEXT NOT NULL DEFAULT '' CHECK (length({column}) <= {limit})"


def whole(column: str, rest: str = "NOT NULL") -> str:
    return f"{column} {{int}} {rest}"


def flag(column: str, default: int) -> str:
    return f"{column} {{int}} NOT NULL DEFAULT {default} CHECK ({column} IN (0, 1))"


def day(column: str, null: bool = False) -> str:
    return f"{column} TEXT {'' if null else 'NOT NULL'} CHECK (length({column}) = 10)"


def month(column: str = "month") -> str:
    return f"{column} TEXT NOT NULL CHECK (length({column}) = 7)"


def instant(column: str, null: bool = False) -> str:
    return f"{column} TEXT {'' if null else 'NOT NULL'}"


def one_of(column: str, *values: str) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} TEXT NOT NULL CHECK ({column} IN ({listed}))"


def references(column: str, table: str, kind: str = "{int}", null: bool = False) -> str:
    return f"{column} {kind} {'' if null else 'NOT NULL'} REFERENCES {table}"


VERSION = "version {int} NOT NULL DEFAULT 1"
ID = "id {id}"
CLASSES = ("direct", "agent", "dealer")
FORMS = ("auction", "plan", "")
LEVELS = ("auction", "ordinary", "one_star", "two_star", "three_star")


def columns_of(table: str) -> list[str]:
    return [column.name for column in database.get_columns(table)]


def index(sql: str) -> None:
    database.execute_sql(sql)


def up(migrator: object, db: object) -> None:
    create_audit()
    create_people()
    create_rules()
    create_products()
    create_cases()
    create_applications()
    create_customers()
    create_offtake()
    create_tiers()
    create_evaluations()


def create_audit() -> None:
    create_table(
        "event",
        [
            ID, "key TEXT NOT NULL UNIQUE", instant("at"), name("who"), name("use_case", 60),
            one_of("outcome", "done", "refused"), text("subject", 60), text("subject_id", 100),
            text("clause", 40), whole("edition", ""), "reasons TEXT NOT NULL", "detail TEXT NOT NULL",
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
            ID, one_of("source", "event", "change", "decision", "rule_edition", "cooperation_evidence"),
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
            "day TEXT PRIMARY KEY CHECK (length(day) = 10)", references("year", "calendar_year (year)"),
            one_of("kind", "off", "work"), text("name", 60),
        ],
    )  # fmt: skip
    audit("calendar_year", "year", columns_of("calendar_year"))
    audit("calendar_day", "day", columns_of("calendar_day"), deletes=True)


def create_products() -> None:
    create_table(
        "product_group",
        [
            "code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 20)", name("name"),
            text("name_en", 100), flag("polyolefin", 0), flag("hazardous", 0), flag("active", 1), VERSION,
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
            "snapshot TEXT NOT NULL", name("snapshot_hash", 64), text("clause", 40), whole("edition"),
            VERSION,
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
    """A stage signs in its turn, on what is put up, never by the applicant, one person one stage (C7.2)."""
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
            ID, name("number", 40) + " UNIQUE", name("state", 20), references("case_id", "approval_case (id)", null=True),
            whole("customer_id", ""), *[text(fact, limit) for fact, limit in FACTS.items()],
            name("manager"), text("manager_opinion", 2000), name("created_by"), instant("created_at"), VERSION,
        ],
    )  # fmt: skip
    create_table(
        "application_class",
        [
            ID, references("application_id", "application (id)"),
            references("group_code", "product_group (code)", "TEXT"), one_of("customer_class", *CLASSES),
            one_of("form", *FORMS), text("region", 100), whole("monthly_kg", "NOT NULL DEFAULT 0"),
            text("purpose", 300),
        ],
        ["UNIQUE (application_id, group_code)"],
    )  # fmt: skip
    create_table(
        "application_contact",
        [
            ID, references("application_id", "application (id)"), name("kind", 20), text("name", 200),
            text("title", 60), text("phone", 40), text("email", 100),
        ],
    )  # fmt: skip
    create_table(
        "application_document",
        [
            ID, references("application_id", "application (id)"), name("kind", 40),
            references("sha256", "document_blob (sha256)", "TEXT"), name("label", 200), text("number", 60),
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
    """What was put up for decision stands still from then on; only a returned case may be edited (C7.2)."""

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
            text("sort_key", 400), text("initials", 400), name("status", 20), name("manager"),
            references("case_id", "approval_case (id)"), references("application_id", "application (id)"),
            day("accredited_on"), VERSION,
        ],
    )  # fmt: skip
    index("CREATE UNIQUE INDEX customer_uscc ON customer (uscc) WHERE uscc <> ''")
    index("CREATE INDEX customer_sort ON customer (sort_key)")
    create_table(
        "customer_class",
        [
            ID, references("customer_id", "customer (id)"),
            references("group_code", "product_group (code)", "TEXT"), one_of("customer_class", *CLASSES),
            one_of("form", *FORMS), text("region", 100), day("from_day"), day("to_day", True),
            text("clause", 40), whole("edition"),
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


def create_offtake() -> None:
    create_table(
        "import_batch",
        [
            ID, one_of("kind", "pickups", "plans"), name("file_name", 300), name("sha256", 64),
            text("months", 2000), whole("row_count"), whole("rejected"), whole("total_kg"),
            name("rows_digest", 64), name("imported_by"), instant("imported_at"),
            "undone_by TEXT", instant("undone_at", True), text("undo_reason", 500),
        ],
    )  # fmt: skip
    index(
        "CREATE UNIQUE INDEX import_batch_once ON import_batch (kind, sha256) WHERE undone_at IS NULL"
    )
    database.execute_sql(
        ddl(
            "CREATE TABLE pickup (id {id}, batch_id {int} NOT NULL REFERENCES import_batch (id), "
            "customer_id {int} NOT NULL REFERENCES customer (id), "
            "product_code TEXT NOT NULL REFERENCES product (code), "
            "day TEXT NOT NULL CHECK (length(day) = 10), month TEXT NOT NULL CHECK (length(month) = 7), "
            "kg {int} NOT NULL CHECK (kg BETWEEN -100000000 AND 100000000 AND kg <> 0), "
            "kind TEXT NOT NULL CHECK (kind IN ('pickup', 'return')), "
            "note_no TEXT NOT NULL DEFAULT '' CHECK (length(note_no) <= 60), "
            "warehouse TEXT NOT NULL DEFAULT '' CHECK (length(warehouse) <= 100), "
            "CHECK ((kg > 0) = (kind = 'pickup'))) {strict}"
        )
    )
    index("CREATE INDEX pickup_month ON pickup (month, customer_id, product_code, kg, batch_id)")
    index("CREATE INDEX pickup_customer ON pickup (customer_id, day)")
    index("CREATE INDEX pickup_note ON pickup (note_no, kind, batch_id, day) WHERE note_no <> ''")
    create_table(
        "plan_line",
        [
            ID, references("batch_id", "import_batch (id)"), references("customer_id", "customer (id)"),
            references("product_code", "product (code)", "TEXT"), month(),
            whole("kg", "NOT NULL CHECK (kg BETWEEN 0 AND 10000000000)"),
            whole("short_kg", "NOT NULL DEFAULT 0 CHECK (short_kg BETWEEN 0 AND kg)"),
        ],
    )  # fmt: skip
    index(
        "CREATE INDEX plan_line_month ON plan_line (month, customer_id, product_code, kg, batch_id)"
    )
    for table in ("pickup", "plan_line"):
        forbid(table, ("UPDATE", "DELETE"))
    audit("import_batch", "id", columns_of("import_batch"))


def create_tiers() -> None:
    create_table(
        "closing",
        [
            ID, month(), whole("revision"), flag("active", 1), whole("edition"), name("closed_by"),
            instant("closed_at"), "ended_by TEXT", instant("ended_at", True), text("end_reason", 500),
            name("results_digest", 64), "inputs TEXT NOT NULL",
        ],
        ["UNIQUE (month, revision)"],
    )  # fmt: skip
    index("CREATE UNIQUE INDEX closing_one_active ON closing (month) WHERE active = 1")
    create_table(
        "tier_result",
        [
            references("closing_id", "closing (id)"), references("customer_id", "customer (id)"), month(),
            whole("kg"), one_of("level_before", *LEVELS), one_of("form_before", *FORMS),
            one_of("level_after", *LEVELS), one_of("form_after", *FORMS), name("outcome", 30),
            "reasons TEXT NOT NULL",
        ],
        ["PRIMARY KEY (closing_id, customer_id)"],
    )  # fmt: skip
    index("CREATE INDEX tier_result_customer ON tier_result (customer_id, month)")
    forbid("tier_result", ("UPDATE", "DELETE"))
    audit("closing", "id", columns_of("closing"))


def create_evaluations() -> None:
    create_table(
        "cooperation_rating",
        [
            ID, references("customer_id", "customer (id)"), month(),
            whole("score", "NOT NULL CHECK (score BETWEEN 0 AND 100)"), name("rated_by"),
            instant("rated_at"), "confirmed_by TEXT", instant("confirmed_at", True), flag("void", 0), VERSION,
        ],
    )  # fmt: skip
    index(
        "CREATE UNIQUE INDEX cooperation_rating_once ON cooperation_rating (customer_id, month) "
        "WHERE void = 0"
    )
    create_table(
        "cooperation_evidence",
        [
            ID, references("rating_id", "cooperation_rating (id)"), name("aspect", 40),
            whole("points", "NOT NULL CHECK (points BETWEEN 0 AND 100)"), name("evidence", 500),
        ],
    )  # fmt: skip
    forbid("cooperation_evidence", ("UPDATE", "DELETE"))
    create_table(
        "evaluation_run",
        [
            ID, name("period", 10), whole("revision"), flag("active", 1), whole("edition"),
            references("case_id", "approval_case (id)", null=True), name("computed_by"),
            instant("computed_at"), name("inputs_hash", 64), name("results_digest", 64),
            "inputs TEXT NOT NULL",
        ],
        ["UNIQUE (period, revision)"],
    )  # fmt: skip
    index(
        "CREATE UNIQUE INDEX evaluation_run_one_active ON evaluation_run (period) WHERE active = 1"
    )
    create_table(
        "evaluation",
        [
            ID, references("run_id", "evaluation_run (id)"), references("customer_id", "customer (id)"),
            references("group_code", "product_group (code)", "TEXT"), one_of("customer_class", *CLASSES),
            "score TEXT", name("grade", 20), whole("available_weight"), "indicators TEXT NOT NULL",
            "inputs TEXT NOT NULL", name("inputs_hash", 64),
        ],
        ["UNIQUE (run_id, customer_id, group_code)"],
    )  # fmt: skip
    index("CREATE INDEX evaluation_customer ON evaluation (customer_id, group_code)")
    forbid("evaluation", ("UPDATE", "DELETE"))
    audit("cooperation_rating", "id", columns_of("cooperation_rating"))
    audit("evaluation_run", "id", columns_of("evaluation_run"))
