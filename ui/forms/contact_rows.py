"""Contacts at the customer: one row for each kind, more rows on demand; empty rows do not count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.rules.customer import Contact, ContactKind
from chemsales.words import _, label
from ui.actions import button
from ui.forms.field import FieldSet, FormField
from ui.forms.form import RowGrid
from ui.forms.picker import Picker

PLACE = "contacts"
TEXTS = ("name", "title", "phone", "email")


class ContactRows(RowGrid):
    """Rows of a kind, a name, a title, a phone and an e-mail."""

    def __init__(self, fields: FieldSet, parent: QWidget | None = None) -> None:
        headings = (_("For"), _("Name"), _("Title"), _("Phone"), _("E-mail"))
        super().__init__(fields, PLACE, headings, (0, 1, 1, 1, 2), parent)
        self.rows: list[dict[str, FormField]] = []
        self.more = button(_("One more contact"), lambda: self._add(ContactKind.BUSINESS), "link")
        self.layout().addWidget(self.more)
        self.layout().setAlignment(self.more, Qt.AlignmentFlag.AlignLeft)
        for kind in ContactKind:
            self._add(kind)
        fields.growers.append(self.grow)

    def _add(self, kind: ContactKind) -> dict[str, FormField]:
        picker = Picker((str(member), label(member)) for member in ContactKind)
        picker.set_value(str(kind))
        number = len(self.rows)
        cells: dict[str, QWidget] = {"kind": picker, **{name: QLineEdit() for name in TEXTS}}
        name = _("Contact {number}", number=number + 1)
        self.rows.append(self.add_row(str(number), name, cells, lead=False))
        return self.rows[-1]

    def set_read_only(self, read_only: bool) -> None:
        """Whether rows may be added."""
        self.more.setEnabled(not read_only)

    def value(self) -> tuple[Contact, ...]:
        """The contacts that have a name or anything else typed."""
        return tuple(
            Contact(ContactKind(row["kind"].text()), *(row[name].text() for name in TEXTS))
            for row in self.rows
            if _filled(row)
        )

    def set_value(self, contacts: Sequence[Contact]) -> None:
        """Fill the rows: each contact into the first free row of its kind, else into a new one."""
        for row in self.rows:
            for name in TEXTS:
                row[name].set_text("")
        for contact in contacts:
            row = next((row for row in self.rows if _fits(row, contact)), None) or self._add(
                contact.kind
            )
            for name in TEXTS:
                row[name].set_text(getattr(contact, name))

    def grow(self, names: Sequence[str]) -> None:
        """Make the rows that fields of these names belong to."""
        wanted = [int(name.split(".")[1]) for name in names if name.startswith(f"{PLACE}.")]
        while wanted and len(self.rows) <= max(wanted):
            self._add(ContactKind.BUSINESS)

    def place_on_form(self, place: str) -> str:
        """The place of a problem, counted in rows instead of in contacts that are filled in."""
        head, _dot, rest = place.partition(".")
        number, _dot, name = rest.partition(".")
        if head != PLACE or not number.isdigit():
            return place
        rows = [at for at, row in enumerate(self.rows) if _filled(row)]
        at = rows[int(number)] if int(number) < len(rows) else int(number)
        return f"{PLACE}.{at}.{name}".rstrip(".")


def _filled(row: dict[str, FormField]) -> bool:
    return any(row[name].text() for name in TEXTS)


def _fits(row: dict[str, FormField], contact: Contact) -> bool:
    return not _filled(row) and row["kind"].text() == str(contact.kind)
