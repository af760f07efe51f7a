"""What the licences page and its dialog ask of services and queries, off the window's thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event

from chemsales.exchange.ics import Event as CalendarEvent
from chemsales.exchange.ics import calendar
from chemsales.queries import licence_lists as lists
from chemsales.queries import licences as queries
from chemsales.queries.agent_licences import (
    AgentRow,
    agent_licences,
    agents_of,
    to_be_licensed,
)
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.licence_lists import PaperRow
from chemsales.queries.licences import LicenceDetail
from chemsales.queries.listing import count, tally
from chemsales.queries.renewal_letters import renewal_letters
from chemsales.queries.suspension_lists import SuspensionRow, suspensions
from chemsales.queries.violations import of_recent, recent
from chemsales.rules import roles
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import ChemsalesError, NotFound, Reason
from chemsales.rules.licences import Band, LicenceDraft, LicenceState
from chemsales.rules.roles import Action, Actor
from chemsales.services import agent_licences as agent_service
from chemsales.services import licences as services
from chemsales.services.changes import Changed, Subject
from chemsales.services.session import Session
from chemsales.words import _, current, label
from ui.work.bulk import one_by_one
from ui.work.papers import Paper, Part, Progress, file_name, watched, write
from ui.work.scans import look, read_scan


@dataclass(frozen=True, slots=True)
class Opened:
    """A paper with all that is seen of it: as it stands, the papers of its kind that the customer
    has (those that end last first), and for a waiting one what its acceptance would lift; why it
    may not be corrected or withdrawn."""

    detail: LicenceDetail
    row: PaperRow
    history: Sequence[PaperRow]
    reasons: tuple[Reason, ...]
    lifts: tuple[Reason, ...]
    uncorrectable: tuple[Reason, ...]
    unwithdrawable: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The papers of a customer, its suspensions, and why dealings are suspended today."""

    papers: Sequence[PaperRow] = ()
    suspensions: Sequence[SuspensionRow] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def since(self) -> date | None:
        """Since when dealings are suspended, None where they are not."""
        return min((row.since for row in self.papers if row.since), default=None)


NOTHING = Held()


def opened(actor: Actor, licence_id: int, today: date) -> Opened:
    """A paper as it stands today; NotFound."""
    detail = queries.licence(actor, licence_id)
    stored = detail.licence
    kind = Filter("kind", choices=(str(stored.draft.kind),))
    same = lists.papers(actor, today, Request(filters=(kind,)), stored.customer_id)
    (row,) = [each for each in same if each.id == licence_id]
    document = f"@DocumentKind.{stored.draft.kind}"
    waiting = row.state in (LicenceState.WAITING, LicenceState.RETURNED)
    return Opened(
        detail,
        row,
        [each for each in reversed(same) if each.id != licence_id],
        tuple(
            reason
            for reason in queries.dealing_blockers(actor, stored.customer_id, today)
            if reason.params.get("document") == document
        ),
        lists.lifted_by(actor, licence_id, today) if waiting else (),
        queries.blockers(actor, licence_id, Verdict.SUBMIT, today),
        queries.blockers(actor, licence_id, Verdict.WITHDRAW, today),
    )


