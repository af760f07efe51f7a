"""The lines that a reviewer ticks, stage by stage; those of other stages are there to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from chemsales.queries.review import ReviewLine
from chemsales.rules.customer import DocumentKind
from chemsales.rules.review import ReviewItem
from chemsales.rules.rounds import PaperNews
from chemsales.words import _, label
from ui import theme
from ui.widgets.facts import Pairs, clear
from ui.widgets.labels import PlainLabel
from ui.widgets.news import paper_badge
from ui.wording import answer_pairs


class Checklist(QWidget):
    """`show_lines(lines, ticked)`; `looked(kind)` names the paper of the line that is ticked or
    reached by a key, so that the document in view follows."""

    looked = Signal(object)  # DocumentKind
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[ReviewItem, QCheckBox] = {}
        self._own: tuple[PlainLabel, str] | None = None  # above the own lines, of which stage
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.scaled(4))

    def show_lines(
        self,
        lines: Sequence[ReviewLine],
        ticked: frozenset[ReviewItem],
        groups: Mapping[str, str],
        news: Mapping[DocumentKind, PaperNews],
    ) -> None:
        """Show the lines of all stages, the own ones first; those in `ticked` this person has
        ticked already. `groups` are the names of the product groups, `news` the kinds of papers
        that came since the case was returned: their lines are marked."""
        clear(self._column)
        self.boxes = {}
        self._own = None
        stage = None
        for each in sorted(lines, key=lambda each: not each.own):
            if each.line.stage is not stage:
                stage = each.line.stage
                head = PlainLabel(_("{stage} (to read)", stage=label(stage)), role="quiet")
                self._own = (head, label(stage)) if each.own else self._own
                self._column.addWidget(head)
            row = _Row(each, each.line.item in ticked, news.get(each.line.document))
            row.box.reached.connect(partial(self.looked.emit, each.line.document))
            if each.own:
                self.boxes[each.line.item] = row.box
                row.box.toggled.connect(partial(self._toggled, each.line.document))
            self._column.addWidget(row)
            for group, answers in each.answers:
                self._column.addWidget(PlainLabel(groups.get(group, group), role="quiet"))
                self._column.addWidget(Pairs(answer_pairs(answers)))
        self._count()

    def _count(self) -> None:
        """Say above the own lines how many of them are ticked."""
        if self._own is not None:
            head, stage = self._own
            done, count = len(self.ticked()), len(self.boxes)
            words = _("{stage}: you tick these, {done} of {count} done", stage=stage, done=done,
                      count=count)  # fmt: skip
            head.setText(words)

    def _toggled(self, document: DocumentKind, _on: bool) -> None:
        self._count()
        self.looked.emit(document)
        self.edited.emit()

    def left(self) -> list[ReviewItem]:
        """The own lines that are not ticked."""
        return [item for item, box in self.boxes.items() if not box.isChecked()]

    def ticked(self) -> frozenset[ReviewItem]:
        """The own lines that are ticked now."""
        return frozenset(item for item, box in self.boxes.items() if box.isChecked())


class _Box(QCheckBox):
    """A box that tells when a key has reached it."""

    reached = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.reached.emit()


class _Row(QWidget):
    """A box and its sentence, which may take several lines; a click on either ticks."""

    def __init__(self, each: ReviewLine, ticked: bool, news: PaperNews | None) -> None:
        super().__init__()
        text = label(each.line.item)
        self.box = _Box()
        self.box.setAccessibleName(text)
        self.box.setChecked(bool(each.ticked) or (each.own and ticked))
        self.box.setEnabled(each.own)
        said = PlainLabel(text, role="" if each.own else "quiet", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.scaled(6))
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(said, 1)
        if news is not None:
            row.addWidget(paper_badge(news), 0, Qt.AlignmentFlag.AlignTop)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.box.click()
