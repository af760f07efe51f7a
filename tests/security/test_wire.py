"""No password travels where whoever answers at the server's address could read it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from chemsales.bootstrap import open_database
from chemsales.rules.errors import DataError, NotAllowed
from chemsales.services.session import utc_now
from chemsales.signin import sign_in
from chemsales.storage import database as storage
from chemsales.storage.database import engine_of
from tests.factory import PASSWORD

OPEN, CLEAR, MD5 = (struct.pack("!I", code) for code in (0, 3, 5))
SALT = b"salt"
READY = b"Z" + struct.pack("!I", 5) + b"I"
ENCRYPTED = {80877103, 80877104}  # the requests for TLS and GSSAPI, before anything is said


class Impostor:
    """A server of PostgreSQL's protocol that asks as it is told, and keeps all that it gets."""

    def __init__(self, asks: bytes) -> None:
        self.answer = b"R" + struct.pack("!I", 4 + len(asks)) + asks
        if asks == OPEN:
            self.answer += READY
        self.got, self.asked = b"", threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                link = self._socket.accept()[0]
                with link, suppress(OSError):
                    link.settimeout(10)
                    self._meet(link)

    def _meet(self, link: socket.socket) -> None:
        while said := link.recv(4096):
            self.got += said
            if len(said) == 8 and struct.unpack("!I", said[4:])[0] in ENCRYPTED:
                link.sendall(b"N")
            elif said[:1] == b"\0":  # a start, the one message with no letter before its length
                self.asked.set()
                link.sendall(self.answer)
            else:
                return

    def end(self) -> bytes:
        """Stop; all that was sent here."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(15)
        assert not self._thread.is_alive()
        return self.got


@pytest.fixture
def impostor() -> Iterator[Callable[[bytes], Impostor]]:
    """`impostor(what it asks for)`; the program's database is what it was before afterwards."""
    before, made = storage.database.obj, []

    def make(asks: bytes) -> Impostor:
        made.append(Impostor(asks))
        return made[-1]

    yield make
    storage.close()
    storage.database.obj = before
    for each in made:
        each.end()


def refused(server: Impostor, enter: Callable[[], object]) -> list[str]:
    """Why the program does not go on; it was asked, and sent no more than its start."""
    with pytest.raises((DataError, NotAllowed)) as refusal:
        enter()
    assert server.asked.is_set()
    got = server.end()
    assert PASSWORD.encode() not in got
    assert b"\0p\0" not in got and b"md5" not in got, "an answer with a password"
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.parametrize("asks", [CLEAR, MD5 + SALT, OPEN], ids=["clear", "md5", "nothing"])
def test_a_persons_password_is_not_given_to_a_server_that_wants_it_otherwise(impostor, asks):
    server = impostor(asks)
    url = f"postgresql://{server.host}/chemsales"
    codes = refused(server, lambda: sign_in(url, "gm", PASSWORD, utc_now))
    assert codes == ["reason.server_password_unsafe"]


@pytest.mark.parametrize("asks", [CLEAR, MD5 + SALT], ids=["clear", "md5"])
@pytest.mark.parametrize("kept", ["in the address", "with libpq"])
def test_nor_is_the_owners(impostor, monkeypatch, asks, kept):
    server, word = impostor(asks), PASSWORD.replace(" ", "%20")
    login = f"keeper:{word}" if kept == "in the address" else "keeper"
    if kept == "with libpq":
        monkeypatch.setenv("PGPASSWORD", PASSWORD)
    url = f"postgresql://{login}@{server.host}/chemsales"
    codes = refused(server, lambda: open_database(url))
    assert codes == ["reason.server_password_unsafe"]


def test_an_address_may_say_otherwise(impostor):
    """It is then the owner's own decision; and the impostor does get what it asks for."""
    server = impostor(CLEAR)
    url = f"postgresql://{server.host}/chemsales?require_auth=password&connect_timeout=2"
    with pytest.raises(DataError):
        sign_in(url, "gm", PASSWORD, utc_now)
    assert b"p" + struct.pack("!I", 5 + len(PASSWORD)) + PASSWORD.encode() in server.end()


def test_a_server_that_asks_for_nothing_is_entered_without_a_password(impostor):
    """As through the machine's own socket, or with a certificate."""
    engine = engine_of(f"postgresql://keeper@{impostor(OPEN).host}/chemsales")
    assert engine.connect()
    storage.hang_up(engine)
