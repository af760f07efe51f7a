"""The main job without a window: the sample department from its workbooks to its printed papers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from chemsales.bootstrap import open_database
from chemsales.demo.customers import accredited
from chemsales.demo.loader import LAST_PERIOD, RETURNED_ONCE, Progress, load
from chemsales.demo.people import SampleClock, session_of
from chemsales.exchange.table import write_xlsx
from chemsales.queries import evaluation as runs
from chemsales.queries import tiers
from chemsales.queries.application_form import application_form, blank_application_form
from chemsales.queries.dispatch_notes import dispatch_notes
from chemsales.queries.evaluation_reports import meeting, sheets
from chemsales.queries.filing import exported
from chemsales.queries.verification import Verification
from chemsales.rules.approval import Verdict
from chemsales.services import audit, evaluation
from chemsales.storage.database import close, rows
from chemsales.words import _, label, say_all

LAST_MONTH = "2026-09"


@dataclass(frozen=True, slots=True)
class Made:
    """What a run left: its files in order, and what verifying its database found."""

    files: tuple[Path, ...]
    verification: Verification


def run(out: Path, progress: Progress | None = None) -> Made:
    """Do the main job on a fresh database in `out` and print its papers there.

    Accredits sixty customers through three stages, imports and closes eighteen months, computes and
    signs the evaluations, and writes the last quarter's sheets, the operating meeting's summary,
    application forms, the levels, the exported inputs of the scores, and the database itself.
    """
    out.mkdir(parents=True, exist_ok=True)
    database = out / "sample.db"
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    open_database(f"sqlite:///{database.absolute()}")
    try:
        clock = load(progress)
        run_id = _sign_last(clock)
        files = [path for write in _PAPERS for path in write(out, clock, run_id)]
        verification = audit.verify(session_of("auditor", clock))
    finally:
        close()
    return Made((*files, database), verification)


def _sign_last(clock: SampleClock) -> int:
    """The sales head signs the last quarter; the key of its run."""
    head = session_of("sales", clock)
    run = runs.runs(head.actor, LAST_PERIOD)[0]
    evaluation.sign(head, run.run_id, run.version, Verdict.APPROVE, "同意，报经营例会。")
    return run.run_id


def _evaluation(out: Path, clock: SampleClock, run_id: int) -> list[Path]:
    from chemsales.reports import evaluation_sheet, operating_meeting

    actor = session_of("gm", clock).actor
    sheet = _write(
        out / f"evaluation-{LAST_PERIOD}.pdf", evaluation_sheet.render(sheets(actor, run_id))
    )
    summary = _write(
        out / f"meeting-{LAST_PERIOD}.pdf", operating_meeting.render(meeting(actor, run_id))
    )
    inputs = out / f"evaluation-{LAST_PERIOD}.json"
    document = runs.calc_document(actor, run_id)
    inputs.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return [sheet, summary, inputs]


def _forms(out: Path, clock: SampleClock, run_id: int) -> list[Path]:
    """The form of a customer whose application came back once, and the blank one."""
    from chemsales.reports import application_form as form

    session = session_of("am", clock)
    actor = session.actor
    name = accredited()[min(RETURNED_ONCE) - 1].name
    key, code = rows("SELECT application_id, code FROM customer WHERE name = ?", (name,))[0]
    filled = form.render(application_form(actor, key))
    blank = blank_application_form(actor, session.today())
    return [
        _write(out / f"application-{code}.pdf", filled),
        _write(out / "application-blank.pdf", form.render(blank)),
    ]


def _levels(out: Path, clock: SampleClock, run_id: int) -> list[Path]:
    """The levels after the last closed month, as a workbook."""
    path = out / f"levels-{LAST_MONTH}.xlsx"
    headers = (_("Code"), _("Customer"), _("Tonnes"), _("Level before"), _("Level"), _("Reasons"))
    table = [
        (
            row.code,
            row.name,
            Decimal(row.kg) / 1000,
            label(row.level_before),
            label(row.level_after),
            say_all(row.reasons, " "),
        )
        for row in tiers.results(session_of("gm", clock).actor, LAST_MONTH)
    ]
    write_xlsx(headers, table, path)
    return [path]


def _reported(out: Path, clock: SampleClock, run_id: int) -> list[Path]:
    """The note of a customer for its plant office, and the filing as it went to the parent
    department."""
    from chemsales.reports import dispatch_note

    actor = session_of("sales", clock).actor
    key, note = rows("SELECT id, number FROM dispatch WHERE office_code IS NOT NULL ORDER BY id")[0]
    number, workbook = exported(actor, 1)
    return [
        _write(out / f"dispatch-{note}.pdf", dispatch_note.render(dispatch_notes(actor, [key]))),
        _write(out / f"filing-{number}.xlsx", workbook),
    ]


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


_PAPERS: tuple[Callable[[Path, SampleClock, int], list[Path]], ...] = (
    _evaluation, _forms, _levels, _reported,
)  # fmt: skip
