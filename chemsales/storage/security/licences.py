"""Rules on a server for licences: who records and accepts them, and what a case shows (C15.2).

What holds on both engines is in the migration: a paper changes only as its case does, and a
suspension says what the accepted papers say.
"""

from __future__ import annotations

from chemsales.storage.security import further
from chemsales.storage.security.rules import Rule, unless

_WHO = "session_user::text"
WATCHED = (
    "('business_licence', 'hazardous_licence', 'national_tax', 'local_tax', 'organisation_code')"
)
_OWN = f"EXISTS (SELECT 1 FROM customer u WHERE u.id = {{0}}.customer_id AND u.manager = {_WHO})"


def stands(customers: str, message: str) -> str:
    """PL/pgSQL that refuses, in these words, where one of these customers (a sub-select or an
    expression) is disqualified (C17.1)."""
    return unless(
        f"NOT EXISTS (SELECT 1 FROM customer z WHERE z.id IN ({customers}) "
        "AND z.status = 'disqualified')",
        "CS023", message,
    )  # fmt: skip


# nothing is recorded or accepted of who is disqualified (C17.1)
_DEALT_WITH = stands("NEW.customer_id", "dealings with the customer have ended")

# a paper comes with a customer that is being made, or with a further class of one that is being
# given, else from that customer's manager
_RECORDED = (
    "IF EXISTS (SELECT 1 FROM customer u JOIN application a ON a.id = u.application_id "
    "AND a.customer_id IS NULL WHERE u.id = NEW.customer_id AND u.case_id = NEW.case_id) THEN "
    + unless("chemsales_signs('general_manager') AND NEW.recorded_by = (SELECT u.manager "
             "FROM customer u WHERE u.id = NEW.customer_id)",
             "CS004", "a customer gets the papers that were approved")
    + f"ELSIF EXISTS (SELECT 1 FROM {further.GIVEN} AND a.customer_id = NEW.customer_id "
    "AND k.id = NEW.case_id) THEN "
    + unless(f"chemsales_signs('general_manager') AND NEW.recorded_by = (SELECT a.manager "
             f"FROM {further.GIVEN} AND k.id = NEW.case_id)",
             "CS004", "a customer gets the papers that were approved")
    + "ELSE NEW.recorded_by := session_user::text; "
    + unless("chemsales_has_role('account_manager')", "CS002", "an account manager records")
    + unless(f"{_OWN.format('NEW')} AND NEW.case_id IS NULL AND NEW.accepted_on IS NULL",
             "CS003", "a paper is recorded by the customer''s manager")
    + _DEALT_WITH
    + "END IF; "
)  # fmt: skip
_CHANGED = (
    "IF NEW.accepted_on IS DISTINCT FROM OLD.accepted_on THEN "
    + unless("chemsales_signs('finance')", "CS002", "finance accepts a paper")
    + "IF NEW.accepted_on IS NOT NULL THEN "
    + _DEALT_WITH
    + unless(
        "NEW.valid_to IS NULL OR NEW.valid_to >= (SELECT chemsales_today())",
        "CS004",
        "a paper that is accepted has not ended",
    )
    + "END IF; "
    + "ELSE "
    + unless(_OWN.format("OLD"), "CS003", "a paper is corrected by the customer''s manager")
    + "END IF; "
)
_LEFT = unless(
    "EXISTS (SELECT 1 FROM licence l WHERE l.id = NEW.id AND l.case_id IS NOT NULL)",
    "CS009", "a paper has its case",
)  # fmt: skip


def deals(customers: str) -> str:
    """PL/pgSQL that refuses unless dealings with these customers (a sub-select or an expression) go
    on today: the door of the services (queries.licences.suspended_on) held against every login."""
    today = "(SELECT chemsales_today())"
    return stands(customers, "the customer is disqualified") + unless(
        f"NOT EXISTS (SELECT 1 FROM licence w WHERE w.customer_id IN ({customers}) "
        f"AND w.accepted_on <= {today} AND (w.valid_from IS NULL OR w.valid_from <= {today}) "
        "GROUP BY w.customer_id, w.kind HAVING max(CASE WHEN w.long_term = 1 "
        f"OR w.valid_to >= {today} THEN 1 ELSE 0 END) = 0)",
        "CS021", "dealings with the customer are suspended",
    )  # fmt: skip


