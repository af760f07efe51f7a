"""What is done once a day by whoever works first, beside the window and without its waiting."""

from __future__ import annotations

from functools import partial

from chemsales.queries.suspension_lists import noted_on
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.roles import Action
from chemsales.services import licences
from chemsales.services.changes import Changed
from chemsales.services.licences import Noted
from chemsales.words import _
from ui.context import Context


def note_suspensions(context: Context) -> None:
    """Note which suspensions began and ended by today, where nobody has done so today."""
    if context.may(Action.LICENCE_RUN):
        today = context.session.today()
        context.read(noted_on, today, done=partial(_run, context), failed=_later)


def _run(context: Context, noted: bool) -> None:
    if not noted:
        context.write(licences.run, done=partial(_tell, context), failed=_later)


def _tell(context: Context, changed: Changed[Noted]) -> None:
    noted = changed.value
    if noted.begun or noted.ended:
        context.said.emit(
            _(
                "Licences: {begun} suspensions have begun, {ended} have ended.",
                begun=noted.begun,
                ended=noted.ended,
            )
        )


def _later(_error: ChemsalesError) -> None:
    """No door waits for what is noted here; whoever comes next tries again."""
