"""What is wrong with a server: its catalogue held against what `install` would make of it.

Reads the catalogue alone, which any login may; every finding says what to mend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chemsales.rules.errors import Reason
from chemsales.rules.roles import Role, role_conflicts
from chemsales.storage.database import rows
from chemsales.storage.security import catalogue, functions, policies
from chemsales.storage.security.grants import GRANTS, HIDDEN, READ_BY_ALL, READERS
from chemsales.storage.security.names import (
    ALL,
    BACKUP,
    MEMBERS,
    OWNER,
    PERSON,
    ROLE_MANAGER,
    group,
)

SEARCH_PATH = "search_path=pg_catalog, public, pg_temp"
OLDEST = 160_000
TESTED = (16, 18)  # majors that the program's own tests run on
TRUE_SETTINGS = ("fsync", "full_page_writes")
SCHEMA = "'public'::regnamespace"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check, and what is wrong; a warning is advice, the server is sound without it."""

    check: Reason
    wrong: tuple[Reason, ...] = ()
    warning: bool = False

    @property
    def passed(self) -> bool:
        """Whether the server is sound in this."""
        return not self.wrong or self.warning


Wrong = Iterator[Reason]


def _list(sql: str, *parameters: object) -> list[str]:
    return [str(row[0]) for row in rows(sql, parameters)]


