"""The scenes of the frame: today, settings with its dialogs, messages, the crash dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from chemsales import demo
from chemsales.queries.server import Finding
from chemsales.rules.errors import NotAllowed, Reason
from chemsales.rules.roles import Role
from chemsales.services import people, settings
from chemsales.words import _
from tests.factory import Clock
from tests.factory_offtake import a_riser
from tests.furnishing import at_the_last, expiring, furnish, returned
from tests.scenes import Scene, Stage
from tests.waiting import run_events
from ui.desk import server_told
from ui.dialogs import message
from ui.dialogs.crash import CrashDialog
from ui.dialogs.edition import EditionDialog
from ui.dialogs.person import OneTimePassword
from ui.dialogs.restore_server import RestoreServerDialog
from ui.first_run import LOGINS, FirstRun
from ui.login import LoginWindow
from ui.pages.page import Page
from ui.pages.settings import SECTIONS, SettingsPage

ADMIN, SALES, MANAGER = Role.ADMINISTRATOR, Role.SALES_HEAD, Role.ACCOUNT_MANAGER


def section(stage: Stage, key: str) -> Page:
    """A section of the settings, read and shown."""
    page = stage.page("settings")
    assert isinstance(page, SettingsPage)
    page.open(key)
    stage.settle()
    return page.shown[key]


def _place(stage: Stage, key: str) -> QWidget:
    stage.page(key)
    return stage.window


def _busy() -> None:
    """Something for everybody to do: papers that end, applications that wait and one sent back."""
    expiring()
    at_the_last()
    returned()


def _today(stage: Stage) -> QWidget:
    furnish(_busy)
    stage.page("today").refresh()
    stage.settle()
    return stage.window


def _section(stage: Stage, key: str) -> QWidget:
    section(stage, key)
    return stage.window


def _from_section(stage: Stage, key: str, act: Callable[[Page], object]) -> QWidget:
    act(section(stage, key))
    return stage.dialog()


def _restore_server(stage: Stage) -> QWidget:
    """What is asked before a server is restored, with an answer of the server."""
    section(stage, "backup")
    made = Path("chemsales-20260630-180000.db")
    dialog = RestoreServerDialog(stage.window.context, made, "2026-06-30 18:00", stage.window)
    dialog.form["owner"].set_text("keeper")
    dialog.open()
    dialog.refused(NotAllowed(Reason("reason.restore_others_connected", {"logins": "gm, sales"})))
    return dialog


def _restoring(stage: Stage) -> QWidget:
    """The login while a server is restored."""
    login = LoginWindow(stage.window.context.jobs, "postgresql://server/chemsales")
    login.set_ready(False, _("The backup is checked and restored …"))
    login.show_busy()
    login.show()
    login.busy.begin(_("Restoring"))
    login.busy.tell(3, 10)
    stage.settle()
    return login


def _restored(stage: Stage) -> QWidget:
    """The login once that was done."""
    login = LoginWindow(stage.window.context.jobs, "postgresql://server/chemsales")
    told = server_told("2026-06-30 18:00", "chemsales_replaced_20260706_120000", 214)
    login.set_ready(True, told)
    login.show()
    stage.settle()
    return login


def _person_chosen(page: Page) -> None:
    page.table.select_key("am")  # type: ignore[attr-defined]


def _edit_person(page: Page) -> None:
    _person_chosen(page)
    page.edit()  # type: ignore[attr-defined]


def _forbid_person(page: Page) -> None:
    _person_chosen(page)
    page.forbid()  # type: ignore[attr-defined]


def _reset_waits(stage: Stage) -> QWidget:
    """Somebody whose new password waits for a second person."""
    page = section(stage, "people")
    people.reset_password(stage.window.context.session, "am")
    page.refresh()
    stage.settle()
    _person_chosen(page)
    return stage.window


def _server_findings(stage: Stage) -> QWidget:
    """A server with something to mend, and some advice."""
    page = section(stage, "server")
    off = Reason("reason.lint_setting_off", {"name": "fsync"})
    more = Reason(
        "reason.lint_grant_more", {"what": "UPDATE decision", "role": "chemsales_finance"}
    )
    page._show(  # type: ignore[attr-defined]
        (
            Finding(Reason("reason.lint_check_version")),
            Finding(Reason("reason.lint_check_durability"), (off,)),
            Finding(
                Reason("reason.lint_check_standby"),
                (Reason("reason.lint_standby_not_waited_for"),),
                warning=True,
            ),
            Finding(Reason("reason.lint_check_grants"), (more,)),
        )
    )
    stage.settle()
    return stage.window


def _edition_moves(stage: Stage) -> QWidget:
    """An edition that would move somebody."""
    a_riser(Clock())
    section(stage, "policy").create()  # type: ignore[attr-defined]
    dialog = stage.dialog()
    assert isinstance(dialog, EditionDialog)
    dialog.parameters.editors["level_move"].set_value("direct")
    dialog.moves.ask()
    stage.settle()
    return dialog


def _notice(page: Page) -> None:
    page.years.select_first()  # type: ignore[attr-defined]
    page.confirm()  # type: ignore[attr-defined]


def _article(page: Page) -> None:
    page.parameters.select_first()  # type: ignore[attr-defined]
    page.article.open_article()  # type: ignore[attr-defined]


def _password(stage: Stage) -> QWidget:
    OneTimePassword("chen", "Zx81-Qw72-Rt63-Yu54", stage.window).open()
    return stage.dialog()


def _refusal(stage: Stage) -> QWidget:
    error = NotAllowed(
        Reason("reason.applicant_cannot_sign", {}, "C7.2"),
        Reason("reason.roles_of_two_stages", {}, "C7.2"),
    )
    message.refuse(error, stage.window)
    return stage.dialog()


def _draft_offered(stage: Stage) -> QWidget:
    """A login begun, left with Esc, and begun again."""
    page = section(stage, "people")
    page.create()  # type: ignore[attr-defined]
    left = stage.dialog()
    left.form["name"].set_text("吴越")  # type: ignore[attr-defined]
    left.reject()
    stage.settle()
    page.create()  # type: ignore[attr-defined]
    return stage.dialog()


def _conflict(stage: Stage) -> QWidget:
    """Both names on printed forms changed at two desks."""
    page = section(stage, "company")
    page.form["company"].set_text("江海石化化工品销售股份有限公司")  # type: ignore[attr-defined]
    settings.set_value(stage.window.context.session, "company", "江海石化化工销售有限公司")
    settings.set_value(stage.window.context.session, "department", "化工品销售部")
    page.save()  # type: ignore[attr-defined]
    return stage.dialog()


def _crash(stage: Stage) -> QWidget:
    CrashDialog("Traceback (most recent call last):\n  ...\nValueError: example").open()
    return stage.dialog()


def _first_run(stage: Stage, page: int) -> QWidget:
    dialog = FirstRun(stage.window.context.jobs, stage.window.context.config)
    dialog.show()
    dialog._show(page)
    if page == LOGINS:
        dialog.logins.set_rows(demo.logins())
    stage.settle()
    return dialog


def _login(stage: Stage, given: bool) -> QWidget:
    """The login refused, or asking for an own password."""
    login = LoginWindow(stage.window.context.jobs, "sqlite:///test")
    login.set_ready(True)
    login.show()
    if given:
        login._on_session(replace(stage.window.context.session, must_change=True))
    else:
        login.form["login"].set_text("am")
        login._on_refused(NotAllowed(Reason("reason.login_wait", {"seconds": 8})))
    stage.settle()
    return login


def _lock(stage: Stage) -> QWidget:
    login = LoginWindow(stage.window.context.jobs, "sqlite:///test", stage.window.context.actor)
    login.show()
    stage.settle()
    return login


def _search(stage: Stage, text: str) -> QWidget:
    """The search of everything over the window."""
    stage.window.palette_box.open()
    stage.window.palette_box.field.setText(text)
    run_events(200)
    stage.settle()
    return stage.window


def _lost(stage: Stage) -> QWidget:
    """The server does not answer."""
    stage.page("tiers")
    stage.window.context.reach(False)
    stage.settle()
    return stage.window


def _acted(stage: Stage, name: str) -> QWidget:
    stage.window.acts[name].trigger()
    return stage.dialog()


SCENES = [
    Scene("search", SALES, partial(_search, text="")),
    Scene("search_found", Role.FINANCE, partial(_search, text="n")),
    *(Scene(f"dialog_{n}", SALES, partial(_acted, name=n)) for n in ("keys", "help", "about")),
    *(Scene(f"today_{role}", role, _today) for role in Role),
    Scene("today_empty", SALES, partial(_place, key="today")),
    *(Scene(f"settings_{s.key}", ADMIN, partial(_section, key=s.key)) for s in SECTIONS),
    Scene("settings_policy_sales", SALES, partial(_section, key="policy")),
    *(
        Scene(name, role, partial(_from_section, key=key, act=act))
        for name, role, key, act in (
            ("dialog_person_new", ADMIN, "people", lambda page: page.create()),
            ("dialog_person_roles", ADMIN, "people", _edit_person),
            ("dialog_person_forbid", ADMIN, "people", _forbid_person),
            ("dialog_calendar_year", ADMIN, "calendar", lambda page: page.load()),
            ("dialog_calendar_day", ADMIN, "calendar", lambda page: page._edit_day(None)),
            ("dialog_calendar_notice", ADMIN, "calendar", _notice),
            ("dialog_product_group", ADMIN, "products", lambda page: page.new_group()),
            ("dialog_office", ADMIN, "offices", lambda page: page.new_office()),
            ("dialog_product", ADMIN, "products", lambda page: page.new_product()),
            ("dialog_edition", SALES, "policy", lambda page: page.create()),
            ("dialog_article", SALES, "policy", _article),
        )
    ),
    Scene("dialog_restore_server", ADMIN, _restore_server),
    Scene("login_restoring", ADMIN, _restoring),
    Scene("login_restored", ADMIN, _restored),
    Scene("settings_people_reset", ADMIN, _reset_waits),
    Scene("settings_server_findings", ADMIN, _server_findings),
    Scene("dialog_edition_moves", SALES, _edition_moves),
    Scene("dialog_one_time_password", ADMIN, _password),
    Scene("dialog_refusal", SALES, _refusal),
    Scene("dialog_crash", SALES, _crash),
    Scene("dialog_draft_offered", ADMIN, _draft_offered),
    Scene("dialog_conflict", ADMIN, _conflict),
    Scene("lock", SALES, _lock),
    Scene("connection_lost", SALES, _lost),
    Scene("login_refused", SALES, partial(_login, given=False)),
    Scene("login_own_password", SALES, partial(_login, given=True)),
    *(Scene(f"first_run_{n + 1}", ADMIN, partial(_first_run, page=n)) for n in range(LOGINS + 1)),
]
