"""What became of a case since a person saw it, in words for who comes too late."""

from __future__ import annotations

import json

from chemsales.queries.applications import EDITABLE, StoredApplication
from chemsales.queries.approval import StoredCase, load_decisions
from chemsales.rules.approval import StageName
from chemsales.rules.errors import Param, Reason, term
from chemsales.storage.database import rows

# between these an application is edited, and nothing is decided
_EDITED = set(map(str, EDITABLE))


def decided_since(stored: StoredCase) -> Reason:
    """Who signed last, at which stage, and what; of an applicant what was done with it (inside
    services and queries)."""
    last = load_decisions(stored.id)[-1]
    params: dict[str, Param] = {"name": last.signer_name, "verdict": term(last.verdict)}
    if last.stage is StageName.APPLICANT:
        return Reason("reason.put_up_elsewhere", params, stored.case.chain.clause)
    params["stage"] = term(last.stage)
    return Reason("reason.decided_elsewhere", params, stored.case.chain.clause)


def changed_since(stored: StoredApplication, seen_version: int) -> tuple[Reason, ...]:
    """What came to an application after the version that was seen: that it was handed over, and to
    whom, what was decided, else that it was changed (inside services and queries)."""
    handed = decided = False
    for old, new in rows(
        "SELECT x.old, x.new FROM change x WHERE x.table_name = 'application' "
        "AND x.row_key = ? AND x.old IS NOT NULL ORDER BY x.id DESC LIMIT ?",
        (str(stored.id), max(0, stored.version - seen_version)),
    ):
        before, after = json.loads(old), json.loads(new)
        moved = before["manager"] != after["manager"]
        kept = before["code_override"] == after["code_override"]
        handed |= moved
        decided |= not moved and kept and not {before["state"], after["state"]} <= _EDITED
    found = []
    if handed:
        ((name,),) = rows("SELECT name FROM person WHERE login = ?", (stored.manager,))
        params: dict[str, Param] = {"number": stored.number, "name": name}
        found.append(Reason("reason.handed_elsewhere", params, "C8.1"))
    if decided and stored.case is not None:
        found.append(decided_since(stored.case))
    return tuple(found) or (Reason("reason.changed_elsewhere", {"what": stored.number}),)
