"""What of a case is new since it was returned last, out of the audited rows: what was put up in an
earlier round is kept nowhere else (C7.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from chemsales.queries.applications import DocumentRow, load_application
from chemsales.queries.approval import load_decisions
from chemsales.queries.in_force import FACTS
from chemsales.queries.licence_lists import PaperSort
from chemsales.queries.reading import query
from chemsales.rules.approval import (
    ACCREDITATION,
    CUSTOMER_CHANGE,
    DISQUALIFICATION,
    LICENCE,
    Outcome,
    Verdict,
    standing,
)
from chemsales.rules.customer import DocumentKind
from chemsales.rules.customer_change import GUARDED
from chemsales.rules.roles import Actor
from chemsales.rules.rounds import News, Paper, Row, Said, news
from chemsales.storage.database import rows

# accepting a failing code belongs to the review, and is told there
REVIEWED = (*(name for name in FACTS if name != "code_override"), "manager_opinion")
CHANGED = (*GUARDED, "reason", "changed_on", "holder")
UNLIMITED = "unlimited"  # the last day of a long-term paper


class _Returned(NamedTuple):
    """Which round was returned, the change that made it so, and the one that put it up again (None:
    it was not)."""

    round: int
    begun: int
    again: int | None


@query()
def since_return(actor: Actor, chain: str, key: int) -> News | None:
    """What the newest case of a subject says otherwise than in the round that was returned last;
    None where none was, and of an evaluation, which is computed anew as a case of its own."""
    ((case_id,),) = rows(
        "SELECT max(id) FROM approval_case WHERE chain = ? AND subject_id = ?", (chain, key)
    )
    returned = None if case_id is None or chain not in SAID else _last_return(case_id)
    if returned is None:
        return None
    before, now = SAID[chain](key, returned)
    return news(returned.round, before, now)


def _last_return(case_id: int) -> _Returned | None:
    """The last return of a case that stands; None where none does."""
    signed = load_decisions(case_id)
    returns = [row for row in signed if row.verdict is Verdict.RETURN]
    last = [row for row in standing(signed) if row.verdict is Verdict.RETURN][-1:]
    if not last:
        return None
    moves = [
        (int(number), json.loads(old)["outcome"], json.loads(new)["outcome"])
        for number, old, new in rows(
            'SELECT id, "old", "new" FROM change WHERE table_name = \'approval_case\' '
            "AND row_key = ? AND action = 'UPDATE' ORDER BY id",
            (str(case_id),),
        )
    ]
    # one change of the row for every return, those that were undone among them
    back = [number for number, was, now in moves if _turns(was, now, Outcome.RETURNED)]
    begun = back[next(place for place, row in enumerate(returns) if row is last[0])]
    again = [
        number for number, was, now in moves if number > begun and _turns(was, now, Outcome.OPEN)
    ]
    return _Returned(last[0].round, begun, again[0] if again else None)


def _turns(was: str, now: str, outcome: Outcome) -> bool:
    return was != outcome and now == outcome


def _image(table: str, key: int, number: int) -> Row | None:
    """A row as it stood when a change was made: what the first later one of the row replaced; None
    where it stands as it was."""
    found = rows(
        "SELECT \"old\" FROM change WHERE table_name = ? AND row_key = ? AND action = 'UPDATE' "
        "AND id > ? ORDER BY id LIMIT 1",
        (table, str(key), number),
    )
    return json.loads(found[0][0]) if found else None


def _of_row(table: str, columns: Sequence[str], key: int, number: int) -> tuple[Row, Row]:
    """These columns of a row as it stood when a change was made, and now."""
    ((*values,),) = rows(f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", (key,))
    now = dict(zip(columns, values, strict=True))
    return _image(table, key, number) or now, now


def _kept_at(
    table: str, parent: str, columns: Sequence[str], key: int, number: int
) -> list[tuple[Any, ...]]:
    """The key and these columns of the papers that a subject carried when a change was made: those
    that were there, and not void yet."""
    wrote = (
        f"(SELECT max(c.id) FROM change c WHERE c.table_name = '{table}' "
        "AND c.row_key = CAST(d.id AS TEXT) AND c.action = '{}')"
    )
    return rows(
        f"SELECT d.id, {', '.join(f'd.{column}' for column in columns)} FROM {table} d "
        f"WHERE d.{parent} = ? AND {wrote.format('INSERT')} < ? "
        f"AND (d.void = 0 OR {wrote.format('UPDATE')} > ?) ORDER BY d.id",
        (key, number, number),
    )


def _application(key: int, returned: _Returned) -> tuple[Said, Said]:
    """An application then and now."""
    stored = load_application(key)
    draft = stored.draft
    facts = {**asdict(draft.facts), "manager_opinion": draft.manager_opinion}
    now = Said(
        {name: facts[name] for name in REVIEWED},
        {each.group_code: asdict(each) for each in draft.classes},
        [asdict(each) for each in draft.contacts],
        {paper.id: _paper(paper) for paper in stored.documents},
    )
    image = _image("application", key, returned.begun) or now.facts
    before = replace(
        now,
        facts={name: image[name] for name in REVIEWED if name in image},
        papers=_application_papers(key, returned.begun),
    )
    lines = _lines_by(key, returned.begun, returned.again)
    if lines is not None:
        classes, contacts = lines
        before = replace(
            before, classes={row["group_code"]: row for row in classes}, contacts=contacts
        )
    return before, now


def _paper(row: DocumentRow) -> Paper:
    content = (row.sha256, row.number, row.issuer, row.holder, row.long_term)
    days = tuple(day.isoformat() if day else None for day in (row.valid_from, row.valid_to))
    return Paper(row.kind, (*content, *days))


def _application_papers(key: int, number: int) -> dict[int, Paper]:
    columns = (
        "kind", "sha256", "number", "issuer", "holder", "long_term", "valid_from", "valid_to",
    )  # fmt: skip
    return {
        int(paper): Paper(DocumentKind(kind), (sha256, *words, bool(long), *days))
        for paper, kind, sha256, *words, long, first, last in _kept_at(
            "application_document", "application_id", columns, key, number
        )
        for days in [(first, last)]
    }


def _licence(key: int, returned: _Returned) -> tuple[Said, Said]:
    """A paper of a customer then and now."""
    columns = (
        "kind", "proof", "number", "issuer", "valid_from", "valid_to", "long_term", "sha256",
    )  # fmt: skip
    before, now = (
        Said(
            {
                "document": row["kind"],
                "sort": PaperSort.PROOF if row["proof"] else PaperSort.LICENCE,
                "number": row["number"],
                "issuer": row["issuer"],
                "valid_from": row["valid_from"],
                "valid_to": UNLIMITED if row["long_term"] else row["valid_to"],
            },
            papers={key: Paper("", row["sha256"])},
        )
        for row in _of_row("licence", columns, key, returned.begun)
    )
    return before, now


def _customer_change(key: int, returned: _Returned) -> tuple[Said, Said]:
    """What is asked for of a customer's file then and now."""
    before, now = (
        Said({name: row[name] for name in CHANGED}, papers={key: Paper("", row["sha256"])})
        for row in _of_row("customer_change", (*CHANGED, "sha256"), key, returned.begun)
    )
    return before, now


