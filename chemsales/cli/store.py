"""chemsales init-db, backup, restore and verify: the database as a whole."""

from __future__ import annotations

from pathlib import Path

from chemsales.cli.base import Commands, Exit, Run, database_url, read_password
from chemsales.queries.people import has_people
from chemsales.restoring import restore as put_back
from chemsales.rules.errors import NotAllowed, Reason
from chemsales.services import audit, people, setup
from chemsales.services import backup as backups
from chemsales.services.session import Session, utc_now
from chemsales.words import _, say


def register(commands: Commands) -> None:
    """Add the commands."""
    init = commands.add("init-db", init_db, _("make a new database with its first administrator"))
    init.add_argument("--name", default="", help=_("name of the person"))
    back = commands.add("backup", backup, _("write a verified copy of the database"))
    back.add_argument("--to", type=Path, metavar="FOLDER", help=_("folder of the copies"))
    back.add_argument(
        "--keep", type=int, default=0, metavar="N", help=_("keep the newest N copies")
    )
    again = commands.add("restore", restore, _("put a checked copy in the place of the database"))
    again.add_argument("file", type=Path)
    check = commands.add("verify", verify, _("check the hash chain and derive every state again"))
    check.add_argument("--anchor", default="", help=_("a head hash printed earlier"))


def init_db(run: Run) -> int:
    """Make the database; --login and the new password become the first administrator's."""
    run.open()
    if has_people():
        raise NotAllowed(Reason("reason.people_exist"))
    login = run.options.login or "admin"
    password = read_password(run.options.password_file, "CHEMSALES_PASSWORD")
    name = run.options.name or login
    session = people.create_first_administrator(name, login, password, utc_now)
    setup.set_up(session)
    text = _("The database is ready; {login} is its administrator.", login=login)
    run.say(text, login=login)
    return Exit.DONE


def backup(run: Run) -> int:
    """Write one verified copy and say where it is."""
    written = backups.back_up(run.session(), run.options.to, run.options.keep)
    run.say(str(written), file=str(written))
    return Exit.DONE


def restore(run: Run) -> int:
    """Put a copy back; says what was replaced and how much younger the old file was."""
    options = run.options

    def sign_in() -> Session:
        password = read_password(options.password_file, "CHEMSALES_PASSWORD")
        return people.authenticate(options.login or "", password, utc_now)

    done = put_back(options.file, database_url(options), sign_in)
    text = _(
        "Restored up to {instant}; the file before is kept as {file}, with {count} later entries.",
        instant=str(done.up_to), file=done.replaced, count=done.lost_events,
    )  # fmt: skip
    run.say(
        text, replaced=done.replaced, up_to=done.up_to, lost_events=done.lost_events,
        broken=done.broken,
    )  # fmt: skip
    return Exit.FINDINGS if done.broken else Exit.DONE


def verify(run: Run) -> int:
    """Check everything; exit code 1 and the places where something is wrong."""
    found = audit.verify(run.session(), run.options.anchor)
    lines = [
        _("{links} links, head {head}", links=found.links, head=found.head),
        *(f"{table}: {count}" for table, count in found.counts),
        *(f"! {problem.place}: {say(problem.reason)}" for problem in found.problems),
    ]
    run.say(
        "\n".join(lines), links=found.links, head=found.head, counts=dict(found.counts),
        problems=[
            {"place": p.place, "warning": p.warning, **p.reason.as_dict(), "text": say(p.reason)}
            for p in found.problems
        ],
    )  # fmt: skip
    return Exit.DONE if found.sound else Exit.FINDINGS
