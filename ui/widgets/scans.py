"""The scans of an application or a customer in the viewer, read from the database as they are
looked at."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QObject

from chemsales.queries.accreditation import document_bytes
from chemsales.queries.applications import DocumentRow, ScanKey
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.rounds import PaperNews
from chemsales.words import _, label, say_all
from ui.context import Context
from ui.jobs import Job
from ui.widgets.document_viewer import DocumentViewer, Item


def validity(row: DocumentRow) -> str:
    """From when until when a paper is valid, "" where nobody said."""
    if row.long_term:
        return _("valid for an unlimited time")
    begin = row.valid_from.isoformat() if row.valid_from else ""
    if row.valid_to is None:
        return _("valid from {day}", day=begin) if begin else ""
    end = row.valid_to.isoformat()
    if begin:
        return _("valid from {first} until {last}", first=begin, last=end)
    return _("valid until {day}", day=end)


def paper_facts(row: DocumentRow) -> str:
    """What was read off a paper: its number, who issued it, in whose name, from when until when."""
    words = (
        row.number,
        _("issued by {name}", name=row.issuer) if row.issuer else "",
        _("in the name of {name}", name=row.holder) if row.holder else "",
        validity(row),
    )
    return "   ".join(filter(None, words))


def items(
    rows: Sequence[DocumentRow], news: Mapping[ScanKey, PaperNews] = MappingProxyType({})
) -> list[Item]:
    """These scans as the viewer offers them, those in `news` marked."""
    return [
        Item(
            row.key,
            label(row.kind),
            row.label,
            paper_facts(row),
            label(news[row.key]) if row.key in news else "",
        )
        for row in rows
    ]


class ScanReader(QObject):
    """Reads the scans that a viewer wants by this query (those of applications); what it does not
    want any more is not read."""

    def __init__(
        self,
        viewer: DocumentViewer,
        context: Context,
        read: Callable[..., tuple[str, bytes]] = document_bytes,
    ) -> None:
        super().__init__(viewer)
        self._viewer, self._context, self._read_bytes = viewer, context, read
        self._jobs: dict[Hashable, Job] = {}
        viewer.wanted.connect(self._read)
        viewer.unwanted.connect(self._drop)

    def _read(self, key: Hashable) -> None:
        self._jobs[key] = self._context.read(
            self._read_bytes,
            key,
            done=partial(self._give, key),
            failed=partial(self._refuse, key),
            channel=(id(self), key),
        )

    def _give(self, key: Hashable, found: tuple[str, bytes]) -> None:
        self._jobs.pop(key, None)
        self._viewer.give(key, found[1])

    def _refuse(self, key: Hashable, error: ChemsalesError) -> None:
        self._jobs.pop(key, None)
        self._viewer.refuse(key, say_all(error))

    def _drop(self, key: Hashable) -> None:
        job = self._jobs.pop(key, None)
        if job is not None:
            job.cancel.set()
