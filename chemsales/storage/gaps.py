"""The days that no accepted paper covers, in SQL: the suspensions of customers (C15.2)."""

from __future__ import annotations

from chemsales.storage.database import is_sqlite
from chemsales.storage.days import days_from


def gaps(of: str = "") -> str:
    """SQL of the common table `gap` (customer_id, kind, from_day, next_day): every run of days on
    which a watched kind of paper is lacking, and the day on which a paper covers it again (NULL:
    none does). With `of` of those customers and kinds alone that this condition of SQL holds for.

    The days are those of `rules.licences.suspensions`, to which tests hold it.
    """
    return _gaps(f"AND {of}" if of else "", is_sqlite())


def gaps_of_suspended() -> str:
    """The same of the customers alone of which a suspension is noted that goes on."""
    return gaps("customer_id IN (SELECT customer_id FROM suspension WHERE to_day IS NULL)")


def gaps_between() -> str:
    """The same of the customers and kinds alone of which no single paper covers all days from one
    to another, the parameters: the day, the day again, and the last day."""
    covers = (
        "accepted_on <= ? AND coalesce(valid_from, '') <= ? AND (long_term = 1 OR valid_to >= ?)"
    )
    return gaps(
        "(customer_id, kind) IN (SELECT customer_id, kind FROM licence "
        "WHERE accepted_on IS NOT NULL GROUP BY customer_id, kind "
        f"HAVING max(CASE WHEN {covers} THEN 1 ELSE 0 END) = 0)"
    )


def server_gaps() -> str:
    """The same for a function of a server."""
    return _gaps("", False)


def _gaps(some: str, sqlite: bool) -> str:
    return f"""
        WITH paper AS (
          SELECT customer_id, kind,
            CASE WHEN valid_from > accepted_on THEN valid_from ELSE accepted_on END AS begins,
            CASE WHEN long_term = 1 OR valid_to >= '9999-12-31' THEN '9999-12-31'
              ELSE {days_from("valid_to", 1, sqlite)} END AS covered_to
          FROM licence WHERE accepted_on IS NOT NULL {some}
        ), span AS (
          SELECT customer_id, kind, begins, covered_to FROM paper WHERE covered_to > begins
          UNION ALL
          SELECT customer_id, kind, min(begins), min(begins) FROM paper GROUP BY customer_id, kind
        ), run AS (
          SELECT customer_id, kind, max(covered_to) OVER w AS from_day,
            lead(begins) OVER w AS next_day
          FROM span WINDOW w AS (PARTITION BY customer_id, kind ORDER BY begins, covered_to
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        ), gap AS (
          SELECT customer_id, kind, from_day, next_day FROM run
          WHERE from_day < '9999-12-31' AND (next_day IS NULL OR next_day > from_day)
        )"""
