"""What a reviewer goes through at each stage, what is marked, and when a case is urged (C7.2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from chemsales.rules.approval import Case, Outcome, StageName, Verdict
from chemsales.rules.calendar import WorkCalendar
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import DocumentKind, DocumentProfile
from chemsales.rules.errors import NotAllowed, Reason, term
from chemsales.rules.roles import Actor

FEWEST, MANIFOLD = 3, 3  # peers that a quantity is compared with, and the multiple to look at


class ReviewItem(StrEnum):
    """What a person looks at, and no program can."""

    LICENCE_GENUINE = "licence_genuine"  # 执照真实有效
    ORGANISATION_PAPER = "organisation_paper"  # 组织机构代码证
    SCOPE_COVERS = "scope_covers"  # 经营范围涵盖
    HAZARD_COVERS = "hazard_covers"  # 危化品许可涵盖
    TAX_PAPER = "tax_paper"  # 税务登记证
    INVOICE_AGREES = "invoice_agrees"  # 开票资料一致
    ACCOUNT_HOLDER = "account_holder"  # 账户为本单位
    DIRECT_ADMITTED = "direct_admitted"  # 直销客户准入条件
    AGENT_ADMITTED = "agent_admitted"  # 独家代理商准入条件
    DEALER_ADMITTED = "dealer_admitted"  # 经销商准入条件


class ReturnReason(StrEnum):
    """Why an application goes back."""

    PAPER_MISSING = "paper_missing"
    PAPER_UNREADABLE = "paper_unreadable"
    PAPER_EXPIRED = "paper_expired"
    NAME_DIFFERS = "name_differs"
    CODE_DIFFERS = "code_differs"
    TAX_DIFFERS = "tax_differs"
    INVOICE_DIFFERS = "invoice_differs"
    ACCOUNT_DIFFERS = "account_differs"
    CLASS_UNFOUNDED = "class_unfounded"
    QUANTITY_UNFOUNDED = "quantity_unfounded"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist: its stage, and the paper that shows it."""

    item: ReviewItem
    stage: StageName
    document: DocumentKind


@dataclass(frozen=True, slots=True)
class Marks:
    """What a reviewer marked: the lines ticked, and why it goes back."""

    ticked: frozenset[ReviewItem] = frozenset()
    reasons: tuple[ReturnReason, ...] = ()


NOTHING = Marks()


@dataclass(frozen=True, slots=True)
class Marked:
    """What stands with a signature: the lines of the stage that were ticked and those that were
    not, why it went back, and how the automatic checks came out (code of the reason, result)."""

    ticked: tuple[ReviewItem, ...] = ()
    left: tuple[ReviewItem, ...] = ()
    reasons: tuple[ReturnReason, ...] = ()
    automatic: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def told(self) -> dict[str, object]:
        """What the audit event says of it, with its hash; nothing where nothing was marked."""
        if self == UNMARKED:
            return {}
        given = {"ticked": self.ticked, "left": self.left, "why": self.reasons}
        said = {name: [str(each) for each in all_] for name, all_ in given.items() if all_}
        return {**said, "marks": hash_of(self.text())}

    @classmethod
    def read(cls, text: str) -> Marked:
        """The inverse of `text`; one with nothing in it of "", and of what no program wrote."""
        try:
            stored = json.loads(text)
            return cls(
                tuple(map(ReviewItem, stored["ticked"])),
                tuple(map(ReviewItem, stored["left"])),
                tuple(map(ReturnReason, stored["reasons"])),
                tuple((str(code), str(result)) for code, result in stored["automatic"]),
            )
        except (ValueError, KeyError, TypeError):
            return UNMARKED


UNMARKED = Marked()


def hash_of(marks: str) -> str:
    """The SHA-256 of what stands with a signature, "" of nothing."""
    return hashlib.sha256(marks.encode()).hexdigest() if marks else ""


