"""Complaints of customers: recorded for good, re-graded to a graver kind, closed once (C12)."""

from chemsales.storage.columns import (
    ID,
    columns_of,
    day,
    index,
    instant,
    name,
    one_of,
    references,
    text,
    whole,
)
from chemsales.storage.database import locking
from chemsales.storage.days import day_of
from chemsales.storage.schema import audit, create_table, differs, forbid, guard

CHANNELS = ("in_person", "telephone", "letter", "email", "fax", "message")
RECORDED = (
    "id", "number", "customer_id", "received_at", "channel", "product_code", "lot", "content",
    "severity", "edition", "recorded_by", "recorded_at",
)  # fmt: skip
MEETING = (
    "(NEW.severity <> 'general' OR EXISTS (SELECT 1 FROM complaint_regrade r "
    "WHERE r.complaint_id = NEW.id))"
)
NUMBERED = (
    "EXISTS (SELECT 1 FROM numbering n WHERE n.series = 'complaint-' || substr(NEW.number, 3, 4) "
    "AND CAST(n.last AS TEXT) = ltrim(substr(NEW.number, 8), '0'))"
)


def up(migrator: object, db: object) -> None:
    create_table(
        "complaint",
        [
            ID, name("number", 30) + " UNIQUE", references("customer_id", "customer (id)"),
            instant("received_at"), one_of("channel", *CHANNELS),
            references("product_code", "product (code)", "TEXT", null=True), text("lot", 200),
            name("content", 2000), one_of("severity", "general", "major", "serious"),
            whole("edition"), name("recorded_by"), instant("recorded_at"), text("opinion", 2000),
            day("told_on", True), text("told_way", 20), text("told_by", 100),
            day("meeting_on", True),
            references("meeting_chair", "person (login)", "TEXT", null=True),
            text("meeting_attendees", 500), text("meeting_decision", 2000),
            text("closed_by", 100), instant("closed_at", True),
        ],
        [
            "CHECK (length(received_at) = 27 AND received_at <= recorded_at)",
            "CHECK (number LIKE 'T-____-____' OR (length(number) > 11 "
            "AND substr(number, 1, 2) = 'T-' AND substr(number, 7, 1) = '-' "
            "AND substr(number, 8, 1) <> '0'))",
            f"CHECK (told_way IN ('', {', '.join(map(repr, CHANNELS))}))",
            "CHECK ((closed_at IS NULL) = (opinion = '') AND (closed_at IS NULL) = (told_by = '') "
            "AND (closed_at IS NULL) = (told_on IS NULL) AND (closed_at IS NULL) = (told_way = '') "
            "AND (closed_at IS NULL) = (closed_by = ''))",
            "CHECK ((meeting_on IS NULL) = (meeting_chair IS NULL) "
            "AND (meeting_on IS NULL) = (meeting_attendees = '') "
            "AND (meeting_on IS NULL) = (meeting_decision = '') "
            "AND (meeting_on IS NULL OR closed_at IS NOT NULL))",
        ],
    )  # fmt: skip
    create_table(
        "complaint_regrade",
        [
            ID, references("complaint_id", "complaint (id)"),
            one_of("severity", "major", "serious"), name("reason", 500), name("regraded_by"),
            instant("regraded_at"),
        ],
        ["UNIQUE (complaint_id, severity)"],
    )  # fmt: skip
    index("CREATE INDEX complaint_customer ON complaint (customer_id)")
    index("CREATE INDEX complaint_open ON complaint (received_at) WHERE closed_at IS NULL")
    for table in ("complaint", "complaint_regrade"):
        audit(table, "id", columns_of(table))
    guard_complaints()


def guard_complaints() -> None:
    """What was recorded stands still; a closing comes once."""
    forbid("complaint_regrade", ("UPDATE",))
    guard("complaint_begins", "INSERT", "complaint",
          f"NEW.closed_at IS NOT NULL OR NOT {NUMBERED}",
          "a complaint begins open, with the next number of its year")  # fmt: skip
    guard("complaint_closes", "UPDATE", "complaint",
          f"{differs(*RECORDED)} OR OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL "
          f"OR NOT (NEW.told_on BETWEEN {day_of('NEW.received_at')} AND {day_of('NEW.closed_at')}) "
          f"OR (NEW.meeting_on IS NULL AND {MEETING})",
          "a complaint says the same for good, and is closed once, after the meeting that a grave "
          "one needs")  # fmt: skip
    guard("complaint_meets", "UPDATE", "complaint",
          "NEW.meeting_on IS NOT NULL AND (NOT (NEW.meeting_on BETWEEN "
          f"{day_of('NEW.received_at')} AND NEW.told_on) OR NOT EXISTS (SELECT 1 "
          "FROM person_role p WHERE p.login = NEW.meeting_chair AND p.role = 'general_manager'))",
          "the general manager calls the meeting, before the customer is told")  # fmt: skip
    # the closing of another desk is waited for
    guard("complaint_regrades", "INSERT", "complaint_regrade",
          "NOT EXISTS (SELECT 1 FROM complaint c WHERE c.id = NEW.complaint_id "
          "AND c.closed_at IS NULL AND c.severity <> 'serious' AND c.severity <> NEW.severity"
          f"{locking()}) OR EXISTS (SELECT 1 FROM complaint_regrade r "
          "WHERE r.complaint_id = NEW.complaint_id AND r.severity = 'serious')",
          "an open complaint is re-graded to a graver kind alone")  # fmt: skip
