"""What every page is given: who works, what changed, where to go, and how to work off this
thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from chemsales.config import Config
from chemsales.drafts import KeptDoubts, database_name
from chemsales.queries.delegation import received
from chemsales.rules import roles
from chemsales.rules.errors import ChemsalesError, Reason
from chemsales.rules.roles import Action, Actor, Delegation
from chemsales.services.acts import Doubt
from chemsales.services.changes import Subject
from chemsales.services.sending import Sender, left_over
from chemsales.services.session import Session
from chemsales.words import _
from ui.jobs import Job, Jobs


class Context(QObject):
    """One signed-in person in one window.

    A page reads with `context.read(queries.customers.customers, text, done=self._show)` (the actor
    is put before the arguments) and writes with `context.write(services.customers.rename, 7, "x")`
    (the session is put before them). After a write `changed` tells every page which subjects it
    touched; so it does when another desk wrote (`elsewhere` is true meanwhile). What is pressed
    again after an interruption is the same act, and done once (chemsales/services/acts.py).
    """

    changed = Signal(object)  # frozenset[Subject]
    looked = Signal()  # an own case was looked at, which is remembered on this machine
    go = Signal(str, object)  # key of a place, target inside it (None: the place itself)
    said = Signal(str)  # a sentence for the status line
    language_wanted = Signal(str)  # one of words.LANGUAGES
    appearance_wanted = Signal(str, int)  # scheme, zoom in per cent
    config_changed = Signal(object)  # Config, already stored
    # path of a backup that shall replace the database; the owner's login of a server's, else None
    restore_wanted = Signal(str, object)
    keep_now = Signal()  # the window may vanish: what is typed is kept at once
    changed_elsewhere = Signal(object)  # frozenset[Subject], after `changed`
    outage = Signal(str)  # why nothing can be written for the time being, "" from when it can
    left_over = Signal(object)  # list[(Doubt, whether it landed)] of an earlier run of the program
    try_now = Signal()  # do not wait with the next attempt to connect

    def __init__(
        self, session: Session, config: Config, jobs: Jobs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.config = config
        self.jobs = jobs
        self.elsewhere = False  # whether the change that is told came from another desk
        self.lost = ""  # why nothing can be written
        self._received = session.actor.delegations
        self._doubts = KeptDoubts(database_name(config.database), session.actor.login)
        self._sender = Sender(jobs.leaving, self._doubts)
        jobs.changed.connect(self.changed)
        self.changed.connect(self._renew_received)
        jobs.asked.connect(self._say_asked)

    @property
    def actor(self) -> Actor:
        """The person who works, with the delegations of today."""
        if not (self._received or self.session.actor.delegations):
            return self.session.actor
        whole = replace(self.session.actor, delegations=self._received)
        return whole.on(self.session.today())

    def blockers(self, action: Action) -> tuple[Reason, ...]:
        """Why the person's roles forbid `action`; empty when they allow it."""
        return roles.blockers(self.actor, action)

    def may(self, action: Action) -> bool:
        """Whether the person's roles allow `action`."""
        return not self.blockers(action)

    def change_elsewhere(self, subjects: frozenset[Subject]) -> None:
        """Another desk has committed something about these subjects."""
        self.elsewhere = True
        try:
            self.changed.emit(subjects)
        finally:
            self.elsewhere = False
        self.changed_elsewhere.emit(subjects)

    def _renew_received(self, subjects: frozenset[Subject]) -> None:
        """What is delegated to this person changes what waits and what may be decided."""
        if subjects & {Subject.DELEGATION, Subject.PEOPLE}:
            self.read(received, done=self._show_received, channel="received")

    def _show_received(self, found: tuple[Delegation, ...]) -> None:
        if found != self._received:
            self._received = found
            # others give and take it, always: nothing moves under the hands of who reads a case
            self.change_elsewhere(frozenset({Subject.ACCREDITATION, Subject.EVALUATION}))

    def reach(self, reached: bool) -> None:
        """The database answers (again), or does not answer any more."""
        why = _("The database does not answer. What you typed is kept.")
        lost = "" if reached else why
        if lost != self.lost:
            self.lost = lost
            self.jobs.reached.emit(reached)
            self.outage.emit(lost)

    def _say_asked(self) -> None:
        self.said.emit(_("The connection broke while this was being saved. It was saved."))

    def ask_left_over(self) -> None:
        """Ask what came of commits whose answer the program ended without; `left_over` tells."""
        self.jobs.keep(self._doubts.noted, done=self._ask)

    def _ask(self, noted: list[Doubt]) -> None:
        if noted:
            self.jobs.write(
                left_over, self.session, self._doubts, done=self.left_over.emit, failed=_stays_noted
            )

    def told(self, doubts: Sequence[Doubt]) -> None:
        """The person has read what came of these: they are not asked again."""
        self.jobs.keep(self._doubts.strike, [doubt.key for doubt in doubts])

    def read(
        self,
        query: Callable[..., Any],
        *args: object,
        done: Callable[[Any], None],
        failed: Callable[[ChemsalesError], None] | None = None,
        always: Callable[[], None] | None = None,
        title: str = "",
        channel: Hashable = None,
    ) -> Job:
        """Run `query(actor, *args)` off this thread; see Jobs.read."""
        return self.jobs.read(
            query,
            self.actor,
            *args,
            done=done,
            failed=failed,
            always=always,
            title=title,
            channel=channel,
        )

    def write(
        self,
        service: Callable[..., Any],
        *args: object,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[ChemsalesError], None] | None = None,
        always: Callable[[], None] | None = None,
        title: str = "",
    ) -> Job:
        """Run `service(session, *args)` off this thread; see Jobs.write."""
        return self.jobs.write(
            self._sender.send,
            service,
            self.session,
            *args,
            done=done,
            failed=failed,
            always=always,
            title=title,
        )


def _stays_noted(_error: ChemsalesError) -> None:
    """Nobody answers now; it is asked again at the next start."""
