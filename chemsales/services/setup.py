"""What a new database needs before anybody can work: edition 1 and the calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chemsales.queries.policy import load_editions
from chemsales.rules.errors import NotAllowed, Reason
from chemsales.rules.roles import Action
from chemsales.services.calendar import write_year
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.policy import write_edition

FIRST_DAY = date(2020, 1, 1)
YEARS = (2024, 2025, 2026)
BASIS = "化工品客户管理办法"


@use_case(Action.SETTINGS_EDIT)
def set_up(
    op: Operation,
    effective_from: date = FIRST_DAY,
    basis: str = BASIS,
    years: Sequence[int] = YEARS,
) -> int:
    """Write edition 1 with the regulation's own values and the working-day calendars; its number.

    The regulation is in force from `effective_from` on; nothing is computed before it (C20.1).
    Called once, by the first start, after `people.create_first_administrator`; NotAllowed a second
    time.
    """
    if load_editions():
        raise NotAllowed(Reason("reason.already_set_up", {}, "C18.1"))
    for year in years:
        write_year(year)
    number = write_edition(op, effective_from, {}, basis)
    op.changed(Subject.CALENDAR)
    op.record(Subject.POLICY, number, "C20.1", number, effective_from=effective_from.isoformat())
    return number
