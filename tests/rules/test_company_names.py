"""What a company's name may be written as elsewhere (C7.1)."""

from __future__ import annotations

import pytest

from chemsales.rules.company_names import other_spellings


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("青岛海科塑料有限公司", "青岛海科塑料有限责任公司", True),
        ("青岛海科塑料有限公司", "山东省青岛市海科塑料股份有限公司", True),
        ("青岛海科塑料有限公司", "江苏青岛海科塑料有限公司", False),
        ("青岛海科塑料有限公司", "海科塑料有限公司", False),
        ("上海石化贸易有限公司", "上海市石化贸易有限公司", True),
        ("山东海科集团有限公司", "山东省海科(集团)有限公司", True),
        ("广西华锦化工有限公司", "广西壮族自治区华锦化工有限公司", False),
        ("南京市江化工有限公司", "南京江化工有限公司", True),
        ("恒力石化", "恒力石化有限公司", False),
        ("acme ltd", "acme", False),
    ],
)
def test_names_that_differ_by_form_or_place_alone(one: str, other: str, same: bool) -> None:
    assert (other in other_spellings(one)) is same


def test_a_name_without_a_trade_name_is_nobodys_else() -> None:
    assert other_spellings("青岛有限公司") == ()
    assert other_spellings("有限公司") == ()
    assert other_spellings("") == ()
