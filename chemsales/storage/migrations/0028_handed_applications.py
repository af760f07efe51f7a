"""An open application of a new customer goes to another account manager, and its case with it."""

from chemsales.storage.schema import guard_anew

CUSTOMERS = " UNION ALL ".join(
    f"SELECT s.customer_id FROM {table} s WHERE OLD.chain = '{table}' AND s.id = OLD.subject_id"
    for table in ("licence", "disqualification", "customer_change")
)
HANDED = (
    "EXISTS (SELECT 1 FROM handover h JOIN customer u ON u.id = h.customer_id "
    "WHERE h.id = (SELECT max(x.id) FROM handover x WHERE x.customer_id = h.customer_id) "
    "AND h.from_manager = OLD.{0} AND h.to_manager = NEW.{0} AND u.manager = NEW.{0} "
    "AND h.customer_id {1})"
)
SIGNED = (
    "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = OLD.{} AND d.stage <> 'applicant' "
    "AND NEW.{} IN (d.signer, d.on_behalf_of))"
)
MANAGES = (
    "EXISTS (SELECT 1 FROM person p JOIN person_role r ON r.login = p.login "
    "AND r.role = 'account_manager' WHERE p.login = NEW.manager AND p.active = 1)"
)


def up(migrator: object, db: object) -> None:
    further = HANDED.format("manager", "= OLD.customer_id")
    guard_anew("application_manager_moves", "UPDATE OF manager", "application",
               "NEW.manager <> OLD.manager AND (OLD.state NOT IN ('draft', 'in_review', 'returned')"
               f" OR (OLD.further = 1 AND NOT {further}) OR (OLD.further = 0 "
               f"AND (NOT {MANAGES} OR {SIGNED.format('case_id', 'manager')})))",
               "an open application goes along with its customer, of a new one to an account "
               "manager who has signed none of it")  # fmt: skip
    applied = (
        "EXISTS (SELECT 1 FROM application a WHERE OLD.chain = 'accreditation' "
        "AND a.id = OLD.subject_id AND a.manager = NEW.owner)"
    )
    guard_anew("approval_case_owner", "UPDATE OF owner", "approval_case",
               "NEW.owner <> OLD.owner AND (OLD.outcome NOT IN ('open', 'returned') "
               f"OR {SIGNED.format('id', 'owner')} "
               f"OR NOT ({applied} OR {HANDED.format('owner', f'IN ({CUSTOMERS})')}))",
               "a case goes along with what it is about, to who signed none of it")  # fmt: skip
