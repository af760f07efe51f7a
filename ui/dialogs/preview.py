"""A report in a window of its own: to look at, to print, to save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ui import theme
from ui.dialogs.base import Dialog
from ui.jobs import Jobs
from ui.widgets.preview import Preview
from ui.work.papers import Paper


class PreviewDialog(Dialog):
    """Builds a report (`make(*args, cancel=, progress=)` gives the Paper) and shows it; Ctrl+P
    prints exactly what is shown."""

    def __init__(
        self,
        title: str,
        jobs: Jobs,
        make: Callable[..., Paper],
        *args: object,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self.preview = Preview(jobs)
        self.body.addWidget(self.preview, 1)
        self.close_only()
        self.resize(theme.fitting(900, 980, parent))
        self.preview.built.connect(self._name)
        self.preview.ready.connect(self.preview.view.setFocus)
        self.preview.build(title, make, *args)

    def _name(self, paper: Paper) -> None:
        self.setWindowTitle(Path(paper.name).stem)

    def done(self, result: int) -> None:
        """Close; what is still being drawn is not drawn further."""
        self.preview.stop_building()
        super().done(result)
