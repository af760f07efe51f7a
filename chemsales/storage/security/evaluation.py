"""Evaluations computed again on a server: what was frozen, its indicators, its score and grade.

What a person's own login puts in has to follow from the records of that moment (C16.1).
"""

from __future__ import annotations

from chemsales.rules.policy import DEFAULT
from chemsales.storage.fields import canonical_json
from chemsales.storage.security.rules import unless

_DEFAULTS = DEFAULT.as_parameters()
_DIGITS = 60  # of a quotient, where the program keeps fractions and stores the first 28 digits

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION chemsales_fraction(given text) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
  SELECT round(split_part(given, '/', 1)::numeric, {_DIGITS})
    / coalesce(nullif(split_part(given, '/', 2), ''), '1')::numeric $$;

CREATE OR REPLACE FUNCTION chemsales_score(kind text, made text, given text)
RETURNS TABLE (exact numeric, grade text, weight bigint) LANGUAGE sql STABLE AS $$
  WITH policy AS (
    SELECT coalesce(p -> 'weights' -> kind,
        '{canonical_json(_DEFAULTS["weights"])}'::jsonb -> kind) AS weights,
      coalesce((p ->> 'min_available_weight')::int, {_DEFAULTS["min_available_weight"]}) AS needed,
      coalesce(p -> 'grade_bounds', '{canonical_json(_DEFAULTS["grade_bounds"])}') AS bounds
    FROM (SELECT given::jsonb AS p) AS parameters
  ), held AS (
    SELECT w.value::bigint AS weight, chemsales_fraction(v.value) AS value
    FROM policy, jsonb_each_text(weights) w, jsonb_each_text(made::jsonb -> 'values') v
    WHERE v.key = w.key AND v.value IS NOT NULL AND w.value::bigint > 0
  ), summed AS (
    SELECT coalesce(sum(weight), 0)::bigint AS weight,
      sum(weight * value) / nullif(sum(weight), 0) AS exact
    FROM held HAVING coalesce(bool_and(value BETWEEN 0 AND 100), true)
  )
  SELECT CASE WHEN s.weight >= needed THEN s.exact END,
    CASE WHEN s.weight < needed THEN 'insufficient'
      WHEN round(s.exact, 40) >= (bounds ->> 0)::numeric THEN 'excellent'
      WHEN round(s.exact, 40) >= (bounds ->> 1)::numeric THEN 'good'
      WHEN round(s.exact, 40) >= (bounds ->> 2)::numeric THEN 'pass'
      ELSE 'fail' END,
    s.weight
  FROM summed s, policy $$;

CREATE OR REPLACE FUNCTION chemsales_completion(inputs text, given text) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN count(*) > 0 THEN
    100 * least(1, greatest(0, chemsales_fraction(sum(take_kg) || '/' || sum(net)))) END
  FROM (
    SELECT m.take_kg, coalesce(m.plan_kg, 0) - CASE
      WHEN coalesce((given::jsonb ->> 'company_short_deducted')::boolean, true) THEN m.short_kg
      ELSE 0 END AS net
    FROM jsonb_to_recordset(inputs::jsonb -> 'months')
      AS m (month text, take_kg bigint, plan_kg bigint, short_kg bigint)
  ) AS months WHERE net > 0 $$;

