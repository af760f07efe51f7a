"""Approving several cases whose automatic checks have all passed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QWidget

from chemsales.queries.review import Green
from chemsales.services.changes import Changed
from chemsales.words import _, say_all
from ui import theme
from ui.actions import plain_button
from ui.context import Context
from ui.dialogs.base import Dialog
from ui.widgets.labels import PlainLabel
from ui.work.bulk import Approved, approve_all


class BulkApprovalDialog(Dialog):
    """Each case is ticked or not; nothing can be returned or rejected here."""

    help_place = "approvals"

    def __init__(
        self, context: Context, cases: Sequence[Green], parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Approve several cases"), parent)
        self.context = context
        self.setMinimumWidth(theme.scaled(460))
        self.body.addWidget(PlainLabel(_("Approve several cases"), role="section"))
        what = _("Every automatic check passed; each gets a decision of its own.")
        self.body.addWidget(PlainLabel(what, role="quiet", wrap=True))
        column = self.column(_("Cases"))
        self.boxes: list[tuple[QCheckBox, Green]] = []
        for case in cases:
            box = QCheckBox(plain_button(f"{case.number}  {case.title}"))
            box.setChecked(True)
            box.toggled.connect(self._count)
            column.addWidget(box)
            self.boxes.append((box, case))
        self.verb = self.add_verb("", self._approve)
        self._count()

    def chosen(self) -> list[Green]:
        """The cases that are ticked."""
        return [case for box, case in self.boxes if box.isChecked()]

    def _count(self) -> None:
        self.verb.setText(_("Approve ({count})", count=len(self.chosen())))
        self.verb.setEnabled(bool(self.chosen()))

    def _approve(self) -> None:
        self.verb.setEnabled(False)
        self.context.write(
            approve_all,
            self.chosen(),
            done=self._approved,
            failed=self.show_refusal,
            always=self._count,
        )

    def _approved(self, changed: Changed[Approved]) -> None:
        told = changed.value
        self.context.said.emit(_("Approved: {count} cases", count=len(told.done)))
        if not told.refused:
            self.accept()
            return
        gone = {case.id for case in told.done}
        for box, case in self.boxes:
            box.setVisible(case.id not in gone)
            box.setChecked(False)
        lines = [
            _("{field}: {text}", field=case.title, text=say_all(error.reasons))
            for case, error in told.refused
        ]
        self.show_note("\n".join(lines))
