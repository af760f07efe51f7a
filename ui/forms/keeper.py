"""Keeps what is typed in a form every few seconds, and offers it again when the form opens."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from chemsales import drafts
from chemsales.drafts import Kept, Place
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.words import _
from ui.actions import button
from ui.context import Context
from ui.forms.field import FieldSet
from ui.widgets.labels import PlainLabel

KEEP_MS = 5_000  # what was typed is on the disk so long afterwards at the latest


class DraftBar(QFrame):
    """Asks whether a draft that was kept shall be put back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.text = PlainLabel("", wrap=True)
        self.restore = button(_("Restore"))
        self.discard = button(_("Discard"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self.text, 1)
        row.addWidget(self.restore)
        row.addWidget(self.discard)
        self.hide()

    def offer(self, kept: Kept, now: datetime, name: str = "") -> None:
        """Ask about this draft, which is of what is called so."""
        at, today = kept.kept_at.astimezone(COMPANY_ZONE), now.astimezone(COMPANY_ZONE)
        when = f"{at:%H:%M}" if at.date() == today.date() else f"{at:%Y-%m-%d %H:%M}"
        named = _("Restore the unsaved draft of {name} ({when})?", name=name, when=when)
        self.text.setText(named if name else _("Restore the unsaved draft ({when})?", when=when))
        self.restore.show()
        self.discard.show()
        self.show()

    def warn(self) -> None:
        """Say that nothing is kept."""
        self.text.setText(_("What you type cannot be kept on this machine: save it soon."))
        self.restore.hide()
        self.discard.hide()
        self.show()


class DraftKeeper(QObject):
    """Keeps the texts that differ from what is stored, while `fields` are being typed in.

    `form` names the form and `subject` the record that is typed at ("" for a new one). Each
    sitting keeps a draft of its own, so that one offered and not yet answered is never overwritten.
    What the form said by itself of the moment at which it was opened (`momentary` fields: today) is
    kept with whatever was typed, so that it says the same on another day.
    `forget()` when it was saved, `flush()` when the form closes.
    """

    def __init__(
        self,
        context: Context,
        fields: FieldSet,
        bar: DraftBar,
        form: str,
        subject: str,
        momentary: Collection[str] = (),
    ) -> None:
        super().__init__(fields)
        self.context, self.fields, self.bar = context, fields, bar
        self._form, self._subject, self._momentary = form, subject, momentary
        self._key = uuid.uuid4().hex
        self._kept: dict[str, str] = {}  # what lies on the disk under the key
        self._offered: Kept | None = None
        self._pause = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._pause.timeout.connect(self.flush)
        fields.edited.connect(self._on_edit)
        bar.restore.clicked.connect(lambda _checked=False: self.restore())
        bar.discard.clicked.connect(lambda _checked=False: self.discard())
        context.keep_now.connect(self.flush)
        self._look()

    @property
    def place(self) -> Place:
        """Where this is typed."""
        database = drafts.database_name(self.context.config.database)
        return Place(database, self.context.actor.login, self._form, self._subject)

    def turn_to(self, subject: str) -> None:
        """Keep what is typed until now, then keep for another record, whose fields are filled."""
        self.flush()
        self._key, self._kept, self._offered = uuid.uuid4().hex, {}, None
        self._subject = subject
        self.bar.hide()
        self._look()

    def saved_as(self, subject: str) -> None:
        """What was typed is stored, as the record of this key from now on."""
        self.forget()
        self._subject = subject

    def flush(self) -> None:
        """Keep what is typed now; where nothing differs from what is stored, keep nothing."""
        if self._gone():
            return
        self._pause.stop()
        changed = self._changed()
        if changed == self._kept:
            return
        self._kept = changed
        if changed:
            now, jobs = self.context.session.now(), self.context.jobs
            jobs.keep(drafts.keep, self._key, self.place, changed, now, done=self._on_kept)
        else:
            self.context.jobs.keep(drafts.forget, self._key)

    def forget(self) -> None:
        """What was typed is saved or not wanted."""
        if self._kept:
            self._kept = {}
            self.context.jobs.keep(drafts.forget, self._key)
        if self._gone():
            return
        self._pause.stop()
        if self._changed():
            self._pause.start()  # what was typed since is new

    def forget_kept(self, subject: str) -> None:
        """What was typed at another record of this form is saved or not wanted."""
        place = replace(self.place, subject=subject)
        self.context.jobs.keep(drafts.forget_all, place)

    def restore(self) -> None:
        """Put the draft that was offered into the fields."""
        kept, self._offered = self._offered, None
        self.bar.hide()
        if kept is not None:
            self._key, self._kept = kept.key, dict(kept.texts)
            self.fields.set_texts(kept.texts)

    def discard(self) -> None:
        """Throw the draft that was offered away; an older one is offered then."""
        kept, self._offered = self._offered, None
        self.bar.hide()
        if kept is not None:
            self.context.jobs.keep(drafts.forget, kept.key)
            self._look()

    def _gone(self) -> bool:
        """Whether the form is being taken apart, its fields before its keeper."""
        parts = (self._pause, self.fields, *(f.editor for f in self.fields.fields.values()))
        return not all(map(shiboken6.isValid, parts))

    def _changed(self) -> dict[str, str]:
        clean = self.fields.clean
        texts = self.fields.texts()
        differ = {name for name, text in texts.items() if text != clean.get(name, "")}
        kept = differ.union(self._momentary) if differ else differ
        return {name: text for name, text in texts.items() if name in kept}

    def _on_edit(self) -> None:
        if not self._pause.isActive():
            self._pause.start()

    def _look(self) -> None:
        self.context.jobs.keep(drafts.newest, self.place, done=self._found)

    def _found(self, kept: Kept | None) -> None:
        if kept is None or kept.key == self._key or self._gone():
            return
        texts = self.fields.texts()
        if all(texts.get(name) == text for name, text in kept.texts.items()):
            self._key, self._kept = kept.key, dict(kept.texts)  # it stands in the fields already
            return
        self._offered = kept
        name = kept.texts.get("name") or texts.get("name", "")
        self.bar.offer(kept, self.context.session.now(), name.strip())

    def _on_kept(self, kept: bool) -> None:
        if not kept:
            self.bar.warn()
