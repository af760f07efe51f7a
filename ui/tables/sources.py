"""Where a grid's rows come from, and a list query that is read page by page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from chemsales.queries import listing as lists
from chemsales.queries.filtering import Filter, Kind, Request
from chemsales.queries.listing import Found, Listing, Total
from chemsales.rules.errors import ChemsalesError
from ui.context import Context
from ui.tables.columns import Column, Row

PAGE = 200  # rows read at once
KEPT = 20  # pages kept in memory
ABREAST = 2  # pages under way at once


class Source(QObject):
    """Rows in an order, of which the grid asks one by one.

    `about_to_change` and `changed` stand around every change of the rows or their order; `arrived`
    says that rows which were not there yet can be painted now, `stood` that a request was refused
    and the one before it stands.
    """

    about_to_change = Signal()
    changed = Signal()
    arrived = Signal(int, int)  # first and last row
    stood = Signal()

    request = Request()
    pending = False  # whether a request is under way whose rows are not shown yet

    def count(self) -> int:
        """How many rows the request lets through."""
        raise NotImplementedError

    def key(self, at: int) -> Hashable:
        """What tells row number `at` from all others."""
        raise NotImplementedError

    def row(self, at: int) -> Row | None:
        """Row number `at`, None while it is not here yet."""
        raise NotImplementedError

    def keys(self) -> Sequence[Hashable]:
        """The keys of all rows in order."""
        raise NotImplementedError

    def want(self, first: int, last: int) -> None:
        """Rows `first` to `last` are seen now and should be here."""

    def ask(self, request: Request, first: int = 0, kept: bool = True) -> None:
        """Show what this request lets through; rows from `first` on will be seen first. Where
        nothing chosen is to be `kept`, rows may be shown before all keys are here."""
        raise NotImplementedError

    @property
    def whole(self) -> bool:
        """Whether the keys of all rows are here."""
        return True

    def when_whole(self, act: Callable[[], object]) -> None:
        """Do what needs the keys of all rows, as soon as they are here."""
        act()

    def total(
        self, column: Column, keys: Sequence[Hashable] | None, done: Callable[[Total], None]
    ) -> None:
        """The sum of a column over all rows (None) or over these."""
        raise NotImplementedError

    def counted(self, request: Request, done: Callable[[int], None]) -> None:
        """How many rows another request would let through."""
        raise NotImplementedError

    def reader(self, keys: Sequence[Hashable] | None) -> Callable[[], Iterator[Row]]:
        """A function for any thread that goes through all rows (None) or these, in order."""
        raise NotImplementedError

    def kind(self, column: Column) -> Kind:
        """What the values of a column are."""
        raise NotImplementedError

    def sortable(self, column: Column) -> bool:
        """Whether the rows can be sorted and filtered by a column."""
        raise NotImplementedError

    def choices(self, column: Column) -> tuple[tuple[str, str], ...]:
        """The values that the filter of a column offers, with their words; none: free text."""
        return column.choices


def name_of(columns: Sequence[Column], column: Column) -> str:
    """The name of a column in requests: its field, else its place."""
    return column.field or f"#{list(columns).index(column)}"


class ListSource(Source):
    """A list query: the keys of all rows in order, and pages of rows as they come into view.

    Everything is read off the window's thread. Of several requests only the newest is shown, and
    a page that was read for a former order is thrown away. Of a long list in another order the
    first page is shown at once, and the keys of all rows follow (`whole`). A page that cannot be
    read is told once, and read again when the rows are scrolled or read anew.
    """

    def __init__(self, context: Context, listing: Listing[Any], parent: QObject) -> None:
        super().__init__(parent)
        self.context = context
        self.listing = listing
        self._keys: Sequence[int] = ()
        self._count = 0
        self._waiting: list[Callable[[], object]] = []  # for the keys of all rows
        self._filling = 0  # the request whose keys are under way
        self._pages: OrderedDict[int, list[Row | None]] = OrderedDict()
        self._asked: set[tuple[int, int]] = set()
        self._unread: set[tuple[int, int]] = set()  # pages that could not be read
        self._wanted = (0, 0)
        self._stands = Request()  # the request whose rows are shown
        self._number = 0  # of the newest request
        self._shown = 0  # of the request whose rows are shown

    def count(self) -> int:
        return self._count

    def key(self, at: int) -> Hashable:
        return self._keys[at] if at < len(self._keys) else None

    def keys(self) -> Sequence[Hashable]:
        return self._keys

    def row(self, at: int) -> Row | None:
        number = at // PAGE
        page = self._pages.get(number)
        if page is None:
            return None
        self._pages.move_to_end(number)
        return page[at % PAGE]

    @property
    def pages(self) -> tuple[int, ...]:
        """The numbers of the pages in memory, the one used last at the end."""
        return tuple(self._pages)

    @property
    def whole(self) -> bool:
        return len(self._keys) == self._count

    def when_whole(self, act: Callable[[], object]) -> None:
        if self.whole:
            act()
        else:
            self._waiting.append(act)

    def ask(self, request: Request, first: int = 0, kept: bool = True) -> None:
        self._number += 1
        self.request, self.pending = request, True
        # a narrowed list is found by going through all rows, which is not done twice
        at_once = not (first or kept or request.narrowed)
        asked = (request,) if at_once else (request, first)
        self.context.read(
            lists.begun if at_once else lists.opened,
            self.listing,
            *asked,
            PAGE,
            done=partial(self._show, self._number),
            failed=partial(self._refuse, self._number),
            always=partial(self._ended_asking, self._number),
            channel=("grid", id(self)),
        )

    def _refuse(self, number: int, error: ChemsalesError) -> None:
        if number == self._number:
            self.request, self.pending = self._stands, False
            self.stood.emit()
        self.context.jobs.refused.emit(error)

    def _show(self, number: int, found: Found[Row]) -> None:
        if number != self._number:
            return
        self.pending = False
        self.about_to_change.emit()
        self._shown, self._stands = number, self.request
        self._unread.clear()
        self._keys, self._count = found.keys, found.count
        self._pages.clear()
        if found.rows:
            self._pages[found.first // PAGE] = found.rows
        self.changed.emit()
        self._complete()

    def _complete(self) -> None:
        """Do what waited for the keys of all rows, or have them read."""
        if self.whole:
            waiting, self._waiting = self._waiting, []
            for act in waiting:
                act()
        elif self._filling != self._shown:
            self._filling = self._shown
            self.context.read(
                lists.keys,
                self.listing,
                self._stands,
                done=partial(self._fill, self._shown),
                always=partial(self._ended_filling, self._shown),
                channel=("grid", id(self), "keys"),
            )

    def _fill(self, shown: int, keys: Sequence[int]) -> None:
        if shown != self._shown:
            return
        before = self._keys
        same = len(keys) == self._count and list(keys[: len(before)]) == list(before)
        if same:
            self._keys = keys
        else:  # somebody wrote in between
            self.about_to_change.emit()
            self._keys, self._count = keys, len(keys)
            self._pages.clear()
            self.changed.emit()
        self._complete()
        self._fetch()

    def _ended_filling(self, shown: int) -> None:
        if self._filling == shown:
            self._filling = 0

    def _ended_asking(self, number: int) -> None:
        if number == self._number:
            self.pending = False

    def want(self, first: int, last: int) -> None:
        wanted = (first // PAGE, min(last, max(0, self._count - 1)) // PAGE)
        if wanted != self._wanted:
            self._unread.clear()
            self._complete()
        self._wanted = wanted
        self._fetch()

    def _fetch(self) -> None:
        """Read the pages in view that are neither here nor under way, a few at once."""
        for number in range(self._wanted[0], self._wanted[1] + 1):
            mark = (self._shown, number)
            keys = self._keys[number * PAGE : (number + 1) * PAGE]
            known = number in self._pages or mark in self._asked or mark in self._unread
            if known or not keys:
                continue
            if len(self._asked) >= ABREAST:
                return
            self._asked.add(mark)
            self.context.read(
                lists.page,
                self.listing,
                keys,
                done=partial(self._arrived, mark),
                failed=partial(self._not_read, mark),
                always=partial(self._ended, mark),
                channel=("grid", id(self), mark),
            )

    def _arrived(self, mark: tuple[int, int], rows: list[Row | None]) -> None:
        shown, number = mark
        if shown != self._shown:
            return
        self._pages[number] = rows
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        self.arrived.emit(number * PAGE, number * PAGE + len(rows) - 1)

    def _not_read(self, mark: tuple[int, int], error: ChemsalesError) -> None:
        told = bool(self._unread)
        self._unread.add(mark)
        if not told:
            self.context.jobs.refused.emit(error)

    def _ended(self, mark: tuple[int, int]) -> None:
        self._asked.discard(mark)
        self._fetch()

    def total(
        self, column: Column, keys: Sequence[Hashable] | None, done: Callable[[Total], None]
    ) -> None:
        self.context.read(
            lists.aggregate,
            self.listing,
            column.field,
            self.request,
            keys,
            done=done,
            channel=("grid", id(self), "total"),
        )

    def counted(self, request: Request, done: Callable[[int], None]) -> None:
        self.context.read(
            lists.count,
            self.listing,
            request,
            done=done,
            failed=lambda _error: None,
            channel=("grid", id(self), "count", request),
        )

    def reader(self, keys: Sequence[Hashable] | None) -> Callable[[], Iterator[Row]]:
        wanted: Any = self._keys if keys is None else keys
        return partial(lists.each, self.context.actor, self.listing, wanted)

    def kind(self, column: Column) -> Kind:
        if column.field in self.listing.fields:
            return self.listing.fields[column.field].kind
        return column.kind or Kind.TEXT

    def sortable(self, column: Column) -> bool:
        return column.field in self.listing.fields


def without(request: Request, names: Sequence[str]) -> Request:
    """The request without what concerns columns that are not among these."""
    kept: list[Filter] = [wanted for wanted in request.filters if wanted.name in names]
    sorts = tuple(sort for sort in request.sorts if sort.name in names)
    return Request(request.text, tuple(kept), sorts)
