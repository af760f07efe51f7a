"""chemsales close-month and reopen-month: the levels of a month."""

from __future__ import annotations

from chemsales.articles import cite
from chemsales.cli.base import Commands, Exit, Run, put
from chemsales.queries import tiers as query
from chemsales.services import tiers
from chemsales.words import _, label, say, say_all


def register(commands: Commands) -> None:
    """Add the commands."""
    close = commands.add("close-month", close_month, _("close a month and compute the levels"))
    close.add_argument("month", metavar="YYYY-MM")
    reopen = commands.add("reopen-month", reopen_month, _("reopen a closed month"))
    reopen.add_argument("month", metavar="YYYY-MM")
    reopen.add_argument("--reason", required=True, help=_("why, in words"))


def close_month(run: Run) -> int:
    """Close one month; says the customers by outcome, and the months computed again."""
    session, month = run.session(), run.options.month
    warnings = query.close_warnings(session.actor, month)
    if warnings and not run.options.json:
        put(say_all(warnings))  # before anything is written
    done = tiers.close_month(session, month).value
    counted = ", ".join(f"{label(outcome)} {count}" for outcome, count in done.outcomes)
    text = _(
        "{month} is closed (revision {revision}): {customers} customers; {outcomes}.",
        month=done.month, revision=done.revision, customers=done.customers, outcomes=counted,
    )  # fmt: skip
    lines = [text, cite("C9.2", done.edition)]
    if done.gaps:
        lines.append(_("Not closed before it: {months}", months=", ".join(done.gaps)))
    if done.recomputed:
        lines.append(_("Computed again: {months}", months=", ".join(done.recomputed)))
    run.say(
        "\n".join(lines), month=done.month, revision=done.revision, edition=done.edition,
        customers=done.customers, outcomes={str(o): n for o, n in done.outcomes},
        gaps=list(done.gaps), recomputed=list(done.recomputed),
        warnings=[{**reason.as_dict(), "text": say(reason)} for reason in warnings],
    )  # fmt: skip
    return Exit.DONE


def reopen_month(run: Run) -> int:
    """Reopen one month; says the later months computed again."""
    again = tiers.reopen_month(run.session(), run.options.month, run.options.reason).value
    lines = [_("{month} is reopened.", month=run.options.month)]
    if again:
        lines.append(_("Computed again: {months}", months=", ".join(again)))
    run.say("\n".join(lines), month=run.options.month, recomputed=list(again))
    return Exit.DONE
