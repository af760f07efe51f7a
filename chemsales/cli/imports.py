"""chemsales import and undo-import: pick-ups, plans and customers from workbooks."""

from __future__ import annotations

from pathlib import Path

from chemsales import exchange
from chemsales.cli.base import Commands, Exit, Run, whole_number
from chemsales.exchange import Preview
from chemsales.exchange.model import DraftRow
from chemsales.queries.offtake import import_context
from chemsales.rules.errors import Problem
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.offtake import BatchKind
from chemsales.services import accreditation, offtake
from chemsales.services.session import Session
from chemsales.words import _


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add("import", run, _("import pick-ups, plans or customers from a file"))
    parser.add_argument("kind", choices=[str(kind) for kind in BatchKind])
    parser.add_argument("file", type=Path)
    parser.add_argument("--month", default="", metavar="YYYY-MM", help=_("refuse other months"))
    parser.add_argument(
        "--only-good", action="store_true", help=_("leave out the rows with errors")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("check only, write nothing"))
    parser.add_argument(
        "--report", type=Path, metavar="XLSX", help=_("write the rows with errors here")
    )
    undo = commands.add("undo-import", undo_import, _("undo an import as one step"))
    undo.add_argument("batch", type=whole_number)
    undo.add_argument("--reason", required=True, help=_("why, in words"))


def run(run: Run) -> int:
    """Check a file and import it: all of it, or with --only-good what is right.

    Exit code 0 when everything was imported, 1 when rows were left out or (with --dry-run) are
    wrong, 3 when nothing was imported.
    """
    options, session = run.options, run.session()
    kind = BatchKind(options.kind)
    context = import_context(session.actor, session.today(), options.month)
    preview = exchange.preview(options.file, kind, context)
    if options.report is not None and preview.bad:
        exchange.write_bad_rows(preview, options.report)
    if options.dry_run or (preview.bad and not options.only_good):
        _say(run, preview, None)
        if options.dry_run:
            return Exit.FINDINGS if preview.bad else Exit.DONE
        return Exit.DATA
    if kind is BatchKind.CUSTOMERS:
        written: object = _save_drafts(session, preview)
    else:
        written = offtake.import_batch(session, preview, options.only_good).value
    _say(run, preview, written)
    return Exit.FINDINGS if preview.bad else Exit.DONE


def _save_drafts(session: Session, preview: Preview) -> list[int]:
    """One draft of an application per customer of the file, all or none; their keys."""
    drafts = [row for row in preview.good if isinstance(row, DraftRow)]
    return accreditation.save_drafts(session, [row.draft for row in drafts]).value


def _say(run: Run, preview: Preview, written: object) -> None:
    lines = [exchange.describe(problem) for problem in preview.problems]
    good = len(preview.good)
    lines.append(_("{good} rows right, {bad} rows wrong.", good=good, bad=len(preview.bad)))
    if written is None:
        lines.append(_("Nothing was written."))
    elif isinstance(written, list):
        lines.append(_("Drafts saved: {count}.", count=len(written)))
    else:
        text = _("Import {batch}: {tonnes} t.", batch=str(written), tonnes=_tonnes(preview))
        lines.append(text)
    run.say(
        "\n".join(lines), file=preview.file_name, sha256=preview.sha256, good=good,
        bad=len(preview.bad), written=written,
        problems=[_told(problem) for problem in preview.problems],
    )  # fmt: skip


def _told(problem: Problem) -> dict[str, object]:
    text = exchange.describe(problem)
    return {"place": problem.place, "warning": problem.warning, "text": text}


def _tonnes(preview: Preview) -> str:
    return format_tonnes(sum(row.kg for row in preview.good if not isinstance(row, DraftRow)))


def undo_import(run: Run) -> int:
    """Undo one import; refused while one of its months is closed."""
    offtake.undo_import(run.session(), run.options.batch, run.options.reason)
    text = _("Import {batch} is undone.", batch=str(run.options.batch))
    run.say(text, batch=run.options.batch)
    return Exit.DONE
