"""The columns of each kind of file, by the headings that they go by in Chinese and English."""

from __future__ import annotations

from chemsales.exchange.columns import Field, Layout
from chemsales.rules.offtake import BatchKind

CUSTOMER = (
    Field(
        "customer_name",
        (
            "客户名称", "客户", "单位名称", "客户单位", "提货单位", "购货单位", "收货单位",
            "公司名称", "customer name", "customer", "company", "company name",
        ),
    ),
    Field(
        "customer_code",
        (
            "客户编码", "客户编号", "客户代码", "客户号", "customer code", "customer no",
            "customer id", "customer number",
        ),
    ),
    Field(
        "uscc",
        (
            "统一社会信用代码", "社会信用代码", "信用代码", "uscc", "credit code",
            "unified social credit code",
        ),
    ),
)  # fmt: skip
_PRODUCT = (
    Field(
        "product_name",
        (
            "产品名称", "产品", "品名", "牌号", "产品牌号", "物料名称", "品种", "商品名称",
            "product name", "product", "grade", "material",
        ),
    ),
    Field(
        "product_code",
        (
            "产品编码", "产品编号", "产品代码", "物料编码", "物料号", "product code", "product no",
            "material code",
        ),
    ),
)  # fmt: skip
_UNIT = Field("unit", ("单位", "计量单位", "数量单位", "unit", "units", "uom"))
_BY_CUSTOMER = ("customer_name", "customer_code", "uscc")
_BY_PRODUCT = ("product_name", "product_code")

PICKUPS = Layout(
    BatchKind.PICKUPS,
    (
        *CUSTOMER,
        *_PRODUCT,
        Field(
            "day",
            (
                "提货日期", "日期", "出库日期", "过磅日期", "发货日期", "提货时间", "pick-up date",
                "date", "delivery date", "weighing date",
            ),
        ),
        Field(
            "kg",
            (
                "提货量", "数量", "净重", "实提量", "实提数量", "提货数量", "实际提货量",
                "出库数量", "重量", "吨", "吨数", "吨位", "tonnes", "quantity", "picked up",
                "pick-up quantity", "net weight", "weight", "tonnage",
            ),
            tonnes=True,
        ),
        _UNIT,
        Field("kind", ("类型", "业务类型", "提货类型", "提货/退货", "退货标志", "kind", "type")),
        Field("remark", ("备注", "说明", "remark", "remarks", "note")),
        Field(
            "note_no",
            (
                "提货单号", "单号", "出库单号", "磅单号", "过磅单号", "单据号", "提单号", "note no",
                "note number", "pick-up note", "document no", "ticket no",
            ),
        ),
        Field("warehouse", ("库位", "仓库", "提货仓库", "指定库位", "warehouse", "store")),
        Field("original_day", ("原提货日期", "原出库日期", "original date")),
    ),
    (_BY_CUSTOMER, _BY_PRODUCT, ("day",), ("kg",)),
)  # fmt: skip

PLANS = Layout(
    BatchKind.PLANS,
    (
        *CUSTOMER,
        *_PRODUCT,
        Field("month", ("月份", "计划月份", "计划月", "年月", "month", "plan month", "period")),
        Field(
            "kg",
            (
                "计划量", "确认量", "计划数量", "确认计划量", "月计划量", "确认数量", "分配量",
                "数量", "plan", "planned quantity", "confirmed quantity", "quantity",
            ),
            tonnes=True,
        ),
        Field(
            "short_kg",
            (
                "公司欠供量", "欠供量", "公司原因欠量", "公司少供量", "短供量", "short",
                "company short", "not supplied",
            ),
            tonnes=True,
        ),
        _UNIT,
    ),
    (_BY_CUSTOMER, _BY_PRODUCT, ("month",), ("kg",)),
)  # fmt: skip

_CONTACTS = {
    "principal": ("负责人", "principal"),
    "business": ("业务联系人", "business contact"),
    "finance": ("财务联系人", "finance contact"),
    "pickup": ("提货人", "pick-up contact"),
}
_CONTACT_PARTS = {
    "phone": ("电话", "phone"),
    "title": ("职务", "title"),
    "email": ("邮箱", "email"),
}


