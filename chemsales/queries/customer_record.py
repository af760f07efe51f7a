"""Everything else about a customer, as on a day: its take by months, its evaluations, every scan of
it, and one dated list of what happened (C8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from chemsales.queries.approval import STANDS
from chemsales.queries.customer_history import HistoryRow
from chemsales.queries.customers import CustomerDetail
from chemsales.queries.documents import load_scan
from chemsales.queries.licence_lists import PaperRow
from chemsales.queries.offtake_lists import standing_on
from chemsales.queries.reading import query
from chemsales.queries.suspension_lists import SuspensionRow
from chemsales.queries.tiers import TierRow
from chemsales.rules.approval import Verdict
from chemsales.rules.calendar import company_day
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import DocumentKind
from chemsales.rules.documents import ScanSource
from chemsales.rules.errors import Param, Reason, term
from chemsales.rules.evaluation import Grade
from chemsales.rules.handover import Owned
from chemsales.rules.periods import Month
from chemsales.rules.roles import Actor
from chemsales.storage.database import rows
from chemsales.storage.days import day_of
from chemsales.storage.fields import instant_of
from chemsales.words import _, field, named


@dataclass(frozen=True, slots=True)
class Take:
    """What a customer took in a month, returns taken off, and what was planned, in kilograms."""

    month: Month
    kg: int
    planned_kg: int


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The evaluation of one product group in a period that was signed; `score` is exact, None where
    too little was known."""

    period: str
    revision: int
    group_name: str
    customer_class: CustomerClass
    score: Decimal | None
    grade: Grade
    signed_on: date


