"""chemsales delegate: the own signature for some days, its end, and the list of delegations."""

from __future__ import annotations

from chemsales.articles import cite
from chemsales.cli.base import Commands, Exit, Run, whole_number
from chemsales.queries import delegation as query
from chemsales.rules.days import parse_day
from chemsales.rules.delegation import delegable
from chemsales.rules.errors import Forbidden, Reason, term
from chemsales.rules.roles import Action, Role
from chemsales.services import delegation
from chemsales.words import _, label

DAY = "YYYY-MM-DD"


def register(commands: Commands) -> None:
    """Add the commands."""
    give = commands.add("delegate", delegate, _("let another person sign for you on named days"))
    give.add_argument("delegate", help=_("login of the person who signs"))
    give.add_argument("--from", dest="first", required=True, metavar=DAY)
    give.add_argument("--to", dest="last", required=True, metavar=DAY)
    give.add_argument("--reason", required=True, help=_("why, in words"))
    end = commands.add("revoke-delegation", revoke, _("end an own delegation at once"))
    end.add_argument("number", type=whole_number, help=_("number of the delegation"))
    commands.add("delegations", listing, _("the delegations given and received"))


def delegate(run: Run) -> int:
    """Delegate the role that the person signs in; both days are included."""
    session, options = run.session(), run.options
    today = session.today()
    first, last = parse_day(options.first, today), parse_day(options.last, today)
    role = _role(run, delegable(session.actor))
    key = delegation.delegate(session, options.delegate, role, first, last, options.reason).value
    text = _(
        "Delegation {number}: {login} signs as {role} from {first} to {last}.",
        number=key, login=options.delegate, role=label(role),
        first=first.isoformat(), last=last.isoformat(),
    )  # fmt: skip
    run.say(
        f"{text}\n{cite('C7.2')}", delegation=key, delegate=options.delegate, role=str(role),
        first=first.isoformat(), last=last.isoformat(),
    )  # fmt: skip
    return Exit.DONE


def _role(run: Run, held: tuple[Role, ...]) -> Role:
    """The one role that a person signs in (`role_conflicts` allows no second)."""
    if not held:
        params = {"action": term(Action.DELEGATE)}
        raise Forbidden(Reason("reason.role_lacks_action", params, "C5.1"))
    return held[0]


def revoke(run: Run) -> int:
    """Revoke one delegation."""
    delegation.revoke(run.session(), run.options.number)
    run.say(_("Delegation {number} is revoked.", number=run.options.number),
            delegation=run.options.number)  # fmt: skip
    return Exit.DONE


def listing(run: Run) -> int:
    """Those of the person, of everybody for an administrator or auditor."""
    columns = {
        "id": _("Number"), "principal": _("Delegated by"), "delegate": _("Delegate"),
        "role": _("Role"), "first": _("First day"), "last": _("Last day"),
        "state": _("State"), "revoked_at": _("Revoked"), "reason": _("Reason"),
    }  # fmt: skip
    session = run.session()
    today = session.today()
    listed = [
        (
            row.id, row.principal, row.delegate, row.role, row.first.isoformat(),
            row.last.isoformat(), row.standing(today),
            row.revoked_at.isoformat() if row.revoked_at else None, row.reason,
        )
        for row in query.delegations(session.actor)
    ]  # fmt: skip
    run.table(columns, listed, "delegations")
    return Exit.DONE
