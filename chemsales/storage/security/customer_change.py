"""Rules on a server for the file of a customer: who changes it, what finance is shown and accepts
(C8.1, C5.1). What holds on both engines is in the migration."""

from __future__ import annotations

from chemsales.rules.customer_change import GUARDED, OPEN
from chemsales.storage.schema import differs
from chemsales.storage.security.rules import Rule, owner_of, unless

_WHO = "session_user::text"
_OWN = (
    f"EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id AND (u.manager = {_WHO} "
    "OR chemsales_has_role('sales_head')))"
)
_PUTS_UP = unless(
    "chemsales_has_role('account_manager') OR chemsales_has_role('sales_head')",
    "CS002", "account manager or sales head change a file",
)  # fmt: skip
_PROPOSED = (
    "NEW.proposed_by := session_user::text; "
    + _PUTS_UP
    + unless(_OWN, "CS003", "a file is changed by its manager or the sales head")
)
_CHANGED = (
    "IF NEW.decided_on IS DISTINCT FROM OLD.decided_on THEN "
    + unless("chemsales_signs('finance')", "CS002", "finance accepts a change")
    + "ELSE "
    + unless(f"{owner_of('OLD')} = {_WHO}", "CS003", "a change is corrected by who has it")
    + "END IF; "
)
_LEFT = unless(
    "EXISTS (SELECT 1 FROM customer_change d WHERE d.id = NEW.id AND d.case_id IS NOT NULL)",
    "CS009", "a change has its case",
)  # fmt: skip


def _same(one: str, other: str) -> str:
    return " AND ".join(f"{one}.{column} = {other}.{column}" for column in GUARDED)


# parts of the rules of cases and customers (security/accreditation.py)
CASE_BEGINS = _PUTS_UP + unless(
    "NEW.subject = 'customer_change' AND EXISTS (SELECT 1 FROM customer_change d "
    f"WHERE d.id = NEW.subject_id AND d.proposed_by = {_WHO} AND NEW.owner = {_WHO} "
    "AND d.case_id IS NULL)",
    "CS003", "an own change is put up",
)  # fmt: skip
_BEFORE = ", ".join(f"'{column}', u.{column}" for column in GUARDED)
AS_REVIEWED = unless(
    "NEW.snapshot::jsonb = (SELECT to_jsonb(d) - ARRAY['id', 'proposed_by', 'proposed_at', "
    f"'case_id', 'decided_on'] || jsonb_build_object('before', jsonb_build_object({_BEFORE})) "
    "FROM customer_change d JOIN customer u ON u.id = d.customer_id WHERE d.id = NEW.subject_id)",
    "CS005", "a snapshot shows the change as it is",
)  # fmt: skip
ACCEPTED = differs(*GUARDED)
CASE_LEFT = unless(
    "EXISTS (SELECT 1 FROM customer_change d JOIN approval_case c ON c.id = d.case_id "
    "JOIN customer u ON u.id = d.customer_id WHERE d.id = NEW.subject_id AND c.id = NEW.id "
    "AND (c.outcome = 'approved') = (d.decided_on IS NOT NULL) "
    f"AND (c.outcome <> 'approved' OR {_same('d', 'u')}))",
    "CS004", "what finance accepts is in force in the same transaction",
)  # fmt: skip
FILE_CHANGED = (
    f"IF {differs(*OPEN)} THEN "
    + unless(f"OLD.manager = {_WHO} OR chemsales_has_role('sales_head')",
             "CS003", "a file is changed by its manager or the sales head")
    + f"END IF; IF {differs(*GUARDED, 'code_override')} THEN "
    + unless("chemsales_signs('finance')", "CS002", "finance accepts a change")
    + "END IF; "
)  # fmt: skip
_CONTACT = unless(_OWN, "CS003", "a file is changed by its manager or the sales head")
CONTACT_GIVEN = (
    unless("NEW.void = 0 AND (chemsales_has_role('account_manager') "
           "OR chemsales_has_role('sales_head'))",
           "CS004", "a customer gets the contacts that were approved")
    + _CONTACT
)  # fmt: skip

RULES = (
    Rule("customer_change", "proposed", "INSERT", _PROPOSED),
    Rule("customer_change", "changed", "UPDATE", _CHANGED),
    Rule("customer_change", "left", "INSERT", _LEFT, deferred=True),
    Rule("customer_contact", "voided", "UPDATE", _CONTACT),
)
