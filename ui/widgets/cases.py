"""What is reviewed, whatever its chain: the view of each kind of case, one of them shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.widgets.accreditation_case import AccreditationCase
from ui.widgets.disqualification_case import DisqualificationCase
from ui.widgets.evaluation_case import EvaluationCase
from ui.widgets.licence_case import LicenceCase
from ui.widgets.stack import Stack
from ui.work.approvals import Loaded


class Cases(Stack):
    """`show_case(loaded)`. To add a chain: its view here, and what it shows in `Loaded`."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accreditation, self.evaluation = AccreditationCase(context), EvaluationCase(context)
        self.licence = LicenceCase(context)
        self.disqualification = DisqualificationCase(context)
        for kind in (self.accreditation, self.evaluation, self.licence, self.disqualification):
            self.addWidget(kind)

    def show_case(self, found: Loaded) -> None:
        """Show this case."""
        if found.application is not None:
            self.setCurrentWidget(self.accreditation)
            self.accreditation.show_case(found)
        elif found.run is not None:
            self.setCurrentWidget(self.evaluation)
            self.evaluation.show_case(found.run, found.grades, found.decisions, found.groups)
        elif found.licence is not None:
            self.setCurrentWidget(self.licence)
            self.licence.show_case(found.licence)
        elif found.disqualification is not None:
            self.setCurrentWidget(self.disqualification)
            self.disqualification.show_case(found.disqualification)
