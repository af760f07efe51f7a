"""Rules on a server for logins: who makes them, which roles go together, who gives a password.

The tables of people are what is written; the server's own logins follow from them by these
triggers. Only the functions of the role manager touch logins, and only the owner's call them.
"""

from __future__ import annotations

from chemsales.storage.security.names import DELEGATE, GROUPS, PERSON, ROLE_MANAGER
from chemsales.storage.security.rules import Rule, refuse, unless

LONGEST_LOGIN = 63  # bytes of a role's name
ONE_TIME = "interval '24 hours'"  # how long a password that somebody else gave may be used
_IS_PERSON = (
    "EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles w ON w.oid = m.member "
    f"WHERE w.rolname = who AND m.roleid = '{PERSON}'::regrole)"
)
_GROUPS = ", ".join(f"'{name}'" for name in (*GROUPS, DELEGATE))
_VERIFIER = unless("verifier LIKE 'SCRAM-SHA-256$%'", "CS017", "a password comes as a verifier")
_OURS = unless(_IS_PERSON, "CS016", "this login is no person of the program")

# owned by the role manager, called by the owner's functions alone
ROLE_FUNCTIONS = (
    "chemsales_role_make(text,text,boolean,boolean)",
    "chemsales_role_password(text,text,boolean)",
    "chemsales_role_login(text,boolean)",
    "chemsales_role_grant(text,text,boolean)",
    "chemsales_end_sessions()",
)
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION chemsales_role_make(
  who text, verifier text, one_time boolean, renew boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  there boolean := EXISTS (SELECT 1 FROM pg_roles WHERE rolname = who);
  verb text := CASE WHEN there THEN 'ALTER' ELSE 'CREATE' END;
BEGIN
  {_VERIFIER}
  IF octet_length(who) > {LONGEST_LOGIN} OR who ~ '^(pg_|chemsales_)'
    OR who IN ('public', 'none') OR there AND NOT (renew AND {_IS_PERSON}) THEN
    {refuse("CS016", "the server has this login for something else")}
  END IF;
  EXECUTE format('%s ROLE %I LOGIN PASSWORD %L VALID UNTIL %L', verb, who, verifier,
    CASE WHEN one_time THEN now() + {ONE_TIME} ELSE 'infinity' END);
  EXECUTE format('GRANT {PERSON} TO %I', who);
  -- whoever has a login's rights may end its sessions
  EXECUTE format('GRANT %I TO {ROLE_MANAGER} WITH INHERIT TRUE, SET FALSE', who);
END $$;

CREATE OR REPLACE FUNCTION chemsales_role_password(who text, verifier text, one_time boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  {_VERIFIER} {_OURS}
  EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL %L', who, verifier,
    CASE WHEN one_time THEN now() + {ONE_TIME} ELSE 'infinity' END);
END $$;

CREATE OR REPLACE FUNCTION chemsales_role_login(who text, allowed boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  {_OURS}
  EXECUTE format('ALTER ROLE %I %s', who, CASE WHEN allowed THEN 'LOGIN' ELSE 'NOLOGIN' END);
END $$;

CREATE OR REPLACE FUNCTION chemsales_role_grant(who text, role text, given boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE held text := 'chemsales_' || role;
BEGIN
  {_OURS}
  {unless(f"held IN ({_GROUPS})", "CS016", "no such role")}
  EXECUTE format(CASE WHEN given THEN 'GRANT %I TO %I' ELSE 'REVOKE %I FROM %I' END, held, who);
END $$;

CREATE OR REPLACE FUNCTION chemsales_end_sessions() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a
  JOIN pg_roles w ON w.rolname = a.usename AND NOT w.rolcanlogin
  JOIN pg_auth_members m ON m.member = w.oid AND m.roleid = '{PERSON}'::regrole $$;
"""

_ADMIN = unless("chemsales_has_role('administrator')", "CS002", "an administrator manages logins")
_NOT_ONESELF = unless("{} <> session_user::text", "CS018", "nobody changes the own rights")
_MADE = (
    _ADMIN
    + unless("NEW.active = 1 AND NEW.version = 1", "CS003", "a login begins as it is given")
    + "PERFORM chemsales_role_make(NEW.login, NEW.password_hash, NEW.must_change = 1, false); "
    "NEW.password_hash := ''; "
)
_FRESH_RESET = (
    "EXISTS (SELECT 1 FROM credential_reset r WHERE r.login = NEW.login "
    "AND r.confirmed_by IS NULL AND chemsales_is_fresh(r.reset_by, r.reset_at))"
)
_CHANGED = (
    unless("NEW.version IN (OLD.version, OLD.version + 1)", "CS004", "a version counts up by one")
    + "IF NEW.login = session_user::text THEN "
    + unless(
        "NEW.active = OLD.active AND NEW.must_change = 0 "
        "AND NEW.password_hash IS DISTINCT FROM OLD.password_hash",
        "CS018", "a person changes the own password, and nothing else",
    )
    + "PERFORM chemsales_role_password(NEW.login, NEW.password_hash, false); "
    "NEW.password_hash := ''; ELSE "
    + _ADMIN
    + "IF NEW.active <> OLD.active THEN "
    "PERFORM chemsales_role_login(NEW.login, NEW.active = 1); END IF; "
    "IF NEW.password_hash IS DISTINCT FROM OLD.password_hash THEN "
    + unless(f"NEW.must_change = 1 AND {_FRESH_RESET}", "CS013", "a given password is confirmed")
    + "PERFORM chemsales_role_password(NEW.login, NEW.password_hash, true); "
    "NEW.password_hash := ''; ELSE "
    + unless("NEW.must_change = OLD.must_change", "CS018", "a password is changed by its person")
    + "END IF; END IF; "
)  # fmt: skip
_GIVEN = (
    _ADMIN
    + "IF TG_OP = 'DELETE' THEN "
    + _NOT_ONESELF.format("OLD.login")
    + "PERFORM chemsales_role_grant(OLD.login, OLD.role, false); ELSE "
    + _NOT_ONESELF.format("NEW.login")
    + "PERFORM chemsales_role_grant(NEW.login, NEW.role, true); END IF; "
)
_TOGETHER = (
    "SELECT array_agg(r.role) INTO held FROM person_role r "
    "WHERE r.login = CASE TG_OP WHEN 'DELETE' THEN OLD.login ELSE NEW.login END; "
    + unless(
        "held IS NOT NULL AND (cardinality(held) = 1 OR NOT held && "
        "ARRAY['administrator', 'auditor']) AND (SELECT count(*) FROM unnest(held) each "
        "WHERE each IN ('sales_head', 'finance', 'general_manager')) <= 1",
        "CS019", "these roles exclude each other",
    )
)  # fmt: skip
_RESET = _ADMIN + _NOT_ONESELF.format("NEW.login")
_CONFIRMED = unless(
    "chemsales_has_role('administrator') OR chemsales_has_role('auditor')",
    "CS002", "an auditor or another administrator confirms",
)  # fmt: skip
SIGNER = unless(
    "NOT EXISTS (SELECT 1 FROM credential_reset r WHERE r.login = session_user::text "
    "AND r.confirmed_by IS NULL)",
    "CS013", "the signer''s new password is not confirmed",
)  # fmt: skip
_OWN_PASSWORD = unless(
    "EXISTS (SELECT 1 FROM person p WHERE p.login = session_user::text AND p.must_change = 0)",
    "CS015", "the given password is replaced first",
)  # fmt: skip

RULES = (
    Rule("event", "password", "INSERT", _OWN_PASSWORD),
    Rule("decision", "reset", "INSERT", SIGNER),
    Rule("person", "made", "INSERT", _MADE),
    Rule("person", "changed", "UPDATE", _CHANGED),
    Rule("person_role", "given", "INSERT OR DELETE", _GIVEN),
    Rule("person_role", "together", "INSERT OR DELETE", _TOGETHER, "held text[];", deferred=True),
    Rule("credential_reset", "given", "INSERT", _RESET),
    Rule("credential_reset", "confirmed", "UPDATE", _CONFIRMED),
)
