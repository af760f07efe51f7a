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
