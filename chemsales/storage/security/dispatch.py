"""Rules on a server for what is reported of customers: what an item says, who marks it (C4.7).

What holds on both engines is in the migration: one item is for finance or for an office of the
customer's products, and is sent and acknowledged once.
"""

from __future__ import annotations

from chemsales.rules.dispatch import FACTS
from chemsales.storage.security.rules import Rule, unless

_WHO = "session_user::text"
_OWN = f"EXISTS (SELECT 1 FROM customer u WHERE u.id = {{0}}.customer_id AND u.manager = {_WHO})"
_FACTS = f"ARRAY[{', '.join(repr(fact) for fact in FACTS)}]"
# of a dispatch and of a filing
FACTS_TOLD = unless(
    "EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
    "AND u.version = NEW.version AND to_jsonb(u) @> (NEW.file::jsonb -> 'facts') "
    f"AND {_FACTS} <@ ARRAY(SELECT jsonb_object_keys(NEW.file::jsonb -> 'facts')))",
    "CS005", "what is told is the file as it is",
)  # fmt: skip
_MADE = (
    unless(f"chemsales_signs('general_manager') OR chemsales_signs('finance') "
           f"OR chemsales_has_role('sales_head') OR {_OWN.format('NEW')}",
           "CS003", "who changes a customer reports it")
    + unless("NEW.number = 'BS' || substr(NEW.number, 3, 4) || '-' || (SELECT lpad(n.last::text, "
             "greatest(4, length(n.last::text)), '0') FROM numbering n "
             "WHERE n.series = 'dispatch-' || substr(NEW.number, 3, 4))",
             "CS006", "an item takes the next number")
    + FACTS_TOLD
    # what changed: the values after are those that stand
    + unless("NOT EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.changes::jsonb) c "
             "WHERE c ->> 'of' = '' AND NEW.file::jsonb -> 'facts' ? (c ->> 'field') "
             "AND NEW.file::jsonb -> 'facts' ->> (c ->> 'field') <> c ->> 'after')",
             "CS005", "an item tells what changed")
)  # fmt: skip
_MARKED = (
    "IF NEW.sent_at IS DISTINCT FROM OLD.sent_at THEN "
    + unless(f"chemsales_has_role('sales_head') OR {_OWN.format('OLD')}",
             "CS003", "an item is sent by the customer''s manager or the sales head")
    + "END IF; IF NEW.acknowledged_on IS DISTINCT FROM OLD.acknowledged_on THEN "
    + unless("CASE WHEN OLD.office_code IS NULL THEN chemsales_has_role('finance') "
             f"ELSE chemsales_has_role('sales_head') OR {_OWN.format('OLD')} END",
             "CS003", "finance acknowledges its own items, the manager notes what an office signed")
    + unless("NEW.acknowledged_on BETWEEN to_char(OLD.sent_at::timestamptz "
             "AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AND chemsales_today()",
             "CS010", "an item is acknowledged between its sending and today")
    + "END IF; "
)  # fmt: skip


# parts of the rules of customers and numbers (security/accreditation.py)
def told(customer: str, items: str) -> str:
    """SQL: whether these items `d` of a customer are one for finance and one for each office of the
    products that it is admitted to."""
    return (
        f"(SELECT count(*) FROM dispatch d WHERE d.customer_id = {customer} AND {items}) "
        "= 1 + (SELECT count(DISTINCT o.code) FROM office o "
        "JOIN office_group g ON g.office_code = o.code AND g.active = 1 "
        f"JOIN customer_class k ON k.group_code = g.group_code AND k.customer_id = {customer} "
        "AND k.to_day IS NULL WHERE o.active = 1)"
    )


CUSTOMER_LEFT = told("NEW.id", "d.what = 'accreditation'")
NUMBER_LEFT = unless(
    "EXISTS (SELECT 1 FROM dispatch d WHERE d.number = 'BS' || substr(NEW.series, 10) "
    "|| '-' || lpad(NEW.last::text, greatest(4, length(NEW.last::text)), '0'))",
    "CS006", "a number is used in the same transaction",
)  # fmt: skip

RULES = (
    Rule("dispatch", "made", "INSERT", _MADE),
    Rule("dispatch", "marked", "UPDATE", _MARKED),
)
