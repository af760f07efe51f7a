"""G3: the check finds nothing on a server that was set up, and each thing that is broken."""

from __future__ import annotations

import json

import pytest

from chemsales import cli
from chemsales.rules.roles import Role
from chemsales.services import server
from chemsales.storage import database as storage
from chemsales.storage import migrating
from chemsales.storage.database import connected, database, rows
from chemsales.storage.security import install, lint
from chemsales.storage.security.names import ALL
from tests.conftest import opened
from tests.factory import PASSWORD

# the test's cluster is quick, not safe: these belong to the machine
OF_THE_CLUSTER = {"reason.lint_check_durability", "reason.lint_check_tls",
                  "reason.lint_check_checksums"}  # fmt: skip


@pytest.fixture
def owner(server_url):
    """The owner's connection, in a transaction of which nothing stays."""
    with opened(server_url), connected(), database.atomic() as step:
        yield
        step.rollback()


def wrong() -> dict[str, list[str]]:
    return {
        finding.check.code: [reason.code for reason in finding.wrong]
        for finding in lint.lint()
        if finding.wrong and finding.check.code not in OF_THE_CLUSTER
    }


def test_a_server_that_was_set_up_is_clean(owner):
    assert wrong() == {}


def test_setting_up_again_changes_nothing(owner):
    def image():
        return rows(
            "SELECT 'c', c.oid::regclass::text, c.relacl::text, c.relowner::text, "
            "c.relrowsecurity::text FROM pg_class c WHERE relnamespace = 'public'::regnamespace "
            "UNION ALL SELECT 'p', p.oid::regprocedure::text, p.proacl::text, p.proowner::text, "
            "md5(p.prosrc) || p.prosecdef || p.proconfig::text FROM pg_proc p "
            "WHERE pronamespace = 'public'::regnamespace "
            "UNION ALL SELECT 't', tgname || tgrelid::regclass::text, tgenabled::text, '', "
            "pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
            "UNION ALL SELECT 'r', polname || polrelid::regclass::text, polroles::text, "
            "pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy "
            "UNION ALL SELECT 'm', roleid::text, member::text, '', '' FROM pg_auth_members "
            "ORDER BY 1, 2, 3, 4, 5"
        )

    before = image()
    assert len(before) > 200
    assert server.install() == []
    assert image() == before
    assert wrong() == {}


