"""Rules on a server for an application for a further class: whose customer it is for, what its
reviewers are shown, and what its approval gives (C3.1, C7.2, C10.1).

What holds on both engines is in the migration: whom it is for is said from the start and stays.
"""

from __future__ import annotations

from chemsales.rules.admission import ANSWERS
from chemsales.storage.security import dispatch
from chemsales.storage.security.rules import unless

_WHO = "session_user::text"

# between the approval of its case and its own move in the same transaction
GIVEN = (
    "application a JOIN approval_case k ON k.id = a.case_id AND k.outcome = 'approved' "
    "WHERE a.further = 1 AND a.state = 'in_review'"
)


def given_to(customer: str) -> str:
    """SQL: whether a customer is being given its further classes."""
    return f"EXISTS (SELECT 1 FROM {GIVEN} AND a.customer_id = {customer})"


def listed(row: str) -> str:
    """What of a class is approved."""
    told = ("group_code", "customer_class", "region", "purpose", *ANSWERS)
    return ", ".join(f"{row}.{column}" for column in told)


# parts of the rules of applications, cases, classes and levels (security/accreditation.py)
BEGUN = unless(
    "NEW.further = 0 OR EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id "
    f"AND u.manager = {_WHO})",
    "CS003", "a further class is asked for by the customer''s manager",
)  # fmt: skip
PUT_UP = unless(
    "NOT EXISTS (SELECT 1 FROM application a WHERE a.id = NEW.subject_id AND a.further = 1 "
    "AND NOT EXISTS (SELECT 1 FROM customer u WHERE u.id = a.customer_id "
    f"AND u.manager = {_WHO}))",
    "CS003", "a further class is asked for by the customer''s manager",
)  # fmt: skip
ASKED_FOR = "SELECT a.customer_id FROM application a WHERE a.id = NEW.subject_id AND a.further = 1"
# of a snapshot beside its application `a`
WHOSE = (
    "NEW.snapshot::jsonb ->> 'customer_id' IS NOT DISTINCT FROM "
    "CASE WHEN a.further = 1 THEN a.customer_id::text END"
)
AS_FILED = (
    "(a.further = 0 OR EXISTS (SELECT 1 FROM customer u WHERE u.id = a.customer_id "
    "AND to_jsonb(u) @> (NEW.snapshot::jsonb -> 'facts') - 'code_override'))"
)
_YESTERDAY = "to_char(NEW.from_day::date - 1, 'YYYY-MM-DD')"
CLASS_GIVEN = unless(
    f"chemsales_signs('general_manager') AND EXISTS (SELECT 1 FROM application_class c "
    f"WHERE c.application_id IN (SELECT a.id FROM {GIVEN} AND a.customer_id = NEW.customer_id) "
    f"AND ({listed('c')}) = ({listed('NEW')})) AND NEW.to_day IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM customer_class c WHERE c.customer_id = NEW.customer_id "
    "AND c.group_code = NEW.group_code AND c.to_day IS NULL) "
    "AND coalesce((SELECT max(c.to_day) FROM customer_class c "
    "WHERE c.customer_id = NEW.customer_id AND c.group_code = NEW.group_code), "
    f"{_YESTERDAY}) = {_YESTERDAY} AND NOT EXISTS (SELECT 1 FROM closing k "
    "WHERE k.active = 1 AND k.month >= left(NEW.from_day, 7))",
    "CS012", "a customer gets the classes that were approved",
)  # fmt: skip
# of an approved case `c` with its application `a` and customer `u`
LEFT = (
    "(a.further = 1 AND NOT EXISTS (SELECT 1 FROM application_class q "
    "WHERE q.application_id = a.id AND NOT EXISTS (SELECT 1 FROM customer_class h "
    "WHERE h.customer_id = u.id AND h.to_day IS NULL AND h.from_day = chemsales_today() "
    f"AND ({listed('h')}) = ({listed('q')}))) "
    "AND EXISTS (SELECT 1 FROM application_class q WHERE q.application_id = a.id) "
    "AND (EXISTS (SELECT 1 FROM tier_start t WHERE t.customer_id = u.id) OR NOT EXISTS "
    "(SELECT 1 FROM application_class q JOIN product_group g ON g.code = q.group_code "
    "AND g.polyolefin = 1 WHERE q.application_id = a.id)) "
    "AND (SELECT count(*) FROM licence l WHERE l.case_id = c.id) = (SELECT count(*) "
    "FROM application_document d WHERE d.application_id = a.id AND d.void = 0 "
    "AND d.kind IN {watched} AND (d.long_term = 1 OR d.valid_to IS NOT NULL)) "
    f"AND {dispatch.told('u.id', 'd.version = u.version')})"
)
