"""Scanned papers, each kept once under the hash of its bytes."""

from __future__ import annotations

import hashlib

from chemsales.rules.documents import file_type
from chemsales.rules.errors import Invalid, Problem
from chemsales.services.operation import Operation
from chemsales.storage.database import rows
from chemsales.storage.models.accreditation import DocumentBlob


def keep_scan(op: Operation, data: bytes) -> str:
    """Keep the bytes of a scan that a use case was given; the SHA-256 under which they lie.

    Invalid (at "file") for what is no PDF, PNG, JPEG or TIFF of 1 byte to 20 MB, and for what no
    reviewer could look at.
    """
    mime = file_type(data)
    digest = hashlib.sha256(data).hexdigest()
    if not rows("SELECT 1 FROM document_blob WHERE sha256 = ?", (digest,)):
        reason = op.scans[digest]
        if reason is not None:
            raise Invalid(Problem("file", reason))
        DocumentBlob.insert(sha256=digest, size=len(data), mime=mime, data=data).execute()
    return digest
