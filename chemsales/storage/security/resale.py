"""Rules on a server for direct customers found to sell on: who says so, who settles it (C10.2).

What holds on both engines is in the migration.
"""

from __future__ import annotations

from chemsales.storage.security.rules import Rule, of_manager_or_head, unless

_FOUND = unless(
    of_manager_or_head("NEW.customer_id"),
    "CS003", "a resale is found by the customer''s manager or the sales head",
)  # fmt: skip

RULES = (Rule("resale_finding", "found", "INSERT", _FOUND),)
