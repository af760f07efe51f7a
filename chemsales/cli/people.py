"""chemsales user: logins and their roles."""

from __future__ import annotations

from pathlib import Path

from chemsales.cli.base import Commands, Exit, Run, read_password
from chemsales.queries import people as queries
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.roles import Role
from chemsales.services import people
from chemsales.words import _

ACTS = ("add", "disable", "enable", "reset", "roles", "list", "password")


def register(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add("user", run, _("logins and their roles; the own password"))
    parser.add_argument("act", choices=ACTS)
    parser.add_argument("user", nargs="?", default="", help=_("login"))
    parser.add_argument("--name", default="", help=_("name of the person"))
    parser.add_argument("--role", action="append", choices=[str(role) for role in Role], default=[])
    parser.add_argument("--new-password-file", type=Path, metavar="FILE")


def _new_password(run: Run) -> str:
    return read_password(run.options.new_password_file, "CHEMSALES_NEW_PASSWORD")


def run(run: Run) -> int:
    """Carry out one act on a login."""
    session, options = run.session(own_password=run.options.act == "password"), run.options
    if options.act == "list":
        columns = {
            "login": _("Login"),
            "name": _("Name"),
            "roles": _("Roles"),
            "active": _("Active"),
        }
        listed = queries.people(session.actor)
        rows = [(p.login, p.name, sorted(p.roles), p.active) for p in listed]
        run.table(columns, rows, "people")
        return Exit.DONE
    if options.act == "password":
        people.change_password(session, run.password(), _new_password(run))
        run.say(_("The password is changed."), login=session.actor.login)
        return Exit.DONE
    if options.act == "add":
        password = _new_password(run)
        roles = {Role(role) for role in options.role}
        people.create_person(session, options.user, options.name or options.user, roles, password)
        run.say(_("Login {login} is ready.", login=options.user), login=options.user)
        return Exit.DONE
    if options.act == "reset":
        once = people.reset_password(session, options.user).value
        text = _("One-time password of {login}: {password}", login=options.user, password=once)
        run.say(text, login=options.user, password=once)
        return Exit.DONE
    person = next((p for p in queries.people(session.actor) if p.login == options.user), None)
    if person is None:
        raise NotFound(Reason("reason.login_unknown", {"login": options.user}))
    if options.act == "roles":
        people.set_roles(session, person.login, {Role(r) for r in options.role}, person.version)
    else:
        people.set_active(session, person.login, options.act == "enable", person.version)
    run.say(_("Login {login} is changed.", login=person.login), login=person.login)
    return Exit.DONE
