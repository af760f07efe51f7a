"""Documents for the window: opened and drawn on a thread of their own, brought back by signal."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from functools import cache, partial
from typing import Any
from weakref import WeakValueDictionary

import shiboken6
from PySide6.QtCore import QObject, QRect, QSizeF, Signal

from chemsales.rules.errors import ChemsalesError, Reason
from ui.document_pages import Pages, open_pages
from ui.workers import Workers

log = logging.getLogger(__name__)
_numbers = itertools.count(1)
_held: dict[int, Any] = {}  # what is open, by number; touched on the documents' thread only


@cache
def _thread() -> Workers:
    return Workers("documents", 1)


def stop(seconds: float = 5.0) -> bool:
    """End the documents' thread; False where it is still at work after so many seconds."""
    if not _thread.cache_info().currsize:
        return True
    ended = _thread().stop(seconds)
    _thread.cache_clear()
    return ended


def busy() -> bool:
    """Whether something is being opened, drawn or printed, or waits for it."""
    known = tuple(_relay().known.values())
    # who is gone hears no answer, and waits for none
    return any(remote.waiting for remote in known if shiboken6.isValid(remote))


class _Relay(QObject):
    """Brings results from the documents' thread to the window's.

    It is made once and never deleted: a thread must not touch a QObject that the window's thread
    may be deleting, so that thread knows those it works for by number only.
    """

    arrived = Signal(object, object)  # number of whom it is for, what to call with it

    def __init__(self) -> None:
        super().__init__()
        self.known: WeakValueDictionary[int, Remote] = WeakValueDictionary()
        self.arrived.connect(self._deliver)

    def _deliver(self, number: int, call: Callable[[Remote], None]) -> None:
        found = self.known.get(number)
        if found is not None and shiboken6.isValid(found):
            call(found)


@cache
def _relay() -> _Relay:
    return _Relay()


class Wish:
    """Something asked of the documents' thread; `dropped` takes it back unless it has begun."""

    __slots__ = ("dropped",)

    def __init__(self) -> None:
        self.dropped = False


class Remote(QObject):
    """Somebody for whom the documents' thread works: `ask` it, `held` there is found by number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.number = next(_numbers)
        self._wishes: set[Wish] = set()
        _relay().known[self.number] = self

    def ask(
        self,
        task: Callable[[dict[int, Any]], Any],
        then: Callable[[Any, Any], None],
        failed: Callable[[Any, Exception], None],
    ) -> Wish:
        """Run `task(held)` on the documents' thread, then `then(self, result)` on this one.

        `then` and `failed` are functions of the class, not bound to this object.
        """
        wish = Wish()
        self._wishes.add(wish)
        relay, number = _relay(), self.number
        given = partial(_answered, wish)

        def run() -> None:
            if wish.dropped:
                return
            try:
                result = task(_held)
            except Exception as error:
                relay.arrived.emit(number, partial(given, failed, error))
            else:
                relay.arrived.emit(number, partial(given, then, result))

        _thread().submit(run)
        return wish

    @property
    def waiting(self) -> bool:
        """Whether something asked of the documents' thread is not answered yet."""
        return bool(self._wishes)

    def drop(self, wish: Wish) -> None:
        """Take this back: where it is not done yet it never is, and its result is not delivered."""
        wish.dropped = True
        self._wishes.discard(wish)

    def let_go(self) -> None:
        """Take everything back and hear nothing more."""
        for wish in tuple(self._wishes):
            self.drop(wish)
        _relay().known.pop(self.number, None)


def _answered(wish: Wish, call: Callable[[Any, Any], None], result: object, remote: Remote) -> None:
    remote._wishes.discard(wish)
    if not wish.dropped:
        call(remote, result)


class Document(Remote):
    """A PDF or a picture, opened and drawn off the window's thread.

    `opened` comes when `sizes` (points, one per page) and `titles` (of its pages, from the table of
    contents) are known, `failed(reason)` when it cannot be shown. Every `draw` is answered by
    `drawn(page, tag, image)`; the image is None where the page cannot be drawn.
    """

    opened = Signal()
    failed = Signal(object)  # Reason
    drawn = Signal(object, object, object)

    def __init__(self, data: bytes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.data = data
        self.sizes: list[QSizeF] = []
        self.titles: dict[int, str] = {}
        self.trouble: Reason | None = None
        number = self.number
        self.destroyed.connect(partial(_close_later, number))

        def open_it(held: dict[int, Any]) -> tuple[list[QSizeF], dict[int, str]]:
            pages: Pages = open_pages(data)
            held[number] = pages
            return pages.sizes, pages.titles

        self.ask(open_it, Document._opened, Document._failed)

    def draw(
        self, page: int, scale: float, rotation: int, tag: object, part: QRect | None = None
    ) -> Wish:
        """Draw a page (from 0) at `scale` pixels per point, turned clockwise by 0, 90, 180 or 270,
        or only this part of the picture."""
        number = self.number

        def draw_it(held: dict[int, Any]) -> object:
            return held[number].draw(page, scale, rotation, part)

        def then(document: Document, image: object) -> None:
            document.drawn.emit(page, tag, image)

        def failed(document: Document, error: Exception) -> None:
            log.warning("page %d cannot be drawn", page + 1, exc_info=error)
            document.drawn.emit(page, tag, None)

        return self.ask(draw_it, then, failed)

    def close(self) -> None:
        """Let the document go; it sends nothing more."""
        self.let_go()
        self.deleteLater()

    def _opened(self, found: tuple[list[QSizeF], dict[int, str]]) -> None:
        self.sizes, self.titles = found
        self.opened.emit()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, ChemsalesError):
            self.trouble = error.reasons[0]
        else:
            log.error("a document cannot be opened", exc_info=error)
            self.trouble = Reason("reason.document_damaged")
        self.failed.emit(self.trouble)


def _close_later(number: int, _gone: QObject | None = None) -> None:
    if _thread.cache_info().currsize:  # at the end of the program there is no thread any more
        _thread().submit(partial(_close, number))


def _close(number: int) -> None:
    pages = _held.pop(number, None)
    if pages is not None:
        try:
            pages.close()
        except Exception:
            log.exception("a document cannot be closed")
