"""The dialogs of complaints: recording one while the telephone is at the ear, and closing one with
the opinion, the meeting that a grave one needs, and how the customer was told (C12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from PySide6.QtWidgets import QWidget

from chemsales.queries.complaints import ComplaintRow
from chemsales.queries.customers import CustomerDetail
from chemsales.rules.calendar import COMPANY_ZONE
from chemsales.rules.complaints import (
    ComplaintChannel,
    ComplaintClosing,
    ComplaintDraft,
    Severity,
    closing_problems,
    complaint_problems,
)
from chemsales.rules.errors import ChemsalesError, Invalid, Problem
from chemsales.services import complaints as service
from chemsales.words import _, label
from ui import theme
from ui.context import Context
from ui.dialogs.form_dialog import FormDialog
from ui.forms.choice import Choice
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.picker import Picker
from ui.forms.time_field import TimeField
from ui.text import dotted
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel
from ui.wording import complaint_due
from ui.work.complaints import Offers


def _channels() -> Picker:
    return Picker((str(channel), label(channel)) for channel in ComplaintChannel)


@dataclass(frozen=True, slots=True)
class ComplaintForm:
    """What is typed of a complaint."""

    received_on: date | None = None
    received_time: time | None = None
    channel: str = ""
    product: str = ""
    lot: str = ""
    severity: str = ""
    content: str = ""

    def draft(self) -> ComplaintDraft:
        """As the rules and the service take it."""
        at = None
        if self.received_on is not None and self.received_time is not None:
            at = datetime.combine(self.received_on, self.received_time, COMPANY_ZONE)
        channel = ComplaintChannel(self.channel) if self.channel else None
        severity = Severity(self.severity) if self.severity else None
        return ComplaintDraft(at, channel, self.content, severity, self.product, self.lot)


class ComplaintDialog(FormDialog):
    """A complaint of this customer, received now unless another minute is typed."""

    help_place = "customers"
    momentary = ("received_on", "received_time")

    def __init__(
        self,
        context: Context,
        customer: CustomerDetail,
        offers: Offers,
        parent: QWidget | None = None,
    ) -> None:
        title = _("Record a complaint")
        super().__init__(title, parent, columns=2, labels_above=True)
        self.setMinimumWidth(theme.scaled(640))
        self._reader, self._customer = context, customer
        self.area = self.column(title)
        self.area.addWidget(PlainLabel(customer.facts.name, role="section", wrap=True))
        self._make_fields(context.session.today(), offers)
        self.area.addWidget(self.form)
        self.area.addWidget(ArticleButton("C12.1"))
        self.bind(ComplaintForm())
        now = context.session.now().astimezone(COMPANY_ZONE)
        minute = now.time().replace(second=0, microsecond=0)
        self.fill(ComplaintForm(now.date(), minute, severity=str(Severity.GENERAL)))
        self.verb = self.add_giving(title)
        self.given.connect(self._write)
        self.form["channel"].editor.setFocus()

    def _make_fields(self, today: date, offers: Offers) -> None:
        form = self.form
        form.add("received_on", _("Received on"), DateField(today), required=True)
        form.add("received_time", _("at (hour and minute)"), TimeField(), required=True)
        form.add("channel", _("Channel"), _channels(), required=True)
        products = Picker([("", _("no product named")), *offers.products])
        form.add("product", _("Product"), products)
        form.add("lot", _("Lot or pick-up note"), wide=True)
        form.add("content", _("Complaint"), text_box(theme.scaled(110)), required=True, wide=True)
        graded = Choice()
        for severity in Severity:
            days = offers.limits[severity]
            given = _("{days} {days:working day|working days} to answer it", days=days)
            graded.add(str(severity), dotted((label(severity), given)))
        form.add("severity", _("Severity"), graded, required=True, wide=True)

    def judge(self, draft: ComplaintForm) -> tuple[Problem, ...]:
        """What the service would refuse."""
        found = complaint_problems(draft.draft(), self._reader.session.now())
        return tuple(self._placed(problem) for problem in found)

    def _placed(self, problem: Problem) -> Problem:
        """At the field that has the part of the moment that is wrong."""
        if problem.place != "received_at":
            return problem
        assert self.binder is not None
        day = self.binder.value().received_on
        late = day is not None and day > self._reader.session.today()
        return replace(problem, place="received_on" if late else "received_time")

    def refused(self, error: ChemsalesError) -> None:
        """Show why it was not written, each problem at its field."""
        if isinstance(error, Invalid):
            error = Invalid(*(self._placed(problem) for problem in error.problems))
        super().refused(error)

    def _write(self, typed: ComplaintForm) -> None:
        said = _("The complaint of {name} is recorded.", name=self._customer.facts.name)
        self.write(
            self._reader, service.accept, self._customer.id, typed.draft(),
            done=lambda _changed: self._reader.said.emit(said),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClosingForm:
    """What is typed to close a complaint; of a general one nothing of a meeting."""

    meeting_on: date | None = None
    meeting_chair: str = ""
    meeting_attendees: str = ""
    meeting_decision: str = ""
    opinion: str = ""
    told_on: date | None = None
    told_way: str = ""
    told_by: str = ""

    def closing(self) -> ComplaintClosing:
        """As the rules and the service take it."""
        return ComplaintClosing(
            self.opinion, self.told_on,
            ComplaintChannel(self.told_way) if self.told_way else None, self.told_by,
            self.meeting_on, self.meeting_chair, self.meeting_attendees,
            self.meeting_decision,
        )  # fmt: skip


class ComplaintClosingDialog(FormDialog):
    """That a complaint is closed now: the opinion is approved, and the customer was told."""

    help_place = "customers"
    momentary = ("told_on",)

    def __init__(
        self,
        context: Context,
        row: ComplaintRow,
        teller: str,
        offers: Offers,
        parent: QWidget | None = None,
    ) -> None:
        title = _("Close the complaint")
        super().__init__(title, parent, columns=2, labels_above=True)
        self.setMinimumWidth(theme.scaled(680))
        self._reader, self._row = context, row
        self.area = self.column(title)
        head = dotted((row.number, label(row.severity), row.customer_name))
        self.area.addWidget(PlainLabel(head, role="section", wrap=True))
        self.area.addWidget(PlainLabel(row.content, wrap=True))
        self.area.addWidget(PlainLabel(complaint_due(row), role="quiet", wrap=True))
        today = context.session.today()
        if row.severity.needs_meeting:
            self._make_meeting(today, offers)
        self._make_answer(today)
        self.area.addWidget(self.form)
        self.area.addWidget(ArticleButton("C12.2"))
        self.bind(ClosingForm())
        chair = offers.chairs[0][0] if row.severity.needs_meeting and offers.chairs else ""
        self.fill(ClosingForm(meeting_chair=chair, told_on=today, told_by=teller))
        self.verb = self.add_giving(title)
        self.given.connect(self._write)

    def _make_meeting(self, today: date, offers: Offers) -> None:
        form = self.form
        form.add_row(PlainLabel(_("Meeting called by the general manager"), role="section"))
        form.add("meeting_on", _("Meeting held on"), DateField(today), required=True)
        form.add("meeting_chair", _("General manager"), Picker(offers.chairs), required=True)
        form.add("meeting_attendees", _("Attended by"), required=True, wide=True)
        decided = text_box(theme.scaled(64))
        form.add("meeting_decision", _("What was decided"), decided, required=True, wide=True)
        answer = PlainLabel(_("Answer"), role="section")
        answer.setContentsMargins(0, theme.scaled(12), 0, 0)  # apart from the messages above it
        form.add_row(answer)

    def _make_answer(self, today: date) -> None:
        form = self.form
        box = text_box(theme.scaled(84))
        form.add("opinion", _("Opinion and outcome"), box, required=True, wide=True)
        form.add("told_on", _("Customer told on"), DateField(today), required=True)
        form.add("told_way", _("Told how"), _channels(), required=True)
        form.add("told_by", _("Told by"), required=True)

    def judge(self, draft: ClosingForm) -> tuple[Problem, ...]:
        """What the service would refuse."""
        row = self._row
        today = self._reader.session.today()
        return closing_problems(draft.closing(), row.severity, row.received_at, today)

    def _write(self, typed: ClosingForm) -> None:
        said = _("Complaint {number} is closed.", number=self._row.number)
        self.write(
            self._reader, service.close, self._row.id, typed.closing(),
            done=lambda _changed: self._reader.said.emit(said),
        )  # fmt: skip
