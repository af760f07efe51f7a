"""How the window looks on this machine: language, colours, size, and when it locks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from chemsales import config as configuration
from chemsales.words import N_, _
from ui import memory, reminders, theme
from ui.context import Context
from ui.forms.form import Form
from ui.forms.picker import Picker
from ui.i18n import NAMES
from ui.pages.page import Page

SCHEMES = {"light": N_("Light"), "dark": N_("Dark"), "system": N_("As the system")}
LOCK_MINUTES = (5, 10, 15, 30, 60, 0)


class AppearanceSection(Page):
    """Every choice holds at once."""

    nested = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.form = Form()
        self.language = self._combo([(code, name) for code, name in NAMES.items()])
        self.scheme = self._combo([(key, _(word)) for key, word in SCHEMES.items()])
        self.zoom = self._combo([(str(size), f"{size} %") for size in theme.ZOOMS])
        self.lock = self._combo(
            [
                (str(minutes), _("{minutes} minutes", minutes=minutes) if minutes else _("Never"))
                for minutes in LOCK_MINUTES
            ]
        )
        self.form.add("language", _("Language"), self.language)
        self.form.add("scheme", _("Colours"), self.scheme)
        self.form.add("zoom", _("Size"), self.zoom, hint=_("Ctrl++ larger, Ctrl+- smaller"))
        self.form.add("lock", _("Lock when untouched for"), self.lock)
        self.form.set_values(
            {
                "language": context.config.language,
                "scheme": memory.recall("scheme", "light"),
                "zoom": str(theme.zoom()),
                "lock": str(context.config.idle_lock_minutes),
            }
        )
        self.remind = QCheckBox(_("Twice a day, if anything is due"))
        self.remind.setChecked(reminders.wanted())
        self.form.add("remind", _("Remind on the desktop"), self.remind)
        self.form.setMaximumWidth(theme.scaled(460))
        self.body.addWidget(self.form, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self.language.activated.connect(lambda _i: self._language())
        self.scheme.activated.connect(lambda _i: self._appearance())
        self.zoom.activated.connect(lambda _i: self._appearance())
        self.lock.activated.connect(lambda _i: self._lock())
        self.remind.toggled.connect(self._remind)

    def title(self) -> str:
        return _("Appearance")

    def _combo(self, items: list[tuple[str, str]]) -> Picker:
        combo = Picker(items)
        combo.setMinimumWidth(theme.scaled(180))
        return combo

    def _language(self) -> None:
        self.context.language_wanted.emit(self.language.currentData())

    def _appearance(self) -> None:
        self.context.appearance_wanted.emit(self.scheme.currentData(), int(self.zoom.currentData()))

    def _remind(self, on: bool) -> None:
        reminders.want(on)
        self.context.said.emit(_("Saved."))

    def _lock(self) -> None:
        minutes = int(self.lock.currentData())
        self.context.config = replace(self.context.config, idle_lock_minutes=minutes)
        configuration.save(self.context.config)
        self.context.config_changed.emit(self.context.config)
        self.context.said.emit(_("Saved."))
