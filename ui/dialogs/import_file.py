"""Importing a workbook or CSV file: choose or drop it, read what is wrong with it, then import.

The person drops the file, reads the preview, and Ctrl+Enter imports it: nothing is written before.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from chemsales.exchange import Preview, pasting
from chemsales.exchange.guard import SUFFIXES
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.errors import ChemsalesError, Problem
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.offtake import BatchKind
from chemsales.rules.roles import Action
from chemsales.services import offtake as service
from chemsales.services.changes import Changed
from chemsales.words import _, describe, label, say, say_all
from ui import actions, files, theme
from ui.actions import button, set_blocked
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.forms.choice import Choice
from ui.jobs import Job
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import dotted
from ui.theme import Tone
from ui.widgets.busy import BusyBar
from ui.widgets.labels import PlainLabel
from ui.work import offtake as work

PATTERNS = " ".join(f"*{suffix}" for suffix in SUFFIXES)
KINDS = (BatchKind.PICKUPS, BatchKind.PLANS)
PLAN_WORDS = ("计划", "plan")


def _row(problem: Problem) -> int | None:
    number = problem.place.partition(":")[0]
    return int(number) if number else None


def _tone(problem: Problem) -> Tone:
    return Tone.SOON if problem.warning else Tone.PROBLEM


def _weight(problem: Problem) -> str:
    return _("Note") if problem.warning else _("Error")


def _before() -> str:
    return _("Choose a file: its problems are listed here before anything is written.")


class DropField(QFrame):
    """The place where a file is dropped."""

    dropped = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.setAcceptDrops(True)
        self.name = PlainLabel(_("Drop a workbook or CSV file here"), wrap=True)
        self.choose = button(_("Choose a file …"))
        self.paste = button(_("Paste (Ctrl+V)"), tip=_("Paste rows out of a spreadsheet"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(self.name, 1)
        layout.addWidget(self.choose)
        layout.addWidget(self.paste)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)


def _dropped(event: QDropEvent) -> Path | None:
    """The one local file of a drop; its bytes decide later what it is."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in SUFFIXES else None


