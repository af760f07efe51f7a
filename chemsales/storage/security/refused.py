"""What a draft shares with refused parties whose rows this person is not shown (C7.1, C17.1).

A person who is shown the own records alone is told that something is shared, with whom and what:
nothing else of another manager's party. What is asked for has been typed, in the forms that
`queries.duplicates` compares.
"""

from __future__ import annotations

from chemsales.rules.names import BRACKETS
from chemsales.rules.search import PHONE_BEGINS, Word

SHORTEST = 6  # signs of a name from which one that is one sign apart is looked for
ADDRESSES = ("registered_address", "business_address", "invoice_address")
CODES = ("uscc", "licence15", "org9")
_SIGNS, _FOR = "".join(map(chr, BRACKETS)), "".join(BRACKETS.values())
_PAST = ", ".join(("legal_person", "account", *ADDRESSES))
_NONE = ", ".join(["''"] * (2 + len(ADDRESSES)))


def key_of(text: str) -> str:
    """SQL: the form of a name that is compared, as `rules.names.name_key` has it."""
    return (
        f"regexp_replace(translate(lower(normalize({text}, NFKC)), '{_SIGNS}', '{_FOR}'), "
        "'\\s', '', 'g')"
    )


def _list(name: str) -> str:
    """SQL: a list that was asked for."""
    return f"ARRAY(SELECT jsonb_array_elements_text(s -> '{name}'))"


def _had(*columns: str, wanted: str) -> str:
    """SQL: whether a row that says what a party had says this in one of its columns."""
    return " OR ".join(f"(k.{column} <> '' AND k.{column} {wanted})" for column in columns)


def _called(row: str, joined: str) -> str:
    """SQL: what the rows say that are joined to the parties, one more for each former name."""
    said = ", ".join(f"{row}.{column}" for column in _PAST.split(", "))
    return (
        f"SELECT p.owner, p.id, {row}.name, {said} FROM party p JOIN {joined} UNION ALL "
        f"SELECT p.owner, p.id, {row}.former_name, {_NONE} FROM party p JOIN {joined} "
        f"WHERE {row}.former_name <> ''"
    )


_KNOWN = " UNION ALL ".join(
    (
        _called("o", "customer o ON p.owner = 'customer' AND o.id = p.id"),
        _called("a", "application a ON p.owner = 'application' AND a.id = p.id"),
        _called("a", "application a ON p.owner = 'customer' AND a.case_id = p.case_id"),
        "SELECT p.owner, p.id, h.name, h.legal_person, h.account, '', '', '' FROM party p "
        "JOIN customer_change h ON p.owner = 'customer' AND h.customer_id = p.id "
        "AND h.decided_on IS NOT NULL",
    )
)
_KEYS = ", ".join(
    f"{key_of(f'k.{column}')} AS {column}" for column in ("called", "legal_person", *ADDRESSES)
)
# what a party has or ever had, by the place on the form
_EVER = {
    "name": _had("called", wanted=f"= ANY ({_list('names')})"),
    "former_name": _had("called", wanted="= s ->> 'former'"),
    "account": _had("account", wanted="= s ->> 'account'"),
    "legal_person": _had("legal_person", wanted="= s ->> 'person'"),
    **{place: _had(*ADDRESSES, wanted=f"= s -> 'addresses' ->> '{place}'") for place in ADDRESSES},
}
# what is shared, by the word for it: the place on the form, but for the organisation and a name
# that is only alike, which the program looks at again
_SAME = {
    **{kind: f"p.{kind} <> '' AND p.{kind} = s ->> '{kind}'" for kind in CODES},
    "organisation": (
        "s ->> 'organisation' <> '' AND s ->> 'organisation' = CASE WHEN p.org9 <> '' THEN p.org9 "
        "WHEN length(p.uscc) = 18 THEN substr(p.uscc, 9, 9) ELSE '' END"
    ),
    "alike": (
        "(s ->> 'spelling' <> '' AND starts_with(p.pinyin, "
        f"'{Word.PINYIN}' || (s ->> 'spelling') || chr(10))) "
        f"OR (length(s ->> 'name') >= {SHORTEST} "
        "AND abs(length(p.name_key) - length(s ->> 'name')) <= 1 "
        "AND (left(p.name_key, half) = left(s ->> 'name', half) "
        "OR right(p.name_key, rest) = right(s ->> 'name', rest)))"
    ),
    **{place: f"e.{place}" for place in _EVER},
    "parent_company": (
        f"(s ->> 'parent' <> '' AND s ->> 'parent' IN ({key_of('p.parent_company')}, p.name_key)) "
        f"OR (p.parent_company <> '' AND {key_of('p.parent_company')} = s ->> 'name')"
    ),
}
_WORDS = ", ".join(f"CASE WHEN {same} THEN '{word}' END" for word, same in _SAME.items())
_PHONES = " OR ".join(
    f"strpos(p.people, '{Word.PHONE}{begin}' || (f.phone ->> 1) || chr(10)) > 0"
    for begin in PHONE_BEGINS
)
_PARTY = (
    "SELECT '{0}' AS owner, o.id, o.{1} AS number, o.name, o.{2} AS state, o.case_id, o.uscc, "
    "o.licence15, o.org9, o.parent_company, w.name_key, w.people, w.pinyin "
    "FROM {0} o JOIN {0}_words w ON w.{0}_id = o.id "
    "WHERE o.{2} = '{3}' AND o.manager <> session_user::text"
)

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION chemsales_refused_unseen(
  asked text, but_application bigint, but_customer bigint)
RETURNS TABLE (owner text, id bigint, number text, name text, state text, shared text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  s jsonb := asked::jsonb;
  half int := length(s ->> 'name') / 2;
  rest int := length(s ->> 'name') - half;
BEGIN
  IF chemsales_sees_all() THEN
    RETURN;
  END IF;
  RETURN QUERY WITH party AS MATERIALIZED (
    {_PARTY.format("customer", "code", "status", "disqualified")} AND o.id <> but_customer
    UNION ALL
    {_PARTY.format("application", "number", "state", "rejected")} AND o.id <> but_application
      AND (o.further = 0 OR o.customer_id <> but_customer)
  ), known (owner, id, called, {_PAST}) AS (
    {_KNOWN}
  ), keyed AS MATERIALIZED (
    SELECT k.owner, k.id, k.account, {_KEYS} FROM known k
  ), ever AS (
    SELECT k.owner, k.id, {", ".join(f"bool_or({had}) AS {word}" for word, had in _EVER.items())}
    FROM keyed k GROUP BY k.owner, k.id
  ), told AS (
    SELECT p.owner, p.id::bigint, p.number, p.name, p.state, array_to_string(ARRAY[{_WORDS},
      (SELECT 'phone ' || (f.phone ->> 0) FROM jsonb_array_elements(s -> 'phones')
        WITH ORDINALITY AS f (phone, place) WHERE {_PHONES} ORDER BY f.place LIMIT 1)],
      chr(10)) AS shared
    FROM party p JOIN ever e ON e.owner = p.owner AND e.id = p.id
  )
  SELECT * FROM told t WHERE t.shared <> '' ORDER BY t.owner DESC, t.number;
END $$;
"""
