"""What runs for more than half a second: its name, how far it is, and a button that ends it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from chemsales.words import _
from ui import theme
from ui.actions import button
from ui.jobs import Job, Jobs
from ui.widgets.labels import PlainLabel


class ProgressStrip(QWidget):
    """What is under way: its name, a bar that moves to and fro until a number is known, Cancel."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = PlainLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.scaled(140))
        self.bar.setAccessibleName(_("Progress"))
        self.cancel = button(_("Cancel"), self.cancelled.emit, "link")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self.name)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel)

    def begin(self, title: str, cancellable: bool = True) -> None:
        """Show that something begins."""
        self.name.setText(title or _("Working …"))
        self.bar.setRange(0, 0)
        self.cancel.setVisible(cancellable)
        self.cancel.setEnabled(True)
        self.show()

    def tell(self, done: int, total: int) -> None:
        """Show how far it is."""
        if total > 0:
            self.bar.setRange(0, 1000)
            self.bar.setValue(min(1000, round(1000 * done / total)))


class BusyBar(ProgressStrip):
    """Shows the oldest job that lasts; hidden while there is none. A dialog may have one of its
    own."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self.cancelled.connect(self._cancel)
        # bound methods: connections to an object that outlives this one end with it, lambdas do not
        jobs.shown.connect(self._on_job)
        jobs.ended.connect(self._on_job)
        jobs.progressed.connect(self._on_progress)
        self._choose()

    def _on_job(self, _job: Job) -> None:
        self._choose()

    def _choose(self) -> None:
        job = next((job for job in self._jobs.running() if job.shown), None)
        if job is not None and job is not self._job:
            self.begin(job.title, job.cancellable)
        self._job = job
        self.setVisible(job is not None)
        if job is not None:
            self.cancel.setEnabled(not job.cancel.is_set())

    def _on_progress(self, number: int, done: int, total: int) -> None:
        if self._job is not None and self._job.number == number:
            self.tell(done, total)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel.set()
            self.cancel.setEnabled(False)
