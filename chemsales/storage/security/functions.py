"""The server's functions beneath the triggers: who is there, what time it is, sealing, levels.

Each names its search_path when it is installed (`install`), runs with the owner's rights, and may
be called by nobody unless `CALLABLE` says so. Codes of refusals are explained in `refusals`.
"""

from __future__ import annotations

from collections.abc import Iterator

from chemsales.storage.chain import BATCH, NO_HASH, SOURCES
from chemsales.storage.gaps import server_gaps
from chemsales.storage.security.evaluation import FUNCTIONS as EVALUATION
from chemsales.storage.security.names import DELEGATE, OWNER, PERSON
from chemsales.storage.security.people import FUNCTIONS as PEOPLE
from chemsales.storage.security.refused import FUNCTIONS as REFUSED

# what a person's statement may call (policies and the program's own calls)
CALLABLE = (
    "chemsales_sees_all()",
    "chemsales_signs_for_another()",
    "chemsales_is_fresh(text,text)",
    "chemsales_signs(text)",
    "chemsales_seal()",
    "chemsales_end_sessions()",
    "chemsales_agents_unseen(text,bigint)",
    "chemsales_refused_unseen(text,bigint,bigint)",
)

# PL/pgSQL throughout: its plans are kept for the session, those of SQL functions are not
_IDENTITY = f"""
CREATE OR REPLACE FUNCTION chemsales_is_owner() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN pg_has_role(session_user, '{OWNER}', 'MEMBER');
END $$;

CREATE OR REPLACE FUNCTION chemsales_holds(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM pg_auth_members m JOIN pg_roles held ON held.oid = m.roleid
    JOIN pg_roles who ON who.oid = m.member
    WHERE who.rolname = session_user AND held.rolname = wanted AND m.inherit_option);
END $$;

CREATE OR REPLACE FUNCTION chemsales_has_role(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN chemsales_holds('chemsales_' || wanted);
END $$;

CREATE OR REPLACE FUNCTION chemsales_check_person() RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT chemsales_is_owner() AND NOT (chemsales_holds('{PERSON}') AND EXISTS (
    SELECT 1 FROM person p WHERE p.login = session_user AND p.active = 1)) THEN
    RAISE EXCEPTION 'this login is no person of the program' USING ERRCODE = 'CS001';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION chemsales_text_of(at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
END $$;

CREATE OR REPLACE FUNCTION chemsales_now() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN chemsales_text_of(clock_timestamp());
END $$;

CREATE OR REPLACE FUNCTION chemsales_today() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN to_char(clock_timestamp() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD');
END $$;

CREATE OR REPLACE FUNCTION chemsales_is_fresh(who text, at text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN who = session_user AND at >= chemsales_text_of(transaction_timestamp());
END $$;

CREATE OR REPLACE FUNCTION chemsales_lock_months() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO numbering (series, last) VALUES ('months', 1)
  ON CONFLICT (series) DO UPDATE SET last = numbering.last + 1;
END $$;

-- whether somebody lets the person sign in a role ('': in any) today
CREATE OR REPLACE FUNCTION chemsales_delegated(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM delegation d
    JOIN person p ON p.login = d.principal AND p.active = 1
    JOIN person_role r ON r.login = d.principal AND r.role = d.role
    WHERE d.delegate = session_user AND d.revoked_at IS NULL AND wanted IN ('', d.role)
      AND chemsales_today() BETWEEN d.first_day AND d.last_day);
END $$;

CREATE OR REPLACE FUNCTION chemsales_signs_for_another() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN chemsales_delegated('');
END $$;

CREATE OR REPLACE FUNCTION chemsales_signs(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN chemsales_has_role(wanted) OR chemsales_delegated(wanted);
END $$;

CREATE OR REPLACE FUNCTION chemsales_sees_all() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce((SELECT value <> 'on' FROM setting WHERE key = 'am_sees_own_only'), true)
    OR chemsales_is_owner() OR EXISTS (
    SELECT 1 FROM pg_auth_members m JOIN pg_roles held ON held.oid = m.roleid
    JOIN pg_roles who ON who.oid = m.member
    WHERE who.rolname = session_user AND m.inherit_option AND held.rolname LIKE 'chemsales\\_%'
      AND held.rolname NOT IN ('{PERSON}', '{DELEGATE}', 'chemsales_account_manager'));
END $$;

-- the exclusive agents of a group whom this person is not shown: where, and since when; who signs
-- for the general manager or the sales head is shown all customers by their policy
CREATE OR REPLACE FUNCTION chemsales_agents_unseen(wanted text, but bigint)
RETURNS TABLE (region text, since text) LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY SELECT k.region, k.from_day FROM customer_class k
    JOIN customer u ON u.id = k.customer_id
    WHERE NOT chemsales_sees_all() AND NOT chemsales_signs('general_manager')
      AND NOT chemsales_signs('sales_head') AND u.manager <> session_user::text AND u.id <> but
      AND k.group_code = wanted AND k.to_day IS NULL AND k.customer_class = 'agent'
      AND u.status <> 'disqualified' ORDER BY u.id;
END $$;

CREATE OR REPLACE FUNCTION chemsales_write_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  touched text := coalesce(new_row, old_row) ->> TG_ARGV[0];
  belongs text := nullif(current_setting('chemsales.event', true), '');
  writer text := session_user;
BEGIN
  IF chemsales_is_owner() THEN
    writer := nullif(current_setting('chemsales.who', true), '');
  ELSIF EXISTS (SELECT 1 FROM event e WHERE e.key = belongs AND NOT chemsales_is_fresh(e.who, e.at))
  THEN
    RAISE EXCEPTION 'a change belongs to an event of its own transaction' USING ERRCODE = 'CS014';
  END IF;
  SELECT jsonb_object_agg(key, value) INTO old_row FROM jsonb_each(old_row)
    WHERE key = ANY (TG_ARGV[1:]);
  SELECT jsonb_object_agg(key, value) INTO new_row FROM jsonb_each(new_row)
    WHERE key = ANY (TG_ARGV[1:]);
  INSERT INTO change (event, at, who, table_name, row_key, action, old, new)
  VALUES (belongs, chemsales_now(), writer, TG_TABLE_NAME, touched, TG_OP,
          old_row::text, new_row::text);
  RETURN NULL;
END $$;
"""

