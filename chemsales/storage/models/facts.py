"""The facts of a customer as columns, the same on an application and on the customer's file."""

from __future__ import annotations

from chemsales.storage.fields import KilogramField, NameField
from chemsales.storage.models.base import Table


class Facts(Table):
    """Columns of chemsales.rules.customer.CustomerFacts (C7.1, F1)."""

    name = NameField(default="")
    short_name = NameField(default="")
    former_name = NameField(default="")
    mnemonic = NameField(default="")
    profile = NameField(default="")
    uscc = NameField(default="")
    licence15 = NameField(default="")
    org9 = NameField(default="")
    national_tax_no = NameField(default="")
    local_tax_no = NameField(default="")
    enterprise_type = NameField(default="")
    established_on = NameField(default="")
    business_term = NameField(default="")
    registered_capital = NameField(default="")
    legal_person = NameField(default="")
    registered_address = NameField(default="")
    business_address = NameField(default="")
    business_scope = NameField(default="")
    industry = NameField(default="")
    parent_company = NameField(default="")
    bank = NameField(default="")
    account = NameField(default="")
    invoice_address = NameField(default="")
    invoice_phone = NameField(default="")
    taxpayer_kind = NameField(default="")
    invoice_type = NameField(default="")
    credit_note = NameField(default="")
    code_override = NameField(default="")


class Answers(Table):
    """Columns of the answers to the conditions of a class (rules.admission, C10.2, C10.3)."""

    production = NameField(default="")
    capacity_kg = KilogramField(default=0)
    credit = NameField(default="")
    no_resale = NameField(default="")
    operation = NameField(default="")
    funds = NameField(default="")
    reputation = NameField(default="")
    ability = NameField(default="")
    only_ours = NameField(default="")
