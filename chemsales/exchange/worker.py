"""The child process that reads a file, and the parent's side: progress, cancelling, limits.

A file is hostile until it is read: the child has a time and a memory limit, may be killed at any
moment, and answers in JSON only, so that whatever takes it over cannot run code in the program.
"""

from __future__ import annotations

import gc
import json
import os
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from chemsales.exchange.customers import draft_row, merged
from chemsales.exchange.model import (
    BadRow,
    Cancelled,
    DraftRow,
    ImportContext,
    PickupRow,
    PlanRow,
    Preview,
    Row,
    nothing_known,
)
from chemsales.exchange.reading import Reading, open_file, plain
from chemsales.rules.errors import DataError, Invalid, Problem, Reason
from chemsales.rules.offtake import BatchKind

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Progress = Callable[[int, int], None]

TIME_LIMIT = 60.0  # seconds
MEMORY_LIMIT = 768 << 20  # bytes on top of what the child has when it starts
_WAIT = 0.05  # seconds between two looks at the cancel button
_CHUNK = 5_000

_MAKE: dict[BatchKind, Callable[[Any], Row]] = {
    BatchKind.PICKUPS: PickupRow._make,
    BatchKind.PLANS: PlanRow._make,
    BatchKind.CUSTOMERS: draft_row,
}


