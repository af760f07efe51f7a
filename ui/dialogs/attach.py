"""What the dropped or chosen scans are: kind, number and validity of each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication, QCheckBox, QFrame, QVBoxLayout, QWidget

from chemsales.queries.accreditation import DocumentRow, document_bytes
from chemsales.rules.customer import DocumentKind
from chemsales.rules.roles import Actor
from chemsales.words import _, label
from ui.context import Context
from ui.dialogs.scan_form import ScanFormDialog
from ui.forms.binder import Binder
from ui.forms.date_field import DateField
from ui.forms.form import Form
from ui.forms.picker import Picker
from ui.widgets.document_viewer import Item
from ui.widgets.labels import PlainLabel
from ui.work.application import Scan, scan_of, scan_problems
from ui.work.scans import look

NAMES: tuple[tuple[DocumentKind, tuple[str, ...]], ...] = (
    (DocumentKind.HAZARDOUS_LICENCE, ("危化", "危险化学品", "hazard")),
    (DocumentKind.ACCOUNT_PERMIT, ("开户许可", "permit")),
    (DocumentKind.BUSINESS_LICENCE, ("营业执照", "执照", "licence", "license")),
    (DocumentKind.NATIONAL_TAX, ("国税", "national")),
    (DocumentKind.LOCAL_TAX, ("地税", "local")),
    (DocumentKind.ORGANISATION_CODE, ("组织机构", "organisation", "organization")),
    (DocumentKind.INVOICE_DATA, ("开票", "invoice")),
    (DocumentKind.AUTHORISATION, ("授权", "委托", "authori")),
)


def guess_kind(name: str, missing: Sequence[DocumentKind]) -> DocumentKind:
    """The kind that a file's name speaks of, else the first one still missing."""
    low = name.lower()
    for kind, words in NAMES:
        if any(word in low for word in words):
            return kind
    return missing[0] if missing else DocumentKind.OTHER


def scans_of(paths: Sequence[Path], missing: Sequence[DocumentKind]) -> list[Scan]:
    """What these files probably are: what their names say, else what is missing, each once."""
    made, left = [], list(missing)
    for path in paths:
        kind = guess_kind(path.name, left)
        if kind in left:
            left.remove(kind)
        made.append(Scan(path, kind))
    return made


class ScansDialog(ScanFormDialog):
    """One block per scan with what is known of it, by the key that `read(actor, key)` takes; the
    scan in whose block the cursor stands is the one beside. `on_given(scans, dialog)` is called by
    its verb (Ctrl+Enter)."""

    def __init__(
        self,
        context: Context,
        title: str,
        verb: str,
        scans: Mapping[Hashable, Scan],
        read: Callable[..., tuple[str, bytes]],
        on_given: Callable[[list[Scan], ScansDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, title, "attach", read, parent)
        self._today = context.session.today()
        self.binders: list[Binder[Scan]] = []
        self._blocks: dict[Hashable, QFrame] = {}
        for key, scan in scans.items():
            self._blocks[key] = self._block(scan)
            self.area.addWidget(self._blocks[key])
        self.area.addStretch(1)
        self.fields.mark_clean()
        self.verb = self.add_giving(verb)
        self.given.connect(lambda typed: on_given(typed, self))
        self.viewer.show_items(
            [Item(key, label(scan.kind), scan.path.name) for key, scan in scans.items()]
        )
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)
        self.fields["0.kind"].focus()

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Show the scan in whose block the cursor stands."""
        for key, block in self._blocks.items():
            if now is not None and block.isAncestorOf(now) and key != self.viewer.key:
                self.viewer.choose(key)

    def _block(self, scan: Scan) -> QFrame:
        frame = QFrame()
        frame.setProperty("card", True)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(PlainLabel(scan.path.name, role="section", wrap=True))
        form = Form(columns=2, labels_above=True, fields=self.fields)
        block, today = len(self.binders), self._today
        last = DateField(today)
        kinds = Picker((str(member), label(member)) for member in DocumentKind)
        made = {
            "kind": form.add(f"{block}.kind", _("Kind of document"), kinds),
            "number": form.add(f"{block}.number", _("Number")),
            "issuer": form.add(f"{block}.issuer", _("Issued by")),
            "holder": form.add(f"{block}.holder", _("In the name of")),
            "valid_from": form.add(f"{block}.valid_from", _("Valid from"), DateField(today)),
            "valid_to": form.add(f"{block}.valid_to", _("Valid to"), last),
            "long_term": form.add(
                f"{block}.long_term",
                _("Without end"),
                QCheckBox(_("valid for an unlimited time")),
            ),
        }
        endless = made["long_term"]
        endless.edited.connect(lambda: last.setEnabled(not endless.text()))
        layout.addWidget(form)
        binder = Binder(self.fields, scan)
        binder.bind("kind", made["kind"], DocumentKind, str)
        binder.bind_all(made)
        binder.set_value(scan)
        self.binders.append(binder)
        return frame

    def scans(self) -> list[Scan]:
        """What is typed, one per file."""
        scans = [binder.value() for binder in self.binders]
        return [replace(scan, valid_to=None) if scan.long_term else scan for scan in scans]

    def give(self) -> None:
        """Give the scans where what is said of each of them is right, else show in the blocks what
        is not."""
        if not self.form.check_required():  # every block shows its own
            return
        scans = self.scans()
        problems = [
            replace(problem, place=f"{block}.{problem.place}")
            for block, scan in enumerate(scans)
            for problem in scan_problems(scan)
        ]
        self.form.show_problems(problems)
        if not problems:
            self.hold()
            self.given.emit(scans)


def _look(actor: Actor, key: tuple[int, Path]) -> tuple[str, bytes]:
    """A file by its place among those that were given and its path."""
    return look(actor, key[1])


class AttachDialog(ScansDialog):
    """What the files are that were dropped or chosen."""

    def __init__(
        self,
        context: Context,
        scans: Sequence[Scan],
        on_given: Callable[[list[Scan], ScansDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        verb = _("Attach ({count})", count=len(scans))
        files = {(at, scan.path): scan for at, scan in enumerate(scans)}
        super().__init__(context, _("Attach documents"), verb, files, _look, on_given, parent)


class DescribeDialog(ScansDialog):
    """What stands on a scan that is attached already."""

    def __init__(
        self,
        context: Context,
        row: DocumentRow,
        on_given: Callable[[list[Scan], ScansDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        title, scans = _("What stands on the paper"), {row.key: scan_of(row)}
        super().__init__(context, title, _("Save"), scans, document_bytes, on_given, parent)

    def start(self, at_validity: bool) -> None:
        """Put the cursor where it is wanted: at the last day, or at the beginning."""
        self.fields["0.valid_to" if at_validity else "0.kind"].focus()
