"""An application for a further class goes along with the customer that is handed over."""

from chemsales.storage.schema import guard, guard_anew, guard_columns

SUBJECTS = " UNION ALL ".join(
    f"SELECT s.customer_id FROM {table} s WHERE OLD.chain = '{chain}' "
    f"AND s.id = OLD.subject_id{more}"
    for chain, table, more in (
        ("licence", "licence", ""),
        ("disqualification", "disqualification", ""),
        ("customer_change", "customer_change", ""),
        ("accreditation", "application", " AND s.further = 1"),
    )
)
HANDED = (
    "EXISTS (SELECT 1 FROM handover h JOIN customer u ON u.id = h.customer_id "
    "WHERE h.id = (SELECT max(x.id) FROM handover x WHERE x.customer_id = h.customer_id) "
    "AND h.from_manager = OLD.{0} AND h.to_manager = NEW.{0} AND u.manager = NEW.{0} "
    "AND h.customer_id {1})"
)


REVIEWED = (
    "name", "short_name", "former_name", "mnemonic", "profile", "uscc", "licence15", "org9",
    "national_tax_no", "local_tax_no", "enterprise_type", "established_on", "business_term",
    "registered_capital", "legal_person", "registered_address", "business_address",
    "business_scope", "industry", "parent_company", "bank", "account", "invoice_address",
    "invoice_phone", "taxpayer_kind", "invoice_type", "credit_note", "manager_opinion",
)  # fmt: skip


def up(migrator: object, db: object) -> None:
    signed = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.case_id = OLD.id AND d.stage <> 'applicant' "
        "AND NEW.owner IN (d.signer, d.on_behalf_of))"
    )
    guard_anew("approval_case_owner", "UPDATE OF owner", "approval_case",
               f"NEW.owner <> OLD.owner AND (OLD.outcome NOT IN ('open', 'returned') OR {signed} "
               f"OR NOT {HANDED.format('owner', f'IN ({SUBJECTS})')})",
               "a case goes along with its customer, to who has signed none of it")  # fmt: skip
    guard_columns("application_frozen", "application", REVIEWED)  # the manager by the next
    guard("application_manager_moves", "UPDATE OF manager", "application",
          "NEW.manager <> OLD.manager AND (OLD.further = 0 "
          "OR OLD.state NOT IN ('draft', 'in_review', 'returned') "
          f"OR NOT {HANDED.format('manager', '= OLD.customer_id')})",
          "an application, under review or not, goes along with its customer alone")  # fmt: skip
