"""Rules on a server for visits: who notes one, who corrects one (C11.2).

What holds on both engines is in the migration.
"""

from __future__ import annotations

from chemsales.storage.security.rules import Rule, is_day, of_manager_or_head, unless

_NOTED = unless(
    of_manager_or_head("NEW.customer_id"),
    "CS003", "a visit is noted by the customer''s manager or the sales head",
) + unless(
    f"{is_day('visited_on')} AND (NEW.next_on IS NULL OR {is_day('next_on')})",
    "CS010", "a visit was made on a day",
) + unless(
    "NEW.replaces IS NULL OR chemsales_has_role('sales_head') "
    "OR NEW.visited_by = session_user::text",
    "CS003", "a visit is corrected by who made it or the sales head",
)  # fmt: skip

RULES = (Rule("visit", "noted", "INSERT", _NOTED),)
