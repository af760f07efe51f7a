"""One licence or proof before whoever looks at it: what it says, replaces and lifts, the
signatures, the history of its kind; the scan beside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from chemsales.queries.licence_lists import PaperRow
from chemsales.queries.licences import licence_scan
from chemsales.rules.errors import Reason
from chemsales.rules.rounds import News
from chemsales.words import _, label, say
from ui import theme
from ui.context import Context
from ui.text import day, dotted, when
from ui.theme import Tone
from ui.widgets.article import ArticleButton
from ui.widgets.case_split import CaseSplit
from ui.widgets.decisions import DecisionsView
from ui.widgets.document_viewer import Item
from ui.widgets.facts import Pairs, clear
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.news import mark
from ui.wording import BAND_TONES, LICENCE_TONES, paper_left
from ui.work.licences import Opened

MOST = 8  # papers of the history


class LicenceCase(CaseSplit):
    """`show_case(opened, news)`; `clear()` where nothing is chosen."""

    def __init__(
        self,
        context: Context,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
        parent: QWidget | None = None,
    ) -> None:
        upright = orientation is Qt.Orientation.Vertical
        name, sizes = ("licence_below", (330, 300)) if upright else ("licence", (420, 520))
        super().__init__(
            context, name, _("Licence"), licence_scan, sizes, tabs=False, orientation=orientation,
            parent=parent,
        )  # fmt: skip
        self.decisions = DecisionsView()
        self.clear()

    def clear(self, text: str = "") -> None:
        """Show nothing but a sentence."""
        clear(self.column)
        if text:
            self.column.addWidget(PlainLabel(text, role="quiet", wrap=True))
        self.column.addStretch(1)
        self.viewer.clear(text)
        self.viewer.hide()

    def show_case(self, opened: Opened, news: News | None = None) -> None:
        """Show this paper in place of the one before, and what of it is new since its return."""
        clear(self.column)
        row, stored = opened.row, opened.detail.licence
        self.column.addWidget(self._badges(row))
        self.show_news(news, {row.id: label(row.kind)}, _("Put up now"))
        lasting = [reason for reason in opened.reasons if reason not in opened.lifts]
        self._reasons(lasting, _("Dealings are suspended"))
        self._reasons(opened.lifts, _("Its acceptance lifts"))
        self._reasons(opened.detail.warnings, _("Look here"))
        self.column.addWidget(Pairs(_facts(row)))
        self.section(_("Opinions so far"))
        self.decisions = DecisionsView()
        self.decisions.show_decisions(opened.detail.decisions)
        if stored.case is None:
            said = _("Accepted with the customer's accreditation on {day}.",
                     day=day(stored.accepted_on))  # fmt: skip
            self.column.addWidget(PlainLabel(said, role="quiet", wrap=True))
        self.column.addWidget(self.decisions)
        self.section(_("Other papers of this kind"))
        lines = [_line(each) for each in opened.history[:MOST]] or [_("There is no other.")]
        for line in lines:
            self.column.addWidget(PlainLabel(line, role="quiet", wrap=True))
        self.column.addStretch(1)
        item = Item(row.id, label(row.kind), stored.label, row.number, mark(news, row.id))
        self.viewer.show()
        self.viewer.show_items([item], row.id, "")

    def _badges(self, row: PaperRow) -> QWidget:
        made = QWidget()
        line = FlowLayout(theme.scaled(8), made)
        line.addWidget(Badge(label(row.state), LICENCE_TONES[row.state]))
        tone = BAND_TONES[row.band] if row.band else Tone.DRAFT
        line.addWidget(Badge(paper_left(row), tone))
        if row.proof:
            line.addWidget(PlainLabel(label(row.sort)))
        return made

    def _reasons(self, reasons: Sequence[Reason], title: str) -> None:
        if not reasons:
            return
        self.section(title)
        for reason in reasons:
            self.column.addWidget(PlainLabel(say(reason), role="warning", wrap=True))
        article = ArticleButton(reasons[0].clause)
        self.column.addWidget(article, 0, Qt.AlignmentFlag.AlignLeft)


def _facts(row: PaperRow) -> list[tuple[str, str]]:
    """What is known of a paper."""
    pairs = [
        (_("Customer"), f"{row.code} {row.name}"),
        (_("Licence name"), f"{label(row.kind)} · {label(row.sort)}"),
        (_("Number"), row.number),
        (_("Issuer"), row.issuer),
        (_("Valid from"), day(row.valid_from)),
        (_("Valid to"), day(row.valid_to) or _("unlimited")),
        (_("Suspended since"), day(row.since)),
        (_("Account manager"), row.manager_name),
        (_("Recorded at"), when(row.recorded_at)),
        (_("Accepted on"), day(row.accepted_on)),
    ]
    return [(name, value) for name, value in pairs if value]


def _line(row: PaperRow) -> str:
    """One paper of the history."""
    until = day(row.valid_to) or _("unlimited")
    return dotted((label(row.state), label(row.sort), row.number, until))
