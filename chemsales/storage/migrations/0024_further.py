"""An application may be for a customer that exists, for a further class (C3.1, C7.2, C10.1)."""

from chemsales.storage.columns import columns_of, flag, index
from chemsales.storage.database import database
from chemsales.storage.days import day_of
from chemsales.storage.schema import audit_anew, ddl, differs, drop_audit, guard_anew

TABLE = "application"
KEPT = ("id", "number", "created_by", "created_at", "further")


def up(migrator: object, db: object) -> None:
    drop_audit(TABLE)
    database.execute_sql(ddl(f"ALTER TABLE {TABLE} ADD COLUMN {flag('further', 0)}"))
    audit_anew(TABLE, "id", columns_of(TABLE))
    index(f"CREATE UNIQUE INDEX application_further ON {TABLE} (customer_id) "
          "WHERE further = 1 AND state = 'in_review'")  # fmt: skip
    database.execute_sql("DROP INDEX application_open")  # those that wait have a customer too
    index(f"CREATE INDEX application_open ON {TABLE} (id) WHERE state <> 'accredited'")
    guard_applications()
    guard_licences()


def guard_applications() -> None:
    """Whom an application is for is said from the start and stays; another one gets its customer
    when that is made."""
    own = (
        "EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
        "AND u.manager = NEW.manager AND u.status <> 'disqualified')"
    )
    named = f"CASE WHEN NEW.further = 1 THEN {own} ELSE NEW.customer_id IS NULL END"
    guard_anew("application_begins", "INSERT", TABLE,
               f"NEW.state <> 'draft' OR NEW.case_id IS NOT NULL OR NOT ({named}) "
               "OR NEW.code_override <> '' OR NEW.version <> 1",
               "an application begins as a draft")  # fmt: skip
    by_outcome = (
        "CASE c.outcome WHEN 'open' THEN 'in_review' WHEN 'approved' THEN 'accredited' "
        "ELSE c.outcome END"
    )
    case = "coalesce(OLD.case_id, NEW.case_id)"
    stands = (
        f"CASE WHEN {case} IS NULL THEN NEW.state = OLD.state OR "
        "(OLD.state = 'draft' AND NEW.state = 'withdrawn') "
        f"ELSE EXISTS (SELECT 1 FROM approval_case c WHERE c.id = {case} "
        f"AND NEW.state = {by_outcome}) END"
    )
    own_case = (
        "OLD.case_id IS NOT NULL OR NEW.case_id IS NULL OR EXISTS (SELECT 1 FROM approval_case c "
        "WHERE c.id = NEW.case_id AND c.chain = 'accreditation' AND c.subject = 'accreditation' "
        "AND c.subject_id = NEW.id AND c.owner = NEW.manager)"
    )
    own_customer = (
        "NEW.customer_id IS NOT DISTINCT FROM OLD.customer_id OR (OLD.customer_id IS NULL AND "
        "EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
        "AND u.application_id = NEW.id))"
    )
    guard_anew("application_state_follows",
               f"UPDATE OF {', '.join(KEPT)}, state, case_id, customer_id", TABLE,
               f"{differs(*KEPT)} OR NOT ({stands}) OR NOT ({own_case}) OR NOT ({own_customer})",
               "an application stands where its case stands")  # fmt: skip


def guard_licences() -> None:
    """A paper of an application is accepted by its approval, with the customer or for it."""
    same = (
        "d.void = 0 AND d.kind = NEW.kind AND d.sha256 = NEW.sha256 AND d.number = NEW.number "
        "AND d.label = NEW.label AND d.long_term = NEW.long_term "
        "AND d.valid_from IS NOT DISTINCT FROM NEW.valid_from "
        "AND d.valid_to IS NOT DISTINCT FROM NEW.valid_to AND d.issuer = NEW.issuer "
        "AND NEW.proof = 0"
    )
    accredited = (
        "EXISTS (SELECT 1 FROM customer u JOIN approval_case c ON c.id = u.case_id "
        "JOIN application_document d ON d.application_id = u.application_id "
        "WHERE u.id = NEW.customer_id AND u.case_id = NEW.case_id AND c.outcome = 'approved' "
        f"AND u.accredited_on = NEW.accepted_on AND {same})"
    )
    extended = (
        "EXISTS (SELECT 1 FROM application a JOIN approval_case c ON c.id = a.case_id "
        "JOIN application_document d ON d.application_id = a.id "
        "WHERE a.customer_id = NEW.customer_id AND a.further = 1 AND c.id = NEW.case_id "
        f"AND c.outcome = 'approved' AND {day_of('c.moved_at')} = NEW.accepted_on AND {same})"
    )
    guard_anew("licence_begins", "INSERT", "licence",
               "NOT ((NEW.case_id IS NULL AND NEW.accepted_on IS NULL) "
               f"OR {accredited} OR {extended})",
               "a paper is put up for acceptance, or accepted with its customer")  # fmt: skip
