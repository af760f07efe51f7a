"""What the dropped or chosen scans are: kind, number and validity of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from chemsales.rules.customer import DocumentKind
from chemsales.words import _, label
from ui import theme
from ui.dialogs.form_dialog import FormDialog
from ui.forms.binder import Binder
from ui.forms.date_field import DateField
from ui.forms.form import Form
from ui.forms.picker import Picker
from ui.widgets.labels import PlainLabel
from ui.work.application import Scan

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


class ScansDialog(FormDialog):
    """One block per scan with what is known of it; `on_given(scans, dialog)` is called by its verb
    (Ctrl+Enter)."""

    def __init__(
        self,
        title: str,
        verb: str,
        scans: Sequence[Scan],
        today: date,
        on_given: Callable[[list[Scan], ScansDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self.binders: list[Binder[Scan]] = []
        self.setMinimumWidth(theme.scaled(560))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.scaled(12))
        for scan in scans:
            column.addWidget(self._block(scan, today))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        area.setMinimumHeight(theme.scaled(min(520, 210 * len(scans))))
        self.body.addWidget(area)
        self.fields.mark_clean()
        self.verb = self.add_giving(verb)
        self.given.connect(lambda typed: on_given(typed, self))
        self.fields["0.kind"].focus()

    def _block(self, scan: Scan, today: date) -> QFrame:
        frame = QFrame()
        frame.setProperty("card", True)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(PlainLabel(scan.path.name, role="section", wrap=True))
        form = Form(columns=2, labels_above=True, fields=self.fields)
        block = len(self.binders)
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
        """Give the scans where all is right."""
        if self.form.check_required():  # every block shows its own
            self.hold()
            self.given.emit(self.scans())


class AttachDialog(ScansDialog):
    """What the files are that were dropped or chosen."""

    def __init__(
        self,
        scans: Sequence[Scan],
        today: date,
        on_given: Callable[[list[Scan], ScansDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        verb = _("Attach ({count})", count=len(scans))
        super().__init__(_("Attach documents"), verb, scans, today, on_given, parent)


class DescribeDialog(ScansDialog):
    """What stands on a scan that is attached already."""

    def __init__(
        self,
        scans: Sequence[Scan],
        today: date,
        on_given: Callable[[list[Scan], ScansDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("What stands on the paper"), _("Save"), scans, today, on_given, parent)

    def start(self, at_validity: bool) -> None:
        """Put the cursor where it is wanted: at the last day, or at the beginning."""
        self.fields["0.valid_to" if at_validity else "0.kind"].focus()
