"""What the place of dispatch, filing and inspections asks of queries, off the window's thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from threading import Event

from chemsales.queries import filing as queries
from chemsales.queries.dispatch_notes import dispatch_notes
from chemsales.queries.listing import whole
from chemsales.rules.roles import Actor
from chemsales.words import _, current
from ui.work.papers import Paper, Part, Progress, file_name, watched, write

Choices = Sequence[tuple[str, str]]


def inspectable(actor: Actor) -> tuple[Choices, Choices]:
    """Who may be responsible for a finding (login and name), and the filings that may be looked at
    (key and number)."""
    filings = [(str(row.id), row.number) for row in whole(actor, queries.FILINGS)]
    return queries.responsible_people(actor), filings


def export(actor: Actor, key: int, path: Path, *, cancel: Event, progress: Progress) -> Path:
    """Write the workbook of a filing; DataError where it is no longer the one that was filed."""
    return write(path, queries.exported(actor, key)[1])


def notes(actor: Actor, keys: Collection[int], *, cancel: Event, progress: Progress) -> Paper:
    """The notes of these items as they print now, each a part of its own."""
    from chemsales.reports import dispatch_note as report

    found = dispatch_notes(actor, keys)
    parts = [
        Part(
            _("Dispatch note {number} {name}", number=each.number, name=each.facts.name),
            partial(report.render, (each,), current()),
        )
        for each in found
    ]
    stem = parts[0].name if len(parts) == 1 else _("Dispatch notes ({count})", count=len(parts))
    return Paper(file_name(stem), report.render(found, current(), watched(cancel, progress)), parts)
