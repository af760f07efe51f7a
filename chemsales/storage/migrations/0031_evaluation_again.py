"""An evaluation that came back is computed again by whoever may: its run is replaced as it stands,
nothing more is decided on it, and who put it up signs nothing in its place (C16.1, C7.2)."""

from chemsales.storage.schema import differs, guard, guard_anew

FIXED = (
    "id", "period", "revision", "edition", "computed_by", "computed_at", "inputs_hash",
    "results_digest", "inputs",
)  # fmt: skip
OWN_CASE = (
    "NEW.case_id IS NOT DISTINCT FROM OLD.case_id OR (OLD.case_id IS NULL AND EXISTS (SELECT 1 "
    "FROM approval_case c WHERE c.id = NEW.case_id AND c.chain = 'evaluation' "
    "AND c.subject = 'evaluation' AND c.subject_id = NEW.id))"
)
RUN = (
    "approval_case c JOIN evaluation_run r ON r.id = c.subject_id "
    "WHERE c.id = NEW.case_id AND c.chain = 'evaluation'"
)
# the revisions before that came back or were taken back, since the last one that was decided
BEFORE = (
    "SELECT x.computed_by FROM evaluation_run x JOIN approval_case y ON y.id = x.case_id "
    "WHERE x.period = r.period AND x.revision < r.revision "
    "AND y.outcome IN ('returned', 'withdrawn') AND NOT EXISTS (SELECT 1 "
    "FROM evaluation_run z JOIN approval_case w ON w.id = z.case_id WHERE z.period = x.period "
    "AND z.revision > x.revision AND z.revision < r.revision "
    "AND w.outcome IN ('approved', 'rejected'))"
)


def up(migrator: object, db: object) -> None:
    guard_anew("evaluation_run_follows", "UPDATE", "evaluation_run",
               f"{differs(*FIXED)} OR NEW.active > OLD.active OR NOT ({OWN_CASE}) "
               "OR (NEW.active < OLD.active AND EXISTS (SELECT 1 FROM approval_case c "
               "WHERE c.id = OLD.case_id AND c.outcome = 'open'))",
               "a run gets its case once and is replaced when nobody is to sign it")  # fmt: skip
    guard("decision_on_standing_run", "INSERT", "decision",
          f"EXISTS (SELECT 1 FROM {RUN} AND r.active = 0)",
          "nothing is decided on a run that was replaced")  # fmt: skip
    guard("decision_by_earlier_applicant", "INSERT", "decision",
          f"NEW.stage <> 'applicant' AND EXISTS (SELECT 1 FROM {RUN} "
          f"AND (NEW.signer IN ({BEFORE}) OR NEW.on_behalf_of IN ({BEFORE})))",
          "not this stage, not this person: who put up the revision before")  # fmt: skip