def _version() -> Wrong:
    found = int(rows("SELECT current_setting('server_version_num')")[0][0])
    if found < OLDEST:
        yield Reason("reason.lint_version", {"version": found // 10_000})


def _tested() -> Wrong:
    """The program's own tests run on this version."""
    major = int(rows("SELECT current_setting('server_version_num')")[0][0]) // 10_000
    if major not in TESTED:
        tested = ", ".join(map(str, TESTED))
        yield Reason("reason.lint_untested", {"version": major, "tested": tested})


def _standby() -> Wrong:
    """Where a standby follows, commits wait until it has them, so that it can take over."""
    names = rows("SELECT current_setting('synchronous_standby_names')")[0][0]
    states = _list("SELECT coalesce(sync_state, '') FROM pg_stat_replication")  # '': not shown
    if states and not names:
        yield Reason("reason.lint_standby_not_waited_for")
    if names and not set(states) - {"async", "potential"}:
        yield Reason("reason.lint_standby_missing")
    if names and _commit() == "remote_write":
        yield Reason("reason.lint_standby_remote_write")


def _commit() -> str:
    """The server's own synchronous_commit, whatever this connection has set."""
    return _list("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'")[0]


def _durability() -> Wrong:
    for name in TRUE_SETTINGS:
        if rows("SELECT current_setting(?)", (name,))[0][0] != "on":
            yield Reason("reason.lint_setting_off", {"name": name})
    if _commit() in ("off", "local"):
        yield Reason("reason.lint_setting_off", {"name": "synchronous_commit"})


def _checksums() -> Wrong:
    if rows("SELECT current_setting('data_checksums')")[0][0] != "on":
        yield Reason("reason.lint_checksums")


def _tls() -> Wrong:
    if rows("SELECT current_setting('ssl')")[0][0] != "on":
        yield Reason("reason.lint_tls_server")
    elif not rows("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")[0][0]:
        yield Reason("reason.lint_tls_connection")


def _passwords() -> Wrong:
    if rows("SELECT current_setting('password_encryption')")[0][0] != "scram-sha-256":
        yield Reason("reason.lint_password_encryption")


_ATTRIBUTES = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")
_OWN_ATTRIBUTE = {BACKUP: "rolbypassrls", ROLE_MANAGER: "rolcreaterole"}


def _roles() -> Wrong:
    """The program's roles are there, nobody signs in as them, and no person has powers."""
    there = set(_list("SELECT rolname FROM pg_roles"))
    for name in sorted(set(ALL) - there):
        yield Reason("reason.lint_role_missing", {"role": name})
    for name, login, *powers in rows(
        f"SELECT r.rolname, r.rolcanlogin, {', '.join(f'r.{a}' for a in _ATTRIBUTES)} "
        "FROM pg_roles r WHERE r.rolname = ANY (?) OR EXISTS (SELECT 1 FROM pg_auth_members m "
        "JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname = ANY (?) "
        "AND (m.inherit_option OR m.set_option)) "
        "ORDER BY r.rolname",
        (list(ALL), list(MEMBERS)),
    ):
        if login and name in ALL:
            yield Reason("reason.lint_role_login", {"role": name})
        for attribute, held in zip(_ATTRIBUTES, powers, strict=True):
            if held and _OWN_ATTRIBUTE.get(name) != attribute:
                params = {"role": name, "attribute": attribute.removeprefix("rol").upper()}
                yield Reason("reason.lint_role_attribute", params)


def _members() -> Wrong:
    """Persons are direct members of their groups, of nothing else, and of no two that conflict."""
    held: dict[str, set[str]] = {}
    for member, name, admin in rows(
        "SELECT u.rolname, g.rolname, bool_or(m.admin_option) FROM pg_auth_members m "
        "JOIN pg_roles u ON u.oid = m.member JOIN pg_roles g ON g.oid = m.roleid "
        "WHERE NOT u.rolsuper GROUP BY 1, 2 ORDER BY 1, 2"
    ):
        held.setdefault(member, set()).add(name)
        if admin and name in MEMBERS and member != ROLE_MANAGER and not _owner(member):
            yield Reason("reason.lint_member_admin", {"login": member, "role": name})
    for member, names in held.items():
        if member in ALL or _owner(member):
            continue
        own = {role for role in Role if group(role) in names}
        if own and PERSON not in names:
            yield Reason("reason.lint_member_no_person", {"login": member})
        if PERSON in names:
            for name in sorted(names - {*MEMBERS}):
                yield Reason("reason.lint_member_more", {"login": member, "role": name})
            if own and role_conflicts(own):
                yield Reason("reason.lint_member_conflict", {"login": member})


def _owner(member: str) -> bool:
    """Whether this is a login that sets the server up."""
    return member not in ALL and bool(
        rows(
            "SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
            "JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = ? AND g.rolname = ? "
            "AND NOT EXISTS (SELECT 1 FROM pg_auth_members p JOIN pg_roles h ON h.oid = p.roleid "
            "WHERE p.member = u.oid AND h.rolname = ? AND p.inherit_option)",
            (member, OWNER, PERSON),
        )
    )


def _ownership() -> Wrong:
    for kind, name, owner in rows(
        "SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname, "
        f"pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.relnamespace = {SCHEMA} "
        "AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_get_userbyid(c.relowner) <> ? "
        "UNION ALL SELECT 'function', p.oid::regprocedure::text, pg_get_userbyid(p.proowner) "
        f"FROM pg_proc p WHERE p.pronamespace = {SCHEMA} AND pg_get_userbyid(p.proowner) "
        "NOT IN (?, ?) ORDER BY 2",
        (OWNER, OWNER, ROLE_MANAGER),
    ):
        yield Reason("reason.lint_owner", {"what": f"{kind} {name}", "owner": owner})


def _functions() -> Wrong:
    """Every function runs with fixed rights and a fixed path, and is called by nobody else."""
    for name, definer, settings, public in rows(
        "SELECT p.oid::regprocedure::text, p.prosecdef, coalesce(p.proconfig, '{}'), "
        "has_function_privilege('public', p.oid, 'EXECUTE') FROM pg_proc p "
        f"WHERE p.pronamespace = {SCHEMA} ORDER BY 1"
    ):
        if not definer or SEARCH_PATH not in settings:
            yield Reason("reason.lint_search_path", {"what": name})
        if public:
            yield Reason("reason.lint_function_public", {"what": name})
    callable_by = _list(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_roles r ON r.rolname = ? "
        f"WHERE p.pronamespace = {SCHEMA} AND has_function_privilege(r.oid, p.oid, 'EXECUTE') "
        "ORDER BY 1",
        PERSON,
    )
    for name in sorted(set(callable_by) - set(functions.CALLABLE)):
        yield Reason("reason.lint_function_callable", {"what": name})


def _triggers() -> Wrong:
    """Every trigger fires always."""
    for table, name, enabled in rows(
        "SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c "
        f"ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = {SCHEMA}"
    ):
        if enabled not in ("A", b"A"):
            yield Reason("reason.lint_trigger_enabled", {"what": f"{table}.{name}"})


def _unchanged() -> Wrong:
    """Functions are this program's, and everything is as it was when the server was set up."""
    there = catalogue.sources()
    for name, body in sorted(catalogue.own_sources().items()):
        if there.get(name) != body:
            yield Reason("reason.lint_outdated", {"what": name})
    now, then = catalogue.image(), catalogue.noted()
    for name in sorted(now.keys() | then.keys()):
        if now.get(name) != then.get(name):
            yield Reason("reason.lint_changed", {"what": name})


def _row_security() -> Wrong:
    enabled = set(
        _list(f"SELECT relname FROM pg_class WHERE relnamespace = {SCHEMA} AND relrowsecurity")
    )
    for table in sorted(set(policies.POLICIES) - enabled):
        yield Reason("reason.lint_row_security", {"table": table})


def _views() -> Wrong:
    for name, kind, options in rows(
        "SELECT c.relname, c.relkind, coalesce(c.reloptions::text, '') FROM pg_class c "
        f"WHERE c.relnamespace = {SCHEMA} AND c.relkind IN ('v', 'm') ORDER BY 1"
    ):
        if kind in ("m", b"m") or "security_invoker=true" not in options:
            yield Reason("reason.lint_view", {"view": name})


def _public() -> Wrong:
    """PUBLIC has nothing: not the database, its schemas, nor a table."""
    for privilege in ("CONNECT", "CREATE", "TEMPORARY"):
        if rows("SELECT has_database_privilege('public', current_database(), ?)", (privilege,))[0][
            0
        ]:
            yield Reason("reason.lint_public", {"what": f"database {privilege}"})
    for name, use, create in rows(
        "SELECT nspname, has_schema_privilege('public', oid, 'USAGE'), "
        "has_schema_privilege('public', oid, 'CREATE') FROM pg_namespace "
        "WHERE nspname NOT LIKE 'pg!_%' ESCAPE '!' AND nspname <> 'information_schema' ORDER BY 1"
    ):
        if use or create:
            yield Reason("reason.lint_public", {"what": f"schema {name}"})


Granted = set[tuple[str, str, str, str]]  # table, column ("" for all), grantee, privilege


def granted() -> Granted:
    """What is granted on the tables, the owner's own rights aside."""
    whole = rows(
        "SELECT c.relname, '', coalesce(r.rolname, 'PUBLIC'), a.privilege_type FROM pg_class c, "
        "aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee "
        f"WHERE c.relnamespace = {SCHEMA} AND c.relkind IN ('r', 'p', 'v', 'm') "
        "AND a.grantee <> c.relowner"
    )
    columns = rows(
        "SELECT c.relname, t.attname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type "
        "FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a "
        "LEFT JOIN pg_roles r ON r.oid = a.grantee "
        f"WHERE c.relnamespace = {SCHEMA} AND a.grantee <> c.relowner"
    )
    return {(t, c, g, p) for t, c, g, p in (*whole, *columns)}


def wanted(columns: dict[str, list[str]]) -> Granted:
    """What the table of grants says, of these tables with their columns."""
    found: Granted = set()
    for table in columns.keys() & GRANTS.keys():
        found.add((table, "", BACKUP, "SELECT"))
        readers = (PERSON, *READERS) if table in READ_BY_ALL else READERS
        hidden = HIDDEN.get(table, ())
        shown = [c for c in columns[table] if c not in hidden] if hidden else [""]
        found |= {(table, column, name, "SELECT") for column in shown for name in readers}
        for name, grant in GRANTS[table].items():
            found |= {(table, column, name, "INSERT") for column in grant.insert}
            found |= {(table, column, name, "UPDATE") for column in grant.update}
            if grant.delete:
                found.add((table, "", name, "DELETE"))
    return found


def _grants() -> Wrong:
    columns: dict[str, list[str]] = {}
    for table, column in rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        f"WHERE c.relnamespace = {SCHEMA} AND c.relkind IN ('r', 'p') AND a.attnum > 0 "
        "AND NOT a.attisdropped"
    ):
        columns.setdefault(table, []).append(column)
    for table in sorted(columns.keys() - GRANTS.keys()):
        yield Reason("reason.lint_table_unknown", {"table": table})
    there, should = granted(), wanted(columns)
    for table, column, name, privilege in sorted(there - should):
        what = f"{privilege} {table}{'.' if column else ''}{column}"
        yield Reason("reason.lint_grant_more", {"what": what, "role": name})
    for table, column, name, privilege in sorted(should - there):
        what = f"{privilege} {table}{'.' if column else ''}{column}"
        yield Reason("reason.lint_grant_lacking", {"what": what, "role": name})


CHECKS: tuple[tuple[Reason, Callable[[], Wrong], bool], ...] = (
    (Reason("reason.lint_check_version"), _version, False),
    (Reason("reason.lint_check_tested"), _tested, True),
    (Reason("reason.lint_check_durability"), _durability, False),
    (Reason("reason.lint_check_standby"), _standby, True),
    (Reason("reason.lint_check_checksums"), _checksums, True),
    (Reason("reason.lint_check_tls"), _tls, True),
    (Reason("reason.lint_check_passwords"), _passwords, False),
    (Reason("reason.lint_check_roles"), _roles, False),
    (Reason("reason.lint_check_members"), _members, False),
    (Reason("reason.lint_check_ownership"), _ownership, False),
    (Reason("reason.lint_check_functions"), _functions, False),
    (Reason("reason.lint_check_triggers"), _triggers, False),
    (Reason("reason.lint_check_unchanged"), _unchanged, False),
    (Reason("reason.lint_check_row_security"), _row_security, False),
    (Reason("reason.lint_check_views"), _views, False),
    (Reason("reason.lint_check_public"), _public, False),
    (Reason("reason.lint_check_grants"), _grants, False),
)


def lint() -> list[Finding]:
    """Look at everything; a finding for each check, in order."""
    return [Finding(check, tuple(look()), warning) for check, look, warning in CHECKS]
