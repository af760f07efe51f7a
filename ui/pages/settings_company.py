"""The names that stand on printed forms, and what the department allows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from chemsales.queries import settings as query
from chemsales.queries.audit import last_change
from chemsales.rules.errors import ChemsalesError, Conflict
from chemsales.rules.roles import Actor
from chemsales.services import settings as service
from chemsales.services.changes import Changed, Subject
from chemsales.words import _, say_all
from ui import theme
from ui.actions import button_for
from ui.context import Context
from ui.dialogs.conflict import resolve
from ui.forms.binder import Binder
from ui.forms.form import Form
from ui.forms.keeper import DraftBar, DraftKeeper
from ui.forms.merging import Newer, newer_by
from ui.pages.page import Page
from ui.widgets.labels import PlainLabel

Versions = dict[str, int]


@dataclass(frozen=True, slots=True)
class CompanyDraft:
    """What is typed: the names, and whether several cases may be approved at once ("1")."""

    company: str = ""
    department: str = ""
    bulk_approval: str = ""


NAMES = tuple(field.name for field in fields(CompanyDraft))


def _newer(actor: Actor) -> Newer:
    """What is stored, with the version of each (0 where it was never set) and who changed it
    last."""
    stored = query.stored(actor)
    texts = {key: stored[key].value if key in stored else "" for key in NAMES}
    seen: Versions = {key: stored[key].version if key in stored else 0 for key in NAMES}
    changes = [last_change(actor, Subject.SETTINGS, key) for key in NAMES]
    latest = max((c for c in changes if c is not None), key=lambda c: c.at, default=None)
    return newer_by(CompanyDraft(**texts), seen, latest)


class CompanySection(Page):
    """Company and department."""

    nested = True
    subjects = frozenset({Subject.SETTINGS})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: Versions = {}
        self.bar = DraftBar()
        self.form = Form(labels_above=True)
        self.form.add("company", _("Company"), hint=_("Stands at the head of printed forms."))
        self.form.add("department", _("Department"))
        several = QCheckBox(_("Cases whose automatic checks have all passed"))
        self.form.add("bulk_approval", _("Approve several at once"), several)
        self.binder = Binder(self.form.set, CompanyDraft())
        self.binder.bind_all(self.form.fields)
        self.note = PlainLabel("", role="problem", wrap=True)
        for part in (self.bar, self.form):
            part.setFixedWidth(theme.scaled(460))
            self.body.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.note)
        self.save_button = button_for(self.act("settings.save_names", self.save), "primary")
        self.body.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self.keeper: DraftKeeper | None = None

    def title(self) -> str:
        return _("Company")

    def refresh(self) -> None:
        self.context.read(_newer, done=self._show)

    def save(self) -> None:
        """Store what was changed."""
        self.note.setText("")
        typed = asdict(self.binder.value())
        stored = asdict(self.binder.start)
        for key, value in typed.items():
            if value != stored[key]:
                self.context.write(
                    service.set_value,
                    key,
                    value,
                    self._seen[key],
                    done=partial(self._saved, key, value),
                    failed=self._refused,
                )

    def _saved(self, key: str, text: str, _changed: Changed[None]) -> None:
        self._seen[key] += 1
        self.binder.start = replace(self.binder.start, **{key: text})
        self.form.set.mark_clean({**self.form.set.clean, key: text})
        if self.keeper is not None:
            self.keeper.forget()
        self.context.said.emit(_("Saved."))

    def _refused(self, error: ChemsalesError) -> None:
        if isinstance(error, Conflict):
            resolve(self.context, self.binder, _newer, self._save_merged, self.window())
            return
        if self.form.show_problems(getattr(error, "problems", ())) or not any(
            field.wrong for field in self.form.fields.values()
        ):
            self.note.setText(say_all(error))

    def _save_merged(self, newer: Newer) -> None:
        assert isinstance(newer.seen, dict)
        self._seen = newer.seen
        self.save()

    def _show(self, newer: Newer) -> None:
        """Show what is stored; what is being typed stays, and is compared when it is saved."""
        if self.form.set.dirty:
            return
        assert isinstance(newer.seen, dict)
        self._seen = newer.seen
        self.binder.set_value(newer.draft)  # type: ignore[arg-type]
        if self.keeper is None:
            self.keeper = DraftKeeper(self.context, self.form.set, self.bar, "company", "")
