"""Text that does harm wherever it is read as more than text, and ears that hear it being read.

Whatever obeys one of TEXTS opens the bait (a picture that is there, in a colour that nothing else
has), reaches a listener on this machine, starts a program, or computes a formula.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from PIL import Image

BAIT = Path(mkdtemp(prefix="bait-")) / "x.png"  # a file that is there, so that it would be shown
COLOUR = (255, 0, 254)  # nothing in the window has it
IMAGE = f'<img src="{BAIT}">'
_MARK = BAIT.parent.name
_STARTING = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.startfile")
_CALLING = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request")
heard: list[str] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path = str(arguments[0])
        obeyed = BAIT.name in path and _MARK in path
    elif event in (*_STARTING, *_CALLING):
        said = str(arguments)
        obeyed = _MARK in said or (event in _CALLING and "127.0.0.1" in said)
    else:
        return
    if obeyed:
        heard.append(f"{event} {arguments}")


@cache
def _hear() -> None:
    sys.addaudithook(_listen)  # there is no taking it back


@contextmanager
def laid() -> Iterator[None]:
    """The bait lies there, and who opens it is heard."""
    Image.new("RGB", (24, 24), COLOUR).save(BAIT)
    _hear()
    heard.clear()
    yield
    BAIT.unlink()


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine, and who came to it."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def wait() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                came.append(f"{address} came to the listener")
                connection.close()

        threading.Thread(target=wait, daemon=True).start()
        yield int(server.getsockname()[1]), came


def texts(port: int) -> tuple[str, ...]:
    """The texts, each another; those of the web point to the port."""
    url = f"http://127.0.0.1:{port}/{_MARK}"
    file = f"file://{BAIT}"
    markup = (
        IMAGE, f"<img src='{url}'/>甲", f"<a href='{file}'>乙</a>", "<b>丙</b>&amp;",
        "<script>alert(1)</script>丁", "<style>*{display:none}</style>戊",
        f"<object data='{BAIT}'></object>", f"<iframe src='{url}'></iframe>",
        f"<svg><image href='{BAIT}'/></svg>", "<table><tr><td>己</td></tr></table>",
        "</td></tr></table>庚", "a <b and c> d", "<foo>辛</foo>",
        "<font size=100000 color=red>壬</font>", "<para><onDraw name='x' label='y'/></para>",
        "<para backColor='[[getattr(pow, \"__self__\")]]'>癸</para>",
        "&lt;img&gt;&#x3C;b&#62;&nbsp;",
        f"<!DOCTYPE x [<!ENTITY e SYSTEM '{file}'>]>&e;", "<![CDATA[子]]>", "<!-- 丑 --",
        "<?xml version='1.0'?>", f"![寅]({BAIT})", f"[卯]({url})", "<qt>辰</qt>",
        "&File &amp;&& 巳",
    )  # fmt: skip
    formulas = (
        f'=HYPERLINK("{url}","午")', '=cmd|" /C calc"!A0', f'=WEBSERVICE("{url}")', "+1+1", "-1+1",
        "@SUM(A1)", "＝1+1", "＠未", "\t=1+1", "=", "'=1", '"=1+1"',
    )  # fmt: skip
    templates = (
        "{0}", "{name}", "{x.__class__.__mro__}", "%s%n%d", "%(name)s", "{{7*7}}",
        f"${{jndi:ldap://127.0.0.1:{port}/{_MARK}}}", f"$(cat {BAIT})", f"`cat {BAIT}`",
        f"; cat {BAIT} #", f"| cat {BAIT}", "%PATH%", "$HOME", "--help", "-rf",
        "@Parameter.weights",
    )  # fmt: skip
    queries = (
        "'; DROP TABLE customer; --", '" OR "1"="1', "%", "_", "\\", "%_\\%", "?", "NULL",
        "1 UNION SELECT 1", '*:*"NEAR(', '{"a": 1}', "\\u0041\\n",
    )  # fmt: skip
    paths = (
        f"../../{BAIT}", "..\\..\\x", "C:\\Windows\\win.ini", "CON", "NUL.pdf",
        "\\\\127.0.0.1\\share", file, str(BAIT), "a:b", "x\\y/z",
    )  # fmt: skip
    hidden = (
        "申\u202egpj.exe", "酉\u200b塑料", "\ufeff戌", "亥\0", "甲\x1b[31m红\x1b[0m",
        "乙\n丙: ERROR",
        "丁\r\n", "戊\u2028己", "庚\ud800", "辛\ufffe", "壬\ue000", "癸\u00ad子", "丑\x7f",
    )  # fmt: skip
    scripts = (
        "Z̴̡̛͑a̷l̶g̸o" * 5, "👩‍👩‍👧", "𠮷野化工", "Ａｌｐｈａ", "שלום עולם", "مرحبا", "ﬁ ß İstanbul",
        "\u0410BC塑料", "e\u0301化工", "㍿", "ﷺ",
    )  # fmt: skip
    numbers = ("NaN", "inf", "1e308", "１２３", "1_000", "-0", "9" * 30, "2026-02-30", "令和8年")
    sizes = ("", " ", "\u3000", "长" * 201, "a" * 5000, "啊 " * 2000, "x" * 100_000)
    found = (
        *markup, *formulas, *templates, *queries, *paths, *hidden, *scripts, *numbers, *sizes,
    )  # fmt: skip
    return tuple(dict.fromkeys(found))
