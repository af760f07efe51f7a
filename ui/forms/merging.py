"""What two desks made of one record: where they differ, and whose text holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chemsales.queries.audit import LastChange
from chemsales.words import _
from ui.forms import editors
from ui.forms.field import FieldSet

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Newer:
    """A record as another desk left it: the draft, what a writer has to have seen of it, by whom
    and when (UTC)."""

    draft: object
    seen: object
    name: str = ""
    at: datetime | None = None


def newer_by(draft: object, seen: object, changed: LastChange | None) -> Newer:
    """A record and who changed it last."""
    return Newer(draft, seen, changed.name if changed else "", changed.at if changed else None)


class Side(StrEnum):
    """Whose text holds; UNDECIDED where both changed the same field."""

    MINE = "mine"
    THEIRS = "theirs"
    UNDECIDED = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Fields of one group in which the two differ, as they look; `side` is what goes without
    saying, because only one of the two changed anything in the group."""

    title: str
    names: tuple[str, ...]
    mine: str
    theirs: str
    side: Side
    texts: dict[Side, dict[str, str]] = field(default_factory=dict)


def differences(fields: FieldSet, theirs: Texts) -> list[Difference]:
    """Where what is typed differs from the other desk's texts, in form order.

    What belongs together (a contact) is chosen together. `fields.clean` is what both began with.
    """
    mine, base = fields.texts(), fields.clean
    groups: dict[str, list[str]] = {}
    for name, one in fields.fields.items():
        if name in mine:
            groups.setdefault(one.group, []).append(name)
    found = []
    for names in groups.values():
        apart = [name for name in names if mine[name] != theirs.get(name, "")]
        if apart:
            i_changed = any(mine[name] != base.get(name, "") for name in names)
            they_changed = any(theirs.get(name, "") != base.get(name, "") for name in names)
            side = Side.THEIRS if not i_changed else Side.MINE
            both = i_changed and they_changed
            texts = {
                Side.MINE: {name: mine[name] for name in names},
                Side.THEIRS: {name: theirs.get(name, "") for name in names},
            }
            found.append(
                Difference(
                    fields[apart[0]].group_title,
                    tuple(apart),
                    _looks(fields, apart, texts[Side.MINE]),
                    _looks(fields, apart, texts[Side.THEIRS]),
                    Side.UNDECIDED if both else side,
                    texts,
                )
            )
    return found


def _looks(fields: FieldSet, names: list[str], texts: Texts) -> str:
    looks = [editors.shown(fields[name].editor, texts[name]) or "-" for name in names]
    if len(names) == 1:
        return looks[0]
    titles = [fields[name].title for name in names]
    return "\n".join(
        _("{field}: {text}", field=title, text=look)
        for title, look in zip(titles, looks, strict=True)
    )
