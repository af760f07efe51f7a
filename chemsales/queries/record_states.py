"""What was on record of a customer after each event.

The check codes of papers made out of the record of a day hold it: the file card, the letter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from chemsales.rules.calendar import company_day
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

# whose record each audited row is of: the tables with the customer and the key of a row
_OF = {
    "customer": "SELECT id, CAST(id AS TEXT) FROM customer",
    **{
        table: f"SELECT customer_id, CAST(id AS TEXT) FROM {table}"
        for table in (
            "customer_class", "customer_contact", "customer_change", "handover", "licence",
            "suspension", "disqualification", "visit", "complaint",
        )
    },
    "complaint_regrade": "SELECT c.customer_id, CAST(r.id AS TEXT) FROM complaint c "
    "JOIN complaint_regrade r ON r.complaint_id = c.id",
    "tier_start": "SELECT customer_id, CAST(customer_id AS TEXT) FROM tier_start",
    "application_document": "SELECT a.customer_id, CAST(d.id AS TEXT) FROM application a "
    "JOIN application_document d ON d.application_id = a.id WHERE a.customer_id IS NOT NULL",
    "disqualification_paper": "SELECT d.customer_id, CAST(p.id AS TEXT) FROM disqualification d "
    "JOIN disqualification_paper p ON p.disqualification_id = d.id",
    "import_batch": "SELECT customer_id, CAST(batch_id AS TEXT) FROM pickup "
    "UNION SELECT customer_id, CAST(batch_id AS TEXT) FROM plan_line",
    "closing": "SELECT customer_id, CAST(closing_id AS TEXT) FROM tier_result",
    "evaluation_run": "SELECT DISTINCT customer_id, CAST(run_id AS TEXT) FROM evaluation",
    "approval_case": "SELECT DISTINCT e.customer_id, CAST(r.case_id AS TEXT) FROM evaluation e "
    "JOIN evaluation_run r ON r.id = e.run_id "
    "UNION ALL SELECT customer_id, CAST(case_id AS TEXT) FROM customer_change",
    "setting": "SELECT id, 'company' FROM customer",
}  # fmt: skip


class State(NamedTuple):
    """What is on record of a customer after an event: the hash over all its changes by then, the
    number of the event, and its business date."""

    customer_id: int
    hash: str
    event: int
    day: date


def states(customer_id: int = 0) -> Iterator[State]:
    """The states of the record of a customer (0: of every one), in order (inside queries).

    That is every audited change of its file, managers, papers, changes, disqualification, visits
    and complaints, and of the imports, closings and evaluations that hold it: what these hold is in
    their digests.
    """
    condition = "WHERE customer_id = ?" if customer_id else ""
    arms = " UNION ALL ".join(
        f"SELECT customer_id, '{table}' AS part, row_key FROM "
        f"(SELECT 0 AS customer_id, '' AS row_key WHERE 1 = 0 UNION ALL {of}) {table}_rows "
        f"{condition}"
        for table, of in _OF.items()
    )
    found = rows(  # CROSS JOIN: SQLite takes the tables in this order, and change by its index
        f"SELECT t.customer_id, c.id, e.id, coalesce(e.at, c.at) FROM ({arms}) t "
        "CROSS JOIN change c CROSS JOIN event e WHERE c.table_name = t.part "
        "AND c.row_key = t.row_key AND e.key = c.event ORDER BY t.customer_id, c.id",
        (customer_id,) * len(_OF) if customer_id else (),
    )
    images = _images([number for _owner, number, _event, _at in found] if customer_id else [])
    held, hashed = None, ""
    for owner, number, event, at in found:
        if held is not None and (held.customer_id, held.event) != (owner, event):
            yield held
        before = hashed if held is not None and held.customer_id == owner else ""
        hashed = hashlib.sha256(f"{before}\n{number}\n{images[number]}".encode()).hexdigest()
        held = State(int(owner), hashed, int(event), company_day(instant_of(at)))
    if held is not None:
        yield held


def _images(numbers: Sequence[int]) -> dict[int, str]:
    """The hash of each row after a change, by the number of the change; of all where none is
    given."""
    condition = f"id IN ({', '.join('?' * len(numbers))})"
    if not numbers:
        tables = ", ".join(f"'{table}'" for table in _OF)
        condition = f"table_name IN ({tables})"
    return {
        number: hashlib.sha256(str(new).encode()).hexdigest()
        for number, new in rows(f"SELECT id, new FROM change WHERE {condition}", tuple(numbers))
    }


def state_hash(state: State, part: str) -> str:
    """The hash that the check code of such a paper rests on: what was on record, and what of it the
    paper says (the day of a card, the number of a letter)."""
    return hashlib.sha256(f"{state.hash}\n{part}".encode()).hexdigest()
