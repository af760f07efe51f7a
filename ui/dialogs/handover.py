"""Handing customers over to another account manager: to whom, from which day on, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from chemsales.queries.handover import Holding, Manager
from chemsales.rules.errors import Problem, Reason
from chemsales.rules.handover import Handed, Handover, HeldApplication, handover_problems
from chemsales.words import _, label, say
from ui import theme
from ui.actions import plain_button
from ui.dialogs.form_dialog import FormDialog
from ui.forms.date_field import DateField
from ui.forms.editors import text_box
from ui.forms.picker import Picker
from ui.text import dotted
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolled import AtMost

KEPT_HEIGHT = 140


@dataclass(frozen=True, slots=True)
class HandoverDraft:
    """What is typed; `all_of_them` where a dialog for some customers or one application is to take
    all customers of their manager."""

    to: str = ""
    from_day: date | None = None
    reason: str = ""
    all_of_them: bool = False

    def handover(self) -> Handover:
        """As the rules and the service take it."""
        return Handover(self.to, self.from_day, self.reason)


def handed_words(handed: Handed, kept: int = 0) -> str:
    """What is told once it has been handed over, with how many customers could not go."""
    said = [_("Handed over: {count}", count=handed.customers)] if handed.customers else []
    said += [goes_words(handed.applications)] if handed.applications else []
    said += [_("Customers not handed over: {count}", count=kept)] if kept else []
    return _("; ").join(said)


def goes_words(applications: int) -> str:
    """That applications of new customers go along."""
    return _("Applications of new customers that go along: {count}", count=applications)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be handed over: some customers, or one application of a new one; neither: all that
    the manager has. `names` are what they are called."""

    names: tuple[str, ...] = ()
    customers: tuple[int, ...] = ()
    application: int = 0

    @property
    def all(self) -> bool:
        """Whether it is all of a manager."""
        return not self.customers and not self.application


ALL = Asked()


