"""What a person does with the papers of an application that is open in its dialog: attach scans,
say what stands on them, take them off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chemsales.queries.accreditation import ApplicationDetail, DocumentRow
from chemsales.rules.customer import DocumentKind
from chemsales.rules.errors import ChemsalesError
from chemsales.services.changes import Changed
from chemsales.words import _, say_all
from ui import files
from ui.context import Context
from ui.dialogs import message
from ui.dialogs.attach import AttachDialog, DescribeDialog, ScansDialog, scans_of
from ui.forms.application import ApplicationForm
from ui.turns import Turns
from ui.widgets.documents_pane import DocumentsPane
from ui.work import application as work
from ui.work.application import Attached, Scan


class Host(Protocol):
    """The dialog of an application, as far as its papers go."""

    context: Context
    turns: Turns
    form: ApplicationForm
    documents: DocumentsPane
    detail: ApplicationDetail | None

    @property
    def customer(self) -> int | None:
        """The customer for whose further class it is."""

    def show_stored(self, detail: ApplicationDetail, texts: dict[str, str] | None) -> None:
        """Show what is stored now; these texts (None: none) were saved with it."""

    def show_note(self, text: str) -> None:
        """Say something in the dialog."""

    def refuse(self, error: ChemsalesError) -> None:
        """Say why a write was refused."""


class ApplicationPapers(QObject):
    """Answers what the pane of documents asks for; each write takes its turn among those of the
    dialog."""

    def __init__(self, dialog: Host, window: QWidget) -> None:
        super().__init__(window)
        self._dialog, self._window, self._pane = dialog, window, dialog.documents
        self._pane.dropped.connect(self.attach)
        self._pane.wanted.connect(self._choose_files)
        self._pane.described.connect(self.describe)
        self._pane.removed.connect(self._remove)

    def go_to(self, kind: DocumentKind) -> None:
        """Where a paper of this kind lacks something: say what stands on it, or attach it."""
        for row in self._pane.own:
            if row.kind is kind:
                self.describe(row)
                return
        self._pane.add.setFocus()

    # -- attaching ---------------------------------------------------------------------------------

    def _choose_files(self) -> None:
        title, kinds = _("Attach documents"), _("Scans")
        files.choose(self._window, title, kinds, files.SCANS, self.attach)

    def attach(self, paths: Sequence[Path]) -> None:
        """Ask what these files are, then attach them (the draft is saved with them)."""
        dialog, detail = self._dialog, self._dialog.detail
        subject = f"{detail.id if detail else ''} {' '.join(path.name for path in paths)}"
        scans = scans_of(paths, self._pane.missing)
        asked = AttachDialog(dialog.context, scans, self._attach_scans, self._window)
        asked.open_in(dialog.context, subject)

    def _attach_scans(self, scans: list[Scan], asked: ScansDialog) -> None:
        self._dialog.turns.take(partial(self._attach, scans, asked))

    def _attach(self, scans: list[Scan], asked: ScansDialog) -> None:
        dialog, detail = self._dialog, self._dialog.detail
        dialog.turns.write(
            work.attach,
            dialog.form.draft(),
            detail.id if detail else None,
            detail.version if detail else 0,
            scans,
            dialog.customer,
            done=partial(self._attached, asked, dialog.form.set.texts()),
            failed=asked.refused,
            title=_("Attaching"),
        )

    def _attached(
        self, asked: ScansDialog, texts: dict[str, str], changed: Changed[Attached]
    ) -> None:
        asked.accept()
        self._dialog.show_stored(changed.value.detail, texts)
        lines = [
            _("{field}: {text}", field=name, text=say_all(error.reasons))
            for name, error in changed.value.refused
        ]
        self._dialog.show_note("\n".join(lines))

    # -- saying what stands on one -----------------------------------------------------------------

    def describe(self, row: DocumentRow) -> None:
        """Ask what this paper is and what stands on it."""
        dialog = self._dialog
        given = partial(self._describe_scan, row)
        asked = DescribeDialog(dialog.context, row, given, self._window)
        asked.open_in(dialog.context, row.id)
        asked.start(row.kind in self._pane.undated)

    def _describe_scan(self, row: DocumentRow, scans: list[Scan], asked: ScansDialog) -> None:
        self._dialog.turns.take(partial(self._describe, row, scans[0], asked))

    def _describe(self, row: DocumentRow, scan: Scan, asked: ScansDialog) -> None:
        detail = self._dialog.detail
        assert detail is not None
        self._dialog.turns.write(
            work.describe,
            detail.id,
            row.id,
            scan,
            done=partial(self._described, asked),
            failed=asked.refused,
        )

    def _described(self, asked: ScansDialog, changed: Changed[ApplicationDetail]) -> None:
        asked.accept()
        self._dialog.show_stored(changed.value, None)

    # -- taking one off ----------------------------------------------------------------------------

    def _remove(self, row: DocumentRow) -> None:
        message.ask(
            _("Remove {name}?", name=row.label),
            _("The application no longer carries this document."),
            _("Remove"),
            lambda: self._dialog.turns.take(partial(self._remove_now, row)),
            danger=True,
            parent=self._window,
        )

    def _remove_now(self, row: DocumentRow) -> None:
        dialog = self._dialog
        assert dialog.detail is not None
        dialog.turns.write(
            work.detach,
            dialog.detail.id,
            row.id,
            done=lambda changed: dialog.show_stored(changed.value, None),
            failed=dialog.refuse,
        )
