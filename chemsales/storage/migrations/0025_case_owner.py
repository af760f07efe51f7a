"""A case of a customer that is handed over goes along: its new owner corrects or withdraws it."""

from chemsales.storage.columns import columns_of
from chemsales.storage.schema import guard, guard_columns

CUSTOMERS = " UNION ALL ".join(
    f"SELECT s.customer_id FROM {table} s WHERE OLD.chain = '{table}' AND s.id = OLD.subject_id"
    for table in ("licence", "disqualification", "customer_change")
)


def up(migrator: object, db: object) -> None:
    others = [name for name in columns_of("approval_case") if name != "owner"]
    guard_columns("approval_case_follows", "approval_case", others)
    handed = (
        "EXISTS (SELECT 1 FROM handover h JOIN customer u ON u.id = h.customer_id "
        "WHERE h.id = (SELECT max(x.id) FROM handover x WHERE x.customer_id = h.customer_id) "
        "AND h.from_manager = OLD.owner AND h.to_manager = NEW.owner AND u.manager = NEW.owner "
        f"AND h.customer_id IN ({CUSTOMERS}))"
    )
    signed = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = OLD.id AND d.stage <> 'applicant' "
        "AND NEW.owner IN (d.signer, d.on_behalf_of))"
    )
    guard("approval_case_owner", "UPDATE OF owner", "approval_case",
          f"NEW.owner <> OLD.owner AND (OLD.outcome NOT IN ('open', 'returned') OR {signed} "
          f"OR NOT {handed})",
          "a case goes along with its customer, to who has signed none of it")  # fmt: skip
    guard("decision_by_owner", "INSERT", "decision",
          "NEW.stage = 'applicant' AND NOT EXISTS (SELECT 1 FROM approval_case c "
          "WHERE c.id = NEW.case_id AND c.owner = NEW.signer)",
          "a case is submitted and taken back by its owner")  # fmt: skip
