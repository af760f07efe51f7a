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
_SIGNS = "".join(map(chr, BRACKETS))
_FOR = "".join(BRACKETS.values())


def _list(name: str) -> str:
    """SQL: a list that was asked for."""
    return f"ARRAY(SELECT jsonb_array_elements_text(s -> '{name}'))"


def _past(column: str, wanted: str) -> str:
    """SQL: whether the party had this, now or ever."""
    return (
        "EXISTS (SELECT 1 FROM known k WHERE k.owner = p.owner AND k.id = p.id "
        f"AND k.{column} <> '' AND {wanted})"
    )


def _named(wanted: str) -> str:
    """SQL: whether the party was ever called so."""
    return f"{_past('called', f'chemsales_name_key(k.called) {wanted}')}"


def _columns(row: str) -> str:
    """SQL: what is compared of a file or an application besides what it is called."""
    return ", ".join(f"{row}.{column}" for column in ("legal_person", "account", *ADDRESSES))


def _called(row: str, rest: str) -> str:
    """SQL: a row for each name, the second with nothing but that."""
    nothing = ", ".join(["''"] * (2 + len(ADDRESSES)))
    return (
        f"SELECT p.owner, p.id, {row}.name, {_columns(row)} FROM party p {rest} UNION ALL "
        f"SELECT p.owner, p.id, {row}.former_name, {nothing} FROM party p {rest}"
    )


_FILE = "JOIN customer o ON p.owner = 'customer' AND o.id = p.id"
_APPLICATION = (
    "JOIN application a ON a.id = p.id AND p.owner = 'application' "
    "OR a.case_id = p.case_id AND p.owner = 'customer'"
)
_KNOWN = (
    f"{_called('o', _FILE)} UNION ALL {_called('a', _APPLICATION)} UNION ALL "
    "SELECT p.owner, p.id, h.name, h.legal_person, h.account, '', '', '' FROM party p "
    "JOIN customer_change h ON p.owner = 'customer' AND h.customer_id = p.id "
    "AND h.decided_on IS NOT NULL"
)
# what is shared, by the word for it: the place on the form, but for the organisation and a name
# that is only alike, which the program looks at again
_SAME = {
    **{kind: f"p.{kind} <> '' AND p.{kind} = s ->> '{kind}'" for kind in CODES},
    "organisation": (
        "s ->> 'organisation' <> '' AND s ->> 'organisation' = CASE WHEN p.org9 <> '' THEN p.org9 "
        "WHEN length(p.uscc) = 18 THEN substr(p.uscc, 9, 9) ELSE '' END"
    ),
    "name": _named(f"= ANY ({_list('names')})"),
    "former_name": f"s ->> 'former' <> '' AND {_named('''= s ->> 'former' ''')}",
    "alike": (
        "(s ->> 'spelling' <> '' AND starts_with(p.pinyin, "
        f"'{Word.PINYIN}' || (s ->> 'spelling') || chr(10))) "
        f"OR (length(s ->> 'name') >= {SHORTEST} "
        "AND abs(length(p.name_key) - length(s ->> 'name')) <= 1 "
        "AND (left(p.name_key, half) = left(s ->> 'name', half) "
        "OR right(p.name_key, rest) = right(s ->> 'name', rest)))"
    ),
    "account": _past("account", "k.account = s ->> 'account'"),
    "legal_person": _past("legal_person", "chemsales_name_key(k.legal_person) = s ->> 'person'"),
    **{
        place: f"s -> 'addresses' ->> '{place}' <> '' AND ("
        + " OR ".join(
            _past(column, f"chemsales_name_key(k.{column}) = s -> 'addresses' ->> '{place}'")
            for column in ADDRESSES
        )
        + ")"
        for place in ADDRESSES
    },
    "parent_company": (
        "(s ->> 'parent' <> '' AND s ->> 'parent' IN "
        "(chemsales_name_key(p.parent_company), p.name_key)) OR (p.parent_company <> '' "
        "AND chemsales_name_key(p.parent_company) = s ->> 'name')"
    ),
}  # fmt: skip
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
CREATE OR REPLACE FUNCTION chemsales_name_key(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN regexp_replace(translate(lower(normalize(given, NFKC)), '{_SIGNS}', '{_FOR}'),
    '\\s', '', 'g');
END $$;

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
  RETURN QUERY WITH party AS (
    {_PARTY.format("customer", "code", "status", "disqualified")} AND o.id <> but_customer
    UNION ALL
    {_PARTY.format("application", "number", "state", "rejected")} AND o.id <> but_application
      AND (o.further = 0 OR o.customer_id <> but_customer)
  ), known (owner, id, called, legal_person, account, {", ".join(ADDRESSES)}) AS (
    {_KNOWN}
  ), told AS (
    SELECT p.owner, p.id::bigint, p.number, p.name, p.state, array_to_string(ARRAY[{_WORDS},
      (SELECT 'phone ' || (f.phone ->> 0) FROM jsonb_array_elements(s -> 'phones')
        WITH ORDINALITY AS f (phone, place) WHERE {_PHONES} ORDER BY f.place LIMIT 1)],
      chr(10)) AS shared
    FROM party p
  )
  SELECT * FROM told t WHERE t.shared <> '' ORDER BY t.owner DESC, t.number;
END $$;
"""
