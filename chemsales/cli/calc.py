"""chemsales calc: recompute decisions from exported inputs; stateless, no database."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from chemsales.cli.base import Commands, Exit, Run, print_json
from chemsales.rules.errors import unreadable
from chemsales.words import _

# as in `calc`, which is not imported before it computes
KINDS = ("tier", "deadline", "evenness", "identifier", "score", "closing", "evaluation")


def register(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add("calc", run, _("recompute decisions from a file of inputs"))
    parser.add_argument("kind", choices=KINDS, help=_("what the cases are of"))
    parser.add_argument("file", type=Path, help=_("JSON file with the cases"))


def run(run: Run) -> int:
    """Print one result per case as JSON; exit code 3 where a case could not be computed."""
    from chemsales.calc import calculate

    try:
        text = run.options.file.read_text(encoding="utf-8-sig")
        document = json.loads(text, parse_float=Decimal)  # as it is written, not the nearest float
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(run.options.file, error) from error
    answer = calculate(run.options.kind, document)
    print_json(answer, indent=1)
    failed = any("error" in result for result in answer["results"])
    return Exit.DATA if failed else Exit.DONE
