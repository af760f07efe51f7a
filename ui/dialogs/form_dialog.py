"""A dialog with a form: a draft goes in, the draft that was typed comes out, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from chemsales.rules.errors import ChemsalesError, Conflict, Problem
from chemsales.rules.roles import Actor
from chemsales.words import _
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.dialogs.conflict import resolve, title_of
from ui.forms.binder import Binder
from ui.forms.form import Form
from ui.forms.keeper import DraftBar, DraftKeeper
from ui.forms.merging import Newer

T = TypeVar("T")


class FormDialog(Dialog):
    """`given(draft)` comes when a verb is pressed and all is right.

    A subclass fills `self.form` and calls `bind(start)`; the fields called like an attribute of the
    draft stand for it. Whoever opens it answers `given` with `write(context, service, ...)`, which
    closes the dialog once the write succeeded and shows inside it why it did not.
    """

    given = Signal(object)
    momentary: ClassVar[tuple[str, ...]] = ()  # fields that begin with the day or minute of opening

    def __init__(
        self,
        title: str,
        parent: QWidget | None = None,
        columns: int = 1,
        labels_above: bool = False,
    ) -> None:
        super().__init__(title, parent)
        self.form = Form(columns, labels_above)
        self.fields = self.form.set
        self.binder: Binder[Any] | None = None
        self.keeper: DraftKeeper | None = None
        self.seen: Any = None  # what a writer has to have seen of the record (its version)
        self._newer: Callable[[Actor], Newer] | None = None
        self._context: Context | None = None
        self.bar = DraftBar()
        self.body.addWidget(self.bar)
        self._acting: list[QPushButton] = []

    def bind(self, start: T) -> Binder[T]:
        """Bind the fields that are called like attributes of this draft; fill them with
        `fill()`."""
        binder = Binder(self.fields, start)
        binder.bind_all(self.fields.fields)
        self.binder = binder
        self.fields.mark_clean()
        return binder

    def fill(self, value: object) -> None:
        """Show a draft as what is stored."""
        assert self.binder is not None
        self.binder.set_value(value)

    def open_in(self, context: Context, subject: object = "") -> None:
        """Open for a record (its key, "" for a new one); what is typed is kept from now on."""
        self.keep(context, subject)
        self.open()

    def keep(self, context: Context, subject: object = "") -> None:
        """Keep what is typed, and offer what was kept before."""
        self._context = context
        context.changed_elsewhere.connect(self._look_elsewhere)
        form = type(self).__name__
        self.keeper = DraftKeeper(
            context, self.fields, self.bar, form, str(subject), self.momentary
        )

    def accept(self) -> None:
        """Close: what was typed is written."""
        if self.keeper is not None:
            self.keeper.forget()
        super().accept()

    def reject(self) -> None:
        """Close; what is typed and not written is offered again."""
        if self.keeper is not None:
            self.keeper.flush()
            if self.fields.dirty:
                text = _("What you typed is kept, and offered when you open this again.")
                self.keeper.context.said.emit(text)
        super().reject()

    def resolve_by(self, seen: object, read_newer: Callable[[Actor], Newer]) -> None:
        """Where the write is refused because another desk changed the record since it was `seen`,
        read it again by this query and let the person choose field by field."""
        self.seen, self._newer = seen, read_newer

    def _look_elsewhere(self, _subjects: object) -> None:
        """Another desk has written: look whether it was this record."""
        if self._newer is not None and self._context is not None:
            self._context.read(
                self._newer,
                done=self._changed_elsewhere,
                failed=self.show_refusal,
                channel=("newer", id(self)),
            )

    def _changed_elsewhere(self, newer: Newer) -> None:
        """Say that the record is another by now; what is typed stays, and the person chooses field
        by field when it is saved."""
        if newer.seen == self.seen:
            return
        rest = _("What you typed stays. You choose field by field when you save.")
        self.show_note(f"{title_of(newer)} {rest}")

    def add_giving(self, text: str, role: str = "primary") -> QPushButton:
        """Add the verb that gives what is typed, which confirms it; it is never greyed for what is
        missing."""
        made = self.add_verb(text, self.give, role)
        self.press_by_key(made)
        self._acting.append(made)
        return made

    def judge(self, draft: Any) -> tuple[Problem, ...]:
        """What is wrong with a draft whose fields can all be read."""
        return ()

    def give(self) -> None:
        """Give what is typed where all is right, else show what is not and go there."""
        assert self.binder is not None
        self.show_note("")
        draft = self.binder.read(self.judge)
        if draft is not None:
            self.hold()
            self.given.emit(draft)

    def write(
        self,
        context: Context,
        service: Callable[..., Any],
        *args: object,
        done: Callable[[Any], object] | None = None,
        title: str = "",
    ) -> None:
        """Call the service off the window's thread; close after it succeeded (then `done`)."""
        self.hold()
        context.write(
            service,
            *args,
            done=partial(self._written, done),
            failed=partial(self._refused_in, context),
            title=title,
        )

    def _written(self, done: Callable[[Any], object] | None, changed: Any) -> None:
        self.accept()
        if done is not None:
            done(changed)

    def _refused_in(self, context: Context, error: ChemsalesError) -> None:
        if isinstance(error, Conflict) and self._newer is not None and self.binder is not None:
            self.release()
            resolve(context, self.binder, self._newer, self._give_again, self)
        else:
            self.refused(error)

    def _give_again(self, newer: Newer) -> None:
        self.seen = newer.seen
        self.give()

    def hold(self) -> None:
        """Take no second press while the first is being written."""
        for made in self._acting:
            made.setEnabled(False)

    def release(self) -> None:
        """Allow pressing again."""
        for made in self._acting:
            made.setEnabled(True)

    def refused(self, error: ChemsalesError) -> None:
        """Show why it was not written; what is typed stays."""
        self.release()
        self.show_refusal(error, self.form)
