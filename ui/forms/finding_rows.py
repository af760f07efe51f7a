"""What an inspection found: one row for each finding, more on demand; empty rows do not count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.rules.filing import FindingDraft
from chemsales.words import _
from ui.actions import button
from ui.context import Context
from ui.forms.date_field import DateField
from ui.forms.field import FieldSet, FormField
from ui.forms.form import RowGrid
from ui.forms.picker import Picker
from ui.widgets.customer_picker import CustomerPicker, Picked

PLACE = "findings"
TEXTS = ("words", "due_on", "responsible", "customer_id")
AT_FIRST = 3


class FindingRows(RowGrid):
    """Rows of a finding, its due day, who sees to it, and the customer where it is about one."""

    def __init__(
        self,
        fields: FieldSet,
        context: Context,
        people: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        headings = (_("Problem found"), _("Due on"), _("Responsible"), _("Customer"))
        super().__init__(fields, PLACE, headings, (3, 1, 1, 2), parent)
        self._context, self._people = context, people
        self.rows: list[dict[str, FormField]] = []
        self.more = button(_("One more finding"), self._add, "link")
        self.layout().addWidget(self.more)
        self.layout().setAlignment(self.more, Qt.AlignmentFlag.AlignLeft)
        for _at in range(AT_FIRST):
            self._add()
        fields.growers.append(self.grow)

    def _add(self) -> None:
        number, picker = len(self.rows), CustomerPicker(self._context)
        picker.setPlaceholderText(_("Customer"))  # there is no room for the whole hint
        cells: dict[str, QWidget] = {
            "words": QLineEdit(),
            "due_on": DateField(self._context.session.today()),
            "responsible": Picker([("", ""), *self._people]),
            "customer_id": picker,
        }
        name = _("Finding {number}", number=number + 1)
        self.rows.append(self.add_row(str(number), name, cells, lead=False))

    def value(self) -> tuple[FindingDraft, ...]:
        """The findings of which anything is typed."""
        return tuple(_draft(row) for row in self.rows if _filled(row))

    def grow(self, names: Sequence[str]) -> None:
        """Make the rows that fields of these names belong to."""
        wanted = [int(name.split(".")[1]) for name in names if name.startswith(f"{PLACE}.")]
        while wanted and len(self.rows) <= max(wanted):
            self._add()

    def place_on_form(self, place: str) -> str:
        """The place of a problem, counted in rows instead of in findings that are filled in."""
        head, _colon, rest = place.partition(":")
        number, _colon, name = rest.partition(":")
        if head != PLACE or not number.isdigit():
            return place
        rows = [at for at, row in enumerate(self.rows) if _filled(row)]
        return f"{PLACE}.{rows[int(number)]}.{name}"


def _filled(row: dict[str, FormField]) -> bool:
    return any(row[name].text() for name in TEXTS)


def _draft(row: dict[str, FormField]) -> FindingDraft:
    due, picked = row["due_on"].value(), row["customer_id"].value()
    return FindingDraft(
        row["words"].text(),
        due if isinstance(due, date) else None,
        row["responsible"].text(),
        picked.id if isinstance(picked, Picked) else None,
    )