_MERGED = (
    Line(ReviewItem.LICENCE_GENUINE, StageName.SALES, DocumentKind.BUSINESS_LICENCE),
    Line(ReviewItem.SCOPE_COVERS, StageName.SALES, DocumentKind.BUSINESS_LICENCE),
    Line(ReviewItem.INVOICE_AGREES, StageName.FINANCE, DocumentKind.INVOICE_DATA),
    Line(ReviewItem.ACCOUNT_HOLDER, StageName.FINANCE, DocumentKind.INVOICE_DATA),
    Line(ReviewItem.TAX_PAPER, StageName.FINANCE, DocumentKind.BUSINESS_LICENCE),
)
_LEGACY = (
    *_MERGED[:2],
    Line(ReviewItem.ORGANISATION_PAPER, StageName.SALES, DocumentKind.ORGANISATION_CODE),
    *_MERGED[2:4],
    Line(ReviewItem.TAX_PAPER, StageName.FINANCE, DocumentKind.NATIONAL_TAX),
)
_HAZARD = Line(ReviewItem.HAZARD_COVERS, StageName.SALES, DocumentKind.HAZARDOUS_LICENCE)


ADMITTED = {
    CustomerClass.DIRECT: ReviewItem.DIRECT_ADMITTED,
    CustomerClass.AGENT: ReviewItem.AGENT_ADMITTED,
    CustomerClass.DEALER: ReviewItem.DEALER_ADMITTED,
}


def checklist(
    profile: str, hazardous: bool, admitted: Collection[CustomerClass] = ()
) -> tuple[Line, ...]:
    """The lines that persons tick, stage by stage: sales goes through the papers and through the
    answers to the conditions of the classes `admitted`, finance through invoice data and tax
    registration (C7.2, A.X 21); the general manager reads what they found."""
    lines = list(_LEGACY if profile == DocumentProfile.LEGACY else _MERGED)
    lines += [_HAZARD] if hazardous else []
    lines += [
        Line(ADMITTED[each], StageName.SALES, DocumentKind.BUSINESS_LICENCE)
        for each in CustomerClass
        if each in admitted
    ]
    return tuple(sorted(lines, key=lambda line: line.stage is not StageName.SALES))


def own_lines(lines: Iterable[Line], stage: StageName | None) -> tuple[ReviewItem, ...]:
    """The lines of one stage; the others' are read-only there (A.X 21)."""
    return tuple(line.item for line in lines if line.stage is stage)


def check_marks(marks: Marks, lines: Iterable[Line], case: Case, verdict: Verdict) -> None:
    """NotAllowed for lines of another stage, and for reasons of a return with another verdict."""
    reasons = []
    own = own_lines(lines, case.pending)
    for item in sorted(marks.ticked - set(own)):
        params = {"item": term(item)}
        reasons.append(Reason("reason.line_of_another_stage", params, "C7.2"))
    if marks.reasons and verdict is not Verdict.RETURN:
        reasons.append(Reason("reason.reasons_without_return", {}, "C7.2"))
    if reasons:
        raise NotAllowed(*reasons)


def median_kg(kilograms: Sequence[int]) -> int:
    """The middle of some kilograms, of an even number the mean of the middle two, rounded half up;
    0 of none."""
    if not kilograms:
        return 0
    ranked, half = sorted(kilograms), len(kilograms) // 2
    return (ranked[half] + ranked[-half - 1] + 1) // 2


def unusual_quantity(asked_kg: int, peers_kg: Sequence[int]) -> bool:
    """Whether what is asked for a month is more than three times what the peers take who take
    anything, by their median; never with fewer than three of them."""
    taking = [kg for kg in peers_kg if kg > 0]
    return len(taking) >= FEWEST and asked_kg > MANIFOLD * median_kg(taking)


def urge_blockers(
    case: Case, actor: Actor, urged: Collection[date], today: date, calendar: WorkCalendar
) -> tuple[Reason, ...]:
    """Why this person may not urge a case on now: who has it may once in a working day, while a
    stage has it. `urged` are the days on which it was."""
    if case.outcome is not Outcome.OPEN:
        return (Reason("reason.urge_not_open", {}, "C7.2"),)
    if actor.login != case.owner:
        return (Reason("reason.only_applicant", {"login": case.owner}, "C7.2"),)
    since = calendar.last_working_day(today).day
    if any(day >= since for day in urged):
        return (Reason("reason.urged_today", {}, "C7.2"),)
    return ()
