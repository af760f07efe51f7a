"""An application of a new customer that was rejected or withdrawn goes to another account manager,
who applies again with what it says; a case is urged by who has it now alone (C7.2, C8.1)."""

from chemsales.storage.schema import guard_anew

HANDED = (
    "EXISTS (SELECT 1 FROM handover h JOIN customer u ON u.id = h.customer_id "
    "WHERE h.id = (SELECT max(x.id) FROM handover x WHERE x.customer_id = h.customer_id) "
    "AND h.from_manager = OLD.manager AND h.to_manager = NEW.manager "
    "AND u.manager = NEW.manager AND h.customer_id = OLD.customer_id)"
)
SIGNED = (
    "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = OLD.case_id AND d.stage <> 'applicant' "
    "AND NEW.manager IN (d.signer, d.on_behalf_of))"
)
MANAGES = (
    "EXISTS (SELECT 1 FROM person p JOIN person_role r ON r.login = p.login "
    "AND r.role = 'account_manager' WHERE p.login = NEW.manager AND p.active = 1)"
)
OPEN = "OLD.state IN ('draft', 'in_review', 'returned')"
ENDED = "(OLD.state IN ('rejected', 'withdrawn') AND OLD.case_id IS NOT NULL)"


def up(migrator: object, db: object) -> None:
    guard_anew("application_manager_moves", "UPDATE OF manager", "application",
               f"NEW.manager <> OLD.manager AND ((OLD.further = 1 AND NOT ({OPEN} AND {HANDED})) "
               f"OR (OLD.further = 0 AND (NOT ({OPEN} OR {ENDED}) OR NOT {MANAGES} OR {SIGNED})))",
               "an application goes along with its customer while it is open, of a new one also "
               "when it was refused, to an account manager who has signed none of it")  # fmt: skip
    waits = (
        "EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id AND c.outcome = 'open' "
        "AND c.pending = NEW.stage AND c.round = NEW.round AND c.owner = NEW.urged_by)"
    )
    guard_anew("case_urge_begins", "INSERT", "case_urge", f"NOT {waits}",
               "an applicant urges the stage that a case of the own waits at")  # fmt: skip