def run(
    path: Path,
    kind: BatchKind,
    context: ImportContext,
    cancel: Event | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Read and check a file in a child process.

    `progress` hears (rows read, rows in all); setting `cancel` ends the child at once and raises
    Cancelled. DataError where the file is refused, takes too long or too much memory.
    """
    import multiprocessing

    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    bare = replace(context, database_problems=nothing_known)
    child = spawn.Process(target=_child, args=(theirs, str(path), str(kind)), daemon=True)
    child.start()
    theirs.close()
    try:
        link = _Link(ours, path.name, cancel or Event(), progress)
        link.receive()  # it has started: sending what it needs does not wait for that any more
        ours.send(bare)
        preview = collect(link.receive, kind, path.name)
        return _with_database_problems(link, preview, context)
    finally:
        child.kill()
        child.join()
        ours.close()


class _Link:
    """The parent's end of the pipe: the next message, unless time is up or the person cancels."""

    def __init__(
        self, connection: Connection, name: str, cancel: Event, progress: Progress | None
    ) -> None:
        self.connection = connection
        self._name, self._cancel, self._progress = name, cancel, progress
        self._end = time.monotonic() + TIME_LIMIT

    def receive(self) -> dict[str, Any]:
        """The child's next message; its refusal is raised."""
        while not self.connection.poll(_WAIT):
            if self._cancel.is_set():
                raise Cancelled
            if time.monotonic() > self._end:
                raise DataError(Reason("reason.reader_too_slow", {"file": self._name}))
        if self._cancel.is_set():
            raise Cancelled
        try:
            message: dict[str, Any] = json.loads(self.connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise DataError(Reason("reason.reader_gave_up", {"file": self._name})) from error
        if "refused" in message:
            refusal = DataError(*(Reason.from_dict(stored) for stored in message["refused"]))
            if "trace" in message:
                refusal.add_note(message["trace"])
            raise refusal
        if self._progress is not None and "done" in message:
            self._progress(message["done"], message["of"])
        return message


def collect(receive: Callable[[], dict[str, Any]], kind: BatchKind, name: str) -> Preview:
    """The preview out of the messages of `messages`, taken one by one."""
    head: dict[str, Any] = {}
    good: list[Row] = []
    bad: list[BadRow] = []
    problems: list[Problem] = []
    fallen: set[int] = set()
    make = _MAKE[kind]
    while True:
        message = receive()
        head.update(message.get("head", {}))
        good.extend(map(make, _unpacked(message.get("good", ()))))
        fallen.update(message.get("fallen", ()))
        problems.extend(map(_problem, message.get("problems", ())))
        bad.extend(BadRow(row, tuple(cells)) for row, cells in message.get("bad", ()))
        if "end" in message:
            break
    if kind is BatchKind.CUSTOMERS:
        good = merged(row for row in good if row.row not in fallen)
    return Preview(
        kind=kind,
        file_name=name,
        sha256=head["sha256"],
        sheet=head["sheet"],
        encoding=head["encoding"],
        separator=head["separator"],
        header_row=head["header_row"],
        headings=tuple(head["headings"]),
        fields=head["fields"],
        good=tuple(good),
        bad=tuple(bad),
        problems=tuple(problems),
    )


def _packed(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Rows as columns; one with few different values (days, say) as those and their places."""
    columns: list[Any] = []
    for column in zip(*rows, strict=True):
        places = {value: place for place, value in enumerate(dict.fromkeys(column))}
        if len(places) * 4 < len(column):
            columns.append({"values": list(places), "at": [places[value] for value in column]})
        else:
            columns.append(column)
    return columns


def _unpacked(columns: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows that `_packed` made columns of; equal values are one object."""
    lists = []
    for column in columns:
        if isinstance(column, dict):
            values = column["values"]
            lists.append([values[place] for place in column["at"]])
        else:
            lists.append(column)
    return zip(*lists, strict=True)


def _problem(stored: Sequence[Any]) -> Problem:
    place, reason, warning = stored
    return Problem(place, Reason.from_dict(reason), warning)


def _with_database_problems(link: _Link, preview: Preview, context: ImportContext) -> Preview:
    """The preview with what only the database can tell; rows that it refuses are bad as well."""
    found = tuple(context.database_problems(preview))
    wrong = {int(p.place.partition(":")[0]) for p in found if p.place and not p.warning}
    bad = list(preview.bad)
    if wrong:
        drafts = (row for row in preview.good if isinstance(row, DraftRow) and row.row in wrong)
        wrong.update(number for row in drafts for number in row.others)
        link.connection.send_bytes(json.dumps(sorted(wrong)).encode())
        bad += [BadRow(row, tuple(cells)) for row, cells in link.receive()["bad"]]
    return replace(
        preview,
        state=context.state,
        good=tuple(row for row in preview.good if row.row not in wrong) if wrong else preview.good,
        bad=tuple(sorted(bad)),
        problems=tuple(sorted((*found, *preview.problems), key=_in_order)),
    )


def _in_order(problem: Problem) -> tuple[int, bool]:
    row = problem.place.partition(":")[0]
    return (int(row) if row else 0, problem.warning)


def _child(connection: Connection, path: str, kind: str) -> None:
    """The child's work: messages of rows, problems and bad rows, then cells of rows asked for."""
    gc.disable()  # the child ends soon, and what it holds lives as long as it
    _be_silent()

    def send(message: dict[str, Any]) -> None:
        connection.send_bytes(json.dumps(message, ensure_ascii=False).encode())

    try:
        send({"ready": True})
        context: ImportContext = connection.recv()
        _limit_memory()
        reading = open_file(Path(path), BatchKind(kind), context)
        for message in messages(reading):
            send(message)
        asked = set(json.loads(connection.recv_bytes()))
        send({"bad": reading.cells_of(asked)})
    except (Invalid, DataError) as refusal:
        send({"refused": [reason.as_dict() for reason in refusal.reasons]})
    except (EOFError, OSError):
        return  # the parent has what it wants, or went away
    except BaseException:  # out of memory, or a panic of the reader, which is no Exception
        reason = Reason("reason.reader_gave_up", {"file": Path(path).name})
        send({"refused": [reason.as_dict()], "trace": traceback.format_exc()})


def messages(reading: Reading) -> Iterator[dict[str, Any]]:
    """What the child has to say of a file, piece by piece (JSON-able): head, rows, problems."""
    columns, table = reading.columns, reading.table
    yield {
        "head": {
            "sha256": reading.source.sha256,
            "sheet": table.sheet,
            "encoding": table.encoding,
            "separator": table.separator,
            "header_row": columns.header_row,
            "headings": columns.headings,
            "fields": {field: columns.headings[at] for field, at in columns.places.items()},
        }
    }
    for done, good in reading.good_rows(_CHUNK):
        yield {"good": _packed(good), "done": done, "of": max(table.height, done)}
    checker, heading = reading.checker, columns.heading
    fallen = checker.fallen()
    numbers = {number for number, _finding in fallen}
    if fallen:
        yield {"fallen": sorted(numbers), "bad": reading.cells_of(numbers)}
    found = (
        (f"{row}:{heading(finding.field)}", finding.reason.as_dict(), finding.warning)
        for row, finding in chain(checker.findings, fallen)
    )
    while problems := list(islice(found, _CHUNK)):
        yield {"problems": problems}
    width = len(columns.headings)
    bad = ((row, plain(cells, width)) for row, cells in checker.bad)
    while cells := list(islice(bad, _CHUNK)):
        yield {"bad": cells}
    yield {"end": True}


def _be_silent() -> None:
    """What the reader prints before it aborts is nothing for a person."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _limit_memory() -> None:
    """Let the child fail, not the machine, where a file unfolds to more than is sound."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY_LIMIT
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
