"""The one catalogue of words: every label and reason, on screen, in a terminal, on paper."""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from string import Formatter

from chemsales import labels
from chemsales.config import resource
from chemsales.marking import N_ as N_
from chemsales.rules.errors import ChemsalesError, Invalid, Param, Problem, Reason
from chemsales.rules.numbers import format_money, format_tonnes
from chemsales.rules.periods import Period, PeriodKind, is_period

LANGUAGES = ("zh_CN", "zh_TW", "en")
_default = "zh_CN"
_chosen: ContextVar[str | None] = ContextVar("language", default=None)


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("chemsales", resource("i18n"), [code], fallback=code == "en")


def current() -> str:
    """The language of the words now: the one of the innermost `language()`, else the default."""
    return _chosen.get() or _default


def chinese() -> bool:
    """Whether the words now are Chinese, in either script."""
    return current().startswith("zh")


def set_default(code: str) -> None:
    """Choose the language of the whole process; ValueError for one the program does not speak."""
    global _default
    if code not in LANGUAGES:
        raise ValueError(code)
    _default = code


@contextmanager
def language(code: str) -> Iterator[None]:
    """Speak `code` inside the block, in this thread alone (a Chinese form, an English window)."""
    token = _chosen.set(code)
    try:
        yield
    finally:
        _chosen.reset(token)


class _Counted(Formatter):
    """Placeholders, and words that follow a number: "{days} {days:day|days} left"."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, counted, many = format_spec.partition("|")
        if counted:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


_counted = _Counted()


def _(message: str, **params: Param) -> str:
    """The words for `message` (a literal, so that it is extracted) in the current language."""
    text = _catalogue(current()).gettext(message) if message else ""
    if not params:
        return text
    return _counted.format(text, **params) if "|" in text else text.format(**params)


def label(member: object) -> str:
    """The word for a member of a StrEnum, in the current language."""
    return _(labels.LABELS[f"{type(member).__name__}.{member}"])


def word(key: str) -> str:
    """The word of an entry of the labels ("Parameter.plan_day"), in the current language."""
    return _(labels.LABELS[key])


def field(name: str) -> str:
    """The word for a field of a form in the current language; the name itself if it has none."""
    return _(labels.LABELS[f"Field.{name}"]) if f"Field.{name}" in labels.LABELS else name


def worded(name: str, stored: str) -> str:
    """A stored value of a field as it is read: its word where it has one, kilograms as tonnes,
    fen as yuan, "" where there is none."""
    key = f"{labels.FIELDS.get(name)}.{stored}"
    if key in labels.LABELS:
        return word(key)
    if stored and name.endswith("_fen"):
        return format_money(int(stored))
    return format_tonnes(int(stored)) if name.endswith("_kg") and stored else stored


def chain(name: str) -> str:
    """What the cases of an approval chain are about, in the current language."""
    return _(labels.LABELS[f"Chain.{name}"])


def named(name: str, english: str) -> str:
    """The name, in English where it has one and English is spoken: product groups, products."""
    return english if english and current() == "en" else name


def period(text: str) -> str:
    """A period in words: 2026年第三季度; Invalid for what is none."""
    parsed = Period.parse(text)
    year, first = parsed.start_month[:4], int(parsed.start_month[5:7])
    if parsed.kind is PeriodKind.YEAR:
        return _("Year {year}", year=year)
    if parsed.kind is PeriodKind.HALF_YEAR:
        if first == 1:
            return _("First half of {year}", year=year)
        return _("Second half of {year}", year=year)
    words = (
        _("First quarter of {year}", year=year),
        _("Second quarter of {year}", year=year),
        _("Third quarter of {year}", year=year),
        _("Fourth quarter of {year}", year=year),
    )
    return words[(first - 1) // 3]


def _param(key: str, value: Param) -> Param:
    """A parameter of a reason as it is shown: `rules.errors.term` names a word by its entry, and
    the "period" of an evaluation is said in words."""
    if key == "period" and is_period(str(value)):
        return period(str(value))
    if isinstance(value, str) and value.startswith("@") and value[1:] in labels.LABELS:
        return _(labels.LABELS[value[1:]])
    return value


def say(reason: Reason) -> str:
    """A reason as a sentence, without its article; a parameter "group" that is kept with its
    English name in "group_en" is shown in the language that is spoken."""
    params = {key: _param(key, value) for key, value in reason.params.items()}
    for key in [key for key in params if f"{key}_en" in params]:
        params[key] = named(str(params[key]), str(params[f"{key}_en"]))
    return _(reason.code, **params)


def describe(problem: Problem) -> str:
    """A problem as one sentence that names its row and column of a file, or its field, in the
    reader's language; a place that people have no word for is left out."""
    row, in_file, column = problem.place.partition(":")
    text = say(problem.reason)
    if in_file and column:
        return _('Row {row}, column "{column}": {text}', row=row, column=column, text=text)
    if in_file:
        return _("Row {row}: {text}", row=row, text=text)
    key = f"Field.{problem.place.rpartition('.')[2]}"
    return _("{field}: {text}", field=word(key), text=text) if key in labels.LABELS else text


def say_all(reasons: Iterable[Reason] | ChemsalesError, separator: str = "\n") -> str:
    """Reasons, or those of a refusal, as sentences one under the other."""
    if isinstance(reasons, Invalid):
        return separator.join(map(describe, reasons.problems))
    found = reasons.reasons if isinstance(reasons, ChemsalesError) else reasons
    return separator.join(say(reason) for reason in found)
