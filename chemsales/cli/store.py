"""chemsales init-db, backup, restore, move and verify: the database as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from chemsales import moving
from chemsales.bootstrap import address_of, altered_in, altered_reason
from chemsales.cli.base import (
    Commands,
    Exit,
    Run,
    database_url,
    read_password,
    shown_instant,
    url_of,
)
from chemsales.cli.proof import verify_code
from chemsales.queries import verification
from chemsales.queries.people import has_people
from chemsales.queries.verification import Verification
from chemsales.restoring import Owner, restore_server, restore_to_server
from chemsales.restoring import restore as put_back
from chemsales.rules.errors import DataError, NotAllowed, Problem, Reason
from chemsales.services import audit, people, setup
from chemsales.services import backup as backups
from chemsales.services.session import utc_now
from chemsales.storage.database import wants_login
from chemsales.words import _, say


def register(commands: Commands) -> None:
    """Add the commands."""
    init = commands.add("init-db", init_db, _("make a new database with its first administrator"))
    init.add_argument("--name", default="", help=_("name of the person"))
    back = commands.add("backup", backup, _("write a verified copy of the database"))
    back.add_argument("--to", type=Path, metavar="FOLDER", help=_("folder of the copies"))
    back.add_argument(
        "--keep-all", action="store_true",
        help=_("remove no older copies (else 7 daily, 4 weekly and 12 monthly ones stay)"),
    )  # fmt: skip
    again = commands.add("restore", restore, _("put a checked copy in the place of the database"))
    again.add_argument("file", type=Path)
    again.add_argument("--to", metavar="URL", help=_("a new, empty database on a server"))
    again.add_argument(
        "--owner",
        default="",
        metavar="LOGIN",
        help=_("the owner's login of a server, to put it in the database's place"),
    )
    again.add_argument("--owner-password-file", type=Path, metavar="FILE",
                       help=_("its password (else $CHEMSALES_OWNER_PASSWORD)"))  # fmt: skip
    again.add_argument("--no-manifest", action="store_true",
                       help=_("accept a copy whose manifest is lost"))  # fmt: skip
    commands.add("confirm-restored", confirm_restored, _("say that the restored data is right"))
    over = commands.add("move", move, _("move everything between a file and a server"))
    over.add_argument("--from", dest="source", metavar="URL", help=_("where it is now"))
    over.add_argument("--to", dest="target", required=True, metavar="URL",
                      help=_("an empty database, or a file that does not exist"))  # fmt: skip
    check = commands.add("verify", verify, _("check the hash chain and derive every state again"))
    check.add_argument(
        "--anchor", default="", metavar="HASH[@N]", help=_("a hash noted or printed earlier")
    )
    check.add_argument(
        "--code", default="", help=_("the check code of a paper, after its number where it has one")
    )
    check.add_argument("--digests", action="store_true",
                       help=_("print the digest of every append-only table too"))  # fmt: skip


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
    written = backups.back_up(run.session(), run.options.to, not run.options.keep_all)
    run.say(str(written), file=str(written))
    return Exit.DONE


def restore(run: Run) -> int:
    """Put a copy back, into a new database on a server with --to, in the place of a server's with
    --owner; says what was replaced and how
    much younger the old file was."""
    options = run.options
    if options.to is not None:
        return _restore_to_server(run)
    if options.owner:
        return _restore_server(run)
    done = put_back(options.file, database_url(options), run.enter, options.no_manifest)
    instant = shown_instant(done.up_to)
    text = _(
        "Restored up to {instant}; the file before is kept as {file}, with {count} later entries.",
        instant=instant, file=done.replaced, count=done.lost_events,
    ) if done.replaced else _("Restored up to {instant}.", instant=instant)  # fmt: skip
    run.say(
        text, replaced=done.replaced, up_to=done.up_to, lost_events=done.lost_events,
        broken=done.broken,
    )  # fmt: skip
    return Exit.FINDINGS if done.broken else Exit.DONE


def _restore_to_server(run: Run) -> int:
    options = run.options
    done = restore_to_server(options.file, url_of(options.to), run.enter, options.no_manifest)
    where = address_of(url_of(options.to))
    text = _(
        "Restored up to {instant} into {target} and checked. To go over to it, run chemsales"
        " server-init on it, let nobody be connected and, as the server's administrator, rename the"
        " old database and then this one: ALTER DATABASE chemsales RENAME TO chemsales_old; ALTER"
        " DATABASE {name} RENAME TO chemsales;",
        instant=shown_instant(done.up_to), target=where, name=where.rpartition("/")[2],
    )  # fmt: skip
    run.say(text, target=where, up_to=done.up_to, broken=done.broken)
    return Exit.FINDINGS if done.broken else Exit.DONE


def _restore_server(run: Run) -> int:
    """Put a copy in the place of the server's database that people work in."""
    options, url = run.options, database_url(run.options)
    if not wants_login(url):
        raise DataError(Reason("reason.server_owner_needed"))
    password = read_password(options.owner_password_file, "CHEMSALES_OWNER_PASSWORD")
    session = run.session()
    done = restore_server(options.file, url, Owner(options.owner, password), lambda: session)
    text = _(
        "Restored up to {instant}. The database before is kept on the server as {name}; {count}"
        " later entries are in it alone.",
        instant=shown_instant(done.up_to), name=done.replaced, count=done.lost_events,
    )  # fmt: skip
    run.say(
        text, replaced=done.replaced, up_to=done.up_to, lost_events=done.lost_events,
        broken=done.broken,
    )  # fmt: skip
    return Exit.FINDINGS if done.broken else Exit.DONE


