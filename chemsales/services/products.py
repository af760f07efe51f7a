"""Product groups and products."""

from __future__ import annotations

import re
import unicodedata

from chemsales.rules.errors import Conflict, Invalid, NotFound, Problem, Reason
from chemsales.rules.roles import Action
from chemsales.rules.text import clean_line
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.storage.models.dispatch import Office
from chemsales.storage.models.products import Product, ProductGroup

_CODE = re.compile(r"[A-Z0-9][A-Z0-9._/-]{0,19}")


def _code(code: str) -> str:
    """The stored form of a code: half width, upper case; Invalid where it is not one."""
    typed = unicodedata.normalize("NFKC", code).strip().upper()
    if not _CODE.fullmatch(typed):
        raise Invalid(Problem("code", Reason("reason.code_form")))
    return typed


def new_code(model: type[ProductGroup] | type[Product] | type[Office], code: str) -> str:
    """The stored form of a code that none of these has yet; Invalid."""
    stored = _code(code)
    if model.get_or_none(model.code == stored) is not None:
        raise Invalid(Problem("code", Reason("reason.code_taken", {"code": stored})))
    return stored


@use_case(Action.PRODUCT_EDIT)
def add_group(
    op: Operation,
    code: str,
    name: str,
    name_en: str = "",
    polyolefin: bool = False,
    hazardous: bool = False,
) -> str:
    """Add a product group; its stored code (upper case).

    `polyolefin`: its customers have levels (C9.2); `hazardous`: they need a licence for dangerous
    chemicals. Classes are given per group (C3.1).
    """
    stored = new_code(ProductGroup, code)
    ProductGroup.insert(
        code=stored,
        name=clean_line(name, "name", 100),
        name_en=clean_line(name_en, "name_en", 100, required=False),
        polyolefin=polyolefin,
        hazardous=hazardous,
    ).execute()
    op.record(Subject.PRODUCTS, stored, "C3.1")
    return stored


@use_case(Action.PRODUCT_EDIT)
def add_product(op: Operation, code: str, name: str, group_code: str, name_en: str = "") -> str:
    """Add a product (牌号) to a group; its stored code in upper case. NotFound: no such group."""
    stored = new_code(Product, code)
    if ProductGroup.get_or_none(ProductGroup.code == group_code) is None:
        raise NotFound(Reason("reason.group_unknown", {"group": group_code}))
    Product.insert(
        code=stored,
        name=clean_line(name, "name", 100),
        name_en=clean_line(name_en, "name_en", 100, required=False),
        group_code=group_code,
    ).execute()
    op.record(Subject.PRODUCTS, stored, "C3.1")
    return stored


@use_case(Action.PRODUCT_EDIT)
def set_active(
    op: Operation, code: str, active: bool, seen_version: int, group: bool = False
) -> None:
    """Offer a product (or, with `group`, a product group) for new records, or no longer; it stays.

    NotFound for an unknown code, Conflict for a stale version.
    """
    model = ProductGroup if group else Product
    if model.get_or_none(model.code == code) is None:
        raise NotFound(Reason("reason.product_unknown", {"code": code}))
    touched = (
        model.update(active=active, version=model.version + 1)
        .where((model.code == code) & (model.version == seen_version))
        .execute()
    )
    if touched != 1:
        raise Conflict(Reason("reason.changed_elsewhere", {"what": code}))
    op.record(Subject.PRODUCTS, code, active=active)