CREATE OR REPLACE FUNCTION chemsales_evenness(inputs text) RETURNS numeric
LANGUAGE sql STABLE AS $$
  WITH months AS (
    SELECT (m ->> 'month' || '-01')::date AS first
    FROM jsonb_array_elements(inputs::jsonb -> 'months') m
  ), runs AS (
    SELECT first, extract(year FROM first) * 12 + extract(month FROM first)
      - row_number() OVER (ORDER BY first) AS run FROM months
  ), days AS (
    SELECT run, d::date AS day FROM runs,
      generate_series(first, first + interval '1 month - 1 day', interval '1 day') AS d
  ), weeks AS (
    SELECT run, date_trunc('week', d.day) AS week, coalesce(sum(t.value::bigint), 0) AS kg,
      count(*) FILTER (WHERE coalesce(c.kind = 'work', extract(isodow FROM d.day) < 6)) AS working
    FROM days d
    LEFT JOIN jsonb_each_text(inputs::jsonb -> 'daily_kg') t ON t.key = to_char(d.day, 'YYYY-MM-DD')
    LEFT JOIN calendar_day c ON c.day = to_char(d.day, 'YYYY-MM-DD')
    GROUP BY run, date_trunc('week', d.day)
  ), placed AS (
    SELECT kg, working, least(
      count(*) FILTER (WHERE working > 0) OVER (ORDER BY run, week
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      count(*) FILTER (WHERE working > 0) OVER () - 1) AS place
    FROM weeks
  ), merged AS (
    SELECT sum(kg) AS kg, sum(working) AS working FROM placed WHERE place >= 0 GROUP BY place
  ), summed AS (
    SELECT count(*) AS weeks, sum(kg) AS total, sum(working) AS days,
      round(min(working), {_DIGITS}) / sum(working) AS least,
      sum(round(kg * kg, {_DIGITS}) / working) AS squares
    FROM merged
  )
  SELECT CASE WHEN weeks >= 2 AND total > 0 THEN 100 * greatest(0,
    (round(total * total, {_DIGITS}) / (days * squares) - s.least) / (1 - s.least)) END
  FROM summed s $$;

CREATE OR REPLACE FUNCTION chemsales_months_stand(whose bigint, product text, inputs text)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM (SELECT given.*, coalesce(given.suspended_days, 0) AS off,
        extract(day FROM (given.month || '-01')::date + interval '1 month - 1 day') AS days
      FROM jsonb_to_recordset(inputs::jsonb -> 'months') AS given
        (month text, take_kg bigint, plan_kg bigint, short_kg bigint, suspended_days bigint)) AS m
    WHERE NOT EXISTS (SELECT 1 FROM closing c WHERE c.month = m.month AND c.active = 1)
      OR m.take_kg IS DISTINCT FROM (
        SELECT coalesce(sum(p.kg), 0) FROM pickup p
        JOIN product d ON d.code = p.product_code AND d.group_code = product
        JOIN import_batch b ON b.id = p.batch_id AND b.undone_at IS NULL
        WHERE p.month = m.month AND p.customer_id = whose)
      OR NOT EXISTS (
        SELECT 1 FROM (
          SELECT div(sum(l.kg) * (m.days - m.off), m.days) AS kg,
            div(coalesce(sum(l.short_kg), 0) * (m.days - m.off), m.days) AS short_kg
          FROM plan_line l
          JOIN product d ON d.code = l.product_code AND d.group_code = product
          JOIN import_batch b ON b.id = l.batch_id AND b.undone_at IS NULL
          WHERE l.month = m.month AND l.customer_id = whose
        ) planned WHERE kg IS NOT DISTINCT FROM m.plan_kg AND planned.short_kg = m.short_kg)
  ) AND inputs::jsonb -> 'cooperation' = (
    SELECT coalesce(jsonb_object_agg(r.month, r.score), '{{}}') FROM cooperation_rating r
    WHERE r.customer_id = whose AND r.void = 0 AND r.confirmed_at IS NOT NULL AND r.month IN
      (SELECT m ->> 'month' FROM jsonb_array_elements(inputs::jsonb -> 'months') m)
  ) AND inputs::jsonb -> 'daily_kg' = (
    SELECT coalesce(jsonb_object_agg(day, kg), '{{}}') FROM (
      SELECT p.day, sum(p.kg) AS kg FROM pickup p
      JOIN product d ON d.code = p.product_code AND d.group_code = product
      JOIN import_batch b ON b.id = p.batch_id AND b.undone_at IS NULL
      WHERE p.customer_id = whose AND p.month IN
        (SELECT m ->> 'month' FROM jsonb_array_elements(inputs::jsonb -> 'months') m)
      GROUP BY p.day) AS taken
  ) $$;

CREATE OR REPLACE FUNCTION chemsales_span(period text)
RETURNS TABLE (first text, last text) LANGUAGE sql IMMUTABLE AS $$
  SELECT left(period, 4) || '-' || lpad((part * length - length + 1)::text, 2, '0'),
    left(period, 4) || '-' || lpad((part * length)::text, 2, '0')
  FROM (
    SELECT CASE substr(period, 5, 1) WHEN 'Q' THEN 3 WHEN 'H' THEN 6 ELSE 12 END AS length,
      coalesce(nullif(substr(period, 6), ''), '1')::int AS part
  ) AS parts $$;