_WHOLE = {"id", "edition", "case_id", "round", "seen_version", "number", "rating_id", "points"}


def _canonical(source: str) -> str:
    """SQL for a row's part of the canonical JSON that a link is the hash of (chain.link_hash)."""
    parts = [
        f"coalesce(r.\"{column}\"::text, 'null')"
        if column in _WHOLE
        else f"coalesce(to_json(r.\"{column}\")::text, 'null')"
        for column in SOURCES[source]
    ]
    return " || ',' || ".join(parts)


def _seal() -> str:
    """The function that seals what is committed and not yet sealed, a batch at a time; how many.

    The hash is HMAC-SHA256 with an empty key over the canonical JSON, as `chain.link_hash` makes
    it: a server's chain has no key, its links are kept by these rights alone.
    """
    unsealed = " UNION ALL ".join(
        f"SELECT {place} AS place, '{source}' AS source, r.\"{columns[0]}\" AS key, "
        f'{_canonical(source)} AS body FROM "{source}" r WHERE NOT EXISTS '
        f"(SELECT 1 FROM seal s WHERE s.source = '{source}' AND s.source_id = r.\"{columns[0]}\")"
        for place, (source, columns) in enumerate(SOURCES.items())
    )
    return f"""
CREATE OR REPLACE FUNCTION chemsales_seal() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
  previous text;
  sealed bigint := 0;
  at text;
  found record;
BEGIN
  LOCK TABLE seal IN SHARE ROW EXCLUSIVE MODE;
  at := chemsales_now();
  previous := coalesce((SELECT hash FROM seal ORDER BY id DESC LIMIT 1), '{NO_HASH}');
  FOR found IN SELECT * FROM ({unsealed}) waiting ORDER BY place, key LIMIT {BATCH} LOOP
    previous := encode(sha256(outer_pad || sha256(inner_pad || convert_to(
      '["' || previous || '","' || found.source || '",' || found.body || ']', 'UTF8'))), 'hex');
    INSERT INTO seal (source, source_id, hash, key_id, at)
    VALUES (found.source, found.key, previous, '', at);
    sealed := sealed + 1;
  END LOOP;
  RETURN sealed;
END $$;
"""


def statements() -> Iterator[str]:
    """The functions; they may be run again."""
    yield _IDENTITY
    yield _seal()
    yield LEVELS
    yield EVALUATION
    yield PEOPLE
    yield REFUSED


