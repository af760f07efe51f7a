"""Another desk changed the record meanwhile: both texts field by field, and the person chooses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from chemsales.rules.roles import Actor
from chemsales.words import _
from ui import theme
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.forms.binder import Binder
from ui.forms.choice import Choice
from ui.forms.merging import Difference, Newer, Side, differences
from ui.text import when
from ui.widgets.labels import PlainLabel


class ConflictDialog(Dialog):
    """`on_chosen(texts)` gets the texts that hold, once every difference is decided.

    What only one of the two changed is decided already and can be decided otherwise.
    """

    def __init__(
        self,
        found: Sequence[Difference],
        newer: Newer,
        on_chosen: Callable[[Mapping[str, str]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Changed elsewhere"), parent)
        self.found, self._on_chosen = list(found), on_chosen
        self.body.addWidget(PlainLabel(title_of(newer), role="section", wrap=True))
        note = _("Nothing of yours is lost. Choose for each field which text shall hold.")
        self.body.addWidget(PlainLabel(note, role="quiet", wrap=True))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.scaled(12), 0)
        self.choices = [self._choice(difference, newer.name) for difference in self.found]
        for difference, choice in zip(self.found, self.choices, strict=True):
            column.addWidget(self._block(difference, choice))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(area.focusPolicy().NoFocus)
        area.setWidget(inner)
        self.body.addWidget(area, 1)
        self.add_verb(_("Save what is chosen"), self._give)
        self.resize(theme.fitting(640, min(220 + 150 * len(self.found), 640), parent))
        self._focus_undecided()

    def _choice(self, difference: Difference, name: str) -> Choice:
        made = Choice()
        made.add(Side.MINE, _("Mine"), difference.mine)
        made.add(Side.THEIRS, name or _("The other desk"), difference.theirs)
        if difference.side is not Side.UNDECIDED:
            made.choose(difference.side)
        made.changed.connect(lambda: self.show_note(""))
        return made

    def _block(self, difference: Difference, choice: Choice) -> QFrame:
        frame = QFrame()
        frame.setProperty("card", True)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(16, 10, 16, 12)
        both = difference.side is Side.UNDECIDED
        layout.addWidget(PlainLabel(difference.title, role="section", wrap=True))
        if both:
            layout.addWidget(PlainLabel(_("Both of you changed this."), role="warning", wrap=True))
        layout.addWidget(choice)
        return frame

    def texts(self) -> dict[str, str]:
        """The texts chosen until now."""
        chosen: dict[str, str] = {}
        for difference, choice in zip(self.found, self.choices, strict=True):
            if choice.key():
                chosen.update(difference.texts[Side(choice.key())])
        return chosen

    def _focus_undecided(self) -> bool:
        undecided = [choice for choice in self.choices if not choice.key()]
        for choice in undecided[:1] or self.choices[:1]:
            choice.focus_chosen()
        return bool(undecided)

    def _give(self) -> None:
        if self._focus_undecided():
            self.show_note(_("Choose for every field first."))
            return
        self.accept()
        self._on_chosen(self.texts())


def title_of(newer: Newer) -> str:
    """Who changed the record, and when."""
    if newer.at is None:
        return _("Another desk changed this while you were typing.")
    return _("{name} changed this at {when}.", name=newer.name, when=when(newer.at))


def resolve(
    context: Context,
    binder: Binder[Any],
    read_newer: Callable[[Actor], Newer],
    then: Callable[[Newer], object],
    parent: QWidget,
) -> None:
    """Read the record again, let the person choose, put the choice into the fields; `then(newer)`
    writes it.

    Where nothing differs any more there is nothing to choose and it is written at once.
    """
    done = partial(_ask, binder, then, parent)
    context.read(read_newer, done=done)


def _ask(
    binder: Binder[Any], then: Callable[[Newer], object], parent: QWidget, newer: Newer
) -> None:
    theirs = binder.texts_of(newer.draft)
    found = differences(binder.fields, theirs)

    def take(texts: Mapping[str, str]) -> None:
        binder.start = newer.draft
        binder.fields.set_texts(texts)
        binder.fields.mark_clean(theirs)
        then(newer)

    if found:
        ConflictDialog(found, newer, take, parent).open()
    else:
        take({})
