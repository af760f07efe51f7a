"""Rules on a server for customers that are handed over: who does it, and that it takes effect in
the same transaction. What holds on both engines is in the migration."""

from __future__ import annotations

from chemsales.storage.security.rules import Rule, unless

MAY = "chemsales_has_role('sales_head') OR chemsales_has_role('administrator')"
_GIVEN = unless(MAY, "CS002", "sales head or administrator hand customers over") + unless(
    "NEW.from_day <= chemsales_today()", "CS010", "a customer is handed over by a day that came"
)
_LEFT = unless(
    "EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
    "AND u.manager = NEW.to_manager)",
    "CS004", "who is handed a customer has it in the same transaction",
)  # fmt: skip
MANAGER_MOVED = (
    "IF NEW.manager IS DISTINCT FROM OLD.manager THEN "
    + unless(MAY, "CS002", "sales head or administrator hand customers over")
    + "END IF; "
)

_CASES = " UNION ALL ".join(
    f"SELECT s.case_id FROM {table} s WHERE s.customer_id = NEW.customer_id"
    for table in ("licence", "disqualification", "customer_change", "application")
)
_CASES_LEFT = unless(
    "NOT EXISTS (SELECT 1 FROM application a WHERE a.customer_id = NEW.customer_id "
    "AND a.further = 1 AND a.manager = NEW.from_manager "
    "AND a.state IN ('draft', 'in_review', 'returned') "
    "AND NEW.from_manager <> NEW.to_manager) "
    f"AND NOT EXISTS (SELECT 1 FROM approval_case c WHERE c.id IN ({_CASES}) "
    "AND c.owner = NEW.from_manager AND c.outcome IN ('open', 'returned')) "
    "OR EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
    "AND u.manager = NEW.from_manager)",
    "CS004", "the cases of a customer go along in the same transaction",
)  # fmt: skip

_CASE_FOLLOWS = (
    "IF NEW.manager IS DISTINCT FROM OLD.manager THEN "
    + unless(
        "NOT EXISTS (SELECT 1 FROM application a JOIN approval_case c ON c.id = a.case_id "
        "WHERE a.id = NEW.id AND c.owner <> a.manager AND c.outcome IN ('open', 'returned'))",
        "CS004", "the case of an application goes along in the same transaction",
    )
    + "END IF; "
)  # fmt: skip

RULES = (
    Rule("application", "handed", "UPDATE", _CASE_FOLLOWS, deferred=True),
    Rule("handover", "given", "INSERT", _GIVEN),
    Rule("handover", "left", "INSERT", _LEFT + _CASES_LEFT, deferred=True),
)
