"""What a setting-up changed on a server: its catalogue before and after, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chemsales.rules.errors import Reason
from chemsales.storage.database import rows
from chemsales.storage.security.names import ALL

NAMED = 6  # so many names are told, of more only how many there are
_SCHEMA = "'public'::regnamespace"
_STATE = f"""
SELECT 'role', rolname, concat_ws(' ', rolcanlogin, rolcreaterole, rolbypassrls)
  FROM pg_roles WHERE rolname = ANY (?)
UNION ALL SELECT 'member', u.rolname || ' < ' || g.rolname, string_agg(concat_ws(' ',
  m.admin_option, m.inherit_option, m.set_option), ',' ORDER BY m.grantor)
  FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
  WHERE g.rolname = ANY (?) GROUP BY 2
UNION ALL SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', md5(p.prosrc), p.prosecdef,
  p.proconfig::text, p.proowner, p.proacl::text) FROM pg_proc p WHERE p.pronamespace = {_SCHEMA}
UNION ALL SELECT 'trigger', c.relname || '.' || t.tgname, concat_ws(' ', t.tgenabled::text,
  pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace = {_SCHEMA}
UNION ALL SELECT 'policy', c.relname || '.' || p.polname, concat_ws(' | ', p.polcmd::text,
  p.polpermissive, p.polroles::text, pg_get_expr(p.polqual, p.polrelid),
  pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
UNION ALL SELECT 'table', c.relname, concat_ws(' ', c.relowner, c.relrowsecurity,
  array(SELECT unnest(c.relacl)::text ORDER BY 1)::text,
  (SELECT string_agg(a.attname || array(SELECT unnest(a.attacl)::text ORDER BY 1)::text, ' '
   ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL))
  FROM pg_class c WHERE c.relnamespace = {_SCHEMA} AND c.relkind IN ('r', 'p', 'S')
UNION ALL SELECT 'database', datname, array(SELECT unnest(datacl)::text ORDER BY 1)::text
  FROM pg_database WHERE datname = current_database()
UNION ALL SELECT 'database', nspname, array(SELECT unnest(nspacl)::text ORDER BY 1)::text
  FROM pg_namespace WHERE oid = {_SCHEMA}
"""
_TOLD = {
    "role": Reason("reason.init_roles"),
    "member": Reason("reason.init_members"),
    "function": Reason("reason.init_functions"),
    "trigger": Reason("reason.init_triggers"),
    "policy": Reason("reason.init_policies"),
    "table": Reason("reason.init_tables"),
    "database": Reason("reason.init_database"),
}
State = Mapping[tuple[str, str], str]


def state() -> State:
    """The catalogue as far as a setting-up touches it: kind and name, with what it is like."""
    found = rows(_STATE, (list(ALL), list(ALL)))
    return {(kind, name): str(like) for kind, name, like in found}


def told(before: State, after: State) -> Iterator[Reason]:
    """What came, went or is different now, a sentence for each kind; nothing where all is the
    same."""
    for kind, reason in _TOLD.items():
        names = sorted(
            name
            for each, name in before.keys() | after.keys()
            if each == kind and before.get((each, name)) != after.get((each, name))
        )
        if names:
            more = f" … ({len(names)})" if len(names) > NAMED else ""
            yield replace(reason, params={"names": ", ".join(names[:NAMED]) + more})
