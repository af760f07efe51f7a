"""Evaluations come in with their run, before it is put up for signature; none is added later."""

from chemsales.storage.database import is_sqlite
from chemsales.storage.schema import guard


def up(migrator: object, db: object) -> None:
    if is_sqlite():  # a server's own rule demands the same person and transaction
        guard("evaluation_with_its_run", "INSERT", "evaluation",
              "NOT EXISTS (SELECT 1 FROM evaluation_run r WHERE r.id = NEW.run_id "
              "AND r.active = 1 AND r.case_id IS NULL)",
              "an evaluation comes in with its run")  # fmt: skip
