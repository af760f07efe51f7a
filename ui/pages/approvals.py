"""Approvals: what waits for this person, oldest first, with the scans beside the form.

The person comes (the first case is open), looks, and Ctrl+Enter approves: the next case opens.
Alt+T, a reason and Ctrl+Enter return it. Ctrl+Z takes back what was decided last.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.approval import case_of
from chemsales.queries.filtering import Request
from chemsales.rules.approval import ACCREDITATION, Verdict
from chemsales.rules.errors import ChemsalesError, Conflict, Unreachable
from chemsales.services.changes import Changed, Subject
from chemsales.words import _, say_all
from ui import theme
from ui.context import Context
from ui.dialogs.reason import ReasonDialog
from ui.pages.page import Page
from ui.tables.frame import GridFrame
from ui.widgets.accreditation_case import AccreditationCase
from ui.widgets.bulk_button import BulkButton
from ui.widgets.case_pane import CasePane
from ui.widgets.decided import CaseTabs
from ui.widgets.decision_bar import Blocked
from ui.widgets.labels import PlainLabel
from ui.widgets.split import Split
from ui.widgets.undo_bar import UndoBar, decided_words
from ui.widgets.waiting import WaitingTable, nothing_for
from ui.wording import follows, waited
from ui.work.approvals import (
    KINDS,
    Decided,
    Loaded,
    Undoing,
    Waiting,
    load,
    queue_asked,
    undoing,
)


class ApprovalsPage(Page):
    """The queue at the left, the case beside it."""

    subjects = frozenset(
        {
            Subject.ACCREDITATION,
            Subject.EVALUATION,
            Subject.LICENCE,
            Subject.DISQUALIFICATION,
            Subject.CUSTOMER_CHANGE,
            Subject.CALENDAR,
        }
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.loaded: Loaded | None = None  # what the verdicts are about; None while one is read
        self._chosen: tuple[str, int] | None = None  # the line of the queue that is chosen
        self._behind = False
        self._at = 0
        self._wanted: int | None = None  # the case to be opened as soon as it is in the queue
        self.notice = PlainLabel("", role="warning", wrap=True)
        self.notice.hide()
        self.body.addWidget(self.notice)
        self._decided_last: Decided | None = None
        self._taken_back: Decided | None = None  # whose words stand ready for the same verdict
        self._undo_version = 0
        self.undo = UndoBar(self.act("approvals.undo", self._undo))
        self.body.addWidget(self.undo)
        self.queue = WaitingTable(self.empty_text())
        self.queue.chosen.connect(self._choose)
        self.queue.shown.connect(self._show_queue)
        frame = GridFrame(self.queue, context, "queue", compact=True)
        frame.setMinimumWidth(theme.scaled(150))
        self.bulk = BulkButton(context)
        for told in (self.queue.picked, self.queue.shown, self.bulk.looked):
            told.connect(self._say_marked)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(frame, 1)
        column.addWidget(self.bulk)
        # a name that can be told beside how long it waits, in the language that is spoken
        wide = theme.scaled(200) + self.fontMetrics().horizontalAdvance(waited(10))
        split = Split("approvals", (270, 900), (left, self._make_case()))
        split.divide((wide, theme.scaled(900)))
        split.setStretchFactor(1, 1)
        self.tabs = CaseTabs(context, split)
        self.body.addWidget(self.tabs, 1)

    def title(self) -> str:
        return _("Approvals")

    def empty_text(self) -> str:
        return _("Nothing waits for your decision.")

    def _make_case(self) -> QWidget:
        self.case = CasePane(self.context, self.empty_text())
        self.bar, self.cases = self.case.bar, self.case.cases
        self.bar.wanted.connect(self._want)
        self.undo.share(self.bar.edit)
        self.acts |= {act.verb.id: act for act in self.bar.acts.values()}
        self.case.add_correct(self.act("approvals.correct", self._correct, self.case.shown))
        return self.case

    @property
    def accreditation(self) -> AccreditationCase:
        """The view of an application."""
        return self.cases.accreditation

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.queue.setFocus()

    def fold(self, low: bool) -> None:
        self.bar.fold(low)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # the page is left
            self._forget_decided()

    # -- reading -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        if self.context.elsewhere and self.loaded is not None:
            # nothing moves under the hands of who reads a case: it is looked at first
            row, today = self.loaded.waiting, self.context.session.today()
            gone = partial(self._lost, row)
            self.context.read(load, row, today, done=self._look_elsewhere, failed=gone)
        else:
            self.queue.show_waiting(self.context)
        self.tabs.read()
        self.bulk.read()
        self._look_back()

    def _look_elsewhere(self, found: Loaded) -> None:
        """Another desk has written: was it about the case that is read here?"""
        before = self.loaded
        if before is None or before.waiting.key != found.waiting.key:
            return
        moved, said = before.version != found.version, ""
        if moved:
            said = _("Another desk has changed this case. What you wrote is kept.")
        if all(found.blocked.values()) and not all(before.blocked.values()):
            self._fall_behind(found.blocked, said)
            return
        if moved or self._behind:
            self._behind = False
            self._tell(said)
            self._show(found)
        self.queue.show_waiting(self.context)

    def _fall_behind(self, blocked: Blocked, said: str = "") -> None:
        """The case waits for this person no more; it stays on the screen until one is chosen."""
        self._behind = True
        self._tell(said or _("This case waits for you no more. What you wrote is kept."))
        self.bar.show_blockers(blocked)

    def _lost(self, row: Waiting, error: ChemsalesError) -> None:
        """The case that is read may be seen no more."""
        if self._is_shown(row) and not isinstance(error, Unreachable):
            self._fall_behind(dict.fromkeys(Verdict, error.reasons))

    def _tell(self, said: str) -> None:
        self.notice.setText(said)
        self.notice.setVisible(bool(said))

    def open(self, target: object) -> None:
        """Open the case of an application (its key) or one named by its kind and key; of ("queue",
        "waiting" or "returned") the queue with those alone, of ("look", kind, key) an own case."""
        self.tabs.setCurrentIndex(0)
        kind, *rest = target if isinstance(target, tuple) else (ACCREDITATION.name, target)
        wanted = rest[-1]
        if kind == "look":
            self.tabs.look(*rest)
        elif kind == "queue":
            self.queue.ask(queue_asked(wanted == "returned"))
        elif self.loaded is not None and self.loaded.waiting.key == (kind, wanted):
            self.queue.setFocus()  # it is here, in the queue as it was left
        else:
            self.queue.ask(Request())
            self.context.read(case_of, kind, int(str(wanted)), done=self._want_case)

    def _want_case(self, case_id: int | None) -> None:
        self._wanted = case_id
        self._take_wanted()

    def _take_wanted(self) -> bool:
        if self._wanted is None or not self.queue.select_key(self._wanted):
            return False
        self._wanted = None
        return True

    def _show_queue(self) -> None:
        count = self.queue.source.count()
        self.remark.setText(_("{count} waiting", count=count) if count else "")
        self._say_empty()
        if not self._take_wanted() and not self.queue.currentIndex().isValid() and count:
            self.queue.selectRow(min(self._at, count - 1))

    def _say_empty(self) -> None:
        """What stands where nothing waits; of a list that is narrowed it is not known."""
        said = "\n".join((self.empty_text(), *nothing_for(self.context.actor)))
        self.queue.set_empty_text(said)
        narrowed = self.queue.source.request.narrowed
        self.case.nothing.set_text(self.empty_text() if narrowed else said)

    def _choose(self, row: Waiting | None) -> None:
        """Open a case; the opinion written on the one before is kept for it.

        Until it is here no verdict is taken: the one before is still on the screen.
        """
        if self._behind:  # the queue shows a case that waits no more
            self._behind = False
            self._tell("")
            self.queue.show_waiting(self.context)
        self._chosen = row.key if row is not None else None
        if self.loaded is not None:
            self.case.keep(self.loaded.waiting, self.bar.opinion())
            if self.loaded.waiting.key != self._chosen:
                self.loaded = None
                self.bar.hold()
        if row is None:
            self.turn(None, "")
            self.case.show_nothing()
            return
        self._at = self.queue.currentIndex().row()
        self.context.read(
            load, row, self.context.session.today(), done=self._show, failed=self._gone
        )

    def _say_marked(self) -> None:
        """A verdict is on the case that is shown, however many lines are marked."""
        self.bar.show_marked(self.queue.selected_count(), self.bulk.offered())

    def _gone(self, error: ChemsalesError) -> None:
        if not isinstance(error, Unreachable):
            self.refresh()

    def _show(self, found: Loaded) -> None:
        if found.waiting.key != self._chosen:
            return
        same = self.loaded is not None and self.loaded.waiting.key == found.waiting.key
        self.loaded = found
        self.turn(found.waiting.key, found.waiting.listed)
        self.case.show_case(found, again=same)

    # -- deciding ----------------------------------------------------------------------------------

    def _want(self, verdict: Verdict) -> None:
        if self.loaded is None:
            return
        if verdict is Verdict.APPROVE:
            self._tell("")
            self.bar.hold()
            self._decide(self.loaded, verdict, self.bar.opinion())
            return
        loaded, row = self.loaded, self.loaded.waiting
        returning = verdict is Verdict.RETURN
        dialog = ReasonDialog(
            _("Return {name}", name=row.called)
            if returning
            else _("Reject {name}", name=row.called),
            follows(row, verdict),
            _("Return to {name}", name=row.owner_name) if returning else _("Reject"),
            partial(self._reasoned, loaded, verdict),
            self.bar.opinion() or self._said_before(row, verdict),
            danger=not returning,
            choices=self.cases.reasons(loaded) if returning else (),
            parent=self,
        )
        dialog.open_in(self.context, f"{verdict} {row.key}")

    def _said_before(self, row: Waiting, verdict: Verdict) -> str:
        before = self._taken_back
        same = before is not None and (before.waiting.key, before.verdict) == (row.key, verdict)
        return before.comment if before is not None and same else ""

    def _reasoned(self, asked: Loaded, verdict: Verdict, text: str, dialog: ReasonDialog) -> None:
        """The verdict is about the case that the dialog names, whatever is chosen by now."""
        if self._is_shown(asked.waiting):
            self.bar.set_opinion(text)  # where the act is refused, the words are still there
        self.case.keep(asked.waiting, text)
        self._decide(asked, verdict, text, dialog)

    def _is_shown(self, row: Waiting) -> bool:
        return self.loaded is not None and self.loaded.waiting.key == row.key

    def _decide(
        self, asked: Loaded, verdict: Verdict, comment: str, dialog: ReasonDialog | None = None
    ) -> None:
        row = asked.waiting
        marks = self.cases.marks(asked, dialog.chosen() if dialog is not None else ())
        self.context.write(
            KINDS[row.kind].decide,
            *(row.id, asked.version, verdict, comment, *marks),
            done=partial(self._decided, Decided(row, verdict, comment), dialog),
            failed=partial(self._refused, dialog),
        )

    def _decided(
        self, decided: Decided, dialog: ReasonDialog | None, _changed: Changed[object]
    ) -> None:
        if dialog is not None:
            dialog.accept()
        row = decided.waiting
        self.case.forget(row)
        if self._is_shown(row):
            self.loaded = None
        self.context.said.emit(decided_words(decided.verdict, row.called))
        self._forget_decided()
        self._decided_last = decided
        self._look_back()

    def _refused(self, dialog: ReasonDialog | None, error: ChemsalesError) -> None:
        if not isinstance(error, Conflict) and dialog is not None:
            dialog.refused(error)
            return
        if dialog is not None:
            dialog.accept()
        if isinstance(error, Conflict):
            what = say_all(error)
            self._tell(
                _("Another desk was faster: {what} What you wrote is still there.", what=what)
            )
        else:
            self.context.jobs.refused.emit(error)
        self.refresh()

    # -- taking back -------------------------------------------------------------------------------

    def _forget_decided(self) -> None:
        self._decided_last = None
        self.undo.forget()

    def _look_back(self) -> None:
        """Whether what was decided last can still be taken back."""
        decided = self._decided_last
        if decided is not None:
            self.context.read(
                undoing,
                decided.waiting,
                self.context.session.today(),
                done=partial(self._show_undo, decided),
                failed=lambda _error: self._forget_decided(),
            )

    def _show_undo(self, decided: Decided, found: Undoing) -> None:
        if decided is not self._decided_last:
            return
        if found.acted:
            self._forget_decided()
            return
        self._undo_version = found.version
        self.undo.show_decided(decided.verdict, decided.waiting.called, found.blocked)

    def _undo(self) -> None:
        decided = self._decided_last
        assert decided is not None
        self.undo.act.setEnabled(False)
        row = decided.waiting
        self.context.write(
            KINDS[row.kind].undo,
            *(row.id, self._undo_version),
            done=partial(self._undone, decided),
            failed=partial(self._refused, None),
        )

    def _undone(self, decided: Decided, _changed: Changed[object]) -> None:
        """The case is here again, with the words that were written on it: those of an approval as
        the opinion, why it was returned for another return alone."""
        row = decided.waiting
        self._forget_decided()
        self._taken_back = decided
        if decided.verdict is Verdict.APPROVE:
            self.case.keep(row, decided.comment)
        self._wanted = row.case_id
        self.context.said.emit(_("Undone: {name}", name=row.called))

    def _correct(self) -> None:
        """Go where a case that came back is corrected."""
        if self.loaded is not None:
            self.context.go.emit(*KINDS[self.loaded.waiting.kind].corrected(self.loaded))
