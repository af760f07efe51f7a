"""Rating a customer's cooperation in a month: points and evidence for each aspect (A.X 24)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from chemsales.queries import cooperation as query
from chemsales.queries.audit import last_change
from chemsales.queries.cooperation import RatingRow
from chemsales.queries.listing import page
from chemsales.rules.errors import ChemsalesError, Invalid
from chemsales.rules.evaluation import Aspect
from chemsales.rules.roles import Actor
from chemsales.services.changes import Subject
from chemsales.words import _, label
from ui import theme
from ui.actions import set_blocked
from ui.dialogs.form_dialog import FormDialog
from ui.forms.field import FieldSet, FormField
from ui.forms.form import RowGrid
from ui.forms.merging import Newer, newer_by
from ui.forms.number_field import WholeField
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel

Line = tuple[Aspect, int, str]
PLACE = "lines"


@dataclass(frozen=True, slots=True)
class RatingDraft:
    """The aspects that have points, with their evidence."""

    lines: tuple[Line, ...] = ()


def _draft(row: RatingRow) -> RatingDraft:
    return RatingDraft(tuple((n.aspect, n.points, n.evidence) for n in row.lines))


def newer(customer_id: int, month: str, actor: Actor) -> Newer:
    """The rating as another desk left it."""
    (row,) = page(actor, query.ratings_of(month), [customer_id])
    assert row is not None
    changed = last_change(actor, Subject.COOPERATION, row.rating_id)
    return newer_by(_draft(row), (row.rating_id, row.version), changed)


class RatingRows(RowGrid):
    """A row of points and evidence for each aspect."""

    def __init__(self, fields: FieldSet) -> None:
        headings = (_("Aspect"), _("Points (0-100)"), _("Evidence"))
        super().__init__(fields, PLACE, headings, (0, 0, 1))
        self.rows: dict[Aspect, dict[str, FormField]] = {}
        for aspect in Aspect:
            points = WholeField()
            points.setFixedWidth(theme.scaled(90))
            cells = {"points": points, "evidence": QLineEdit()}
            self.rows[aspect] = self.add_row(str(aspect), label(aspect), cells)

    def value(self) -> tuple[Line, ...]:
        """The lines with points."""
        found = []
        for aspect, row in self.rows.items():
            points = row["points"].value()
            if isinstance(points, int):
                found.append((aspect, points, row["evidence"].text()))
        return tuple(found)

    def set_value(self, lines: Sequence[Line]) -> None:
        """Fill the rows."""
        by_aspect = {aspect: (points, evidence) for aspect, points, evidence in lines}
        for aspect, row in self.rows.items():
            points, evidence = by_aspect.get(aspect, (None, ""))
            row["points"].set_value(points)
            row["evidence"].set_text(evidence)

    def judge(self) -> int:
        """Say under each aspect what is missing; how many are wrong."""
        wrong = 0
        for row in self.rows.values():
            number, evidence = row["points"].value(), row["evidence"].text()
            outside = isinstance(number, int) and not 0 <= number <= 100
            text = _("Points are whole numbers from 0 to 100.") if outside else ""
            row["points"].set_message(row["points"].problem() or text)
            bare = isinstance(number, int) and not outside and not evidence
            row["evidence"].set_message(_("Points need evidence in words.") if bare else "")
            wrong += row["points"].wrong or row["evidence"].wrong
        return wrong


class CooperationDialog(FormDialog):
    """An aspect counts once it has points, then it needs evidence. `on_given(lines, dialog)`."""

    def __init__(
        self,
        row: RatingRow,
        month: str,
        on_given: Callable[[Sequence[Line], CooperationDialog], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Rate cooperation"), parent)
        self.setMinimumWidth(theme.scaled(640))
        self.body.addWidget(PlainLabel(f"{row.name}  {month}", role="section", wrap=True))
        self.body.addWidget(ArticleButton("C16.1"), 0, Qt.AlignmentFlag.AlignLeft)
        self.rating = RatingRows(self.fields)
        self.rows = self.rating.rows
        self.body.addWidget(self.rating)
        self.why = PlainLabel("", role="quiet", wrap=True)
        self.body.addWidget(self.why)
        self.bind(RatingDraft()).bind(PLACE, self.rating)
        self.fill(_draft(row))
        self.resolve_by((row.rating_id, row.version), partial(newer, row.customer_id, month))
        self.verb = self.add_giving(_("Save the rating"))
        self.given.connect(lambda draft: on_given(draft.lines, self))
        self.fields.edited.connect(self.release)
        self.release()

    def release(self) -> None:
        """Judge the lines, and say beside the verb why it is greyed."""
        wrong = self.rating.judge()
        empty = "" if self.rating.value() else _("Rate at least one aspect.")
        why = empty or (_("Correct what is marked first.") if wrong else "")
        set_blocked(self.verb, why)
        self.why.setText(why or _("The sales head confirms it before it counts."))

    def refused(self, error: ChemsalesError) -> None:
        """Show why the rating was not saved."""
        if isinstance(error, Invalid):
            placed = [
                replace(p, place=f"{PLACE}.{p.place}.evidence") if p.place in tuple(Aspect) else p
                for p in error.problems
            ]
            error = Invalid(*placed)
        super().refused(error)
