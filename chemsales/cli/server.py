"""chemsales server-init and server-check: a PostgreSQL that holds the rules for many desks."""

from __future__ import annotations

from chemsales import bootstrap
from chemsales.cli.base import Commands, Exit, Run, read_password
from chemsales.services import server
from chemsales.services.session import utc_now
from chemsales.words import _


def register(commands: Commands) -> None:
    """Add the commands."""
    init = commands.add(
        "server-init", server_init, _("set a PostgreSQL server up for many desks; repeatable")
    )
    init.add_argument(
        "--url", required=True, help=_("address of the database with its owner's login")
    )
    init.add_argument(
        "--admin", metavar="LOGIN", default="", help=_("make the first administrator")
    )
    init.add_argument("--name", default="", help=_("name of the person"))


def server_init(run: Run) -> int:
    """Migrate, put roles, grants, triggers and policies in place, and say what was done."""
    options = run.options
    bootstrap.open_database(options.url)
    done = server.install()
    if options.admin:
        password = read_password(options.password_file, "CHEMSALES_PASSWORD")
        name = options.name or options.admin
        session = server.create_administrator(options.admin, name, password, utc_now)
        done.append(f"administrator {session.actor.login}")
    run.say("\n".join(done), done=done)
    return Exit.DONE
