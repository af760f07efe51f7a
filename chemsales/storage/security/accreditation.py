"""Rules on a server for applications, cases, decisions and the customers that come out (C7, C8)."""

from __future__ import annotations

import json

from chemsales.rules.admission import UNANSWERED
from chemsales.storage.schema import differs
from chemsales.storage.security import (
    agent_licences,
    complaints,
    customer_change,
    dispatch,
    disqualification,
    filing,
    further,
    handover,
    licences,
)
from chemsales.storage.security.further import listed
from chemsales.storage.security.grants import FACTS
from chemsales.storage.security.rules import Rule, unless

_WHO = "session_user::text"


_NUMBERED = unless(
    "NEW.number = 'SQ' || substr(NEW.number, 3, 4) || '-' || (SELECT lpad(n.last::text, "
    "greatest(4, length(n.last::text)), '0') FROM numbering n "
    "WHERE n.series = 'application-' || substr(NEW.number, 3, 4))",
    "CS006", "an application takes the next number",
)  # fmt: skip
_BEGUN = "IF NEW.further = 1 THEN " + further.BEGUN + licences.deals("NEW.customer_id") + "END IF; "
_OVERRIDE = unless(
    f"NEW.code_override = '' AND OLD.manager = {_WHO} OR NEW.code_override <> '' "
    f"AND OLD.state = 'in_review' AND OLD.manager <> {_WHO} "
    "AND (chemsales_has_role('sales_head') OR chemsales_has_role('finance'))",
    "CS003", "a reviewer overrides a code, never the manager",
)  # fmt: skip
_ACCEPTED = (
    unless(
        "chemsales_has_role('sales_head') OR chemsales_has_role('finance')",
        "CS002", "a reviewer accepts a code",
    )
    + unless(
        "NEW.hash = encode(sha256(convert_to('{\"accepted_by\":' || "
        "to_json(NEW.accepted_by)::text || ',\"reason\":' || to_json(NEW.reason)::text || "
        "',\"round\":' || NEW.round || ',\"snapshot\":' || to_json(NEW.snapshot_hash)::text "
        "|| '}', 'UTF8')), 'hex')",
        "CS005", "an acceptance has its own hash",
    )
)  # fmt: skip
_ACCEPTED_LEFT = unless(
    "EXISTS (SELECT 1 FROM application a WHERE a.case_id = NEW.case_id "
    "AND a.code_override = NEW.reason)",
    "CS004", "an application says what was accepted, in the same transaction",
)  # fmt: skip
_REVIEWED = tuple(fact for fact in FACTS if fact != "code_override")
_EDITED = (
    f"IF {differs(*_REVIEWED, 'manager_opinion')} THEN "
    + unless(f"OLD.manager = {_WHO}", "CS003", "an application is edited by its manager")
    + f"END IF; IF {differs('code_override')} THEN {_OVERRIDE} END IF; "
    + unless(
        f"NEW.manager = OLD.manager OR ({handover.MAY})",
        "CS002",
        "sales head or administrator hand customers over",
    )
    + unless("NEW.version = OLD.version + 1", "CS004", "a version counts up by one")
)
_OWN_LINE = unless(
    "EXISTS (SELECT 1 FROM application a WHERE a.manager = session_user::text AND a.id = "
    "CASE TG_OP WHEN 'DELETE' THEN OLD.application_id ELSE NEW.application_id END)",
    "CS003", "an application is edited by its manager",
)  # fmt: skip
_OWN_LINES = tuple(
    Rule(table, "own", "INSERT OR UPDATE OR DELETE", _OWN_LINE)
    for table in ("application_class", "application_contact", "application_document")
)
_BLOB = unless(
    "NEW.sha256 = encode(sha256(NEW.data), 'hex') AND NEW.size = length(NEW.data)",
    "CS009", "a scan is named by its own hash",
)  # fmt: skip


_UNANSWERED = json.dumps(UNANSWERED)