def _contact_fields() -> tuple[Field, ...]:
    """Each contact person's name, phone, title and e-mail."""
    found = []
    for kind, (chinese, english) in _CONTACTS.items():
        found.append(Field(kind, (chinese, english)))
        for part, (word, meaning) in _CONTACT_PARTS.items():
            found.append(Field(f"{kind}_{part}", (chinese + word, f"{english} {meaning}")))
    return tuple(found)


CUSTOMERS = Layout(
    BatchKind.CUSTOMERS,
    (
        Field("name", CUSTOMER[0].headings),
        Field("short_name", ("简称", "客户简称", "short name")),
        Field("former_name", ("曾用名", "原名称", "former name")),
        Field("mnemonic", ("助记码", "拼音码", "mnemonic")),
        Field("profile", ("证照类型", "证照情况", "papers", "document profile")),
        Field("uscc", CUSTOMER[2].headings),
        Field("licence15", ("营业执照注册号", "注册号", "营业执照号", "licence number")),
        Field("org9", ("组织机构代码", "机构代码", "organisation code")),
        Field("national_tax_no", ("国税登记证号", "国税号", "national tax number")),
        Field("local_tax_no", ("地税登记证号", "地税号", "local tax number")),
        Field("enterprise_type", ("企业类型", "企业性质", "公司类型", "enterprise type")),
        Field("established_on", ("成立日期", "注册日期", "established on", "established")),
        Field("business_term", ("经营期限", "营业期限", "business term")),
        Field("registered_capital", ("注册资本", "注册资金", "registered capital")),
        Field("legal_person", ("法定代表人", "法人代表", "法人", "legal representative")),
        Field("registered_address", ("注册地址", "住所", "registered address")),
        Field("business_address", ("经营地址", "办公地址", "business address")),
        Field("business_scope", ("经营范围", "business scope")),
        Field("industry", ("所属行业", "行业", "industry")),
        Field("parent_company", ("上级单位", "关联企业", "parent company")),
        Field("bank", ("开户行", "开户银行", "bank")),
        Field("account", ("账号", "银行账号", "帐号", "account", "account number")),
        Field("invoice_address", ("通讯地址", "开票地址", "invoice address")),
        Field("invoice_phone", ("电话", "开票电话", "联系电话", "phone", "invoice phone")),
        Field("taxpayer_kind", ("纳税人类别", "纳税人类型", "taxpayer kind")),
        Field("invoice_type", ("发票类型", "invoice type")),
        Field("credit_note", ("信用情况", "信用评价", "credit note")),
        Field("group", ("产品组", "产品类别", "产品大类", "product group")),
        Field("customer_class", ("客户分类", "客户类别", "客户类型", "class", "customer class")),
        Field("region", ("销售区域", "区域", "region")),
        Field(
            "monthly_kg",
            ("预计月提货量", "预计月用量", "月提货量", "expected monthly take", "monthly take"),
            tonnes=True,
        ),
        Field("purpose", ("拟购产品用途", "用途", "purpose")),
        Field("production", ("生产规模", "production")),
        Field("capacity_kg", ("年产能", "生产能力", "capacity a year", "capacity"), tonnes=True),
        Field("credit", ("资金诚信", "funds and good faith")),
        Field("no_resale", ("不再销售承诺", "承诺不再销售", "no resale")),
        Field("operation", ("经营理念", "sound operation")),
        Field("funds", ("资金实力", "financial strength")),
        Field("reputation", ("市场信誉", "market reputation")),
        Field("ability", ("经营能力", "ability to do business")),
        Field(
            "only_ours", ("只经营本公司产品承诺", "承诺只经营本公司化工产品", "our products only")
        ),
        *_contact_fields(),
        Field("manager_opinion", ("客户经理意见", "意见", "manager's opinion")),
    ),
    (("name",), ("group",), ("customer_class",)),
)
