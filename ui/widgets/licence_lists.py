"""The grids of licences, of suspensions, and of what has no validity on record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QPushButton, QWidget

from chemsales.queries.filtering import Kind
from chemsales.queries.licence_lists import DUE, PaperSort, due_within
from chemsales.rules.licences import WATCHED, Band, LicenceState, Notice
from chemsales.words import _, label
from ui import files
from ui.actions import button
from ui.tables.base import BaseGrid
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.text import day
from ui.widgets.customer_lists import manager_columns
from ui.widgets.flow import FlowLayout
from ui.wording import BAND_TONES, LICENCE_TONES, choices, paper_left, reminder


def kinds() -> tuple[tuple[str, str], ...]:
    """The papers that are watched, with their words."""
    return tuple((str(kind), label(kind)) for kind in WATCHED)


def customer_columns() -> list[Column]:
    """Whose a row is."""
    return [
        Column(_("Customer name"), lambda row: row.name, widest=24, stretch=True, field="name"),
        Column(_("Code"), lambda row: row.code, field="code", hidden=True),
    ]


def kind_column() -> Column:
    """Which paper a row is about."""
    return Column(
        _("Licence name"), lambda row: label(row.kind), widest=20, field="kind", choices=kinds()
    )


def since_column() -> Column:
    """Since when dealings are suspended for want of the paper."""
    return Column(_("Suspended since"), lambda row: row.since, field="since", kind=Kind.DAY)


def paper_columns(of_one: bool = False) -> list[Column]:
    """The columns of papers; without those of the customer where all are of one."""
    return [
        *([] if of_one else customer_columns()),
        kind_column(),
        Column(
            _("Days left"),
            lambda row: row.days_left,
            paper_left,
            field="left",
            kind=Kind.NUMBER,
        ),
        Column(
            _("Due"),
            lambda row: label(row.band) if row.band else "",
            tone=lambda row: BAND_TONES[row.band] if row.band else None,
            field="band",
            choices=choices(Band),
        ),
        Column(
            _("State"),
            lambda row: label(row.state),
            tone=lambda row: LICENCE_TONES[row.state],
            field="state",
            choices=choices(LicenceState),
        ),
        Column(
            _("Valid to"),
            lambda row: row.valid_to,
            lambda row: day(row.valid_to) or _("unlimited"),
            field="to",
            kind=Kind.DAY,
        ),
        Column(_("Reminder"), lambda row: row.step, reminder, field="step", kind=Kind.NUMBER),
        since_column(),
        Column(_("Number"), lambda row: row.number, widest=22, stretch=of_one, field="number"),
        *_details(),
        *([] if of_one else manager_columns()),
    ]


def _details() -> list[Column]:
    """What is seldom looked at: hidden until the person asks for it."""
    return [
        Column(
            _("Licence or proof"),
            lambda row: label(row.sort),
            field="sort",
            choices=choices(PaperSort),
            hidden=True,
        ),
        Column(_("Issuer"), lambda row: row.issuer, widest=20, field="issuer", hidden=True),
        Column(
            _("Valid from"),
            lambda row: row.valid_from,
            field="from",
            kind=Kind.DAY,
            hidden=True,
        ),
        Column(
            _("Accepted on"),
            lambda row: row.accepted_on,
            field="accepted",
            kind=Kind.DAY,
            hidden=True,
        ),
        Column(
            _("Recorded at"),
            lambda row: row.recorded_at,
            field="recorded",
            kind=Kind.INSTANT,
            hidden=True,
        ),
    ]


class PapersGrid(Grid):
    """Papers of all customers, to be shown with `queries.licence_lists.papers_of`; a scan that is
    dropped on a row comes by `scanned(row, path)`."""

    scanned = Signal(object, object)

    def __init__(self, empty: str) -> None:
        super().__init__(
            paper_columns(), key=lambda row: row.id, empty=empty, name=_("Licences"), ticks=True
        )
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(files.dropped(event)) == 1:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        over = self.rowAt(int(event.position().y())) >= 0
        event.setAccepted(over and len(files.dropped(event)) == 1)

    def dropEvent(self, event: QDropEvent) -> None:
        at, paths = self.rowAt(int(event.position().y())), files.dropped(event)
        row = self.source.row(at) if at >= 0 else None
        if row is not None and len(paths) == 1:
            event.acceptProposedAction()
            self.scanned.emit(row, paths[0])


def suspension_columns(of_one: bool = False) -> list[Column]:
    """The columns of suspensions; without those of the customer where all are of one."""
    return [
        *([] if of_one else customer_columns()),
        kind_column(),
        Column(
            _("Goes on"),
            lambda row: _("yes") if row.goes_on else _("no"),
            field="open",
            choices=(("yes", _("yes")), ("no", _("no"))),
        ),
        Column(_("First day"), lambda row: row.first, field="first", kind=Kind.DAY),
        Column(_("Last day"), lambda row: row.last, field="last", kind=Kind.DAY),
        Column(_("Days suspended"), lambda row: row.days, field="days", kind=Kind.NUMBER),
        Column(_("Lifted by"), lambda row: row.lifted_by, field="lifted", stretch=of_one),
        Column(
            _("Noted at"), lambda row: row.noted_at, field="noted", kind=Kind.INSTANT, hidden=True
        ),
        *([] if of_one else manager_columns()),
    ]


def suspensions_grid() -> Grid:
    """Suspensions, to be shown with `queries.suspension_lists.suspensions_of`."""
    return Grid(
        suspension_columns(),
        key=lambda row: row.id,
        empty=_("Dealings were never suspended."),
        name=_("Suspensions"),
    )


def undated_grid() -> Grid:
    """Required papers of which none is valid yet, to be shown with `queries.undated.undated_on`."""
    return Grid(
        [
            *customer_columns(),
            kind_column(),
            Column(_("Valid from"), lambda row: row.valid_from, field="from", kind=Kind.DAY),
            Column(
                _("Waiting for acceptance"),
                lambda row: _("yes") if row.waits else _("no"),
                field="waits",
                choices=(("yes", _("yes")), ("no", _("no"))),
            ),
            *manager_columns(),
        ],
        key=lambda row: row.id,
        empty=_("No required paper lacks its validity, and none begins later."),
        name=_("None valid yet"),
    )


class BandBar(QWidget):
    """How many standing papers each band has; a click asks the grid for that band alone, one more
    for all that is due."""

    def __init__(self, grid: BaseGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = grid
        self._notice = Notice()
        row = FlowLayout(6, self)
        self.buttons: dict[tuple[Band, ...], QPushButton] = {}
        for wanted in (DUE, *((band,) for band in Band)):
            made = button("", partial(self._ask, wanted), "tool")
            made.setCheckable(True)
            row.addWidget(made)
            self.buttons[wanted] = made
        grid.asked.connect(self._mark)

    def show_bands(self, notice: Notice) -> None:
        """Count anew, with the days of the edition."""
        self._notice = notice
        for wanted in self.buttons:
            self.grid.source.counted(due_within(wanted), partial(self._show, wanted))
        self._mark()

    def _words(self, wanted: Sequence[Band]) -> str:
        near, soon = self._notice.bands
        if len(wanted) > 1:
            return _("Within {days} days", days=near)
        return {
            Band.EXPIRED: label(Band.EXPIRED),
            Band.SOON: _("{days} days", days=soon),
            Band.NEAR: _("{first} to {last} days", first=soon + 1, last=near),
            Band.VALID: label(Band.VALID),
        }[wanted[0]]

    def _show(self, wanted: tuple[Band, ...], count: int) -> None:
        said = _("{name} ({count})", name=self._words(wanted), count=f"{count:,}")
        self.buttons[wanted].setText(said)
        self.buttons[wanted].setAccessibleName(said)

    def _ask(self, wanted: tuple[Band, ...]) -> None:
        asked = due_within(wanted)
        self.grid.ask(due_within() if self.grid.request == asked else asked)
        self._mark()

    def _mark(self) -> None:
        for wanted, made in self.buttons.items():
            made.setChecked(self.grid.request == due_within(wanted))
