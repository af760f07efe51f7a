"""Imported months, closings with their levels, cooperation ratings and evaluations."""

from chemsales.storage.columns import (
    ID,
    VERSION,
    columns_of,
    flag,
    index,
    instant,
    month,
    name,
    one_of,
    references,
    text,
    whole,
)
from chemsales.storage.database import database
from chemsales.storage.schema import audit, create_table, ddl, forbid

CLASSES = ("direct", "agent", "dealer")
FORMS = ("auction", "plan", "")
LEVELS = ("auction", "ordinary", "one_star", "two_star", "three_star")


def up(migrator: object, db: object) -> None:
    create_offtake()
    create_tiers()
    create_evaluations()


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
        "CREATE UNIQUE INDEX import_batch_once ON import_batch (kind, sha256) "
        "WHERE undone_at IS NULL"
    )
    database.execute_sql(
        ddl(
            "CREATE TABLE pickup (id {id}, batch_id {int} NOT NULL REFERENCES import_batch (id), "
            "customer_id {int} NOT NULL REFERENCES customer (id), "
            "product_code TEXT NOT NULL REFERENCES product (code), "
            "day TEXT NOT NULL CHECK (length(day) = 10), "
            "month TEXT NOT NULL CHECK (length(month) = 7), "
            "kg {int} NOT NULL CHECK (kg BETWEEN -100000000 AND 100000000 AND kg <> 0), "
            "kind TEXT NOT NULL CHECK (kind IN ('pickup', 'return')), "
            "note_no TEXT NOT NULL DEFAULT '' CHECK (length(note_no) <= 60), "
            "warehouse TEXT NOT NULL DEFAULT '' CHECK (length(warehouse) <= 100), "
            "CHECK ((kg > 0) = (kind = 'pickup'))) {strict}"
        )
    )
    index(
        "CREATE INDEX pickup_month ON pickup (month, customer_id, product_code, day, kg, batch_id)"
    )
    index("CREATE INDEX pickup_note ON pickup (note_no, kind, batch_id, day) WHERE note_no <> ''")
    create_table(
        "plan_line",
        [
            ID, references("batch_id", "import_batch (id)"),
            references("customer_id", "customer (id)"),
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
            instant("closed_at"), "ended_by TEXT", instant("ended_at", True),
            text("end_reason", 500),
            name("results_digest", 64), "inputs TEXT NOT NULL",
        ],
        ["UNIQUE (month, revision)"],
    )  # fmt: skip
    index("CREATE UNIQUE INDEX closing_one_active ON closing (month) WHERE active = 1")
    create_table(
        "tier_result",
        [
            references("closing_id", "closing (id)"), references("customer_id", "customer (id)"),
            month(),
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
            instant("rated_at"), "confirmed_by TEXT", instant("confirmed_at", True),
            flag("void", 0), VERSION,
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
            ID, references("run_id", "evaluation_run (id)"),
            references("customer_id", "customer (id)"),
            references("group_code", "product_group (code)", "TEXT"),
            one_of("customer_class", *CLASSES),
            "score TEXT", name("grade", 20), whole("available_weight"), "indicators TEXT NOT NULL",
            "inputs TEXT NOT NULL", name("inputs_hash", 64),
        ],
        ["UNIQUE (run_id, customer_id, group_code)"],
    )  # fmt: skip
    index("CREATE INDEX evaluation_customer ON evaluation (customer_id, group_code)")
    forbid("evaluation", ("UPDATE", "DELETE"))
    audit("cooperation_rating", "id", columns_of("cooperation_rating"))
    audit("evaluation_run", "id", columns_of("evaluation_run"))
