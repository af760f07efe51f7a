"""What `install` left in the catalogue, noted there itself, so that `lint` finds what was changed.

The note is the comment of a function that belongs to the owner. It finds mistakes and meddling
below the owner's rights; against the owner and the server's superuser stands the hash chain.
"""

from __future__ import annotations

import json
import re

from chemsales.storage.database import rows
from chemsales.storage.security import (
    accreditation,
    agent_licences,
    complaints,
    customer_change,
    delegation,
    dispatch,
    disqualification,
    filing,
    functions,
    handover,
    licences,
    months,
    people,
    resale,
    stamps,
    visits,
)

RULES = (
    *accreditation.RULES, *agent_licences.RULES, *complaints.RULES, *customer_change.RULES,
    *delegation.RULES, *disqualification.RULES, *dispatch.RULES, *filing.RULES, *handover.RULES,
    *licences.RULES, *months.RULES, *people.RULES, *resale.RULES, *visits.RULES,
)  # fmt: skip
NOTED_AT = "chemsales_is_owner()"
SCHEMA = "'public'::regnamespace"
_IMAGE = f"""
SELECT 'function ' || p.oid::regprocedure::text, p.prosrc FROM pg_proc p
  WHERE p.pronamespace = {SCHEMA}
UNION ALL SELECT 'trigger ' || c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace = {SCHEMA}
UNION ALL SELECT 'policy ' || c.relname || '.' || p.polname, concat_ws(' | ', p.polcmd::text,
  p.polpermissive::text, (SELECT string_agg(r.rolname, ',' ORDER BY r.rolname) FROM pg_roles r
  WHERE r.oid = ANY (p.polroles)), pg_get_expr(p.polqual, p.polrelid),
  pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
UNION ALL SELECT 'constraint ' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = {SCHEMA}
  AND k.contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL SELECT 'index ' || i.indexname, i.indexdef FROM pg_indexes i
  WHERE i.schemaname = 'public'
UNION ALL SELECT 'rule ' || r.tablename || '.' || r.rulename, r.definition FROM pg_rules r
  WHERE r.schemaname = 'public'
"""


def image() -> dict[str, str]:
    """Every function, trigger, policy, constraint, index and rule with a short hash of it."""
    return dict(rows(f"SELECT name, left(md5(body), 12) FROM ({_IMAGE}) AS found (name, body)"))


def note() -> str:
    """The statement that notes the image as it is now."""
    text = json.dumps(image(), sort_keys=True).replace("'", "''")
    return f"COMMENT ON FUNCTION {NOTED_AT} IS '{text}'"


def noted() -> dict[str, str]:
    """The image that was noted, empty where none was."""
    found = rows(
        "SELECT obj_description(p.oid, 'pg_proc') FROM pg_proc p "
        f"WHERE p.pronamespace = {SCHEMA} AND p.proname = ?",
        (NOTED_AT.removesuffix("()"),),
    )
    try:
        stored = json.loads(found[0][0]) if found and found[0][0] else {}
    except ValueError:
        return {}
    return stored if isinstance(stored, dict) else {}


_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(.*?\$\$(.*?)\$\$", re.DOTALL)


def own_sources() -> dict[str, str]:
    """The text of every function that this program installs, by name."""
    statements = [*functions.statements(), *stamps.statements()]
    for rule in RULES:
        statements += rule.statements()
    return {name: body for text in statements for name, body in _FUNCTION.findall(text)}


def sources() -> dict[str, str]:
    """The text of every function on the server, by name."""
    return dict(rows(f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = {SCHEMA}"))
