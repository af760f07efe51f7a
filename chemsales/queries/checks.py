"""The automatic checks of an application as a reviewer reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chemsales.queries.admission import is_overlap
from chemsales.queries.application_papers import (
    expired_papers,
    kind_of,
    unbegun_papers,
    undated_papers,
)
from chemsales.queries.applications import (
    DocumentRow,
    StoredApplication,
    failing_codes,
    load_acceptance,
    load_application,
    stored_problems,
)
from chemsales.queries.duplicates import is_twin
from chemsales.queries.reading import query
from chemsales.rules.calendar import company_day
from chemsales.rules.customer import CustomerFacts, DocumentKind
from chemsales.rules.errors import Param, Problem, Reason, term
from chemsales.rules.identifiers import CodeKind, check, tax_agrees
from chemsales.rules.names import name_key
from chemsales.rules.roles import Actor

# the papers that say in whose name the account stands
OF_ACCOUNT = (DocumentKind.INVOICE_DATA, DocumentKind.ACCOUNT_PERMIT)


class CheckResult(StrEnum):
    """How an automatic check came out."""

    PASSED = "passed"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line: its result, what it says, the paper that shows it (None: no single one), and
    whether a reviewer may override it with a reason."""

    result: CheckResult
    reason: Reason
    document: DocumentKind | None = None
    overridable: bool = False


@query()
def checks(actor: Actor, application_id: int, today: date) -> tuple[CheckRow, ...]:
    """Every automatic check of a stored application on the day `today`, wrong ones first (C7.1)."""
    return load_checks(load_application(application_id), today)


def load_checks(stored: StoredApplication, today: date) -> tuple[CheckRow, ...]:
    """`checks` inside services and queries."""
    problems = stored_problems(stored)
    found = [
        *_facts(stored, problems),
        *_codes(stored),
        *tax_checks(stored.draft.facts),
        *_holders(stored),
        *_papers(stored, problems, today),
    ]
    return worst_first(found)


def worst_first(found: Iterable[CheckRow]) -> tuple[CheckRow, ...]:
    """The checks in the order in which they are shown."""
    order = tuple(CheckResult)[::-1]
    return tuple(sorted(found, key=lambda row: order.index(row.result)))


def _facts(stored: StoredApplication, problems: Sequence[Problem]) -> Iterator[CheckRow]:
    own = [p for p in problems if p.place not in tuple(CodeKind) or is_twin(p)]
    twins = [problem for problem in own if is_twin(problem)]
    agents = [problem for problem in own if is_overlap(problem)]
    apart = (*twins, *agents)
    facts = [p for p in own if p not in apart and not p.place.startswith("document.")]
    for problem in (*facts, *apart):
        yield CheckRow(severity(problem), problem.reason)
    if not facts:
        yield CheckRow(CheckResult.PASSED, Reason("reason.check_fields_complete", {}, "C7.1"))
    if not twins:
        yield CheckRow(CheckResult.PASSED, Reason("reason.check_no_duplicate", {}, "C7.1"))
    account = stored.draft.facts.account
    if account and not any(problem.place == "account" for problem in problems):
        yield account_own(account)


def account_own(account: str) -> CheckRow:
    """That nobody else has the account."""
    reason = Reason("reason.check_account_own", {"account": account}, "C5.1")
    return CheckRow(CheckResult.PASSED, reason, DocumentKind.INVOICE_DATA)


def severity(problem: Problem) -> CheckResult:
    """How a check with this problem came out."""
    return CheckResult.LOOK if problem.warning else CheckResult.WRONG


def _codes(stored: StoredApplication) -> Iterator[CheckRow]:
    paper = DocumentKind.BUSINESS_LICENCE
    override = stored.draft.facts.code_override
    for kind in CodeKind:
        code = getattr(stored.draft.facts, kind)
        if not code:
            continue
        checked = check(kind, code)
        if checked.reason is None:
            yield code_passes(kind, code)
        elif override:
            yield CheckRow(CheckResult.LOOK, checked.reason, paper)
        else:
            failing = checked.reason in failing_codes(stored.draft.facts)
            yield CheckRow(CheckResult.WRONG, checked.reason, paper, overridable=failing)
        for warning in checked.warnings:
            yield CheckRow(CheckResult.LOOK, warning, paper)
    if override:
        reason = Reason("reason.check_code_overridden", {"why": override}, "C7.1")
        yield CheckRow(CheckResult.LOOK, reason, paper)
        found = load_acceptance(stored)
        if found is not None:
            day = company_day(found.at).isoformat()
            by = Reason("reason.check_code_accepted", {"name": found.name, "day": day}, "C7.1")
            yield CheckRow(CheckResult.LOOK, by, paper)


