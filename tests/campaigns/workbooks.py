"""G7: 10,000 spoilt files to import: read or refused, never half, each in 2 s and 300 MB.

From 200 seeds, 50 files each: workbooks of both ages and texts in four encodings, with cells, rows,
columns, headings and bytes spoilt. Each is read by the program's reading child (forked, not begun
anew: a hundred times as fast), shown to the program, and imported into a department's file. That
the library aborts the child counts as a refusal. A refusal writes nothing. The kilograms of what is
accepted are those of another reader (openpyxl, a text by its lines; of an old workbook what was
written into it), which takes every line that is neither refused, empty nor a total. Seconds are
those of the processor, so that a busy machine does not count.
"""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
import random
import re
import shutil
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal, InvalidOperation
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from chemsales.bootstrap import open_database
from chemsales.exchange import describe, worker
from chemsales.exchange.model import ImportContext, Preview
from chemsales.queries.offtake import import_context
from chemsales.rules.errors import ChemsalesError, DataError
from chemsales.rules.offtake import BatchKind
from chemsales.services import offtake
from chemsales.storage.database import connected, database, rows
from tests.campaigns import Score
from tests.campaigns.mutants import Mutant, mutants
from tests.factory import PRODUCTS, session_of
from tests.worked import copy_to

SEEDS, FEW_SEEDS, EACH = 200, 2, 50
SECONDS, MEGABYTES = 2.0, 300
CODECS = {"UTF-8": "utf-8", "UTF-8 BOM": "utf-8-sig", "GB18030": "gb18030", "UTF-16": "utf-16"}
TOTAL = re.compile(r"合计|小计|总计|total", re.IGNORECASE)
NAMING = {"day", "month", "customer_name", "product_name", "product_code"}
Told = tuple[str, float, list[str]]  # how it ended, seconds, what went wrong

COST = ".cost"
CHILD = worker._child

_processes = multiprocessing.get_context("forkserver" if os.name != "nt" else "spawn")


def run(short: bool) -> Iterator[Score]:
    """By two processes."""
    seeds = range(FEW_SEEDS if short else SEEDS)
    with tempfile.TemporaryDirectory(prefix="chemsales-workbooks-") as name:
        url = copy_to(Path(name) / "work.db")
        given = [(seed, url, os.environ["CHEMSALES_HOME"]) for seed in seeds]
        with ProcessPoolExecutor(2, mp_context=_processes) as pool:
            found = [told for each in pool.map(of_seed, given) for told in each]
    ends = {end: sum(told[0] == end for told in found) for end in sorted({t[0] for t in found})}
    slowest = max(seconds for _end, seconds, _wrong in found)
    said = ", ".join(f"{count} {end}" for end, count in ends.items())
    wrong = [text for told in found for text in told[2]]
    if not {"imported", "refused"} <= ends.keys():
        wrong.append("not both imported and refused")
    yield Score(f"files ({said}; slowest {slowest:.2f} s)", len(found), tuple(wrong))


def of_seed(given: tuple[int, str, str]) -> list[Told]:
    """All files of one seed, on an own copy of the database."""
    seed, url, home = given
    os.environ["CHEMSALES_HOME"] = home
    if os.name != "nt":
        _processes.set_forkserver_preload([__name__])
    with tempfile.TemporaryDirectory(prefix="chemsales-mutants-") as name:
        folder = Path(name)
        shutil.copyfile(url.removeprefix("sqlite:///"), folder / "work.db")
        open_database(f"sqlite:///{folder / 'work.db'}")
        session = session_of("am")
        with connected():
            context = import_context(session.actor, session.today())
            names = [str(value) for (value,) in rows("SELECT name FROM customer ORDER BY id")]
            products = [product[0] for product in PRODUCTS if product[3] == "PO"]
            chance = random.Random(seed)
            return [
                _judged(f"{seed}/{at}", mutant, mutant.write(folder, chance), context)
                for at, mutant in enumerate(mutants(seed, names, products, EACH))
            ]


def _judged(name: str, mutant: Mutant, path: Path, context: ImportContext) -> Told:
    """Read, show and import one file."""
    wrong, cost = [], path.with_name(path.name + COST)
    cost.unlink(missing_ok=True)
    try:
        preview = _read(path, mutant.kind, context)
    except DataError as refusal:
        trace = "\n".join(getattr(refusal, "__notes__", ()))
        if trace and "Panic" not in trace and "MemoryError" not in trace:
            wrong.append(f"{name}: {trace.strip().splitlines()[-1]}")
        end = "unreadable"
    else:
        if any(not describe(problem) for problem in preview.problems):
            wrong.append(f"{name}: a problem without words")
        end, said = _imported(preview)
        wrong += [f"{name}: {text}" for text in (*said, *_differing(preview, mutant, path))]
    seconds, peak = map(float, cost.read_text(encoding="ascii").split())
    if seconds > SECONDS:
        wrong.append(f"{name}: {seconds:.1f} s")
    if peak > MEGABYTES:
        wrong.append(f"{name}: {peak:.0f} MB")
    return end, seconds, [f"{text} ({mutant.format}, {mutant.done})" for text in wrong]


