"""The words for the rule parameters and for what may be chosen of them, as in `labels`."""

from __future__ import annotations

from chemsales.marking import N_

PARAMETERS: dict[str, str] = {
    "Parameter.level_thresholds_kg": N_("Thresholds of one, two and three stars (t a month)"),
    "Parameter.level_move": N_("Step of a change of level"),
    "Parameter.level_gate_score": N_("Lowest score for a rise"),
    "Parameter.fall_on_bad_score": N_("A score below it lowers the level"),
    "Parameter.auction_exit": N_("Leaving the auction form"),
    "Parameter.auction_return_after_zero_months": N_(
        "Months without take that lead back to auction (empty: never)"
    ),
    "Parameter.level_effective": N_("A new level holds from"),
    "Parameter.weights": N_("Weights of the indicators"),
    "Parameter.min_available_weight": N_("Least weight with data for a grade"),
    "Parameter.grade_bounds": N_("Lowest scores of excellent, good and pass"),
    "Parameter.company_short_deducted": N_("Short supply by the company is taken off the plan"),
    "Parameter.cooperation_weights": N_("Weights of the parts of cooperation"),
    "Parameter.complaint_days": N_("Days for general, serious and special complaints"),
    "Parameter.deadline_mode": N_("How working days are counted"),
    "Parameter.close_of_business": N_("Close of business"),
    "Parameter.plan_day": N_("Day by which next month's plan is due"),
    "Parameter.exclusive_unique": N_("A second exclusive agent in a region"),
    "Parameter.agent_licence_term": N_("How long an exclusive agent's licence is valid"),
    "Parameter.licence_bands": N_("Days before the last one that make a licence due later, soon"),
    "Parameter.change_days": N_("Working days within which a change goes into the file"),
    "Parameter.licence_reminders": N_("Days before a licence's last one that bring a reminder"),
    "Parameter.inspection_months": N_("Months between inspections by the parent department"),
    "Choice.one_step": N_("One level a month"),
    "Choice.direct": N_("Straight to the level reached"),
    "Choice.auto_after_take": N_("After the first closed month with take"),
    "Choice.manual": N_("By decision"),
    "Choice.next_month": N_("The month after"),
    "Choice.same_month": N_("The same month"),
    "Choice.warn": N_("Warned of; the general manager says why"),
    "Choice.refuse": N_("Refused"),
    "Choice.calendar_year": N_("To 31 December"),
    "Choice.one_year": N_("One year from the day of issue"),
    "Choice.next_working_day": N_("From the next working day on"),
    "Choice.same_day_8h": N_("Eight working hours a day from receipt"),
}
