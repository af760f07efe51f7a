"""Contacts at the customer: one row for each kind, more rows on demand; empty rows do not count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from chemsales.rules.customer import Contact, ContactKind
from chemsales.rules.errors import Problem
from chemsales.words import _, label, say
from ui.actions import button
from ui.widgets.labels import PlainLabel

PLACE = "contacts"


class ContactRows(QWidget):
    """`contacts()` and `set_contacts`."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        headings = (_("For"), _("Name"), _("Title"), _("Phone"), _("E-mail"))
        for column, text in enumerate(headings):
            self._grid.addWidget(PlainLabel(text, role="quiet"), 0, column)
            self._grid.setColumnStretch(column, (0, 1, 1, 1, 2)[column])
        self._headings = headings
        self._rows: list[tuple[QComboBox, list[QLineEdit]]] = []
        self.message = PlainLabel("", role="problem", wrap=True)
        self.message.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._grid)
        layout.addWidget(self.message)
        more = button(_("One more contact"), lambda: self._add(ContactKind.BUSINESS), "link")
        layout.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        for kind in ContactKind:
            self._add(kind)

    def _add(self, kind: ContactKind) -> None:
        choice = QComboBox()
        for member in ContactKind:
            choice.addItem(label(member), str(member))
        choice.setCurrentIndex(choice.findData(str(kind)))
        edits = [QLineEdit() for _number in range(4)]
        number = len(self._rows) + 1
        for column, editor in enumerate((choice, *edits)):
            editor.setAccessibleName(f"{self._headings[column]} {number}")
            self._grid.addWidget(editor, number, column)
        choice.currentIndexChanged.connect(self.edited)
        for edit in edits:
            edit.textChanged.connect(self.edited)
        self._rows.append((choice, edits))

    def contacts(self) -> tuple[Contact, ...]:
        """The contacts that have a name or anything else typed."""
        found = []
        for choice, edits in self._rows:
            texts = [edit.text().strip() for edit in edits]
            if any(texts):
                found.append(Contact(ContactKind(choice.currentData()), *texts))
        return tuple(found)

    def set_contacts(self, contacts: Sequence[Contact]) -> None:
        """Fill the rows: each contact into the first free row of its kind, else into a new one."""
        for _choice, edits in self._rows:
            for edit in edits:
                edit.clear()
        for contact in contacts:
            row = next((row for row in self._rows if self._fits(row, contact)), None)
            if row is None:
                self._add(contact.kind)
                row = self._rows[-1]
            texts = (contact.name, contact.title, contact.phone, contact.email)
            for edit, text in zip(row[1], texts, strict=True):
                edit.setText(text)

    @staticmethod
    def _fits(row: tuple[QComboBox, list[QLineEdit]], contact: Contact) -> bool:
        choice, edits = row
        free = not any(edit.text() for edit in edits)
        return free and choice.currentData() == str(contact.kind)

    def show_problems(self, by_place: Mapping[str, Sequence[Problem]], missing_too: bool) -> None:
        """Show the problems of contacts at the end of the section."""
        here = [
            problem
            for place, found in by_place.items()
            if place.partition(".")[0] == PLACE and (missing_too or place != PLACE)
            for problem in found
        ]
        self.message.setText("\n".join(say(problem.reason) for problem in here))
        self.message.setVisible(bool(here))

    def focus(self, _place: str) -> None:
        """Put the cursor into the first name."""
        self._rows[0][1][0].setFocus(Qt.FocusReason.OtherFocusReason)