LEVELS = f"""
CREATE OR REPLACE FUNCTION chemsales_gate_runs(wanted text) RETURNS bigint[] LANGUAGE sql STABLE
AS $$
  WITH latest AS (
    SELECT DISTINCT ON (r.period) r.id, r.period FROM evaluation_run r
    JOIN approval_case c ON c.id = r.case_id AND c.outcome = 'approved'
    ORDER BY r.period, r.revision DESC
  ), ended AS (
    SELECT id, left(period, 4) || '-' || lpad((CASE substr(period, 5, 1)
      WHEN 'Q' THEN 3 * right(period, 1)::int WHEN 'H' THEN 6 * right(period, 1)::int
      ELSE 12 END)::text, 2, '0') AS last_month FROM latest
  )
  SELECT coalesce(array_agg(id ORDER BY last_month DESC, id DESC), '{{}}') FROM ended
  WHERE last_month < wanted $$;

CREATE OR REPLACE FUNCTION chemsales_gate_scores(runs bigint[])
RETURNS TABLE (customer_id bigint, run_id bigint, score numeric) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (e.customer_id) e.customer_id, e.run_id, min(e.score::numeric)
  FROM unnest(runs) WITH ORDINALITY AS given (run, place)
  JOIN evaluation e ON e.run_id = given.run
  JOIN product_group g ON g.code = e.group_code AND g.polyolefin = 1
  GROUP BY e.customer_id, e.run_id, given.place
  ORDER BY e.customer_id, given.place $$;

CREATE OR REPLACE FUNCTION chemsales_zero_months(wanted text)
RETURNS TABLE (customer_id bigint, months bigint) LANGUAGE sql STABLE AS $$
  WITH seen AS (
    SELECT r.customer_id, r.month, r.kg, r.outcome FROM tier_result r
    JOIN closing c ON c.id = r.closing_id WHERE c.active = 1 AND c.month < wanted
  ), took AS (
    SELECT customer_id, max(month) AS month FROM seen WHERE kg > 0 GROUP BY customer_id
  )
  SELECT s.customer_id, count(*) FROM seen s LEFT JOIN took t ON t.customer_id = s.customer_id
  WHERE (t.month IS NULL OR s.month > t.month) AND s.outcome <> 'missing'
  GROUP BY s.customer_id $$;

CREATE OR REPLACE FUNCTION chemsales_suspended(wanted text)
RETURNS TABLE (customer_id bigint, days bigint) LANGUAGE sql STABLE AS $$
{server_gaps()}, span_of AS (
    SELECT (wanted || '-01')::date AS first,
      (wanted || '-01')::date + interval '1 month - 1 day' AS last
  )
  SELECT g.customer_id, count(DISTINCT d)
  FROM gap g, span_of, generate_series(greatest(g.from_day::date, first),
    least(coalesce(g.next_day::date - 1, last), last), interval '1 day') AS d
  WHERE g.from_day <= to_char(last, 'YYYY-MM-DD')
    AND (g.next_day IS NULL OR g.next_day > to_char(first, 'YYYY-MM-DD'))
  GROUP BY g.customer_id $$;

DROP FUNCTION IF EXISTS chemsales_levels(text, text, bigint[]);
CREATE OR REPLACE FUNCTION chemsales_levels(
  wanted text, given text, runs bigint[], suspends boolean)
RETURNS TABLE (customer_id bigint, kg bigint, level_before text, form_before text,
               level_after text, form_after text, outcome text) LANGUAGE sql STABLE AS $$
  WITH policy AS (
    SELECT coalesce(p -> 'level_thresholds_kg', '[1000000, 2000000, 3000000]') AS steps,
      coalesce(p ->> 'level_move', 'one_step') = 'one_step' AS one_step,
      coalesce((p ->> 'level_gate_score')::numeric, 60) AS gate,
      coalesce((p ->> 'fall_on_bad_score')::boolean, false) AS falls,
      coalesce(p ->> 'auction_exit', 'auto_after_take') = 'manual' AS by_hand,
      (p ->> 'auction_return_after_zero_months')::bigint AS zeros
    FROM (SELECT given::jsonb AS p) AS parameters
  ), last_day AS (
    SELECT to_char((wanted || '-01')::date + interval '1 month - 1 day', 'YYYY-MM-DD') AS day
  ), previous AS (
    SELECT id FROM closing WHERE active = 1 AND month < wanted ORDER BY month DESC LIMIT 1
  ), pinned AS (
    SELECT c.customer_id FROM customer_class c
    JOIN product_group g ON g.code = c.group_code AND g.polyolefin = 1, last_day
    WHERE c.from_day <= day AND (c.to_day IS NULL OR c.to_day >= day)
    GROUP BY c.customer_id HAVING bool_and(c.customer_class = 'direct')
  ), taken AS (
    SELECT p.customer_id, sum(p.kg)::bigint AS kg FROM pickup p
    JOIN product d ON d.code = p.product_code
    JOIN product_group g ON g.code = d.group_code AND g.polyolefin = 1
    JOIN import_batch b ON b.id = p.batch_id AND b.undone_at IS NULL
    WHERE p.month = wanted GROUP BY p.customer_id
  ), entering AS (
    SELECT s.customer_id, coalesce(t.kg, 0) AS kg,
      coalesce(r.level_after, s.level) AS level, coalesce(r.form_after, s.form) AS form,
      EXISTS (SELECT 1 FROM pinned x WHERE x.customer_id = s.customer_id) AS direct,
      v.score, coalesce(z.months, 0) AS zero_months, suspends AND o.days > 0 AS stopped
    FROM tier_start s
    LEFT JOIN tier_result r ON r.closing_id = (SELECT id FROM previous)
      AND r.customer_id = s.customer_id
    LEFT JOIN taken t ON t.customer_id = s.customer_id
    LEFT JOIN chemsales_gate_scores(runs) v ON v.customer_id = s.customer_id
    LEFT JOIN chemsales_zero_months(wanted) z ON z.customer_id = s.customer_id
    LEFT JOIN chemsales_suspended(wanted) o ON o.customer_id = s.customer_id
    WHERE s.from_day <= (SELECT day FROM last_day) AND s.customer_id IN (
      SELECT c.customer_id FROM customer_class c
      JOIN product_group g ON g.code = c.group_code AND g.polyolefin = 1, last_day
      WHERE c.from_day <= day AND (c.to_day IS NULL OR c.to_day >= day))
  ), ranked AS (
    SELECT e.*, p.one_step, p.falls, p.by_hand,
      array_position(ARRAY['auction', 'ordinary', 'one_star', 'two_star', 'three_star'], e.level)
        - 1 AS rank,
      CASE WHEN e.level <> 'auction' AND e.kg <= 0 AND e.zero_months + 1 >= p.zeros THEN 0
        ELSE 1 + (e.kg >= (p.steps ->> 0)::bigint)::int + (e.kg >= (p.steps ->> 1)::bigint)::int
          + (e.kg >= (p.steps ->> 2)::bigint)::int END AS target,
      1 + (e.kg >= (p.steps ->> 0)::bigint)::int + (e.kg >= (p.steps ->> 1)::bigint)::int
        + (e.kg >= (p.steps ->> 2)::bigint)::int AS implied,
      coalesce(e.score < p.gate, false) AS failing
    FROM entering e, policy p
  ), decided AS (
    SELECT r.*, CASE
      WHEN direct THEN 'pinned'
      WHEN stopped AND (kg <= 0 OR implied < rank) THEN 'missing'
      WHEN level = 'auction' AND (kg <= 0 OR by_hand) THEN 'kept'
      WHEN failing AND falls AND rank > 1 AND target >= rank THEN 'fallen'
      WHEN target = rank THEN 'kept'
      WHEN target > rank AND failing THEN 'blocked'
      WHEN target < rank THEN 'lowered'
      WHEN rank = 0 THEN 'auction_exit'
      ELSE 'raised' END AS step
    FROM ranked r
  ), moved AS (
    SELECT d.*, CASE
      WHEN step = 'pinned' THEN 1
      WHEN step IN ('kept', 'blocked', 'missing') THEN rank
      WHEN step = 'fallen' THEN rank - 1
      WHEN NOT one_step THEN target
      WHEN step = 'lowered' THEN rank - 1
      ELSE rank + 1 END AS after
    FROM decided d
  )
  SELECT m.customer_id, m.kg, m.level, m.form,
    (ARRAY['auction', 'ordinary', 'one_star', 'two_star', 'three_star'])[m.after + 1],
    CASE WHEN step IN ('pinned', 'auction_exit') THEN 'plan'
      WHEN step IN ('raised', 'lowered') AND m.after = 0 THEN 'auction' ELSE m.form END,
    CASE step WHEN 'fallen' THEN 'lowered' ELSE step END
  FROM moved m $$;
"""
