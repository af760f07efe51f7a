"""chemsales hand-over: customers given to another account manager, one by one or all of one."""

from __future__ import annotations

from chemsales.articles import cite
from chemsales.cli.base import Commands, Exit, Run
from chemsales.queries.handover import called, holding
from chemsales.rules.days import parse_day
from chemsales.rules.handover import Handover
from chemsales.services import handover
from chemsales.words import _, say


def register(commands: Commands) -> None:
    """Add the commands."""
    give = commands.add("hand-over", hand_over, _("give customers to another account manager"))
    give.add_argument("to", help=_("login of the new account manager"))
    give.add_argument("--customer", action="append", default=[], help=_("only these codes"))
    give.add_argument(
        "--application", action="append", default=[], metavar="NUMBER",
        help=_("only these applications of new customers"),
    )  # fmt: skip
    give.add_argument(
        "--all-of", metavar="LOGIN", help=_("all customers and applications of this login")
    )
    give.add_argument("--from", dest="first", default="", metavar="YYYY-MM-DD")
    give.add_argument("--reason", required=True, help=_("why, in words"))
    give.set_defaults(refuse=give.error)


def hand_over(run: Run) -> int:
    """Hand customers over from a day on (today where none is given); a remark says what stays: of
    all customers and applications those of which the new account manager has signed a case."""
    options = run.options
    if bool(options.customer or options.application) is bool(options.all_of):
        options.refuse(_("Give either --customer and --application, or --all-of."))
    session = run.session()
    today = session.today()
    first = parse_day(options.first, today) if options.first else today
    given = Handover(options.to, first, options.reason)
    if options.all_of:
        held = holding(session.actor, options.all_of)
        kept, applied = held.kept_from(options.to), held.goes(options.to)
        back = (each.kept_from(options.to) for each in held.applications)
        stays = (*held.stays, *kept.values(), *filter(None, back))
        keys = tuple(key for key in held.customers if key not in kept)
        if not keys and not applied:
            keys = held.customers  # the refusal says of each why
    else:
        keys, applied = called(session.actor, options.customer, options.application)
        stays = ()
    handed = handover.hand_over(session, keys, given, applied).value
    text = _(
        "Handed over: {count}. Cases that went along: {cases}. Applications of new customers: "
        "{applications}.",
        count=handed.customers, cases=handed.cases, applications=handed.applications,
    )  # fmt: skip
    told = [{**reason.as_dict(), "text": say(reason)} for reason in stays]
    run.say(
        f"{text}\n{cite('C8.1')}", handed_over=handed.customers, cases=handed.cases,
        applications=handed.applications, to=options.to, stays=told,
    )  # fmt: skip
    for reason in stays:
        run.remark(say(reason))
    return Exit.DONE