DEFECTS = [
    ("ALTER FUNCTION chemsales_stamp_event() RESET search_path", "functions", "search_path"),
    ("ALTER FUNCTION chemsales_stamp_event() SECURITY INVOKER", "functions", "search_path"),
    ("ALTER FUNCTION chemsales_stamp_event() SET search_path = public", "functions", "search_path"),
    ("GRANT EXECUTE ON FUNCTION chemsales_lock_months() TO PUBLIC", "functions", "function_public"),
    ("GRANT EXECUTE ON FUNCTION chemsales_lock_months() TO chemsales_person", "functions",
     "function_callable"),
    ("CREATE FUNCTION extra() RETURNS int LANGUAGE sql AS 'SELECT 1'", "functions", "search_path"),
    ("CREATE FUNCTION extra() RETURNS int LANGUAGE sql AS 'SELECT 1'", "ownership", "owner"),
    ("ALTER TABLE event OWNER TO CURRENT_USER", "ownership", "owner"),
    ("ALTER TABLE decision DISABLE TRIGGER \"00_stamp\"", "triggers", "trigger_enabled"),
    ("ALTER TABLE decision ENABLE TRIGGER \"00_stamp\"", "triggers", "trigger_enabled"),
    ('DROP TRIGGER "10_signed" ON decision', "unchanged", "changed"),
    ('DROP TRIGGER decision_two_stages ON decision', "unchanged", "changed"),
    ("ALTER TABLE application DISABLE ROW LEVEL SECURITY", "row_security", "row_security"),
    ('DROP POLICY chemsales_1_select ON customer', "unchanged", "changed"),
    ("CREATE POLICY all_of_it ON customer FOR ALL TO chemsales_person USING (true)",
     "unchanged", "changed"),
    ('ALTER POLICY chemsales_3_update ON application USING (true)', "unchanged", "changed"),
    ("CREATE RULE nothing AS ON INSERT TO decision DO INSTEAD NOTHING", "unchanged", "changed"),
    ("ALTER TABLE decision DROP CONSTRAINT decision_verdict_check", "unchanged", "changed"),
    ("DROP INDEX decision_once", "unchanged", "changed"),
    ("CREATE OR REPLACE FUNCTION chemsales_check_person() RETURNS void LANGUAGE plpgsql AS "
     "$$ BEGIN END $$", "unchanged", "outdated"),
    ("CREATE OR REPLACE FUNCTION decision_two_stages() RETURNS trigger LANGUAGE plpgsql AS "
     "$$ BEGIN RETURN NEW; END $$", "unchanged", "changed"),
    ("CREATE VIEW all_customers AS SELECT * FROM customer", "views", "view"),
    ("CREATE MATERIALIZED VIEW all_customers AS SELECT * FROM customer", "views", "view"),
    ("GRANT CREATE ON SCHEMA public TO PUBLIC", "public", "public"),
    ("GRANT USAGE ON SCHEMA public TO PUBLIC", "public", "public"),
    ("CREATE SCHEMA shadow; GRANT USAGE ON SCHEMA shadow TO PUBLIC", "public", "public"),
    ("GRANT TEMPORARY ON DATABASE {database} TO PUBLIC", "public", "public"),
    ("GRANT INSERT (signer) ON decision TO chemsales_auditor", "grants", "grant_more"),
    ("GRANT UPDATE ON decision TO chemsales_finance", "grants", "grant_more"),
    ("GRANT SELECT ON person TO PUBLIC", "grants", "grant_more"),
    ("GRANT TRUNCATE ON event TO chemsales_administrator", "grants", "grant_more"),
    ("REVOKE SELECT ON event FROM chemsales_auditor", "grants", "grant_lacking"),
    ("CREATE TABLE extra (id int)", "grants", "table_unknown"),
    ("ALTER ROLE am CREATEROLE", "roles", "role_attribute"),
    ("ALTER ROLE am BYPASSRLS", "roles", "role_attribute"),
    ("ALTER ROLE chemsales_finance SUPERUSER", "roles", "role_attribute"),
    ("ALTER ROLE chemsales_owner LOGIN", "roles", "role_login"),
    ("GRANT chemsales_owner TO am", "members", "member_more"),
    ("GRANT pg_read_all_data TO am", "members", "member_more"),
    ("GRANT chemsales_finance TO sales", "members", "member_conflict"),
    ("GRANT chemsales_sales_head TO admin", "members", "member_conflict"),
    ("GRANT chemsales_finance TO finance WITH ADMIN OPTION", "members", "member_admin"),
    ("CREATE ROLE stray LOGIN IN ROLE chemsales_finance", "members", "member_no_person"),
    ("SET LOCAL password_encryption = 'md5'", "passwords", "password_encryption"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "check", "reason"), DEFECTS, ids=[sql for sql, _, _ in DEFECTS])
def test_a_defect_is_found(owner, sql, check, reason):
    name = rows("SELECT quote_ident(current_database())")[0][0]
    install.run(sql.replace("{database}", name))
    assert f"reason.lint_{reason}" in wrong().get(f"reason.lint_check_{check}", [])


def test_what_belongs_to_the_machine_is_told(monkeypatch, owner):
    """The tests' own server is quick, not safe; versions are made old here."""
    monkeypatch.setattr(lint, "OLDEST", 990_000)
    monkeypatch.setattr(lint, "TESTED", (99,))
    found = {finding.check.code: finding for finding in lint.lint()}
    [version] = found["reason.lint_check_version"].wrong
    [untested] = found["reason.lint_check_tested"].wrong
    assert version.params["version"] == untested.params["version"] >= 16
    assert not found["reason.lint_check_version"].passed
    assert found["reason.lint_check_tested"].passed, "advice"
    for name, setting in (("fsync", "durability"), ("ssl", "tls"), ("data_checksums", "checksums")):
        off = rows("SELECT current_setting(?)", (name,)) == [("off",)]
        assert bool(found[f"reason.lint_check_{setting}"].wrong) == off


