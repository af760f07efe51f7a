"""A wire to a server that can be cut: before a commit gets there, or before its answer comes
back."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from enum import StrEnum
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit


class Cut(StrEnum):
    """Where the wire breaks at the next COMMIT."""

    NEVER = "never"
    BEFORE = "before"  # the server never hears of it
    BETWEEN = "between"  # the server gets it, and nobody knows how far it is
    AFTER = "after"  # the server has answered


class Wire:
    """Hands bytes to and from the server of `url`; `url` of its own leads through it.

    `cut` breaks the connection that commits next, once; `every` breaks one of so many commits after
    its answer (0: none); `down` lets nobody through.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "", parts.port or 5432)
        self._listening = socket.create_server(("127.0.0.1", 0))
        login, at, _ = parts.netloc.rpartition("@")
        netloc = f"{login}{at}127.0.0.1:{self._listening.getsockname()[1]}"
        self.url = urlunsplit(parts._replace(netloc=netloc))
        self.cut, self.down, self.cuts = Cut.NEVER, False, 0
        self.every = self.commits = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._listening.close()
        self.break_all()

    def break_all(self) -> None:
        """Break every connection that is open."""
        for end in self._open:
            _end(end)
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
                if self.down:
                    client.close()
                    continue
                server = socket.create_connection(self._server)
            except OSError:
                return
            self._open += [client, server]
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while True:
                for end in select.select([client, server], [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    if end is client and b"COMMIT" in data.upper() and self._is_cut():
                        self._break(server, data)
                        return
                    (server if end is client else client).sendall(data)
        except (OSError, ValueError):
            return
        finally:
            _end(client)
            _end(server)

    def _is_cut(self) -> bool:
        self.commits += 1
        if self.every and self.commits % self.every == 0:
            self.cut = Cut.AFTER
        return self.cut is not Cut.NEVER

    def _break(self, server: socket.socket, data: bytes) -> None:
        cut, self.cut, self.cuts = self.cut, Cut.NEVER, self.cuts + 1
        if cut is not Cut.BEFORE:
            server.sendall(data)
        if cut is Cut.AFTER:
            server.recv(65536)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
