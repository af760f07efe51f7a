"""Reading a scan that the person chose, off the window's thread: to look at it, and to give it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from chemsales.rules.documents import LARGEST, file_type
from chemsales.rules.errors import Invalid, Problem, Reason
from chemsales.rules.roles import Actor
from chemsales.services.scans import unreadable

READING = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")
)


def read_scan(path: Path) -> bytes:
    """The bytes of a regular file, one more than allowed at most (the service refuses that);
    Invalid at "file" where it cannot be read.

    A link is not followed, and what is no file (a pipe, a device) is not waited for.
    """
    try:
        with open(os.open(path, READING), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(errno.EINVAL, "no regular file")
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # a path may have signs that no system takes
        reason = Reason("reason.file_not_read", {"file": path.name})
        raise Invalid(Problem("file", reason)) from error


def look(_actor: Actor, path: Path) -> tuple[str, bytes]:
    """The type and the bytes of a file, to be looked at before it is given; Invalid at "file" for
    what nobody could give (C7.1)."""
    data = read_scan(path)
    mime = file_type(data)
    why = unreadable(data, mime)
    if why is not None:
        raise Invalid(Problem("file", why))
    return mime, data
