"""The bytes of scanned papers, as they were kept."""

from __future__ import annotations

import hashlib

from chemsales.rules.errors import DataError, NotFound, Reason
from chemsales.storage.database import rows


def load_scan(table: str, row_id: int) -> tuple[str, bytes]:
    """The type and the bytes of the paper of a row (inside services and queries); NotFound,
    DataError where they were altered."""
    found = rows(
        f"SELECT b.mime, b.data, b.sha256 FROM {table} d "
        "JOIN document_blob b ON b.sha256 = d.sha256 WHERE d.id = ?",
        (row_id,),
    )
    if not found:
        raise NotFound(Reason("reason.document_unknown", {"id": row_id}))
    mime, data, sha256 = found[0][0], bytes(found[0][1]), found[0][2]
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DataError(Reason("reason.document_altered", {}, "C4.3"))
    return mime, data