def confirm_restored(run: Run) -> int:
    """Confirm a restored database."""
    backups.confirm_restored(run.session())
    run.say(_("Confirmed; old copies are thinned out again."))
    return Exit.DONE


def move(run: Run) -> int:
    """Move everything and say table by table what was compared; exit code 1 where the check after
    it finds something."""
    options = run.options
    source = url_of(options.source) if options.source else database_url(options)
    known = (run.login(), run.password()) if wants_login(source) else ("", "")
    done = moving.move(source, url_of(options.target), run.enter, *known)
    run.opened = True
    lines = [
        *(f"{name}: {digest.rows}  {digest.sha256[:16]}" for name, digest in done.tables.items()),
        _("{rows} rows moved from {source} to {target}; every table was compared row by row.",
          rows=done.rows, source=done.source, target=done.target),
        *verified_lines(done.verified),
        _("{source} stands as it was: keep it, and let nobody go on working in it.",
          source=done.source),
    ]  # fmt: skip
    run.say(
        "\n".join(lines), source=done.source, target=done.target, rows=done.rows,
        tables={n: {"rows": d.rows, "sha256": d.sha256} for n, d in done.tables.items()},
        **verified_answer(done.verified),
    )  # fmt: skip
    return Exit.DONE if done.verified.sound else Exit.FINDINGS


def verify(run: Run) -> int:
    """Check everything; exit code 1 and the places where something is wrong."""
    if run.options.code:
        return verify_code(run)
    run.inspecting = True
    session = run.session()
    found = audit.verify(session, run.options.anchor)
    url = database_url(run.options)
    changed = altered_in(url)
    if changed:
        problem = Problem("schema", altered_reason(address_of(url), changed))
        found = replace(found, problems=(*found.problems, problem))
    counted = [f"{table}: {count}" for table, count in found.counts]
    head, *problems = verified_lines(found)
    digests = verification.digests(session.actor) if run.options.digests else {}
    noted = [f"{table}: {d.rows} {d.sha256}" for table, d in digests.items()]
    answer = verified_answer(found)
    if digests:
        answer["digests"] = {n: {"rows": d.rows, "sha256": d.sha256} for n, d in digests.items()}
    run.say("\n".join([head, *counted, *noted, *problems]), **answer)
    return Exit.DONE if found.sound else Exit.FINDINGS


def verified_lines(found: Verification) -> list[str]:
    """A verification for people: its head, then the problems."""
    return [
        _("{links} links, head {head}", links=found.links, head=found.head),
        *(
            f"{'-' if problem.warning else '!'} {problem.place}: {say(problem.reason)}"
            for problem in found.problems
        ),
    ]


def verified_answer(found: Verification) -> dict[str, Any]:
    """A verification for --json."""
    return {
        "links": found.links,
        "head": found.head,
        "counts": dict(found.counts),
        "problems": [
            {"place": p.place, "warning": p.warning, **p.reason.as_dict(), "text": say(p.reason)}
            for p in found.problems
        ],
    }
