"""The command line `chemsales`: one module per group of commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from chemsales import __version__, config, words
from chemsales.cli import (
    base,
    calc,
    classes,
    delegation,
    doctor,
    filing,
    handover,
    imports,
    licences,
    lists,
    months,
    people,
    proof,
    reports,
    sample,
    server,
    store,
    usage,
)
from chemsales.cli.base import Commands, Exit, Run
from chemsales.rules.errors import (
    ChemsalesError,
    DataError,
    DoneBefore,
    Forbidden,
    NotAllowed,
    Reason,
    Unreachable,
)
from chemsales.words import _

GROUPS = (
    imports,
    months,
    classes,
    licences,
    filing,
    reports,
    lists,
    store,
    proof,
    server,
    people,
    handover,
    delegation,
    sample,
    calc,
    doctor,
)


# the exit code of a refusal: the first kind that it is; any other is a data error
_CODES = (
    (Forbidden, Exit.PERMISSION),
    (NotAllowed, Exit.FINDINGS),
    (DoneBefore, Exit.FINDINGS),
    (Unreachable, Exit.UNREACHABLE),
)


def _choose_language(argv: Sequence[str]) -> None:
    """Speak the language of --lang, else the configured one, before any help text is made."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--lang", choices=words.LANGUAGES)
    chosen = early.parse_known_args([a for a in argv if not a.startswith("-h")])[0].lang
    try:
        stored = config.load()
    except (OSError, ValueError):
        stored = None  # the command says so, where it needs more than the language
    found = chosen or (stored.language if stored else "")
    words.set_default(found if found in words.LANGUAGES else "zh_CN")
    usage.speak(words.current())


def parser() -> argparse.ArgumentParser:
    """The whole command line, with help in the current language."""
    main_parser = argparse.ArgumentParser(
        prog="chemsales",
        description=_("Customers, levels and evaluations of the sales department."),
    )
    main_parser.add_argument(
        "--version",
        action="version",
        version=f"chemsales {__version__}",
        help=_("show program's version number and exit"),  # argparse asks nobody for this one
    )
    subparsers = main_parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands = Commands(subparsers, base.common_options())
    for group in GROUPS:
        group.register(commands)
    return main_parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 nothing done or findings, 2 usage, 3 data, 4
    database, 5 permission."""
    given = list(sys.argv[1:] if argv is None else argv)
    base.forgive_encodings()
    try:
        _choose_language(given)
        options = parser().parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return _run(Run(options))
    except SystemExit as stop:  # an option lacks that the command cannot do without
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return Exit.FINDINGS
    except OSError as error:
        params = {"file": str(error.filename or ""), "why": error.strerror or str(error)}
        return _refused(options, DataError(Reason("reason.file_failed", params)))
    except ChemsalesError as refusal:
        return _refused(options, refusal)


def _run(run: Run) -> int:
    try:
        return int(run.options.run(run))
    finally:
        run.close()


def _refused(options: argparse.Namespace, refusal: ChemsalesError) -> int:
    """Say why nothing was done; the exit code."""
    stored = [{**reason.as_dict(), "text": words.say(reason)} for reason in refusal.reasons]
    base.fail(options, words.say_all(refusal), stored)
    for kind, code in _CODES:
        if isinstance(refusal, kind):
            return code
    return Exit.DATA
