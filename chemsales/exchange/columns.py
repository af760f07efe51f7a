"""Headings: found by Chinese or English names in the first rows, with the unit that they state."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from chemsales.exchange.cells import shown, text_of
from chemsales.exchange.tables import Raw, Table
from chemsales.rules.errors import DataError, Reason, term
from chemsales.rules.offtake import BatchKind

HEADER_ROWS = 10
_FEW = 2  # columns by which a row is taken for headings at all
UNITS = {
    "t": "t", "吨": "t", "公吨": "t", "mt": "t", "tonne": "t", "tonnes": "t",
    "kg": "kg", "kgs": "kg", "公斤": "kg", "千克": "kg", "万吨": "万吨",
}  # fmt: skip
_IMPLIED = {"吨": "t", "吨数": "t", "吨位": "t", "tonnes": "t", "tonnage": "t", "公斤数": "kg"}
_BRACKETS = re.compile(r"[(\[【〔{](.*?)[)\]】〕}]")
_BREAKS = re.compile(r"[\s/:,;、|_*.-]+")
_UNIT_NOTE = re.compile(r"(?:计量)?单位\s*:\s*(\S+)|unit\s*:\s*(\S+)")


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a file may have: its name here, its headings; `tonnes` need a unit."""

    name: str
    headings: tuple[str, ...]
    tonnes: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of file; of each tuple in `required` one has to be there."""

    kind: BatchKind
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]

    @cached_property
    def _names(self) -> dict[str, str]:
        names = (
            (split_heading(text)[0], field) for field in self.fields for text in field.headings
        )
        return {name: field.name for name, field in names}

    def field_of(self, heading: str) -> tuple[str, str]:
        """The field that a heading stands for, and the unit that it states; "" where none."""
        name, unit = split_heading(heading)
        if name in self._names:
            return self._names[name], unit or _IMPLIED.get(name, "")
        for word, stated in UNITS.items():
            stem = name.removesuffix(word)
            if stem in self._names and stem != name:
                return self._names[stem], unit or stated
        return "", unit


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table are: the number of the heading row, field -> place, units."""

    header_row: int
    headings: tuple[str, ...]
    places: dict[str, int]
    units: dict[str, str]

    def heading(self, field: str) -> str:
        """The heading over a field, or the field's name where the table has none."""
        return self.headings[self.places[field]] if field in self.places else field


def split_heading(heading: str) -> tuple[str, str]:
    """A heading without brackets, blanks and signs, and the unit of weight it states, if any."""
    text = unicodedata.normalize("NFKC", heading).casefold().strip()
    unit = ""
    for inside in _BRACKETS.findall(text):
        words = [word for word in _BREAKS.split(inside) if word and word != "单位"]
        if len(words) == 1:
            unit = unit or UNITS.get(words[0], "")
    parts = [part for part in _BREAKS.split(_BRACKETS.sub(" ", text)) if part]
    if len(parts) > 1 and parts[-1] in UNITS:
        unit = unit or UNITS[parts.pop()]
    return "".join(parts), unit


@dataclass(slots=True)
class _Candidate:
    """One row, or two rows together, taken as headings: field -> the places that match it."""

    last_row: int
    headings: list[str]
    found: dict[str, list[int]]
    units: dict[str, str]

    def lacking(self, layout: Layout) -> list[str]:
        return [group[0] for group in layout.required if not any(n in self.found for n in group)]


def find_columns(name: str, candidates: Sequence[Table], layout: Layout) -> tuple[Table, Columns]:
    """The table that has the columns of this kind, and where they are; DataError where unclear.

    Refused: no table with the required columns, two sheets that both have them, two columns for one
    field, and tonnes without a unit in heading, unit column or a note "单位:吨" above.
    """
    best: list[tuple[int, Table, _Candidate, list[list[Raw]]]] = []
    for table in candidates:
        head = list(islice(table.rows(), HEADER_ROWS))
        candidate = _best_candidate(head, layout)
        if candidate is not None:
            score = len(candidate.found) - 100 * len(candidate.lacking(layout))
            best.append((score, table, candidate, head))
    if not best:
        raise DataError(Reason("reason.header_missing", {"file": name, "kind": term(layout.kind)}))
    best.sort(key=lambda item: -item[0])
    _, table, candidate, head = best[0]
    lacking = candidate.lacking(layout)
    if lacking:
        raise _lacking(layout, candidate, lacking)
    rivals = [t.sheet for _, t, c, _ in best if t.sheet and not c.lacking(layout)]
    if len(rivals) > 1:
        raise DataError(Reason("reason.sheets_rival", {"file": name, "sheets": "、".join(rivals)}))
    return table, _settle(layout, candidate, head)


