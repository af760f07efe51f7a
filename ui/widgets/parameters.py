"""Editors of the rule parameters, one for each kind, giving the JSON-able values that editions
store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from chemsales import labels
from chemsales.rules.errors import Problem
from chemsales.rules.policy import PARAMETERS, ParameterInfo, ParameterKind
from chemsales.words import _, say
from ui import theme
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel
from ui.widgets.number_field import NumberField, TonnesField, WholeField

K = ParameterKind


def _word(key: str) -> str:
    return _(labels.LABELS[key])


class Editor(QWidget):
    """`value()` and `set_value(value)` in the form that an edition stores."""

    def value(self) -> object:
        """What is typed; None where it cannot be read."""
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a stored value."""
        raise NotImplementedError


class TextEditor(Editor):
    """A score or a time of day, as text."""

    def __init__(self, info: ParameterInfo) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setFixedWidth(theme.scaled(110))
        self.edit.setAccessibleName(_word(f"Parameter.{info.name}"))
        _row(self, [self.edit])

    def value(self) -> object:
        return self.edit.text().strip() or None

    def set_value(self, value: object) -> None:
        self.edit.setText(str(value))


class NumbersEditor(Editor):
    """One or several whole numbers (or quantities in tonnes, stored in kilograms)."""

    def __init__(self, info: ParameterInfo, make: Callable[[], NumberField], count: int) -> None:
        super().__init__()
        self.single = count == 1
        self.fields = [make() for _n in range(count)]
        for field in self.fields:
            field.setFixedWidth(theme.scaled(110))
            field.setAccessibleName(_word(f"Parameter.{info.name}"))
        _row(self, self.fields)

    def value(self) -> object:
        numbers = [field.number() for field in self.fields]
        return numbers[0] if self.single else numbers

    def set_value(self, value: object) -> None:
        values = [value] if self.single else value
        assert isinstance(values, Sequence)
        for field, number in zip(self.fields, values, strict=True):
            field.set_number(number if isinstance(number, int) else None)


class ScoresEditor(Editor):
    """Three scores, as text."""

    def __init__(self, info: ParameterInfo) -> None:
        super().__init__()
        self.parts = [TextEditor(info) for _n in range(3)]
        _row(self, self.parts)

    def value(self) -> object:
        return [part.value() for part in self.parts]

    def set_value(self, value: object) -> None:
        assert isinstance(value, Sequence)
        for part, score in zip(self.parts, value, strict=True):
            part.set_value(score)


class ChoiceEditor(Editor):
    """One of the parameter's choices."""

    def __init__(self, info: ParameterInfo) -> None:
        super().__init__()
        self.combo = QComboBox()
        self.combo.setAccessibleName(_word(f"Parameter.{info.name}"))
        for choice in info.choices:
            self.combo.addItem(_word(f"Choice.{choice}"), choice)
        _row(self, [self.combo])

    def value(self) -> object:
        return self.combo.currentData()

    def set_value(self, value: object) -> None:
        self.combo.setCurrentIndex(self.combo.findData(value))


class FlagEditor(Editor):
    """Yes or no."""

    def __init__(self, info: ParameterInfo) -> None:
        super().__init__()
        self.box = QCheckBox(_("yes"))
        self.box.setAccessibleName(_word(f"Parameter.{info.name}"))
        _row(self, [self.box])

    def value(self) -> object:
        return self.box.isChecked()

    def set_value(self, value: object) -> None:
        self.box.setChecked(bool(value))


