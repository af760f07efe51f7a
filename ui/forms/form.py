"""Forms: labels, editors and messages in a grid, and rows of fields under common headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from chemsales.rules.errors import Invalid, Problem
from ui import theme
from ui.forms.field import Check, FieldSet, FormField
from ui.widgets.labels import PlainLabel


class Form(QWidget):
    """Rows of fields, labels to the right beside them (or above, in a narrow place).

    `columns` puts that many fields beside each other. Fields are found by name:
    `form["bank"].text()`. `fields` may be those of a larger form that this one is a part of.
    """

    edited = Signal()

    def __init__(
        self,
        columns: int = 1,
        labels_above: bool = False,
        fields: FieldSet | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.set = fields or FieldSet(self)
        if fields is None:
            self.set.edited.connect(self.edited)
        self._columns, self._above = columns, labels_above
        self._at = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8 if not labels_above else 3)
        for column in range(columns):
            self._grid.setColumnStretch(column if labels_above else 2 * column + 1, 1)

    @property
    def fields(self) -> dict[str, FormField]:
        """The fields by name."""
        return self.set.fields

    def __getitem__(self, name: str) -> FormField:
        return self.set[name]

    def add(
        self,
        name: str,
        label: str,
        editor: QWidget | None = None,
        required: bool = False,
        hint: str = "",
        check: Check | None = None,
        wide: bool = False,
    ) -> FormField:
        """Add a field (a line edit where no editor is given); `wide` takes the whole row."""
        field = self.set.add(FormField(name, label, editor or QLineEdit(), required, hint, check))
        if wide and self._at % self._columns:
            self._at += self._columns - self._at % self._columns
        row, column = divmod(self._at, self._columns)
        span = self._columns if wide else 1
        top = Qt.AlignmentFlag.AlignTop
        if self._above:
            field.label.setContentsMargins(0, theme.scaled(6) if row else 0, 0, 0)
            self._grid.addWidget(field.label, 2 * row, column, 1, span)
            self._grid.addWidget(field, 2 * row + 1, column, 1, span, top)
        else:
            # in line with the text inside an editor that has a frame
            down = 0 if isinstance(field.editor, QLabel) else theme.scaled(5)
            field.label.setContentsMargins(0, down, 0, 0)
            right = Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(field.label, row, 2 * column, right | top)
            self._grid.addWidget(field, row, 2 * column + 1, 1, 2 * span - 1, top)
        self._at += span
        return field

    def add_row(self, widget: QWidget) -> None:
        """Put a widget over a whole row (a section's heading, a note)."""
        self._at += -self._at % self._columns
        row = self._at // self._columns
        if self._above:
            self._grid.addWidget(widget, 2 * row, 0, 1, self._columns)
        else:
            self._grid.addWidget(widget, row, 0, 1, 2 * self._columns)
        self._at += self._columns

    def values(self) -> dict[str, str]:
        """The text of every field, trimmed, by name."""
        return {name: field.text() for name, field in self.fields.items()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Fill the fields of these names and forget the messages."""
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].set_text(value)
        self.set.clear_problems()

    def set_read_only(self, read_only: bool) -> None:
        """Forbid or allow editing in every field."""
        self.set.set_read_only(read_only)

    def show_problems(self, problems: Iterable[Problem] | Invalid) -> list[Problem]:
        """Show each problem under its field, focus the first wrong one, return those without a
        field."""
        rest = self.set.show_problems(problems)
        self.set.focus_first_wrong()
        return rest

    def check_required(self) -> bool:
        """Show what is missing or wrong under its field and focus the first; True where all is
        right."""
        right = self.set.check()
        if not right:
            self.set.focus_first_wrong()
        return right


class RowGrid(QWidget):
    """Rows of fields under common headings; the messages of a row stand below it in its whole
    width, those of the whole under all rows.

    The field "phone" of the row "2" in "contacts" is called "contacts.2.phone".
    """

    def __init__(
        self,
        fields: FieldSet,
        place: str,
        headings: Sequence[str],
        stretches: Sequence[int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.set, self.place, self._headings = fields, place, tuple(headings)
        self._rows = 0
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        for column, text in enumerate(headings):
            self._grid.addWidget(PlainLabel(text, role="quiet"), 0, column)
            self._grid.setColumnStretch(column, stretches[column])
        outer.addLayout(self._grid)
        self.below = QVBoxLayout()  # what belongs to the rows and has no place in them
        outer.addLayout(self.below)
        outer.addWidget(fields.add_note(place))

    def add_row(
        self, key: str, name: str, cells: Mapping[str, QWidget], lead: bool = True
    ) -> dict[str, FormField]:
        """Add a row; with `lead` its name stands in the first column.

        Each cell is called by the name of the row and its heading.
        """
        at = 1 + 2 * self._rows
        self._rows += 1
        first = int(lead)
        if lead:
            self._grid.addWidget(PlainLabel(name), at, 0)
        messages = QVBoxLayout()
        messages.setSpacing(0)
        group = f"{self.place}.{key}"
        made: dict[str, FormField] = {}
        for column, (cell, editor) in enumerate(cells.items(), start=first):
            title = f"{name} {self._headings[column]}"
            field = FormField(
                f"{group}.{cell}", title, editor, group=group, group_title=name, apart=True
            )
            made[cell] = self.set.add(field)
            self._grid.addWidget(field, at, column)
            messages.addWidget(field.message)
        note = self.set.add_note(group)
        messages.addWidget(note)
        self._grid.addLayout(messages, at + 1, first, 1, len(self._headings) - first)
        return made
