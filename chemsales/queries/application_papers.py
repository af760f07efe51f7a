"""What the papers of an application leave open: one that has expired, one that is not valid yet,
and one that nobody would watch (C7.1, C15.1, C15.2).

Its own papers count as if they were accepted on the day, beside those that the file of a customer
has already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chemsales.queries.applications import DocumentRow, StoredApplication
from chemsales.queries.further import papers_of
from chemsales.queries.licences import load_licences
from chemsales.queries.products import load_groups
from chemsales.rules.customer import DocumentKind, Draft, documents_of
from chemsales.rules.errors import Problem, Reason, term
from chemsales.rules.licences import WATCHED, Licence, standing


def expired_papers(
    documents: Sequence[DocumentRow], customer_id: int | None, day: date
) -> tuple[Reason, ...]:
    """Each kind of paper for want of which the customer would be suspended at once, were these
    approved on a day (C7.1, C15.2; inside services and queries).

    Of a customer's file accepted proofs of a renewal count too (C15.2). An application carries no
    proof: its papers are to be valid (C7.1).
    """
    held = _held(documents, customer_id, day)
    return tuple(
        Reason("reason.application_paper_expired", reason.params, "C7.1")
        for reason in standing(held, day).reasons
    )


def _held(documents: Sequence[DocumentRow], customer_id: int | None, day: date) -> list[Licence]:
    """The accepted papers of the file, and those of the application as if they were too."""
    filed = load_licences(customer_id) if customer_id is not None else []
    own = (
        Licence(paper.kind, paper.valid_to, day, paper.valid_from, number=paper.number)
        for paper in documents
        if paper.dated
    )
    return [*filed, *own]


def _filed(draft: Draft, customer_id: int | None) -> set[DocumentKind]:
    """What the application needs and the file of its customer has."""
    if customer_id is None:
        return set()
    return {*papers_of(customer_id)} & {*documents_of(draft, load_groups())}


def unbegun_papers(
    draft: Draft, documents: Sequence[DocumentRow], customer_id: int | None, day: date
) -> tuple[Reason, ...]:
    """Each kind of paper of which none is valid on a day yet: it would not be watched, and nothing
    may rest on it (C7.1; inside services and queries). One of several of a kind will do; of a
    customer's file what the application needs is asked for."""
    held = _held(documents, customer_id, day)
    asked = {paper.kind for paper in documents if paper.dated} | _filed(draft, customer_id)
    found = []
    for kind in WATCHED:
        first = min((paper.first for paper in held if paper.kind is kind), default=day)
        if kind in asked and first > day:
            params = {"document": term(kind), "day": first.isoformat()}
            found.append(Reason("reason.application_paper_later", params, "C7.1"))
    return tuple(found)


def undated_papers(
    draft: Draft, documents: Sequence[DocumentRow], customer_id: int | None
) -> tuple[Reason, ...]:
    """Each kind of paper of which neither a last day nor an unlimited validity is known, so that
    nobody would watch it once these were approved (C15.1; inside services and queries).

    One of several of a kind will do. Of a customer's file, what the application needs and does not
    carry itself is asked for.
    """
    own = {paper.kind for paper in documents}
    asked = own - {paper.kind for paper in documents if paper.dated}
    if customer_id is not None:
        asked |= (
            _filed(draft, customer_id) - own - {paper.kind for paper in load_licences(customer_id)}
        )
    return tuple(
        Reason("reason.paper_undated", {"document": term(kind)}, "C15.1")
        for kind in WATCHED
        if kind in asked
    )


def paper_reasons(stored: StoredApplication, day: date) -> tuple[Reason, ...]:
    """Why an application is neither put up nor approved on a day, for its papers."""
    return _reasons(stored.draft, stored.documents, stored.further_of, day)


def paper_problems(
    draft: Draft, documents: Sequence[DocumentRow], customer_id: int | None, day: date
) -> tuple[Problem, ...]:
    """`paper_reasons` as what keeps an application from being put up, each at its paper."""
    found = _reasons(draft, documents, customer_id, day)
    return tuple(Problem(f"document.{kind_of(reason)}", reason) for reason in found)


def _reasons(
    draft: Draft, documents: Sequence[DocumentRow], customer_id: int | None, day: date
) -> tuple[Reason, ...]:
    return (
        *expired_papers(documents, customer_id, day),
        *unbegun_papers(draft, documents, customer_id, day),
        *undated_papers(draft, documents, customer_id),
    )


def kind_of(reason: Reason) -> DocumentKind:
    """The kind of paper that one of these reasons is about."""
    return DocumentKind(str(reason.params["document"]).removeprefix("@DocumentKind."))


def is_undated(problem: Problem) -> bool:
    """Whether it asks for the validity of a paper."""
    return problem.reason.code == "reason.paper_undated"