def code_passes(kind: CodeKind, code: str) -> CheckRow:
    """That the check digits of a code agree."""
    reason = Reason("reason.check_code_passes", {"kind": term(kind), "code": code}, "C7.1")
    return CheckRow(CheckResult.PASSED, reason, DocumentKind.BUSINESS_LICENCE)


def tax_checks(facts: CustomerFacts) -> Iterator[CheckRow]:
    """Whether each tax number names the company that the codes name (C5.1)."""
    for kind, number in (
        (DocumentKind.NATIONAL_TAX, facts.national_tax_no),
        (DocumentKind.LOCAL_TAX, facts.local_tax_no),
    ):
        if not number:
            continue
        params: dict[str, Param] = {"document": term(kind), "number": number}
        if tax_agrees(number, facts.uscc, facts.org9):
            reason = Reason("reason.check_tax_agrees", params, "C5.1")
            yield CheckRow(CheckResult.PASSED, reason, kind)
        else:  # a sole trader's is made of the identity number
            reason = Reason("reason.check_tax_differs", params, "C5.1")
            yield CheckRow(CheckResult.LOOK, reason, kind)


def _holders(stored: StoredApplication) -> Iterator[CheckRow]:
    """Whether each paper is in the customer's name: who holds the account, above all (C5.1)."""
    for document in stored.documents:
        if document.holder:
            yield holder_check(document.kind, document.holder, stored.draft.facts.name)
    of_account = [paper for paper in stored.documents if paper.kind in OF_ACCOUNT]
    if of_account and not any(paper.holder for paper in of_account):
        yield holder_unknown(of_account[0].kind)


def holder_unknown(kind: DocumentKind) -> CheckRow:
    """That nobody said in whose name the account stands, so that nothing is compared (C5.1)."""
    return CheckRow(CheckResult.LOOK, Reason("reason.check_holder_unknown", {}, "C5.1"), kind)


def holder_check(kind: DocumentKind, holder: str, name: str) -> CheckRow:
    """Whether a paper is in the customer's name (C5.1)."""
    params: dict[str, Param] = {"document": term(kind), "holder": holder}
    if name_key(holder) == name_key(name):
        reason = Reason("reason.check_holder_agrees", params, "C5.1")
        return CheckRow(CheckResult.PASSED, reason, kind)
    reason = Reason("reason.check_holder_differs", params, "C5.1")
    return CheckRow(CheckResult.WRONG, reason, kind)


def _papers(
    stored: StoredApplication, problems: Sequence[Problem], today: date
) -> Iterator[CheckRow]:
    missing = [problem for problem in problems if problem.place.startswith("document.")]
    for problem in missing:
        yield CheckRow(severity(problem), problem.reason)
    if not missing and stored.further:
        params = {"count": len(stored.documents)}
        yield CheckRow(CheckResult.PASSED, Reason("reason.check_papers_on_file", params, "C7.1"))
    elif not missing:
        params = {"count": len(stored.documents)}
        yield CheckRow(CheckResult.PASSED, Reason("reason.check_papers_complete", params, "C7.1"))
    own = [row for each in stored.documents if (row := _validity(each, today)) is not None]
    yield from own
    told = {row.reason.params["document"] for row in own if row.result is CheckResult.WRONG}
    for reason in undated_papers(stored.draft, stored.documents, stored.further_of):
        yield CheckRow(CheckResult.WRONG, reason, kind_of(reason))
    of_file = (
        *expired_papers(stored.documents, stored.further_of, today),
        *unbegun_papers(stored.draft, stored.documents, stored.further_of, today),
    )
    for reason in of_file:
        if reason.params["document"] not in told:  # a paper of the customer's file
            yield CheckRow(CheckResult.WRONG, reason)


def _validity(document: DocumentRow, today: date) -> CheckRow | None:
    """A paper is valid from its first day (C7.1) through its last one (C15.2)."""
    if document.dated and document.valid_from is not None and document.valid_from > today:
        begins: dict[str, Param] = {
            "document": term(document.kind),
            "day": document.valid_from.isoformat(),
        }
        reason = Reason("reason.check_paper_later", begins, "C7.1")
        return CheckRow(CheckResult.WRONG, reason, document.kind)
    if document.long_term or document.valid_to is None:
        return None
    left = (document.valid_to - today).days
    params: dict[str, Param] = {
        "document": term(document.kind),
        "day": document.valid_to.isoformat(),
        "days": abs(left),
    }
    if left < 0:
        reason = Reason("reason.check_paper_expired", params, "C15.2")
        return CheckRow(CheckResult.WRONG, reason, document.kind)
    result = CheckResult.LOOK if left < 90 else CheckResult.PASSED
    return CheckRow(result, Reason("reason.check_paper_valid", params, "C15.2"), document.kind)
