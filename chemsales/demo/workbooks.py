"""The sample as workbooks with Chinese headings, and scans to try (resources/samples)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import chemsales.demo.offtake as offtake
import chemsales.demo.scans as scans
from chemsales.demo.customers import DRAFT, SampleCustomer, accredited, waiting
from chemsales.demo.offtake import SamplePickup, SamplePlan
from chemsales.rules.admission import Condition
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ContactKind, DocumentKind, DocumentProfile

Cell = str | int | float | date
CREATED = datetime(2026, 9, 30)

CUSTOMERS = "客户资料.xlsx"
WAITING = "新客户申请 2026-10.xlsx"
ERRORS = "提货 2026-10 含错误.xlsx"
CLASS_WORDS = {
    CustomerClass.DIRECT: "直销客户",
    CustomerClass.AGENT: "独家代理商",
    CustomerClass.DEALER: "经销商",
}
PROFILE_WORDS = {DocumentProfile.MERGED: "三证合一", DocumentProfile.LEGACY: "旧证照"}
GROUP_WORDS = {"PO": "聚烯烃", "BZ": "纯苯", "EG": "乙二醇"}
FACT_HEADINGS = {
    "name": "客户名称", "short_name": "简称", "profile": "证照类型", "uscc": "统一社会信用代码",
    "licence15": "营业执照注册号", "org9": "组织机构代码", "national_tax_no": "国税登记证号",
    "local_tax_no": "地税登记证号", "enterprise_type": "企业类型", "established_on": "成立日期",
    "business_term": "经营期限", "registered_capital": "注册资本", "legal_person": "法定代表人",
    "registered_address": "注册地址", "business_address": "经营地址", "business_scope": "经营范围",
    "industry": "所属行业", "bank": "开户行", "account": "账号", "invoice_address": "通讯地址",
    "invoice_phone": "电话", "taxpayer_kind": "纳税人类别", "invoice_type": "发票类型",
}  # fmt: skip
CLASS_HEADINGS = ("产品组", "客户分类", "销售区域", "预计月提货量(吨)", "拟购产品用途")
ANSWER_HEADINGS = {
    Condition.PRODUCTION: "生产规模",
    Condition.CAPACITY: "年产能(吨)",
    Condition.CREDIT: "资金诚信",
    Condition.NO_RESALE: "承诺不再销售",
    Condition.OPERATION: "经营理念",
    Condition.FUNDS: "资金实力",
    Condition.REPUTATION: "市场信誉",
    Condition.ABILITY: "经营能力",
    Condition.ONLY_OURS: "承诺只经营本公司化工产品",
}
CONTACT_WORDS = {
    ContactKind.PRINCIPAL: "负责人",
    ContactKind.BUSINESS: "业务联系人",
    ContactKind.FINANCE: "财务联系人",
    ContactKind.PICKUP: "提货人",
}
PICKUP_HEADINGS = ("提货日期", "客户名称", "产品", "提货量(吨)", "类型", "提货单号", "库位")
PLAN_HEADINGS = ("月份", "客户名称", "产品", "计划量(吨)", "公司欠供量(吨)")
PRODUCT_WORDS = {
    "PP-T30S": "聚丙烯 T30S",
    "PE-7042": "线型聚乙烯 7042",
    "PE-5000S": "高密度聚乙烯 5000S",
    "BZ-545": "石油苯 545",
    "MEG": "乙二醇 优等品",
}


def pickups_file(month: str) -> str:
    """The name of a month's pick-up workbook."""
    return f"提货 {month}.xlsx"


def plans_file(month: str) -> str:
    """The name of a month's plan workbook."""
    return f"计划 {month}.xlsx"


