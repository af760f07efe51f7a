"""Rules on a server for proposals to cancel a customer's qualification: who proposes, what a case
shows, and what an approval has to end (C17.1). What holds on both engines is in the migration."""

from __future__ import annotations

from chemsales.storage.security.rules import Rule, owner_of, unless

_WHO = "session_user::text"

_PROPOSED = (
    "NEW.proposed_by := session_user::text; "
    + unless("chemsales_has_role('account_manager') OR chemsales_has_role('sales_head')",
             "CS002", "account manager or sales head propose")
    + unless("EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
             f"AND (u.manager = {_WHO} OR chemsales_has_role('sales_head')))",
             "CS003", "a customer is proposed by its manager or the sales head")
    + unless("NEW.number = 'QX' || substr(NEW.number, 3, 4) || '-' || (SELECT lpad(n.last::text, "
             "greatest(4, length(n.last::text)), '0') FROM numbering n "
             "WHERE n.series = 'disqualification-' || substr(NEW.number, 3, 4))",
             "CS006", "a proposal takes the next number")
)  # fmt: skip
_CHANGED = (
    "IF NEW.decided_on IS DISTINCT FROM OLD.decided_on THEN "
    + unless("chemsales_signs('general_manager')", "CS002", "the general manager decides")
    + "ELSE "
    + unless(f"{owner_of('OLD')} = {_WHO}", "CS003", "a proposal is corrected by who has it")
    + "END IF; "
)
_LEFT = unless(
    "EXISTS (SELECT 1 FROM disqualification d WHERE d.id = NEW.id AND d.case_id IS NOT NULL)",
    "CS009", "a proposal has its case",
)  # fmt: skip
_PAPER = unless(
    "EXISTS (SELECT 1 FROM disqualification d WHERE d.id = NEW.disqualification_id "
    f"AND {owner_of('d')} = {_WHO})",
    "CS003", "evidence comes from who proposes",
)  # fmt: skip

# parts of the rules of cases and customers (security/accreditation.py)
CASE_BEGINS = (
    unless("chemsales_has_role('account_manager') OR chemsales_has_role('sales_head')",
           "CS002", "account manager or sales head propose")
    + unless(
        "NEW.subject = 'disqualification' AND EXISTS (SELECT 1 FROM disqualification d "
        f"WHERE d.id = NEW.subject_id AND d.proposed_by = {_WHO} AND NEW.owner = {_WHO} "
        "AND d.case_id IS NULL)",
        "CS003", "an own proposal is put up",
    )
)  # fmt: skip
AS_REVIEWED = unless(
    "NEW.snapshot::jsonb = (SELECT to_jsonb(d) - ARRAY['id', 'proposed_by', 'proposed_at', "
    "'case_id', 'decided_on'] || jsonb_build_object('papers', (SELECT "
    "coalesce(jsonb_agg(p.sha256 ORDER BY p.sha256 COLLATE \"C\"), '[]') "
    "FROM disqualification_paper p WHERE p.disqualification_id = d.id AND p.void = 0)) "
    "FROM disqualification d WHERE d.id = NEW.subject_id)",
    "CS005", "a snapshot shows the proposal as it is",
)  # fmt: skip
CASE_LEFT = unless(
    "EXISTS (SELECT 1 FROM disqualification d JOIN approval_case c ON c.id = d.case_id "
    "JOIN customer u ON u.id = d.customer_id WHERE d.id = NEW.subject_id AND c.id = NEW.id "
    "AND (c.outcome = 'approved') = (d.decided_on IS NOT NULL) "
    "AND (c.outcome <> 'approved' OR u.status = 'disqualified' AND NOT EXISTS "
    "(SELECT 1 FROM customer_class k WHERE k.customer_id = u.id AND k.to_day IS NULL)))",
    "CS004", "a customer is disqualified, and its classes end, in the same transaction",
)  # fmt: skip
NUMBER_LEFT = unless(
    "EXISTS (SELECT 1 FROM disqualification d WHERE d.number = 'QX' || substr(NEW.series, 18) "
    "|| '-' || lpad(NEW.last::text, greatest(4, length(NEW.last::text)), '0'))",
    "CS006", "a number is used in the same transaction",
)  # fmt: skip
CLASSES_END = (
    "OR EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
    "AND u.status = 'disqualified' AND NEW.to_day = chemsales_today())"
)

RULES = (
    Rule("disqualification", "proposed", "INSERT", _PROPOSED),
    Rule("disqualification", "changed", "UPDATE", _CHANGED),
    Rule("disqualification", "left", "INSERT", _LEFT, deferred=True),
    Rule("disqualification_paper", "own", "INSERT OR UPDATE", _PAPER),
)
