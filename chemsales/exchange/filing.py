"""A filing as the workbook that goes to the parent sales department (C8.3).

Its headings and words are the format itself, not the catalogue's: the same batch gives the same
bytes in every language, on every machine, in every later edition of the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from chemsales.exchange.table import Sheet, Value, workbook
from chemsales.rules.filing import PARENT, Batch

FORMAT = "1"
_FACTS = {
    "name": "客户名称", "short_name": "简称", "former_name": "曾用名", "profile": "资质材料",
    "uscc": "统一社会信用代码", "licence15": "营业执照号", "org9": "组织机构代码",
    "national_tax_no": "国税登记证号", "local_tax_no": "地税登记证号",
    "enterprise_type": "企业类型", "established_on": "成立日期", "business_term": "经营期限",
    "registered_capital": "注册资本", "legal_person": "法定代表人",
    "registered_address": "注册地址", "business_address": "经营地址", "business_scope": "经营范围",
    "industry": "所属行业", "parent_company": "上级单位或关联企业", "bank": "开户行",
    "account": "账号", "invoice_address": "开票地址", "invoice_phone": "开票电话",
    "taxpayer_kind": "纳税人类别", "invoice_type": "发票类型",
}  # fmt: skip
_WORDS = {
    "merged": "三证合一执照", "legacy": "旧版证照", "accredited": "已准入", "suspended": "暂停",
    "disqualified": "已取消资格", "direct": "直销客户", "agent": "独家代理商", "dealer": "经销商",
    "principal": "负责人", "business": "业务联系人", "finance": "财务联系人", "pickup": "提货人",
    "business_licence": "营业执照", "hazardous_licence": "危险化学品许可证",
    "national_tax": "国税登记证", "local_tax": "地税登记证",
    "organisation_code": "组织机构代码证",
}  # fmt: skip
_WHOSE = ("客户编码", "客户名称")


def export(batch: Batch) -> bytes:
    """The workbook of a batch, byte for byte the same whenever it is asked for again."""
    made_on = date.fromisoformat(batch.made_on)
    return workbook((_cover(batch), *_sheets(batch)), made_on)


def digest(data: bytes) -> str:
    """What is kept of an export, to hold later ones against."""
    return hashlib.sha256(data).hexdigest()


def _cover(batch: Batch) -> Sheet:
    lines: tuple[tuple[str, Value], ...] = (
        ("备案批次", batch.number),
        ("报送单位", batch.company),
        ("接收单位", PARENT),
        ("备案日期", batch.made_on),
        ("经办人", batch.made_by),
        ("客户数", len(batch.customers)),
        ("制度版本", batch.edition),
        ("依据", "《化工品客户管理办法》第八条"),
        ("格式版本", FORMAT),
    )
    return Sheet("备案批次", ("项目", "内容"), lines)


def _sheets(batch: Batch) -> Iterator[Sheet]:
    files = [filed.file for filed in batch.customers]
    customers = [
        (
            filed.file["code"], filed.version, _word(filed.file["status"]),
            filed.file["accredited_on"], filed.file["manager_name"],
            *(_fact(filed.file["facts"], name) for name in _FACTS),
        )
        for filed in batch.customers
    ]  # fmt: skip
    heads = ("客户编码", "档案版本", "状态", "准入日期", "客户经理", *_FACTS.values())
    yield Sheet("客户", heads, customers)
    for title, part, columns in (
        ("客户分类", "classes", {"group_code": "产品组编码", "group_name": "产品组",
                                "customer_class": "类别", "region": "区域",
                                "from_day": "起始日期"}),
        ("联系人", "contacts", {"kind": "类型", "name": "姓名", "title": "职务", "phone": "电话",
                               "email": "邮箱"}),
        ("证照", "papers", {"kind": "证照", "number": "编号", "issuer": "发证机关",
                           "valid_from": "有效期起", "valid_to": "有效期止", "long_term": "长期",
                           "label": "扫描件", "sha256": "扫描件 SHA-256"}),
    ):  # fmt: skip
        yield Sheet(title, (*_WHOSE, *columns.values()), _lines(files, part, tuple(columns)))


def _fact(facts: Mapping[str, str], name: str) -> str:
    return _word(facts[name]) if name == "profile" else facts[name]


def _lines(
    files: list[Mapping[str, Any]], part: str, columns: tuple[str, ...]
) -> list[tuple[Value, ...]]:
    return [
        (file["code"], file["facts"]["name"], *(_shown(line, column) for column in columns))
        for file in files
        for line in file[part]
    ]


def _shown(line: Mapping[str, Any], column: str) -> Value:
    if column == "long_term":
        return "是" if line[column] else "否"
    if column in ("kind", "customer_class"):
        return _word(line[column])
    return str(line[column] or "")


def _word(value: object) -> str:
    return _WORDS.get(str(value), str(value))
