"""chemsales export: lists as workbook or CSV, and the frozen inputs of an evaluation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from chemsales.cli.base import Commands, Exit, Run, check_ending, writing, written
from chemsales.exchange import table
from chemsales.exchange.table import Value
from chemsales.queries import audit, closing, evaluation, offtake
from chemsales.queries import customers as customer_list
from chemsales.queries import tiers as levels
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.evaluation import show_score
from chemsales.rules.periods import Period, check_month
from chemsales.services.session import Session
from chemsales.words import _, label, say

PAGE = 5_000  # events read at once
Listing = tuple[Sequence[str], Sequence[Sequence[Value]]]


def register(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add("export", export, _("write a list as .xlsx or .csv"))
    parser.add_argument("list", choices=[*sorted(LISTS), "inputs"])
    parser.add_argument("--month", default="", metavar="YYYY-MM")
    parser.add_argument("--period", default="", help=_("2026Q3, 2026H1 or 2026"))
    parser.add_argument("--out", type=Path, required=True)


def _tonnes(kg: int) -> Decimal:
    return Decimal(kg) / 1000


def _customers(session: Session, run: Run) -> Listing:
    headers = (_("Code"), _("Customer"), _("USCC"), _("Standing"), _("Account manager"),
               _("Accredited on"), _("Classes"), _("Level"))  # fmt: skip
    return headers, [
        (c.code, c.name, c.uscc, label(c.status), c.manager_name, c.accredited_on, c.classes,
         label(c.level) if c.level else "")
        for c in customer_list.customers(session.actor)
    ]  # fmt: skip


def _levels(session: Session, run: Run) -> Listing:
    month = check_month(run.options.month)
    headers = (_("Code"), _("Customer"), _("Month"), _("Take (t)"), _("Level before"),
               _("Level after"), _("Outcome"), _("Reasons"), _("Rule edition"))  # fmt: skip
    return headers, [
        (r.code, r.name, r.month, _tonnes(r.kg), label(r.level_before), label(r.level_after),
         label(r.outcome), " ".join(say(reason) for reason in r.reasons), r.edition)
        for r in levels.results(session.actor, month)
    ]  # fmt: skip


def _months(session: Session, run: Run) -> Listing:
    headers = (_("Month"), _("State"), _("Take (t)"), _("Plan (t)"), _("Customers"))
    return headers, [
        (m.month, label(m.state), _tonnes(m.take_kg), _tonnes(m.plan_kg), m.customers)
        for m in offtake.months(session.actor)
    ]


def _evaluations(session: Session, run: Run) -> Listing:
    headers = (_("Code"), _("Customer"), _("Product group"), _("Class"), _("Score"), _("Grade"),
               _("Take (t)"), _("Plan (t)"))  # fmt: skip
    return headers, [
        (e.code, e.name, e.group_code, label(e.customer_class),
         Decimal(show_score(e.score)) if e.score is not None else None, label(e.grade),
         _tonnes(e.take_kg), _tonnes(e.plan_kg))
        for e in evaluation.evaluations(session.actor, _run_id(session, run))
    ]  # fmt: skip


def _events(session: Session, run: Run) -> Listing:
    headers = (_("No."), _("Time"), _("Who"), _("What"), _("Result"), _("Record"), _("Article"))
    return headers, [
        (e.number, e.at.astimezone(COMPANY_ZONE).strftime("%Y-%m-%d %H:%M:%S"), e.who, e.use_case,
         e.outcome, f"{e.subject} {e.subject_id}".strip(), e.clause)
        for e in _all_events(session)
    ]  # fmt: skip


def _all_events(session: Session) -> Iterator[audit.EventRow]:
    """Every event, the newest first, page by page."""
    before: int | None = None
    while page := audit.events(session.actor, before=before, limit=PAGE):
        yield from page
        before = page[-1].number


LISTS: dict[str, Callable[[Session, Run], Listing]] = {
    "customers": _customers,
    "levels": _levels,
    "months": _months,
    "evaluations": _evaluations,
    "events": _events,
}


def _run_id(session: Session, run: Run) -> int:
    wanted = str(Period.parse(run.options.period))
    found = evaluation.runs(session.actor, wanted)
    if not found:
        raise NotFound(Reason("reason.period_not_evaluated", {"period": wanted}, "C16.1"))
    return found[0].run_id


def _inputs(session: Session, run: Run) -> dict[str, Any]:
    """What `chemsales calc` recomputes: the levels of --month, else the scores of --period."""
    if run.options.month:
        return closing.calc_document(session.actor, check_month(run.options.month))
    return evaluation.calc_document(session.actor, _run_id(session, run))


def export(run: Run) -> int:
    """Write one list; says how many rows it has."""
    session, options = run.session(), run.options
    check_ending(options.out, *((".json",) if options.list == "inputs" else (".xlsx", ".csv")))
    if options.list == "inputs":
        document = _inputs(session, run)
        text = json.dumps(document, ensure_ascii=False, indent=1, default=str)
        with written(options.out) as file:
            file.write_text(text, encoding="utf-8")
        count = len(document["cases"])
    else:
        headers, rows = LISTS[options.list](session, run)
        write = table.write_csv if options.out.suffix.lower() == ".csv" else table.write_xlsx
        with writing(options.out):
            write(headers, rows, options.out)
        count = len(rows)
    run.say(
        _("{file}: {count} rows", file=str(options.out), count=count),
        file=str(options.out),
        rows=count,
    )
    return Exit.DONE if count else Exit.FINDINGS