# what is put up is what the tables hold, so that nobody signs one thing and gets another
def _shown(facts: str) -> str:
    """That the snapshot shows the application as the tables hold it; `facts` compares its facts."""
    return unless(
        f"(SELECT {facts} "
        "AND NEW.snapshot::jsonb ->> 'manager_opinion' = a.manager_opinion "
        "AND NEW.snapshot::jsonb ->> 'number' = a.number "
        f"AND {further.WHOSE} "
        "FROM application a WHERE a.id = NEW.subject_id) AND "
        "(SELECT coalesce(jsonb_agg(to_jsonb(c) - 'id' - 'application_id' - 'form' "
        "ORDER BY c.group_code COLLATE \"C\"), '[]') FROM application_class c "
        "WHERE c.application_id = NEW.subject_id) = "
        f"(SELECT coalesce(jsonb_agg('{_UNANSWERED}'::jsonb || each "
        "ORDER BY each ->> 'group_code' COLLATE \"C\"), '[]') "
        "FROM jsonb_array_elements(NEW.snapshot::jsonb -> 'classes') each) AND "
        "(SELECT coalesce(jsonb_agg(jsonb_build_array(d.kind, d.sha256) "
        "ORDER BY d.kind COLLATE \"C\", d.sha256 COLLATE \"C\"), '[]') "
        "FROM application_document d WHERE d.application_id = NEW.subject_id AND d.void = 0) = "
        "NEW.snapshot::jsonb -> 'documents'",
        "CS005", "a snapshot shows the application as it is",
    )  # fmt: skip


def _reviewed(application: str) -> str:
    """That the snapshot of a case shows what is reviewed as the tables hold it; `application` says
    so of one."""
    return (
        f"IF NEW.chain = 'accreditation' THEN {application}"
        f"ELSIF NEW.chain = 'licence' THEN {licences.AS_REVIEWED}"
        f"ELSIF NEW.chain = 'disqualification' THEN {disqualification.AS_REVIEWED}"
        f"ELSIF NEW.chain = 'customer_change' THEN {customer_change.AS_REVIEWED}END IF; "
    )


_AS_REVIEWED = unless(
    "NEW.snapshot_hash = encode(sha256(convert_to(NEW.snapshot, 'UTF8')), 'hex')",
    "CS005", "a snapshot has its own hash",
) + _reviewed(
    _shown(
        "to_jsonb(a) @> (NEW.snapshot::jsonb -> 'facts') "
        f"AND ARRAY[{', '.join(repr(fact) for fact in FACTS)}] <@ "
        f"ARRAY(SELECT jsonb_object_keys(NEW.snapshot::jsonb -> 'facts')) AND {further.AS_FILED}"
    )
)  # fmt: skip
# a return that is undone: nothing was corrected since; a code's override belongs to the review
_AS_BEFORE = _reviewed(_shown("to_jsonb(a) @> (NEW.snapshot::jsonb -> 'facts') - 'code_override'"))
_CASE_BEGINS = (
    "IF NEW.chain = 'accreditation' THEN "
    + unless("chemsales_has_role('account_manager')", "CS002", "an account manager submits")
    + unless(
        "NEW.subject = 'accreditation' AND EXISTS (SELECT 1 FROM application a "
        f"WHERE a.id = NEW.subject_id AND a.manager = {_WHO} AND a.manager = NEW.owner "
        "AND a.case_id IS NULL AND a.state = 'draft')",
        "CS003", "an own draft is submitted",
    )
    + further.PUT_UP
    + licences.deals(further.ASKED_FOR)
    + "ELSIF NEW.chain = 'evaluation' THEN "
    + unless(
        "chemsales_has_role('account_manager') OR chemsales_has_role('sales_head')",
        "CS002", "account manager or sales head put evaluations up",
    )
    + unless(
        "NEW.subject = 'evaluation' AND EXISTS (SELECT 1 FROM evaluation_run r "
        f"WHERE r.id = NEW.subject_id AND r.computed_by = {_WHO} AND NEW.owner = {_WHO} "
        "AND r.case_id IS NULL)",
        "CS003", "the own run is put up",
    )
    + "ELSIF NEW.chain = 'licence' THEN "
    + licences.CASE_BEGINS
    + "ELSIF NEW.chain = 'disqualification' THEN "
    + disqualification.CASE_BEGINS
    + "ELSIF NEW.chain = 'customer_change' THEN "
    + customer_change.CASE_BEGINS
    + "END IF; "
    + _AS_REVIEWED
)  # fmt: skip
# put up again after a return: what is shown is what the tables hold by then, as the first time
_CASE_MOVES = (
    f"IF {differs('snapshot')} OR NEW.round > OLD.round THEN {_AS_REVIEWED} "
    "IF NEW.chain = 'accreditation' THEN "
    + further.PUT_UP
    + licences.deals(further.ASKED_FOR)
    + f"ELSIF NEW.chain = 'licence' THEN {licences.ALONE} "
    + "END IF; ELSIF OLD.outcome = 'returned' AND NEW.outcome = 'open' THEN "
    + f"{_AS_BEFORE} IF NEW.chain = 'licence' THEN {licences.ALONE} END IF; END IF; "
)
_CASE_LEFT = (
    unless(
        "(SELECT max(d.seen_version) FROM decision d WHERE d.case_id = NEW.id) "
        "= (SELECT c.version - 1 FROM approval_case c WHERE c.id = NEW.id)",
        "CS004", "every version of a case has its decision",
    )
    + "IF NEW.chain = 'accreditation' THEN "
    + unless(
        "EXISTS (SELECT 1 FROM application a JOIN approval_case c ON c.id = a.case_id "
        "WHERE c.id = NEW.id AND a.id = NEW.subject_id AND a.state = CASE c.outcome "
        "WHEN 'open' THEN 'in_review' WHEN 'approved' THEN 'accredited' ELSE c.outcome END "
        "AND (c.outcome <> 'approved' OR EXISTS (SELECT 1 FROM customer u "
        "WHERE u.id = a.customer_id AND (u.case_id = c.id AND u.application_id = a.id "
        f"OR {further.LEFT.format(watched=licences.WATCHED)}))))",
        "CS004", "an application and its customer follow in the same transaction",
    )
    # the papers that came with it count from today: none leaves the customer suspended at once
    + "IF NEW.outcome = 'approved' THEN "
    + licences.deals("SELECT a.customer_id FROM application a WHERE a.id = NEW.subject_id")
    + licences.FOLLOWED
    + licences.BEGUN
    + "END IF; "
    + "ELSIF NEW.chain = 'evaluation' THEN "
    + unless(
        "EXISTS (SELECT 1 FROM evaluation_run r WHERE r.id = NEW.subject_id "
        "AND r.case_id = NEW.id)",
        "CS004", "a run knows its case",
    )
    + "ELSIF NEW.chain = 'licence' THEN "
    + licences.CASE_LEFT
    + "ELSIF NEW.chain = 'disqualification' THEN "
    + disqualification.CASE_LEFT
    + "ELSIF NEW.chain = 'customer_change' THEN "
    + customer_change.CASE_LEFT
    + "END IF; "
)  # fmt: skip

