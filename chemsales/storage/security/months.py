"""Rules on a server for imports, closings, ratings, evaluations and editions (C9, C16, C18)."""

from __future__ import annotations

from chemsales.storage.security import evaluation, licences
from chemsales.storage.security.rules import Rule, unless

_WHO = "session_user::text"
_FRESH = "chemsales_text_of(transaction_timestamp())"


def _in_same_transaction(parent: str, key: str, who: str, at: str) -> str:
    """Rows belong to a parent of the same person and transaction: nothing is added later."""
    return unless(
        f"NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT {key} FROM fresh) f "
        f"WHERE NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = f.{key} "
        f"AND p.{who} = {_WHO} AND p.{at} >= {_FRESH}))",
        "CS010", f"a row comes in with its {parent}",
    )  # fmt: skip


_LOCK = "PERFORM chemsales_lock_months(); "
_PICKUP = _in_same_transaction("import_batch", "batch_id", "imported_by", "imported_at") + unless(
    "NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT day, month, kind FROM fresh) f "
    "WHERE f.day > chemsales_today() OR (f.month <> left(f.day, 7) "
    "AND NOT (f.kind = 'return' AND f.month < left(f.day, 7))))",
    "CS007", "a pick-up counts in the month of its day",
)  # fmt: skip
_PLAN = _in_same_transaction(
    "import_batch", "batch_id", "imported_by", "imported_at"
) + licences.deals("SELECT f.customer_id FROM fresh f WHERE f.month >= left(chemsales_today(), 7)")
_BATCH_LEFT = (
    "IF TG_OP = 'INSERT' THEN IF NEW.kind = 'pickups' THEN "
    "SELECT count(*), coalesce(sum(p.kg), 0), coalesce(string_agg(DISTINCT p.month, ',' "
    "ORDER BY p.month), '') INTO counted, total, listed FROM pickup p WHERE p.batch_id = NEW.id; "
    "ELSE SELECT count(*), coalesce(sum(p.kg), 0), coalesce(string_agg(DISTINCT p.month, ',' "
    "ORDER BY p.month), '') INTO counted, total, listed FROM plan_line p "
    "WHERE p.batch_id = NEW.id; END IF; "
    + unless(
        "(counted, total, listed) = (NEW.row_count, NEW.total_kg, NEW.months)",
        "CS009", "an import says what it holds",
    )
    + "END IF; "
)  # fmt: skip

_CLOSED = (
    _LOCK
    + unless(
        "NEW.month < left(chemsales_today(), 7) AND NEW.month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'",
        "CS007", "a month is closed when it has ended",
    )
    + unless(
        "NEW.edition = coalesce((SELECT c.edition FROM closing c WHERE c.month = NEW.month "
        "ORDER BY c.revision LIMIT 1), (SELECT e.number FROM rule_edition e "
        "WHERE e.effective_from < NEW.month || '-32' "
        "ORDER BY e.effective_from DESC, e.number DESC LIMIT 1))",
        "CS011", "a month is closed by its own edition",
    )
)  # fmt: skip
_RESULT = _in_same_transaction("closing", "closing_id", "closed_by", "closed_at") + unless(
    "NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT closing_id, month FROM fresh) f WHERE NOT EXISTS "
    "(SELECT 1 FROM closing c WHERE c.id = f.closing_id AND c.month = f.month))",
    "CS008", "a level belongs to the month of its closing",
)  # fmt: skip
_DIGEST = (
    "(SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws(E'\\x1f', r.customer_id, r.kg, "
    "r.level_before, r.form_before, r.level_after, r.form_after, r.outcome, r.reasons) || E'\\n', "
    "'' ORDER BY r.customer_id), ''), 'UTF8')), 'hex') FROM tier_result r WHERE r.closing_id = "
    "{0}.id)"
)
_COLUMNS = "customer_id, kg, level_before, form_before, level_after, form_after, outcome"
_SAME = (
    f"NOT EXISTS (SELECT * FROM (SELECT {_COLUMNS} FROM chemsales_levels(each.month, given, runs, "
    "jsonb_exists(each.inputs::jsonb -> 'customers', 'suspended'))) "
    f"expected FULL JOIN (SELECT {_COLUMNS} FROM tier_result WHERE closing_id = each.id) stored "
    f"USING ({_COLUMNS}) WHERE expected.customer_id IS NULL OR stored.customer_id IS NULL)"
)
# what a closing leaves: its own levels, and those of every later closed month
_LEVELS_LEFT = (
    "FOR each IN SELECT * FROM closing c WHERE c.active = 1 AND c.month >= NEW.month "
    "ORDER BY c.month LOOP "
    "SELECT e.parameters INTO given FROM rule_edition e WHERE e.number = each.edition; "
    "runs := ARRAY(SELECT jsonb_array_elements_text(each.inputs::jsonb -> 'evaluation_runs')"
    "::bigint); "
    "IF each.id = NEW.id THEN "
    "allowed := coalesce((SELECT ARRAY(SELECT jsonb_array_elements_text(p.inputs::jsonb -> "
    "'evaluation_runs')::bigint) FROM closing p WHERE p.month = each.month "
    f"AND p.revision = each.revision - 1 AND p.ended_at >= {_FRESH}), "
    "chemsales_gate_runs(each.month)); "
    + unless(
        "runs = coalesce((SELECT array_agg(o.run ORDER BY o.place) FROM unnest(allowed) WITH "
        "ORDINALITY AS o (run, place) WHERE o.run IN "
        "(SELECT s.run_id FROM chemsales_gate_scores(allowed) s)), '{}')",
        "CS008", "levels rest on the latest approved evaluations",
    )
    + unless(f"each.results_digest = {_DIGEST.format('each')}", "CS009", "a closing has its digest")
    + unless(
        "each.inputs::jsonb -> 'customers' -> 'suspended' = (SELECT "
        "coalesce(jsonb_agg(s.customer_id ORDER BY s.customer_id), '[]') "
        "FROM chemsales_suspended(each.month) s JOIN tier_result t ON t.closing_id = each.id "
        "AND t.customer_id = s.customer_id)",
        "CS008", "levels rest on who was suspended",
    )
    + "END IF; "
    + unless(_SAME, "CS008", "levels are what take, level before and edition lead to")
    + "END LOOP; "
)  # fmt: skip

