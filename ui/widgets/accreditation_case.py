"""One application before a reviewer: opinions, checklist, checks, what is asked for, facts; scans
beside."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from chemsales.queries.applications import DocumentRow, ScanKey
from chemsales.queries.checks import CheckResult, CheckRow
from chemsales.queries.review import ReviewLine
from chemsales.rules.approval import StageName
from chemsales.rules.customer import ClassRequest, DocumentKind
from chemsales.rules.numbers import format_tonnes
from chemsales.rules.review import Marks, ReturnReason, ReviewItem
from chemsales.rules.rounds import News, PaperNews
from chemsales.services import accreditation as service
from chemsales.words import _, label, say
from ui import theme
from ui.actions import button, set_blocked
from ui.context import Context
from ui.dialogs.reason import ReasonDialog
from ui.text import dotted
from ui.widgets.beside import Beside
from ui.widgets.case_split import CaseSplit
from ui.widgets.check_line import CheckLine
from ui.widgets.checklist import Checklist
from ui.widgets.decisions import DecisionsView
from ui.widgets.facts import FactsView, Pairs, clear
from ui.widgets.labels import PlainLabel
from ui.widgets.news import NewsView
from ui.widgets.peers import PeersView
from ui.widgets.scans import items
from ui.wording import further_line

if TYPE_CHECKING:
    from ui.work.approvals import Loaded

# what stands in which of the two columns and below both: what is wrong before what is to be
# checked; the last stage decides on one screen, on which what is asked and the peers stand beside
# what is unusual and what the others said
REST = ("classes", "peers", "facts", "contacts")
ORDER = (("further", "news", "decisions", "lines", "checks", *REST), (), ())
WRONG_ORDER = (("further", "news", "checks", "decisions", "lines", *REST), (), ())
LAST_ORDER = (
    ("further", "classes", "peers"),
    ("news", "checks", "decisions", "lines"),
    ("facts", "contacts"),
)
SPLITS = (("accreditation", (420, 520)), ("accreditation_last", (640, 300)))


class AccreditationCase(CaseSplit):
    """`show_case(found)`; its scans stand in `viewer`, what the reviewer ticked is in `marks()`."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        title = _("Application for accreditation")
        name, sizes = SPLITS[0]
        super().__init__(context, name, title, sizes=sizes, least=282, parent=parent)
        self.documents: tuple[DocumentRow, ...] = ()
        self.found: Loaded | None = None
        self._came: dict[ScanKey, PaperNews] = {}
        self._ticked: dict[int, frozenset[ReviewItem]] = {}  # of cases that were left
        self.decisions, self.facts, self.checklist = DecisionsView(), FactsView(), Checklist()
        self.peers, self.news = PeersView(), NewsView()
        self.checks, self.classes, self.contacts = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self.further = PlainLabel("", wrap=True)
        self.sections = {
            "further": _section(_("Further class of a customer"), self.further),
            "news": _section(_("Changed since the return"), self.news),
            "decisions": _section(_("Opinions so far"), self.decisions),
            "lines": _section(_("To be checked"), self.checklist),
            "checks": _section(_("Checked automatically"), self.checks),
            "classes": _section(_("Asked for"), self.classes),
            "peers": _section(_("Beside customers of the same class"), self.peers),
            "facts": _section("", self.facts),
            "contacts": _section(_("Contacts"), self.contacts),
        }
        self._order: Sequence[Sequence[str]] = ()
        beside, below = Beside(least=190), QVBoxLayout()
        self._columns = (*beside.columns, below)
        self.column.addWidget(beside)
        self.column.addLayout(below)
        self.column.addStretch(1)
        self._place(ORDER)
        self.checklist.looked.connect(self.show_kind)
        self.checklist.edited.connect(self._keep)

    def show_case(self, found: Loaded) -> None:
        """Show the application of a case."""
        detail = found.application
        assert detail is not None
        self.found = found
        self.documents = _as_checked((*detail.documents, *detail.filed), found.lines)
        last = found.waiting.stage is StageName.GENERAL_MANAGER
        wrong = any(row.result is CheckResult.WRONG for row in found.checks)
        self._place(LAST_ORDER if last else WRONG_ORDER if wrong else ORDER)
        self.sections["further"].setVisible(detail.further_of is not None)
        if detail.further_of is not None:
            self.further.setText(further_line(detail.further_of))
        self.decisions.show_decisions(detail.decisions)
        self.facts.show_facts(detail.draft.facts)
        ticked = self._ticked.get(detail.id, frozenset())
        self._show_news(found.news, detail.documents)
        came = {row.kind: self._came[row.key] for row in self.documents if row.key in self._came}
        self.checklist.show_lines(found.lines, ticked, found.groups, came)
        self.sections["lines"].setVisible(bool(found.lines))
        clear(self.checks)
        shown = [row for row in found.checks if not last or row.result is not CheckResult.PASSED]
        for row in sorted(shown, key=lambda row: row.result is not CheckResult.WRONG):
            self.checks.addWidget(self._check(row))
        if last:  # what is unusual stands alone
            passed = _("{count} automatic checks passed", count=len(found.checks) - len(shown))
            self.checks.addWidget(PlainLabel(passed, role="quiet", wrap=True))
        self.peers.show_peers(found.peers, found.groups)
        self.sections["peers"].setVisible(bool(found.peers))
        clear(self.classes)
        for asked in detail.draft.classes:
            self.classes.addWidget(PlainLabel(self._asked(asked), wrap=True))
        clear(self.contacts)
        pairs = [
            (label(c.kind), "  ".join(filter(None, (c.name, c.title, c.phone, c.email))))
            for c in detail.draft.contacts
        ]
        self.contacts.addWidget(Pairs(pairs))
        self.viewer.show_items(
            items(self.documents, self._came), None, _("No document is attached.")
        )

    def _place(self, order: Sequence[Sequence[str]]) -> None:
        """Put the sections where they stand in an order."""
        if order is self._order:
            return
        self._order = order
        self.divide_as(*SPLITS[order is LAST_ORDER])
        for column, names in zip(self._columns, order, strict=True):
            for at, name in enumerate(names):  # above the stretch
                column.insertWidget(at, self.sections[name])

    def _show_news(self, news: News | None, own: Sequence[DocumentRow]) -> None:
        """Say what is otherwise since the case was returned, and note which of its papers came."""
        came = news.papers if news is not None else {}
        self._came = {row.key: came[row.id] for row in own if row.id in came}
        self.sections["news"].setVisible(news is not None)
        if news is not None:
            assert self.found is not None
            self.news.show_news(news, {row.id: label(row.kind) for row in own}, self.found.groups)

    def _asked(self, asked: ClassRequest) -> str:
        assert self.found is not None
        group = self.found.groups.get(asked.group_code, asked.group_code)
        words = [group, label(asked.customer_class), asked.region]
        if asked.monthly_kg:
            words.append(_("{tonnes} t a month", tonnes=format_tonnes(asked.monthly_kg)))
        words.append(asked.purpose)
        return dotted(words)

    def _check(self, row: CheckRow) -> QWidget:
        actions = []
        if row.overridable:
            assert self.found is not None
            accept = button(_("Accept …"), self._ask_override, "link")
            set_blocked(accept, "\n".join(say(reason) for reason in self.found.override_blockers))
            actions.append(accept)
        if row.document is not None and self._has(row.document):
            actions.append(button(_("Look"), partial(self.show_kind, row.document), "link"))
        return CheckLine(row, actions)

    def _has(self, kind: DocumentKind) -> bool:
        return any(document.kind is kind for document in self.documents)

    def show_kind(self, kind: DocumentKind) -> None:
        """Show the scan of this kind."""
        for document in self.documents:
            if document.kind is kind:
                self.viewer.choose(document.key)
                return

    # -- what the reviewer marks -------------------------------------------------------------------

    def marks(self, application_id: int, reasons: tuple[ReturnReason, ...] = ()) -> Marks:
        """What is ticked on an application, with the reasons of a return."""
        return Marks(self._ticked.get(application_id, frozenset()), reasons)

    def left(self) -> tuple[str, str]:
        """How many own lines are not ticked, and which, in words; "" where all are."""
        left, count = self.checklist.left(), len(self.checklist.boxes)
        if not left:
            return "", ""
        words = _("{left} of your {count} lines are not ticked. An approval records that.",
                  left=len(left), count=count)  # fmt: skip
        return words, "\n".join(map(label, left))

    def forget(self, application_id: int) -> None:
        """What was ticked is signed."""
        self._ticked.pop(application_id, None)

    def _keep(self) -> None:
        assert self.found is not None
        self._ticked[self.found.waiting.id] = self.checklist.ticked()

    def _ask_override(self) -> None:
        asked = self.found
        assert asked is not None
        ReasonDialog(
            _("Accept the code although its check digit fails"),
            _("Early codes of real companies fail the check. Say what proves this one."),
            _("Accept the code"),
            partial(self._override, asked),
            parent=self.window(),
        ).open_in(self.context, f"override {asked.waiting.id}")

    def _override(self, asked: Loaded, text: str, dialog: ReasonDialog) -> None:
        write = service.override_identifier
        dialog.write(self.context, write, asked.waiting.id, text, asked.version)


def _as_checked(
    documents: Sequence[DocumentRow], lines: Sequence[ReviewLine]
) -> tuple[DocumentRow, ...]:
    """The documents in the order of the own lines that look at them, then the others: what is
    checked first is what is seen first."""
    kinds = [each.line.document for each in lines if each.own]
    places = {kind: at for at, kind in reversed(list(enumerate(kinds)))}
    return tuple(sorted(documents, key=lambda row: places.get(row.kind, len(kinds))))


def _section(title: str, content: QWidget | QLayout) -> QWidget:
    """A part of the form under its heading."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.scaled(4))
    if title:
        column.addWidget(PlainLabel(title, role="section"))
    if isinstance(content, QWidget):
        column.addWidget(content)
    else:
        content.setSpacing(theme.scaled(4))
        column.addLayout(content)
    return made
