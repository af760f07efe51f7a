"""chemsales server-init and server-check: a PostgreSQL that holds the rules for many desks."""

from __future__ import annotations

from chemsales import bootstrap
from chemsales.cli.base import Commands, Exit, Run, read_password
from chemsales.queries.people import has_people
from chemsales.queries.server import look, unset_up
from chemsales.rules.errors import Reason
from chemsales.services import server
from chemsales.services.session import utc_now
from chemsales.storage.database import connected
from chemsales.words import _, say


def register(commands: Commands) -> None:
    """Add the commands."""
    init = commands.add(
        "server-init", server_init, _("set a PostgreSQL server up for many desks; repeatable")
    )
    init.add_argument(
        "--url", required=True, help=_("address of the database with its owner's login")
    )
    init.add_argument(
        "--admin",
        metavar="LOGIN",
        default="",
        help=_("make the first administrator, or give one a new password"),
    )
    init.add_argument("--name", default="", help=_("name of the person"))
    check = commands.add(
        "server-check", server_check, _("check that a server still is as it was set up")
    )
    check.add_argument(
        "--url", required=True, help=_("address of the database with its owner's login")
    )


def server_init(run: Run) -> int:
    """Migrate, put roles, grants, triggers, policies and logins in place, and say what was not."""
    options = run.options
    bootstrap.open_database(options.url)
    done = server.install()
    if options.admin:
        password = read_password(options.password_file, "CHEMSALES_PASSWORD")
        if has_people():
            session = server.renew_administrator(options.admin, password, utc_now)
        else:
            name = options.name or options.admin
            session = server.create_administrator(options.admin, name, password, utc_now)
        done.append(Reason("reason.init_administrator", {"login": session.actor.login}))
    nothing = _("Everything was in place; nothing was changed.")
    run.say(
        "\n".join(map(say, done)) or nothing,
        done=[{**reason.as_dict(), "text": say(reason)} for reason in done],
    )
    return Exit.DONE


def server_check(run: Run) -> int:
    """Say of every check whether it passes and what to mend; exit code 1 where one does not. The
    database stays as it is: where it is not ready for this program, that is the one finding."""
    unready = bootstrap.look_into_server(run.options.url)
    with connected():
        found = look() if unready is None else (unset_up(unready),)
    lines = []
    for finding in found:
        sign = "✓" if not finding.wrong else "!" if finding.warning else "✗"
        lines.append(f"{sign} {say(finding.check)}")
        lines += [f"    {say(reason)}" for reason in finding.wrong]
    run.say(
        "\n".join(lines),
        findings=[
            {
                "check": finding.check.code,
                "warning": finding.warning,
                "wrong": [{**reason.as_dict(), "text": say(reason)} for reason in finding.wrong],
            }
            for finding in found
        ],
    )
    return Exit.DONE if all(f.passed for f in found) else Exit.FINDINGS
