"""Passwords that an administrator gave anew: nothing is signed with one until a second person
confirms."""

from chemsales.storage.columns import ID, columns_of, index, instant, name, references
from chemsales.storage.schema import audit, create_table, guard


def up(migrator: object, db: object) -> None:
    create_table(
        "credential_reset",
        [
            ID, references("login", "person (login)", "TEXT"), name("reset_by"),
            instant("reset_at"), "confirmed_by TEXT", instant("confirmed_at", True),
        ],
    )  # fmt: skip
    index("CREATE INDEX credential_reset_login ON credential_reset (login)")
    audit("credential_reset", "id", columns_of("credential_reset"))
    guard("credential_reset_begins", "INSERT", "credential_reset",
          "NEW.reset_by = NEW.login OR NEW.confirmed_by IS NOT NULL "
          "OR NEW.confirmed_at IS NOT NULL",
          "a password is given by somebody else, and confirmed later")  # fmt: skip
    kept = " OR ".join(
        f"NEW.{column} <> OLD.{column}" for column in ("id", "login", "reset_by", "reset_at")
    )
    guard("credential_reset_confirmed_once", "UPDATE", "credential_reset",
          f"{kept} OR OLD.confirmed_by IS NOT NULL OR NEW.confirmed_by IS NULL "
          "OR NEW.confirmed_at IS NULL OR NEW.confirmed_by IN (OLD.login, OLD.reset_by)",
          "a password is confirmed once, by a second person")  # fmt: skip
    guard("decision_after_reset", "INSERT", "decision",
          "EXISTS (SELECT 1 FROM credential_reset r WHERE r.login = NEW.signer "
          "AND r.confirmed_by IS NULL)",
          "the new password of the signer is not confirmed")  # fmt: skip
