"""Customers: find one and open its card; applications in progress; a new application with Ctrl+N.

The person types a few letters and Enter opens the card; Esc goes back to the list.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from chemsales.queries.accreditation import APPLICATIONS, ApplicationRow
from chemsales.queries.customer_change import Detail as Change
from chemsales.queries.customer_change import customer_change
from chemsales.queries.customer_record import scan
from chemsales.queries.customers import CUSTOMERS, ClassRow, CustomerDetail
from chemsales.queries.disqualification import Detail as Disqualification
from chemsales.queries.disqualification import disqualification
from chemsales.rules.approval import CUSTOMER_CHANGE, Verdict
from chemsales.rules.roles import Action
from chemsales.services.changes import Subject
from chemsales.words import _, label
from ui import theme
from ui.actions import button_for
from ui.context import Context
from ui.dialogs.licence import LicenceDialog, LicenceForm
from ui.dialogs.mnemonic import ask_mnemonic
from ui.pages.page import Page
from ui.tables import rowmenu
from ui.tables.frame import GridFrame
from ui.tables.view import Grid
from ui.widgets.applying import Applying
from ui.widgets.changing import FileChanging
from ui.widgets.class_changes import ClassChanges
from ui.widgets.complaining import ComplaintDialogs
from ui.widgets.customer_card import CustomerCard
from ui.widgets.customer_lists import IN_PROGRESS, applications_grid, customers_grid
from ui.widgets.customer_papers import show_application_form, show_file_card
from ui.widgets.customer_picker import Picked
from ui.widgets.disqualifying import Disqualifying, show_form
from ui.widgets.handing_over import HandingOver, unhanded_words, unmarked_words
from ui.widgets.scans import ScanReader
from ui.widgets.search import SearchField
from ui.widgets.visiting import VisitDialogs
from ui.work import customers as work
from ui.work.customers import Card


class CustomersPage(Page):
    """The list with a tab for applications; a customer's card in its place.

    `open(customer_id)` opens a card, `open(("licences", customer_id))` at its licences,
    `open(("classes", customer_id))` at its classes, "complaints" at its complaints,
    `open(("application", id))` an application,
    `open(("disqualification", id))` a proposal that came back, to correct it,
    `open(("proposal", id))` the card of the customer whom a proposal is about,
    `open(("change", id))` a change of a file that came back, to correct it,
    `open(("changed", id))` the card of the customer whose file it changes,
    `open(("applications", ApplicationState.DRAFT))` the list of the person's own ones in a state.
    """

    subjects = frozenset(
        {
            Subject.CUSTOMER, Subject.ACCREDITATION, Subject.TIERS, Subject.OFFTAKE,
            Subject.PRODUCTS, Subject.LICENCE, Subject.DISQUALIFICATION,
            Subject.CUSTOMER_CHANGE, Subject.VISIT, Subject.COMPLAINT,
        }
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.applying = Applying(context, self)
        self._opening: int | None = None  # the customer whose card is wanted
        self.search = SearchField(_("Search name, pinyin, code"))
        self.act("customers.find", self._find)
        self.new_button = button_for(self.act("customers.new", self.applying.new), "primary")
        self.print_button = button_for(self.act("customers.print", self.print_form))
        self.give_button = button_for(self.act("customers.hand_over", self.give))
        self.add_button(self.search)
        for made in (self.give_button, self.print_button, self.new_button):
            self.add_button(made)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._make_customers()
        self._make_applications()
        acts = [self.acts[f"customers.{name}"] for name in ("print", "new", "hand_over")]
        rowmenu.offer(self.customers, *acts)
        rowmenu.offer(self.applications, *acts)
        self.tabs.currentChanged.connect(lambda _index: self._judge_rows())
        self.view = QStackedWidget()
        self.view.addWidget(self.tabs)
        self.view.addWidget(self._make_card())
        self.body.addWidget(self.view, 1)
        self._judge_rows()

    def title(self) -> str:
        return _("Customers")

    def empty_text(self) -> str:
        return _("No customer yet. An application that every stage approves makes one (Ctrl+N).")

    def _make_customers(self) -> None:
        self.customers = customers_grid(self.empty_text())
        self.customers.opened.connect(lambda row: self.open(row.id))
        self.customers.chosen.connect(lambda _row: self._judge_rows())
        self.customers.picked.connect(self._judge_rows)
        self.customers.shown.connect(self._tell_customers)
        frame = GridFrame(self.customers, self.context, "customers")
        frame.follow(self.search)
        frame.setContentsMargins(0, theme.scaled(8), 0, 0)
        self.tabs.addTab(frame, _("Customers"))

    def _make_applications(self) -> None:
        self.applications = applications_grid()
        self.applications.opened.connect(lambda row: self.open(("application", row.id)))
        self.applications.chosen.connect(lambda _row: self._judge_rows())
        self.ended = QCheckBox(_("Show ended applications too"))
        self.ended.toggled.connect(lambda _on: self._read_lists())
        self.applications.shown.connect(self._tell_applications)
        frame = GridFrame(self.applications, self.context, "applications", self.ended)
        frame.follow(self.search)
        frame.setContentsMargins(0, theme.scaled(8), 0, 0)
        self.tabs.addTab(frame, _("Applications"))

    def _make_card(self) -> QWidget:
        self.card = CustomerCard(self.context.session.today())
        self.card.day_wanted.connect(self._read_day)
        ScanReader(self.card.viewer, self.context, scan)
        self.card.mnemonic_wanted.connect(self.ask_mnemonic)
        self.card.licence_wanted.connect(self.record_licence)
        self.disqualifying = Disqualifying(self.context, self)
        self.changing = FileChanging(self.context, self)
        self.handing_over = HandingOver(self.context, self)
        self.card.handover_wanted.connect(self.hand_over)
        self.card.print_wanted.connect(self.print_card)
        self.card.change_wanted.connect(self.change_file)
        self.card.waiting_opened.connect(self._open_waiting)
        self.card.waiting.withdrawn.connect(self.changing.withdraw)
        self.card.disqualification_wanted.connect(self.propose_disqualification)
        self.card.disqualification_opened.connect(lambda key: show_form(self.context, key, self))
        self.class_changes = ClassChanges(self.context, self)
        pane = self.card.class_pane
        pane.change_wanted.connect(partial(self._with_detail, self.class_changes.change))
        pane.resale_wanted.connect(partial(self._with_detail, self.class_changes.note))
        pane.settling_wanted.connect(self.class_changes.settle)
        pane.further_wanted.connect(partial(self._apply, self.applying.further))
        self.card.readmission_wanted.connect(partial(self._apply, self.applying.again))
        self.card.further.opened.connect(self.applying.open)
        self.card.further.print_wanted.connect(
            lambda key: show_application_form(self.context, key, self)
        )
        self.visits = VisitDialogs(self.context, self.card, self)
        self.card.visits.offer(button_for(self.act("customers.visit", self.visits.note)))
        self.complaints = ComplaintDialogs(self.context, self.card, self)
        accept = self.act("customers.complain", self.complaints.accept)
        self.card.complaints.offer(button_for(accept))
        self.card.licence_opened.connect(lambda key: self.context.go.emit("licences", key))
        made = QWidget()
        self.back = button_for(self.act("customers.list", self.show_list, made), "link")
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        over = QHBoxLayout()
        over.addWidget(self.back)
        over.addStretch(1)
        over.addWidget(self.card.as_on)
        column.addLayout(over)
        column.addWidget(self.card, 1)
        return made

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.back if self.view.currentIndex() else self.customers).setFocus()

    # -- reading -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._read_lists()
        if self.view.currentIndex() == 1 and self.card.card is not None:
            self._read_day(self.card.card.day)

    def _read_lists(self) -> None:
        self.customers.show_list(self.context, CUSTOMERS)
        listing = APPLICATIONS if self.ended.isChecked() else IN_PROGRESS
        self.applications.show_list(self.context, listing)

    def _tell_customers(self) -> None:
        self.remark.setText(_("{count} in the list", count=self.customers.source.count()))
        self._judge_rows()

    def _tell_applications(self) -> None:
        count = self.applications.source.count()
        self.tabs.setTabText(1, _("Applications ({count})", count=count))
        self._judge_rows()

    def _find(self) -> None:
        self.show_list()
        self.search.setFocus()
        self.search.selectAll()

    def show_list(self) -> None:
        """Go back from the card to the list."""
        self.home()
        self.customers.setFocus()

    def home(self) -> None:
        self._leave_card()
        self.here(None, "")
        self._judge_rows()

    def open(self, target: object) -> None:
        """Open what the target names, as the class says."""
        if not isinstance(target, tuple):
            self._read_card(int(str(target)))
            return
        kind, wanted = target
        direct = {
            "disqualification": self.disqualifying.correct, "change": self.changing.correct,
            "proposal": self._read_proposal,
        }  # fmt: skip
        if kind in direct:
            direct[kind](int(wanted))
            return
        if kind == "changed":
            self.context.read(customer_change, int(wanted), done=self._show_owner)
            return
        if kind in ("licences", "classes", "complaints"):
            self._read_card(int(wanted), at=kind)
            return
        self.tabs.setCurrentIndex(1)
        if kind == "application":  # which opens over the list
            self.home()
            self.applying.open(int(wanted))
            return
        self._leave_card()
        self.applications.ask(work.applications_asked(self.context.actor, wanted))
        self.applications.setFocus()
        self.here(target, _("{column}: {what}", column=_("Applications"), what=label(wanted)))

    def _leave_card(self) -> None:
        """Show the lists; a card that is still being read is not wanted any longer."""
        self._opening = None
        self.view.setCurrentIndex(0)

    def _read_proposal(self, key: int) -> None:
        today = self.context.session.today()
        self.context.read(disqualification, key, today, done=self._show_owner)

    def _show_owner(self, found: Disqualification | Change) -> None:
        self._read_card(found.stored.customer_id)

    def _read_card(self, customer_id: int, at: str = "") -> None:
        self._opening = customer_id
        show = partial(self._show_card, at)
        self.context.read(work.card, customer_id, self.context.session.today(), done=show)

    def _read_day(self, day: date | None) -> None:
        """Show the open card as it was on a day, or as it is now."""
        if self.card.card is None:
            return
        key = self.card.card.detail.id
        if day is None:
            self._read_card(key)
        else:
            show = partial(self._show_card, "")
            self.context.read(work.card_on, key, day, done=show)

    def _show_card(self, at: str, card: Card) -> None:
        if card.detail.id != self._opening:
            return
        self.card.show_card(card)
        if at:
            self.card.show_part(at)
        if self.view.currentIndex() != 1:
            self.view.setCurrentIndex(1)
            self.back.setFocus()
        self.here(card.detail.id, card.detail.facts.name)
        self._judge_rows()

    def ask_mnemonic(self) -> None:
        """Ask for another mnemonic of the customer whose card is open."""
        if self.card.card is not None:
            ask_mnemonic(self.context, self.card.card.detail, self.window())

    def record_licence(self) -> None:
        """Record a licence of the customer whose card is open."""
        if self.card.card is None:
            return
        detail = self.card.card.detail
        start = LicenceForm(Picked(detail.id, detail.facts.name))
        dialog = LicenceDialog(self.context, start, parent=self.window())
        dialog.open_in(self.context, start.subject)

    def _with_detail(self, do: Callable[[CustomerDetail, ClassRow], None], row: ClassRow) -> None:
        """Do something with a class of the customer whose card is open."""
        if self.card.card is not None:
            do(self.card.card.detail, row)

    def change_file(self) -> None:
        """Change the file of the customer whose card is open."""
        if self.card.card is not None:
            self.changing.change(self.card.card.detail.id)

    def hand_over(self) -> None:
        """Hand the customer whose card is open over to another account manager."""
        if self.card.card is not None:
            detail = self.card.card.detail
            self.handing_over.one(detail.id, detail.facts.name, detail.manager)

    def give(self) -> None:
        """Hand over what is chosen in the list in sight: customers, or an application."""
        if self._listed() is self.customers:
            self.handing_over.marked(self.customers)
        else:
            self.handing_over.applied(self._application_row())

    def _open_waiting(self, key: int) -> None:
        """Go where it is decided or corrected; who put it up looks at what is open."""
        card = self.card.card
        own = card is not None and not {Verdict.APPROVE, Verdict.SUBMIT} & card.may
        target = (CUSTOMER_CHANGE.name, key)
        self.context.go.emit("approvals", ("look", *target) if own else target)

    def propose_disqualification(self) -> None:
        """Propose to cancel the qualification of the customer whose card is open."""
        if self.card.card is not None:
            detail = self.card.card.detail
            self.disqualifying.propose(detail.id, detail.facts.name)

    # -- applications ------------------------------------------------------------------------------

    def _apply(self, begin: Callable[[int], None]) -> None:
        """Open the form of an application for the customer whose card is open."""
        if self.card.card is not None:
            begin(self.card.card.detail.id)

    # -- printing ----------------------------------------------------------------------------------

    def print_card(self) -> None:
        """Show the file card of the open customer as it prints, as on the day that is shown."""
        if self.card.card is not None:
            day = self.card.card.day or self.context.session.today()
            show_file_card(self.context, self.card.card.detail.id, day, self)

    def _application_id(self) -> int | None:
        """The application whose form would be printed now."""
        if self.view.currentIndex() == 1:
            return self.card.card.detail.application_id if self.card.card else None
        if self.tabs.currentIndex() == 1:
            row = self._application_row()
            return row.id if row else None
        found = self.customers.row()
        return found.application_id if found else None

    def _application_row(self) -> ApplicationRow | None:
        """The row that is chosen in the list of applications, None while it is not shown."""
        shown = self._listed() is self.applications
        row: ApplicationRow | None = self.applications.row() if shown else None
        return row

    def _listed(self) -> Grid | None:
        """The list in sight, None while a card is open."""
        lists = (self.customers, self.applications)
        return None if self.view.currentIndex() else lists[self.tabs.currentIndex()]

    def _judge_rows(self) -> None:
        """Offer what can be done with the row that is chosen."""
        missing = _("Choose a row first.")
        self.acts["customers.print"].block(missing if self._application_id() is None else "")
        may, listed = self.context.may(Action.CUSTOMER_HANDOVER), self._listed()
        self.acts["customers.visit"].block(self.visits.why(listed is None))
        self.acts["customers.complain"].block(self.complaints.why(listed is None))
        of_list = may and listed is self.customers
        why = unmarked_words(self.customers) if of_list else unhanded_words(self._application_row())
        self.acts["customers.hand_over"].block(why)
        self.give_button.setVisible(listed is self.applications and may)

    def print_form(self) -> None:
        """Show the application form of the chosen row as it prints."""
        application_id = self._application_id()
        if application_id is not None:
            show_application_form(self.context, application_id, self)
