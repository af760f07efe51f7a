"""Filled forms and reports for the tests of this folder."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

from chemsales.reports import file_card
from chemsales.reports.agent_licence import AgentLicence
from chemsales.reports.application_form import ApplicationForm, ClassLine, DocumentLine
from chemsales.reports.content import Footer, Group, Opinion
from chemsales.reports.dispatch_note import ClassLine as ClassOfNote
from chemsales.reports.dispatch_note import DispatchNote
from chemsales.reports.disqualification import DisqualificationForm
from chemsales.reports.duties import BreachLine, ChainCount, DelegationLine, Duties, SignedLine
from chemsales.reports.evaluation_sheet import GroupPart, IndicatorLine, MonthLine, Sheet
from chemsales.reports.operating_meeting import Meeting, MeetingRow, MissingRow, MonthTotal
from chemsales.reports.renewal_letter import PaperLine, RenewalLetter
from chemsales.rules.admission import CONDITIONS
from chemsales.rules.approval import StageName, Verdict
from chemsales.rules.classification import CustomerClass, SalesForm
from chemsales.rules.complaints import ComplaintState, Severity
from chemsales.rules.customer import (
    Contact,
    ContactKind,
    CustomerFacts,
    CustomerStatus,
    DocumentKind,
)
from chemsales.rules.dispatch import What
from chemsales.rules.disqualification import Ground
from chemsales.rules.documents import ScanSource
from chemsales.rules.errors import Reason
from chemsales.rules.evaluation import Grade, Indicator
from chemsales.rules.history import FieldChange
from chemsales.rules.licences import LicenceState
from chemsales.rules.roles import Role
from chemsales.rules.tiers import Level
from chemsales.rules.visits import VisitWay

HASH = "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592"
LONG = (
    "新疆维吾尔自治区乌鲁木齐经济技术开发区（头屯河区）阿不都热依木·买买提《丝绸之路》"
    "国际化工新材料进出口贸易与供应链管理股份有限公司第二分公司"
)
ADMITTED = "见审计报告（2023—2025）与银行授信证明；仓储自有。"
PO = Group("PO", "聚烯烃", "Polyolefins")
BZ = Group("BZ", "纯苯", "Benzene")
MONTHS = ("2026-07", "2026-08", "2026-09")


def opinion(stage: StageName, verdict: Verdict, signer: str, comment: str, turn: int) -> Opinion:
    return Opinion(stage, verdict, signer, f"2026-07-0{turn} 10:00", comment, turn)


def form() -> ApplicationForm:
    """An accredited dealer, once returned."""
    rounds = (
        opinion(StageName.APPLICANT, Verdict.SUBMIT, "张伟", "", 1),
        opinion(StageName.SALES, Verdict.RETURN, "王芳", "缺开户许可证。", 1),
        opinion(StageName.APPLICANT, Verdict.SUBMIT, "张伟", "", 2),
        opinion(StageName.SALES, Verdict.APPROVE, "王芳", "资质齐全、真实、有效。", 2),
        opinion(StageName.FINANCE, Verdict.APPROVE, "李强", "开票资料与税务登记一致。", 2),
        opinion(StageName.GENERAL_MANAGER, Verdict.APPROVE, "赵敏", "同意。", 2),
    )
    return ApplicationForm(
        company="石油销售公司化工品销售部",
        number="SQ2026-0017",
        applied_on="2026-07-01",
        facts=CustomerFacts(
            name="宁波华塑新材料贸易有限公司",
            short_name="华塑新材",
            uscc="91330201MA2AGXXX3K",
            established_on="2015-04-18",
            legal_person="陈志远",
            registered_address="浙江省宁波市北仑区恒山西路518号",
            bank="中国工商银行宁波北仑支行",
            account="3901 1800 0920 0123 456",
            invoice_address="宁波市北仑区恒山西路518号",
            invoice_phone="0574-8688 1234",
        ),
        classes=(
            ClassLine(
                PO,
                CustomerClass.DEALER,
                "宁波",
                1_200_000,
                "注塑",
                Level.AUCTION,
                SalesForm.AUCTION,
            ),
            ClassLine(
                BZ,
                CustomerClass.AGENT,
                "浙江",
                300_000,
                answers=tuple((each, ADMITTED) for each in CONDITIONS[CustomerClass.AGENT]),
            ),
        ),
        contacts=(
            Contact(ContactKind.PRINCIPAL, "陈志远", "总经理", "13800000001", "c@h.example"),
        ),
        documents=(
            DocumentLine(DocumentKind.BUSINESS_LICENCE, "营业执照.pdf", "913302", long_term=True),
            DocumentLine(DocumentKind.NATIONAL_TAX, attached=False, covered=True),
            DocumentLine(DocumentKind.HAZARDOUS_LICENCE, attached=False),
            DocumentLine(
                DocumentKind.AUTHORISATION,
                "授权.pdf",
                valid_from="2026-01-01",
                valid_to="2026-12-31",
            ),
        ),
        manager="张伟",
        manager_opinion="渠道稳定,建议准入。",
        opinions=rounds,
        customer_code="K0017",
        filed_on="2026-07-03",
        footer=Footer(HASH, 1234, 1, "C7.1 C7.2"),
    )


def part(group: Group = PO, months: tuple[str, ...] = MONTHS) -> GroupPart:
    """A dealer with three indicators that have data."""
    values: dict[Indicator, tuple[int, Decimal | None]] = {
        Indicator.COMPLETION: (40, Decimal("95.936")),
        Indicator.EVENNESS: (25, Decimal("77.68")),
        Indicator.COOPERATION: (10, Decimal(88)),
        Indicator.PAYMENT: (10, None),
        Indicator.CREDIT: (10, None),
        Indicator.MARKET_INFO: (5, None),
    }
    params = {"take": "3,501.750", "plan": "3,650.000", "percent": "95.94"}
    return GroupPart(
        group,
        CustomerClass.DEALER,
        tuple(
            MonthLine(month, 1_000_000 + 98_765 * n, 1_100_000, 4_000 * n)
            for n, month in enumerate(months)
        ),
        tuple(
            IndicatorLine(
                indicator,
                weight,
                value,
                value * weight / 100 if value is not None else None,
                reasons=(Reason("reason.completion_made", params, "C16.1"),),
            )
            for indicator, (weight, value) in values.items()
        ),
        Decimal("88.795"),
        Grade.GOOD,
        75,
        region="宁波",
        level=Level.ORDINARY,
        suggested_level=Level.ONE_STAR,
        suggestion=(Reason("reason.completion_made", params, "C9.2"),),
        previous_score=Decimal("83.11"),
        rank=7,
        ranked=42,
    )


def sheet() -> Sheet:
    return Sheet(
        company="石油销售公司化工品销售部",
        period="2026Q3",
        customer_code="K0017",
        customer_name="宁波华塑新材料贸易有限公司",
        manager="张伟",
        parts=(part(),),
        opinions=(opinion(StageName.SALES, Verdict.APPROVE, "王芳", "同意。", 2),),
        footer=Footer(HASH, 4321, 2, "C16.1 C9.2"),
    )


def meeting(rows: int = 12) -> Meeting:
    grades, levels, classes = tuple(Grade), tuple(Level), tuple(CustomerClass)
    return Meeting(
        company="石油销售公司化工品销售部",
        period="2026Q3",
        groups=(PO, BZ),
        months=tuple(MonthTotal(month, True, (123_456_789, 22_000_500)) for month in MONTHS),
        rows=tuple(
            MeetingRow(
                f"K{n:04d}",
                f"宁波第{n}贸易有限公司",
                (PO, BZ)[n % 2],
                classes[n % 3],
                n * 1_234_567,
                n * 1_300_000,
                grades[n % 5],
                Decimal(n) if n % 5 != 4 else None,
                Decimal(n) / 3,
                None,
                Decimal(88),
                levels[n % 5] if n % 2 == 0 else None,
            )
            for n in range(rows)
        ),
        missing=(
            MissingRow("K9001", "无月份公司", (Reason("reason.no_closed_month", {}, "C16.1"),)),
        ),
        footer=Footer(HASH, 99, 3, "C16.1 C16.2"),
    )


def disqualification() -> DisqualificationForm:
    """Decided by all three stages, once returned."""
    rounds = (
        opinion(StageName.APPLICANT, Verdict.SUBMIT, "张伟", "", 1),
        opinion(StageName.SALES, Verdict.RETURN, "王芳", "请补充回函原件。", 1),
        opinion(StageName.APPLICANT, Verdict.SUBMIT, "张伟", "", 2),
        opinion(StageName.SALES, Verdict.APPROVE, "王芳", "属实。", 2),
        opinion(StageName.FINANCE, Verdict.APPROVE, "李强", "账款已结清。", 2),
        opinion(StageName.GENERAL_MANAGER, Verdict.APPROVE, "赵敏", "同意。", 2),
    )
    return DisqualificationForm(
        company="石油销售公司化工品销售部",
        number="QX2026-0001",
        proposed_on="2026-07-01",
        proposer="张伟",
        customer_code="K0017",
        customer_name="宁波华塑新材料贸易有限公司",
        uscc="91330201MA2AGXXX3K",
        legal_person="陈志远",
        accredited_on="2024-07-03",
        manager="张伟",
        ground=Ground.LOSS,
        facts="提交的许可证系伪造，\n发证机关书面确认未核发。",
        occurred_on="2026-06-28",
        loss_fen=1_234_567_89,
        papers=("发证机关回函.pdf", "催收记录.pdf"),
        effects=(
            Reason(
                "reason.effect_order",
                {
                    "month": "2026-08",
                    "group": "聚烯烃",
                    "group_en": "Polyolefins",
                    "tonnes": "1,060.000",
                    "taken": "120.500",
                    "open": "939.500",
                },
                "C10.4",
            ),
            Reason("reason.effect_plan", {"month": "2026-09", "tonnes": "60.000"}, "C17.1"),
        ),
        opinions=rounds,
        decided_on="2026-07-06",
        footer=Footer(HASH, 77, 2, "C17.1"),
    )


def duties() -> Duties:
    """With a breach, a delegation and a signature that was given by it."""
    return Duties(
        company="石油销售公司化工品销售部",
        period="2026Q3",
        day="2026-08-15",
        finished=False,
        chains=(ChainCount("accreditation", 12, 36, 3, 1), ChainCount("evaluation", 1, 1, 0, 0)),
        breaches=(
            BreachLine(
                "宁波华塑新材料贸易有限公司", "SQ2026-0017", "李强",
                (StageName.SALES, StageName.FINANCE),
            ),
        ),
        delegations=(
            DelegationLine(
                "王芳", "赵敏", Role.SALES_HEAD, "2026-07-06", "2026-07-10", "赴大连参加调度会",
                "2026-07-05 16:00", "2026-07-08 09:00", 3,
            ),
        ),
        signed=(
            SignedLine(
                "宁波华塑新材料贸易有限公司", "SQ2026-0017", StageName.SALES, Verdict.APPROVE,
                "赵敏", "王芳", "2026-07-06 10:00",
            ),
        ),
        footer=Footer(HASH, 555, 1, "C7.2"),
    )  # fmt: skip


def card() -> file_card.FileCard:
    """A customer with some of everything."""
    return file_card.FileCard(
        company="石油销售公司化工品销售部",
        day="2026-07-06",
        code="K0017",
        version=4,
        facts=form().facts,
        status=CustomerStatus.ACCREDITED,
        level=Level.ONE_STAR,
        form=SalesForm.PLAN,
        manager="刘洋",
        accredited_on="2024-07-03",
        application="SQ2024-0017",
        owners=(
            file_card.OwnerLine("张伟", "2024-07-03", "2026-05-05"),
            file_card.OwnerLine("刘洋", "2026-05-06", "", "张伟调离"),
        ),
        contacts=form().contacts,
        classes=(
            file_card.ClassLine("聚烯烃", CustomerClass.DEALER, "华东", "2024-07-03", "2025-12-31"),
            file_card.ClassLine("聚烯烃", CustomerClass.DIRECT, "华东", "2026-01-01"),
        ),
        months=(
            file_card.MonthLine("2026-06", 1_234_500, 1_500_000, Level.ONE_STAR),
            file_card.MonthLine("2026-05", 0, 900_000),
        ),
        grades=(file_card.GradeLine("2026Q2", "聚烯烃", "87.25", Grade.GOOD, "2026-07-05"),),
        visits=(
            file_card.VisitLine("2026-06-30", VisitWay.PHONE, "刘洋", "陈志远 总经理"),
            file_card.VisitLine("2026-03-18", VisitWay.ELSEWHERE, "张伟", "采购部"),
        ),
        licences=(
            file_card.LicenceLine(
                DocumentKind.BUSINESS_LICENCE, "913302", "宁波市市场监督管理局", "2024-01-01", "",
                "2024-07-03",
            ),
            file_card.LicenceLine(
                DocumentKind.BUSINESS_LICENCE, "913301", "宁波市市场监督管理局", "2019-01-01",
                "2024-06-30", "2019-02-01", LicenceState.REPLACED,
            ),
        ),
        complaints=(
            file_card.ComplaintLine(
                "T-2026-0003", "2026-06-30", Severity.MAJOR, ComplaintState.LATE
            ),
        ),
        events=(
            file_card.EventLine(
                "2026-05-06", Reason("reason.event_handed", {"name": "刘洋", "why": "调离"})
            ),
        ),
        files=(
            file_card.FileLine(
                DocumentKind.BUSINESS_LICENCE, ScanSource.APPLICATION, "营业执照.pdf"
            ),
            file_card.FileLine(None, ScanSource.CUSTOMER_CHANGE, "开户许可证.pdf"),
        ),
        footer=Footer(HASH, 42, 3, "C8.1"),
    )  # fmt: skip


def letter() -> RenewalLetter:
    """One paper that has ended, one that ends, and a proof."""
    licence, hazardous = DocumentKind.BUSINESS_LICENCE, DocumentKind.HAZARDOUS_LICENCE
    return RenewalLetter(
        company="石油销售公司化工品销售部",
        number="K0017-20260706",
        customer_code="K0017",
        customer_name="宁波华塑新材料贸易有限公司",
        address="浙江省宁波市北仑区恒山西路518号",
        manager="张伟",
        written_on="2026-07-06",
        papers=(
            PaperLine(licence, "913302", "2026-06-20", -16),
            PaperLine(hazardous, "甬危化经字〔2023〕0017", "2026-07-31", 25),
            PaperLine(hazardous, "受理 2026-0618", "2026-08-30", 55, proof=True),
        ),
        footer=Footer(HASH, 31, 4, "C15.1 C15.2", "8K2M-Q0ZT-4XWA"),
    )


def agent() -> AgentLicence:
    """The licence of an exclusive agent."""
    return AgentLicence(
        company="石油销售公司化工品销售部",
        number="DL2026-0017",
        customer_code="K0017",
        customer_name="宁波华塑新材料贸易有限公司",
        uscc="91330201MA2AGXXX3K",
        group=BZ,
        region="浙江",
        from_day="2026-07-06",
        to_day="2026-12-31",
        issued_on="2026-07-06",
        footer=Footer(HASH, 88, 2, "C10.3 C10.5", "8K2M-Q0ZT-4XWA"),
    )


def note() -> DispatchNote:
    """A change of class and of the bank account, sent to an office."""
    return DispatchNote(
        company="石油销售公司化工品销售部",
        number="BS2026-0012",
        what=What.CHANGE,
        office_code="QD",
        office="青岛驻厂办",
        office_en="Qingdao office",
        made_on="2026-07-06",
        made_by="张伟",
        sent_on="2026-07-06",
        sent_by="王芳",
        acknowledged_on="2026-07-08",
        receipt="收发室 刘工",
        customer_code="C00017",
        accredited_on="2026-05-07",
        manager="张伟",
        facts=form().facts,
        classes=(ClassOfNote(PO, CustomerClass.DIRECT, "华东", "2026-07-06"),),
        contacts=(Contact(ContactKind.BUSINESS, "吴敏", "经理", "13805320017", "wu@example.com"),),
        changes=(
            FieldChange("customer_class", "dealer", "direct", "PO"),
            FieldChange("account", "3310010101", "3310020202"),
            FieldChange("business_address", "", "宁波市北仑区恒山西路518号"),
        ),
        footer=Footer(HASH, 88, 2, "C4.7 C8.2"),
    )


def filled(data: Any, text: str) -> Any:
    """The same data with `text` in every field that a person types; days and periods stay."""
    kept = {"period", "month", "applied_on", "filed_on", "signed_at", "valid_from", "valid_to"}
    kept |= {"profile", "established_on", "code", "clause", "inputs_hash", "citation", "number"}
    kept |= {"proposed_on", "accredited_on", "occurred_on", "decided_on", "written_on"}
    kept |= {"from_day", "to_day", "issued_on"}
    kept |= {"chain", "day", "first", "last", "made_at", "revoked_at"}
    if isinstance(data, tuple):
        return tuple(filled(one, text) for one in data)
    if not is_dataclass(data) or isinstance(data, Reason):
        return text if type(data) is str else data
    changes = {
        one.name: filled(getattr(data, one.name), text)
        for one in fields(data)
        if one.name not in kept and not isinstance(getattr(data, one.name), Enum)
    }
    return replace(data, **changes)  # type: ignore[type-var]
