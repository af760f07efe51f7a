"""What is reviewed, whatever its chain: the view of each kind of case, one of them shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from chemsales.rules.approval import (
    ACCREDITATION,
    CUSTOMER_CHANGE,
    DISQUALIFICATION,
    EVALUATION,
    LICENCE,
)
from chemsales.rules.review import Marks, ReturnReason
from ui.context import Context
from ui.widgets.accreditation_case import AccreditationCase
from ui.widgets.customer_change_case import CustomerChangeCase
from ui.widgets.disqualification_case import DisqualificationCase
from ui.widgets.evaluation_case import EvaluationCase
from ui.widgets.licence_case import LicenceCase
from ui.widgets.stack import Stack
from ui.wording import choices
from ui.work.approvals import Loaded, Waiting

View = TypeVar("View", bound=QWidget)


class Cases(Stack):
    """`show_case(loaded)`. To add a chain: its view in `views`, its row in ui/work/approvals.py."""

    marked = Signal()  # something was ticked

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._found: Loaded | None = None
        self.views: dict[str, Callable[[Loaded], None]] = {
            ACCREDITATION.name: self._show_application,
            EVALUATION.name: self._show_run,
            LICENCE.name: self._show_licence,
            DISQUALIFICATION.name: self._show_disqualification,
            CUSTOMER_CHANGE.name: self._show_customer_change,
        }

    # each is made when it is first wanted: a person signs two or three kinds, and a view is large

    @cached_property
    def accreditation(self) -> AccreditationCase:
        made = AccreditationCase(self.context)
        made.checklist.edited.connect(self.marked)
        return self._joined(made)

    @cached_property
    def evaluation(self) -> EvaluationCase:
        return self._joined(EvaluationCase(self.context))

    @cached_property
    def licence(self) -> LicenceCase:
        return self._joined(LicenceCase(self.context))

    @cached_property
    def disqualification(self) -> DisqualificationCase:
        return self._joined(DisqualificationCase(self.context))

    @cached_property
    def customer_change(self) -> CustomerChangeCase:
        return self._joined(CustomerChangeCase(self.context))

    def _joined(self, view: View) -> View:
        self.addWidget(view)
        return view

    def show_case(self, found: Loaded) -> None:
        """Show this case."""
        self._found = found
        self.views[found.waiting.kind](found)

    def reasons(self, found: Loaded) -> tuple[tuple[str, str], ...]:
        """The reasons that are ticked where this case is returned, with their words."""
        return choices(ReturnReason) if found.application is not None else ()

    def marks(self, found: Loaded, reasons: Sequence[str]) -> tuple[Marks, ...]:
        """What goes with a verdict on an application besides the opinion: what is ticked on it, and
        these reasons."""
        if found.application is None:
            return ()
        ticked = tuple(map(ReturnReason, reasons))
        return (self.accreditation.marks(found.waiting.id, ticked),)

    def left(self) -> tuple[str, str]:
        """What an approval of the case that is shown would leave unticked: how much, and what; ""
        where nothing is."""
        found = self._found
        shown = found is not None and found.application is not None
        return self.accreditation.left() if shown else ("", "")

    def forget(self, row: Waiting) -> None:
        """A case is signed: what was ticked on it is not wanted any longer."""
        if row.kind == ACCREDITATION.name:
            self.accreditation.forget(row.id)

    def _at(self, view: View) -> View:
        """Turn to this view."""
        self.setCurrentWidget(view)
        return view

    def _show_application(self, found: Loaded) -> None:
        self._at(self.accreditation).show_case(found)

    def _show_run(self, found: Loaded) -> None:
        assert found.run is not None
        self._at(self.evaluation).show_case(found.run, found.grades, found.decisions, found.groups)

    def _show_licence(self, found: Loaded) -> None:
        assert found.licence is not None
        self._at(self.licence).show_case(found.licence, found.news)

    def _show_disqualification(self, found: Loaded) -> None:
        assert found.disqualification is not None
        self._at(self.disqualification).show_case(found.disqualification, found.news)

    def _show_customer_change(self, found: Loaded) -> None:
        assert found.customer_change is not None
        self._at(self.customer_change).show_case(found.customer_change, found.news)
