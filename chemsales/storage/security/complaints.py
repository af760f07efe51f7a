"""Rules on a server for complaints: who records, re-grades and closes one, and what stands in it
(C12). What holds on both engines is in the migration."""

from __future__ import annotations

from chemsales.storage.security.rules import Rule, is_day, of_manager_or_head, unless

_RECEIVED = "to_char(NEW.received_at::timestamptz AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"
_ACCEPTED = (
    unless(of_manager_or_head("NEW.customer_id"),
           "CS003", "a complaint is recorded by the customer''s manager or the sales head")
    + unless("chemsales_text_of(NEW.received_at::timestamptz) = NEW.received_at "
             "AND NEW.received_at <= chemsales_now()",
             "CS010", "a complaint was received")
    + unless("substr(NEW.number, 3, 4) = left(chemsales_today(), 4)",
             "CS006", "a complaint is numbered in the year in which it is recorded")
    + unless("NEW.edition = (SELECT e.number FROM rule_edition e "
             f"WHERE e.effective_from <= {_RECEIVED} "
             "ORDER BY e.effective_from DESC, e.number DESC LIMIT 1)",
             "CS011", "a complaint is due by the edition of its day")
)  # fmt: skip
_CUSTOMER = "(SELECT c.customer_id FROM complaint c WHERE c.id = NEW.complaint_id)"
# one after the other, so that the guard of both engines sees how grave it is by then
_REGRADED = (
    unless(of_manager_or_head(_CUSTOMER),
           "CS003", "a complaint is re-graded by the customer''s manager or the sales head")
    + "PERFORM 1 FROM complaint c WHERE c.id = NEW.complaint_id FOR UPDATE; "
)  # fmt: skip
_CLOSED = (
    unless("chemsales_has_role('sales_head')", "CS002", "the sales head closes complaints")
    + unless(f"{is_day('told_on')} AND NEW.told_on <= chemsales_today() "
             f"AND (NEW.meeting_on IS NULL OR {is_day('meeting_on')})",
             "CS010", "a customer was told, after the meeting")
)  # fmt: skip

# a part of the rule of numbers (security/accreditation.py)
NUMBER_LEFT = unless(
    "EXISTS (SELECT 1 FROM complaint c WHERE c.number = 'T-' || substr(NEW.series, 11) "
    "|| '-' || lpad(NEW.last::text, greatest(4, length(NEW.last::text)), '0'))",
    "CS006", "a number is used in the same transaction",
)  # fmt: skip

RULES = (
    Rule("complaint", "accepted", "INSERT", _ACCEPTED),
    Rule("complaint", "closed", "UPDATE", _CLOSED),
    Rule("complaint_regrade", "regraded", "INSERT", _REGRADED),
)