_DECISION_SIGNED = (
    "SELECT * INTO found FROM approval_case c WHERE c.id = NEW.case_id FOR UPDATE; "
    "SELECT s.role INTO wanted FROM chain_stage s "
    "WHERE s.chain = found.chain AND s.stage = NEW.stage; "
    "IF NEW.stage = 'applicant' THEN "
    + unless(
        "chemsales_has_role('account_manager') "
        "OR (found.chain IN ('evaluation', 'disqualification', 'customer_change') "
        "AND chemsales_has_role('sales_head'))",
        "CS002", "who put it up submits and withdraws",
    )
    # a revocation that is not committed yet is waited for; one that comes later waits
    + "ELSE PERFORM 1 FROM delegation g WHERE g.principal = NEW.on_behalf_of "
    "AND g.delegate = NEW.signer AND g.role = wanted AND g.revoked_at IS NULL FOR SHARE; "
    + unless(
        "CASE WHEN NEW.on_behalf_of = '' THEN chemsales_has_role(wanted) "
        "ELSE chemsales_delegated(wanted) END",
        "CS002", "the stage is not yours",
    )
    + "END IF; "
    + agent_licences.SECOND_AGENT
)  # fmt: skip
_DECISION_LEFT = unless(
    "EXISTS (SELECT 1 FROM approval_case c WHERE c.id = NEW.case_id "
    "AND c.version > NEW.seen_version)",
    "CS004", "a decision moves its case in the same transaction",
)  # fmt: skip

