"""A signing role can be delegated for some days; whoever signs for another says for whom (C7.2)."""

from chemsales.storage.columns import (
    ID,
    columns_of,
    day,
    index,
    instant,
    name,
    one_of,
    references,
    text,
)
from chemsales.storage.database import database
from chemsales.storage.days import day_of
from chemsales.storage.schema import audit, create_table, ddl, guard, guard_anew

SIGNING = ("sales_head", "finance", "general_manager")
BUSINESS = "('account_manager', 'sales_head', 'finance', 'general_manager')"
KEPT = ("id", "principal", "delegate", "role", "first_day", "last_day", "reason", "made_at")


def up(migrator: object, db: object) -> None:
    create_table(
        "delegation",
        [
            ID, references("principal", "person (login)", "TEXT"),
            references("delegate", "person (login)", "TEXT"), one_of("role", *SIGNING),
            day("first_day"), day("last_day"), name("reason", 500), instant("made_at"),
            "revoked_by TEXT", instant("revoked_at", True),
        ],
        ["CHECK (principal <> delegate)", "CHECK (first_day <= last_day)"],
    )  # fmt: skip
    index("CREATE INDEX delegation_delegate ON delegation (delegate, role)")
    index("CREATE INDEX delegation_principal ON delegation (principal, role)")
    audit("delegation", "id", columns_of("delegation"))
    guard_delegations()
    database.execute_sql(ddl(f"ALTER TABLE decision ADD COLUMN {text('on_behalf_of', 100)}"))
    guard_decisions()


def holds(person: str, roles: str) -> str:
    """SQL: an active person with one of these roles."""
    return (
        "EXISTS (SELECT 1 FROM person p JOIN person_role r ON r.login = p.login "
        f"WHERE p.login = {person} AND p.active = 1 AND r.role IN {roles})"
    )


def fit(person: str) -> str:
    """SQL: somebody who may sign for another."""
    return (
        f"({holds(person, BUSINESS)} AND NOT EXISTS (SELECT 1 FROM person_role r "
        f"WHERE r.login = {person} AND r.role NOT IN {BUSINESS}))"
    )


def guard_delegations() -> None:
    """The holder of a role delegates it once at a time, from today on, and may revoke that."""
    overlaps = (
        "EXISTS (SELECT 1 FROM delegation d WHERE d.principal = NEW.principal "
        "AND d.role = NEW.role AND d.revoked_at IS NULL AND d.first_day <= NEW.last_day "
        "AND d.last_day >= NEW.first_day)"
    )
    guard("delegation_begins", "INSERT", "delegation",
          f"NOT {holds('NEW.principal', '(NEW.role)')} OR NOT {fit('NEW.delegate')} "
          f"OR coalesce(NEW.first_day < {day_of('NEW.made_at')}, TRUE) "
          f"OR NEW.revoked_by IS NOT NULL OR NEW.revoked_at IS NOT NULL OR {overlaps}",
          "the holder of a role delegates it, once at a time, from today on")  # fmt: skip
    kept = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in KEPT)
    guard("delegation_revoked_once", "UPDATE", "delegation",
          f"{kept} OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL "
          "OR NEW.revoked_by IS NULL OR NEW.revoked_by <> OLD.principal",
          "a delegation is revoked once, by the principal")  # fmt: skip


def guard_decisions() -> None:
    """A delegate signs where a delegation stands; both names count at every stage (C7.2)."""
    names = "(NEW.signer, NEW.on_behalf_of)"
    other = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = NEW.case_id AND d.stage <> NEW.stage "
        f"AND d.stage <> 'applicant' AND (d.signer IN {names} "
        f"OR (d.on_behalf_of <> '' AND d.on_behalf_of IN {names})))"
    )
    guard_anew("decision_two_stages", "INSERT", "decision",
               f"NEW.stage <> 'applicant' AND {other}", "one person, two stages")  # fmt: skip
    delegated = (
        "EXISTS (SELECT 1 FROM approval_case c JOIN chain_stage s ON s.chain = c.chain "
        "AND s.stage = NEW.stage JOIN delegation g ON g.role = s.role "
        "WHERE c.id = NEW.case_id AND NEW.on_behalf_of <> c.opened_by "
        "AND NEW.on_behalf_of <> c.owner AND g.principal = NEW.on_behalf_of "
        "AND g.delegate = NEW.signer AND g.revoked_at IS NULL "
        f"AND {day_of('NEW.signed_at')} BETWEEN g.first_day AND g.last_day "
        f"AND {holds('g.principal', '(g.role)')} AND {fit('g.delegate')} "
        f"AND NOT {holds('g.delegate', '(g.role)')})"
    )
    guard("decision_on_behalf", "INSERT", "decision",
          f"NEW.on_behalf_of <> '' AND NOT {delegated}",
          "nobody has delegated this signature")  # fmt: skip
