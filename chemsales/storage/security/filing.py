"""Rules on a server for filings and inspections: what is filed is the file as it is, a batch and an
inspection come whole, a finding is closed by whom it concerns (C8.3)."""

from __future__ import annotations

from chemsales.storage.security.dispatch import FACTS_TOLD
from chemsales.storage.security.licences import stands
from chemsales.storage.security.rules import Rule, unless

_SALES = "chemsales_has_role('sales_head')"
_MADE = (
    unless(_SALES, "CS002", "the sales head files customers")
    + unless("NEW.made_on = chemsales_today()", "CS010", "a filing is made today")
    + unless("NEW.number = 'BA' || substr(NEW.number, 3, 4) || '-' || (SELECT lpad(n.last::text, "
             "greatest(4, length(n.last::text)), '0') FROM numbering n "
             "WHERE n.series = 'filing-' || substr(NEW.number, 3, 4))",
             "CS006", "a filing takes the next number")
)  # fmt: skip
_RECEIVED = (
    unless(_SALES, "CS002", "the sales head records receipts")
    + unless("NEW.received_on BETWEEN OLD.made_on AND chemsales_today()",
             "CS010", "a filing is received between its making and today")
)  # fmt: skip
_FILED = (
    unless(_SALES, "CS002", "the sales head files customers")
    + FACTS_TOLD
    + stands("NEW.customer_id", "a disqualified customer is filed no more")
)
_WHOLE = unless(
    "(SELECT count(*) FROM filing_customer f WHERE f.filing_id = {0}) "
    "= (SELECT b.customers FROM filing b WHERE b.id = {0})",
    "CS009", "a filing comes whole, in one transaction",
)  # fmt: skip
_INSPECTED = (
    unless(_SALES, "CS002", "the sales head records inspections")
    + unless("NEW.held_on <= chemsales_today()", "CS010", "an inspection was held")
)  # fmt: skip
_ALL_FOUND = unless(
    "(SELECT count(*) FROM finding g WHERE g.inspection_id = {0}) "
    "= (SELECT i.findings FROM inspection i WHERE i.id = {0})",
    "CS009", "an inspection comes with what it found, in one transaction",
)  # fmt: skip
_CLOSED = unless(
    f"{_SALES} OR OLD.responsible = session_user::text",
    "CS003", "a finding is closed by who is responsible or the sales head",
)  # fmt: skip

# a part of the rule of numbers (security/accreditation.py)
NUMBER_LEFT = unless(
    "EXISTS (SELECT 1 FROM filing b WHERE b.number = 'BA' || substr(NEW.series, 8) "
    "|| '-' || lpad(NEW.last::text, greatest(4, length(NEW.last::text)), '0'))",
    "CS006", "a number is used in the same transaction",
)  # fmt: skip

RULES = (
    Rule("filing", "made", "INSERT", _MADE),
    Rule("filing", "received", "UPDATE", _RECEIVED),
    Rule("filing", "left", "INSERT", _WHOLE.format("NEW.id"), deferred=True),
    Rule("filing_customer", "filed", "INSERT", _FILED),
    Rule("filing_customer", "left", "INSERT", _WHOLE.format("NEW.filing_id"), deferred=True),
    Rule("inspection", "held", "INSERT", _INSPECTED),
    Rule("inspection", "left", "INSERT", _ALL_FOUND.format("NEW.id"), deferred=True),
    Rule("finding", "found", "INSERT", unless(_SALES, "CS002", "the sales head records findings")),
    Rule("finding", "left", "INSERT", _ALL_FOUND.format("NEW.inspection_id"), deferred=True),
    Rule("finding", "closed", "UPDATE", _CLOSED),
)
