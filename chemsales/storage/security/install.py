"""Putting roles, functions, triggers, policies and grants on a migrated PostgreSQL database.

From the login of the server's owner; repeatable, and run again after every migration. All or
nothing: it happens in one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

import peewee
from psycopg import sql

from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.roles import Role
from chemsales.storage.database import database, rows, sqlstate, transaction
from chemsales.storage.security import (
    catalogue,
    changes,
    delegation,
    functions,
    people,
    policies,
    stamps,
)
from chemsales.storage.security.grants import GRANTS, HIDDEN, READ_BY_ALL, READERS
from chemsales.storage.security.names import (
    ALL,
    BACKUP,
    MEMBERS,
    OWNER,
    PERSON,
    ROLE_MANAGER,
)
from chemsales.storage.security.refusals import LOGIN_TAKEN

SEARCH_PATH = "pg_catalog, public, pg_temp"


def run(statement: str | sql.Composed) -> None:
    """Run a statement as it is written: a per cent sign is no placeholder here."""
    database.connection().execute(statement)


def _all(statements: Iterable[str]) -> None:
    for statement in statements:
        run(statement)


def install() -> list[Reason]:
    """Put everything on the open database; what is different now, a sentence each, none where all
    was in place."""
    with transaction():
        before = changes.state()
        _create_roles()
        _all(functions.statements())
        _all(stamps.statements())
        for rule in catalogue.RULES:
            _all(rule.statements())
        _all(policies.statements())
        _take_over()
        _fix_functions()
        _always_fire()
        _grant()
        run(catalogue.note())
        return [*changes.told(before, changes.state()), *_make_logins()]


def _make_logins() -> Iterator[Reason]:
    """A login for everybody who has none on this server: the department came from a file, or from
    a backup. Nobody knows its password before an administrator gives one."""
    people = rows(
        "SELECT p.login, p.active, coalesce(string_agg(r.role, ','), '') FROM person p "
        "LEFT JOIN person_role r ON r.login = p.login GROUP BY p.login, p.active ORDER BY p.login"
    )
    members = "SELECT u.rolname FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member"
    there = {name for (name,) in rows(f"{members} WHERE m.roleid = '{PERSON}'::regrole")}
    made, refused = [], []
    for login, active, held in people:
        if login in there:
            continue
        try:
            create_login(login, secrets.token_urlsafe(32), map(Role, filter(None, held.split(","))))
        except Invalid:
            refused.append(login)
            continue
        if not active:
            rows("SELECT chemsales_role_login(?, false)", (login,))
        made.append(login)
    for (login,) in rows(delegation.EXPECTED):
        if login in there or login in made:
            rows("SELECT chemsales_role_grant(?, 'delegate', true)", (login,))
    if made:
        yield Reason("reason.init_logins", {"names": ", ".join(made)})
    if refused:
        yield Reason("reason.init_logins_taken", {"names": ", ".join(refused)})


def align_logins() -> None:
    """Give and take roles, and the right to sign in, so that the logins of the people here are as
    the tables say; whoever is not in them is let into no database of the program anyway."""
    with transaction():
        said: dict[str, tuple[bool, set[str]]] = {
            login: (bool(active), set())
            for login, active in rows("SELECT login, active FROM person")
        }
        for login, role in rows("SELECT login, role FROM person_role"):
            said[login][1].add(role)
        for (login,) in rows(delegation.EXPECTED):
            said[login][1].add("delegate")
        held: dict[str, set[str]] = {login: set() for login in said}
        can: dict[str, bool] = {}
        for login, name, signs_in in rows(
            "SELECT u.rolname, g.rolname, u.rolcanlogin FROM pg_auth_members m "
            "JOIN pg_roles u ON u.oid = m.member JOIN pg_roles g ON g.oid = m.roleid "
            "WHERE g.rolname = ANY (?)",
            (list(MEMBERS),),
        ):
            held.setdefault(login, set()).add(name.removeprefix("chemsales_"))
            can[login] = can.get(login, False) or signs_in
        for login, (active, roles) in said.items():
            if "person" not in held[login]:
                continue  # no login of the program: server-init says so
            for role in roles ^ (held[login] - {"person"}):
                rows("SELECT chemsales_role_grant(?, ?, ?)", (login, role, role in roles))
            if can[login] != active:
                rows("SELECT chemsales_role_login(?, ?)", (login, active))


def _create_roles() -> None:
    there = {name for (name,) in rows("SELECT rolname FROM pg_roles")}
    for name in (name for name in ALL if name not in there):
        extra = {BACKUP: " BYPASSRLS", ROLE_MANAGER: " CREATEROLE"}.get(name, "")
        run(f"CREATE ROLE {name} NOLOGIN{extra}")
    for name in MEMBERS:
        run(f"GRANT {name} TO {ROLE_MANAGER} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
    for name in (OWNER, ROLE_MANAGER):  # whoever sets up gives functions to either
        if not rows("SELECT pg_has_role(current_user, ?, 'USAGE')", (name,))[0][0]:
            run(f"GRANT {name} TO current_user WITH INHERIT TRUE, SET TRUE")


def tables() -> list[str]:
    """Every table of the program."""
    found = rows(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
        "AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    return [name for (name,) in found]


def own_functions() -> list[str]:
    """Every function of the program with its argument types."""
    found = rows(
        "SELECT p.oid::regprocedure::text FROM pg_proc p "
        "WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_depend d "
        "WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1"
    )
    return [name for (name,) in found]


def _take_over() -> None:
    run(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}, {ROLE_MANAGER}")
    for name in tables():
        run(f'ALTER TABLE "{name}" OWNER TO {OWNER}')
    for name in own_functions():
        owner = ROLE_MANAGER if name in people.ROLE_FUNCTIONS else OWNER
        run(f"ALTER FUNCTION {name} OWNER TO {owner}")
    run(f"REVOKE CREATE ON SCHEMA public FROM {ROLE_MANAGER}")


def _fix_functions() -> None:
    for name in own_functions():
        run(f"ALTER FUNCTION {name} SECURITY DEFINER SET search_path = {SEARCH_PATH}")
        run(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC, {', '.join(MEMBERS)}")
    for name in people.ROLE_FUNCTIONS:
        run(f"GRANT EXECUTE ON FUNCTION {name} TO {OWNER}")
    for name in functions.CALLABLE:
        run(f"GRANT EXECUTE ON FUNCTION {name} TO {PERSON}")


def _always_fire() -> None:
    found = rows(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
    )
    for table, name in found:
        run(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"')


def _grant() -> None:
    everybody = ", ".join((*MEMBERS, BACKUP))
    name = sql.Identifier(rows("SELECT current_database()")[0][0])
    run(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    run(sql.SQL(f"GRANT CONNECT ON DATABASE {{}} TO {PERSON}, {BACKUP}").format(name))
    run("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    run(f"GRANT USAGE ON SCHEMA public TO {everybody}, {ROLE_MANAGER}")
    run(f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE ALL ON FUNCTIONS FROM PUBLIC")
    run("ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC")
    for table in tables():
        run(f'REVOKE ALL ON "{table}" FROM PUBLIC, {everybody}')
        _grant_table(table)
    run(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {everybody}")
    run(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {BACKUP}")


def columns_of(table: str) -> list[str]:
    """The columns of a table in order."""
    found = rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 "
        "AND NOT attisdropped ORDER BY attnum",
        (f'public."{table}"',),
    )
    return [name for (name,) in found]


def _grant_table(table: str) -> None:
    """Grant what the table of grants says; a table without a row is read by nobody."""
    if table not in GRANTS:
        return
    run(f'GRANT SELECT ON "{table}" TO {BACKUP}')
    readers = ", ".join((PERSON, *READERS) if table in READ_BY_ALL else READERS)
    hidden = HIDDEN.get(table, ())
    shown = [f'"{column}"' for column in columns_of(table) if column not in hidden]
    what = f"SELECT ({', '.join(shown)})" if hidden else "SELECT"
    run(f'GRANT {what} ON "{table}" TO {readers}')
    for name, grant in GRANTS[table].items():
        words = []
        for verb, columns in (("INSERT", grant.insert), ("UPDATE", grant.update)):
            if columns:
                words.append(f"{verb} ({', '.join(columns)})")
        if grant.delete:
            words.append("DELETE")
        run(f'GRANT {", ".join(words)} ON "{table}" TO {name}')


def verifier(login: str, password: str) -> str:
    """What the server stores of a password: SCRAM; the password itself is never sent."""
    made = database.connection().pgconn.encrypt_password(
        password.encode(), login.encode(), b"scram-sha-256"
    )
    return str(made.decode())


def create_login(login: str, password: str, roles: Iterable[Role]) -> None:
    """Make or renew a person's login with these roles, from the owner's connection.

    Invalid for a name that the server has for something else, or that is too long for it.
    """
    try:
        with transaction():
            hashed = verifier(login, password)
            rows("SELECT chemsales_role_make(?, ?, false, true)", (login, hashed))
            for role in roles:
                rows("SELECT chemsales_role_grant(?, ?, true)", (login, str(role)))
    except peewee.DatabaseError as error:
        if sqlstate(error) != LOGIN_TAKEN:
            raise
        raise Invalid(Problem("login", Reason("reason.login_taken", {"login": login}))) from error
