"""Rows held against what they refer to, chains against the rules, scans against their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from chemsales.queries.histories import KEYS
from chemsales.rules.approval import CHAINS
from chemsales.rules.documents import file_type
from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.storage.database import database, rows
from chemsales.storage.references import references

# by which the rows are named; those of the levels by their closing
_KEYS = {
    **KEYS,
    "application_words": "application_id",
    "customer_words": "customer_id",
    "tier_result": "closing_id",
}


def problems() -> Iterator[Problem]:
    """Everything here, in this order."""
    yield from _references()
    yield from _chains()
    yield from _documents()


def _references() -> Iterator[Problem]:
    """Every row that another refers to is there: whoever switches foreign keys off takes it away
    unhindered."""
    for table, column, parent, target in sorted(references(database.obj)):
        key = _KEYS.get(table, "id")
        for row, wanted in rows(
            f'SELECT c."{key}", c."{column}" FROM "{table}" c LEFT JOIN "{parent}" p '
            f'ON p."{target}" = c."{column}" WHERE c."{column}" IS NOT NULL '
            f'AND p."{target}" IS NULL ORDER BY 1'
        ):
            reason = Reason("reason.row_refers_to_nothing", {"table": parent, "key": wanted})
            yield Problem(f"{table} {row}", reason)


def _chains() -> Iterator[Problem]:
    """The stages by which the database guards a case are those of the program (C7.2)."""
    wanted = {
        (chain.name, position): (str(stage.name), str(stage.role))
        for chain in CHAINS.values()
        for position, stage in enumerate(chain.stages, start=1)
    }
    stored = {
        (str(name), int(position)): (str(stage), str(role))
        for name, position, stage, role in rows(
            "SELECT chain, position, stage, role FROM chain_stage ORDER BY chain, position"
        )
    }
    for place in sorted({*wanted, *stored}):
        if stored.get(place) != wanted.get(place):
            where = "chain_stage {} {}".format(*place)
            yield Problem(where, Reason("reason.chain_altered", {}, "C7.2"))


def _documents() -> Iterator[Problem]:
    """Every scan still has the bytes whose hash is its name, and is what it says it is (C4.3)."""
    for name, size, mime in rows("SELECT sha256, size, mime FROM document_blob ORDER BY sha256"):
        data = bytes(rows("SELECT data FROM document_blob WHERE sha256 = ?", (name,))[0][0])
        said = (hashlib.sha256(data).hexdigest(), len(data), _kind(data))
        if said != (name, size, mime):
            place = f"document_blob {name[:12]}"
            yield Problem(place, Reason("reason.document_altered", {}, "C4.3"))


def _kind(data: bytes) -> str:
    try:
        return file_type(data)
    except Invalid:
        return ""