def _disqualification(key: int, returned: _Returned) -> tuple[Said, Said]:
    """A proposal then and now; its evidence is told apart by the names of the files."""
    columns = ("ground", "facts", "occurred_on", "loss_fen")
    table, parent, of = "disqualification_paper", "disqualification_id", ("label", "sha256")
    kept = _kept_at(table, parent, of, key, returned.begun)
    held = rows(f"SELECT id, label, sha256 FROM {table} WHERE {parent} = ? AND void = 0", (key,))
    before, now = (
        Said(
            {
                "ground": row["ground"],
                "matter": row["facts"],
                "occurred_on": row["occurred_on"],
                "loss_fen": row["loss_fen"],
            },
            papers={int(paper): Paper(label, sha256) for paper, label, sha256 in papers},
        )
        for row, papers in zip(
            _of_row("disqualification", columns, key, returned.begun), (kept, held), strict=True
        )
    )
    return before, now


def _lines_by(
    application_id: int, begun: int, ended: int | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """The classes and contacts that an application had at the change `begun`, where they were
    written anew between it and `ended`; None where they stand as they were.

    Saving replaces all of them, in this application's own events: the first that went are those.
    """
    until, last = ("AND c.id < ? ", [ended]) if ended is not None else ("", [])
    found: dict[tuple[str, str], str | None] = {}
    for table, key, old in rows(
        'SELECT c.table_name, c.row_key, c."old" FROM change c CROSS JOIN event e '
        f"WHERE c.id > ? {until}AND c.table_name IN ('application_class', 'application_contact') "
        "AND e.key = c.event AND e.subject = 'accreditation' AND e.subject_id = ? ORDER BY c.id",
        (begun, *last, str(application_id)),
    ):
        found.setdefault((table, key), old)
    if not found:
        return None
    gone = [(table, json.loads(old)) for (table, _key), old in found.items() if old is not None]
    own = [(table, row) for table, row in gone if row["application_id"] == application_id]
    classes = [row for table, row in own if table == "application_class"]
    return classes, [row for table, row in own if table == "application_contact"]


# what a subject said when it was returned, and what it says now, by the chain of its case
SAID: Mapping[str, Callable[[int, _Returned], tuple[Said, Said]]] = {
    ACCREDITATION.name: _application,
    LICENCE.name: _licence,
    CUSTOMER_CHANGE.name: _customer_change,
    DISQUALIFICATION.name: _disqualification,
}
