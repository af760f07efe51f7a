"""Drawings that stand for scanned papers in the sample: title, facts, seal, SAMPLE across."""

from __future__ import annotations

import io
import time
from functools import cache
from typing import TYPE_CHECKING

from chemsales.config import resource
from chemsales.demo.customers import SampleCustomer
from chemsales.rules.customer import CustomerFacts, DocumentKind

if TYPE_CHECKING:
    from PIL import Image, ImageFont

SIZE = (760, 1060)
RED, BLACK, PALE, PAPER = 3, 2, 1, 0
PALETTE = [255, 253, 246, 226, 222, 210, 40, 40, 40, 190, 30, 30]
TITLES = {
    DocumentKind.BUSINESS_LICENCE: "营业执照",
    DocumentKind.NATIONAL_TAX: "税务登记证（国税）",
    DocumentKind.LOCAL_TAX: "税务登记证（地税）",
    DocumentKind.ORGANISATION_CODE: "组织机构代码证",
    DocumentKind.INVOICE_DATA: "开票资料",
    DocumentKind.HAZARDOUS_LICENCE: "危险化学品经营许可证",
}


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    path = resource("fonts", "NotoSansSC_400Regular.ttf")
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _lines(kind: DocumentKind, facts: CustomerFacts, valid: str) -> list[tuple[str, str]]:
    if kind is DocumentKind.INVOICE_DATA:
        return [
            ("名称", facts.name), ("税号", facts.uscc or facts.national_tax_no),
            ("开户行", facts.bank), ("账号", facts.account), ("地址", facts.invoice_address),
            ("电话", facts.invoice_phone),
        ]  # fmt: skip
    numbers = {
        DocumentKind.NATIONAL_TAX: facts.national_tax_no,
        DocumentKind.LOCAL_TAX: facts.local_tax_no,
        DocumentKind.ORGANISATION_CODE: facts.org9,
    }
    number = numbers.get(kind) or facts.uscc or facts.licence15
    return [
        ("代码", number), ("名称", facts.name), ("类型", facts.enterprise_type),
        ("法定代表人", facts.legal_person), ("注册资本", facts.registered_capital),
        ("成立日期", facts.established_on), ("住所", facts.registered_address), ("有效期", valid),
    ]  # fmt: skip


def draw(kind: DocumentKind, facts: CustomerFacts, valid: str) -> Image.Image:
    """The picture of one paper; `valid` is the text of its term."""
    from PIL import Image, ImageDraw

    image = Image.new("P", SIZE, PAPER)
    image.putpalette(PALETTE)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    pen.rectangle((24, 24, SIZE[0] - 24, SIZE[1] - 24), outline=RED, width=4)
    pen.rectangle((34, 34, SIZE[0] - 34, SIZE[1] - 34), outline=RED, width=1)
    pen.text((SIZE[0] // 2, 130), TITLES[kind], fill=BLACK, font=_font(52), anchor="mm")
    pen.text((SIZE[0] // 2, 620), "样本 SAMPLE", fill=PALE, font=_font(96), anchor="mm")
    for place, (label, value) in enumerate(_lines(kind, facts, valid)):
        top = 230 + place * 66
        pen.text((80, top), label, fill=RED, font=_font(24))
        for row in range(0, max(1, len(value)), 20):
            pen.text((230, top + row // 20 * 30), value[row : row + 20], fill=BLACK, font=_font(24))
    pen.ellipse((520, 830, 680, 990), outline=RED, width=5)
    pen.text((600, 910), "样章", fill=RED, font=_font(40), anchor="mm")
    pen.text((80, 960), "虚构企业，仅供演示", fill=BLACK, font=_font(20))
    return image


def valid_text(kind: DocumentKind, customer: SampleCustomer) -> str:
    """The term of a paper as it stands on it: only business licences end."""
    last = customer.licence_to if kind is DocumentKind.BUSINESS_LICENCE else None
    return "长期" if last is None else f"至 {last.isoformat()}"


def png(kind: DocumentKind, customer: SampleCustomer) -> bytes:
    """One paper of a customer as a PNG file."""
    return _saved(draw(kind, customer.draft.facts, valid_text(kind, customer)), "PNG")


def pdf(kind: DocumentKind, customer: SampleCustomer) -> bytes:
    """One paper of a customer as a PDF file of one picture."""
    fixed = time.struct_time((2026, 9, 30, 0, 0, 0, 2, 273, 0))
    image = draw(kind, customer.draft.facts, valid_text(kind, customer)).convert("L")
    return _saved(image, "PDF", resolution=92.0, creationDate=fixed, modDate=fixed)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