class HandoverDialog(FormDialog):
    """`given(HandoverDraft)`; `customers()` and `applications()` are what goes."""

    help_place = "customers"

    def __init__(
        self,
        holding: Holding,
        managers: Sequence[Manager],
        today: date,
        asked: Asked = ALL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Hand over"), parent, labels_above=True)
        self.setMinimumWidth(theme.scaled(480))
        self.holding, self._today, self._asked = holding, today, asked
        column = self.column(_("Hand over"))
        every = _(
            "All {count} customers of {name}", count=len(holding.customers), name=holding.name
        )
        column.addWidget(PlainLabel(self._heading(every), role="record", wrap=True))
        if len(asked.customers) > 1:
            names = PlainLabel("\n".join(asked.names), wrap=True)
            column.addWidget(AtMost(names, _("Customers"), KEPT_HEIGHT))
        offered = [
            (each.login, _("{name} ({count} customers)", name=each.name, count=each.customers))
            for each in managers
            if each.login != holding.login
        ]
        self.form.add("to", _("New account manager"), Picker(offered), required=True)
        self.form.add("from_day", _("Responsible from"), DateField(today), required=True)
        self.form.add("reason", _("Reason"), text_box(theme.scaled(64)), required=True)
        if self._may_take_all():
            self.form.add("all_of_them", "", QCheckBox(plain_button(every)))
        column.addWidget(self.form)
        self.goes = PlainLabel("", role="quiet", wrap=True)
        column.addWidget(self.goes)
        self.kept = PlainLabel("", role="warning", wrap=True)
        self._kept = AtMost(self.kept, _("Customers that cannot go"), KEPT_HEIGHT)
        column.addWidget(self._kept)
        self.applied = PlainLabel("", role="quiet", wrap=True)
        column.addWidget(self.applied)
        self.held = HeldList(holding.applications, asked)
        column.addWidget(self.held)
        self.stays = [PlainLabel(say(each), role="warning", wrap=True) for each in holding.stays]
        for told in self.stays:
            column.addWidget(told)
        self.bind(HandoverDraft())
        self.fill(HandoverDraft(from_day=today))
        self.verb = self.add_giving(_("Hand over"))
        self.fields.edited.connect(self._tell)
        self.held.toggled.connect(self._tell)
        self._tell()

    def _heading(self, every: str) -> str:
        """What is handed over, in a line."""
        asked, whose, several = self._asked, self.holding.name, self.holding.several
        if several:
            return _("{count} marked customers of {managers} account managers",
                     count=len(asked.customers), managers=several)  # fmt: skip
        if len(asked.customers) > 1:
            return _("{count} marked customers of {name}", count=len(asked.customers), name=whose)
        return next(iter(asked.names), every if self.holding.customers else whose)

    def _may_take_all(self) -> bool:
        """Whether there is more than what is asked for, to be taken along."""
        held, asked = self.holding, self._asked.customers
        if asked:
            return len(held.customers) > len(asked) or bool(held.applications)
        return bool(self._asked.application and held.customers)

    @property
    def _every(self) -> bool:
        """Whether all customers go."""
        ticked = "all_of_them" in self.fields.fields and bool(self.form["all_of_them"].value())
        return ticked or self._asked.all

    def _wanted(self) -> tuple[int, ...]:
        """The customers that are asked for."""
        return self.holding.customers if self._every else self._asked.customers

    def kept_back(self) -> dict[int, Reason]:
        """The customers asked for that cannot go to the person chosen, and why."""
        kept = self.holding.kept_from(str(self.form["to"].value() or ""))
        return {key: kept[key] for key in self._wanted() if key in kept}

    def customers(self) -> tuple[int, ...]:
        """The customers that go."""
        kept = self.kept_back()
        return tuple(key for key in self._wanted() if key not in kept)

    def applications(self) -> tuple[int, ...]:
        """The applications of new customers that go; with the customers asked for alone none."""
        alone = self._asked.customers and not self._every
        return () if alone else self.held.chosen()

    def _tell(self) -> None:
        """What goes along, which customers and applications do not, and why; where all customers
        go, what stays."""
        cases = self.holding.cases
        count = sum(cases.get(key, 0) for key in self.customers())
        self.goes.setVisible(count > 0)
        self.goes.setText(
            _("Cases that wait or came back and go along, to be corrected by the new account "
              "manager: {count}", count=count)
        )  # fmt: skip
        self._tell_kept()
        self.held.show_for(str(self.form["to"].value() or ""))
        shown = bool(self.holding.applications) and (self._every or not self._asked.customers)
        self.applied.setText(goes_words(len(self.applications())))
        for part in (self.applied, self.held):
            part.setVisible(shown)
        for told in self.stays:
            told.setVisible(self._every)

    def _tell_kept(self) -> None:
        """Which customers cannot go to the person chosen, and how many go."""
        kept, lines = self.kept_back(), []
        if kept and (self._every or len(self._asked.customers) > 1):
            told = {"count": len(self.customers()), "all": len(self._wanted())}
            name = self.holding.name
            lines.append(
                _("{count} of {all} customers go. The rest stays with {name}:", name=name, **told)
                if name
                else _("{count} of {all} customers go. The rest stays where it is:", **told)
            )
        self.kept.setText("\n".join((*lines, *map(say, kept.values()))))
        self._kept.setVisible(bool(kept))
        self._kept.updateGeometry()

    def judge(self, draft: HandoverDraft) -> tuple[Problem, ...]:
        """What the service would refuse: where nothing can go, why the first does not."""
        found = handover_problems(draft.handover(), self._today)
        kept = self.kept_back()
        if kept and not self.customers() and not self.applications():
            found += (Problem("to", next(iter(kept.values()))),)
        return found


class HeldList(QWidget):
    """The applications of new customers that a manager has, to be ticked; one that cannot go to the
    person chosen says why. `toggled` where another choice was made."""

    toggled = Signal()

    def __init__(self, held: Sequence[HeldApplication], asked: Asked) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.scaled(4))
        self.boxes: dict[int, QCheckBox] = {}
        self.whys: dict[int, PlainLabel] = {}
        self._held = {each.id: each for each in held}
        for each in held:
            called = each.name or _("(no name yet)")
            text = dotted((each.number, called, label(each.state)))
            box = self.boxes[each.id] = QCheckBox(plain_button(text))
            box.setChecked(not asked.application or each.id == asked.application)
            box.toggled.connect(self.toggled)
            why = self.whys[each.id] = PlainLabel("", role="warning", wrap=True)
            column.addWidget(box)
            column.addWidget(why)

    def show_for(self, to: str) -> None:
        """Show which of them cannot go to this login, and why."""
        for key, each in self._held.items():
            reason = each.kept_from(to)
            self.boxes[key].setEnabled(reason is None)
            self.whys[key].setText(say(reason) if reason else "")
            self.whys[key].setVisible(reason is not None)

    def chosen(self) -> tuple[int, ...]:
        """The keys of those that are ticked and can go."""
        return tuple(key for key, box in self.boxes.items() if box.isEnabled() and box.isChecked())