_RATED = unless(
    f"EXISTS (SELECT 1 FROM customer u WHERE u.id = NEW.customer_id AND u.manager = {_WHO})",
    "CS003", "a customer is rated by its manager",
)  # fmt: skip
_RATING_CHANGED = (
    "IF NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by THEN "
    + unless("chemsales_has_role('sales_head')", "CS002", "the sales head confirms")
    + "END IF; IF NEW.void IS DISTINCT FROM OLD.void THEN "
    + _RATED
    + "END IF; "
)
_RATING_LEFT = unless(
    "EXISTS (SELECT 1 FROM cooperation_rating r WHERE r.customer_id = NEW.customer_id "
    "AND r.month = NEW.month AND r.void = 0) "
    "AND EXISTS (SELECT 1 FROM cooperation_evidence e WHERE e.rating_id = NEW.id)",
    "CS009", "a rating has its evidence, and a void one its successor",
)  # fmt: skip
_EVIDENCE = _in_same_transaction("cooperation_rating", "rating_id", "rated_by", "rated_at")

_RUN_COMPUTED = _LOCK + unless(
    "EXISTS (SELECT 1 FROM rule_edition e WHERE e.number = NEW.edition)",
    "CS011", "a run rests on an edition",
)  # fmt: skip
_RUN_CHANGED = (
    "IF NEW.case_id IS DISTINCT FROM OLD.case_id THEN "
    + unless(f"OLD.computed_by = {_WHO}", "CS003", "the own run is put up")
    + "ELSE PERFORM chemsales_lock_months(); END IF; "
)
_EVALUATION = (
    _in_same_transaction("evaluation_run", "run_id", "computed_by", "computed_at")
    + evaluation.FOLLOWS
)
_EVALUATION_TEXT = (
    "'[' || e.customer_id || ',' || to_json(e.group_code)::text || ',' "
    "|| to_json(e.customer_class)::text || ',' || coalesce(to_json(e.score)::text, 'null') || ',' "
    "|| to_json(e.grade)::text || ',' || e.available_weight || ',' "
    "|| to_json(e.indicators)::text || ',' || to_json(e.inputs)::text || ',' "
    "|| to_json(e.inputs_hash)::text || ']'"
)
_RUN_LEFT = unless(
    "EXISTS (SELECT 1 FROM evaluation_run r WHERE r.id = NEW.id AND r.case_id IS NOT NULL) "
    "AND EXISTS (SELECT 1 FROM evaluation_run r WHERE r.period = NEW.period AND r.active = 1)",
    "CS009", "a run has its case, and a replaced one its successor",
) + "IF TG_OP = 'INSERT' THEN " + unless(
    "NEW.results_digest = (SELECT encode(sha256(convert_to('[' || coalesce(string_agg("
    f"{_EVALUATION_TEXT}, ',' ORDER BY e.id), '') || ']', 'UTF8')), 'hex') "
    "FROM evaluation e WHERE e.run_id = NEW.id)",
    "CS009", "a run has its digest",
) + "END IF; "  # fmt: skip

_EDITION = (
    unless("chemsales_has_role('sales_head')", "CS002", "the sales head decides on rules")
    + _LOCK
    + unless(
        "left(NEW.effective_from, 7) > coalesce((SELECT max(c.month) FROM closing c "
        "WHERE c.active = 1), '') AND trim(NEW.basis) <> '' "
        "AND jsonb_typeof(NEW.parameters::jsonb) = 'object'",
        "CS011", "an edition takes effect after the closed months",
    )
)  # fmt: skip

RULES = (
    Rule("import_batch", "months", "INSERT OR UPDATE", _LOCK),
    Rule("import_batch", "left", "INSERT", _BATCH_LEFT,
         "counted bigint; total bigint; listed text;", deferred=True),
    Rule("pickup", "batch", "INSERT", _PICKUP, of_all=True),
    Rule("plan_line", "batch", "INSERT", _PLAN, of_all=True),
    Rule("closing", "months", "INSERT", _CLOSED),
    Rule("closing", "ends", "UPDATE", _LOCK),
    Rule("closing", "left", "INSERT OR UPDATE", _LEVELS_LEFT,
         "each closing; given text; runs bigint[]; allowed bigint[];", deferred=True),
    Rule("tier_result", "closing", "INSERT", _RESULT, of_all=True),
    Rule("cooperation_rating", "rated", "INSERT", _RATED),
    Rule("cooperation_rating", "changed", "UPDATE", _RATING_CHANGED),
    Rule("cooperation_rating", "left", "INSERT OR UPDATE", _RATING_LEFT, deferred=True),
    Rule("cooperation_evidence", "rating", "INSERT", _EVIDENCE, of_all=True),
    Rule("evaluation_run", "computed", "INSERT", _RUN_COMPUTED),
    Rule("evaluation_run", "changed", "UPDATE", _RUN_CHANGED),
    Rule("evaluation_run", "left", "INSERT OR UPDATE", _RUN_LEFT, deferred=True),
    Rule("evaluation", "run", "INSERT", _EVALUATION, of_all=True),
    Rule("rule_edition", "decided", "INSERT", _EDITION),
)  # fmt: skip
