"""The program's application in a process of a bench, drawn nowhere, and a desk at it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ui.context import Context


def application() -> QApplication:
    """The one application of this process, in Chinese, as `ui.app` makes it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ui import app, guards, i18n

    made = QApplication.instance() or app.make_application(["chemsales"])
    assert isinstance(made, QApplication)
    guards.install(made)
    i18n.speak("zh_CN")
    return made


def desk() -> Context:
    """The sales head at the open database, with jobs of an own."""
    from chemsales.config import Config
    from chemsales.rules.roles import Actor, Role
    from chemsales.services.session import Session
    from ui.context import Context
    from ui.jobs import Jobs

    head = Actor("sales", "王芳", frozenset({Role.SALES_HEAD}))
    session = Session(head, lambda: datetime(2026, 7, 6, 4, tzinfo=UTC))
    return Context(session, Config(language="zh_CN", database="bench"), Jobs())
