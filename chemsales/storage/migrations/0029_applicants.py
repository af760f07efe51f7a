"""Whoever put a case up, in whatever round, is its applicant: signs no stage of it, accepts no code
of it (C7.2). Nor does a case go to who accepted one."""

from chemsales.storage.schema import guard

APPLIED = (
    "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = NEW.case_id AND d.stage = 'applicant' "
    "AND d.signer IN ({}))"
)


def up(migrator: object, db: object) -> None:
    signing = APPLIED.format("NEW.signer, NEW.on_behalf_of")
    guard("decision_by_applicant", "INSERT", "decision",
          f"NEW.stage <> 'applicant' AND NEW.verdict <> 'undo' AND {signing}",
          "not this stage, not this person: who put a case up")  # fmt: skip
    guard("code_acceptance_by_applicant", "INSERT", "code_acceptance",
          APPLIED.format("NEW.accepted_by"),
          "a code is accepted never by the applicant, who put a case up")  # fmt: skip
    guard("approval_case_owner_accepts", "UPDATE OF owner", "approval_case",
          "NEW.owner <> OLD.owner AND EXISTS (SELECT 1 FROM code_acceptance t "
          "WHERE t.case_id = OLD.id AND t.accepted_by = NEW.owner)",
          "a case goes along to who accepted no code of it")  # fmt: skip