_CUSTOMER_MADE = (
    unless("chemsales_signs('general_manager')", "CS002", "the last approval makes a customer")
    + unless(
        "NEW.code = 'C' || (SELECT lpad(n.last::text, greatest(5, length(n.last::text)), '0') "
        "FROM numbering n WHERE n.series = 'customer') AND NEW.status = 'accredited' "
        "AND NEW.version = 1",
        "CS006", "a customer takes the next code",
    )
    + unless(
        "EXISTS (SELECT 1 FROM person p JOIN person_role r ON r.login = p.login "
        "AND r.role = 'account_manager' WHERE p.login = NEW.manager AND p.active = 1)",
        "CS003", "a customer comes to an account manager who has not left",
    )
)  # fmt: skip
_CUSTOMER_EDITED = (
    f"IF {differs('mnemonic')} THEN "
    + unless(f"OLD.manager = {_WHO}", "CS003", "a mnemonic is its manager''s")
    + "END IF; "
    + customer_change.FILE_CHANGED
    + handover.MANAGER_MOVED
    + unless("NEW.version IN (OLD.version, OLD.version + 1)", "CS004", "a version counts up by one")
    + unless(
        f"OLD.manager = {_WHO} OR chemsales_has_role('sales_head') OR NEW.status <> OLD.status "
        f"OR {customer_change.ACCEPTED} OR NEW.manager <> OLD.manager "
        f"OR chemsales_signs('general_manager') AND {further.given_to('OLD.id')}",
        "CS004", "a decision changes the status",
    )
)  # fmt: skip
_CUSTOMER_LEFT = unless(
    "(SELECT count(*) FROM customer_class c WHERE c.customer_id = NEW.id) = "
    "(SELECT count(*) FROM application_class c WHERE c.application_id = NEW.application_id) "
    "AND (SELECT count(*) FROM customer_contact c WHERE c.customer_id = NEW.id) = "
    "(SELECT count(*) FROM application_contact c WHERE c.application_id = NEW.application_id) "
    "AND EXISTS (SELECT 1 FROM tier_start t WHERE t.customer_id = NEW.id) = EXISTS (SELECT 1 FROM "
    "application_class c JOIN product_group g ON g.code = c.group_code AND g.polyolefin = 1 "
    "WHERE c.application_id = NEW.application_id) "
    "AND EXISTS (SELECT 1 FROM application a WHERE a.customer_id = NEW.id) "
    f"AND {licences.CUSTOMER_LEFT} AND {dispatch.CUSTOMER_LEFT}",
    "CS004", "a customer gets what was approved, in the same transaction",
)  # fmt: skip
_NEW_CUSTOMER = "customer u JOIN application a ON a.id = u.application_id AND a.customer_id IS NULL"
_CONTACT_GIVEN = (
    f"IF EXISTS (SELECT 1 FROM {_NEW_CUSTOMER} WHERE u.id = NEW.customer_id) THEN "
    + unless(
        f"EXISTS (SELECT 1 FROM {_NEW_CUSTOMER} JOIN application_contact c "
        "ON c.application_id = a.id WHERE u.id = NEW.customer_id "
        "AND (c.kind, c.name, c.title, c.phone, c.email) "
        "= (NEW.kind, NEW.name, NEW.title, NEW.phone, NEW.email) AND NEW.void = 0)",
        "CS004", "a customer gets the contacts that were approved",
    )
    + "ELSE "
    + customer_change.CONTACT_GIVEN
    + "END IF; "
)  # fmt: skip
_START_APPROVED = unless(
    "(SELECT CASE WHEN count(*) = 0 THEN FALSE WHEN bool_and(c.customer_class = 'direct') "
    "THEN NEW.level = 'ordinary' AND NEW.form = 'plan' "
    "ELSE NEW.level = 'auction' AND NEW.form = 'auction' END "
    "FROM application_class c JOIN product_group g ON g.code = c.group_code AND g.polyolefin = 1 "
    f"WHERE c.application_id IN (SELECT a.id FROM {_NEW_CUSTOMER} WHERE u.id = NEW.customer_id "
    f"UNION SELECT a.id FROM {further.GIVEN} AND a.customer_id = NEW.customer_id))",
    "CS008", "a customer starts at the level of its class",
)  # fmt: skip


