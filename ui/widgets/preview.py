"""A report before it goes to paper: the bytes shown are the very bytes printed and saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from chemsales.rules.errors import ChemsalesError, DataError, Reason
from chemsales.words import _, say, say_all
from ui import actions, files, theme
from ui.actions import button, button_for
from ui.dialogs import message
from ui.documents import Document
from ui.jobs import Job, Jobs
from ui.printing import PrintRun, printer_like_last, remember_printer
from ui.widgets.busy import ProgressStrip
from ui.widgets.document_tools import DocumentTools
from ui.widgets.labels import EmptyState
from ui.widgets.pages_view import PagesView
from ui.widgets.split import Split
from ui.work import papers
from ui.work.papers import Paper, file_name

NARROW, LISTED = 330, 440  # at 100 %: never narrower; the pages are listed from here on


class Preview(QWidget):
    """`build(title, make, *args)` draws a report off this thread and shows it; then Ctrl+P prints
    it and "Save as PDF" saves exactly `data`.

    Built of several customers it has a list of its pages, and saves a file for each of them.
    """

    built = Signal(object)  # Paper
    ready = Signal()  # its pages are there
    printed = Signal(bool)
    saved = Signal(object)  # Path of the file, or of the folder with the files
    ended = Signal()  # of the building, whatever came of it

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.paper: Paper | None = None
        self._document: Document | None = None
        self._job: Job | None = None
        self._run: PrintRun | None = None
        self.view = PagesView()
        self.view.setAccessibleName(_("Print preview"))
        self.empty = EmptyState()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Pages"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setWordWrap(True)  # a long name takes more lines
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setProperty("role", "pages")
        self.list.currentRowChanged.connect(self.view.go_to)
        self._make_tools()
        self._make_layout()
        self.view.page_changed.connect(self._mark_page)
        jobs.progressed.connect(self._on_progress)
        self.clear()

    def _make_tools(self) -> None:
        self.tools = DocumentTools(self.view, turns=False)
        self.print_action = actions.make("papers.print", self, self.ask_print)
        self.save_action = actions.make("papers.save", self, self.ask_save)
        tip = _("Save a file of its own for every customer")
        self.parts_button = button(_("A file each …"), self.ask_save_parts, "", tip)
        self.print_button = button_for(self.print_action, "primary")
        self.save_button = button_for(self.save_action)
        for made in (self.parts_button, self.save_button, self.print_button):
            self.tools.row.addWidget(made)
        self.strip = ProgressStrip()
        self.strip.cancelled.connect(self.cancel)
        self.strip.hide()

    def _make_layout(self) -> None:
        pages = Split("preview", (190, 500), (self.list, self.view))
        pages.setStretchFactor(1, 1)
        self._pages = pages
        self.setMinimumWidth(theme.scaled(NARROW))
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.scaled(6))
        layout.addWidget(self.tools)
        layout.addWidget(self.strip)
        layout.addLayout(self._stack, 1)

    @property
    def data(self) -> bytes:
        """The bytes shown; b"" where nothing is."""
        return self.paper.data if self.paper is not None else b""

    # -- building ----------------------------------------------------------------------------------

    def build(self, title: str, make: Callable[..., Paper], *args: object) -> None:
        """Call `make(*args, cancel=, progress=)` off this thread and show its paper; a building
        before it is cancelled."""
        self.clear(f"{title} …")
        self._job = self._jobs.read(
            make,
            *args,
            done=self._built,
            failed=self._refused,
            always=self._building_ended,
            title=title,
            channel=(id(self), "build"),
            control=True,
        )
        self.strip.begin(title)

    def _built(self, paper: Paper) -> None:
        self.show_paper(paper)
        self.built.emit(paper)

    def _refused(self, error: ChemsalesError) -> None:
        self._show_sentence(say_all(error))

    def _building_ended(self) -> None:
        if self._job is None or self._job in self._jobs.running():
            return  # a newer one is under way
        cancelled, self._job = self._job.cancel.is_set(), None
        self.strip.hide()
        if self.paper is None and cancelled:
            self._show_sentence(_("Stopped. Nothing was printed or saved."))
        self.ended.emit()

    def cancel(self) -> None:
        """Stop the building, saving or printing that is under way."""
        if self._run is not None:
            self._run.cancel()
        if self._job is not None:
            self._job.cancel.set()
        self.strip.cancel.setEnabled(False)

    def stop_building(self) -> None:
        """Stop the building; a saving or printing under way goes on."""
        if self._job is not None and self.paper is None:
            self._job.cancel.set()

    def _on_progress(self, number: int, done: int, total: int) -> None:
        if self._job is not None and self._job.number == number:
            self.strip.tell(done, total)

    # -- showing -----------------------------------------------------------------------------------

    def show_paper(self, paper: Paper) -> None:
        """Show this paper."""
        self._let_go()
        self.paper = paper
        self._document = Document(paper.data, self)
        self._document.opened.connect(self._opened)
        self._document.failed.connect(self._failed)
        self._judge()

    def clear(self, text: str = "") -> None:
        """Show nothing but a sentence; a building under way is cancelled."""
        if self._job is not None:
            self._job.cancel.set()
            self._job = None
        self.strip.hide()
        self._show_sentence(text)

    def _show_sentence(self, text: str) -> None:
        self._let_go()
        self.empty.set_text(text)
        self._stack.setCurrentWidget(self.empty)
        self._judge()

    def _let_go(self) -> None:
        self.view.show_document(None)
        if self._document is not None:
            self._document.close()
        self.paper, self._document = None, None
        self.list.clear()

    def _opened(self) -> None:
        assert self._document is not None
        self._fill_list(self._document)
        self._stack.setCurrentWidget(self._pages)
        self.view.show_document(self._document)
        self._judge()
        self.ready.emit()

    def _fill_list(self, document: Document) -> None:
        self.list.blockSignals(True)
        for page in range(len(document.sizes)):
            title = document.titles.get(page, "")
            item = QListWidgetItem(f"{page + 1}  {title}".rstrip())
            item.setToolTip(actions.plain_tip(title))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._show_list()
        named = min(theme.scaled(190 if document.titles else 60), self._pages.width() // 4)
        self._pages.divide((named, self._pages.width() - named))

    def _show_list(self) -> None:
        """The list of pages, where they are several and there is room beside them."""
        self.list.setVisible(self.list.count() > 1 and self.width() >= theme.scaled(LISTED))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_list()

    def _failed(self, reason: Reason) -> None:
        self._show_sentence(say(reason))

    def _mark_page(self, page: int) -> None:
        self.list.blockSignals(True)
        self.list.setCurrentRow(page)
        self.list.blockSignals(False)

    def _judge(self) -> None:
        there = self.view.pages > 0
        for verb in (self.print_action, self.save_action):
            verb.setEnabled(there)
        several = self.paper is not None and len(self.paper.parts) > 1
        self.parts_button.setVisible(several)
        self.parts_button.setEnabled(there)
        self.tools.say()

    # -- printing ----------------------------------------------------------------------------------

    def ask_print(self) -> None:
        """Choose a printer, the one used last being offered, then print."""
        assert self.paper is not None
        printer = printer_like_last()
        printer.setDocName(file_name(Path(self.paper.name).stem, ""))
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, max(1, self.view.pages))
        dialog.accepted.connect(lambda: self.print_to(printer))
        QDialog.open(dialog)  # QPrintDialog's own open() wants a slot by name

    def print_to(self, printer: QPrinter) -> None:
        """Print the bytes shown on this printer; `printed` tells how it went."""
        if self._document is None or not self._document.sizes or self._run is not None:
            return
        remember_printer(printer)
        self._run = PrintRun(self._document, printer)
        self._run.progressed.connect(self.strip.tell)
        self._run.ended.connect(self._on_printed)
        self.strip.begin(_("Printing"))
        self._run.start()

    def _on_printed(self, ok: bool) -> None:
        assert self._run is not None
        cancelled, self._run = self._run.cancelled, None
        self.strip.hide()
        self.printed.emit(ok)
        if not ok and not cancelled:
            message.refuse(DataError(Reason("reason.not_printed")), self)

    # -- saving ------------------------------------------------------------------------------------

    def ask_save(self) -> None:
        """Choose a file, then save."""
        assert self.paper is not None
        name = file_name(Path(self.paper.name).stem)
        files.choose_place(self, _("Save as PDF"), name, "PDF", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write exactly the bytes shown; `saved` tells when it is done."""
        self._save(path, papers.save, path, self.data)

    def ask_save_parts(self) -> None:
        """Choose a folder, then save a file for each part."""
        files.choose_folder(self, _("Folder for the files"), self.save_parts_to)

    def save_parts_to(self, folder: Path) -> None:
        """Write a file for each part into this folder, asking before files are replaced."""
        assert self.paper is not None
        parts = self.paper.parts
        there = [path for path in papers.paths(folder, parts) if path.exists()]
        save = partial(self._save, folder, papers.save_parts, folder, parts)
        if there:
            names = "\n".join(path.name for path in there[:5])
            title = _("{count} of these files are there already", count=len(there))
            message.ask(title, names, _("Replace them"), save, danger=True, parent=self)
        else:
            save()

    def _save(self, place: Path, write: Callable[..., list[Path]], *args: object) -> None:
        title = _("Saving")
        self._job = self._jobs.read(
            write,
            *args,
            done=partial(self._on_saved, place),
            failed=self._not_saved,
            always=self._building_ended,
            title=title,
            channel=(id(self), "save"),
            control=True,
        )
        self.strip.begin(title)

    def _on_saved(self, place: Path, written: list[Path]) -> None:
        if written:
            self.saved.emit(place)

    def _not_saved(self, error: ChemsalesError) -> None:
        message.refuse(error, self)
