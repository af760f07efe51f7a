"""Settings: what the department runs on, and what each person chooses; sections at the left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget

from chemsales.rules import roles
from chemsales.rules.roles import Action, Actor
from chemsales.words import N_, _
from ui import theme
from ui.context import Context
from ui.pages.page import Page
from ui.places import load


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the settings: `page` is a "module:Class" of a nested Page, `action` who sees it."""

    key: str
    title: str
    page: str
    action: Action | None = None


SECTIONS = (
    Section("appearance", N_("Appearance"), "ui.pages.settings_appearance:AppearanceSection"),
    Section("password", N_("Own password"), "ui.pages.settings_password:PasswordSection"),
    Section(
        "delegation",
        N_("Delegations"),
        "ui.pages.settings_delegation:DelegationSection",
        Action.RULES_READ,
    ),
    Section("people", N_("People"), "ui.pages.settings_people:PeopleSection", Action.PEOPLE_READ),
    Section(
        "company", N_("Company"), "ui.pages.settings_company:CompanySection", Action.SETTINGS_EDIT
    ),
    Section(
        "policy", N_("Rule editions"), "ui.pages.settings_policy:PolicySection", Action.RULES_READ
    ),
    Section(
        "calendar",
        N_("Working-day calendar"),
        "ui.pages.settings_calendar:CalendarSection",
        Action.RULES_READ,
    ),
    Section(
        "products", N_("Products"), "ui.pages.settings_products:ProductsSection", Action.RULES_READ
    ),
    Section(
        "offices",
        N_("Plant offices"),
        "ui.pages.settings_offices:OfficesSection",
        Action.RULES_READ,
    ),
    Section("backup", N_("Backup"), "ui.pages.settings_backup:BackupSection", Action.BACKUP),
    Section("server", N_("Server"), "ui.pages.settings_server:ServerSection", Action.VERIFY),
    Section("about", N_("About"), "ui.pages.settings_about:AboutSection"),
)


def inside(actor: Actor, _today: date) -> list[tuple[str, str, object]]:
    """The sections that this person sees, for the search of everything."""
    return [
        (_("Settings"), _(section.title), section.key)
        for section in SECTIONS
        if section.action is None or not roles.blockers(actor, section.action)
    ]


class SettingsPage(Page):
    """A section is made when it is first chosen. `open("people")` goes to a section.

    What can be done here is what the section shown can do.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.sections = [s for s in SECTIONS if s.action is None or context.may(s.action)]
        self.shown: dict[str, Page] = {}
        self.list = QListWidget()
        self.list.setAccessibleName(_("Sections of the settings"))
        self.list.setProperty("role", "sections")
        self.list.addItems([_(section.title) for section in self.sections])
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedWidth(self.list.sizeHintForColumn(0) + theme.scaled(48))
        self.stack = QStackedWidget()
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.list)
        row.addWidget(self.stack, 1)
        self.body.addLayout(row, 1)
        self.list.currentRowChanged.connect(self._choose)
        self.list.setCurrentRow(0)

    def title(self) -> str:
        return _("Settings")

    def open(self, target: object) -> None:
        for number, section in enumerate(self.sections):
            if section.key == target:
                self.list.setCurrentRow(number)

    def refresh(self) -> None:
        page = self.stack.currentWidget()
        if isinstance(page, Page) and page.isVisible():
            page.refresh()

    def may_leave(self) -> bool:
        return all(page.may_leave() for page in self.shown.values())

    def _choose(self, number: int) -> None:
        section = self.sections[number]
        if section.key not in self.shown:
            page = self.shown[section.key] = load(section.page)(self.context)
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self.shown[section.key])
        self.acts = self.shown[section.key].acts
