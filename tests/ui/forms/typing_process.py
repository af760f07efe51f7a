"""A process in which somebody types into the form of a new application until it is killed, or looks
at what is offered after that: `python -m tests.ui.forms.typing_process type|look URL`.

`look` prints, as JSON, what the bar asks and what stands in the fields before and after "Restore".
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

from chemsales.bootstrap import open_database
from chemsales.config import Config
from chemsales.queries.products import groups
from tests.factory import session_of
from tests.waiting import run_events
from ui import guards
from ui.app import make_application
from ui.context import Context
from ui.dialogs.application import ApplicationDialog
from ui.jobs import Jobs

NAME = "青岛蓝海化工有限公司"
SCOPE = "聚丙烯\n聚乙烯 & <b>苯</b>"


def wait(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the window live until this is true."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it did not come true"
        run_events(10)


def form(url: str) -> ApplicationDialog:
    """The form of a new application, as the account manager opens it."""
    app = make_application(["chemsales"])
    guards.install(app)
    open_database(url)
    session = session_of("am")
    context = Context(session, Config(database=url), Jobs(app))
    dialog = ApplicationDialog(context, groups(session.actor))
    context.setParent(dialog)
    dialog.open()
    wait(lambda: not context.jobs.busy)
    return dialog


def type_on(url: str) -> None:
    """Type, then go on typing until the process is killed."""
    dialog = form(url)
    dialog.form.fields["name"].editor.setText(NAME)
    dialog.form.fields["business_scope"].set_text(SCOPE)
    dialog.form.contacts.rows[0]["phone"].set_text("13805320001")
    note = dialog.form.fields["credit_note"]
    while True:
        note.set_text(note.text() + ".")
        run_events(50)


def look(url: str) -> None:
    """Print what is offered."""
    dialog = form(url)
    found = {"asked": dialog.bar.text.text() * dialog.bar.isVisible()}
    fields = dialog.form.fields
    found["before"] = fields["name"].text()
    dialog.bar.restore.click()
    found["name"], found["scope"] = fields["name"].text(), fields["business_scope"].text()
    found["phone"] = fields["contacts.0.phone"].text()
    found["dirty"] = str(dialog.dirty)
    print(json.dumps(found, ensure_ascii=True), flush=True)
    dialog.form.set.mark_clean()
    dialog.accept()
    assert dialog.context.jobs.stop(30)


if __name__ == "__main__":
    {"type": type_on, "look": look}[sys.argv[1]](sys.argv[2])
