"""What of an application is new since it was returned last, out of the audited rows: what was put
up in an earlier round is kept nowhere else (C7.2)."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from chemsales.queries.applications import DocumentRow, StoredApplication, load_application
from chemsales.queries.approval import load_decisions
from chemsales.queries.in_force import FACTS
from chemsales.queries.reading import query
from chemsales.rules.approval import Verdict, standing
from chemsales.rules.customer import ApplicationState, DocumentKind
from chemsales.rules.roles import Actor
from chemsales.rules.rounds import News, Paper, Said, news
from chemsales.storage.database import rows

# accepting a failing code belongs to the review, and is told there
REVIEWED = (*(name for name in FACTS if name != "code_override"), "manager_opinion")
_RETURNED, _IN_REVIEW = str(ApplicationState.RETURNED), str(ApplicationState.IN_REVIEW)


@query()
def since_return(actor: Actor, application_id: int) -> News | None:
    """What an application says otherwise than in the round that was returned last; None where none
    was. NotFound."""
    return load_since_return(load_application(application_id))


def load_since_return(stored: StoredApplication) -> News | None:
    """`since_return` inside services and queries."""
    if stored.case is None:
        return None
    signed = load_decisions(stored.case.id)
    returns = [row for row in signed if row.verdict is Verdict.RETURN]
    last = [row for row in standing(signed) if row.verdict is Verdict.RETURN][-1:]
    if not last:
        return None
    moves = _moves(stored.id)
    # one change of the row for every return, those that were undone among them
    back = [at for at, (_number, was, now) in enumerate(moves) if _turns(was, now, _RETURNED)]
    at = back[next(place for place, row in enumerate(returns) if row is last[0])]
    begun, _was, image = moves[at]
    again = [number for number, was, now in moves[at + 1 :] if _turns(was, now, _IN_REVIEW)]
    now = _said(stored)
    before = replace(
        now,
        facts={name: image[name] for name in REVIEWED if name in image},
        papers=_papers_by(stored.id, begun),
    )
    lines = _lines_by(stored.id, begun, again[0] if again else None)
    if lines is not None:
        classes, contacts = lines
        before = replace(
            before, classes={row["group_code"]: row for row in classes}, contacts=contacts
        )
    return news(last[0].round, before, now)


def _said(stored: StoredApplication) -> Said:
    draft = stored.draft
    facts = {**asdict(draft.facts), "manager_opinion": draft.manager_opinion}
    return Said(
        {name: facts[name] for name in REVIEWED},
        {each.group_code: asdict(each) for each in draft.classes},
        [asdict(each) for each in draft.contacts],
        {paper.id: _paper(paper) for paper in stored.documents},
    )


def _paper(row: DocumentRow) -> Paper:
    content = (row.sha256, row.number, row.issuer, row.holder, row.long_term)
    days = tuple(day.isoformat() if day else None for day in (row.valid_from, row.valid_to))
    return Paper(row.kind, (*content, *days))


def _moves(application_id: int) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """The changes of an application's own row in order: number, the row before and after."""
    return [
        (int(number), json.loads(old), json.loads(new))
        for number, old, new in rows(
            'SELECT id, "old", "new" FROM change WHERE table_name = \'application\' '
            "AND row_key = ? AND action = 'UPDATE' ORDER BY id",
            (str(application_id),),
        )
    ]


def _turns(was: dict[str, Any], now: dict[str, Any], state: str) -> bool:
    return bool(was["state"] != state and now["state"] == state)


def _papers_by(application_id: int, number: int) -> dict[int, Paper]:
    """The papers that an application carried when this change was made: those that were there, and
    not void yet."""
    return {
        int(key): Paper(DocumentKind(kind), (sha256, *words, bool(long), *days))
        for key, kind, sha256, *words, long, first, last in rows(
            "SELECT d.id, d.kind, d.sha256, d.number, d.issuer, d.holder, d.long_term, "
            "d.valid_from, d.valid_to FROM application_document d WHERE d.application_id = ? "
            "AND (SELECT max(c.id) FROM change c WHERE c.table_name = 'application_document' "
            "AND c.row_key = CAST(d.id AS TEXT) AND c.action = 'INSERT') < ? "
            "AND (d.void = 0 OR (SELECT max(c.id) FROM change c "
            "WHERE c.table_name = 'application_document' "
            "AND c.row_key = CAST(d.id AS TEXT) AND c.action = 'UPDATE') > ?) ORDER BY d.id",
            (application_id, number, number),
        )
        for days in [(first, last)]
    }


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