def held(actor: Actor, customer_id: int, today: date) -> Held:
    """What a customer's card shows of its papers."""
    return Held(
        lists.papers(actor, today, customer_id=customer_id),
        suspensions(actor, today, customer_id),
        queries.dealing_blockers(actor, customer_id, today),
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """What is strange about a paper as it is typed, and what waits already in its place."""

    warnings: tuple[Reason, ...] = ()
    waiting: tuple[Reason, ...] = ()


UNSUSPICIOUS = Looked()


def looked(actor: Actor, customer_id: int, draft: LicenceDraft, returned: int) -> Looked:
    """Look at a paper as it is typed; `returned` is the key of one that came back."""
    return Looked(
        queries.warnings(actor, customer_id, draft),
        queries.waiting_blockers(actor, customer_id, draft, returned),
    )


def scan(actor: Actor, key: Path | int) -> tuple[str, bytes]:
    """The type and the bytes of a file that was chosen, or of the scan of a paper by its key."""
    return look(actor, key) if isinstance(key, Path) else queries.licence_scan(actor, key)


def record(
    session: Session, customer_id: int, draft: LicenceDraft, path: Path, comment: str
) -> Changed[int]:
    """Read the scan and put the paper up for acceptance."""
    return services.record(session, customer_id, draft, path.name, read_scan(path), comment)


def correct(
    session: Session,
    licence_id: int,
    seen_version: int,
    draft: LicenceDraft,
    path: Path | None,
    comment: str,
) -> Changed[None]:
    """Put a paper that came back up again, with another scan where one is given."""
    name, data = (path.name, read_scan(path)) if path is not None else ("", b"")
    return services.correct(session, licence_id, seen_version, draft, name, data, comment)


def letters(
    actor: Actor, customers: Collection[int], today: date, *, cancel: Event, progress: Progress
) -> Paper:
    """The letters to these customers as they print now, each a part of its own."""
    from chemsales.reports import renewal_letter as report

    found = renewal_letters(actor, today, customers)
    if not found:
        raise NotFound(Reason("reason.no_letters", {}, "C15.1"))
    stem = _("Renewal letters {day}", day=today.isoformat())
    parts = [
        Part(
            _("Renewal letter {code} {name}", code=each.customer_code, name=each.customer_name),
            partial(report.render, (each,), current()),
        )
        for each in found
    ]
    return Paper(file_name(stem), report.render(found, current(), watched(cancel, progress)), parts)


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of giving agents their licences: the keys of these, and who was refused, why."""

    keys: tuple[int, ...]
    refused: tuple[tuple[AgentRow, ChemsalesError], ...] = ()


def issue(session: Session, agents: Sequence[AgentRow]) -> Changed[Issued]:
    """Give each of these agents the licence of its next term; one that is refused does not hold up
    the others, a single one is refused as ever."""
    written = one_by_one(agents, lambda agent: agent_service.issue(session, agent.id))
    if len(agents) == 1 and written.refused:
        raise written.refused[0][1]
    told = Issued(tuple(changed.value for _agent, changed in written.done), written.refused)
    return Changed(told, frozenset({Subject.AGENT_LICENCE}), written.event)


def agent_papers(
    actor: Actor, keys: Collection[int], *, cancel: Event, progress: Progress
) -> Paper:
    """The licences of exclusive agents as they print, each a part of its own."""
    from chemsales.reports import agent_licence as report

    found = agent_licences(actor, keys)
    parts = [
        Part(
            _("Agent licence {number} {name}", number=each.number, name=each.customer_name),
            partial(report.render, (each,), current()),
        )
        for each in found
    ]
    stem = parts[0].name if len(parts) == 1 else _("Agent licences")
    data = report.render(found, current(), watched(cancel, progress))
    return Paper(file_name(stem), data, parts if len(parts) > 1 else ())


def write_calendar(
    actor: Actor, today: date, path: Path, *, cancel: Event, progress: Progress
) -> int:
    """Write the last days of the standing papers that end as a calendar; how many."""
    rows = [
        row
        for row in lists.papers(actor, today, lists.due_within(tuple(Band), own_login(actor)))
        if row.valid_to is not None and row.valid_to >= today
    ]
    ladder = lists.notice_on(actor, today).ladder
    write(path, calendar(_("Licences"), [_event(row, ladder) for row in rows]))
    return len(rows)


def _event(row: PaperRow, ladder: Sequence[int]) -> CalendarEvent:
    assert row.valid_to is not None
    return CalendarEvent(
        f"licence-{row.id}@chemsales",
        row.valid_to,
        _("{name}: {paper} ends", name=row.name, paper=label(row.kind)),
        " · ".join(filter(None, (row.code, label(row.sort), row.number, row.manager_name))),
        row.recorded_at,
        ladder,
    )


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be seen to: for want of how many papers dealings are suspended, how many papers
    have reached each step of the ladder (days before the last one, the first step first), how many
    exclusive agents are to be licensed, and how many violations there were of late."""

    suspended: int
    ahead: int
    steps: tuple[tuple[int, int], ...]
    agents: int
    violations: int

    @property
    def expiring(self) -> int:
        """How many papers have reached a step."""
        return sum(count for _step, count in self.steps)

    @property
    def number(self) -> int:
        """How many things are due."""
        return self.suspended + self.expiring + self.agents + self.violations


def due(actor: Actor, today: date) -> Due:
    """What this person has to see to today, by the requests of the cards of today."""
    notice, login = lists.notice_on(actor, today), own_login(actor)
    papers = lists.papers_of(today, notice)
    agents = agents_of(today, notice.ahead)
    return Due(
        count(actor, papers, lists.suspended_now(login)),
        notice.ahead,
        tuple(sorted(tally(actor, papers, "step", lists.reminded(notice, login)).items()))[::-1],
        count(actor, agents, to_be_licensed()) if _may(actor, Action.AGENT_LICENCE_ISSUE) else 0,
        count(actor, recent(today), of_recent(today, login))
        if _may(actor, Action.OFFTAKE_IMPORT)
        else 0,
    )


def _may(actor: Actor, action: Action) -> bool:
    return not roles.blockers(actor, action)


def own_login(actor: Actor) -> str:
    """Whose customers' papers this person sees to: the own ones, or all ("")."""
    return "" if roles.blockers(actor, Action.LICENCE_RECORD) else actor.login
