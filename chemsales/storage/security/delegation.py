"""Rules on a server for delegations: who delegates a signature, and who revokes that (C7.2).

What holds on both engines is in the migration; here is what hangs on who is there.
"""

from __future__ import annotations

from chemsales.storage.security.people import SIGNER
from chemsales.storage.security.rules import Rule, unless

# who needs the rights of a delegate, for a server that is set up again
EXPECTED = (
    "SELECT DISTINCT delegate FROM delegation WHERE revoked_at IS NULL "
    "AND last_day >= chemsales_today() ORDER BY delegate"
)

_GIVEN = (
    unless("chemsales_has_role(NEW.role)", "CS002", "the own role is delegated")
    + SIGNER
    # the grant locks the group: of two at once the second waits, and finds the first
    + "PERFORM chemsales_role_grant(NEW.delegate, 'delegate', true); "
)
_REVOKED = unless(
    "OLD.principal = session_user::text", "CS003", "a delegation is revoked by its principal"
)

RULES = (
    Rule("delegation", "given", "INSERT", _GIVEN),
    Rule("delegation", "revoked", "UPDATE", _REVOKED),
)
