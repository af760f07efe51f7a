"""Binds the fields of a form to the attributes of a draft: a frozen dataclass goes in, one comes
out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Generic, Protocol, TypeVar, get_type_hints

from chemsales.rules.errors import Invalid, Problem
from ui.forms.field import FieldSet, FormField

T = TypeVar("T")
Change = Callable[[Any], Any]


class Part(Protocol):
    """What can stand for one attribute: a field, rows of fields, or another binder."""

    def value(self) -> Any:
        """What the attribute would be now."""

    def set_value(self, value: Any) -> None:
        """Show this value of the attribute."""


class Binder(Generic[T]):
    """Fields of one form and the draft that they make.

    `start` is the draft that attributes without a field are taken from. An attribute that is
    annotated `str` gets the text of its field, so that what cannot be read is kept as it was typed;
    any other gets the field's value. `parse` makes the attribute out of that, `show` the inverse.
    A binder is itself a Part of another one (a draft inside a draft).
    """

    def __init__(self, fields: FieldSet, start: T) -> None:
        self.fields, self.start = fields, start
        self._parts: dict[str, tuple[Part, Change, Change]] = {}
        self._hints = get_type_hints(type(start))

    def bind(
        self,
        attribute: str,
        part: Part,
        parse: Change | None = None,
        show: Change | None = None,
    ) -> Part:
        """Let this part stand for an attribute of the draft."""
        if attribute not in self._hints:
            raise AttributeError(f"{type(self.start).__name__} has no {attribute}")
        if isinstance(part, FormField) and self._hints[attribute] is str:
            part = _Text(part)
        self._parts[attribute] = (part, parse or _same, show or _same)
        return part

    def bind_all(self, fields: Mapping[str, Part]) -> None:
        """Bind every field that is called like an attribute."""
        for name, field in fields.items():
            if name in self._hints and name not in self._parts:
                self.bind(name, field)

    def value(self) -> T:
        """The draft as it stands, whether right or not."""
        changes = {name: parse(p.value()) for name, (p, parse, _show) in self._parts.items()}
        return replace(self.start, **changes)  # type: ignore[type-var]

    def set_value(self, value: T) -> None:
        """Show a draft; it is what is stored, so that nothing is dirty then."""
        self.start = value
        for name, (part, _parse, show) in self._parts.items():
            part.set_value(show(getattr(value, name)))
        self.fields.clear_problems()
        self.fields.mark_clean()

    def texts_of(self, value: T) -> dict[str, str]:
        """The texts that the fields would hold for this draft; what is typed stays."""
        typed, clean, start = self.fields.texts(), dict(self.fields.clean), self.start
        blocked = self.fields.blockSignals(True)
        self.set_value(value)
        texts = self.fields.texts()
        self.start = start
        self.fields.set_texts(typed)
        self.fields.mark_clean(clean)
        self.fields.blockSignals(blocked)
        return texts

    def read(self, judge: Callable[[T], tuple[Problem, ...]] | None = None) -> T | None:
        """The draft where all is right, else None with the messages shown and the first wrong field
        focused.

        `judge` gives the problems of a draft whose fields can all be read.
        """
        if self.fields.check():
            value = self.value()
            problems = judge(value) if judge is not None else ()
            if not [problem for problem in problems if not problem.warning]:
                return value
            self.fields.show_problems(Invalid(*problems))
        self.fields.focus_first_wrong()
        return None


class _Text:
    """A field of which the text counts; a day that can be read is written out."""

    def __init__(self, field: FormField) -> None:
        self._field, self.set_value = field, field.set_text

    def value(self) -> str:
        value = self._field.value()
        return value.isoformat() if isinstance(value, date) else self._field.text()


def _same(value: Any) -> Any:
    return value
