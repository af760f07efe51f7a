"""Sealing the audit trail off the write path, and checking that everything follows from it."""

from __future__ import annotations

import hashlib

from chemsales import config
from chemsales.queries import verification
from chemsales.queries.verification import Verification
from chemsales.services.session import Session, utc_now
from chemsales.storage import chain
from chemsales.storage.database import connected, is_person, is_sqlite, retrying, rows
from chemsales.storage.fields import InstantField


def sealing_key() -> tuple[bytes, str]:
    """The key of the chain and its short name; a server's chain has none (every desk seals it)."""
    if not is_sqlite():
        return b"", ""
    key = config.seal_key()
    return key, _name_of(key)


def _name_of(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:16]


def known_keys() -> dict[str, bytes]:
    """Every key that links can be judged with here: this computer's own, and the open one of what
    was sealed on a server before it moved."""
    key = config.seal_key()
    return {_name_of(key): key, "": b""}


def seal() -> int:
    """Seal all events, changes and signed rows that are not yet in the hash chain; their number.

    It is not a use case: it writes nothing but links, is called after writes and before a backup
    or a verification, and may run at several desks at once.
    """
    if is_person():
        return retrying(_seal_by_server)
    key, key_id = sealing_key()
    at = InstantField().db_value(utc_now())
    assert at is not None
    with connected():
        return retrying(lambda: chain.seal_pending(key, key_id, at))


def _seal_by_server() -> int:
    """Have the server seal, a batch to a transaction: no person may write a link."""
    total = 0
    while True:
        sealed = int(rows("SELECT chemsales_seal()")[0][0])
        total += sealed
        if sealed < chain.BATCH:
            return total


def verify(session: Session, anchor: str = "") -> Verification:
    """Seal what is new, then check the chain and re-derive every state from the rows it rests on.

    `anchor` is a head hash that was printed or noted earlier (or its beginning); it has to be in
    the chain. NotAllowed unless the person may verify.
    """
    verification.check_permission(session.actor)
    seal()
    return verification.verify(session.actor, known_keys(), session.today(), anchor)
