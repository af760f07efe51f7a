"""The red line under the top of the window, while the database does not answer."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.context import Context
from ui.widgets.labels import PlainLabel


class ConnectionBanner(QFrame):
    """Hidden while the database answers."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.context = context
        self.text = PlainLabel("", role="problem", wrap=True)
        self.try_button = button(_("Try now"), context.try_now.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(*[theme.scaled(n) for n in (12, 6, 12, 6)])
        row.addWidget(self.text, 1)
        row.addWidget(self.try_button)
        self.hide()
        context.outage.connect(self._show)
        if context.lost:
            self._show(context.lost)

    def _show(self, lost: str) -> None:
        if lost:
            since = self.context.session.now().astimezone(COMPANY_ZONE)
            self.text.setText(
                _(
                    "The database has not answered since {time}. What you typed is kept; the"
                    " connection is tried again by itself.",
                    time=f"{since:%H:%M}",
                )
            )
        elif self.isVisible():
            self.context.said.emit(_("The database answers again."))
        self.setVisible(bool(lost))
