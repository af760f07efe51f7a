"""chemsales change-class: another class of a customer in one product group (C3.3)."""

from __future__ import annotations

from argparse import Namespace

from chemsales.articles import cite
from chemsales.cli.base import Commands, Exit, Run
from chemsales.queries import customers as query
from chemsales.rules.admission import ANSWERS, Condition
from chemsales.rules.classification import CustomerClass
from chemsales.rules.days import parse_day
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.numbers import parse_tonnes
from chemsales.services import customers
from chemsales.services.session import Session
from chemsales.words import _, label


def register(commands: Commands) -> None:
    """Add the command."""
    help_text = _("give a customer another class from a day on")
    change = commands.add("change-class", change_class, help_text)
    change.add_argument("customer", help=_("the customer's code"))
    change.add_argument("group", help=_("the product group's code"))
    change.add_argument("customer_class", choices=tuple(map(str, CustomerClass)))
    change.add_argument("--from", dest="from_day", required=True, metavar="YYYY-MM-DD")
    change.add_argument("--reason", required=True, help=_("why, in words"))
    change.add_argument("--region", help=_("sales region; by default that of the class before"))
    change.add_argument("--purpose", default="", help=_("what a direct customer uses it for"))
    change.add_argument("--capacity", default="", metavar="T", help=_("capacity, tonnes a year"))
    for each in ANSWERS:
        if each is not Condition.CAPACITY:
            name = str(each).replace("_", "-")
            change.add_argument(f"--{name}", metavar="TEXT", help=label(each))


def change_class(run: Run) -> int:
    """Change one class; the class before ends the day before and stays in the history."""
    session, options = run.session(), run.options
    found = query.customer(session.actor, _key(session, options.customer))
    wanted = CustomerClass(options.customer_class)
    day = parse_day(options.from_day, session.today())
    customers.change_class(
        session, found.id, options.group, wanted, day, options.reason, found.version,
        options.region, options.purpose, _answers(options),
    )  # fmt: skip
    text = _(
        "{name}: {customer_class} from {day} on.",
        name=found.facts.name, customer_class=label(wanted), day=day.isoformat(),
    )  # fmt: skip
    run.say(
        f"{text}\n{cite('C3.3')}", customer=found.code, group=options.group,
        customer_class=str(wanted), from_day=day.isoformat(),
    )  # fmt: skip
    return Exit.DONE


def _answers(options: Namespace) -> dict[str, str | int]:
    """The answers to the conditions of the class that are given; the others stay."""
    given: dict[str, str | int] = {
        str(each): getattr(options, each)
        for each in ANSWERS
        if getattr(options, each, None) is not None
    }
    if options.capacity:
        given[Condition.CAPACITY] = parse_tonnes(options.capacity)
    return given


def _key(session: Session, code: str) -> int:
    """The customer of this code; NotFound."""
    for row in query.customers(session.actor, code):
        if row.code == code:
            return row.id
    raise NotFound(Reason("reason.customer_unknown", {"customer": code}))
