"""Fields for tonnes, money and whole numbers: typed freely, read by the one parser of
rules/numbers.py."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.rules import numbers
from chemsales.rules.errors import ChemsalesError
from chemsales.words import say


class NumberField(QLineEdit):
    """`number()` is the exact whole number (kilograms, fen, or the number itself) or None.

    The text is written out in the usual form when the field is left. No spin buttons and no wheel:
    what stands here changes only by typing.
    """

    def __init__(
        self,
        parse: Callable[[str], int],
        show: Callable[[int], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parse, self._format = parse, show
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._write_out)

    def number(self) -> int | None:
        """What is typed, exactly; None where nothing or no number is typed."""
        try:
            return self._parse(self.text()) if self.text().strip() else None
        except ChemsalesError:
            return None

    def set_number(self, number: int | None) -> None:
        """Show this number; None empties the field."""
        self.setText("" if number is None else self._format(number))

    def value(self) -> int | None:
        """`number`, as forms ask for it."""
        return self.number()

    def set_value(self, value: int | None) -> None:
        """`set_number`, as forms set it."""
        self.set_number(value)

    def problem(self) -> str:
        """Why the text cannot be read, "" where it can or is empty."""
        try:
            if self.text().strip():
                self._parse(self.text())
        except ChemsalesError as error:
            return say(error.reasons[0])
        return ""

    def _write_out(self) -> None:
        number = self.number()
        if number is not None and not self.isReadOnly():
            self.set_number(number)


class TonnesField(NumberField):
    """A field for tonnes with three decimals, of what is `asked` for not zero; `number()` is in
    kilograms."""

    def __init__(self, asked: bool = False, parent: QWidget | None = None) -> None:
        parse = _parse_asked if asked else numbers.parse_tonnes
        super().__init__(parse, numbers.format_tonnes, parent)


def _parse_asked(text: str) -> int:
    return numbers.asked_kg(numbers.parse_tonnes(text))


class MoneyField(NumberField):
    """A field for an amount of yuan with two decimals; `number()` is in fen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(numbers.parse_money, numbers.format_money, parent)


class WholeField(NumberField):
    """A field for a whole number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(numbers.parse_whole, str, parent)
