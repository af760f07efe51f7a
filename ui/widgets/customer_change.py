"""What waits for finance on a customer's card: which fields, by whom, and where it stands."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chemsales.queries.customer_change import Detail
from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.calendar import company_day
from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.text import day
from ui.theme import Tone
from ui.widgets.customer_change_case import said
from ui.widgets.labels import Badge, PlainLabel


class Waiting(QWidget):
    """`show_waiting(detail)`: nothing where nothing waits; `opened` asks to look at it,
    `withdrawn` to take it back."""

    opened = Signal(int)
    withdrawn = Signal(int, int)  # its key, and the version that is seen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.detail: Detail | None = None
        self.badge, self.what = Badge(), PlainLabel("", wrap=True)
        self.look = button(_("Look"), self._open, "link")
        self.withdraw = button(_("Withdraw …"), self._withdraw, "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.scaled(8))
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.badge, 0, top)
        row.addWidget(self.what, 1, top)
        row.addWidget(self.look, 0, top)
        row.addWidget(self.withdraw, 0, top)
        self.hide()

    def show_waiting(self, detail: Detail | None, may: Collection[Verdict] = frozenset()) -> None:
        """Say what is asked for and not in force yet; what may be done about it is offered."""
        self.look.setVisible(bool(may))
        self.withdraw.setVisible(Verdict.WITHDRAW in may)
        self.detail = detail
        self.setVisible(detail is not None)
        if detail is None:
            return
        returned = detail.stored.case.case.outcome is Outcome.RETURNED
        tone = Tone.PROBLEM if returned else Tone.REVIEW
        self.badge.show_status(_("Sent back by finance") if returned else _("With finance"), tone)
        asked = _("; ").join(
            _("{field}: {text}", field=name, text=value)
            for name, value in said(detail.stored.differences)
        )
        said_by = _(
            "{asked} (put up by {name} on {day})",
            asked=asked,
            name=detail.proposed_name,
            day=day(company_day(detail.stored.proposed_at)),
        )
        self.what.setText(said_by)

    def _withdraw(self) -> None:
        if self.detail is not None:
            stored = self.detail.stored
            self.withdrawn.emit(stored.id, stored.case.version)

    def _open(self) -> None:
        if self.detail is not None:
            self.opened.emit(self.detail.stored.id)