class ImportDialog(Dialog):
    """One file, from choosing to the result; `imported(months)` once its rows are written."""

    imported = Signal(object)  # tuple[str, ...], in order

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Import pick-ups and plans"), parent)
        self.context = context
        self.path: Path | None = None
        self.preview: Preview | None = None
        self._reading: Job | None = None
        self._turn = 0  # of the reading under way
        self._writing: Job | None = None
        self.drop = DropField()
        self.drop.dropped.connect(self.read)
        self.drop.choose.clicked.connect(lambda _checked=False: self._choose())
        self.drop.paste.clicked.connect(lambda _checked=False: self.paste())
        actions.make("tables.paste", self, self.paste)
        self._folder: TemporaryDirectory[str] | None = None  # of what was pasted
        self.kind = Choice()
        for kind in KINDS:
            self.kind.add(str(kind), label(kind))
        self.kind.choose(str(BatchKind.PICKUPS))
        self.kind.changed.connect(self._read_again)
        self.summary = PlainLabel("", role="section", wrap=True)
        self.details = PlainLabel("", role="quiet", wrap=True)
        self.table = Grid(
            [
                Column(_("Row"), _row, number=True),
                Column(_("Column"), lambda p: p.place.partition(":")[2], widest=18),
                Column(_("Finding"), _weight, tone=_tone),
                Column(_("What is wrong"), lambda p: say(p.reason), widest=80, stretch=True),
            ],
            empty=_before(),
            name=_("Problems in the file"),
        )
        self.whole = PlainLabel("", wrap=True)  # the problem chosen, which the table may shorten
        self.whole.hide()
        self.table.chosen.connect(self._tell)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.drop, 1)
        top.addWidget(self.kind)
        self.body.addLayout(top)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.details)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.whole)
        self.busy = BusyBar(context.jobs)
        self.verbs.insertWidget(0, self.busy)
        self.cancel_button.setText(_("Close"))
        self.save_bad = button(_("Save the bad rows …"), self._ask_bad_rows)
        self.verbs.addWidget(self.save_bad)
        self.only_good = self.add_verb(
            _("Import only the good rows"), partial(self._import, True), ""
        )
        self.all = self.add_verb(_("Import all rows"), partial(self._import, False))
        self.resize(theme.fitting(920, 640, parent))
        self._show(None)

    # -- reading -----------------------------------------------------------------------------------

    def _choose(self) -> None:
        kind = _("Workbooks and CSV files")
        files.choose_one(self, _("Choose a file"), kind, PATTERNS, self.read)

    def paste(self, text: str = "") -> None:
        """Read a block of cells, with its headings, that was copied in a spreadsheet."""
        when = self.context.session.clock().astimezone(COMPANY_ZONE).strftime("%H%M%S")
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="chemsales-")
            self.finished.connect(self._folder.cleanup)
        try:
            path = pasting.keep(
                text or QGuiApplication.clipboard().text(),
                Path(self._folder.name),
                _("Pasted {when}", when=when),
            )
        except ChemsalesError as error:
            self.show_refusal(error)
            return
        self.path = path
        self._read_again()

    def read(self, path: Path) -> None:
        """Read and check this file; its name says whether it holds plans."""
        self.path = path
        plans = any(word in path.name.lower() for word in PLAN_WORDS)
        wanted = BatchKind.PLANS if plans else BatchKind.PICKUPS
        if self.kind.key() == str(wanted):
            self._read_again()
        else:
            self.kind.choose(str(wanted))  # which reads

    def _read_again(self) -> None:
        if self.path is None:
            return
        if self._reading is not None:
            self._reading.cancel.set()
        self._show(None)
        self.drop.name.setText(self.path.name)
        self.details.setText(_("Reading and checking …"))
        self.table.set_empty_text(_("Reading and checking …"))
        self._turn += 1
        self._reading = self.context.jobs.read(
            work.preview,
            self.context.session,
            self.path,
            BatchKind(self.kind.key()),
            done=self._show,
            failed=self._not_readable,
            always=partial(self._read_ended, self._turn),
            title=_("Reading {name}", name=self.path.name),
            control=True,
        )

    def _read_ended(self, turn: int) -> None:
        if turn != self._turn:
            return  # another file is being read by now
        if self.preview is None:
            self.table.set_empty_text(_before())
        if self.preview is None and not self.note.isVisible():
            self.details.setText(_("Stopped; nothing was written.") if self.path else "")

    def _not_readable(self, error: ChemsalesError) -> None:
        self.details.setText("")
        self.show_refusal(error)

    def _show(self, preview: Preview | None) -> None:
        """Show what was read; the verbs are greyed with the reasons why."""
        self.preview = preview
        self.show_note("")
        for made in (self.save_bad, self.only_good, self.all):
            made.setVisible(preview is not None)
        self.summary.setVisible(preview is not None)
        self.table.set_rows(preview.problems if preview else [])
        if preview is None:
            self.details.setText("")
            return
        good, bad = len(preview.good), len(preview.bad)
        tonnes = format_tonnes(preview.total_kg)
        self.summary.setText(
            _(
                "Good rows: {good}, {tonnes} t, months: {months}; bad rows: {bad}",
                good=good,
                tonnes=tonnes,
                months=_(", ").join(preview.months) or "-",
                bad=bad,
            )
        )
        self.details.setText(self._details(preview))
        self.table.set_empty_text(_("No problem was found in this file."))
        self._judge(preview)
        self.table.select_first()

    def _tell(self, problem: Problem | None) -> None:
        """Say the whole of a problem below the table."""
        self.whole.setText(describe(problem) if problem is not None else "")
        self.whole.setVisible(problem is not None)

    def _details(self, preview: Preview) -> str:
        lines = []
        if preview.sheet:
            lines.append(_("Sheet: {name}", name=preview.sheet))
        if preview.encoding:
            lines.append(_("Encoding: {name}", name=preview.encoding))
        lines.append(_("Columns: {names}", names=_(", ").join(preview.fields.values())))
        if preview.ignored_headings:
            names = _(", ").join(preview.ignored_headings)
            lines.append(_("Not used: {names}", names=names))
        return dotted(lines)

    def _judge(self, preview: Preview) -> None:
        role = say_all(self.context.blockers(Action.OFFTAKE_IMPORT))
        file_wide = say_all(preview.file_reasons)
        bad = len(preview.bad)
        wrong = _("Wrong rows: {count}; correct them first.", count=bad) if bad else ""
        set_blocked(self.all, role or file_wide or wrong)
        set_blocked(self.only_good, role or file_wide)
        self.only_good.setVisible(bool(bad))
        self.save_bad.setVisible(bool(bad))
        self.show_note(role or file_wide or wrong)

    # -- writing -----------------------------------------------------------------------------------

    def _import(self, only_good: bool) -> None:
        preview = self.preview
        if preview is None:
            return
        for made in (self.only_good, self.all):
            made.setEnabled(False)
        self._writing = self.context.jobs.write(
            service.import_batch,
            self.context.session,
            preview,
            only_good,
            done=partial(self._imported, preview, only_good),
            failed=partial(self._import_refused, preview),
            always=partial(self._import_ended, preview),
            title=_("Importing {name}", name=preview.file_name),
            control=True,
        )

    def _imported(self, preview: Preview, only_good: bool, _changed: Changed[int]) -> None:
        said = _(
            "Imported from {name}: {count} rows, {tonnes} t.",
            count=len(preview.good),
            name=preview.file_name,
            tonnes=format_tonnes(preview.total_kg),
        )
        self.context.said.emit(said)
        self.imported.emit(tuple(preview.months))
        if not (only_good and preview.bad):
            self.accept()
            return
        self.preview = preview
        self.summary.setText(said)
        self.details.setText(
            _("Bad rows left out: {count}. Save them to correct.", count=len(preview.bad))
        )
        self.show_note("")
        self.only_good.hide()
        self.all.hide()
        self.kind.setEnabled(False)

    def _import_refused(self, preview: Preview, error: ChemsalesError) -> None:
        self._judge(preview)
        self.show_refusal(error)

    def _import_ended(self, preview: Preview) -> None:
        if self._writing is not None and self._writing.cancel.is_set() and self.isVisible():
            self._judge(preview)

    def _ask_bad_rows(self) -> None:
        assert self.preview is not None
        name = _("{name} to correct", name=Path(self.preview.file_name).stem)
        title = _("Save the bad rows")
        files.choose_place(self, title, f"{name}.xlsx", _("Workbook"), self.save_bad_rows)

    def save_bad_rows(self, path: Path) -> None:
        """Save the bad rows, with what is wrong in each, as a workbook."""
        self.context.jobs.read(
            work.write_bad_rows,
            self.preview,
            path,
            done=self._bad_rows_saved,
            failed=self.show_refusal,
        )

    def _bad_rows_saved(self, path: Path) -> None:
        self.context.said.emit(_("Saved as {name}", name=path.name))
        self.details.setText(_("The bad rows are saved as {name}.", name=path.name))

    def reject(self) -> None:
        """Close; a reading under way is stopped."""
        if self._reading is not None:
            self._reading.cancel.set()
        super().reject()