# parts of the rules of cases (security/accreditation.py)
ALONE = unless(
    "NOT EXISTS (SELECT 1 FROM licence l JOIN licence o ON o.customer_id = l.customer_id "
    "AND o.kind = l.kind AND o.proof = l.proof AND o.id <> l.id JOIN approval_case k "
    "ON k.id = o.case_id AND k.outcome = 'open' WHERE l.id = NEW.subject_id)",
    "CS004", "one renewal of a paper waits at a time",
)  # fmt: skip
CASE_BEGINS = (
    unless("chemsales_has_role('account_manager')", "CS002", "an account manager submits")
    + unless(
        "NEW.subject = 'licence' AND EXISTS (SELECT 1 FROM licence l WHERE l.id = NEW.subject_id "
        f"AND l.recorded_by = {_WHO} AND NEW.owner = {_WHO} AND l.case_id IS NULL)",
        "CS003", "an own paper is put up",
    )
    + ALONE
)  # fmt: skip
AS_REVIEWED = unless(
    "NEW.snapshot::jsonb = (SELECT to_jsonb(l) - ARRAY['id', 'recorded_by', 'recorded_at', "
    "'case_id', 'accepted_on'] FROM licence l WHERE l.id = NEW.subject_id)",
    "CS005", "a snapshot shows the paper as it is",
)  # fmt: skip
CASE_LEFT = unless(
    "EXISTS (SELECT 1 FROM licence l JOIN approval_case c ON c.id = l.case_id "
    "WHERE l.id = NEW.subject_id AND c.id = NEW.id "
    "AND (c.outcome = 'approved') = (l.accepted_on IS NOT NULL)) AND NOT EXISTS "
    "(SELECT 1 FROM suspension s JOIN licence l ON l.id = NEW.subject_id "
    "AND l.customer_id = s.customer_id AND l.kind = s.kind WHERE s.to_day IS NULL "
    "AND l.accepted_on IS NOT NULL AND (l.valid_from IS NULL OR l.valid_from <= l.accepted_on) "
    "AND (l.long_term = 1 OR l.valid_to >= l.accepted_on))",
    "CS004", "an accepted paper counts, and lifts, in the same transaction",
)  # fmt: skip
# nothing that came with an approved application ends without anybody's notice (C15.1)
FOLLOWED = unless(
    "NOT EXISTS (SELECT 1 FROM application_document d WHERE d.application_id = NEW.subject_id "
    f"AND d.void = 0 AND d.kind IN {WATCHED} GROUP BY d.kind HAVING max(CASE WHEN d.long_term = 1 "
    "OR d.valid_to IS NOT NULL THEN 1 ELSE 0 END) = 0)",
    "CS004", "a watched paper is approved with its validity",
)  # fmt: skip
# nothing rests on a paper that is not valid yet (C7.1)
BEGUN = unless(
    "NOT EXISTS (SELECT 1 FROM application_document d JOIN application a "
    f"ON a.id = d.application_id WHERE a.id = NEW.subject_id AND d.void = 0 "
    f"AND d.kind IN {WATCHED} AND NOT EXISTS "
    "(SELECT 1 FROM licence w WHERE w.customer_id = a.customer_id AND w.kind = d.kind "
    "AND w.accepted_on IS NOT NULL "
    "AND (w.valid_from IS NULL OR w.valid_from <= (SELECT chemsales_today()))))",
    "CS004", "what an application rests on is valid",
)  # fmt: skip
# as many as the application had with a validity (a part of the rule of customers)
CUSTOMER_LEFT = (
    "(SELECT count(*) FROM licence l WHERE l.customer_id = NEW.id) = (SELECT count(*) "
    "FROM application_document d WHERE d.application_id = NEW.application_id AND d.void = 0 "
    f"AND d.kind IN {WATCHED} AND (d.long_term = 1 OR d.valid_to IS NOT NULL))"
)

RULES = (
    Rule("licence", "recorded", "INSERT", _RECORDED),
    Rule("licence", "changed", "UPDATE", _CHANGED),
    Rule("licence", "left", "INSERT", _LEFT, deferred=True),
)
