"""The child process: the whole preview, progress, cancelling at once, limits."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from chemsales import exchange
from chemsales.exchange import worker
from chemsales.exchange.model import BadRow
from chemsales.rules.errors import DataError, Problem, Reason
from tests.exchange.conftest import CONTEXT, GOOD, HEADINGS, read, said, write_book

MANY = 60_000


@pytest.fixture
def many(tmp_path) -> Path:
    """A long CSV file."""
    line = "2026-06-15,恒力石化（大连）有限公司,PP-T30S,1\n"
    path = tmp_path / "many.csv"
    path.write_text("日期,客户,产品,数量(吨)\n" + line * MANY, encoding="utf-8")
    return path


def test_a_preview_out_of_the_child_is_the_same(book):
    path = book(GOOD, ("2026-02-30", "谁", "什么", "x", "?", "a", "b"))
    assert exchange.preview(path, "pickups", CONTEXT) == read(path)


def test_a_refusal_comes_out_of_the_child(tmp_path):
    with pytest.raises(DataError) as caught:
        exchange.preview(write_book(tmp_path / "x.xlsx", [["x"]]), "pickups", CONTEXT)
    assert caught.value.reasons[0].code == "reason.header_missing"


def test_what_the_database_knows_makes_rows_bad(book):
    def problems(preview):
        assert [row.row for row in preview.good] == [2, 3]
        return (
            Problem("", Reason("reason.imported_before", {"batch": 1, "day": "x", "who": "y"})),
            Problem(
                "3:提货单号", Reason("reason.note_in_use", {"note": "TH2", "batch": 1, "day": "x"})
            ),
            Problem("2:提货单号", Reason("reason.row_is_note", {"text": "x"}), warning=True),
        )

    context = replace(CONTEXT, database_problems=problems)
    preview = exchange.preview(book(GOOD, (*GOOD[:5], "TH2", None)), "pickups", context)
    assert [row.row for row in preview.good] == [2]
    assert preview.bad == (BadRow(3, ("2026-06-15", *GOOD[1:5], "TH2", None)),)
    assert said(preview) == [" imported_before", "2:提货单号 row_is_note", "3:提货单号 note_in_use"]
    assert [r.code for r in preview.file_reasons] == ["reason.imported_before"]


def test_progress_is_told(many):
    heard: list[tuple[int, int]] = []
    preview = exchange.preview(many, "pickups", CONTEXT, progress=lambda *at: heard.append(at))
    assert len(preview.good) == MANY
    assert heard == sorted(heard)
    assert heard[-1][0] == MANY + 1
    assert len(heard) >= 10


@pytest.mark.parametrize("sign", [signal.SIGCONT, signal.SIGSTOP], ids=["reading", "stuck"])
def test_cancelling_waits_for_nothing(many, sign):
    """Neither for the rest of the file nor for a reader that says nothing any more."""
    cancel = threading.Event()
    heard: list[int] = []

    def progress(done: int, _all: int) -> None:
        heard.append(done)
        if done > 10_000:
            for child in multiprocessing.active_children():
                os.kill(child.pid, sign)
            cancel.set()

    with pytest.raises(exchange.Cancelled):
        exchange.preview(many, "pickups", CONTEXT, cancel, progress)
    assert 10_000 < heard[-1] < MANY
    assert len([done for done in heard if done > 10_000]) == 1
    assert not children()


def test_cancelling_before_anything_was_read(many):
    cancel = threading.Event()
    cancel.set()
    heard: list[int] = []
    with pytest.raises(exchange.Cancelled):
        exchange.preview(many, "pickups", CONTEXT, cancel, lambda done, _all: heard.append(done))
    assert heard == []
    assert not children()


def children() -> list[str]:
    """The command lines of this process's children that read files."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            line = (folder / "cmdline").read_text()
        except OSError:
            continue
        if parent == os.getpid() and "spawn_main" in line:
            found.append(line)
    return found


def test_a_reader_that_takes_too_long_is_ended(many, monkeypatch):
    monkeypatch.setattr(worker, "TIME_LIMIT", 0.0)
    with pytest.raises(DataError) as caught:
        exchange.preview(many, "pickups", CONTEXT)
    assert caught.value.reasons[0].code == "reason.reader_too_slow"
    assert not children()


def test_a_reader_that_dies_is_told(many, monkeypatch):
    def kill(done: int, _all: int) -> None:
        for child in multiprocessing.active_children():
            os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(DataError) as caught:
        exchange.preview(many, "pickups", CONTEXT, progress=kill)
    assert caught.value.reasons[0].code == "reason.reader_gave_up"


def test_a_table_that_needs_more_memory_than_is_sound(tmp_path):
    """Two cells a million rows and 16,384 columns apart: the reader would hold 400 GB."""
    sound = write_book(tmp_path / "sound.xlsx", [HEADINGS, GOOD])
    path = tmp_path / "vast.xlsx"
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", far)
            new.writestr(name, data)
    started = time.monotonic()
    exchange.preview(sound, "pickups", CONTEXT)
    read = time.monotonic()
    with pytest.raises(DataError) as caught:
        exchange.preview(path, "pickups", CONTEXT)
    assert time.monotonic() - read < 5 * (read - started)  # refused about as quickly as read
    assert caught.value.reasons[0].code in ("reason.reader_gave_up", "reason.too_many_rows")


def test_a_vast_old_workbook(tmp_path, capfd):
    """The same for the binary format, whose reader aborts: only the child is lost, silently."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    sheet.write(0, 0, "x")
    sheet.write(65_535, 255, "x")
    book.save(str(tmp_path / "vast.xls"))
    with pytest.raises(DataError) as caught:
        exchange.preview(tmp_path / "vast.xls", "pickups", CONTEXT)
    assert caught.value.reasons[0].code == "reason.reader_gave_up"
    assert capfd.readouterr().err == ""
