"""The command line `chemsales`: one module per group of commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from chemsales import __version__, config, words
from chemsales.cli import base, calc, doctor, imports, lists, months, people, reports, sample, store
from chemsales.cli.base import Commands, Exit, Run
from chemsales.rules.errors import ChemsalesError, NotAllowed, Unreachable
from chemsales.words import _

GROUPS = (imports, months, reports, lists, store, people, sample, calc, doctor)


def _choose_language(argv: Sequence[str]) -> None:
    """Speak the language of --lang, else the configured one, before any help text is made."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--lang", choices=words.LANGUAGES)
    chosen = early.parse_known_args([a for a in argv if not a.startswith("-h")])[0].lang
    stored = config.load()
    words.set_default(chosen or (stored.language if stored else "zh_CN"))


def parser() -> argparse.ArgumentParser:
    """The whole command line, with help in the current language."""
    main_parser = argparse.ArgumentParser(
        prog="chemsales",
        description=_("Customers, levels and evaluations of the sales department."),
    )
    main_parser.add_argument("--version", action="version", version=f"chemsales {__version__}")
    subparsers = main_parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands = Commands(subparsers, base.common_options())
    for group in GROUPS:
        group.register(commands)
    return main_parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 findings, 2 usage, 3 data, 4 database, 5 role."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        _choose_language(given)
        options = parser().parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    run = Run(options)
    try:
        return int(options.run(run))
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except ChemsalesError as refusal:
        stored = [{**reason.as_dict(), "text": words.say(reason)} for reason in refusal.reasons]
        base.fail(options, words.say_all(refusal), stored)
        if isinstance(refusal, NotAllowed):
            return Exit.PERMISSION
        return Exit.UNREACHABLE if isinstance(refusal, Unreachable) else Exit.DATA
    finally:
        run.close()
