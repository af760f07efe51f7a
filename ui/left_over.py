"""Saying what came of commits that an earlier run of the program was never told about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from chemsales.services.acts import Doubt
from chemsales.words import _
from ui.context import Context
from ui.dialogs.message import Message, tell
from ui.text import when


def say(window: QWidget, context: Context, told: Sequence[tuple[Doubt, bool]]) -> Message:
    """A message with one sentence for each; they are told once it was closed, so that whoever
    never saw it hears it at the next start."""
    sentences = [
        _("What was sent at {time} was saved.", time=when(doubt.since))
        if landed
        else _(
            "What was sent at {time} was not saved. Please enter it again.", time=when(doubt.since)
        )
        for doubt, landed in told
    ]
    heading = _("The connection broke before the program was closed")
    message = tell(heading, "\n".join(sentences), window)
    message.finished.connect(lambda _result: context.told([doubt for doubt, _landed in told]))
    return message
