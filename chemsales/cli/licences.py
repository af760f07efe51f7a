"""chemsales licences and remind: what ends, who is suspended, the daily run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chemsales.articles import cite
from chemsales.cli.base import Commands, Exit, Run, listed, whole_number
from chemsales.queries import licence_lists as lists
from chemsales.queries.agent_licences import agents_of, to_be_licensed
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.licence_states import STANDING
from chemsales.queries.listing import whole
from chemsales.queries.violations import of_recent, recent
from chemsales.rules.licences import LicenceState
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.roles import Actor
from chemsales.services import licences
from chemsales.services.session import Session
from chemsales.words import _, named

Table = tuple[dict[str, str], list[tuple[object, ...]]]  # the columns with their words, the rows


def register(commands: Commands) -> None:
    """Add the commands."""
    help_text = _("list the licences by their last day, or note what suspensions began and ended")
    commands.add("licences", licences_of, help_text).add_argument("what", choices=tuple(_DOING))
    due = commands.add("remind", remind, _("tell what ends, has expired or was violated"))
    due.add_argument("--due", type=whole_number, metavar="DAYS",
                     help=_("days ahead; as the reminders begin where none are given"))  # fmt: skip
    due.add_argument("--format", choices=("text", "json"), default="text")


def licences_of(run: Run) -> int:
    """One of the two things that are done with licences."""
    return _DOING[run.options.what](run)


def _list(run: Run) -> int:
    """Every paper that counts, or counted last of its kind."""
    found = _papers(run.session(), (*STANDING, LicenceState.RENEWED))
    run.table(_paper_columns(), found, "licences")
    return Exit.DONE if found else Exit.FINDINGS


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
    """What ends within so many days and what has expired, the exclusive agents that are to be
    licensed, and the violations of late; FINDINGS where there is any, so that a scheduler can
    tell."""
    options = run.options
    options.json = options.json or options.format == "json"
    session = run.session()
    actor, today = session.actor, session.today()
    due = lists.notice_on(actor, today).ahead if options.due is None else options.due
    told = {
        "licences": (_paper_columns(), _papers(session, STANDING, Filter("left", f"<={due}"))),
        "agents": _agents(actor, today, due),
        "violations": _violations(actor, today),
    }
    if options.json:
        run.say("", **{key: listed(columns, rows) for key, (columns, rows) in told.items()})
    for key, (columns, rows) in told.items():
        if not options.json and (rows or key == "licences"):
            run.table(columns, rows, key)
    return Exit.FINDINGS if any(rows for _columns, rows in told.values()) else Exit.DONE


def _papers(
    session: Session, shown: Sequence[LicenceState], *filters: Filter
) -> list[tuple[object, ...]]:
    """The papers in these states that the filters let through."""
    states = Filter("state", choices=tuple(map(str, shown)))
    found = lists.papers(session.actor, session.today(), Request(filters=(*filters, states)))
    return [
        (row.code, row.name, row.kind, row.number, row.proof, row.valid_to, row.days_left,
         row.step, row.state, row.since, row.manager)
        for row in found
    ]  # fmt: skip


def _paper_columns() -> dict[str, str]:
    return {
        "customer": _("Code"), "name": _("Customer name"), "kind": _("Licence name"),
        "number": _("Number"), "proof": _("Proof"), "valid_to": _("Valid to"),
        "days_left": _("Days left"), "step": _("Reminder"), "state": _("State"),
        "since": _("Suspended since"), "manager": _("Manager's login"),
    }  # fmt: skip


def _agents(actor: Actor, today: date, due: int) -> Table:
    """The exclusive agents without a licence, or with one that ends within so many days."""
    columns = {
        "customer": _("Code"), "name": _("Customer name"), "group": _("Product group"),
        "number": _("Licence number"), "valid_to": _("Valid to"), "state": _("State"),
    }  # fmt: skip
    found = whole(actor, agents_of(today, due), to_be_licensed())
    return columns, [
        (row.code, row.name, row.group_code, row.number, row.to_day, row.state) for row in found
    ]


def _violations(actor: Actor, today: date) -> Table:
    """What was picked up this month and the last in spite of a suspension."""
    columns = {
        "customer": _("Code"), "name": _("Customer name"), "day": _("Day"),
        "product": _("Product"), "tonnes": _("Tonnes"), "kind": _("Violated"),
        "since": _("Stopped since"), "note": _("Note number"),
    }  # fmt: skip
    found = whole(actor, recent(today), of_recent(today))
    return columns, [
        (row.code, row.name, row.day, named(row.product, row.product_en), format_tonnes(row.kg),
         row.kind, row.since, row.note_no)
        for row in found
    ]  # fmt: skip
