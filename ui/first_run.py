"""The first start: language, where the data lives, sample data or an empty department."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from chemsales.config import Config, default_database
from chemsales.rules.errors import ChemsalesError, Invalid
from chemsales.words import _, say_all
from ui import theme
from ui.actions import button
from ui.dialogs.base import Dialog
from ui.forms.choice import Choice
from ui.forms.form import Form
from ui.forms.password import PasswordForm
from ui.i18n import NAMES
from ui.jobs import Jobs
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.widgets.busy import BusyBar
from ui.widgets.labels import PlainLabel

LANGUAGE, PLACE, CONTENT, LOGINS = range(4)


def _open_database(url: str) -> bool:
    """Open (or make) the database; whether somebody has a login in it already."""
    from chemsales.signin import prepare

    return prepare(url)


def _begin_empty(name: str, login: str, password: str) -> None:
    from chemsales.services import people, setup
    from chemsales.services.session import utc_now

    setup.set_up(people.create_first_administrator(name, login, password, utc_now))


def _begin_sample(
    cancel: object, progress: Callable[[int, int], None]
) -> list[tuple[str, str, str, str]]:
    """Fill in the sample department; its logins as (login, password, name, role)."""
    from chemsales import demo

    demo.load(progress)
    return demo.logins()


class FirstRun(Dialog):
    """`finished_setup(config)` at the end; `language_wanted(code)` makes it anew in that
    language."""

    language_wanted = Signal(str)
    finished_setup = Signal(object)

    def __init__(self, jobs: Jobs, config: Config) -> None:
        super().__init__(_("First start"))
        self.setModal(False)
        self.jobs, self.config = jobs, config
        self.step = PlainLabel("", role="quiet")
        self.stack = QStackedWidget()
        for page in (self._language(), self._place(), self._content(), self._logins()):
            self.stack.addWidget(page)
        self.body.addWidget(self.step)
        self.body.addWidget(self.stack, 1)
        self.busy = BusyBar(jobs)
        self.body.addWidget(self.busy)
        self.back = button(_("Back"), self._back)
        self.verbs.insertWidget(0, self.back)
        self.next = self.add_verb(_("Next"), self.go_on)
        self.next.setDefault(True)  # Enter goes on: nothing here decides about anybody
        self.cancel_button.setText(_("Quit"))
        self.resize(theme.fitting(600, 560))
        self._show(LANGUAGE)

    def _page(self, title: str, *content: QWidget) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.scaled(14))
        column.addWidget(PlainLabel(title, role="title", wrap=True))
        for widget in content:
            column.addWidget(widget)
        column.addStretch(1)
        return page

    def _language(self) -> QWidget:
        self.language = Choice()
        for code, name in NAMES.items():
            self.language.add(code, name)
        self.language.choose(self.config.language)
        self.language.changed.connect(lambda: self.language_wanted.emit(self.language.key()))
        return self._page(_("Which language shall the window speak?"), self.language)

    def _place(self) -> QWidget:
        self.place = Choice()
        self.place.add(
            "here",
            _("On this computer"),
            _("For one person or a trial. Nothing has to be installed."),
        )
        self.place.add(
            "server",
            _("On a PostgreSQL server"),
            _("For a department. Your server's administrator gives you the address."),
        )
        self.address = Form(labels_above=True)
        url = QLineEdit()
        url.setPlaceholderText("postgresql://host:5432/chemsales")
        self.address.add("url", _("Address of the database"), url, required=True)
        embedded = not self.config.database.startswith("postgres")
        url.setText("" if embedded else self.config.database)
        self.place.changed.connect(self._on_place)
        self.place.choose("here" if embedded else "server")
        return self._page(_("Where shall the data live?"), self.place, self.address)

    def _content(self) -> QWidget:
        self.content = Choice()
        self.content.add(
            "empty", _("Begin empty"), _("You become the administrator and give people logins.")
        )
        self.content.add(
            "sample",
            _("With sample data"),
            _("A fictional department of 60 customers and 18 months, to try everything."),
        )
        self.admin = Form(labels_above=True, columns=2)
        self.admin.add("name", _("Your name"), required=True)
        self.admin.add("login", _("Login"), required=True)
        self.password = PasswordForm(ask_old=False)
        self.content.changed.connect(self._on_content)
        self.content.choose("empty")
        return self._page(_("How shall it begin?"), self.content, self.admin, self.password)

    def _logins(self) -> QWidget:
        self.logins = Grid(
            [
                Column(_("Login"), lambda row: row[0]),
                Column(_("Password"), lambda row: row[1]),
                Column(_("Name"), lambda row: row[2]),
                Column(_("Role"), lambda row: row[3], stretch=True),
            ],
            name=_("Logins of the sample data"),
        )
        self.logins.setMinimumHeight(theme.scaled(240))
        note = PlainLabel(
            _("These logins are for trying only; Ctrl+C copies a row."), role="quiet", wrap=True
        )
        return self._page(_("The sample data is ready"), note, self.logins)

    def _on_place(self) -> None:
        self.address.setVisible(self.place.key() == "server")

    def _on_content(self) -> None:
        empty = self.content.key() == "empty"
        self.admin.setVisible(empty)
        self.password.setVisible(empty)

    def _show(self, page: int) -> None:
        self.stack.setCurrentIndex(page)
        self.show_note("")
        self.step.setText(_("Step {step} of {steps}", step=page + 1, steps=3))
        self.step.setVisible(page < LOGINS)
        self.back.setVisible(page in (PLACE, CONTENT))
        self.cancel_button.setVisible(page < LOGINS)
        words = {CONTENT: _("Begin"), LOGINS: _("Go to the login")}
        self.next.setText(words.get(page, _("Next")))
        self.next.setAccessibleName(self.next.text())
        choices = {LANGUAGE: self.language, PLACE: self.place, CONTENT: self.content}
        if page in choices:
            choices[page].focus_chosen()

    def _back(self) -> None:
        self._show(self.stack.currentIndex() - 1)

    def go_on(self) -> None:
        """What "Next" does on the step shown."""
        page = self.stack.currentIndex()
        if page == LANGUAGE:
            self.config = replace(self.config, language=self.language.key())
            self._show(PLACE)
        elif page == PLACE:
            self._open_place()
        elif page == CONTENT:
            self._begin()
        else:
            self._finish()

    def _open_place(self) -> None:
        here = self.place.key() == "here"
        if not here and not self.address.check_required():
            return
        url = default_database() if here else self.address["url"].text()
        self._run(_open_database, url, done=lambda people: self._opened(url, people))

    def _opened(self, url: str, people: bool) -> None:
        self.config = replace(self.config, database=url)
        if people:
            self._finish()  # a department at work: nothing more to ask
        else:
            self._show(CONTENT)

    def _begin(self) -> None:
        if self.content.key() == "sample":
            self._run(
                _begin_sample,
                done=self._show_logins,
                title=_("Filling in sample data"),
                control=True,
            )
        elif all(
            [self.password.complete(), self.admin.check_required()]
        ):  # the focus: at the first
            self._run(
                _begin_empty,
                self.admin["name"].text(),
                self.admin["login"].text(),
                self.password.typed("password"),
                done=lambda _nothing: self._finish(),
            )

    def _show_logins(self, logins: list[tuple[str, str, str, str]]) -> None:
        self.logins.set_rows(logins)
        self._show(LOGINS)

    def _finish(self) -> None:
        self.finished_setup.emit(self.config)

    def _run(
        self, work: object, *args: object, done: object, title: str = "", control: bool = False
    ) -> None:
        """Run a task off the window's thread with the verbs greyed, and its refusal shown here."""
        self.show_note("")
        self.next.setEnabled(False)
        self.back.setEnabled(False)
        self.jobs.write(
            work,  # type: ignore[arg-type]
            *args,
            done=done,  # type: ignore[arg-type]
            failed=self._refused,
            always=self._ready_again,
            title=title,
            control=control,
            cancellable=False,
        )

    def _ready_again(self) -> None:
        self.next.setEnabled(True)
        self.back.setEnabled(True)

    def _refused(self, error: ChemsalesError) -> None:
        rest = error
        if isinstance(error, Invalid):
            left = self.admin.show_problems(error)
            left = self.password.show_problems(left)
            if not left:
                return
            rest = Invalid(*left)
        self.show_note(say_all(rest))
        QApplication.beep()