def generate(folder: Path) -> list[Path]:
    """Write every sample file into `folder`; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [
        _write(folder / CUSTOMERS, customer_headings(), customer_rows(accredited())),
        _write(folder / WAITING, customer_headings(), customer_rows(waiting())),
    ]
    taken = {month: offtake.pickups(month) for month in offtake.MONTHS}
    taken[offtake.NEXT_MONTH] = offtake.next_pickups()
    for month, pickups in taken.items():
        rows = pickup_rows(pickups)
        made.append(_write(folder / pickups_file(month), PICKUP_HEADINGS, rows))
        lines = plan_rows(offtake.plans(month))
        made.append(_write(folder / plans_file(month), PLAN_HEADINGS, lines))
    made.append(_write(folder / ERRORS, PICKUP_HEADINGS, error_rows()))
    return made + _scans(folder)


def _scans(folder: Path) -> list[Path]:
    """The papers of an application still in draft, to attach by hand: two pictures and a PDF."""
    customer = waiting()[DRAFT]
    files = {
        "扫描件 营业执照.png": scans.png(DocumentKind.BUSINESS_LICENCE, customer),
        "扫描件 开票资料.pdf": scans.pdf(DocumentKind.INVOICE_DATA, customer),
        "扫描件 危险化学品经营许可证.png": scans.png(DocumentKind.HAZARDOUS_LICENCE, customer),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def customer_headings() -> list[str]:
    """The headings of a customer workbook; the same names `import customers` looks for."""
    contacts = [word + tail for word in CONTACT_WORDS.values() for tail in ("", "职务", "电话")]
    facts = [*FACT_HEADINGS.values(), *CLASS_HEADINGS, *ANSWER_HEADINGS.values()]
    return ["申请日期", "客户经理", *facts, *contacts, "客户经理意见"]


def customer_rows(customers: Iterable[SampleCustomer]) -> Iterable[list[Cell]]:
    """One row for every customer and product group."""
    for customer in customers:
        draft = customer.draft
        facts: list[Cell] = [
            PROFILE_WORDS[DocumentProfile(draft.facts.profile)] if name == "profile"
            else str(getattr(draft.facts, name))
            for name in FACT_HEADINGS
        ]  # fmt: skip
        contacts = [text for c in draft.contacts for text in (c.name, c.title, c.phone)]
        for request in draft.classes:
            group: list[Cell] = [
                GROUP_WORDS[request.group_code],
                CLASS_WORDS[request.customer_class],
                request.region,
                request.monthly_kg / 1000,
                request.purpose,
                *(_answer(getattr(request, each)) for each in ANSWER_HEADINGS),
            ]
            yield [
                customer.applied_on, customer.manager, *facts, *group, *contacts,
                draft.manager_opinion,
            ]  # fmt: skip


def _answer(answer: str | int) -> Cell:
    """As it is written: a capacity in tonnes, nothing where it is not asked for."""
    return answer if isinstance(answer, str) else answer / 1000 or ""


def pickup_rows(pickups: Iterable[SamplePickup]) -> Iterable[list[Cell]]:
    """Rows under PICKUP_HEADINGS; tonnes, negative for goods returned."""
    for row in pickups:
        yield [
            row.day, row.customer, PRODUCT_WORDS[row.product], row.kg / 1000,
            "退货" if row.kg < 0 else "提货", row.note_no, row.warehouse,
        ]  # fmt: skip


def plan_rows(plans: Iterable[SamplePlan]) -> Iterable[list[Cell]]:
    """Rows under PLAN_HEADINGS, in tonnes."""
    for row in plans:
        yield [
            row.month, row.customer, PRODUCT_WORDS[row.product], row.kg / 1000, row.short_kg / 1000
        ]  # fmt: skip


def error_rows() -> list[list[Cell]]:
    """A pick-up sheet as it comes from a desk: six good rows and everything that goes wrong."""
    names = [customer.name for customer in accredited()[:6]]
    product = PRODUCT_WORDS["PP-T30S"]
    day, store = date(2026, 10, 9), "一号成品库"
    good: list[list[Cell]] = [
        [day, name, product, 32.5 + place, "提货", f"TH2610-E{place:02d}", store]
        for place, name in enumerate(names)
    ]
    wrong: list[list[Cell]] = [
        [day, "无此客户有限公司", product, 30, "提货", "TH2610-E10", store],
        [day, names[0], "不存在的牌号", 30, "提货", "TH2610-E11", store],
        ["2026-02-30", names[0], product, 30, "提货", "TH2610-E12", store],
        ["03/04/2026", names[0], product, 30, "提货", "TH2610-E13", store],
        [date(2027, 3, 1), names[0], product, 30, "提货", "TH2610-E14", store],
        [date(2026, 9, 30), names[0], product, 30, "提货", "TH2610-E15", store],
        [day, names[1], product, "1.234,5", "提货", "TH2610-E16", store],
        [day, names[1], product, "三十吨", "提货", "TH2610-E17", store],
        [day, names[1], product, -30, "提货", "TH2610-E18", store],
        [day, names[1], product, 0, "提货", "TH2610-E19", store],
        [day, names[1], product, 30.0005, "提货", "TH2610-E20", store],
        [day, names[1], product, "", "提货", "TH2610-E21", store],
        [day, names[2], product, 1e9, "提货", "TH2610-E22", store],
        ["", names[2], product, 30, "提货", "TH2610-E23", store],
    ]
    return good + wrong


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    import xlsxwriter

    options = {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False}
    book = xlsxwriter.Workbook(path, options)
    book.set_properties({"title": path.stem, "created": CREATED})
    sheet = book.add_worksheet("数据")
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 16)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, head)
    for place, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _cell(sheet, place, column, cell)
    book.close()
    return path


def _cell(sheet: object, row: int, column: int, cell: Cell) -> None:
    write = {str: "write_string", date: "write_datetime"}.get(type(cell), "write_number")
    getattr(sheet, write)(row, column, cell)
