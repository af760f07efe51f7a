"""What tests of the approvals page share: cases that wait, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable

from chemsales.queries import accreditation
from chemsales.queries.accreditation import ApplicationDetail
from tests.factory import Clock, session_of, submit
from tests.furnishing import application, rich_draft
from tests.ui.acting import dialog_of
from ui.dialogs.application import ApplicationDialog
from ui.main_window import MainWindow
from ui.pages.approvals import ApprovalsPage
from ui.widgets.labels import PlainLabel

NAME = "恒力石化（大连）有限公司"


def waiting(
    name: str = NAME, number: int = 1, login: str = "am", clock: Clock | None = None
) -> int:
    """A submitted application with two scans; its key."""
    made = application(rich_draft(name, number), login, clock)
    submit(session_of(login, clock), made)
    return made


def detail(made: int) -> ApplicationDetail:
    """The application as it is stored."""
    return accreditation.application(session_of("auditor").actor, made)


def page_of(window: MainWindow) -> ApprovalsPage:
    """The approvals page of a window."""
    assert isinstance(window.page, ApprovalsPage)
    return window.page


def titles(page: ApprovalsPage) -> list[str]:
    """What waits, in the order shown."""
    return [row.title for row in page.queue.rows()]


def shown_titles(page: ApprovalsPage) -> set[str]:
    """What the lines of the queue say that waits."""
    column = page.queue.columns[page.queue.names.index("title")]
    return {column.shown(row) for row in page.queue.rows()}


def dialog_of_application(
    window: MainWindow, made: int, settle: Callable[[], None]
) -> ApplicationDialog:
    """The dialog of an application, opened from anywhere in a window."""
    window.context.go.emit("customers", ("application", made))
    settle()
    dialog = dialog_of(ApplicationDialog)
    assert isinstance(dialog, ApplicationDialog)
    return dialog


def texts(widget: object) -> list[str]:
    """What the labels inside a widget say."""
    return [part.text() for part in widget.findChildren(PlainLabel)]  # type: ignore[attr-defined]
