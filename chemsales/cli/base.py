"""What every command shares: options, the open database, the login, the answer."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from chemsales import bootstrap, config
from chemsales.queries.people import has_passwords
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.errors import DataError, Forbidden, Invalid, Problem, Reason, unreadable
from chemsales.rules.numbers import parse_whole
from chemsales.services import audit, people
from chemsales.services.acts import Act
from chemsales.services.session import Session, utc_now
from chemsales.signin import sign_in
from chemsales.storage.database import SQLITE_URL, is_person, is_sqlite, wants_login
from chemsales.words import say


def shown_instant(stored: str | datetime) -> str:
    """An instant, or one as it is stored, as people read it, in the company's zone; "" for none."""
    if not stored:
        return ""
    instant = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return instant.astimezone(COMPANY_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def check_ending(path: Path, *endings: str) -> None:
    """Invalid (at "out") for a file whose name says that it is something else."""
    if path.suffix.lower() not in endings:
        params = {"endings": " ".join(endings), "file": path.name}
        raise Invalid(Problem("out", Reason("reason.file_ending", params)))


def whole_number(text: str) -> int:
    """An option that is a whole number, refused in the words of the program where it is none."""
    try:
        return parse_whole(text)
    except Invalid as refusal:
        why = " ".join(say(problem.reason) for problem in refusal.problems)
        raise argparse.ArgumentTypeError(why) from refusal


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A file to write, whole or not at all, that becomes `path`; DataError where it cannot."""
    with writing(path), config.whole(path) as half:
        yield half


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """While `path` is written by what does it whole itself; DataError where it cannot."""
    try:
        yield
    except OSError as error:
        params = {"file": path.name, "why": error.strerror or ""}
        raise DataError(Reason("reason.file_not_written", params)) from error


class Exit(IntEnum):
    """What a command answers the shell with."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    DATA = 3
    UNREACHABLE = 4
    PERMISSION = 5


@dataclass(slots=True)
class Run:
    """One command under way: its options, and where its answer goes."""

    options: argparse.Namespace
    opened: bool = False
    inspecting: bool = False  # a file that somebody altered is opened to look into

    def open(self) -> None:
        """Open (and migrate) the database that --db names, else the configured one."""
        bootstrap.open_database(database_url(self.options), altered=self.inspecting)
        self.opened = True

    def close(self) -> None:
        """Seal what the command left in the audit trail."""
        if self.opened:
            audit.seal()

    def session(self, own_password: bool = False) -> Session:
        """Open the database and sign in as --login; the password is never asked for, only read.

        DataError where a file is not there: nobody has a login in a new one. Forbidden while the
        person has a password that an administrator gave, unless it is the `own_password` that is to
        be chosen.
        """
        url = database_url(self.options)
        bootstrap.check_exists(url)
        if not wants_login(url):
            self.open()
            return self.sign_in(own_password)
        session = sign_in(url, self.login(), self.password(), utc_now)
        self.opened = True
        return self._checked(session, own_password)

    def sign_in(self, own_password: bool = False) -> Session:
        """Sign in as --login in the database that is open; see `session`."""
        login = self.login()
        if is_person():
            return self._checked(people.enter(people.typed_login(login), utc_now), own_password)
        session = people.authenticate(login, self.password(), utc_now)
        return self._checked(session, own_password)

    def enter(self) -> Session:
        """As `sign_in`, in a database that is restored or moved; where it came from a server with
        logins of its own, --login begins with the given password."""
        if is_sqlite() and not has_passwords():
            return people.begin_again(self.login(), self.password(), utc_now)
        return self.sign_in()

    def login(self) -> str:
        """Who acts."""
        login: str = self.options.login or os.environ.get("CHEMSALES_LOGIN", "")
        if not login:
            raise Forbidden(Reason("reason.login_option_missing"))
        return login

    def _checked(self, session: Session, own_password: bool) -> Session:
        if session.must_change and not own_password:
            raise Forbidden(Reason("reason.own_password_first"))
        actor = session.actor.on(session.today())
        return replace(session, actor=actor, act=Act(session.desk, self.options.key))

    def password(self) -> str:
        """The password of --login."""
        return read_password(self.options.password_file, "CHEMSALES_PASSWORD")

    def say(self, text: str, **answer: Any) -> None:
        """The answer: `text` for people, or with --json the values in `answer`."""
        if self.options.json:
            print_json({"ok": True, **answer})
        elif text:
            put(text)

    def remark(self, text: str) -> None:
        """A line beside a table, on the error stream; with --json the answer itself has it."""
        if not self.options.json:
            print(text, file=sys.stderr)

    def table(
        self,
        columns: Mapping[str, str],
        rows: Sequence[Sequence[object]],
        key: str,
        **answer: object,
    ) -> None:
        """A list: for people under the columns' words, with --json as objects under `key`, with the
        columns' names, beside the values in `answer`."""
        if self.options.json:
            self.say("", **{key: listed(columns, rows)}, **answer)
            return
        lines = ["\t".join(columns.values())]
        lines += ["\t".join(map(_shown, row)) for row in rows]
        put("\n".join(lines))


def listed(columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> list[dict[str, object]]:
    """The rows of a table as objects with the columns' names."""
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _shown(cell: object) -> str:
    from chemsales.words import _, label

    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, list):
        return _(", ").join(map(_shown, cell))
    if isinstance(cell, StrEnum):
        return label(cell)
    return "" if cell is None else str(cell)


def forgive_encodings() -> None:
    """Let a sign that the output's encoding lacks (a tick in GBK) be written as its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def put(text: str) -> None:
    """Write lines of the answer; where its reader has seen enough (`| head`), nothing more is
    written, and the command goes on to the exit code of what it did."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def print_json(answer: object, indent: int | None = None) -> None:
    """Print an answer as JSON; in ASCII where the output's encoding could not take all of it."""
    text = json.dumps(answer, ensure_ascii=False, default=str, indent=indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(answer, default=str, indent=indent)
    put(text)


def read_password(file: Path | None, variable: str) -> str:
    """A password from a file's first line, else from an environment variable."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").splitlines()[0]
        except (OSError, IndexError, UnicodeDecodeError) as error:
            raise unreadable(file, error) from error
    password = os.environ.get(variable, "")
    if not password:
        raise Forbidden(Reason("reason.password_option_missing", {"variable": variable}))
    return password


def database_url(options: argparse.Namespace) -> str:
    """The URL of --db (a path is a SQLite file), else the configured database, else the default."""
    given = options.db or os.environ.get("CHEMSALES_DB", "")
    if not given:
        try:
            stored = config.load()
        except ValueError as error:
            raise DataError(Reason("reason.file_unreadable", {"file": "config.json"})) from error
        given = stored.database if stored and stored.database else config.default_database()
    return url_of(given)


def url_of(given: str) -> str:
    """The URL of a database that is given as one, or as a file; DataError where it begins like the
    URL of an embedded one and names no file."""
    if not given.startswith("sqlite:"):
        return given if "://" in given else f"{SQLITE_URL}{Path(given).absolute()}"
    file = given.removeprefix(SQLITE_URL if given.startswith(SQLITE_URL) else "sqlite:")
    if not file or file.startswith("//"):
        raise DataError(Reason("reason.database_address"))
    return f"{SQLITE_URL}{Path(file).absolute()}"


Handler = Callable[[Run], int]


def common_options() -> argparse.ArgumentParser:
    """The options that every command takes."""
    from chemsales.words import LANGUAGES, _

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=_("answer in JSON"))
    common.add_argument("--lang", choices=LANGUAGES, help=_("language of the answer"))
    common.add_argument("--db", metavar="URL", help=_("database address or file"))
    common.add_argument("--login", help=_("who acts (or CHEMSALES_LOGIN)"))
    common.add_argument(
        "--key", default="", help=_("a key of your own; what was done under it is not done again")
    )
    common.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help=_("file whose first line is the password (or CHEMSALES_PASSWORD)"),
    )
    return common


@dataclass(slots=True)
class Commands:
    """Where the groups of commands register themselves."""

    subparsers: Any
    common: argparse.ArgumentParser

    def add(self, name: str, handler: Handler, help_text: str) -> argparse.ArgumentParser:
        """A command with the common options; returns its parser for options of its own."""
        parser: argparse.ArgumentParser = self.subparsers.add_parser(
            name, parents=[self.common], help=help_text, description=help_text
        )
        parser.set_defaults(run=handler)
        return parser


def fail(
    options: argparse.Namespace, text: str, reasons: Sequence[Mapping[str, object]] = ()
) -> None:
    """Say on the error stream (or as JSON on the output) why a command did nothing."""
    if options.json:
        print_json({"ok": False, "error": text, "reasons": list(reasons)})
    else:
        print(text, file=sys.stderr)
