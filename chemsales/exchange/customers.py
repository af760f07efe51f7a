"""Rows of a customer file (客户资料): a customer in one product group, as a draft application."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from chemsales.exchange.cells import day_of, missing, shown, text_of
from chemsales.exchange.columns import Columns
from chemsales.exchange.matching import Customers, Finding
from chemsales.exchange.model import DraftRow, ImportContext, Row
from chemsales.exchange.tables import Raw
from chemsales.labels import LABELS
from chemsales.rules.admission import ANSWERS, Condition
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import (
    ClassRequest,
    Contact,
    ContactKind,
    CustomerFacts,
    DocumentKind,
    DocumentProfile,
    Draft,
    GroupInfo,
    check_draft,
    normalise_facts,
)
from chemsales.rules.errors import Invalid, Param, Problem, Reason
from chemsales.rules.identifiers import CodeKind, check
from chemsales.rules.names import name_key
from chemsales.rules.numbers import asked_kg, kg_from_cell
from chemsales.words import LANGUAGES, _, language

E = TypeVar("E", bound=StrEnum)

FACTS = tuple(item.name for item in fields(CustomerFacts) if item.name != "code_override")
_PARTS = ("phone", "title", "email")
# what is only missing may be added to the draft by hand; what is wrong is handed back
_MAY_LACK = {
    "reason.field_required", "reason.class_required", "reason.region_required",
    "reason.purpose_required", "reason.condition_required",
}  # fmt: skip
_CLASS_WORDS = {
    "直销": CustomerClass.DIRECT, "代理": CustomerClass.AGENT, "独家代理": CustomerClass.AGENT,
    "代理商": CustomerClass.AGENT, "经销": CustomerClass.DEALER, "agent": CustomerClass.AGENT,
}  # fmt: skip
_PROFILE_WORDS = {
    "三证合一": DocumentProfile.MERGED, "多证合一": DocumentProfile.MERGED,
    "旧证照": DocumentProfile.LEGACY, "旧版证照": DocumentProfile.LEGACY,
}  # fmt: skip


@cache
def _words(members: type[StrEnum]) -> dict[str, StrEnum]:
    """The members of an enumeration by their value and by their word in every language."""
    found: dict[str, StrEnum] = {}
    for code in LANGUAGES:
        with language(code):
            for member in members:
                found[name_key(_(LABELS[f"{members.__name__}.{member}"]))] = member
    return found | {name_key(str(member)): member for member in members}


class CustomerChecker:
    """The applications of a file, checked as far as a draft can be (C7.1).

    A customer with several product groups has a row for each; the facts of its first row hold, the
    others may leave them empty. What is missing is a warning, what is wrong an error, and where one
    row of a customer is bad, all are.
    """

    def __init__(
        self, context: ImportContext, columns: Columns, from_1904: bool, cut: bool
    ) -> None:
        """`cut`: the cells were cut at separators; one beyond the headings is one too many."""
        self.context, self.columns = context, columns
        self.findings: list[tuple[int, Finding]] = []
        self.bad: list[tuple[int, list[Raw]]] = []
        self._from_1904, self._cut = from_1904, cut
        self._known = Customers(context.customers)
        self._groups = {
            name_key(text): group
            for group in context.groups
            for text in (group.code, group.name, group.name_en)
            if text
        }
        self._infos = {g.code: GroupInfo(g.polyolefin, g.hazardous) for g in context.groups}
        self._first: dict[str, tuple[int, CustomerFacts]] = {}
        self._given: dict[tuple[str, str], int] = {}
        self._good_rows: dict[str, list[int]] = {}
        self._bad_row: dict[str, int] = {}  # the first bad one of a customer

    def row(self, number: int, cells: list[Raw]) -> tuple[int, str] | None:
        """The row's draft as JSON, None where the row is bad."""
        width = len(self.columns.headings)
        findings: list[Finding] = []
        if not any(text_of(cell) for cell in cells):
            return None
        if self._cut and any(text_of(cell) for cell in cells[width:]):
            findings.append(Finding("", Reason("reason.row_too_long")))
        draft = self._draft(number, cells, findings)
        if draft is not None:
            findings.extend(self._checked(draft))
        self.findings.extend((number, finding) for finding in findings)
        key = name_key(self._text(cells, "name"))
        if draft is None or any(not finding.warning for finding in findings):
            self.bad.append((number, cells[:width]))
            self._bad_row.setdefault(key, number)
            return None
        self._good_rows.setdefault(key, []).append(number)
        return number, json.dumps(asdict(draft), ensure_ascii=False)

    def fallen(self) -> list[tuple[int, Finding]]:
        """The good rows of customers that have a bad one, each with that reason (C7.1): what is
        imported of a customer is all that the file says of it."""
        return [
            (number, Finding("name", Reason("reason.customer_row_bad", {"row": bad}, "C7.1")))
            for key, bad in self._bad_row.items()
            for number in self._good_rows.get(key, ())
        ]

    def _cell(self, cells: Sequence[Raw], field: str) -> Raw:
        place = self.columns.places.get(field, -1)
        return cells[place] if 0 <= place < len(cells) else ""

    def _text(self, cells: Sequence[Raw], field: str) -> str:
        return text_of(self._cell(cells, field))

    def _draft(self, number: int, cells: list[Raw], findings: list[Finding]) -> Draft | None:
        key = name_key(self._text(cells, "name"))
        if not key:
            findings.append(Finding("name", missing()))
            return None
        given = self._facts(cells, findings)
        first, facts = self._first.setdefault(key, (number, given))
        if first != number:
            findings.extend(_contradictions(given, facts, first))
        request = self._request(cells, key, number, findings)
        contacts = self._contacts(cells) if first == number else ()
        opinion = self._text(cells, "manager_opinion") if first == number else ""
        if request is None:
            return None
        return Draft(facts, (request,), contacts, opinion)

    def _facts(self, cells: list[Raw], findings: list[Finding]) -> CustomerFacts:
        texts = {name: self._text(cells, name) for name in FACTS}
        texts["profile"] = str(
            self._member(DocumentProfile, "profile", texts["profile"], _PROFILE_WORDS, findings)
            or DocumentProfile.MERGED
        )
        if texts["established_on"]:
            try:
                cell = self._cell(cells, "established_on")
                texts["established_on"] = self._any_day(cell).isoformat()
            except Invalid as error:
                findings.append(Finding("established_on", error.reasons[0]))
                texts["established_on"] = ""
        return normalise_facts(CustomerFacts(**texts))

    def _any_day(self, cell: Raw) -> date:
        """A day of any year, where it is a date cell or ISO text; else one that `day_of` takes."""
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        try:
            return date.fromisoformat(text_of(cell))
        except ValueError:
            return day_of(cell, self._from_1904)

    def _request(
        self, cells: list[Raw], key: str, number: int, findings: list[Finding]
    ) -> ClassRequest | None:
        text = self._text(cells, "group")
        group = self._groups.get(name_key(text))
        if group is None:
            params = {"group": shown(text)}
            reason = Reason("reason.group_unknown", params, "C3.1") if text else missing()
            findings.append(Finding("group", reason))
        given = self._text(cells, "customer_class")
        kind = self._member(CustomerClass, "customer_class", given, _CLASS_WORDS, findings)
        if not given:
            findings.append(Finding("customer_class", missing()))
        kg = self._kilograms("monthly_kg", cells, findings)
        answers: dict[str, Any] = {
            str(each): self._kilograms(each, cells, findings)
            if each is Condition.CAPACITY
            else self._text(cells, each)
            for each in ANSWERS
        }
        if group is None or kind is None:
            return None
        first = self._given.setdefault((key, group.code), number)
        if first != number:
            params = {"group": group.name}
            findings.append(Finding("group", Reason("reason.class_twice", params, "C10.1")))
        region, purpose = self._text(cells, "region"), self._text(cells, "purpose")
        return ClassRequest(group.code, kind, region, kg, purpose, **answers)

    def _kilograms(self, field: str, cells: list[Raw], findings: list[Finding]) -> int:
        value = self._cell(cells, field)
        if text_of(value) == "":
            return 0
        try:
            kg = kg_from_cell(value, self.columns.units.get(field, ""))
            return asked_kg(kg) if field == "monthly_kg" else kg
        except Invalid as error:
            findings.append(Finding(field, error.reasons[0]))
            return 0

    def _member(
        self,
        members: type[E],
        field: str,
        text: str,
        more: Mapping[str, E],
        findings: list[Finding],
    ) -> E | None:
        if not text:
            return None
        found = more.get(name_key(text)) or _words(members).get(name_key(text))
        if found is None:
            params = {"text": shown(text), "words": "、".join(_shown_words(members))}
            findings.append(Finding(field, Reason("reason.word_unknown", params)))
            return None
        return members(found)

    def _contacts(self, cells: list[Raw]) -> tuple[Contact, ...]:
        found = []
        for kind in ContactKind:
            name = self._text(cells, f"{kind}")
            if name:
                parts = {part: self._text(cells, f"{kind}_{part}") for part in _PARTS}
                found.append(Contact(kind, name, **parts))
        return tuple(found)

    def _checked(self, draft: Draft) -> list[Finding]:
        """What the rules say of a draft, and whether the customer is here already (C7.1)."""
        found = [
            Finding(_field_of(problem), problem.reason, _is_warning(problem, draft.facts))
            for problem in check_draft(draft, tuple(DocumentKind), self._infos)
        ]
        customer = self._known.existing(draft.facts.name, draft.facts.uscc)
        if customer is not None:
            params = {"name": customer.name, "code": customer.code}
            field = "uscc" if customer.uscc and customer.uscc == draft.facts.uscc else "name"
            found.append(Finding(field, Reason("reason.customer_exists", params, "C7.1")))
        return found


