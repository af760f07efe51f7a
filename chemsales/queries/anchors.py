"""What was noted or printed of the chain at some time, held against the chain of today."""

from __future__ import annotations

import re
from datetime import date

from chemsales.queries.printed import Printed, papers
from chemsales.rules.errors import Invalid, Param, Problem, Reason, term
from chemsales.storage.chain import ChainReport
from chemsales.storage.database import rows

_ANCHOR = re.compile(r"([0-9a-f]{4,64})(?:\W+(?:[^\W\d]+\W+)*(\d{1,18})\W*)?")


def read(anchor: str) -> tuple[str, int]:
    """Hash and position of "HASH" or "HASH@17", position 0 where there is none; Invalid for any
    other text."""
    found = _ANCHOR.fullmatch(anchor.strip().lower())
    if found is None:
        raise Invalid(Problem("anchor", Reason("reason.anchor_unreadable", {})))
    return found[1], int(found[2] or 0)


def hold(hashed: str, position: int, report: ChainReport, today: date) -> Problem:
    """Whether an anchor with a position stands: a warning that says so, or what is wrong with it.

    The position is the number of a link, as `chemsales verify` prints it with the head's hash, or
    that of the last decision's event, as a paper's footer prints it with the hash of its inputs.
    """
    params: dict[str, Param] = {"anchor": hashed, "position": position}
    broken = {(link.source, link.source_id) for link in report.broken}
    link = rows("SELECT hash, source, source_id FROM seal WHERE id = ?", (position,))
    if link and str(link[0][0]).startswith(hashed):
        source, source_id = str(link[0][1]), int(link[0][2])
        if (source, source_id) not in broken:
            return Problem("seal", Reason("reason.anchor_stands", params), warning=True)
        return Problem(f"{source} {source_id}", Reason("reason.anchor_row_changed", params))
    return _printed(hashed, position, params, broken, today)


def _printed(
    hashed: str, event: int, params: dict[str, Param], broken: set[tuple[str, int]], today: date
) -> Problem:
    for printed in papers(today):
        if printed.event == event and printed.inputs_hash.startswith(hashed):
            changed = broken & _rests_on(printed)
            if changed:
                source, source_id = min(changed)
                place = f"{source} {source_id}"
                return Problem(place, Reason("reason.anchor_row_changed", params))
            said = {**params, "kind": term(printed.kind), "subject": printed.subject}
            return Problem("event", Reason("reason.anchor_paper_stands", said), warning=True)
    if ("event", event) in broken or broken & _rows_of_event(event):
        return Problem(f"event {event}", Reason("reason.anchor_row_changed", params))
    return Problem("seal", Reason("reason.anchor_position_missing", params))


def _rests_on(printed: Printed) -> set[tuple[str, int]]:
    """The sealed rows that a paper shows: its last event, its decisions, its rule edition."""
    decisions = rows("SELECT id FROM decision WHERE case_id = ? ORDER BY id", (printed.case_id,))
    shown = {("decision", int(key)) for (key,) in decisions[: printed.shown]}
    return shown | {("event", printed.event), ("rule_edition", printed.edition)}


def _rows_of_event(event: int) -> set[tuple[str, int]]:
    """The sealed rows that an event wrote, and the decisions on its subject."""
    changes = rows(
        "SELECT c.id FROM change c JOIN event e ON e.key = c.event WHERE e.id = ?", (event,)
    )
    decisions = rows(
        "SELECT d.id FROM decision d JOIN approval_case c ON c.id = d.case_id JOIN event e "
        "ON e.subject = c.subject AND e.subject_id = CAST(c.subject_id AS TEXT) WHERE e.id = ?",
        (event,),
    )
    return {("change", int(key)) for (key,) in changes} | {
        ("decision", int(key)) for (key,) in decisions
    }
