"""A customer's card: who it is, its classes and levels with their reasons, papers, signatures."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chemsales.queries.customer_record import FileRow
from chemsales.queries.customers import CustomerDetail
from chemsales.queries.tiers import TierRow
from chemsales.rules.approval import Outcome
from chemsales.rules.customer import CustomerStatus
from chemsales.rules.handover import Owned
from chemsales.words import _, label, say_all
from ui import theme
from ui.actions import button, set_blocked
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import day
from ui.theme import Tone
from ui.widgets.card_day import AsOn, DayBanner
from ui.widgets.close_tabs import CloseTabs
from ui.widgets.customer_change import Waiting
from ui.widgets.customer_classes import CustomerClasses
from ui.widgets.customer_complaints import CustomerComplaints
from ui.widgets.customer_history import CustomerHistory
from ui.widgets.customer_licences import CustomerLicences, Suspended
from ui.widgets.customer_record import (
    CustomerTakes,
    Timeline,
    file_items,
    kind_of,
    until,
)
from ui.widgets.customer_visits import CustomerVisits
from ui.widgets.decisions import DecisionsView
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.facts import FactsView, Pairs, clear
from ui.widgets.further_cases import FurtherCases
from ui.widgets.labels import Badge, PlainLabel
from ui.widgets.levels import LevelReasons, level_columns
from ui.widgets.scrolled import scrolled
from ui.widgets.split import Split
from ui.wording import LEVEL_TONES, STATUS_TONES
from ui.work.customers import Card


def _owned(each: Owned) -> str:
    """From when to when, why and by whose hand."""
    days = (
        _("{first} to {last}", first=day(each.first), last=day(each.last))
        if each.last
        else _("since {day}", day=day(each.first))
    )
    return "  ".join(filter(None, (days, each.reason, each.given_by)))


class CustomerCard(QWidget):
    """`show_card(card)`; the bytes of its papers are asked for by `viewer`; `mnemonic_wanted` asks
    to change the mnemonic, `licence_wanted` to record a licence, `licence_opened` to show one,
    `disqualification_wanted` to propose that, `disqualification_opened` to show its form,
    `readmission_wanted` to apply anew for who was disqualified,
    `change_wanted` to change the file, `waiting_opened` to look at what waits for finance,
    `day_wanted` for the card of a day (None: of now), which is typed in `as_on`,
    `handover_wanted` to hand the customer over, `print_wanted` to show it as it prints."""

    mnemonic_wanted = Signal()
    change_wanted = Signal()
    waiting_opened = Signal(int)
    day_wanted = Signal(object)
    handover_wanted = Signal()
    print_wanted = Signal()
    licence_wanted = Signal()
    licence_opened = Signal(int)
    disqualification_wanted = Signal()
    disqualification_opened = Signal(int)
    readmission_wanted = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: Card | None = None
        self.name = PlainLabel("", role="record", wrap=True)
        self.status, self.level, self.proposed = Badge(), Badge(), Badge()
        self.suspended = Suspended()
        self.line = PlainLabel("", role="quiet", wrap=True)
        self._make_actions()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.status)
        head.addWidget(self.proposed)
        head.addWidget(self.level)
        self.tabs = CloseTabs()
        self._make_overview()
        self._make_levels()
        self.takes = CustomerTakes()
        self.tabs.addTab(self.takes, _("Performance"))
        self.licences = CustomerLicences()
        self.licences.wanted.connect(self.licence_wanted)
        self.licences.opened.connect(self.licence_opened)
        self.tabs.addTab(self.licences, _("Licences"))
        self.visits = CustomerVisits()
        self.tabs.addTab(self.visits, _("Visits"))
        self.complaints = CustomerComplaints()
        self.tabs.addTab(self.complaints, _("Complaints"))
        self._make_papers()
        self._make_signed()
        self.history = CustomerHistory()
        self.tabs.addTab(self.history, _("History"))
        self.timeline = Timeline()
        self.tabs.addTab(self.timeline, _("Timeline"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        under = QHBoxLayout()
        under.addWidget(self.line, 1)
        under.addWidget(self.print)
        under.addWidget(self.change)
        under.addWidget(self.mnemonic)
        under.addWidget(self.hand_over)
        under.addWidget(self.proposal)
        under.addWidget(self.disqualify)
        under.addWidget(self.again)
        layout.addLayout(under)
        self.as_on, self.banner = AsOn(today), DayBanner()
        self.as_on.wanted.connect(self.day_wanted)
        self.banner.now.connect(lambda: self.day_wanted.emit(None))
        layout.addWidget(self.banner)
        layout.addWidget(self.suspended)
        layout.addWidget(self.waiting)
        layout.addWidget(self.tabs, 1)

    def _make_actions(self) -> None:
        self.mnemonic = button(_("Mnemonic …"), self.mnemonic_wanted.emit, "link")
        tip = _("Change facts, contacts and invoice data of this customer")
        self.change = button(_("Change …"), self.change_wanted.emit, "link", tip)
        tip = _("Show the file card as it prints, as on the day that is shown")
        self.print = button(_("File card …"), self.print_wanted.emit, "link", tip)
        tip = _("Give this customer to another account manager")
        self.hand_over = button(_("Hand over …"), self.handover_wanted.emit, "link", tip)
        self.waiting = Waiting()
        self.waiting.opened.connect(self.waiting_opened)
        tip = _("Propose to cancel the qualification of this customer")
        self.disqualify = button(_("Disqualify …"), self.disqualification_wanted.emit, "link", tip)
        tip = _("Apply anew for who was disqualified, with what stands in the file")
        self.again = button(_("Apply anew …"), self.readmission_wanted.emit, "link", tip)
        self.proposal = button(_("Disqualification form …"), self._open_proposal, "link")

    def _make_signed(self) -> None:
        self.decisions = DecisionsView()
        signed = QWidget()
        column = QVBoxLayout(signed)
        column.addWidget(self.decisions)
        self.further = FurtherCases()
        column.addWidget(self.further)
        column.addStretch(1)
        self.tabs.addTab(scrolled(signed, _("Signatures")), _("Signatures"))

    def _open_proposal(self) -> None:
        if self.card is not None and self.card.proposal is not None:
            self.disqualification_opened.emit(self.card.proposal.key)

    def _make_overview(self) -> None:
        self.facts, self.contacts = FactsView(), QVBoxLayout()
        self.owners = QVBoxLayout()
        overview = QWidget()
        row = QHBoxLayout(overview)
        row.setSpacing(theme.scaled(32))
        row.addWidget(self.facts, 3)
        side = QVBoxLayout()
        side.setSpacing(theme.scaled(6))  # not that of the row
        side.addWidget(PlainLabel(_("Contacts"), role="section"))
        side.addLayout(self.contacts)
        side.addWidget(PlainLabel(_("Account managers"), role="section"))
        side.addLayout(self.owners)
        side.addStretch(1)
        row.addLayout(side, 2)
        self.tabs.addTab(scrolled(overview, _("Overview")), _("Overview"))

    def _make_levels(self) -> None:
        self.class_pane = CustomerClasses()
        self.classes = self.class_pane.grid
        self.levels = Grid(
            [Column(_("Month"), lambda row: row.month, self._month), *level_columns(form=True)],
            key=lambda row: (row.month, row.revision),
            empty=_("No closed month yet: the starting level holds."),
            name=_("Levels by month"),
        )
        self.reasons = LevelReasons()
        self.levels.chosen.connect(self.reasons.show_row)
        levels = QWidget()
        column = QVBoxLayout(levels)
        column.addWidget(PlainLabel(_("Class per product group"), role="section"))
        column.addWidget(self.class_pane)
        column.addWidget(PlainLabel(_("Levels by month"), role="section"))
        below = scrolled(self.reasons, _("Reasons"))
        months = Split("card_levels", (620, 280), (self.levels, below))
        months.setMinimumHeight(theme.scaled(140))
        column.addWidget(months, 1)
        self._levels = scrolled(levels)
        self.tabs.addTab(self._levels, _("Class and level"))

    def show_part(self, part: str) -> None:
        """Turn to the licences, to the complaints, or to the classes."""
        parts = {"licences": self.licences, "complaints": self.complaints}
        self.tabs.setCurrentWidget(parts.get(part, self._levels))

    @staticmethod
    def _month(row: TierRow) -> str:
        if row.active:
            return row.month
        return _("{month} (revision {revision}, ended)", month=row.month, revision=row.revision)

    def _make_papers(self) -> None:
        self.papers = Grid(
            [
                Column(_("Kind of document"), kind_of),
                Column(_("Number"), lambda row: row.number),
                Column(_("Valid to"), until, stretch=True),
            ],
            key=lambda row: row.id,
            empty=_("No document is attached."),
            name=_("Documents"),
        )
        self.viewer = DocumentViewer(tabs=False)
        self.papers.chosen.connect(self._show_paper)
        self.viewer.chosen.connect(self.papers.select_key)
        split = Split("card_papers", (380, 520), (self.papers, self.viewer))
        self.tabs.addTab(split, _("Papers"))

    def show_card(self, card: Card) -> None:
        """Show this customer."""
        same = self.card is not None and self.card.detail.id == card.detail.id
        self.card = card
        detail = card.detail
        self.as_on.show_day(card.day)
        self.banner.show_day(card.day)
        self.name.setText(detail.facts.name)
        self.status.show_status(label(detail.status), STATUS_TONES[detail.status])
        self.level.setVisible(detail.level is not None)
        if detail.level is not None:
            form = f" · {label(detail.form)}" if detail.form else ""
            self.level.show_status(label(detail.level) + form, LEVEL_TONES[detail.level])
        self.suspended.show_held(card.held)
        self.licences.show_held(card.held, card.unrecordable)
        self.visits.show_visits(card.visiting)
        self.complaints.show_complaints(card.complaining)
        self.line.setText(self._head_line(detail))
        set_blocked(self.change, say_all(card.unchangeable))
        self.waiting.show_waiting(card.waiting, card.may)
        set_blocked(self.mnemonic, say_all(card.kept))
        gone = detail.status is CustomerStatus.DISQUALIFIED
        self.disqualify.setVisible(not gone)
        set_blocked(self.disqualify, say_all(card.undisqualifiable))
        self.again.setVisible(gone)
        set_blocked(self.again, say_all(card.unreadmitted))
        self.proposal.setVisible(card.proposal is not None)
        self._show_proposed(card.proposal.outcome if card.proposal is not None else None)
        self.facts.show_facts(detail.facts)
        clear(self.contacts)
        pairs = [
            (label(c.kind), "  ".join(filter(None, (c.name, c.title, c.phone, c.email))))
            for c in detail.contacts
        ]
        self.contacts.addWidget(Pairs(pairs))
        set_blocked(self.hand_over, say_all(card.unhanded))
        clear(self.owners)
        self.owners.addWidget(
            Pairs([(each.manager, _owned(each)) for each in reversed(card.owners)])
        )
        self.class_pane.show_classes(detail.classes, card.classing)
        self.levels.set_rows(card.levels)
        self.papers.set_rows(card.files)
        self.takes.show_takes(card.takes, card.evaluations)
        self.timeline.show_events(card.events)
        self.decisions.show_decisions(card.decisions)
        self.further.show_cases(card.further)
        self.history.show_history(card.history)
        chosen = self.papers.row()
        key = chosen.id if same and chosen is not None else None
        self.viewer.show_items(file_items(card.files), key, _("No document is attached."))
        if not same:
            self.tabs.setCurrentIndex(0)
            self.papers.select_first()
        self.levels.select_first() if self.levels.row() is None else None

    def _show_proposed(self, outcome: Outcome | None) -> None:
        """Tell beside the status that a cancellation is under way: it changes nothing yet."""
        told = {
            Outcome.OPEN: (_("Disqualification in review"), Tone.REVIEW),
            Outcome.RETURNED: (_("Disqualification sent back"), Tone.PROBLEM),
        }
        self.proposed.setVisible(outcome in told)
        if outcome in told:
            self.proposed.show_status(*told[outcome])

    @staticmethod
    def _head_line(detail: CustomerDetail) -> str:
        return _(
            "{code} · account manager {manager} · accredited on {day} · application {number}",
            code=detail.code,
            manager=detail.manager_name,
            day=day(detail.accredited_on),
            number=detail.application_number,
        )

    def _show_paper(self, row: FileRow | None) -> None:
        if row is not None and row.id != self.viewer.key:
            self.viewer.choose(row.id)
