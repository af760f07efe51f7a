"""The fictional customers: sixty that are accredited, and the applications still under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import chemsales.demo.pools as pools
from chemsales.rules.admission import Condition, conditions_of
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import (
    ClassRequest,
    Contact,
    ContactKind,
    CustomerFacts,
    DocumentKind,
    DocumentProfile,
    Draft,
)

SEED = 20260930
MANAGERS = ("am", "am2")
# where each application of October 2026 stands: how many stages approved it, or what became of it
STANDINGS = (
    "0", "draft", "incomplete", "0", "1", "1", "2", "2", "returned", "rejected",
)  # fmt: skip
DRAFT = STANDINGS.index("draft")
# business licences that end while one looks: 5, 25 and 80 days after the sample's history, one that
# has expired, one that was renewed late, one that goes on by a proof
EXPIRED, RENEWED, PROVEN = 25, 28, 34
LICENCES_END = {
    4: date(2026, 10, 17), 10: date(2026, 11, 6), 16: date(2026, 12, 31),
    EXPIRED: date(2026, 10, 5), RENEWED: date(2026, 9, 19), PROVEN: date(2026, 10, 7),
}  # fmt: skip
PURPOSES = {
    "PO": ("包装膜生产", "注塑制品", "编织袋", "管材", "贸易销售"),
    "BZ": ("苯乙烯原料", "环己酮原料", "贸易销售"),
    "EG": ("聚酯切片", "防冻液", "贸易销售"),
}
TRADES_DEALER = ("化工贸易", "石化贸易", "供应链管理", "塑料贸易", "能源贸易")
TRADES_DIRECT = ("塑业", "新材料", "包装材料", "管业", "薄膜科技", "化纤")


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """One application of the sample and what becomes of it."""

    number: int
    applied_on: date
    manager: str
    draft: Draft
    documents: tuple[DocumentKind, ...]
    licence_to: date | None  # the business licence's last day, None for a long-term one

    @property
    def name(self) -> str:
        """The customer's name."""
        return self.draft.facts.name

    def class_in(self, group: str) -> CustomerClass | None:
        """The class asked for in a product group, None where there is none."""
        found = [c.customer_class for c in self.draft.classes if c.group_code == group]
        return found[0] if found else None


