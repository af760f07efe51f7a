"""What the course of a day asks of the services, off the window's thread; what it needs is imported
when it is asked, so that the login comes at once."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chemsales.rules.errors import ChemsalesError

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from chemsales.restoring import Owner, Restored
    from chemsales.services.session import Session


def prepare(url: str) -> bool:
    """Open the database, so far as that goes before anybody signs in; whether somebody has a login
    in it."""
    from chemsales import signin

    return signin.prepare(url)


def seal() -> int:
    """Seal the audit trail; how many links were added."""
    from chemsales.services import audit

    return audit.seal()


def learn_pinyin() -> None:
    """Load the dictionary of readings, which takes longer than a window may stand still."""
    from chemsales import pinyin

    pinyin.initials("a")


def back_up_work(session: Session) -> None:
    """Back up what the day's work changed; what fails is remembered and shown at the next start."""
    from chemsales.services import backup

    with suppress(ChemsalesError):
        backup.back_up_work(session)


def let_go() -> None:
    """Close the database, once nothing is under way: its file is whole then."""
    from chemsales.bootstrap import close_database

    close_database()


def restore(path: str, url: str, session: Session) -> Restored:
    """Put a backup in the place of the database; one that is refused leaves it open as it was."""
    from chemsales import restoring
    from chemsales.bootstrap import open_database

    try:
        return restoring.restore(Path(path), url, lambda: session)
    except ChemsalesError:
        open_database(url)
        raise


def restore_server(
    path: str,
    url: str,
    session: Session,
    owner: Owner,
    cancel: Event,
    progress: Callable[[int, int], None],
) -> Restored:
    """The same of a server's database, with its owner's login; `progress` hears of the rows."""
    from chemsales import restoring
    from chemsales.exchange.model import Cancelled

    whole, passed = restoring.rows_in(Path(path)), 0

    def told(more: int) -> None:
        nonlocal passed
        if cancel.is_set():
            raise Cancelled
        passed += more
        progress(passed, whole)

    return restoring.restore_server(Path(path), url, owner, lambda: session, told)
