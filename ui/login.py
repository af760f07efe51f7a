"""Signing in, unlocking, and replacing a password that somebody else gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from chemsales.rules.errors import ChemsalesError, Invalid
from chemsales.words import _, current, say_all
from ui import theme
from ui.actions import button
from ui.forms.form import Form
from ui.forms.password import PasswordForm, password_edit
from ui.i18n import NAMES
from ui.jobs import Jobs
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from chemsales.rules.roles import Actor
    from chemsales.services.changes import Changed
    from chemsales.services.session import Session


WIDTH, MARGIN = 400, 28  # of the card, and inside it


def _sign_in(url: str, login: str, password: str) -> Session:
    from chemsales.services.session import utc_now
    from chemsales.signin import sign_in

    return sign_in(url, login, password, utc_now)


def _sign_in_again(url: str, login: str, password: str) -> Session:
    from chemsales.services.session import utc_now
    from chemsales.signin import sign_in_again

    return sign_in_again(url, login, password, utc_now)


def _change_password(session: Session, old: str, new: str) -> Changed[Session]:
    from chemsales.services import people

    return people.change_password(session, old, new)


class LoginWindow(QWidget):
    """`signed_in(session)` when a person has signed in.

    With `locked` it is the lock of that person's window: only the password is asked, and
    `another_person` lets somebody else sign in. It opens before the database is ready;
    `set_ready()` allows signing in, in the database of this address.
    """

    painted = Signal()  # for the first time
    signed_in = Signal(object)
    another_person = Signal()
    language_wanted = Signal(str)
    setup_wanted = Signal()
    closed = Signal()

    def __init__(self, jobs: Jobs, url: str, locked: Actor | None = None) -> None:
        super().__init__()
        self.jobs, self.url, self.locked = jobs, url, locked
        self._given: Session | None = None
        self._painted = False
        self.setObjectName("shell")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Locked") if locked else _("Chemical sales"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self._ask_page())
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(theme.scaled(WIDTH))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*[theme.scaled(MARGIN)] * 4)
        inside.addWidget(self.stack)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._languages(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.resize(theme.fitting(620, 560))
        self.set_ready(locked is not None)

    def _ask_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.scaled(14))
        title = _("The window is locked") if self.locked else _("Chemical sales")
        column.addWidget(PlainLabel(title, role="title"))
        self.form = Form(labels_above=True)
        login = QLineEdit()
        self.form.add("login", _("Login"), login)
        self.form.add("password", _("Password"), password_edit())
        column.addWidget(self.form)
        self.note = PlainLabel("", role="problem", wrap=True)
        column.addWidget(self.note)
        self.sign_in_button = button(
            _("Unlock") if self.locked else _("Sign in"), self.sign_in, "primary"
        )
        column.addWidget(self.sign_in_button)
        row = QHBoxLayout()
        self.other_button = button(_("Another person"), self.another_person.emit, "link")
        self.setup_button = button(_("Choose another database"), self.setup_wanted.emit, "link")
        row.addWidget(self.other_button)
        row.addWidget(self.setup_button)
        row.addStretch(1)
        column.addLayout(row)
        self._column = column
        self.other_button.setVisible(self.locked is not None)
        self.setup_button.hide()
        if self.locked is not None:
            login.setText(self.locked.login)
            login.setReadOnly(True)
        (self._password if self.locked else login).setFocus()
        login.returnPressed.connect(self._password.setFocus)
        self._password.returnPressed.connect(self.sign_in)
        return page

    def _password_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.scaled(14))
        column.addWidget(PlainLabel(_("Choose a password of your own"), role="record"))
        column.addWidget(
            PlainLabel(
                _("Your password was given by an administrator and holds only for this once."),
                role="quiet",
                wrap=True,
            )
        )
        self.new_password = PasswordForm(ask_old=False)
        column.addWidget(self.new_password)
        self.password_note = PlainLabel("", role="problem", wrap=True)
        column.addWidget(self.password_note)
        self.change_button = button(_("Change and sign in"), self.change, "primary")
        column.addWidget(self.change_button)
        return page

    def _languages(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        for code, name in NAMES.items():
            choose = button(name, lambda code=code: self.language_wanted.emit(code), "link")
            choose.setEnabled(code != current())
            layout.addWidget(choose)
        row.setVisible(self.locked is None)
        return row

    @property
    def _password(self) -> QLineEdit:
        editor = self.form["password"].editor
        assert isinstance(editor, QLineEdit)
        return editor

    @property
    def ready(self) -> bool:
        """Whether somebody may sign in."""
        return self._ready

    def show_busy(self) -> None:
        """Show how far the work is that people wait for, and let it be ended."""
        from ui.widgets.busy import BusyBar

        self.busy = BusyBar(self.jobs)
        self._column.addWidget(self.busy)

    def set_ready(self, ready: bool, told: str = "") -> None:
        """Allow signing in, or say that the database is being opened (or what else is under way or
        was done, in `told`)."""
        self._ready = ready
        self.sign_in_button.setEnabled(ready)
        self._tell("quiet", told or ("" if ready else _("Opening the database …")))

    def show_failure(self, error: ChemsalesError) -> None:
        """Say why the database could not be opened, and offer another one."""
        self._say(say_all(error))
        self.setup_button.show()

    def sign_in(self) -> None:
        """Try the login and password typed."""
        login, password = self.form["login"].text(), self._password.text()
        if not (self._ready and self.sign_in_button.isEnabled()):
            return
        if not login or not password:
            self._say(_("Please type login and password."))
            return
        self._say("")
        self.sign_in_button.setEnabled(False)
        self.jobs.write(
            _sign_in if self.locked is None else _sign_in_again,
            self.url,
            login,
            password,
            done=self._on_session,
            failed=self._on_refused,
            always=self._on_answer,
        )

    def change(self) -> None:
        """Replace the given password by the one typed."""
        if self._given is None or not self.new_password.complete():
            return
        self.change_button.setEnabled(False)
        self.jobs.write(
            _change_password,
            self._given,
            self._password.text(),
            self.new_password.typed("password"),
            done=lambda changed: self._finish(changed.value),
            failed=self._on_change_refused,
            always=lambda: self.change_button.setEnabled(True),
        )

    def _on_session(self, session: Session) -> None:
        if session.must_change:
            self._given = session
            self.stack.setCurrentIndex(self.stack.addWidget(self._password_page()))
            self.new_password["password"].editor.setFocus()
        else:
            self._finish(session)

    def _finish(self, session: Session) -> None:
        self._given = None
        self._password.clear()
        self.signed_in.emit(session)

    def _on_refused(self, error: ChemsalesError) -> None:
        self._say(say_all(error))
        self._password.selectAll()
        self._password.setFocus()

    def _on_answer(self) -> None:
        self.sign_in_button.setEnabled(True)

    def _on_change_refused(self, error: ChemsalesError) -> None:
        if isinstance(error, Invalid):
            self.new_password.show_problems(error)
        else:
            self.password_note.setText(say_all(error))

    def _say(self, text: str) -> None:
        self._tell("problem", text)

    def _tell(self, role: str, text: str) -> None:
        """Show a sentence whole: the pages of a stack are not asked how high their text gets."""
        self.note.set_role(role)
        self.note.setText(text)
        height = self.note.heightForWidth(theme.scaled(WIDTH - 2 * MARGIN))
        self.note.setMinimumHeight(max(0, height))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