CREATE OR REPLACE FUNCTION chemsales_evaluated_whole(
  whose bigint, product text, kind text, period text, inputs text
) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM customer_class k, chemsales_span(period) s
      WHERE k.customer_id = whose AND k.group_code = product AND k.customer_class = kind
      AND left(k.from_day, 7) <= s.last AND (k.to_day IS NULL OR left(k.to_day, 7) >= s.first))
    AND (
      SELECT array_agg(m ->> 'month' ORDER BY m ->> 'month')
      FROM jsonb_array_elements(inputs::jsonb -> 'months') m
    ) = (
      SELECT array_agg(c.month::text ORDER BY c.month::text) FROM chemsales_span(period) s
      JOIN closing c ON c.active = 1 AND c.month BETWEEN s.first AND s.last
      JOIN customer u ON u.id = whose AND c.month >= left(u.accredited_on, 7)
    ) $$;
"""

# how long each customer of the run was suspended in its months, and how long the inputs say
_SUSPENDED = """
  WITH said AS (
    SELECT f.customer_id, m.month, coalesce(m.suspended_days, 0) AS days FROM fresh f,
      jsonb_to_recordset(f.inputs::jsonb -> 'months') AS m (month text, suspended_days bigint)
  ), stood AS (
    SELECT w.month, s.customer_id, s.days FROM (SELECT DISTINCT month FROM said) AS w,
      chemsales_suspended(w.month) s
  )
  SELECT 1 FROM said LEFT JOIN stood USING (customer_id, month)
  WHERE said.days <> coalesce(stood.days, 0)"""
_VALUE = "chemsales_fraction(f.indicators::jsonb -> 'values' ->> '{}')"
_ROWS = (
    "FROM fresh f JOIN evaluation_run r ON r.id = f.run_id "
    "LEFT JOIN rule_edition e ON e.number = r.edition"
)

_RECORDED = "('completion', 'evenness', 'cooperation')"  # of the others there are no records yet

FOLLOWS = unless(
    "NOT EXISTS (SELECT 1 FROM fresh f WHERE ("
    "f.inputs_hash = encode(sha256(convert_to(f.inputs, 'UTF8')), 'hex') "
    "AND f.customer_class = f.inputs::jsonb ->> 'customer_class' "
    "AND chemsales_months_stand(f.customer_id, f.group_code, f.inputs)) IS NOT TRUE)",
    "CS020", "an evaluation rests on the closed months as they stand",
) + unless(
    f"NOT EXISTS ({_SUSPENDED})", "CS020", "a plan counts for the days without a suspension",
) + unless(
    f"NOT EXISTS (SELECT 1 {_ROWS} WHERE (SELECT "
    f"abs(coalesce({_VALUE.format('completion')}, -1) "
    "- coalesce(chemsales_completion(f.inputs, e.parameters), -1)) < 1e-40 "
    f"AND abs(coalesce({_VALUE.format('evenness')}, -1) "
    "- coalesce(chemsales_evenness(f.inputs), -1)) < 1e-30 "
    f"AND abs(coalesce({_VALUE.format('cooperation')}, -1) - coalesce((SELECT avg(value::numeric) "
    "FROM jsonb_each_text(f.inputs::jsonb -> 'cooperation')), -1)) < 1e-12) IS NOT TRUE)",
    "CS020", "completion, evenness and cooperation are what the months lead to",
) + unless(
    f"NOT EXISTS (SELECT 1 {_ROWS} LEFT JOIN LATERAL "
    "chemsales_score(f.customer_class, f.indicators, e.parameters) s ON true WHERE ("
    "s.grade = f.grade AND s.weight = f.available_weight "
    "AND (s.exact IS NULL) = (f.score IS NULL) "
    "AND coalesce(abs(s.exact - f.score::numeric) < 1e-24, true)) IS NOT TRUE)",
    "CS020", "a score is what its values and edition lead to",
) + unless(
    "NOT EXISTS (SELECT 1 FROM fresh f JOIN evaluation_run r ON r.id = f.run_id WHERE ("
    "jsonb_exists(r.inputs::jsonb, 'calendar') AND chemsales_evaluated_whole("
    "f.customer_id, f.group_code, f.customer_class, r.period, f.inputs)) IS NOT TRUE)",
    "CS020", "an evaluation has every closed month of its period, a class held in it, a calendar",
) + unless(
    "NOT EXISTS (SELECT 1 FROM fresh f, jsonb_each_text(f.indicators::jsonb -> 'values') v "
    f"WHERE v.value IS NOT NULL AND v.key NOT IN {_RECORDED})",
    "CS020", "an indicator without records has no value",
)  # fmt: skip