def test_setting_up_again_mends_what_it_made(owner):
    mendable = [sql for sql, check, _ in DEFECTS if check in {"triggers", "functions"}]
    for sql in mendable:
        install.run(sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    install.run("GRANT UPDATE ON decision TO chemsales_finance")
    install.run("ALTER TABLE application DISABLE ROW LEVEL SECURITY")
    assert wrong()
    mended = {reason.code for reason in server.install()}
    assert mended == {"reason.init_functions", "reason.init_triggers", "reason.init_tables"}
    assert wrong() == {}


def test_the_command_says_what_it_did_and_what_it_found(
    postgres_server, postgres_database, tmp_path, capsys
):
    url = postgres_database(None)
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    first = ["server-init", "--url", url, "--admin", "first", "--name", "孙丽"]
    try:
        assert cli.main([*first, "--password-file", str(secret), "--json"]) == 0
        done = json.loads(capsys.readouterr().out)["done"]
        assert done[-1]["params"] == {"login": "first"} and "first" in done[-1]["text"]
        assert {"reason.init_functions", "reason.init_policies"} <= {each["code"] for each in done}
        assert cli.main(["server-init", "--url", url, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["done"] == [], "all of it is in place"
        cli.main(["server-check", "--url", url, "--json"])
        answer = json.loads(capsys.readouterr().out)
        found = {f["check"] for f in answer["findings"] if f["wrong"]}
        assert found <= OF_THE_CLUSTER
        assert len(answer["findings"]) == 17
        assert cli.main(["server-check", "--url", url]) in (0, 1)
        assert "✓" in capsys.readouterr().out
    finally:
        postgres_server.drop_database(url.rpartition("/")[2])
        with postgres_server.admin_connection() as connection:
            connection.execute("DROP ROLE first")


@pytest.mark.parametrize(
    ("target", "reason"),
    [("", "reason.server_not_set_up"), ("0001_start", "reason.server_behind")],
)
def test_the_check_of_a_database_that_is_not_ready_changes_nothing(
    postgres_database, capsys, target, reason
):
    """It names the way out as its one finding; going there is the owner's decision."""
    everything = (
        "SELECT 'c', oid::regclass::text, relacl::text FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace "
        "UNION ALL SELECT 'p', oid::regprocedure::text, proacl::text FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace "
        "UNION ALL SELECT 'r', rolname, NULL FROM pg_roles ORDER BY 1, 2"
    )
    url = postgres_database(None)
    with opened(url, storage.connect):
        if target:
            migrating.migrate(target)
        before, had = rows(everything), target and rows("SELECT * FROM schema_migration")
        assert cli.main(["server-check", "--url", url, "--json"]) == 1
        (found,) = json.loads(capsys.readouterr().out)["findings"]
        assert [wrong["code"] for wrong in found["wrong"]] == [reason]
        assert "server-init" in found["wrong"][0]["text"] and not found["warning"]
        assert cli.main(["server-check", "--url", url]) == 1
        said = capsys.readouterr().out
        assert "✗" in said and "server-init" in said
        storage.connect(url)
        assert rows(everything) == before
        assert any(kind != "r" for kind, *_ in before) == bool(target), "empty stays empty"
        assert (target and rows("SELECT * FROM schema_migration")) == had


def test_tables_without_the_programs_roles_are_findings(owner):
    """As an address with the owner's login leaves them, which migrates and grants nothing."""
    for name in ALL:
        install.run(f"ALTER ROLE {name} RENAME TO gone_{name}")
    assert wrong()["reason.lint_check_roles"] == ["reason.lint_role_missing"] * len(ALL)


def test_a_file_is_not_made_by_the_check(tmp_path, capsys):
    assert cli.main(["server-check", "--url", f"sqlite:///{tmp_path}/none.db"]) == 3
    assert not list(tmp_path.glob("none*"))


def test_a_login_of_something_else_is_not_taken_over(owner):
    from chemsales.rules.errors import Invalid

    for name in ("postgres", "chemsales_owner", "pg_monitor", "public", "长" * 22):
        with pytest.raises(Invalid):
            install.create_login(name, PASSWORD, (Role.AUDITOR,))


def test_an_owner_without_the_superusers_powers_can_set_a_server_up(
    server_url, postgres_server, postgres_database
):
    """CREATEROLE, BYPASSRLS for the backup's role, and a database of one's own are enough, where
    the roles are there already (`server_url`)."""
    url = postgres_database(None)
    name = url.rpartition("/")[2]
    with postgres_server.admin_connection() as link:
        link.execute("CREATE ROLE keeper LOGIN CREATEROLE BYPASSRLS PASSWORD 'keeper'")
        for role in ALL:
            link.execute(f"GRANT {role} TO keeper WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
        link.execute(f'ALTER DATABASE "{name}" OWNER TO keeper')
    own = postgres_server.url_for(name, "keeper", "keeper")
    try:
        with opened(own):
            server.install()
            server.install()
            with connected():
                assert wrong() == {}
    finally:
        postgres_server.drop_database(name)
        with postgres_server.admin_connection() as link:
            link.execute("DROP OWNED BY keeper")
            link.execute("DROP ROLE keeper")