class _Watched:
    """The child's end of the pipe, which notes what the child has cost until each message."""

    def __init__(self, connection: Connection, note: Path) -> None:
        self.recv, self.recv_bytes = connection.recv, connection.recv_bytes
        self._connection, self._note, self._began = connection, note, time.process_time()

    def send_bytes(self, data: bytes) -> None:
        """A message; what was spent until now stands beside the file first."""
        spent = time.process_time() - self._began
        self._note.write_text(f"{spent} {_megabytes()}", encoding="ascii")
        self._connection.send_bytes(data)


def _watched(connection: Connection, path: str, kind: str) -> None:
    """The child, its costs noted."""
    CHILD(_Watched(connection, Path(path + COST)), path, kind)  # type: ignore[arg-type]


def _read(path: Path, kind: str, context: ImportContext) -> Preview:
    """The preview as the program gets it, its child forked and watched."""

    def begun(_method: str) -> Any:
        return _processes

    with (
        patch.object(multiprocessing, "get_context", begun),
        patch.object(worker, "_child", _watched),
    ):
        return worker.run(path, BatchKind(kind), context)


def _imported(preview: Preview) -> tuple[str, list[str]]:
    """Import it and take that back: how it ended, and what is wrong with what was written."""
    table = "pickup" if preview.kind is BatchKind.PICKUPS else "plan_line"
    held = f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM import_batch)"
    before, end, wrong = rows(held), "imported", []
    with database.atomic() as transaction:
        try:
            batch = offtake.import_batch(session_of("am"), preview, only_good=True).value
            kg = rows(f"SELECT sum(kg), count(*) FROM {table} WHERE batch_id = ?", (batch,))
            if kg != [(preview.total_kg, len(preview.good))]:
                wrong.append(f"{kg} was written of {preview.total_kg} kg")
        except ChemsalesError:
            end = "refused"
            if rows(held) != before:
                wrong.append("a refused file left rows behind")
        transaction.rollback()
    return end, wrong


def _differing(preview: Preview, mutant: Mutant, path: Path) -> list[str]:
    """The kilograms of another reader, where they are others."""
    grid = _grid(preview, mutant, path)
    if grid is None:
        return []
    column = preview.headings.index(preview.fields["kg"])
    scale = 1 if re.search(r"公斤", preview.fields["kg"]) else 1000
    # a total stands where a line has its day, customer or product; in a remark it is a remark
    naming = [preview.headings.index(preview.fields[name]) for name in NAMING & {*preview.fields}]
    bad = {row.row for row in preview.bad}
    expected = 0
    for number, cells in enumerate(grid, start=1):
        if number <= preview.header_row or number in bad:
            continue
        told = [str(cells[at]) for at in naming if at < len(cells)]
        if column < len(cells) and not any(TOTAL.search(text) for text in told):
            expected += _kilograms(cells[column], scale)
    if expected != preview.total_kg:
        return [f"{preview.total_kg} kg accepted, another reader finds {expected}"]
    return []


def _grid(preview: Preview, mutant: Mutant, path: Path) -> Sequence[Sequence[Any]] | None:
    """The file as another reader sees it, None where there is none for it."""
    if mutant.format == "csv":
        text = path.read_bytes().decode(CODECS[preview.encoding])
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=preview.separator))
    if mutant.format == "xls":
        return None if mutant.damaged else mutant.grid
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        return list(book[preview.sheet].iter_rows(values_only=True))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        return mutant.grid  # what the packing sums protect came through whole


def _kilograms(cell: Any, scale: int) -> int:
    """A quantity's kilograms, 0 where it is none."""
    text = unicodedata.normalize("NFKC", str(cell)).strip().lstrip("'")
    own = re.fullmatch(r"([-+\u2212]?[\d., ]+)\s*(吨|t|kg)?", text)
    if isinstance(cell, bool) or cell is None:
        return 0
    try:
        if isinstance(cell, int | float):
            return int(round(Decimal(f"{cell:.15g}") * scale, 3))
        digits = own[1].replace(",", "").replace(" ", "").replace("\u2212", "-") if own else ""
        return int(Decimal(digits) * scale)
    except (InvalidOperation, ValueError, OverflowError):
        return 0


def _megabytes() -> int:
    """The largest this process has been; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