def _classes(index: int) -> tuple[tuple[str, CustomerClass], ...]:
    """The product groups and classes of customer `index`: 38 polyolefin dealers, 6 direct users,
    16 of the other groups, some in several groups at once (C3.1)."""
    direct, agent, dealer = CustomerClass.DIRECT, CustomerClass.AGENT, CustomerClass.DEALER
    if index < 38:
        extra: dict[int, tuple[tuple[str, CustomerClass], ...]] = {
            5: (("BZ", agent),), 14: (("EG", dealer),), 23: (("BZ", dealer), ("EG", agent)),
            31: (("EG", agent),),
        }  # fmt: skip
        return (("PO", dealer), *extra.get(index, ()))
    if index >= 60:
        return (("BZ", agent),) if index % 2 else (("PO", dealer),)
    if index < 44:
        return (("PO", direct), *((("EG", direct),) if index == 40 else ()))
    kinds = (direct, agent, dealer)
    group = "BZ" if index % 2 else "EG"
    return ((group, kinds[(index // 2) % 3]),)


def _name(index: int, city: str, direct: bool) -> str:
    if index == 7:
        return "宁屿经济技术开发区华屿高分子复合材料与特种包装膜制造股份有限公司"
    if index == 19:
        return "北岚晟淼龘达（集团）化工贸易有限公司"
    trades = TRADES_DIRECT if direct else TRADES_DEALER
    return f"{city[:-1]}{pools.BRANDS[index]}{trades[index % len(trades)]}有限公司"


def _facts(index: int, rng: Random, city: tuple[str, str, str], direct: bool) -> CustomerFacts:
    place, province, _ = city
    name = _name(index, place, direct)
    serial = 1000 + index
    legacy = index in (11, 46)
    address = f"{place}{rng.choice(pools.STREETS)}{rng.randrange(1, 400)}号"
    code = "" if legacy else pools.uscc(province, serial)
    return CustomerFacts(
        name=name,
        short_name=pools.BRANDS[index],
        profile=DocumentProfile.LEGACY if legacy else DocumentProfile.MERGED,
        uscc=code,
        licence15=pools.licence15(province, serial) if legacy else "",
        org9=pools.organisation_code(serial) if legacy else "",
        national_tax_no=province + pools.organisation_code(serial) if legacy else "",
        local_tax_no=province + pools.organisation_code(serial) if legacy else "",
        enterprise_type="有限责任公司",
        established_on=date(rng.randrange(1998, 2020), rng.randrange(1, 13), 8).isoformat(),
        business_term="长期",
        registered_capital=f"{rng.choice((500, 1000, 2000, 5000, 10000))}万元",
        legal_person=pools.person(rng),
        registered_address=address,
        business_address=address,
        business_scope="塑料制品生产、销售" if direct else "化工产品（按许可证所列项目）销售",
        industry="橡胶和塑料制品业" if direct else "批发业",
        bank=f"{rng.choice(pools.BANKS)}{place[:-1]}支行",
        account=f"99{rng.randrange(10**16, 10**17)}",
        invoice_address=address,
        invoice_phone=pools.phone(serial),
        taxpayer_kind="一般纳税人",
        invoice_type="增值税专用发票",
    )


def _contacts(serial: int, rng: Random) -> tuple[Contact, ...]:
    titles = {
        ContactKind.PRINCIPAL: "总经理",
        ContactKind.BUSINESS: "采购经理",
        ContactKind.FINANCE: "财务主管",
        ContactKind.PICKUP: "提货员",
    }
    return tuple(
        Contact(kind, pools.person(rng), title, pools.phone(serial * 10 + place))
        for place, (kind, title) in enumerate(titles.items())
    )


def _documents(facts: CustomerFacts, groups: set[str]) -> tuple[DocumentKind, ...]:
    kinds = [DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA]
    if facts.profile == DocumentProfile.LEGACY:
        kinds += [
            DocumentKind.NATIONAL_TAX,
            DocumentKind.LOCAL_TAX,
            DocumentKind.ORGANISATION_CODE,
        ]
    if "BZ" in groups:
        kinds.append(DocumentKind.HAZARDOUS_LICENCE)
    return tuple(kinds)


_ANSWERS: dict[Condition, str] = {
    Condition.PRODUCTION: "自有生产装置，已实地查看；见排污许可证",
    Condition.CREDIT: "近三年审计报告；银行资信证明 AA",
    Condition.NO_RESALE: "自用不再销售承诺书（已盖章）",
    Condition.OPERATION: "从事化工品经营十年以上，无失信记录",
    Condition.FUNDS: "见审计报告与银行授信证明",
    Condition.REPUTATION: "省级守合同重信用企业",
    Condition.ABILITY: "自有仓储与运输车队，见客户走访记录",
    Condition.ONLY_OURS: "只经营本公司产品承诺书（已盖章）",
}


def answers(index: int, group: str, wanted: CustomerClass) -> dict[str, Any]:
    """What a class outside the polyolefins is admitted on (C10.2, C10.3, C10.7)."""
    asked = conditions_of(wanted, polyolefin=group == "PO")
    found: dict[str, Any] = {str(each): _ANSWERS[each] for each in asked if each in _ANSWERS}
    if Condition.CAPACITY in asked:
        found[str(Condition.CAPACITY)] = (20 + index % 9 * 10) * 1_000_000
    return found


def _customer(index: int, applied_on: date) -> SampleCustomer:
    rng = Random(f"{SEED}-customer-{index}")
    city = pools.CITIES[index % len(pools.CITIES)]
    pairs = _classes(index)
    direct = pairs[0][1] is CustomerClass.DIRECT
    facts = _facts(index, rng, city, direct)
    classes = tuple(
        ClassRequest(
            group,
            customer_class,
            region=city[2],
            monthly_kg=rng.randrange(2, 30) * 100_000,
            purpose=PURPOSES[group][0] if direct else PURPOSES[group][-1],
            **answers(index, group, customer_class),
        )
        for group, customer_class in pairs
    )
    draft = Draft(facts, classes, _contacts(1000 + index, rng), "已实地核实，材料齐全，建议准入。")
    groups = {group for group, _ in pairs}
    ends = LICENCES_END.get(index) or (None if index % 3 else date(2027 + index % 5, 6, 30))
    return SampleCustomer(
        index + 1, applied_on, MANAGERS[index % 2], draft, _documents(facts, groups), ends
    )


def _applied_on(index: int) -> date:
    """Most are there from the start; nine come during the eighteen months (A.X 22)."""
    late = {
        9: date(2025, 6, 3), 18: date(2025, 8, 12), 27: date(2025, 11, 5), 33: date(2026, 1, 14),
        36: date(2026, 3, 10), 43: date(2026, 5, 19), 49: date(2026, 7, 7), 53: date(2026, 8, 4),
        59: date(2026, 8, 17),
    }  # fmt: skip
    return late.get(index, date(2025, 3, 3) + timedelta(days=index % 12))


@cache
def accredited() -> tuple[SampleCustomer, ...]:
    """The sixty customers of the department, by number."""
    return tuple(_customer(index, _applied_on(index)) for index in range(60))


@cache
def waiting() -> tuple[SampleCustomer, ...]:
    """Ten applications of October 2026, in the order of STANDINGS."""
    return tuple(_customer(60 + place, date(2026, 10, 8)) for place in range(len(STANDINGS)))
