"""The fields of the rule parameters, as many as each kind has, giving the JSON-able values that
editions store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chemsales import labels
from chemsales.rules.errors import Problem
from chemsales.rules.policy import PARAMETERS, ParameterInfo, ParameterKind
from chemsales.words import _
from ui import theme
from ui.forms.field import FieldSet, FormField
from ui.forms.number_field import TonnesField, WholeField
from ui.forms.picker import Picker
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel


def _score() -> QLineEdit:
    editor = QLineEdit()
    editor.setAlignment(Qt.AlignmentFlag.AlignRight)  # as every number
    return editor


K = ParameterKind
MAKERS: dict[ParameterKind, Callable[[], QWidget]] = {
    K.KILOGRAMS: TonnesField,
    K.DAYS: WholeField,
    K.COUNTDOWN: WholeField,
    K.WHOLE: WholeField,
    K.OPTIONAL_WHOLE: WholeField,
    K.SCORE: _score,
    K.TIME: QLineEdit,
    K.SCORES: _score,
}


def _word(key: str) -> str:
    return _(labels.LABELS[key])


class Parameter(QWidget):
    """The fields of one parameter; `value()` and `set_value` in the form that an edition stores."""

    def __init__(self, info: ParameterInfo, fields: FieldSet) -> None:
        super().__init__()
        self.info, self.set = info, fields
        self.title = _word(f"Parameter.{info.name}")
        self.made: list[FormField] = []

    def add(self, key: str, editor: QWidget, title: str = "") -> FormField:
        """Make a field of this parameter."""
        name = f"{self.info.name}.{key}"
        field = FormField(
            name,
            title or self.title,
            editor,
            group=self.info.name,
            group_title=self.title,
            apart=True,
        )
        self.made.append(self.set.add(field))
        return field

    def value(self) -> Any:
        """What is typed; None where it cannot be read."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a stored value."""
        raise NotImplementedError


class Plain(Parameter):
    """One value or several: numbers, tonnes (stored in kilograms), texts, a choice, yes or no."""

    def __init__(self, info: ParameterInfo, fields: FieldSet) -> None:
        super().__init__(info, fields)
        make = MAKERS.get(info.kind, self._choice)
        several = isinstance(info.default, list | tuple)  # as many as by default
        count = len(info.default) if several else 1
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for number in range(count):
            editor = make()
            if info.kind in MAKERS:
                editor.setFixedWidth(theme.scaled(110))
            row.addWidget(self.add(str(number), editor))
        row.addStretch(1)

    def _choice(self) -> QWidget:
        if self.info.kind is K.FLAG:
            return QCheckBox(_("yes"))
        return Picker((str(choice), _word(f"Choice.{choice}")) for choice in self.info.choices)

    def value(self) -> Any:
        values = [None if field.value() == "" else field.value() for field in self.made]
        return values if len(values) > 1 else values[0]

    def set_value(self, value: Any) -> None:
        values = value if len(self.made) > 1 else [value]
        for field, one in zip(self.made, values, strict=True):
            field.set_value(one)


class Weights(Parameter):
    """Whole weights by name, one column for each class; a column adds up to 100."""

    def __init__(self, info: ParameterInfo, fields: FieldSet) -> None:
        super().__init__(info, fields)
        assert isinstance(info.default, Mapping)
        self.classed = info.kind is K.CLASS_WEIGHTS
        columns = dict(info.default) if self.classed else {"": info.default}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        self.cells: dict[str, dict[str, FormField]] = {}
        self.sums: dict[str, PlainLabel] = {}
        for at, (column, weights) in enumerate(columns.items(), start=1):
            self._column(grid, at, column, list(weights))
        grid.setColumnStretch(len(columns) + 1, 1)
        self._add_up()

    def _column(self, grid: QGridLayout, at: int, column: str, names: Sequence[str]) -> None:
        heading = _word(f"CustomerClass.{column}") if column else _("Weight")
        grid.addWidget(PlainLabel(heading, role="quiet"), 0, at)
        self.cells[column] = {}
        for row, name in enumerate(names, start=1):
            word = _word(f"{'Indicator' if self.classed else 'Aspect'}.{name}")
            if at == 1:
                grid.addWidget(PlainLabel(word), row, 0)
            editor = WholeField()
            editor.setFixedWidth(theme.scaled(90))
            field = self.add(f"{column}.{name}", editor, f"{heading}, {word}")
            field.edited.connect(self._add_up)
            self.cells[column][name] = field
            grid.addWidget(field, row, at)
        self.sums[column] = PlainLabel("", role="quiet")
        grid.addWidget(self.sums[column], len(names) + 1, at, Qt.AlignmentFlag.AlignRight)

    def _add_up(self) -> None:
        for column, total_label in self.sums.items():
            values = [field.value() for field in self.cells[column].values()]
            total = sum(value for value in values if isinstance(value, int))
            total_label.set_role("quiet" if total == 100 else "problem")
            total_label.setText(_("Sum {total} of 100", total=total))

    def value(self) -> Any:
        read = {
            column: {name: field.value() for name, field in cells.items()}
            for column, cells in self.cells.items()
        }
        return read if self.classed else read[""]

    def set_value(self, value: Any) -> None:
        columns = value if self.classed else {"": value}
        for column, cells in self.cells.items():
            for name, field in cells.items():
                field.set_value(columns[column].get(name, 0))


class ParametersForm(QWidget):
    """Every rule parameter with its article; `value()` and `set_value` are all of them by name."""

    def __init__(self, fields: FieldSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set = fields
        self.editors: dict[str, Parameter] = {}
        self.messages: dict[str, PlainLabel] = {}
        column = QVBoxLayout(self)
        column.setSpacing(theme.scaled(12))
        for info in PARAMETERS:
            column.addLayout(self._part(info))
        column.addStretch(1)

    def _part(self, info: ParameterInfo) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(_word(f"Parameter.{info.name}")))
        head.addWidget(ArticleButton(info.clause))
        head.addStretch(1)
        part.addLayout(head)
        weighed = info.kind in (K.WEIGHTS, K.CLASS_WEIGHTS)
        made = Weights(info, self.set) if weighed else Plain(info, self.set)
        self.editors[info.name] = made
        part.addWidget(made)
        for field in made.made:
            part.addWidget(field.message)
        self.messages[info.name] = self.set.add_note(info.name)
        part.addWidget(self.messages[info.name])
        return part

    def value(self) -> dict[str, object]:
        """Every parameter as typed."""
        return {name: editor.value() for name, editor in self.editors.items()}

    def set_value(self, values: Mapping[str, object]) -> None:
        """Show stored parameters."""
        for name, editor in self.editors.items():
            if name in values:
                editor.set_value(values[name])

    def go_to(self, problems: Sequence[Problem]) -> None:
        """Put the cursor into the first parameter that has a problem."""
        wrong = {problem.place for problem in problems}
        names = [name for name in self.editors if name in wrong]
        found = [field for field in self.set.fields.values() if field.group in names[:1]]
        if found:
            found[0].focus()
