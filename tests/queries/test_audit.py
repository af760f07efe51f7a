"""The events list: newest first, filtered, paged; what each one changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chemsales.queries import audit
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import products
from chemsales.services.session import Session

AsRole = Callable[..., Session]


def test_events_carry_who_what_and_the_rows_they_changed(ready: str, as_role: AsRole) -> None:
    done = products.add_group(as_role(Role.SALES_HEAD), "XX", "新组", "New group")
    auditor = as_role(Role.AUDITOR).actor
    newest = audit.events(auditor)[0]
    assert (newest.key, newest.who, newest.name, newest.outcome) == (
        done.event, "sales", "王芳", "done",
    )  # fmt: skip
    assert (newest.use_case, newest.subject, newest.subject_id) == (
        "products.add_group", "products", "XX",
    )  # fmt: skip
    (change,) = audit.changes(auditor, newest.key)
    assert (change.table, change.row_key, change.action, change.old) == (
        "product_group", "XX", "INSERT", None,
    )  # fmt: skip
    assert change.new is not None and change.new["name"] == "新组"
    assert audit.last_event("products", "XX") == newest.number
    assert audit.last_event("products", "YY") == 0


def test_refusals_are_events_with_their_reasons(ready: str, as_role: AsRole) -> None:
    with pytest.raises(NotAllowed):
        products.add_group(as_role(Role.FINANCE), "XX", "新组")
    with pytest.raises(Invalid):
        products.add_group(as_role(Role.SALES_HEAD), "??", "新组")
    auditor = as_role(Role.AUDITOR).actor
    refused = audit.events(auditor, outcome="refused")
    assert [(event.who, event.reasons[0].code) for event in refused] == [
        ("sales", "reason.code_form"),
        ("finance", "reason.role_lacks_action"),
    ]
    assert audit.changes(auditor, refused[0].key) == []


def test_filters_and_pages(ready: str, as_role: AsRole) -> None:
    for number in range(5):
        products.add_group(as_role(Role.SALES_HEAD), f"G{number}", f"第{number}组")
    auditor = as_role(Role.AUDITOR).actor
    first = audit.events(auditor, who="sales", limit=2)
    second = audit.events(auditor, who="sales", limit=2, before=first[-1].number)
    assert [event.subject_id for event in first + second] == ["G4", "G3", "G2", "G1"]
    assert [event.subject_id for event in audit.events(auditor, subject_id="G2")] == ["G2"]
    assert audit.events(auditor, who="gm") == []


def test_only_administrators_and_auditors_read_it(ready: str, as_role: AsRole) -> None:
    with pytest.raises(NotAllowed):
        audit.events(as_role(Role.GENERAL_MANAGER).actor)
    with pytest.raises(NotAllowed):
        audit.changes(as_role(Role.ACCOUNT_MANAGER).actor, "x")