@dataclass(frozen=True, slots=True)
class FileRow:
    """A scan that belongs to a customer: what it came with and its key there; `kind` None where it
    is of no kind of paper."""

    source: ScanSource
    row: int
    kind: DocumentKind | None
    number: str
    label: str
    valid_to: date | None = None
    long_term: bool = False

    @property
    def id(self) -> tuple[ScanSource, int]:
        """What the scan is told by among all."""
        return self.source, self.row


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a customer on a business date."""

    day: date
    what: Reason


@query()
def takes(actor: Actor, customer_id: int, day: date) -> list[Take]:
    """The take of every month up to that of a day, the newest first, by the imports that stood at
    its end."""
    text = day.isoformat()
    found: dict[Month, list[int]] = {}
    for at, table in enumerate(("pickup", "plan_line")):
        for month, kg in rows(
            f"SELECT month, sum(kg) FROM {table} WHERE customer_id = ? AND month <= ? "
            f"AND batch_id IN {standing_on()} GROUP BY month",
            (customer_id, text[:7], text, text),
        ):
            found.setdefault(month, [0, 0])[at] = int(kg)
    return [Take(month, *found[month]) for month in sorted(found, reverse=True)]


@query()
def evaluated(actor: Actor, customer_id: int, day: date) -> list[Evaluated]:
    """The evaluations signed by a day and not computed anew by its end, the newest period first
    (C16.1)."""
    text = day.isoformat()
    return [
        Evaluated(period, revision, named(name, english), CustomerClass(held),
                  None if score is None else Decimal(score), Grade(grade),
                  company_day(instant_of(moved)))
        for period, revision, name, english, held, score, grade, moved in rows(
            "SELECT r.period, r.revision, g.name, g.name_en, e.customer_class, e.score, e.grade, "
            "c.moved_at FROM evaluation e "
            "JOIN evaluation_run r ON r.id = e.run_id AND NOT EXISTS (SELECT 1 "
            "FROM evaluation_run n WHERE n.period = r.period AND n.revision > r.revision "
            f"AND {day_of('n.computed_at')} <= ?) "
            "JOIN approval_case c ON c.id = r.case_id AND c.outcome = 'approved' "
            "JOIN product_group g ON g.code = e.group_code "
            f"WHERE e.customer_id = ? AND {day_of('c.moved_at')} <= ? "
            "ORDER BY r.period DESC, g.code",
            (text, customer_id, text),
        )
    ]  # fmt: skip


# who reads a scan, by where it is from
_TABLES = {
    ScanSource.APPLICATION: "application_document",
    ScanSource.LICENCE: "licence",
    ScanSource.DISQUALIFICATION: "disqualification_paper",
    ScanSource.CUSTOMER_CHANGE: "customer_change",
}


@query()
def scan(actor: Actor, key: tuple[ScanSource, int]) -> tuple[str, bytes]:
    """The type and the bytes of a scan of `files`; NotFound, DataError where they were altered."""
    source, row = key
    return load_scan(_TABLES[source], row)


@query()
def files(actor: Actor, detail: CustomerDetail, day: date) -> list[FileRow]:
    """Every scan that there was of a customer by a day: those of its application, of further
    classes, then those of licences, proposals and changes."""
    found = [
        FileRow(ScanSource.APPLICATION, each.id, each.kind, each.number, each.label, each.valid_to,
                each.long_term)
        for each in detail.documents
    ]  # fmt: skip
    text = day.isoformat()
    given = (
        "FROM application_document d JOIN application a ON a.id = d.application_id "
        "JOIN approval_case c ON c.id = a.case_id WHERE a.customer_id = ? "
        "AND a.further = 1 AND a.state = 'accredited' AND d.void = 0 "
        f"AND {day_of('c.moved_at')} <= ?"
    )
    found += _scans(
        ScanSource.APPLICATION,
        f"SELECT d.id, d.kind, d.number, d.label, d.valid_to, d.long_term {given} ORDER BY d.id",
        detail.id, text,
    )  # fmt: skip
    found += _scans(
        ScanSource.LICENCE,
        "SELECT id, kind, number, label, valid_to, long_term FROM licence WHERE customer_id = ? "
        "AND sha256 NOT IN (SELECT d.sha256 FROM application_document d "
        f"WHERE d.application_id = ? UNION ALL SELECT d.sha256 {given}) "
        f"AND {day_of('recorded_at')} <= ? ORDER BY id",
        detail.id, detail.application_id, detail.id, text, text,
    )  # fmt: skip
    for key, number, label in rows(
        "SELECT p.id, d.number, p.label FROM disqualification_paper p "
        "JOIN disqualification d ON d.id = p.disqualification_id WHERE d.customer_id = ? "
        f"AND p.void = 0 AND {day_of('d.proposed_at')} <= ? ORDER BY p.id",
        (detail.id, text),
    ):
        found.append(FileRow(ScanSource.DISQUALIFICATION, key, None, number, label))
    for key, label in rows(
        "SELECT id, label FROM customer_change WHERE customer_id = ? "
        f"AND {day_of('proposed_at')} <= ? ORDER BY id",
        (detail.id, text),
    ):
        found.append(FileRow(ScanSource.CUSTOMER_CHANGE, key, None, "", label))
    return found


def _scans(source: ScanSource, sql: str, *parameters: object) -> list[FileRow]:
    return [
        FileRow(source, key, DocumentKind(kind), number, label,
                date.fromisoformat(last) if last else None, bool(endless))
        for key, kind, number, label, last, endless in rows(sql, parameters)
    ]  # fmt: skip


def timeline(
    detail: CustomerDetail,
    owners: Sequence[Owned],
    levels: Sequence[TierRow],
    papers: Sequence[PaperRow],
    suspensions: Sequence[SuspensionRow],
    evaluations: Sequence[Evaluated],
    history: Sequence[HistoryRow],
    told: Sequence[Happened] = (),
) -> list[Happened]:
    """What happened to a customer in one dated list, the newest first, out of what its card shows
    and what is `told` beside it."""
    found = [
        Happened(
            detail.accredited_on,
            Reason("reason.event_accredited", {"number": detail.application_number}, "C7.2"),
        ),
        *_classes(detail),
        *_levels(levels),
        *_papers(papers, suspensions),
        *_changes(history),
    ]
    found += [
        Happened(
            each.first,
            Reason("reason.event_handed", {"name": each.manager, "why": each.reason}, "C8.1"),
        )
        for each in owners
        if each.reason
    ]
    for each in evaluations:
        params: dict[str, Param] = {
            "period": each.period, "group": each.group_name, "grade": term(each.grade),
        }  # fmt: skip
        found.append(Happened(each.signed_on, Reason("reason.event_evaluated", params, "C16.1")))
    found += told
    order = {f"reason.event_{name}": at for at, name in enumerate(_ORDER)}
    return sorted(found, key=lambda each: (each.day, order[each.what.code]), reverse=True)


# of one day, in which order things come about
_ORDER = (
    "accredited", "class", "licence", "suspended", "lifted", "evaluated", "level", "visit",
    "resale", "complaint", "complaint_regraded", "complaint_closed", "change_decided", "changed",
    "handed", "class_ended", "resale_settled", "resale_ended", "disqualified",
)  # fmt: skip


@query()
def told(actor: Actor, customer_id: int) -> list[Happened]:
    """What happened to a customer and stands in no other part of its card: what finance said of the
    changes that were put up to it, resales that were found and what settled them."""
    return [*_change_decisions(customer_id), *_resales(customer_id)]


def _change_decisions(customer_id: int) -> Iterator[Happened]:
    """Those that finance did not accept too; what it took back is not told."""
    for at, name, verdict, comment in rows(
        "SELECT d.signed_at, d.signer_name, d.verdict, d.comment FROM decision d "
        "JOIN customer_change h ON h.case_id = d.case_id WHERE h.customer_id = ? "
        f"AND d.stage = 'finance' AND {STANDS} ORDER BY d.id",
        (customer_id,),
    ):
        params: dict[str, Param] = {
            "name": name, "verdict": term(Verdict(verdict)), "why": comment or "-",
        }  # fmt: skip
        what = Reason("reason.event_change_decided", params, "C8.1")
        yield Happened(company_day(instant_of(at)), what)


def _resales(customer_id: int) -> Iterator[Happened]:
    """That a direct customer was found to sell on, and how that was settled: in words, or with the
    end of the class in which it was found (C10.2)."""
    for name, english, found_on, by, facts, closed_on, closer, closing, ended in rows(
        "SELECT g.name, g.name_en, f.found_on, coalesce(p.name, f.found_by), f.facts, "
        "f.closed_on, coalesce(q.name, f.closed_by), f.closing, k.to_day "
        "FROM resale_finding f JOIN customer_class k ON k.id = f.class_id "
        "JOIN product_group g ON g.code = k.group_code "
        "LEFT JOIN person p ON p.login = f.found_by LEFT JOIN person q ON q.login = f.closed_by "
        "WHERE f.customer_id = ? ORDER BY f.id",
        (customer_id,),
    ):
        group = named(name, english)
        first = date.fromisoformat(found_on)
        found: dict[str, Param] = {"group": group, "name": by, "facts": facts}
        yield Happened(first, Reason("reason.event_resale", found, "C10.2"))
        if closed_on is not None:
            settled: dict[str, Param] = {"group": group, "name": closer, "why": closing}
            what = Reason("reason.event_resale_settled", settled, "C10.2")
            yield Happened(date.fromisoformat(closed_on), what)
        elif ended is not None:
            what = Reason("reason.event_resale_ended", {"group": group}, "C10.2")
            yield Happened(max(first, date.fromisoformat(ended)), what)


def _classes(detail: CustomerDetail) -> Iterator[Happened]:
    for row in detail.classes:
        params: dict[str, Param] = {
            "group": row.group_name, "customer_class": term(row.customer_class),
        }  # fmt: skip
        yield Happened(row.from_day, Reason("reason.event_class", params, row.clause))
        if row.to_day is not None:
            yield Happened(row.to_day, Reason("reason.event_class_ended", params, row.clause))


def _levels(levels: Sequence[TierRow]) -> Iterator[Happened]:
    for row in levels:
        if row.active and row.level_before is not row.level_after:
            params: dict[str, Param] = {
                "month": row.month, "before": term(row.level_before),
                "after": term(row.level_after),
            }  # fmt: skip
            yield Happened(row.in_force_from, Reason("reason.event_level", params, "C9.2"))


def _papers(papers: Sequence[PaperRow], suspensions: Sequence[SuspensionRow]) -> Iterator[Happened]:
    for paper in papers:
        if paper.accepted_on is not None:
            params: dict[str, Param] = {"document": term(paper.kind), "number": paper.number}
            yield Happened(paper.accepted_on, Reason("reason.event_licence", params, "C15.2"))
    for row in suspensions:
        what: dict[str, Param] = {"document": term(row.kind)}
        yield Happened(row.first, Reason("reason.event_suspended", what, "C15.2"))
        if row.last is not None and not row.cancelled:
            yield Happened(row.last, Reason("reason.event_lifted", what, "C15.2"))


def _changes(history: Sequence[HistoryRow]) -> Iterator[Happened]:
    """The changes of facts and contacts, those of one act in one line; the disqualification."""
    for (at, why, who), group in groupby(history, key=lambda row: (row.at, row.reason, row.who)):
        lines = list(group)
        day = company_day(at)
        ended = ("status", "disqualified")
        if any((row.change.field, row.change.after) == ended for row in lines):
            yield Happened(day, Reason("reason.event_disqualified", {"name": who}, "C17.1"))
        names = dict.fromkeys(
            field("contacts" if row.part == "customer_contact" else row.change.field)
            for row in lines
            if not row.first
            and row.part in ("customer", "customer_contact")
            and row.change.field not in ("status", "manager")
        )
        if names and why:
            params: dict[str, Param] = {"fields": _(", ").join(names), "name": who, "why": why}
            yield Happened(day, Reason("reason.event_changed", params, "C8.1"))