def _contradictions(given: CustomerFacts, held: CustomerFacts, first: int) -> Iterable[Finding]:
    """Facts of a later row that differ from those of the customer's first row."""
    for name in FACTS:
        text = getattr(given, name)
        if text and text != getattr(held, name) and name not in ("name", "profile"):
            params: dict[str, Param] = {"row": first, "text": shown(getattr(held, name))}
            yield Finding(name, Reason("reason.customer_rows_differ", params))


def _field_of(problem: Problem) -> str:
    """The column that a place of the form stands for."""
    parts = problem.place.split(".")
    if parts[0] == "classes":
        return parts[2] if len(parts) == 3 else "group"
    return "name" if parts[0] == "contacts" else parts[0]


def _is_warning(problem: Problem, facts: CustomerFacts) -> bool:
    """Missing facts, and codes of which the check digit alone fails: a reviewer may accept them."""
    if problem.warning or problem.reason.code in _MAY_LACK:
        return True
    if problem.place not in tuple(CodeKind):
        return False
    return check(CodeKind(problem.place), getattr(facts, problem.place)).digit_only


def _shown_words(members: type[StrEnum]) -> list[str]:
    return [_(LABELS[f"{members.__name__}.{member}"]) for member in members]


def draft_row(data: Sequence[object]) -> DraftRow:
    """The row that `CustomerChecker.row` made JSON of."""
    stored = json.loads(str(data[1]))
    classes = tuple(
        ClassRequest(**{**each, "customer_class": CustomerClass(each["customer_class"])})
        for each in stored["classes"]
    )
    contacts = tuple(
        Contact(**{**each, "kind": ContactKind(each["kind"])}) for each in stored["contacts"]
    )
    facts = CustomerFacts(**stored["facts"])
    return DraftRow(int(str(data[0])), Draft(facts, classes, contacts, stored["manager_opinion"]))


def merged(rows: Iterable[Row]) -> list[Row]:
    """One row per customer: the first, with the classes of all."""
    found: dict[str, DraftRow] = {}
    for row in rows:
        assert isinstance(row, DraftRow)
        key = name_key(row.draft.facts.name)
        first = found.get(key)
        if first is None:
            found[key] = row
        else:
            classes = (*first.draft.classes, *row.draft.classes)
            draft = replace(first.draft, classes=classes)
            found[key] = first._replace(draft=draft, others=(*first.others, row.row))
    return list(found.values())
