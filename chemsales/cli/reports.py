"""chemsales evaluate, sign-evaluation and report: scores of a period, and papers as PDF."""

from __future__ import annotations

from pathlib import Path

from chemsales.cli.base import Commands, Exit, Run, check_ending, written
from chemsales.queries import evaluation as runs
from chemsales.queries import evaluation_reports as papers
from chemsales.queries.agent_licences import agent_licence_key, agent_licences
from chemsales.queries.application_form import (
    application_form,
    application_key,
    blank_application_form,
)
from chemsales.queries.disqualification_form import (
    disqualification_form,
    disqualification_key,
)
from chemsales.queries.duties import duties as duties_of
from chemsales.queries.evaluation import RunRow
from chemsales.queries.file_card import customer_key, file_card
from chemsales.rules.approval import Verdict
from chemsales.rules.days import parse_day
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.evaluation import show_score
from chemsales.rules.periods import Period, last_finished_quarter
from chemsales.services import evaluation
from chemsales.services.session import Session
from chemsales.words import _, current, label

KINDS = (
    "evaluation", "meeting", "application", "duties", "disqualification", "agent-licence",
    "file-card",
)  # fmt: skip
# the papers that are of one record, and the option that names it
OF_ONE = {
    "disqualification": "disqualification", "agent-licence": "licence", "file-card": "customer",
}  # fmt: skip


def register(commands: Commands) -> None:
    """Add the commands."""
    compute = commands.add("evaluate", evaluate, _("compute a period's evaluations"))
    compute.add_argument("period", nargs="?", default="", help=_("2026Q3, 2026H1 or 2026"))
    sign = commands.add("sign-evaluation", sign_evaluation, _("sign a period's evaluations"))
    sign.add_argument("period")
    sign.add_argument("--verdict", choices=("approve", "return", "reject"), default="approve")
    sign.add_argument("--comment", default="", help=_("why, in words"))
    parser = commands.add("report", report, _("write a paper as a PDF"))
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--period", default="", help=_("2026Q3, 2026H1 or 2026"))
    parser.add_argument("--quarter", dest="period", help=_("the same as --period"))
    parser.add_argument("--customer", action="append", default=[], help=_("only these codes"))
    parser.add_argument(
        "--application",
        metavar="SQ2026-0001",
        help=_("number of the application; without it, the blank form"),
    )
    parser.add_argument(
        "--disqualification", metavar="QX2026-0001", help=_("number of the disqualification")
    )
    parser.add_argument(
        "--licence", metavar="DL2026-0001", help=_("number of the exclusive agent's licence")
    )
    parser.add_argument("--day", default="", help=_("as on which day the card is printed"))
    parser.add_argument("--out", type=Path, required=True, metavar="PDF")
    parser.set_defaults(refuse=parser.error)


def _run_of(session: Session, period: str) -> RunRow:
    """The standing evaluation of a period; without one, of the last finished quarter."""
    wanted = str(Period.parse(period) if period else last_finished_quarter(session.today()))
    for found in runs.runs(session.actor, wanted):
        if found.active:
            return found
    raise NotFound(Reason("reason.period_not_evaluated", {"period": wanted}, "C16.1"))


def evaluate(run: Run) -> int:
    """Compute a period and list the scores; a remark says how many customers have none."""
    session = run.session()
    wanted = run.options.period or str(last_finished_quarter(session.today()))
    run_id = evaluation.compute(session, wanted).value
    rows = runs.evaluations(session.actor, run_id)
    listed = [
        (each.code, each.name, each.group_code, label(each.customer_class),
         show_score(each.score), label(each.grade))
        for each in rows
    ]  # fmt: skip
    columns = {
        "code": _("Code"),
        "name": _("Customer"),
        "group": _("Product group"),
        "class": _("Class"),
        "score": _("Score"),
        "grade": _("Grade"),
    }
    unscored = sum(each.score is None for each in rows)
    missing = runs.missing(session.actor, wanted, session.today())
    run.table(columns, listed, "evaluations", without_score=unscored, missing=len(missing))
    if unscored:
        run.remark(_("Evaluations without a score, too little data: {number}", number=unscored))
    if missing:
        run.remark(_("Customers missing from the evaluation: {number}", number=len(missing)))
    return Exit.DONE


def sign_evaluation(run: Run) -> int:
    """Sign the standing revision of a period."""
    session, options = run.session(), run.options
    found = _run_of(session, options.period)
    done = evaluation.sign(
        session, found.run_id, found.version, Verdict(options.verdict), options.comment
    )
    text = _("{period}: {outcome}", period=found.period, outcome=label(done.value))
    run.say(text, period=found.period, outcome=str(done.value))
    return Exit.DONE


def report(run: Run) -> int:
    """Write one paper; says its path and size."""
    options = run.options
    lacks = OF_ONE.get(options.kind)
    if lacks and not getattr(options, lacks):
        options.refuse(_("{kind} needs {option}", kind=options.kind, option=f"--{lacks}"))
    session = run.session()
    check_ending(options.out, ".pdf")
    data = _paper(session, run)
    with written(options.out) as file:
        file.write_bytes(data)
    run.say(f"{options.out}\t{len(data)}", file=str(options.out), bytes=len(data))
    return Exit.DONE


def _file_card(session: Session, run: Run) -> bytes:
    """The card of the one customer that is named, as on a day."""
    from chemsales.reports import file_card as form

    options, today = run.options, session.today()
    key = customer_key(session.actor, options.customer[0])
    day = parse_day(options.day, today) if options.day else today
    return form.render(file_card(session.actor, key, day), current())


def _paper(session: Session, run: Run) -> bytes:
    from chemsales.reports import (
        agent_licence,
        disqualification,
        duties,
        evaluation_sheet,
        operating_meeting,
    )
    from chemsales.reports import application_form as form

    options, language = run.options, current()
    if options.kind == "application":
        if options.application is None:
            return form.render(blank_application_form(session.actor, session.today()), language)
        key = application_key(session.actor, options.application)
        return form.render(application_form(session.actor, key), language)
    if options.kind == "disqualification":
        key = disqualification_key(session.actor, options.disqualification)
        return disqualification.render(disqualification_form(session.actor, key), language)
    if options.kind == "file-card":
        return _file_card(session, run)
    if options.kind == "agent-licence":
        key = agent_licence_key(session.actor, options.licence)
        return agent_licence.render(agent_licences(session.actor, [key]), language)
    if options.kind == "duties":
        wanted = options.period or str(last_finished_quarter(session.today()))
        return duties.render(duties_of(session.actor, wanted, session.today()), language)
    found = _run_of(session, options.period)
    if options.kind == "meeting":
        return operating_meeting.render(papers.meeting(session.actor, found.run_id), language)
    chosen = None
    if options.customer:
        rows = runs.evaluations(session.actor, found.run_id)
        chosen = {each.customer_id for each in rows if each.code in options.customer}
        unknown = set(options.customer) - {each.code for each in rows}
        if unknown:
            params = {"customer": ", ".join(sorted(unknown))}
            raise NotFound(Reason("reason.customer_unknown", params))
    return evaluation_sheet.render(papers.sheets(session.actor, found.run_id, chosen), language)