class WeightsEditor(Editor):
    """Whole weights by name, one column for each class; a column adds up to 100."""

    def __init__(self, info: ParameterInfo) -> None:
        super().__init__()
        assert isinstance(info.default, Mapping)
        self.classed = info.kind is K.CLASS_WEIGHTS
        columns = dict(info.default) if self.classed else {"": info.default}
        prefix = "Indicator" if self.classed else "Aspect"
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        self.cells: dict[str, dict[str, WholeField]] = {}
        self.sums: dict[str, PlainLabel] = {}
        for at, (column, weights) in enumerate(columns.items(), start=1):
            assert isinstance(weights, Mapping)
            heading = _word(f"CustomerClass.{column}") if column else _("Weight")
            grid.addWidget(PlainLabel(heading, role="quiet"), 0, at)
            self.cells[column] = {}
            for row, name in enumerate(weights, start=1):
                word = _word(f"{prefix}.{name}")
                if at == 1:
                    grid.addWidget(PlainLabel(word), row, 0)
                field = WholeField()
                field.setFixedWidth(theme.scaled(90))
                field.setAccessibleName(f"{heading}, {word}")
                field.textChanged.connect(self._add_up)
                self.cells[column][name] = field
                grid.addWidget(field, row, at)
            self.sums[column] = PlainLabel("", role="quiet")
            side = Qt.AlignmentFlag.AlignRight
            grid.addWidget(self.sums[column], len(weights) + 1, at, side)
        grid.setColumnStretch(len(columns) + 1, 1)
        self._add_up()

    def _add_up(self) -> None:
        for column, cells in self.cells.items():
            total = sum(field.number() or 0 for field in cells.values())
            self.sums[column].set_role("quiet" if total == 100 else "problem")
            self.sums[column].setText(_("Sum {total} of 100", total=total))

    def value(self) -> object:
        read = {
            column: {name: field.number() for name, field in cells.items()}
            for column, cells in self.cells.items()
        }
        return read if self.classed else read[""]

    def set_value(self, value: object) -> None:
        assert isinstance(value, Mapping)
        columns = value if self.classed else {"": value}
        for column, cells in self.cells.items():
            for name, field in cells.items():
                field.set_number(columns[column].get(name, 0))


def _row(owner: QWidget, widgets: Sequence[QWidget]) -> None:
    layout = QHBoxLayout(owner)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)


def editor_for(info: ParameterInfo) -> Editor:
    """The editor of a parameter's kind."""
    makers: dict[ParameterKind, Callable[[], Editor]] = {
        K.KILOGRAMS: lambda: NumbersEditor(info, TonnesField, 3),
        K.DAYS: lambda: NumbersEditor(info, WholeField, 3),
        K.WHOLE: lambda: NumbersEditor(info, WholeField, 1),
        K.OPTIONAL_WHOLE: lambda: NumbersEditor(info, WholeField, 1),
        K.SCORE: lambda: TextEditor(info),
        K.TIME: lambda: TextEditor(info),
        K.SCORES: lambda: ScoresEditor(info),
        K.CHOICE: lambda: ChoiceEditor(info),
        K.FLAG: lambda: FlagEditor(info),
        K.WEIGHTS: lambda: WeightsEditor(info),
        K.CLASS_WEIGHTS: lambda: WeightsEditor(info),
    }
    return makers[info.kind]()


class ParametersForm(QWidget):
    """Every rule parameter with its article; `values()`, `set_values()`, `show_problems()`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editors: dict[str, Editor] = {}
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
        editor = self.editors[info.name] = editor_for(info)
        part.addWidget(editor)
        message = self.messages[info.name] = PlainLabel("", role="problem", wrap=True)
        message.hide()
        part.addWidget(message)
        return part

    def values(self) -> dict[str, object]:
        """Every parameter as typed."""
        return {name: editor.value() for name, editor in self.editors.items()}

    def set_values(self, values: Mapping[str, object]) -> None:
        """Show stored parameters."""
        for name, editor in self.editors.items():
            if name in values:
                editor.set_value(values[name])

    def show_problems(self, problems: Sequence[Problem]) -> list[Problem]:
        """Show each problem under its parameter; those that belong to none are returned."""
        by_name = {problem.place: say(problem.reason) for problem in problems}
        for name, message in self.messages.items():
            message.setText(by_name.get(name, ""))
            message.setVisible(name in by_name)
        return [problem for problem in problems if problem.place not in self.messages]
