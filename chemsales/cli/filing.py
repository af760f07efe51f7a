"""chemsales dispatch, file and inspections: what is reported, what is filed, what was found."""

from __future__ import annotations

from pathlib import Path

from chemsales.articles import cite
from chemsales.cli.base import Commands, Exit, Run, check_ending, shown_instant, written
from chemsales.queries import filing as queries
from chemsales.queries.dispatch_lists import ITEMS, items_asked
from chemsales.queries.dispatch_notes import dispatch_notes
from chemsales.queries.file_card import customer_key
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.listing import whole
from chemsales.rules.dispatch import DispatchState
from chemsales.rules.errors import NotFound, Reason
from chemsales.services import filing
from chemsales.services.session import Session
from chemsales.words import _, current


def register(commands: Commands) -> None:
    """Add the commands."""
    dispatch = commands.add(
        "dispatch", dispatches, _("what is reported of customers, item by item")
    )
    states = tuple(map(str, DispatchState))
    dispatch.add_argument("--state", action="append", choices=states, help=_("only in this state"))
    dispatch.add_argument("--note", metavar="NUMBER", help=_("write the note of this item"))
    dispatch.add_argument("--out", type=Path, metavar="PDF")
    dispatch.set_defaults(refuse=dispatch.error)
    file = commands.add("file", file_customers, _("file customers with the parent department"))
    file.add_argument("--customer", action="append", default=[], help=_("only these codes"))
    file.add_argument(
        "--filing", metavar="BA2026-0001", help=_("write the workbook of this filing again")
    )
    file.add_argument("--out", type=Path, required=True, metavar="XLSX")
    commands.add("inspections", inspections, _("the parent department's inspections"))


def dispatches(run: Run) -> int:
    """The items, or the note of one; FINDINGS where there is no item."""
    options = run.options
    if bool(options.note) is not bool(options.out):
        options.refuse(_("{kind} needs {option}", kind="--note", option="--out"))
    session = run.session()
    if options.note:
        return _note(run, session)
    states = map(DispatchState, options.state or DispatchState)
    found = whole(session.actor, ITEMS, items_asked(*states))
    columns = {
        "number": _("Number"), "customer": _("Code"), "name": _("Customer name"),
        "what": _("What"), "recipient": _("Recipient"), "office": _("Plant office"),
        "state": _("State"), "sent_at": _("Sent at"), "acknowledged_on": _("Acknowledged on"),
        "receipt": _("Receipt"), "manager": _("Manager's login"),
    }  # fmt: skip
    listed = [
        (row.number, row.code, row.name, row.what, row.recipient, row.office, row.state,
         shown_instant(row.sent_at) if row.sent_at else None,
         row.acknowledged_on.isoformat() if row.acknowledged_on else None,
         row.receipt, row.manager)
        for row in found
    ]  # fmt: skip
    run.table(columns, listed, "dispatches")
    return Exit.DONE if found else Exit.FINDINGS


def _note(run: Run, session: Session) -> int:
    from chemsales.reports import dispatch_note

    number, out = run.options.note, run.options.out
    check_ending(out, ".pdf")
    found = whole(session.actor, ITEMS, Request(filters=(Filter("number", number),)))
    keys = [row.id for row in found if row.number == number]
    if not keys:
        raise NotFound(Reason("reason.dispatch_unknown", {"id": number}, "C4.7"))
    data = dispatch_note.render(dispatch_notes(session.actor, keys), current())
    with written(out) as half:
        half.write_bytes(data)
    run.say(f"{out}\t{len(data)}", file=str(out), bytes=len(data))
    return Exit.DONE


def file_customers(run: Run) -> int:
    """Make a batch of the customers that are named, else of all that are to be filed, and write
    its workbook; or write that of an earlier one. FINDINGS where none is to be filed."""
    session, options = run.session(), run.options
    actor = session.actor
    check_ending(options.out, ".xlsx")
    if options.filing:
        keys = [row.id for row in whole(actor, queries.FILINGS) if row.number == options.filing]
        if not keys:
            raise NotFound(Reason("reason.filing_unknown", {"id": options.filing}, "C8.3"))
        key = keys[0]
    else:
        named = [customer_key(actor, code) for code in options.customer]
        keys = named or _to_be_filed(session)
        if not keys:
            run.say(_("Every customer is filed."), filing=None)
            return Exit.FINDINGS
        key = filing.make(session, keys).value
    number, data = queries.exported(actor, key)
    with written(options.out) as half:
        half.write_bytes(data)
    text = _("Filing {number}: {file}", number=number, file=str(options.out))
    run.say(f"{text}\n{cite('C8.3')}", filing=number, file=str(options.out), bytes=len(data))
    return Exit.DONE


def _to_be_filed(session: Session) -> list[int]:
    return [row.id for row in whole(session.actor, queries.UNFILED)]


def inspections(run: Run) -> int:
    """Every inspection and how many of its findings are open; FINDINGS where any is."""
    session = run.session()
    found = whole(session.actor, queries.INSPECTIONS)
    columns = {
        "held_on": _("Held on"), "inspector": _("Inspector"), "filing": _("Filing"),
        "scope": _("Scope"), "findings": _("Findings"), "open": _("Open"),
    }  # fmt: skip
    listed = [
        (row.held_on.isoformat(), row.inspector, row.filing, row.scope, row.findings, row.left_open)
        for row in found
    ]
    run.table(columns, listed, "inspections")
    return Exit.FINDINGS if any(row.left_open for row in found) else Exit.DONE
