"""chemsales licences and remind: what ends, who is suspended, the daily run."""

from __future__ import annotations

from collections.abc import Sequence

from chemsales.articles import cite
from chemsales.cli.base import Commands, Exit, Run, whole_number
from chemsales.queries import licence_lists as lists
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.licence_lists import PaperRow
from chemsales.queries.licence_states import STANDING
from chemsales.rules.licences import LicenceState
from chemsales.services import licences
from chemsales.words import _


def register(commands: Commands) -> None:
    """Add the commands."""
    help_text = _("list the licences by their last day, or note what suspensions began and ended")
    commands.add("licences", licences_of, help_text).add_argument("what", choices=tuple(_DOING))
    due = commands.add("remind", remind, _("tell what ends soon and what has expired"))
    due.add_argument("--due", type=whole_number, default=30, metavar="DAYS",
                     help=_("days ahead; 30 where none are given"))  # fmt: skip
    due.add_argument("--format", choices=("text", "json"), default="text")


def licences_of(run: Run) -> int:
    """One of the two things that are done with licences."""
    return _DOING[run.options.what](run)


def _list(run: Run) -> int:
    """Every paper that counts, or counted last of its kind."""
    return _table(run, (*STANDING, LicenceState.RENEWED))


def _run(run: Run) -> int:
    """The daily run; says how many suspensions began and ended."""
    noted = licences.run(run.session()).value
    text = _(
        "Licences: {begun} suspensions have begun, {ended} have ended.",
        begun=noted.begun, ended=noted.ended,
    )  # fmt: skip
    run.say(f"{text}\n{cite('C15.2')}", begun=noted.begun, ended=noted.ended)
    return Exit.DONE


_DOING = {"list": _list, "run": _run}


def remind(run: Run) -> int:
    """What ends within so many days and what has expired; FINDINGS where there is any, so that a
    scheduler can tell."""
    options = run.options
    options.json = options.json or options.format == "json"
    found = _table(run, STANDING, Filter("left", f"<={options.due}"))
    return Exit.FINDINGS if found is Exit.DONE else Exit.DONE


def _table(run: Run, shown: Sequence[LicenceState], *filters: Filter) -> int:
    """The papers in these states that the filters let through; FINDINGS where there are none."""
    session = run.session()
    states = Filter("state", choices=tuple(map(str, shown)))
    found = lists.papers(session.actor, session.today(), Request(filters=(states, *filters)))
    columns = {
        "customer": _("Code"), "name": _("Customer name"), "kind": _("Paper"),
        "number": _("Number"), "proof": _("Proof"), "valid_to": _("Valid to"),
        "days_left": _("Days left"), "state": _("State"), "since": _("Suspended since"),
        "manager": _("Manager's login"),
    }  # fmt: skip
    run.table(columns, [_line(row) for row in found], "licences")
    return Exit.DONE if found else Exit.FINDINGS


def _line(row: PaperRow) -> tuple[object, ...]:
    return (row.code, row.name, row.kind, row.number, row.proof, row.valid_to, row.days_left,
            row.state, row.since, row.manager)  # fmt: skip