def _lacking(layout: Layout, candidate: _Candidate, lacking: Sequence[str]) -> DataError:
    by_name = {field.name: field for field in layout.fields}
    reasons = []
    for name in lacking:
        params: dict[str, str | int] = {
            "row": candidate.last_row,
            "column": by_name[name].headings[0],
            "names": "、".join(by_name[name].headings[:6]),
            "found": "、".join(heading for heading in candidate.headings if heading)[:200],
        }
        reasons.append(Reason("reason.column_missing", params))
    return DataError(*reasons)


def _best_candidate(head: list[list[Raw]], layout: Layout) -> _Candidate | None:
    """The first complete heading among the first rows (one row or two together), or the fullest."""
    texts = [[text_of(cell) for cell in row] for row in head]
    tried = [
        candidate
        for number in range(1, len(texts) + 1)
        for candidate in _candidates(texts, number, layout)
        if len(candidate.found) >= _FEW
    ]
    complete = [candidate for candidate in tried if not candidate.lacking(layout)]
    if complete:
        return complete[0]
    return max(tried, key=lambda candidate: len(candidate.found), default=None)


def _candidates(texts: list[list[str]], number: int, layout: Layout) -> Iterator[_Candidate]:
    row = texts[number - 1]
    below = texts[number] if number < len(texts) else []
    stated = [UNITS.get(split_heading(f"x ({text.strip('()（）')})")[1], "") for text in below]
    if any(below) and all(unit or not text for unit, text in zip(stated, below, strict=True)):
        stated += [""] * (len(row) - len(stated))
        pairs = zip(row, stated, strict=False)
        both = [f"{text}({unit})" if unit and text else text for text, unit in pairs]
        yield _candidate(both, number + 1, layout)
        return
    yield _candidate(row, number, layout)
    if any(below):
        yield _candidate(_joined(row, below, layout), number + 1, layout)


def _joined(upper: list[str], lower: list[str], layout: Layout) -> list[str]:
    """Two heading rows as one: a heading merged over several columns belongs to each below it."""
    width = max(len(upper), len(lower))
    upper = upper + [""] * (width - len(upper))
    lower = lower + [""] * (width - len(lower))
    joined, over = [], ""
    for above, below in zip(upper, lower, strict=True):
        over = above or over
        name, unit = layout.field_of(below)
        stated = split_heading(over)[1]
        if not below:
            joined.append(above)
        elif name:
            joined.append(below if unit or not stated else f"{below}({stated})")
        else:
            joined.append(f"{over} {below}".strip())
    return joined


def _candidate(headings: list[str], last_row: int, layout: Layout) -> _Candidate:
    found: dict[str, list[int]] = {}
    units: dict[str, str] = {}
    for place, heading in enumerate(headings):
        field, unit = layout.field_of(heading) if heading else ("", "")
        if field:
            found.setdefault(field, []).append(place)
            units.setdefault(field, unit)
    return _Candidate(last_row, headings, found, units)


def _settle(layout: Layout, candidate: _Candidate, head: list[list[Raw]]) -> Columns:
    row = candidate.last_row
    reasons = []
    for places in candidate.found.values():
        if len(places) > 1:
            columns = "、".join(shown(candidate.headings[place]) for place in places)
            reasons.append(Reason("reason.column_twice", {"row": row, "columns": columns}))
    note = _unit_note(head[: row - 1])
    units = {}
    for spec in layout.fields:
        if not spec.tonnes or spec.name not in candidate.found:
            continue
        units[spec.name] = candidate.units[spec.name] or note
        if not units[spec.name] and "unit" not in candidate.found:
            heading = shown(candidate.headings[candidate.found[spec.name][0]])
            reasons.append(Reason("reason.unit_missing", {"row": row, "column": heading}))
    if reasons:
        raise DataError(*reasons)
    first = {field: found[0] for field, found in candidate.found.items()}
    return Columns(row, tuple(candidate.headings), first, units)


def _unit_note(rows: Sequence[Sequence[Raw]]) -> str:
    """The unit that a note above the headings states for the whole table ("单位:吨")."""
    for row in rows:
        for cell in row:
            text = unicodedata.normalize("NFKC", text_of(cell)).casefold()
            found = _UNIT_NOTE.search(text)
            if found:
                return UNITS.get(found[1] or found[2], "")
    return ""
