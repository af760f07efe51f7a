"""Rules that the server holds against every person: one trigger each, beneath grants and stamps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A trigger of a table: `body` is PL/pgSQL that raises where the rule is broken.

    `kinds` says what it stands before ("INSERT OR UPDATE"). A `deferred` one judges at the end of
    the transaction what that has left, so that no half of a use case can be committed; one `of_all`
    judges all rows of an INSERT together, as the table `fresh`.
    """

    table: str
    name: str
    kinds: str
    body: str
    declare: str = ""
    deferred: bool = False
    of_all: bool = False

    @property
    def function(self) -> str:
        """The name of the trigger's function."""
        return f"chemsales_rule_{self.table}_{self.name}"

    def statements(self) -> Iterator[str]:
        """The function and the trigger; they may be run again."""
        declare = f"DECLARE {self.declare} " if self.declare else ""
        yield (
            f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"{declare}BEGIN IF NOT public.chemsales_is_owner() THEN {self.body} END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        if self.of_all:
            yield (
                f'CREATE OR REPLACE TRIGGER "80_{self.name}" AFTER {self.kinds} ON {self.table} '
                "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {self.function}()"
            )
            return
        if not self.deferred:
            yield (
                f'CREATE OR REPLACE TRIGGER "10_{self.name}" BEFORE {self.kinds} ON {self.table} '
                f"FOR EACH ROW EXECUTE FUNCTION {self.function}()"
            )
            return
        name = f"90_{self.name}"  # a constraint trigger cannot be replaced
        yield f'DROP TRIGGER IF EXISTS "{name}" ON {self.table}'
        yield (
            f'CREATE CONSTRAINT TRIGGER "{name}" AFTER {self.kinds} ON {self.table} '
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {self.function}()"
        )


def refuse(code: str, message: str) -> str:
    """PL/pgSQL that refuses with one of `refusals.REFUSALS`; the message is for its log."""
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = '{code}'; "


def unless(condition: str, code: str, message: str) -> str:
    """PL/pgSQL that refuses unless the condition holds (a NULL does not)."""
    return f"IF ({condition}) IS NOT TRUE THEN {refuse(code, message)} END IF; "


def is_day(column: str) -> str:
    """SQL: a column of the new row is a day as the program writes it; what is none raises."""
    return f"to_char(NEW.{column}::date, 'YYYY-MM-DD') = NEW.{column}"


def of_manager_or_head(customer: str) -> str:
    """SQL: this person manages the customer of that key now, or is the sales head."""
    return (
        "chemsales_has_role('sales_head') OR EXISTS (SELECT 1 FROM customer u "
        f"WHERE u.id = {customer} AND u.manager = session_user::text)"
    )


def owner_of(row: str) -> str:
    """SQL: whose a row of a table with a case is: who proposed it, and the owner of its case."""
    return (
        f"coalesce((SELECT c.owner FROM approval_case c WHERE c.id = {row}.case_id), "
        f"{row}.proposed_by)"
    )