_CLASS_GIVEN = (
    f"IF EXISTS (SELECT 1 FROM {_NEW_CUSTOMER} WHERE u.id = NEW.customer_id) THEN "
    "NEW.from_day := chemsales_today(); "
    + unless(
        f"chemsales_signs('general_manager') AND EXISTS (SELECT 1 FROM {_NEW_CUSTOMER} "
        "JOIN application_class c ON c.application_id = a.id WHERE u.id = NEW.customer_id "
        f"AND ({listed('c')}) = ({listed('NEW')})) AND NEW.to_day IS NULL",
        "CS012", "a customer gets the classes that were approved",
    )
    + f"ELSIF {further.given_to('NEW.customer_id')} THEN PERFORM chemsales_lock_months(); "
    "NEW.from_day := chemsales_today(); "
    + licences.deals("NEW.customer_id")
    + further.CLASS_GIVEN
    + "ELSE PERFORM chemsales_lock_months(); "
    + unless("chemsales_has_role('sales_head')", "CS002", "the sales head changes classes")
    + licences.deals("NEW.customer_id")
    + unless(
        "EXISTS (SELECT 1 FROM customer_class c WHERE c.customer_id = NEW.customer_id "
        "AND c.group_code = NEW.group_code AND c.from_day < NEW.from_day "
        "AND c.to_day = to_char(NEW.from_day::date - 1, 'YYYY-MM-DD')) "
        "AND NOT EXISTS (SELECT 1 FROM customer_class c WHERE c.customer_id = NEW.customer_id "
        "AND c.group_code = NEW.group_code AND c.to_day IS NULL) AND NEW.to_day IS NULL "
        "AND NEW.from_day <= chemsales_today() AND NOT EXISTS (SELECT 1 FROM closing k "
        "WHERE k.active = 1 AND k.month >= left(NEW.from_day, 7)) "
        "AND NOT (NEW.customer_class = 'agent' AND EXISTS (SELECT 1 FROM product_group g "
        "WHERE g.code = NEW.group_code AND g.polyolefin = 1))",
        "CS012", "a class follows the one before, in an open month",
    )
    + "END IF; "
)  # fmt: skip
_CLASS_ENDED = unless(
    "OLD.to_day IS NULL AND NEW.to_day IS NOT NULL AND to_jsonb(NEW) - 'to_day' "
    "= to_jsonb(OLD) - 'to_day'",
    "CS012", "a class ends once",
)  # fmt: skip
_CLASS_LEFT = unless(
    "EXISTS (SELECT 1 FROM customer_class c WHERE c.customer_id = NEW.customer_id "
    f"AND c.group_code = NEW.group_code AND c.to_day IS NULL) {disqualification.CLASSES_END}",
    "CS012", "another class follows in the same transaction",
)  # fmt: skip
_NUMBER_LEFT = (
    "IF NEW.series = 'customer' THEN "
    + unless(
        "EXISTS (SELECT 1 FROM customer u WHERE u.code = 'C' || lpad(NEW.last::text, "
        "greatest(5, length(NEW.last::text)), '0'))",
        "CS006", "a number is used in the same transaction",
    )
    + "ELSIF NEW.series LIKE 'application-%' THEN "
    + unless(
        "EXISTS (SELECT 1 FROM application a WHERE a.number = 'SQ' || substr(NEW.series, 13) "
        "|| '-' || lpad(NEW.last::text, greatest(4, length(NEW.last::text)), '0'))",
        "CS006", "a number is used in the same transaction",
    )
    + "ELSIF NEW.series LIKE 'disqualification-%' THEN "
    + disqualification.NUMBER_LEFT
    + "ELSIF NEW.series LIKE 'agent_licence-%' THEN "
    + agent_licences.NUMBER_LEFT
    + "ELSIF NEW.series LIKE 'dispatch-%' THEN "
    + dispatch.NUMBER_LEFT
    + "ELSIF NEW.series LIKE 'filing-%' THEN "
    + filing.NUMBER_LEFT
    + "ELSIF NEW.series LIKE 'complaint-%' THEN "
    + complaints.NUMBER_LEFT
    + "ELSIF NEW.series <> 'months' THEN "
    + unless("false", "CS006", "no such series")
    + "END IF; "
)  # fmt: skip

RULES = (
    Rule("application", "numbered", "INSERT", _NUMBERED),
    Rule("application", "begun", "INSERT", _BEGUN),
    Rule("application", "edited", "UPDATE", _EDITED),
    Rule("code_acceptance", "accepted", "INSERT", _ACCEPTED),
    Rule("code_acceptance", "left", "INSERT", _ACCEPTED_LEFT, deferred=True),
    *_OWN_LINES,
    Rule("document_blob", "hashed", "INSERT", _BLOB),
    Rule("approval_case", "begins", "INSERT", _CASE_BEGINS),
    Rule("approval_case", "moves", "UPDATE", _CASE_MOVES),
    Rule("approval_case", "left", "INSERT OR UPDATE", _CASE_LEFT, deferred=True),
    Rule("decision", "signed", "INSERT", _DECISION_SIGNED, "found approval_case; wanted text;"),
    Rule("decision", "left", "INSERT", _DECISION_LEFT, deferred=True),
    Rule("customer", "made", "INSERT", _CUSTOMER_MADE),
    Rule("customer", "edited", "UPDATE", _CUSTOMER_EDITED),
    Rule("customer", "left", "INSERT", _CUSTOMER_LEFT, deferred=True),
    Rule("customer_contact", "given", "INSERT", _CONTACT_GIVEN),
    Rule("tier_start", "approved", "INSERT", _START_APPROVED),
    Rule("customer_class", "given", "INSERT", _CLASS_GIVEN),
    Rule("customer_class", "ended", "UPDATE", _CLASS_ENDED),
    Rule("customer_class", "left", "UPDATE", _CLASS_LEFT, deferred=True),
    Rule("numbering", "left", "INSERT OR UPDATE", _NUMBER_LEFT, deferred=True),
)
