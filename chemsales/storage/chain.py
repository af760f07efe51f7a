"""The hash chain over events, changes and signed rows: sealing, and finding what was altered."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chemsales.storage import database
from chemsales.storage.database import is_sqlite, transaction
from chemsales.storage.fields import canonical_json

Reader = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

# the columns that are hashed; a column that a later migration adds does not join them
SOURCES: dict[str, tuple[str, ...]] = {
    "event": (
        "id", "key", "at", "who", "use_case", "outcome", "subject", "subject_id", "clause",
        "edition", "reasons", "detail",
    ),
    "change": ("id", "event", "at", "who", "table_name", "row_key", "action", "old", "new"),
    "decision": (
        "id", "case_id", "round", "stage", "verdict", "signer", "signer_name", "signed_at",
        "comment", "seen_version", "snapshot_hash", "edition",
    ),
    "rule_edition": ("number", "effective_from", "basis", "parameters", "decided_by", "decided_at"),
    "cooperation_evidence": ("id", "rating_id", "aspect", "points", "evidence"),
}  # fmt: skip
BATCH = 5000
NO_HASH = "0" * 64
BEFORE_ALL = -(2**63)  # a key by hand may be below 1


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A row that is not what was sealed: number of the link, table and key; whether it is gone."""

    link: int
    source: str
    source_id: int
    gone: bool


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What walking the chain found: links in all, its head, rows not yet sealed, and what is wrong.

    `foreign` counts the links sealed with a key that is not here: their rows cannot be judged.
    `slipped_in` are rows that came to stand before others that are already sealed (SQLite alone).
    """

    links: int
    head: str
    unsealed: int
    broken: tuple[BrokenLink, ...]
    foreign: int
    slipped_in: tuple[tuple[str, int], ...]
    anchor_found: bool | None


def link_hash(key: bytes, previous: str, source: str, row: Sequence[Any]) -> str:
    """The hash of one link: over the link before, the table's name and the row's columns."""
    text = canonical_json([previous, source, *row])
    return hmac.digest(key, text.encode(), "sha256").hex()


def _columns(source: str, prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{column}"' for column in SOURCES[source])


def seal_pending(key: bytes, key_id: str, at: str) -> int:
    """Seal every row that is not yet sealed, a batch to a transaction; the number of rows."""
    total = 0
    while True:
        with transaction():
            if not is_sqlite():
                database.execute("LOCK TABLE seal IN SHARE ROW EXCLUSIVE MODE")
            sealed = _seal_batch(key, key_id, at)
        total += sealed
        if sealed < BATCH:
            return total


def _seal_batch(key: bytes, key_id: str, at: str) -> int:
    last = database.rows("SELECT hash FROM seal ORDER BY id DESC LIMIT 1")
    previous = str(last[0][0]) if last else NO_HASH
    links: list[tuple[str, int, str, str, str]] = []
    for source in SOURCES:
        for row in _unsealed(source, BATCH - len(links)):
            previous = link_hash(key, previous, source, row)
            links.append((source, int(row[0]), previous, key_id, at))
    database.insert_rows("seal", ("source", "source_id", "hash", "key_id", "at"), links)
    return len(links)


def _unsealed(source: str, limit: int) -> list[tuple[Any, ...]]:
    """Rows of a table that no link has; on SQLite, which writes one at a time, after the last."""
    key = SOURCES[source][0]
    after = BEFORE_ALL
    if is_sqlite():
        found = database.rows("SELECT max(source_id) FROM seal WHERE source = ?", (source,))
        after = after if found[0][0] is None else found[0][0]
    return database.rows(
        f'SELECT {_columns(source)} FROM "{source}" r WHERE "{key}" > ? AND NOT EXISTS '
        f'(SELECT 1 FROM seal s WHERE s.source = ? AND s.source_id = r."{key}") '
        f'ORDER BY "{key}" LIMIT ?',
        (after, source, limit),
    )


def check(
    read: Reader,
    keys: Mapping[str, bytes],
    anchor: str = "",
    ordered: bool = True,
    sources: Iterable[str] = tuple(SOURCES),
) -> ChainReport:
    """Walk the whole chain that `read` gives access to.

    `keys` are the sealing keys that are known here, by id; `anchor` is the start of a hash that was
    printed or noted at some time and has to be in the chain; `ordered` says that rows come in one
    at a time (SQLite), so that an unsealed row below a sealed one was put in by hand; `sources` are
    the tables that an earlier schema has already.
    """
    previous, links, foreign, found = NO_HASH, 0, 0, False
    broken: list[BrokenLink] = []
    for link, source, source_id, hashed, key_id, row in _links(read):
        links += 1
        ours = row is not None and _fits(row, source, previous, hashed, keys, key_id)
        if row is None or (key_id in keys) is not ours:
            broken.append(BrokenLink(link, source, source_id, row is None))
        elif not ours:
            foreign += 1
        found = found or (anchor != "" and hashed.startswith(anchor))
        previous = hashed
    unsealed, slipped = _without_link(read, ordered, sources)
    head = previous if links else ""
    return ChainReport(
        links, head, unsealed, tuple(broken), foreign, slipped, found if anchor else None
    )


def _fits(
    row: Sequence[Any],
    source: str,
    previous: str,
    hashed: str,
    keys: Mapping[str, bytes],
    key_id: str,
) -> bool:
    """Whether a link is right by its key, or by any key of ours that it does not own up to."""
    tried = [keys[key_id]] if key_id in keys else list(keys.values())
    return any(link_hash(key, previous, source, row) == hashed for key in tried)


Link = tuple[int, str, int, str, str, tuple[Any, ...] | None]


def _links(read: Reader) -> Iterator[Link]:
    """Every link in order with the row it seals, None where the row is gone."""
    after = BEFORE_ALL
    while True:
        seals = read(
            "SELECT id, source, source_id, hash, key_id FROM seal WHERE id > ? ORDER BY id LIMIT ?",
            (after, BATCH),
        )
        if not seals:
            return
        last = int(seals[-1][0])
        held: dict[tuple[str, int], tuple[Any, ...]] = {}
        for source in {str(seal[1]) for seal in seals} & SOURCES.keys():
            key = SOURCES[source][0]
            rows = read(
                f'SELECT {_columns(source, "r.")} FROM seal s JOIN "{source}" r '
                f'ON r."{key}" = s.source_id WHERE s.source = ? AND s.id > ? AND s.id <= ?',
                (source, after, last),
            )
            held.update(((source, int(row[0])), row) for row in rows)
        for number, source, source_id, hashed, key_id in seals:
            yield int(number), source, int(source_id), hashed, key_id, held.get((source, source_id))
        after = last


def _without_link(
    read: Reader, ordered: bool, sources: Iterable[str]
) -> tuple[int, tuple[tuple[str, int], ...]]:
    """How many rows wait for their seal, and which of them lie before rows that have one."""
    waiting = 0
    slipped: list[tuple[str, int]] = []
    for source in sources:
        key = SOURCES[source][0]
        last = read("SELECT max(source_id) FROM seal WHERE source = ?", (source,))[0][0]
        newest = BEFORE_ALL if last is None else int(last)
        found = read(
            f'SELECT "{key}" FROM "{source}" r WHERE NOT EXISTS (SELECT 1 FROM seal s '
            f'WHERE s.source = ? AND s.source_id = r."{key}") ORDER BY "{key}"',
            (source,),
        )
        early = [(source, int(row[0])) for row in found if ordered and row[0] < newest]
        slipped.extend(early)
        waiting += len(found) - len(early)
    return waiting, tuple(slipped)
