"""The class asked for in each product group: one row per group, nothing to add or remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from chemsales.queries.products import GroupRow
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import Problem
from chemsales.words import _, label, say
from ui import theme
from ui.widgets.labels import PlainLabel
from ui.widgets.number_field import TonnesField
from ui.wording import shown_name

PLACE = "classes"


class _Row:
    """The editors of one product group."""

    def __init__(self, owner: ClassRows, group: GroupRow, grid: QGridLayout, at: int) -> None:
        self.code = group.code
        name = shown_name(group)
        self.name = PlainLabel(name)
        self.choice = QComboBox()
        self.choice.addItem(_("not asked for"), "")
        for member in CustomerClass:
            self.choice.addItem(label(member), str(member))
        self.region, self.tonnes, self.purpose = QLineEdit(), TonnesField(), QLineEdit()
        self.message = PlainLabel("", role="problem", wrap=True)
        self.message.hide()
        names = (_("Class"), _("Sales region"), _("Monthly tonnes"), _("Purpose"))
        editors: tuple[QWidget, ...] = (self.choice, self.region, self.tonnes, self.purpose)
        grid.addWidget(self.name, at, 0)
        for column, (editor, title) in enumerate(zip(editors, names, strict=True), start=1):
            editor.setAccessibleName(f"{name} {title}")
            grid.addWidget(editor, at, column)
        grid.addWidget(self.message, at + 1, 1, 1, 4)
        self.choice.currentIndexChanged.connect(self._on_choice)
        self.choice.currentIndexChanged.connect(owner.edited)
        for edit in (self.region, self.tonnes, self.purpose):
            edit.textChanged.connect(owner.edited)
        self._on_choice()

    def _on_choice(self) -> None:
        for edit in (self.region, self.tonnes, self.purpose):
            edit.setEnabled(bool(self.choice.currentData()))

    def request(self) -> ClassRequest | None:
        chosen = self.choice.currentData()
        if not chosen:
            return None
        return ClassRequest(
            self.code,
            CustomerClass(chosen),
            self.region.text().strip(),
            self.tonnes.number() or 0,
            self.purpose.text().strip(),
        )

    def fill(self, request: ClassRequest | None) -> None:
        chosen = str(request.customer_class) if request else ""
        self.choice.setCurrentIndex(self.choice.findData(chosen))
        self.region.setText(request.region if request else "")
        self.tonnes.set_number(request.monthly_kg or None if request else None)
        self.purpose.setText(request.purpose if request else "")

    def show(self, text: str, warning: bool) -> None:
        sign = theme.SIGNS[theme.Tone.SOON if warning else theme.Tone.PROBLEM]
        self.message.set_role("warning" if warning else "problem")
        self.message.setText(f"{sign} {text}" if text else "")
        self.message.setVisible(bool(text))


class ClassRows(QWidget):
    """`requests()` and `set_requests`; a group without a class is not asked for (C3.1, C10.1)."""

    edited = Signal()

    def __init__(self, groups: Sequence[GroupRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        headings = (
            _("Product group"),
            _("Class"),
            _("Sales region"),
            _("Monthly tonnes"),
            _("Purpose"),
        )
        for column, text in enumerate(headings):
            grid.addWidget(PlainLabel(text, role="quiet"), 0, column)
            grid.setColumnStretch(column, (0, 0, 2, 1, 2)[column])
        self.message = PlainLabel("", role="problem", wrap=True)
        self.message.hide()
        self.rows = [_Row(self, group, grid, 1 + 2 * n) for n, group in enumerate(groups)]
        grid.addWidget(self.message, 1 + 2 * len(groups), 0, 1, 5)

    def requests(self) -> tuple[ClassRequest, ...]:
        """The classes asked for, in the order of the rows."""
        found = (row.request() for row in self.rows)
        return tuple(request for request in found if request is not None)

    def set_requests(self, requests: Sequence[ClassRequest]) -> None:
        """Fill the rows."""
        by_code = {request.group_code: request for request in requests}
        for row in self.rows:
            row.fill(by_code.get(row.code))

    def unreadable(self) -> dict[str, str]:
        """Tonnes that cannot be read, by place: what is typed has to be corrected first."""
        wrong = {f"{PLACE}.{row.code}.monthly_kg": row.tonnes.problem() for row in self.rows}
        return {place: text for place, text in wrong.items() if text}

    def show_problems(self, by_place: Mapping[str, Sequence[Problem]], missing_too: bool) -> None:
        """Show the problems of each row under it, and those of the section at its end."""
        unreadable = self.unreadable()
        for row in self.rows:
            start = f"{PLACE}.{row.code}"
            here = [p for place, found in by_place.items() if _inside(place, start) for p in found]
            texts = [text for place, text in unreadable.items() if _inside(place, start)]
            texts += [say(problem.reason) for problem in here]
            row.show("\n".join(texts), bool(here) and all(p.warning for p in here) and not texts)
        own = by_place.get(PLACE, ()) if missing_too else ()
        self.message.setText("\n".join(say(problem.reason) for problem in own))
        self.message.setVisible(bool(own))

    def focus(self, place: str) -> None:
        """Put the cursor into the row of a place."""
        parts = place.split(".")
        row = next((row for row in self.rows if len(parts) > 1 and row.code == parts[1]), None)
        row = row or (self.rows[0] if self.rows else None)
        if row is not None:
            editors = {"region": row.region, "monthly_kg": row.tonnes, "purpose": row.purpose}
            wanted = editors.get(parts[-1], row.choice)
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)


def _inside(place: str, start: str) -> bool:
    return place == start or place.startswith(start + ".")
